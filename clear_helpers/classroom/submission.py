"""An Associate's side: handing in an assignment, and seeing what is next."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clear_helpers.course import Course, Week
from clear_helpers.files import whole_file
from clear_helpers.notices import Notice

LARGEST_NOTEBOOK = 5_000_000
"""Bytes; an assignment without outputs is a hundred times smaller."""

STUDENT_ID = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,38}[A-Za-z0-9])?"
TIME_FORMAT = "%Y%m%dT%H%M%SZ"

# A path that exists on one computer only: C:\…, /home/…, /Users/…
_OWN_PATH = re.compile(
    r"(?<![\w/:.])(?:[A-Za-z]:[\\/]|/(?:home|Users|mnt|media|root|tmp)/)[^\s'\"]*"
)


class SubmissionError(Notice):
    """A submission cannot be handed in or taken; the message says why and what to do."""


@dataclass(frozen=True)
class WeekProgress:
    """Where a team is with one week.

    Attributes
    ----------
    week, name, title
        Which week.
    written
        Whether the course has a workbook for it yet.
    artefact
        Whether the team's artefact is in the portfolio.
    next
        Whether this is the first week to do next.
    """

    week: int
    name: str
    title: str
    written: bool
    artefact: bool
    next: bool


def assignment_path(course: Course, week: Week) -> Path:
    """Where an Associate works on a week's assignment."""
    return course.root / "assignments" / week.name / f"{week.name}.ipynb"


def submit(
    course: Course,
    week: Week,
    student: str,
    workbook: Path | None = None,
    *,
    out: Path | None = None,
) -> Path:
    """Check an Associate's assignment and put it in a zip to hand in.

    Parameters
    ----------
    course, week
        Which assignment.
    student
        The Associate's id: letters, digits, dots and hyphens.
    workbook
        The notebook; by default the one in ``assignments/``.
    out
        Folder for the zip; by default ``submissions/`` in the course folder.

    Returns
    -------
    Path
        The zip: ``<student>_<week name>_<UTC time>.zip``, which holds the notebook
        alone, without outputs (they may show data that must not travel).

    Raises
    ------
    SubmissionError
        If the id is not usable, the assignment is missing, damaged, untouched, too
        large or of another week, an answer cell was deleted, or it names a file by a
        path that exists on one computer only.
    """
    import nbformat  # two seconds, so only when it is needed

    if not re.fullmatch(STUDENT_ID, student):
        raise SubmissionError(
            f"{student!r} is not a usable id: letters, digits, dots and hyphens, at most 40."
        )
    path = workbook or assignment_path(course, week)
    if not path.is_file():
        raise SubmissionError(
            f"{path}: not found. Open the assignment of {week.name} from the assignments folder, "
            "or say where your copy is."
        )
    notebook = checked_notebook(path.read_bytes(), week, str(path))
    _check_answers(notebook, path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    moment = datetime.now(UTC).strftime(TIME_FORMAT)
    target = (out or course.root / "submissions") / f"{student}_{week.name}_{moment}.zip"
    with whole_file(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(
            f"{week.name}.ipynb", nbformat.writes(notebook), compress_type=zipfile.ZIP_DEFLATED
        )
    return target


def checked_notebook(data: bytes, week: Week, where: str) -> Any:
    """A submitted notebook, if it is valid and belongs to the week.

    Parameters
    ----------
    data
        The file as it is.
    week
        The week it should be for.
    where
        What to call it in a message.

    Raises
    ------
    SubmissionError
        If it is too large, not a valid notebook, or not this week's assignment.
    """
    import nbformat

    if len(data) > LARGEST_NOTEBOOK:
        raise SubmissionError(
            f"{where}: {len(data) / 1e6:.1f} MB; at most {LARGEST_NOTEBOOK / 1e6:.0f} MB are taken. "
            "Clear its outputs (Edit, Clear Outputs of All Cells), save, and try again."
        )
    try:
        notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat and json raise many kinds, RecursionError included
        first = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise SubmissionError(
            f"{where}: damaged, or not a notebook ({first}). Open it in JupyterLab; if that fails, "
            "go back to your last saved copy."
        ) from None
    ids = grade_ids(notebook)
    prefix = f"w{week.number:02d}_"
    if not any(name.startswith(prefix) for name in ids):
        other = next((name[1:3] for name in ids if re.match(r"w\d\d_", name)), None)
        found = f"the assignment of week {int(other)}" if other else "no graded cell of any week"
        raise SubmissionError(
            f"{where}: found {found}; expected the assignment of {week.name}. "
            "A workbook cannot be handed in, only an assignment."
        )
    return notebook


def grade_ids(notebook: Any) -> list[str]:
    """The names of a notebook's graded cells, in order."""
    marks = [cell.metadata.get("nbgrader") for cell in notebook.cells]
    names = [mark.get("grade_id") for mark in marks if isinstance(mark, dict)]
    return [name for name in names if isinstance(name, str)]


def _check_answers(notebook: Any, path: Path) -> None:
    from nbgrader.utils import compute_checksum, is_solution

    answers = [c for c in notebook.cells if is_solution(c) and "checksum" in c.metadata.nbgrader]
    if answers and all(c.metadata.nbgrader["checksum"] == compute_checksum(c) for c in answers):
        raise SubmissionError(
            f"{path}: not started. No answer has been changed yet (was it saved?). "
            "Answer at least one task, save, and try again."
        )
    released = notebook.metadata.get("assignment", {}).get("cells", {})
    present = set(grade_ids(notebook))
    for name, kind in released.items():
        if kind in ("solution", "reflection") and name not in present:
            raise SubmissionError(
                f"{path}: the answer cell {name} was deleted. Undo that (Edit, Undo Cell "
                "Operation), or copy your answers into a fresh copy of the assignment."
            )
    for at, cell in enumerate(notebook.cells, start=1):
        own = _OWN_PATH.search(cell.source) if cell.cell_type == "code" else None
        if own:
            raise SubmissionError(
                f"{path}, cell {at}: {own[0]} exists on your computer only, so this cell would "
                "fail when it is marked. Use a path inside the course folder."
            )


def progress(course: Course, portfolio_dir: Path | None = None) -> list[WeekProgress]:
    """The 24 weeks: which are written, which artefacts are there, and which is next.

    Parameters
    ----------
    course
        The course.
    portfolio_dir
        The team's portfolio; by default ``portfolio/`` in the course folder.
    """
    from clear_helpers.portfolio import Portfolio

    portfolio = Portfolio(portfolio_dir, course=course)
    rows = []
    waiting = True
    for week in course.syllabus.weeks:
        written = course.workbook(week).exists()
        artefact = portfolio.has(week.number)
        is_next = waiting and written and not artefact
        waiting = waiting and not is_next
        rows.append(WeekProgress(week.number, week.name, week.title, written, artefact, is_next))
    return rows
