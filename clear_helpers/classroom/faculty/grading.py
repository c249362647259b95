"""Faculty's side of a submission: collect, grade, give feedback. Thin over nbgrader."""

from __future__ import annotations

import contextlib
import csv
import re
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from clear_helpers.classroom.faculty.assignments import released_path
from clear_helpers.classroom.faculty.nbgrader_runs import (
    NbgraderError,
    check,
    grading_folder,
    nbgrader_for,
)
from clear_helpers.classroom.faculty.seeds import faculty_seeds, hidden_pcns
from clear_helpers.classroom.submission import (
    LARGEST_NOTEBOOK,
    STUDENT_ID,
    TIME_FORMAT,
    SubmissionError,
    checked_notebook,
)
from clear_helpers.course import Course, Week
from clear_helpers.files import whole_file, write_text
from clear_helpers.notices import Notice

RISK = (
    "Grading runs each submission's code as you, with your files and your network, and nothing "
    "holds it back yet: it could read the hidden tests or change marks. If you accept that, say "
    "--unsandboxed."
)

_ZIP_NAME = re.compile(
    rf"(?P<student>{STUDENT_ID})_(?P<week>week\d\d-[a-z-]+)_(?P<time>\d{{8}}T\d{{6}}Z)\.zip"
)


class GradingError(Notice):
    """A collect, grade or feedback run cannot start or finish; the message says what to do."""


@dataclass(frozen=True)
class CollectRow:
    """What happened to one zip.

    Attributes
    ----------
    file
        Its name.
    student
        Whose it is; empty when the name does not say.
    status
        ``accepted``, ``superseded`` (the same Associate handed in again) or ``refused``.
    why, what_to_do
        Words for the report; empty for an accepted one.
    """

    file: str
    student: str
    status: Literal["accepted", "superseded", "refused"]
    why: str = ""
    what_to_do: str = ""


@dataclass(frozen=True)
class GradeRow:
    """The marks of one submission.

    Attributes
    ----------
    student
        Whose it is.
    status
        ``graded`` or ``failed``.
    marks
        Marks by task (``t1``, ``t2``, …).
    total, maximum
        Autograded marks, and how many there are. The reflection is marked by hand.
    messages
        What the tests said, by task, where marks were lost.
    message
        Why grading failed.
    """

    student: str
    status: Literal["graded", "failed"]
    marks: dict[str, float] = field(default_factory=dict)
    total: float | None = None
    maximum: float | None = None
    messages: dict[str, str] = field(default_factory=dict)
    message: str = ""


def collect(course: Course, week: Week, inbox: Path | None = None) -> list[CollectRow]:
    """Take the zips of a week out of an inbox folder and put them where nbgrader looks.

    One bad zip never stops the others. The latest good zip of each Associate counts.

    Parameters
    ----------
    course, week
        Which assignment.
    inbox
        The folder of zips; by default ``course/inbox``.

    Returns
    -------
    list of CollectRow
        One for each zip, by file name.

    Raises
    ------
    GradingError
        If the folder does not exist, or the roster cannot be read.
    """
    inbox = inbox or grading_folder(course) / "inbox"
    if not inbox.is_dir():
        raise GradingError(f"{inbox}: not found. Put the Associates' zips there and try again.")
    known = roster(course)
    rows: list[CollectRow] = []
    good: list[tuple[str, str, str, bytes]] = []
    for path in sorted(inbox.glob("*.zip")):
        student = ""
        try:
            student, moment = _read_name(path.name, week, known)
            good.append((student, moment, path.name, _read_zip(path, week)))
        except _RefusedError as refused:
            rows.append(CollectRow(path.name, student, "refused", refused.why, refused.what_to_do))
    latest = {student: (moment, name) for student, moment, name, _ in sorted(good)}
    for student, moment, name, data in good:
        if latest[student] != (moment, name):
            rows.append(CollectRow(name, student, "superseded", "A later zip counts."))
            continue
        folder = grading_folder(course) / "submitted" / student / week.name
        with whole_file(folder / f"{week.name}.ipynb") as temporary:
            temporary.write_bytes(data)
        when = datetime.strptime(moment, TIME_FORMAT)
        write_text(folder / "timestamp.txt", f"{when:%Y-%m-%d %H:%M:%S} UTC")
        rows.append(CollectRow(name, student, "accepted"))
    return sorted(rows, key=lambda row: row.file)


