"""Every assignment: untouched it runs and scores nothing, wrong answers are told why."""

import shutil
from pathlib import Path

import nbformat
import pytest

from clear_helpers.classroom.faculty import (
    comment_bank,
    faculty_seeds,
    feedback,
    grade,
    release,
    source_problems,
    trial,
)
from clear_helpers.course import Course, Week, find_course
from clear_helpers.headless import execute

SEEDS = [2021, 11, 12]
ASSIGNMENTS = [week for week in find_course().syllabus.weeks if find_course().source(week).exists()]
pytestmark = pytest.mark.parametrize("week", ASSIGNMENTS, ids=lambda week: week.name)


@pytest.fixture(scope="session")
def released(graded_course: Course) -> dict[str, Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEAR_FACULTY_SEEDS", "11,12")
        return {week.name: release(graded_course, week) for week in ASSIGNMENTS}


def test_the_instructor_version_has_no_problems(graded_course: Course, week: Week) -> None:
    assert source_problems(graded_course, week) == []


def test_the_untouched_release_runs_from_top_to_bottom(
    released: dict[str, Path], week: Week, tmp_path: Path
) -> None:
    assert execute(released[week.name], tmp_path / "executed.ipynb", {}) is None


def test_the_instructor_version_runs_with_its_hidden_tests(
    graded_course: Course, week: Week, tmp_path: Path
) -> None:
    assert execute(graded_course.source(week), tmp_path / "executed.ipynb", {}) is None


def test_wrong_answers_lose_their_marks_and_are_told_why_and_right_ones_keep_them(
    graded_course: Course, released: dict[str, Path], week: Week
) -> None:
    rows = trial(graded_course, week, SEEDS)
    bad = [
        f"{row.seed} {row.task} {row.kind} {row.answer!r}: {row.why} [{row.message}]"
        for row in rows
        if not row.ok
    ]
    assert bad == []
    assert {row.seed for row in rows} == set(SEEDS)
    for seed in SEEDS:
        mine = [row for row in rows if row.seed == seed]
        assert sum(row.kept for row in mine if row.kind == "instructor") == 12
        assert sum(row.kept for row in mine if row.kind == "untouched") == 0


def test_the_reflection_has_a_rubric_and_a_comment_for_every_level(
    graded_course: Course, week: Week
) -> None:
    bank = comment_bank(graded_course, week)
    assert len(bank.criteria) == 4
    said = {(comment.criterion, comment.level) for comment in bank.comments}
    assert said == {(c.name, level) for c in bank.criteria for level in (0, 1, 2)}


def test_a_round_trip_through_nbgrader(
    graded_course: Course, released: dict[str, Path], week: Week
) -> None:
    """Full marks for the instructor's answers, none for an untouched release."""
    source = nbformat.read(graded_course.source(week), as_version=4)
    answers = {
        c.metadata.nbgrader.grade_id: c.source for c in source.cells if "nbgrader" in c.metadata
    }
    submitted = graded_course.root / "course" / "submitted"
    for student in ["answered", "untouched"]:
        folder = submitted / student / week.name
        folder.mkdir(parents=True)
        shutil.copy(released[week.name], folder)
    path = submitted / "answered" / week.name / f"{week.name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") and not marks.get("grade"):
            cell.source = answers[marks["grade_id"]]
    nbformat.write(notebook, path)
    rows = {row.student: row for row in grade(graded_course, week, unsandboxed=True)}
    assert {row.status for row in rows.values()} == {"graded"}
    assert (rows["answered"].total, rows["answered"].maximum) == (12, 12)
    assert rows["untouched"].total == 0
    pages = feedback(graded_course, week)
    assert len(pages) == 2
    for page in pages:
        assert "hidden_pcns" not in page.read_text()
    assert faculty_seeds(graded_course) == (11, 12)
