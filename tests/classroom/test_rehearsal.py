"""Rehearsals show how a function does on a small example, and never stop a notebook."""

import pytest

from clear_helpers.classroom import rehearse


@pytest.fixture
def shown(monkeypatch):
    """What a rehearsal would show in a notebook, as text."""
    replies = []
    monkeypatch.setattr("IPython.display.display", replies.append)

    def text(function, *arguments, **expected) -> str:
        rehearse(function, *arguments, **expected)
        return repr(replies[-1])

    return text


def test_a_right_answer(shown) -> None:
    assert "✓ Right" in shown(lambda a, b: a + b, 2, 3, expected=5)


def test_a_wrong_answer_shows_what_was_expected(shown) -> None:
    said = shown(lambda a: a + 1.5, 2, expected=2.5, tolerance=0.1)
    assert "✗ Not yet" in said
    assert "expected 2.5" in said


@pytest.mark.parametrize("untouched", [None, ...])
def test_an_untouched_function_is_not_a_wrong_one(shown, untouched) -> None:
    assert "Not answered yet" in shown(lambda: untouched, expected=1)


def test_nothing_can_be_the_right_answer(shown) -> None:
    assert "✓ Right" in shown(lambda: None, expected=None)


def test_a_function_that_stops_is_told_in_one_line(shown) -> None:
    said = shown(lambda: 1 / 0, expected=1)
    assert "stopped: ZeroDivisionError: division by zero" in said
    assert "Traceback" not in said


def test_what_is_no_function_is_named(shown) -> None:
    assert "a whole number" in shown(3, expected=1)
