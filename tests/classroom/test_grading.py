"""Hand in, collect, grade and give feedback, on real nbgrader.

The submissions are marked once, together; each test looks at one of them. The three traps
(rows 4 to 6 of what nbgrader does by itself) are also shown to exist without our settings.
"""

import copy
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from tiny_assignment import cell_named, write

from clear_helpers.classroom import SubmissionError, submit
from clear_helpers.classroom.faculty import GradingError, collect, feedback, grade, released_path
from clear_helpers.course import Course

RIGHT = "def rate(attended, offered):\n    return sum(attended) / sum(offered)"
MEAN_OF_RATES = (
    "def rate(attended, offered):\n"
    "    return sum(a / o for a, o in zip(attended, offered)) / len(offered)"
)


def answered(released, first=RIGHT, second="total = sum(attended)"):
    notebook = nbformat.read(released_path(released, released.week(10)), as_version=4)
    cell_named(notebook, "w10_t1").source = first
    cell_named(notebook, "w10_t2").source = second
    cell_named(notebook, "w10_r").source = "Another year of data would settle it."
    return notebook


def duplicated(notebook):
    """The Associate copied a graded cell and pasted it below."""
    at = notebook.cells.index(cell_named(notebook, "w10_t1_test"))
    notebook.cells.insert(at + 1, copy.deepcopy(notebook.cells[at]))
    notebook.cells[at + 1]["id"] = "pasted"
    return notebook


def deleted(notebook):
    """The Associate deleted a test cell, and the answer before it."""
    for name in ("w10_t2_test", "w10_t2"):
        notebook.cells.remove(cell_named(notebook, name))
    return notebook


def without_its_test(notebook):
    """The Associate deleted only a test cell; the answer is there, and right."""
    notebook.cells.remove(cell_named(notebook, "w10_t2_test"))
    return notebook


def warned(notebook):
    """Right answers that make a library complain on stderr while the test runs."""
    cell_named(notebook, "w10_t1").source = (
        "import warnings\n\ndef rate(attended, offered):\n"
        "    warnings.warn('soon to change', FutureWarning)\n"
        "    return sum(attended) / sum(offered)"
    )
    return notebook


def damaged_marks(notebook):
    """Metadata that a browser plug-in or an old file left behind."""
    cell_named(notebook, "w10_t1_test").metadata["nbgrader"].update(points=99, grade=False)
    foreign = {"grade_id": "w99_x", "grade": True, "solution": False, "locked": True, "points": 50}
    notebook.cells.append(new_code_cell("1", metadata={"nbgrader": foreign}))
    cell_named(notebook, "w10_t2_test").metadata["nbgrader"]["schema_version"] = 1
    return notebook


@pytest.fixture(scope="module")
def marked(released, tmp_path_factory):
    """A graded course, its rows by Associate, and what progress was told."""
    root = tmp_path_factory.mktemp("marked") / "course-folder"
    shutil.copytree(released.root, root)
    course = Course(root)
    week = course.week(10)
    inbox = root / "course" / "inbox"
    for student, notebook in {
        "ann": answered(course),
        "bob": answered(course, first=MEAN_OF_RATES),
        "cat": duplicated(answered(course)),
        "dan": deleted(answered(course)),
        "eve": warned(answered(course)),
        "fay": damaged_marks(answered(course)),
        "ian": without_its_test(answered(course)),
    }.items():
        path = write(notebook, root / "work" / f"{student}.ipynb")
        if student == "dan":  # `submit` would tell dan; an older version might not have
            _zip(inbox / f"dan_{week.name}_20220401T120000Z.zip", week, path.read_bytes())
        else:
            submit(course, week, student, path, out=inbox)
    (inbox / f"gus_{week.name}_20220401T120000Z.zip").write_bytes(b"broken")
    report = collect(course, week)
    # A submission that was fine when it was collected, and is broken now.
    broken = root / "course" / "submitted" / "hal" / week.name / f"{week.name}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text('{"cells": [')
    told: list = []
    rows = grade(course, week, unsandboxed=True, progress=lambda *news: told.append(news))
    return course, {row.student: row for row in rows}, report, told


