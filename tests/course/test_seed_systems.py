"""The list of seed systems: nothing left out, nothing claimed that is not there."""

import json
import shutil
from pathlib import Path

import pytest

from clear_helpers.classroom import coverage
from clear_helpers.course import Course, CourseError, find_course

ROOT = Path(__file__).resolve().parents[2]

# The tick-list that closes the register of seed facts, then what only the coverage matrix names.
SYSTEMS = """
EOI readiness and scoring · eligibility gate · person specification · roles, time, backfill ·
three-stage timeline · 7 × 14 portfolio and cohort choice · 8+1 cohorts · five AC components ·
IG (agreement, DPIA sign-off, sharing, controller) ·
data extraction (workforce, activity, finance; validation and mapping) ·
stakeholder engagement, focus groups, culture ·
crowdsourcing (3 steps) and thematic analysis · action learning sets and uptake evaluation ·
innovation → MDT workforce model · kaleidoscopes · weekly check-in/webinar ·
community of practice, portal and podcasts · Faculty pathway and portfolio careers ·
independent evaluation, three levels of progress · savings across sites ·
four-part viability test · four outputs · implementation boundary · dissemination ·
workload, roles, staff volumes · pastoral care and resilience · patient participation ·
social care and portable capability · interrogation and visualisation of data
"""


@pytest.fixture
def copy(tmp_path: Path) -> Course:
    """A course with the real lists and an assignment and workbook of our own for week 10."""
    (tmp_path / "course").mkdir()
    for name in ("syllabus.yml", "seed_systems.yml"):
        shutil.copy(ROOT / "course" / name, tmp_path / "course" / name)
    course = Course(tmp_path)
    week = course.week(10)
    marks = [("w10_t1_tests", True), ("w10_t12", True), ("w10_t3", False)]
    tasks = [
        {"metadata": {"nbgrader": {"grade_id": name, "grade": grade}}, "source": []}
        for name, grade in marks
    ]
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["Not yet: variation_pack"]}
    for path, cells in ((course.source(week), tasks), (course.workbook(week), [prose])):
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return course


def claim(course: Course, **cover: object) -> list[str]:
    """The problems of a list whose only claim is this one."""
    line = json.dumps({"week": 10, "done": True, **cover})
    path = course.root / "course" / "seed_systems.yml"
    path.write_text(
        f"- {{name: data, seeds: [B12], weeks: [10], covered_by: [{line}]}}", encoding="utf-8"
    )
    return coverage.problems(course)


def test_every_system_is_listed_once() -> None:
    expected = [name.strip() for name in " ".join(SYSTEMS.split()).split("·")]
    assert [system.name for system in coverage.systems(find_course(ROOT))] == expected


def test_what_is_claimed_done_exists() -> None:
    assert coverage.problems(find_course(ROOT)) == []


def test_undone_names_what_is_not_marked_done(copy: Course) -> None:
    waiting = coverage.undone(find_course(ROOT))
    assert {cover.week for covers in waiting.values() for cover in covers} >= {1, 24}
    assert not any(cover.done for covers in waiting.values() for cover in covers)
    claim(copy, kind="task", name="w10_t1")
    assert coverage.undone(copy) == {}


def test_a_true_claim_passes(copy: Course) -> None:
    assert claim(copy, kind="task", name="w10_t1") == []
    assert claim(copy, kind="week", name="NOT YET") == []


@pytest.mark.parametrize(
    ("kind", "name", "why"),
    [
        ("task", "w10_t2", "'w10_t2' is marked done, but course/source"),
        ("task", "w10_t3", "does not hold it"),
        ("artefact", "variation_pack", "does not hold it"),
        ("artefact", "pack", "writes 'variation_pack', not 'pack'"),
        ("week", "check-in", "does not hold it"),
    ],
)
def test_a_false_claim_is_caught(copy: Course, kind: str, name: str, why: str) -> None:
    (problem,) = claim(copy, kind=kind, name=name)
    assert problem.startswith("data, week 10: ") and why in problem


def test_a_claim_about_a_week_nobody_wrote_is_caught(copy: Course) -> None:
    shutil.rmtree(copy.root / "course" / "source")
    (problem,) = claim(copy, kind="task", name="w10_t1")
    assert "does not exist" in problem


def test_facts_and_weeks_must_agree_with_the_syllabus(copy: Course) -> None:
    path = copy.root / "course" / "seed_systems.yml"
    cover = "{week: 10, kind: task, name: w10_t1, done: true}"
    path.write_text(
        f"- {{name: data, seeds: [A01], weeks: [9, 10], covered_by: [{cover}]}}\n" * 2,
        encoding="utf-8",
    )
    found = "\n".join(coverage.problems(copy))
    assert "data: listed more than once" in found
    assert "data: weeks and covered_by disagree about [9]" in found
    assert "data: none of its weeks has A01 as a seed" in found


@pytest.mark.parametrize("text", ["- {name: data", "words", "- {name: data, colour: blue}", ""])
def test_a_broken_list_says_which_file(copy: Course, text: str) -> None:
    path = copy.root / "course" / "seed_systems.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"seed_systems\.yml"):
        coverage.systems(copy)


def test_a_bundle_without_the_list(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="Only the faculty's copy"):
        coverage.systems(Course(tmp_path))


def test_a_file_that_is_not_a_notebook(copy: Course) -> None:
    copy.workbook(copy.week(10)).write_text("words", encoding="utf-8")
    with pytest.raises(CourseError, match="is not a notebook"):
        claim(copy, kind="week", name="words")
