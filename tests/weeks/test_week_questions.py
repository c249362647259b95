"""Practice questions: the right answer is right, each wrong one is told which mistake it is."""

import pytest

from clear_helpers.classroom import Question, questions
from clear_helpers.course import find_course

ALL = [
    pytest.param(week.name, f"q{number}", id=f"{week.name}-q{number}")
    for week in find_course().written()
    for number in range(1, len(questions(week.name)) + 1)
]


@pytest.fixture
def question(week: str, name: str) -> Question:
    return getattr(questions(week), name)


@pytest.mark.parametrize(("week", "name"), ALL)
class TestEveryQuestion:
    def test_the_right_answer_is_right(self, question: Question) -> None:
        reply = question.check(question.expected())
        assert reply.right
        assert len(reply.message) > 20, "say what the right answer means"

    def test_untouched_it_asks_for_an_answer(self, question: Question) -> None:
        for untouched in (..., None):
            reply = question.check(untouched)
            assert not reply.right
            assert reply.heading == "Not answered yet"

    def test_each_misunderstanding_is_named(self, question: Question) -> None:
        values = [(w, said) for w, said in question.misunderstandings if not callable(w)]
        assert len(question.misunderstandings) >= 3
        for wrong, said in values:
            reply = question.check(wrong)
            assert not reply.right
            assert reply.message == said

    def test_a_wrong_type_is_named_without_a_traceback(self, question: Question) -> None:
        for odd in ({"a": 1}, object(), lambda: 1):
            reply = question.check(odd)
            assert not reply.right
            assert "ound" in reply.message

    def test_hint_comes_before_solution(self, question: Question) -> None:
        assert question.hint().message != question.solution().message
        assert str(question.expected()) not in question.hint().message


def test_limits_worked_wrongly_are_recognised() -> None:
    ask = questions("week10").q1
    for wrong, said in [(5.32, "lower limit"), (18.5, "three standard"), (18.1, "near limit")]:
        assert said in ask.check(wrong).message
    assert ask.check(20.7).right
    assert ask.check(20.68).right
    assert not ask.check(20.5).right


def test_a_week_has_all_three_tiers() -> None:
    for week in find_course().written():
        assert {q.tier for q in questions(week.name)} == {"core", "extension", "challenge"}


def test_answers_are_taken_as_people_type_them() -> None:
    ask = questions("week10")
    assert ask.q1.check("20.7").right
    assert ask.q2.check(" b ").right
    assert ask.q3.check("11").right
    assert ask.q4.check(2, 1, 3).right
    assert ask.q4.check("2, 1, 3").right
    assert not ask.q1.check("a few").right