def _zip(path, week, data, name=None, link=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo(name or f"{week.name}.ipynb")
        entry.external_attr = (stat.S_IFLNK | 0o777 if link else 0o644) << 16
        archive.writestr(entry, data)
    return path


def test_a_right_submission_gets_every_autograded_mark(marked):
    row = marked[1]["ann"]
    assert (row.status, row.total, row.maximum) == ("graded", 12, 12)
    assert row.marks == {"t1": 7, "t2": 5}
    assert row.messages == {}


def test_a_wrong_answer_loses_its_task_and_is_told_why(marked):
    row = marked[1]["bob"]
    assert row.marks == {"t1": 0, "t2": 5}
    assert row.messages == {"t1": "That is the mean of the rates, not the rate of the totals."}


def test_a_duplicated_graded_cell_stops_nobody(marked):
    assert marked[1]["cat"].total == 12
    assert set(marked[1]) == {"ann", "bob", "cat", "dan", "eve", "fay", "hal", "ian"}


def test_deleted_cells_are_put_back(marked):
    course, rows, *_ = marked
    week = course.week(10)
    assert rows["ian"].marks == {"t1": 7, "t2": 5}
    assert rows["dan"].marks == {"t1": 7, "t2": 0}
    path = course.root / "course" / "autograded" / "dan" / week.name / f"{week.name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    names = [c.metadata["nbgrader"]["grade_id"] for c in notebook.cells if "nbgrader" in c.metadata]
    assert names == ["w10_t1", "w10_t1_test", "w10_t2", "w10_t2_test", "w10_r"]


def test_a_warning_costs_no_marks(marked):
    assert marked[1]["eve"].total == 12


def test_damaged_marks_are_taken_from_the_gradebook(marked):
    row = marked[1]["fay"]
    assert (row.marks, row.maximum) == ({"t1": 7, "t2": 5}, 12)


def test_a_broken_notebook_stops_nobody_and_says_so(marked):
    row = marked[1]["hal"]
    assert (row.status, row.total) == ("failed", None)
    assert row.message
    assert "\n" not in row.message


def test_a_broken_zip_was_refused_with_advice(marked):
    refused = [row for row in marked[2] if row.status == "refused"]
    assert [row.student for row in refused] == ["gus"]
    assert "cannot be opened" in refused[0].why
    assert "workbook submit" in refused[0].what_to_do
    assert sum(row.status == "accepted" for row in marked[2]) == 7


def test_progress_is_told_after_each(marked):
    told = marked[3]
    assert [(done, total) for done, total, _ in told] == [(n, 8) for n in range(1, 9)]
    assert told[0][2].student == "ann"


def test_the_gradebook_was_copied_before_the_run(marked):
    copies = list((marked[0].root / "course").glob("gradebook.db.*"))
    assert len(copies) == 1
    assert copies[0].stat().st_size > 0


def test_feedback_says_what_the_test_said_and_hides_the_test(marked):
    course = marked[0]
    week = course.week(10)
    pages = feedback(course, week)
    assert [page.parent.parent.name for page in pages] == [
        "ann",
        "bob",
        "cat",
        "dan",
        "eve",
        "fay",
        "ian",
    ]
    bob = pages[1].read_text()
    assert "mean of the rates, not the rate of the totals" in bob
    for page in pages:
        assert "canary_numbers" not in page.read_text()
        assert "HIDDEN TESTS" not in page.read_text()


def _nbgrader_autograde(course, week):
    """nbgrader's own command, as faculty might run it, on everything that was submitted."""
    command = [sys.executable, "-m", "nbgrader", "autograde", week.name, "--force"]
    folder = course.root / "course"
    bin_first = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=os.environ | bin_first, capture_output=True)
    return done.returncode, {path.name for path in folder.glob("autograded/*")}


def test_the_first_trap_is_real_and_off_for_the_plain_command_too(released_copy):
    week = released_copy.week(10)
    submitted = released_copy.root / "course" / "submitted"
    for student, harm in {"ann": duplicated, "bob": lambda same: same}.items():
        notebook = harm(answered(released_copy))
        write(notebook, submitted / student / week.name / f"{week.name}.ipynb")
    assert _nbgrader_autograde(released_copy, week) == (0, {"ann", "bob"})
    shutil.rmtree(released_copy.root / "course" / "autograded")
    config = released_copy.root / "course" / "nbgrader_config.py"
    config.write_text(config.read_text() + "\ndel c.Autograde.sanitize_preprocessors\n")
    assert _nbgrader_autograde(released_copy, week) == (1, set())


