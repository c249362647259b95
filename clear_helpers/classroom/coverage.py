"""Which systems of the source documents the course covers today, and whether that is true.

``course/seed_systems.yml`` lists each system with the tasks, artefacts and workbooks that
cover it. This module reads the list and looks behind every claim marked ``done``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from clear_helpers.course import SEED_FACT, WEEKS_IN_COURSE, Course, CourseError, explain

WeekNumber = Annotated[int, Field(ge=1, le=WEEKS_IN_COURSE)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cover(_Strict):
    """One part of the course that covers a system, or will.

    ``name`` is a task such as ``w10_t1`` (its ``grade_id``, or how that begins), the name of
    an artefact, or, for a week, words that stand in its workbook.
    """

    week: WeekNumber
    kind: Literal["task", "artefact", "week"]
    name: str = Field(min_length=3)
    done: bool


class SeedSystem(_Strict):
    """One system of the source documents."""

    name: str = Field(min_length=3)
    seeds: list[Annotated[str, Field(pattern=SEED_FACT)]] = Field(min_length=1)
    weeks: list[WeekNumber] = Field(min_length=1)
    covered_by: list[Cover] = Field(min_length=1)


def systems(course: Course) -> list[SeedSystem]:
    """The systems listed in ``course/seed_systems.yml``, in the file's order.

    Raises
    ------
    CourseError
        If the file is missing, is not YAML, or breaks the schema.
    """
    path = course.root / "course" / "seed_systems.yml"
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[SeedSystem]).validate_python(listed)
    except FileNotFoundError:
        raise CourseError(f"{path}: not found. Only the faculty's copy holds it.") from None
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not readable as YAML: {error}") from None
    except ValidationError as error:
        raise CourseError(f"{path} breaks its schema:\n{explain(error)}") from None


def undone(course: Course) -> dict[str, list[Cover]]:
    """What is still to be written, by system; a system that is wholly covered is left out.

    Raises
    ------
    CourseError
        As :func:`systems`.
    """
    waiting = {s.name: [cover for cover in s.covered_by if not cover.done] for s in systems(course)}
    return {name: covers for name, covers in waiting.items() if covers}


def problems(course: Course) -> list[str]:
    """What ``course/seed_systems.yml`` claims and the course does not bear out.

    Returns
    -------
    list of str
        One line a problem, naming the system, the week and what is missing; empty when
        every claim holds.

    Raises
    ------
    CourseError
        As :func:`systems`, or if the syllabus is wrong.
    """
    found = []
    listed = systems(course)
    for name in sorted({s.name for s in listed if [t.name for t in listed].count(s.name) > 1}):
        found.append(f"{name}: listed more than once")
    for system in listed:
        if missing := sorted(set(system.weeks) ^ {cover.week for cover in system.covered_by}):
            found.append(f"{system.name}: weeks and covered_by disagree about {missing}")
        taught = {fact for number in system.weeks for fact in course.week(number).seeds}
        if untaught := sorted(set(system.seeds) - taught):
            found.append(f"{system.name}: none of its weeks has {', '.join(untaught)} as a seed")
        for cover in system.covered_by:
            if complaint := _complaint(course, cover):
                found.append(f"{system.name}, week {cover.week}: {complaint}")
    return found


def _complaint(course: Course, cover: Cover) -> str | None:
    """Why one cover cannot be as the file says, or None."""
    week = course.week(cover.week)
    if cover.kind == "artefact" and cover.name != week.artefact.name:
        return f"writes {week.artefact.name!r}, not {cover.name!r}"
    if not cover.done:
        return None
    path = course.source(week) if cover.kind == "task" else course.workbook(week)
    where = path.relative_to(course.root)
    if not path.exists():
        return f"{cover.name!r} is marked done, but {where} does not exist"
    cells = _cells(path)
    if cover.kind == "task":
        held = any(_is_graded(cell["metadata"].get("nbgrader", {}), cover.name) for cell in cells)
    elif cover.kind == "artefact":
        held = any(
            cover.name in "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"
        )
    else:
        held = any(cover.name.lower() in "".join(cell["source"]).lower() for cell in cells)
    return None if held else f"{cover.name!r} is marked done, but {where} does not hold it"


def _is_graded(mark: dict[str, Any], task: str) -> bool:
    """Whether nbgrader gives marks for this cell as part of a task (w10_t1, w10_t1_tests)."""
    name = str(mark.get("grade_id", ""))
    return bool(mark.get("grade")) and (name == task or name.startswith(f"{task}_"))


def _cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook file."""
    try:
        return list(json.loads(path.read_text(encoding="utf-8"))["cells"])
    except (json.JSONDecodeError, KeyError, TypeError):
        raise CourseError(f"{path} is not a notebook. Restore it and try again.") from None