def roster(course: Course) -> set[str] | None:
    """The ids in ``course/roster.csv`` (column ``student_id``); ``None`` without that file.

    Raises
    ------
    GradingError
        If the file has no such column.
    """
    path = grading_folder(course) / "roster.csv"
    if not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "student_id" not in (reader.fieldnames or []):
            found = ", ".join(reader.fieldnames or []) or "nothing"
            raise GradingError(f"{path}: no column student_id; found {found}. Add it.")
        return {row["student_id"].strip() for row in reader if row["student_id"]}


class _RefusedError(Exception):
    """Why a zip is not taken, and what to do about it."""

    def __init__(self, why: str, what_to_do: str) -> None:
        super().__init__(why)
        self.why = why
        self.what_to_do = what_to_do


def _read_name(name: str, week: Week, known: set[str] | None) -> tuple[str, str]:
    """Whose zip it is and when it was made, if it is one to take."""
    found = _ZIP_NAME.fullmatch(name)
    if not found:
        raise _RefusedError(
            "The name is not one that `workbook submit` gives.",
            "Ask the Associate to hand in the zip as it was made, without renaming it.",
        )
    if found["week"] != week.name:
        raise _RefusedError(
            f"It is for {found['week']}, not {week.name}.",
            f"Collect {found['week'].split('-')[0]} to take it.",
        )
    try:
        datetime.strptime(found["time"], TIME_FORMAT)
    except ValueError:
        raise _RefusedError(f"{found['time']} is not a time.", "Ask for a fresh zip.") from None
    if known is not None and found["student"] not in known:
        raise _RefusedError(
            f"{found['student']} is not in course/roster.csv.",
            "Add the id to the roster if it is right, or ask who sent it.",
        )
    return found["student"], found["time"]


def _read_zip(path: Path, week: Week) -> bytes:
    """The one notebook a zip holds; nothing is ever unpacked by the zip's own names."""
    again = "Ask for a fresh zip, made with `workbook submit`."
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            for entry in entries:
                parts = re.split(r"[\\/]", entry.filename)
                if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
                    raise _RefusedError(f"It holds an unsafe path: {entry.filename!r}.", again)
                if stat.S_ISLNK(entry.external_attr >> 16):
                    raise _RefusedError(f"It holds a link: {entry.filename!r}.", again)
            if [entry.filename for entry in entries] != [f"{week.name}.ipynb"]:
                names = ", ".join(entry.filename for entry in entries[:3]) or "nothing"
                raise _RefusedError(f"Expected {week.name}.ipynb alone; found {names}.", again)
            with archive.open(entries[0]) as file:
                data = file.read(LARGEST_NOTEBOOK + 1)  # whatever size the zip claims
    except _RefusedError:
        raise
    except Exception as error:  # zipfile raises many kinds for a damaged or locked archive
        raise _RefusedError(f"It cannot be opened as a zip ({error}).", again) from None
    try:
        checked_notebook(data, week, f"{week.name}.ipynb in the zip")
    except SubmissionError as error:
        raise _RefusedError(str(error), again) from None
    return data