@pytest.mark.parametrize(
    ("harm", "setting"),
    [
        (without_its_test, "Autograde.sanitize_preprocessors"),
        (warned, "IgnorePattern.enabled"),
    ],
)
def test_the_other_two_traps_are_real(released_copy, harm, setting):
    """So that the tests above cannot pass for want of a trap."""
    week = released_copy.week(10)
    config = released_copy.root / "course" / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\ndel c.{setting}\n")
    folder = released_copy.root / "course" / "submitted" / "cat" / week.name
    write(harm(answered(released_copy)), folder / f"{week.name}.ipynb")
    (row,) = grade(released_copy, week, unsandboxed=True)
    assert row.status == "graded"
    assert row.total < 12


def test_grading_needs_a_word_of_consent(released):
    with pytest.raises(GradingError, match="--unsandboxed") as caught:
        grade(released, released.week(10))
    assert "\n" not in str(caught.value)


def test_grading_says_what_comes_first(course, week, released):
    with pytest.raises(GradingError, match="workbook release 10"):
        grade(course, week, unsandboxed=True)
    with pytest.raises(GradingError, match="workbook collect 10"):
        grade(released, released.week(10), unsandboxed=True)
    with pytest.raises(GradingError, match="workbook grade 10"):
        feedback(released, released.week(10))
    with pytest.raises(GradingError, match="inbox: not found"):
        collect(released, released.week(10))


@pytest.fixture
def inbox(released_copy):
    folder = released_copy.root / "course" / "inbox"
    folder.mkdir()
    return folder


def test_the_latest_zip_of_each_associate_counts(released_copy, inbox):
    week = released_copy.week(10)
    data = nbformat.writes(answered(released_copy)).encode()
    later = data.replace(b"Another year", b"Another decade")
    _zip(inbox / f"ann_{week.name}_20220401T120000Z.zip", week, data)
    _zip(inbox / f"ann_{week.name}_20220402T120000Z.zip", week, later)
    _zip(inbox / f"ann_{week.name}_20220403T120000Z.zip", week, b"{")
    rows = collect(released_copy, week)
    assert [row.status for row in rows] == ["superseded", "accepted", "refused"]
    folder = released_copy.root / "course" / "submitted" / "ann" / week.name
    assert (folder / f"{week.name}.ipynb").read_bytes() == later
    assert (folder / "timestamp.txt").read_text() == "2022-04-02 12:00:00 UTC"


@pytest.mark.parametrize(
    ("name", "how", "why"),
    [
        ("ann.zip", {}, "not one that `workbook submit` gives"),
        ("ann_week09-risk-and-fairness_20220401T120000Z.zip", {}, "for week09-risk-and-fairness"),
        ("ann_{week}_20221301T120000Z.zip", {}, "is not a time"),
        ("zoe_{week}_20220401T120000Z.zip", {}, "not in course/roster.csv"),
        ("ann_{week}_20220401T120000Z.zip", {"name": "../../evil.ipynb"}, "unsafe path"),
        ("ann_{week}_20220401T120000Z.zip", {"name": "/etc/evil.ipynb"}, "unsafe path"),
        ("ann_{week}_20220401T120000Z.zip", {"name": "C:\\evil.ipynb"}, "unsafe path"),
        ("ann_{week}_20220401T120000Z.zip", {"link": True}, "a link"),
        ("ann_{week}_20220401T120000Z.zip", {"name": "other.ipynb"}, "found other.ipynb"),
        ("ann_{week}_20220401T120000Z.zip", {"data": b"[" * 100_000}, "damaged"),
        ("ann_{week}_20220401T120000Z.zip", {"data": b" " * 6_000_000}, "MB"),
        ("ann_{week}_20220401T120000Z.zip", {"data": b"{}"}, "damaged, or not a notebook"),
    ],
)
def test_a_zip_to_refuse(released_copy, inbox, name, how, why):
    week = released_copy.week(10)
    (inbox.parent / "roster.csv").write_text("student_id,name\nann,A\nbob,B\n")
    good = nbformat.writes(answered(released_copy)).encode()
    _zip(inbox / name.format(week=week.name), week, **({"data": good} | how))
    _zip(inbox / f"bob_{week.name}_20220401T120000Z.zip", week, good)
    rows = {row.file: row for row in collect(released_copy, week)}
    refused = rows.pop(name.format(week=week.name))
    assert (refused.status, why in refused.why) == ("refused", True), refused
    assert refused.what_to_do
    assert [row.status for row in rows.values()] == ["accepted"]
    submitted = released_copy.root / "course" / "submitted"
    assert [path.name for path in submitted.iterdir()] == ["bob"]


