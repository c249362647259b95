"""The trial of an assignment, on a tiny one whose answers are known."""

import copy

import pytest
import yaml
from nbformat.v4 import new_code_cell
from tiny_assignment import cell_named, tiny_source, write

from clear_helpers.classroom.faculty import (
    AssignmentError,
    comment_bank,
    misconceptions,
    release,
    trial,
)
from clear_helpers.course import CourseError

MEAN = "return sum(a / o for a, o in zip(attended, offered)) / len(offered)"
WHOLE_CELL = """\
def share(part, whole):
    return part / whole

def rate(attended, offered):
    return share(sum(attended), sum(offered))
"""

ANSWERS = {
    "w10_t1": {
        "wrong": [
            {"name": "mean of the rates", "code": MEAN, "says": "Mean of the  rates"},
            {
                "name": "upside down",
                "code": "return sum(offered) / sum(attended)",
                "says": "upside down",
            },
            {
                "name": "the visible answer typed in",
                "code": "return 4 / 6",
                "says": "which is not right",
            },
        ],
        "right": [
            {"name": "a whole cell with a function of its own", "code": WHOLE_CELL},
            {
                "name": "two lines",
                "code": "top = sum(attended)\nreturn top / sum(offered)",
            },
        ],
    },
    "w10_t2": {
        "wrong": [
            {"name": "offered", "code": "total = sum(offered)", "says": "offered, not attended"},
            {"name": "a number", "code": "total = 7", "says": "found 7"},
            {"name": "text", "code": "total = '8'", "says": "found text (str)"},
        ],
        "right": [
            {"name": "added up", "code": "total = attended[0] + attended[1]"},
            {"name": "as a decimal", "code": "total = float(sum(attended))"},
        ],
    },
}


def write_answers(course, week, change=lambda answers: None):
    answers = copy.deepcopy(ANSWERS)
    change(answers)
    path = course.misconceptions(week)
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump({"tasks": answers}))
    return course


def bad(rows):
    return [(row.task, row.answer, row.why) for row in rows if not row.ok]


def test_a_good_assignment_passes_on_every_seed(released_copy):
    week = released_copy.week(10)
    write_answers(released_copy, week)
    seen: list = []
    rows = trial(released_copy, week, [2021, 5, 7], progress=seen.append)
    assert bad(rows) == []
    assert rows == seen
    assert len(rows) == 3 * (2 + 2 + 10)
    kept = {(row.kind, row.task): row.kept for row in rows if row.kind != "wrong"}
    assert kept["untouched", "t1"] == kept["untouched", "t2"] == 0
    assert (kept["instructor", "t1"], kept["right", "t2"]) == (7, 5)
    assert all(row.kept == 0 for row in rows if row.kind == "wrong")
    untouched = next(row for row in rows if row.kind == "untouched")
    assert "no answer here yet" in untouched.message


def _lie(task, kind, at, **what):
    return lambda answers: answers[task][kind][at].update(what)


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (
            _lie("w10_t1", "wrong", 0, code="return sum(attended) / sum(offered)"),
            "a wrong answer kept 7 marks",
        ),
        (_lie("w10_t1", "wrong", 0, says="suppressed"), "the message does not say “suppressed”"),
        (_lie("w10_t1", "right", 0, code=MEAN), "a right answer lost 7 marks"),
        (_lie("w10_t2", "wrong", 0, code="total = ="), "does not run"),
        (
            _lie("w10_t2", "wrong", 0, code="rate = None\ntotal = sum(offered)"),
            "t1 lost marks as well",
        ),
    ],
)
def test_a_misconceptions_file_that_lies_is_caught(released_copy, lie, why):
    week = released_copy.week(10)
    write_answers(released_copy, week, lie)
    ((_, _, found),) = bad(trial(released_copy, week, [2021]))
    assert found == why


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: a["w10_t1"]["wrong"].pop(), "at least 3"),
        (lambda a: a["w10_t1"]["right"].pop(), "at least 2"),
        (lambda a: a["w10_t1"]["wrong"][0].pop("says"), "says"),
        (lambda a: a.pop("w10_t2"), "Each task needs its own"),
        (lambda a: a.update({"week": a["w10_t1"]}), "week"),
    ],
)
def test_a_misconceptions_file_that_is_incomplete_is_refused(released_copy, change, words):
    week = released_copy.week(10)
    write_answers(released_copy, week, change)
    with pytest.raises(CourseError, match=words):
        trial(released_copy, week, [2021])


def test_a_missing_or_unreadable_file_says_so(course, week):
    with pytest.raises(CourseError, match="not found"):
        misconceptions(course, week)
    write_answers(course, week).misconceptions(week).write_text("a: [")
    with pytest.raises(CourseError, match="not readable as YAML"):
        misconceptions(course, week)


