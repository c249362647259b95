"""From the instructor version of an assignment to the one Associates open.

An instructor version is a notebook under ``course/source``. Its graded cells are named

- ``w10_t3`` (or ``w10_t3_…``) for task 3: one solution cell, then one or more locked test
  cells that carry its marks;
- ``w10_r`` (or ``w10_r…``) for the reflection, marked by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clear_helpers.classroom.faculty.nbgrader_runs import (
    NbgraderError,
    check,
    grading_folder,
    nbgrader_for,
)
from clear_helpers.classroom.faculty.seeds import faculty_seeds
from clear_helpers.course import Course, Week
from clear_helpers.files import write_text
from clear_helpers.notices import Notice

AUTOGRADED_MARKS = 12
REFLECTION_MARKS = 8

_MARKS = ("SOLUTION", "HIDDEN TESTS")
_NEVER_RELEASED = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "hidden_pcns")


class AssignmentError(Notice):
    """An assignment cannot be released; the message lists what is wrong, cell by cell."""


@dataclass(frozen=True)
class GradedCell:
    """A cell that nbgrader knows by name.

    Attributes
    ----------
    at
        Position in the notebook, from 0.
    name
        Its ``grade_id``.
    task
        ``t1``, ``t2``, … for the cells of a task; ``r`` for the reflection; else ``""``.
    kind
        ``solution``, ``test``, ``reflection`` or ``locked``.
    points
        Marks; 0 for cells that carry none.
    source
        Its text.
    """

    at: int
    name: str
    task: str
    kind: str
    points: float
    source: str


def graded_cells(notebook: Any, week: Week) -> list[GradedCell]:
    """The graded, solution and locked cells of an assignment, in order."""
    found = []
    for at, cell in enumerate(notebook.cells):
        marks = cell.metadata.get("nbgrader")
        if not isinstance(marks, dict):
            continue
        grade, solution = bool(marks.get("grade")), bool(marks.get("solution"))
        if not (grade or solution or marks.get("locked")):
            continue
        if grade:
            kind = "reflection" if solution else "test"
        else:
            kind = "solution" if solution else "locked"
        name = str(marks.get("grade_id", ""))
        part = re.fullmatch(rf"w{week.number:02d}_(t[1-9]\d?|r(?=\d|_|eflection|$)).*", name)
        task = part[1] if part else ""
        points = float(marks.get("points", 0)) if grade else 0.0
        found.append(GradedCell(at, name, task, kind, points, cell.source))
    return found


def read_notebook(path: Path) -> Any:
    """A notebook, checked against the notebook format.

    Raises
    ------
    AssignmentError
        If the file is missing or is not a valid notebook.
    """
    import nbformat  # two seconds, so only when it is needed

    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except FileNotFoundError:
        raise AssignmentError(f"{path}: not found. Has this assignment been written?") from None
    except Exception as error:
        first = str(error).strip().splitlines()[0]
        raise AssignmentError(f"{path}: not a valid notebook: {first}") from None
    return notebook


def source_problems(course: Course, week: Week) -> list[str]:
    """What keeps an instructor version from being released; empty when nothing does.

    Raises
    ------
    AssignmentError
        If the notebook is missing or not valid.
    """
    notebook = read_notebook(course.source(week))
    cells = graded_cells(notebook, week)
    problems = [*_naming(cells, week), *_marks_and_tasks(cells), *_versions(notebook)]
    named = {cell.at: cell for cell in cells}
    for at, cell in enumerate(notebook.cells):
        problems += _marked_regions(at, cell, named.get(at))
    return problems


def _naming(cells: list[GradedCell], week: Week) -> list[str]:
    pattern, problems, seen = rf"w{week.number:02d}_[a-z0-9_]+", [], set()
    for cell in cells:
        where = f"cell {cell.at + 1} ({cell.name or 'no grade_id'})"
        if not re.fullmatch(pattern, cell.name):
            problems.append(f"{where}: name it in the form w{week.number:02d}_t3.")
        if cell.name in seen:
            problems.append(f"{where}: this grade_id is used twice; give each cell its own.")
        if cell.kind != "locked" and not cell.task:
            problems.append(f"{where}: the name says no task (t1, t2, …) and no reflection (r).")
        seen.add(cell.name)
    return problems


def _marks_and_tasks(cells: list[GradedCell]) -> list[str]:
    problems = []
    for kind, wanted in (("test", AUTOGRADED_MARKS), ("reflection", REFLECTION_MARKS)):
        total = sum(cell.points for cell in cells if cell.kind == kind)
        if total != wanted:
            problems.append(f"the {kind} cells carry {total:g} marks; they must carry {wanted}.")
    for task in dict.fromkeys(c.task for c in cells if c.kind in ("solution", "test")):
        solutions = [c.at for c in cells if c.task == task and c.kind == "solution"]
        tests = [c.at for c in cells if c.task == task and c.kind == "test"]
        if len(solutions) != 1 or not tests:
            problems.append(
                f"task {task}: found {len(solutions)} solution cell(s) and {len(tests)} test "
                "cell(s); a task has one solution cell and at least one test cell."
            )
        elif min(tests) < solutions[0]:
            problems.append(f"task {task}: a test cell stands before the solution cell.")
    return problems


def _versions(notebook: Any) -> list[str]:
    return [
        f"cell {at}: nbgrader metadata is not schema version 3; open it in JupyterLab's "
        "Create Assignment panel and save."
        for at, cell in enumerate(notebook.cells, start=1)
        if cell.metadata.get("nbgrader", {}).get("schema_version", 3) != 3
    ]


def _marked_regions(at: int, cell: Any, named: GradedCell | None) -> list[str]:
    where = f"cell {at + 1}" + (f" ({named.name})" if named else "")
    problems = []
    for mark in _MARKS:
        found = re.findall(rf"(BEGIN|END) {mark}", cell.source)
        if found != ["BEGIN", "END"] * (len(found) // 2):
            problems.append(f"{where}: BEGIN {mark} and END {mark} are not in pairs.")
        kind = "solution" if mark == "SOLUTION" else "test"
        if found and (named is None or named.kind != kind):
            problems.append(f"{where}: {mark} marks belong in a {kind} cell.")
    if named and named.kind == "solution" and "BEGIN SOLUTION" not in cell.source:
        problems.append(f"{where}: no BEGIN SOLUTION, so the whole cell would be taken away.")
    if "hidden_pcns" in re.sub(r"(?s)BEGIN HIDDEN TESTS.*?END HIDDEN TESTS", "", cell.source):
        problems.append(f"{where}: hidden_pcns may only be used between hidden-test marks.")
    return problems


def released_path(course: Course, week: Week) -> Path:
    """Where nbgrader puts the released assignment."""
    return grading_folder(course) / "release" / week.name / f"{week.name}.ipynb"


def release(course: Course, week: Week, out: Path | None = None) -> Path:
    """Make the Associates' version of an assignment, with nbgrader, and check it.

    Parameters
    ----------
    course, week
        Which assignment.
    out
        A folder to copy it to as well, as ``<week name>/<week name>.ipynb``.

    Returns
    -------
    Path
        The released notebook: the copy under ``out`` if there is one.

    Raises
    ------
    AssignmentError
        If the instructor version has problems, nbgrader refuses it, or anything secret
        would be released.
    """
    import nbformat

    problems = source_problems(course, week)
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise AssignmentError(f"{course.source(week)} cannot be released:\n{listed}")
    faculty_seeds(course)
    try:
        with nbgrader_for(course) as nbgrader:
            check(nbgrader.generate_assignment(week.name))
    except NbgraderError as error:
        raise AssignmentError(
            f"{course.source(week)}: nbgrader did not make the release: {error}"
        ) from None
    path = released_path(course, week)
    notebook = read_notebook(path)
    leaks = release_leaks(notebook, read_notebook(course.source(week)))
    if leaks:
        path.unlink()
        raise AssignmentError(f"{path} was not kept, because it holds " + "; ".join(leaks))
    # So that an Associate's submission can be checked without the instructor version.
    notebook.metadata["assignment"] = {
        "week": week.number,
        "cells": {cell.name: cell.kind for cell in graded_cells(notebook, week)},
    }
    text = nbformat.writes(notebook) + "\n"
    write_text(path, text)
    if out is None:
        return path
    copy = out / week.name / path.name
    write_text(copy, text)
    return copy


def hidden_lines(source: Any, *, tests_only: bool = False, shortest: int = 12) -> set[str]:
    """Lines of an instructor version that no Associate may see: its canaries.

    Parameters
    ----------
    source
        The instructor version.
    tests_only
        Leave out solutions: a workbook may teach what a solution does.
    shortest
        Leave out lines of fewer characters, which may stand anywhere.

    Returns
    -------
    set of str
        Lines without the space around them, less imports and those that also stand in
        the open somewhere in the notebook.
    """
    marks = "HIDDEN TESTS" if tests_only else "SOLUTION|HIDDEN TESTS"
    secret: set[str] = set()
    shown: set[str] = set()
    for cell in source.cells:
        hidden = False
        for line in map(str.strip, cell.source.splitlines()):
            if re.search(rf"BEGIN ({marks})", line):
                hidden = True
            elif re.search(rf"END ({marks})", line):
                hidden = False
            elif len(line) >= shortest and not re.match(r"(from|import)\b", line):
                (secret if hidden else shown).add(line)
    return secret - shown


def release_leaks(released: Any, source: Any) -> list[str]:
    """What a released notebook must not hold and does, in words."""
    leaks = []
    canaries = hidden_lines(source)
    for at, cell in enumerate(released.cells, start=1):
        leaks += [f"{word!r} in cell {at}" for word in _NEVER_RELEASED if word in cell.source]
        lines = {line.strip() for line in cell.source.splitlines()}
        leaks += [f"a hidden line in cell {at}: {line!r}" for line in sorted(lines & canaries)]
        if cell.get("outputs") or cell.get("execution_count"):
            leaks.append(f"an output in cell {at}")
    return leaks