def test_a_notebook_of_another_week_inside_a_well_named_zip(released_copy, inbox):
    week = released_copy.week(10)
    data = nbformat.writes(answered(released_copy)).replace("w10_", "w09_").encode()
    _zip(inbox / f"ann_{week.name}_20220401T120000Z.zip", week, data)
    (row,) = collect(released_copy, week)
    assert "found the assignment of week 9" in row.why


def test_a_roster_without_its_column(released_copy, inbox):
    (inbox.parent / "roster.csv").write_text("name\nann\n")
    with pytest.raises(GradingError, match="no column student_id; found name"):
        collect(released_copy, released_copy.week(10))


def test_submitting_leaves_outputs_at_home(released_copy):
    week = released_copy.week(10)
    notebook = answered(released_copy)
    output = nbformat.v4.new_output("stream", text="42 patients")
    cell_named(notebook, "w10_t2").outputs = [output]
    write(notebook, released_copy.root / "assignments" / week.name / f"{week.name}.ipynb")
    path = submit(released_copy, week, "ann")
    assert path.parent == released_copy.root / "submissions"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [f"{week.name}.ipynb"]
        assert b"42 patients" not in archive.read(archive.namelist()[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda nb: nb.cells.remove(cell_named(nb, "w10_t2")), "answer cell w10_t2 was deleted"),
        (
            lambda nb: nb.cells.append(new_code_cell("open(r'C:\\Users\\ann\\visits.csv')")),
            "exists on your computer only",
        ),
        (
            lambda nb: nb.cells.append(new_code_cell("open('/home/ann/visits.csv')")),
            "/home/ann/visits.csv exists on your computer only",
        ),
        (lambda nb: nb.cells.clear(), "no graded cell of any week"),
    ],
)
def test_a_submission_that_is_turned_back(released_copy, change, words):
    week = released_copy.week(10)
    notebook = answered(released_copy)
    change(notebook)
    path = write(notebook, released_copy.root / "mine.ipynb")
    with pytest.raises(SubmissionError) as caught:
        submit(released_copy, week, "ann", path)
    assert words in str(caught.value)
    assert not (released_copy.root / "submissions").exists()


def test_a_deleted_test_cell_is_no_reason_to_turn_back(released_copy):
    notebook = answered(released_copy)
    notebook.cells.remove(cell_named(notebook, "w10_t2_test"))
    path = write(notebook, released_copy.root / "mine.ipynb")
    assert submit(released_copy, released_copy.week(10), "ann", path).exists()


def test_an_assignment_that_was_not_started_is_missing_or_damaged(released_copy):
    week = released_copy.week(10)
    with pytest.raises(SubmissionError, match="not started"):
        submit(released_copy, week, "ann")
    with pytest.raises(SubmissionError, match="not found"):
        submit(released_copy, released_copy.week(11), "ann")
    path = released_copy.root / "mine.ipynb"
    path.write_text("{")
    with pytest.raises(SubmissionError, match="damaged"):
        submit(released_copy, week, "ann", path)


@pytest.mark.parametrize("student", ["", "../ann", "ann smith", "a_b", "a" * 41, "-ann"])
def test_an_id_that_cannot_be_a_file_name(released_copy, student):
    with pytest.raises(SubmissionError, match="not a usable id"):
        submit(released_copy, released_copy.week(10), student)
