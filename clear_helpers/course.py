"""The course's own files: the syllabus, and where each week keeps its parts.

Everything that needs to know which weeks there are, or where a week's notebook,
assignment or exemplar lives, asks here; no other module joins these paths.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from clear_helpers.notices import Notice

SEED_FACT = r"^[A-EXZ]\d{2,3}$"
WEEKS_IN_COURSE = 24


class CourseError(Notice):
    """A course file is missing or wrong; the message says which, where, and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phase(_Strict):
    """One of the four phases of a CLEAR project."""

    number: int = Field(ge=1, le=4)
    slug: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    title: str

    @property
    def folder(self) -> str:
        """Folder under ``weeks/``, such as ``2-data-visualisation``."""
        return f"{self.number}-{self.slug}"


class Minutes(_Strict):
    """Minutes an Associate is expected to spend, by part of the week."""

    workbook: int = Field(ge=30, le=240)
    assignment: int = Field(ge=30, le=240)


class Artefact(_Strict):
    """What a week writes to the portfolio."""

    name: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    description: str


class Week(_Strict):
    """One week of the syllabus."""

    number: int = Field(ge=1, le=WEEKS_IN_COURSE)
    phase: int = Field(ge=1, le=4)
    slug: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    title: str
    question: str = Field(pattern=r"\?$")
    outcomes: list[str] = Field(min_length=3, max_length=4)
    methods: list[str] = Field(min_length=1)
    tables: list[str]
    minutes: Minutes
    artefact: Artefact
    reads: list[int] = []
    gate: Literal[1, 2, 3, 4] | None = None
    seeds: list[Annotated[str, Field(pattern=SEED_FACT)]] = Field(min_length=1)

    @property
    def name(self) -> str:
        """Folder, notebook and assignment name, such as ``week10-signals-and-variation``."""
        return f"week{self.number:02d}-{self.slug}"


class Syllabus(_Strict):
    """The one list of the 24 weeks."""

    phases: list[Phase] = Field(min_length=4, max_length=4)
    weeks: list[Week] = Field(min_length=WEEKS_IN_COURSE, max_length=WEEKS_IN_COURSE)

    @model_validator(mode="after")
    def _numbered_in_order(self) -> Syllabus:
        if [week.number for week in self.weeks] != list(range(1, WEEKS_IN_COURSE + 1)):
            raise ValueError("weeks must be numbered 1 to 24, in order")
        for week in self.weeks:
            if any(earlier >= week.number for earlier in week.reads):
                raise ValueError(f"week {week.number} reads an artefact that comes later")
        return self


def explain(error: ValidationError) -> str:
    """The first few problems of a pydantic error, one a line, as *where: what*."""
    lines = []
    for problem in error.errors()[:5]:
        where = " → ".join(str(part) for part in problem["loc"]) or "the file as a whole"
        lines.append(f"  {where}: {problem['msg']} (found {str(problem['input'])[:60]!r})")
    return "\n".join(lines)


class Course:
    """A folder that holds the course: the repository, or an Associate's bundle.

    Parameters
    ----------
    root
        The folder that holds ``course/syllabus.yml`` and ``weeks/``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def syllabus(self) -> Syllabus:
        """The syllabus, checked against its schema.

        Raises
        ------
        CourseError
            If the file is missing, is not YAML, or breaks the schema.
        """
        path = self.root / "course" / "syllabus.yml"
        try:
            return Syllabus.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise CourseError(f"{path}: not found. Is this the course folder?") from None
        except yaml.YAMLError as error:
            raise CourseError(f"{path}: not readable as YAML: {error}") from None
        except ValidationError as error:
            raise CourseError(f"{path} breaks the syllabus schema:\n{explain(error)}") from None

    def week(self, which: int | str) -> Week:
        """A week by number (10) or by name (``week10``, ``week10-signals-and-variation``).

        Raises
        ------
        CourseError
            If there is no such week.
        """
        digits = re.fullmatch(r"(?:week)?0*(\d+)(?:-[a-z-]+)?", str(which))
        number = int(digits.group(1)) if digits else 0
        if not 1 <= number <= WEEKS_IN_COURSE:
            raise CourseError(f"There is no week {which!r}: weeks are numbered 1 to 24.")
        return self.syllabus.weeks[number - 1]

    def weeks(self, text: str | None = None) -> list[Week]:
        """Weeks named by ``3``, ``1-6`` or ``1,10,17``; all of them when there is no text.

        Raises
        ------
        CourseError
            If the text names no week or reads backwards.
        """
        if not text:
            return list(self.syllabus.weeks)
        chosen: set[int] = set()
        for part in text.split(","):
            span = re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", part)
            if not span:
                raise CourseError(f"{part!r} is not a week: write 3, 1-6 or 1,10,17.")
            first, last = int(span[1]), int(span[2] or span[1])
            if first > last:
                raise CourseError(f"{part.strip()!r} runs backwards: write {last}-{first}.")
            chosen.update(range(first, last + 1))
        return [self.week(number) for number in sorted(chosen)]

    def phase(self, week: Week) -> Phase:
        """The phase a week belongs to."""
        return self.syllabus.phases[week.phase - 1]

    def folder(self, week: Week) -> Path:
        """The week's folder under ``weeks/``: the workbook and its practice questions."""
        return self.root / "weeks" / self.phase(week).folder / week.name

    def workbook(self, week: Week) -> Path:
        """The week's workbook notebook."""
        return self.folder(week) / f"{week.name}.ipynb"

    def source(self, week: Week) -> Path:
        """The instructor version of the week's assignment (faculty only)."""
        return self.root / "course" / "source" / week.name / f"{week.name}.ipynb"

    def misconceptions(self, week: Week) -> Path:
        """Wrong answers that must lose marks, and other right answers (faculty only)."""
        return self.root / "course" / "misconceptions" / f"{week.name}.yml"

    def comments(self, week: Week) -> Path:
        """Rubric and comment bank for the week's reflection (faculty only)."""
        return self.root / "course" / "comments" / f"{week.name}.yml"

    def exemplar(self, week: Week) -> Path:
        """A finished artefact of the week, for whoever missed it."""
        return self.root / "course" / "exemplars" / f"week{week.number:02d}.json"

    def written(self) -> list[Week]:
        """The weeks whose workbook exists."""
        return [week for week in self.syllabus.weeks if self.workbook(week).exists()]


def find_course(start: Path | None = None) -> Course:
    """The course that a folder belongs to.

    Looks in ``start`` (by default the ``CLEAR_COURSE`` environment variable, then the
    working directory) and upwards, and last in the folder that holds this package.

    Raises
    ------
    CourseError
        If none of these holds ``course/syllabus.yml``.
    """
    begin = (start or Path(os.environ.get("CLEAR_COURSE") or Path.cwd())).resolve()
    for folder in [begin, *begin.parents, Path(__file__).resolve().parents[1]]:
        if (folder / "course" / "syllabus.yml").exists():
            return Course(folder)
    raise CourseError(
        f"{begin} is not inside the course folder (the one that holds course/syllabus.yml). "
        "Change to that folder and try again."
    )
