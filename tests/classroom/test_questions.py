"""Practice questions: check, hint, solution, and what a week's file may get wrong."""

import pytest

from clear_helpers.classroom import Question, QuestionError, questions

FILE = """
from clear_helpers.classroom import Question

LOADED = []
LOADED.append(1)

share = Question(
    prompt="What share of <offered> appointments was attended?",
    tier="core",
    hint="Which number is the whole?",
    solution="8 of 20 is 0.4.",
    expected=lambda: 8 / 20,
    tolerance=0.001,
    misunderstandings=[(2.5, "That is upside down: the whole goes below the line.")],
    right="Yes: two in five.",
)
broken = Question("Q", "challenge", "h", "s", expected=lambda: 1 / 0)
"""


@pytest.fixture
def practice(course, week):
    path = course.folder(week) / "questions.py"
    path.parent.mkdir(parents=True)
    path.write_text(FILE)
    return questions("week10", course=course)


def test_the_three_verbs(practice):
    assert practice.q1.check(0.4).right
    assert practice.q1.check(0.4).message == "Yes: two in five."
    assert practice.q1.hint().message == "Which number is the whole?"
    assert practice.q1.solution().message == "8 of 20 is 0.4."


def test_a_wrong_answer_is_told_which_misunderstanding_it_is(practice):
    reply = practice.q1.check(2.5)
    assert not reply.right
    assert "upside down" in reply.message


@pytest.mark.parametrize("answer", [..., None])
def test_an_untouched_answer(practice, answer):
    assert "in place of the dots" in practice.q1.check(answer).message


def test_a_wrong_type_says_which_was_found_and_which_expected(practice):
    message = practice.q1.check("two fifths").message
    assert "text (str)" in message
    assert "a decimal number (float)" in message


def test_the_answer_is_not_given_away(practice):
    assert "0.4" not in practice.q1.check(0.7).message


def test_a_question_that_cannot_be_worked_out_says_so_and_does_not_raise(practice):
    reply = practice.q2.check(1)
    assert not reply.right
    assert "could not be worked out" in reply.message


def test_replies_do_not_rest_on_colour_and_are_escaped(practice):
    right, wrong = practice.q1.check(0.4), practice.q1.check(2.5)
    assert "Right" in right._repr_html_() and "Right" in repr(right)
    assert "Not yet" in wrong._repr_html_() and "Not yet" in repr(wrong)
    assert 'role="status"' in wrong._repr_html_()
    assert "<offered>" not in practice.q1._repr_html_()
    assert "&lt;offered&gt;" in practice._repr_html_()


def test_the_file_is_loaded_once(practice, course):
    again = questions(10, course=course)
    assert again.q1 is practice.q1


def test_two_courses_do_not_share_questions(practice, released_copy):
    week = released_copy.week(10)
    path = released_copy.folder(week) / "questions.py"
    path.parent.mkdir(parents=True)
    path.write_text(FILE)
    assert questions(10, course=released_copy).q1 is not practice.q1


def test_a_question_that_is_not_there(practice):
    with pytest.raises(QuestionError, match=r"has no question q9: it has q1, q2\.") as caught:
        _ = practice.q9
    assert caught.value._render_traceback_() == [str(caught.value)]
    assert not hasattr(practice, "_repr_png_")
    assert [name for name in dir(practice) if name.startswith("q")] == ["q1", "q2"]
    assert len(practice) == len(list(practice)) == 2


@pytest.mark.parametrize("which", ["week99", "nonsense", 11])
def test_a_week_without_questions_says_so(course, which):
    with pytest.raises(QuestionError):
        questions(which, course=course)


def test_a_mistake_in_the_file_names_the_line(course, week):
    path = course.folder(week) / "questions.py"
    path.parent.mkdir(parents=True)
    path.write_text("x = 1\ny = nonsense\n")
    with pytest.raises(QuestionError, match=r"questions\.py, line 2: NameError"):
        questions(10, course=course)


def test_a_question_needs_its_parts():
    with pytest.raises(ValueError, match="tier"):
        Question("p", "easy", "h", "s", expected=1)
    with pytest.raises(ValueError, match="hint"):
        Question("p", "core", " ", "s", expected=1)
