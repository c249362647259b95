"""Releasing an assignment through real nbgrader, and what is refused before that."""

import nbformat
import pytest
from tiny_assignment import cell_named, tiny_source, write

from clear_helpers.classroom.faculty import (
    AssignmentError,
    faculty_seeds,
    release,
    released_path,
    source_problems,
)
from clear_helpers.course import CourseError


def test_the_release_has_nothing_to_hide(released):
    week = released.week(10)
    path = released.root / "assignments" / week.name / f"{week.name}.ipynb"
    assert path.read_bytes() == released_path(released, week).read_bytes()
    text = path.read_text()
    for secret in ("SOLUTION", "HIDDEN", "canary", "sum(attended)", "return"):
        assert secret not in text
    notebook = nbformat.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert "What would settle it?" not in cell_named(notebook, "w10_r").source
    assert cell_named(notebook, "w10_t1_test").metadata["editable"] is False


def test_the_release_knows_its_week_and_its_cells(released):
    notebook = nbformat.read(released_path(released, released.week(10)), as_version=4)
    assert notebook.metadata["assignment"] == {
        "week": 10,
        "cells": {
            "w10_t1": "solution",
            "w10_t1_test": "test",
            "w10_t2": "solution",
            "w10_t2_test": "test",
            "w10_r": "reflection",
        },
    }


def test_an_untouched_release_runs_from_top_to_bottom(released):
    notebook = nbformat.read(released_path(released, released.week(10)), as_version=4)
    names: dict = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
            exec(cell.source, names)
    assert names["rate"]([1], [2]) is None


def broken(change):
    notebook = tiny_source()
    change(notebook)
    return notebook


def _set(name, **marks):
    return lambda nb: cell_named(nb, name).metadata["nbgrader"].update(marks)


def _source(name, old, new):
    def change(nb):
        cell = cell_named(nb, name)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("w10_t1", grade_id="w10_t2"), "used twice"),
        (_set("w10_t1", grade_id="task-1"), "in the form w10_t3"),
        (_set("w10_t1", grade_id="w09_t1"), "in the form w10_t3"),
        (_set("w10_t1", grade_id="w10_first"), "says no task"),
        (_set("w10_t1_test", points=6), "the test cells carry 11 marks; they must carry 12"),
        (_set("w10_r", points=9), "the reflection cells carry 9 marks"),
        (_set("w10_t1_test", schema_version=2), "schema version 3"),
        (_source("w10_t1", "    ### END SOLUTION", ""), "not in pairs"),
        (_source("w10_t1_test", "### END HIDDEN TESTS", ""), "not in pairs"),
        (_source("w10_t2", "### BEGIN SOLUTION\n", ""), "not in pairs"),
        (_source("w10_t2", "SOLUTION", "HIDDEN TESTS"), "HIDDEN TESTS marks belong in a test"),
        (_source("w10_t1_test", "HIDDEN TESTS", "SOLUTION"), "SOLUTION marks belong in a sol"),
        (_source("w10_t2_test", "expect(", "hidden_pcns()\nexpect("), "hidden_pcns may only"),
        (lambda nb: nb.cells.pop(4), "task t2: found 0 solution cell(s)"),
        (lambda nb: nb.cells.append(nb.cells.pop(2)), "stands before the solution"),
    ],
)
def test_a_source_with_a_mistake_is_refused_and_nothing_is_released(course, week, change, words):
    write(broken(change), course.source(week))
    with pytest.raises(AssignmentError, match="cannot be released") as caught:
        release(course, week)
    assert words in str(caught.value)
    assert not released_path(course, week).exists()


def test_a_solution_without_marks_would_take_the_whole_cell(course, week):
    notebook = tiny_source()
    cell_named(notebook, "w10_t2").source = "total = sum(attended)"
    write(notebook, course.source(week))
    assert any("whole cell" in problem for problem in source_problems(course, week))


def test_the_tiny_source_has_no_problems(course, week):
    assert source_problems(course, week) == []


def test_a_missing_or_damaged_source_says_so(course, week):
    course.source(week).write_text("{")
    with pytest.raises(AssignmentError, match="not a valid notebook"):
        release(course, week)
    course.source(week).unlink()
    with pytest.raises(AssignmentError, match="not found"):
        release(course, week)


def test_a_release_that_would_leak_is_taken_back(course, week):
    config = course.root / "course" / "nbgrader_config.py"
    steps = "LockCells ClearSolutions ClearOutput ComputeChecksums SaveCells CheckCellMetadata"
    config.write_text(
        config.read_text() + "\nc.GenerateAssignment.preprocessors = "
        f"['nbgrader.preprocessors.' + step for step in '{steps}'.split()]\n"
    )
    with pytest.raises(AssignmentError, match=r"HIDDEN TESTS.*canary_numbers"):
        release(course, week)
    assert not released_path(course, week).exists()


def test_faculty_seeds_are_made_once_and_kept(course, monkeypatch):
    monkeypatch.delenv("CLEAR_FACULTY_SEEDS", raising=False)
    seeds = faculty_seeds(course)
    assert seeds == faculty_seeds(course)
    assert len({*seeds, 2021}) == 3
    monkeypatch.setenv("CLEAR_FACULTY_SEEDS", "11, 12")
    assert faculty_seeds(course) == (11, 12)


@pytest.mark.parametrize("text", ["11", "11,11", "11,x", "11,12,13", "2021,5", "-3,4"])
def test_seeds_that_cannot_be_used(course, monkeypatch, text):
    monkeypatch.setenv("CLEAR_FACULTY_SEEDS", text)
    with pytest.raises(CourseError, match="CLEAR_FACULTY_SEEDS"):
        faculty_seeds(course)