def reworked(course, **sources):
    """Release the tiny assignment with other sources for some of its cells."""
    week = course.week(10)
    notebook = tiny_source()
    for name, source in sources.items():
        cell_named(notebook, name).source = source
    write(notebook, course.source(week))
    release(course, week)
    return trial(write_answers(course, week), week, [2021])


def test_a_test_that_touches_more_than_plain_data_is_caught(released_copy):
    rows = reworked(
        released_copy,
        w10_t2="### BEGIN SOLUTION\nfrom decimal import Decimal\ntotal = Decimal(8)\n"
        "### END SOLUTION",
        w10_t2_test="assert float(total) == 8",
    )
    whys = [row for row in rows if row.kind == "instructor" and row.task == "t2"]
    assert not whys[0].ok
    assert "a test may not touch it" in whys[0].message


def test_a_test_that_passes_an_object_in_is_caught(released_copy):
    rows = reworked(released_copy, w10_t1_test="class Odd(list): pass\nrate(Odd([1]), [2])")
    row = next(row for row in rows if row.kind == "instructor" and row.task == "t1")
    assert not row.ok
    assert "A test gave rate() more than plain data" in row.message


def test_an_answer_cannot_change_what_the_test_holds(released_copy):
    """A function works on copies; the test's own list stays as it was."""
    rows = reworked(
        released_copy,
        w10_t1_test="mine = [1, 3]\nrate(mine, [2, 4])\nassert mine == [1, 3]\n"
        "expect(rate(mine, [2, 4]), 4 / 6, misunderstandings=["
        "(0.625, 'mean of the rates'), (lambda x: x > 1, 'upside down')])\n"
        "### BEGIN HIDDEN TESTS\nexpect(rate([15], [29]), 15 / 29, reveal=False)\n"
        "### END HIDDEN TESTS",
        w10_t1="def rate(attended, offered):\n    ### BEGIN SOLUTION\n"
        "    value = sum(attended) / sum(offered)\n    attended.append(99)\n"
        "    return value\n    ### END SOLUTION",
    )
    assert bad(rows) == []


def test_a_cell_that_raises_before_any_answer_is_caught(released_copy):
    week = released_copy.week(10)
    notebook = tiny_source()
    notebook.cells.insert(2, new_code_cell("1 / 0"))
    write(notebook, released_copy.source(week))
    release(released_copy, week)
    with pytest.raises(AssignmentError, match="cell 3 of the instructor version raised Zero"):
        trial(write_answers(released_copy, week), week, [2021])


def test_the_seed_reaches_a_cell_tagged_parameters(released_copy):
    week = released_copy.week(10)
    notebook = tiny_source()
    notebook.cells.insert(1, new_code_cell("seed = 2021", metadata={"tags": ["parameters"]}))
    second = cell_named(notebook, "w10_t2_test")
    second.source += "\nassert seed == 2021, f'seed {seed}'"
    write(notebook, released_copy.source(week))
    release(released_copy, week)
    rows = trial(write_answers(released_copy, week), week, [2021, 5])
    assert {row.seed for row in rows if not row.ok and row.task == "t2"} == {5}


BANK = {
    "prompt": "What would you say to the board?",
    "full_marks_need": "the base rate of such changes",
    "criteria": [
        {"name": name, "levels": {0: "none", 1: "some", 2: "all"}}
        for name in ("Evidence", "Interpretation", "Caveat", "Action")
    ],
    "comments": [
        {"criterion": name, "level": 1, "text": "Say for how many weeks."}
        for name in ("Evidence", "Interpretation", "Caveat", "Action")
    ],
}


def test_the_comment_bank(course, week):
    path = course.comments(week)
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(BANK))
    assert comment_bank(course, week).criteria[0].levels[2] == "all"
    for change, words in [
        (lambda bank: bank["criteria"].pop(), "at least 4"),
        (lambda bank: bank["criteria"][0]["levels"].pop(2), "at least 3"),
        (lambda bank: bank["criteria"][0].update(name="Action"), "each of the four"),
        (lambda bank: bank["comments"][0].update(criterion="Action"), "no comment for Evidence"),
        (lambda bank: bank.pop("full_marks_need"), "full_marks_need"),
    ]:
        bank = copy.deepcopy(BANK)
        change(bank)
        path.write_text(yaml.safe_dump(bank))
        with pytest.raises(CourseError, match=words):
            comment_bank(course, week)
    path.unlink()
    with pytest.raises(CourseError, match="not found"):
        comment_bank(course, week)