def grade(
    course: Course,
    week: Week,
    *,
    unsandboxed: bool = False,
    progress: Callable[[int, int, GradeRow], None] | None = None,
) -> list[GradeRow]:
    """Mark every collected submission of a week with nbgrader.

    The gradebook is copied first (``gradebook.db.<UTC time>`` beside it). A submission
    that cannot be marked gets a row that says so, and the next one is marked.

    Parameters
    ----------
    course, week
        Which assignment.
    unsandboxed
        Must be ``True``: there is no sandbox yet.
    progress
        Called after each submission with how many are done, how many there are, and
        the row.

    Returns
    -------
    list of GradeRow
        By Associate.

    Raises
    ------
    GradingError
        If ``unsandboxed`` is not set, nothing was released, or nothing was collected.
    """
    if not unsandboxed:
        raise GradingError(RISK)
    folder = grading_folder(course)
    if not (folder / "gradebook.db").exists() or not released_path(course, week).exists():
        raise GradingError(f"{week.name} has not been released: workbook release {week.number}.")
    students = sorted(p.parent.parent.name for p in folder.glob(f"submitted/*/{week.name}/*.ipynb"))
    students = list(dict.fromkeys(students))
    if not students:
        raise GradingError(f"Nothing to grade: workbook collect {week.number} comes first.")
    _back_up(folder / "gradebook.db")
    _prepare_hidden_data(course, week)
    rows: list[GradeRow] = []
    with nbgrader_for(course) as nbgrader:
        for done, student in enumerate(students, start=1):
            try:
                check(nbgrader.autograde(week.name, student))
                row = _marks(course, week, nbgrader, student)
            except Exception as error:  # whatever went wrong, the next one is still marked
                row = GradeRow(student, "failed", message=str(error) or type(error).__name__)
            rows.append(row)
            if progress:
                progress(done, len(students), row)
    return rows


def _back_up(gradebook: Path) -> Path:
    moment = datetime.now(UTC).strftime(TIME_FORMAT)
    target = gradebook.with_name(f"{gradebook.name}.{moment}")
    with (
        whole_file(target) as temporary,
        contextlib.closing(sqlite3.connect(gradebook)) as now,
        contextlib.closing(sqlite3.connect(temporary)) as copy,
    ):
        now.backup(copy)
    return target


def _prepare_hidden_data(course: Course, week: Week) -> None:
    """Generate what hidden tests read before any clock of theirs runs."""
    faculty_seeds(course)
    if "hidden_pcns" in course.source(week).read_text(encoding="utf-8"):
        with contextlib.chdir(course.root):
            for _ in hidden_pcns():
                pass


def _marks(course: Course, week: Week, nbgrader: Any, student: str) -> GradeRow:
    with nbgrader.gradebook as gradebook:
        submission = gradebook.find_submission_notebook(week.name, week.name, student)
        found = {
            grade.name: (grade.auto_score, grade.max_score)
            for grade in submission.grades
            if grade.cell.cell_type == "code"
        }
    messages = _messages(grading_folder(course) / "autograded" / student / week.name, week)
    marks: dict[str, float] = {}
    said: dict[str, str] = {}
    for name in sorted(found):
        task = name.split("_")[1]
        marks[task] = marks.get(task, 0.0) + (found[name][0] or 0.0)
        if name in messages:
            said.setdefault(task, messages[name])
    maximum = sum(most for _, most in found.values())
    return GradeRow(student, "graded", marks, sum(marks.values()), maximum, said)


def _messages(folder: Path, week: Week) -> dict[str, str]:
    import nbformat

    notebook = nbformat.read(folder / f"{week.name}.ipynb", as_version=4)
    messages = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if output.output_type == "error" and name:
                messages[name] = output.evalue or output.ename
    return messages


def feedback(course: Course, week: Week) -> list[Path]:
    """Write each marked submission's feedback page, with nbgrader.

    Returns
    -------
    list of Path
        The HTML pages, ``course/feedback/<student>/<week name>/<week name>.html``.

    Raises
    ------
    GradingError
        If nothing has been graded; or, once all others are written, if some failed.
    """
    folder = grading_folder(course)
    graded = sorted(folder.glob(f"autograded/*/{week.name}/{week.name}.ipynb"))
    if not graded:
        raise GradingError(f"Nothing has been graded: workbook grade {week.number} comes first.")
    pages, failed = [], []
    with nbgrader_for(course) as nbgrader:
        for path in graded:
            student = path.parent.parent.name
            try:
                check(nbgrader.generate_feedback(week.name, student))
            except NbgraderError as error:
                failed.append(f"  {student}: {error}")
                continue
            pages.append(folder / "feedback" / student / week.name / f"{week.name}.html")
    if failed:
        listed = "\n".join(failed)
        raise GradingError(f"{len(pages)} feedback pages were written; these failed:\n{listed}")
    return pages
