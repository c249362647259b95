"""Rehearsals: an Associate's function tried on a small example, unmarked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clear_helpers.classroom.expectations import AnswerError, Tolerance, describe_type, expect
from clear_helpers.classroom.questions import Reply

UNTOUCHED = "Write your steps where the three dots stand, then run this again."


def rehearse(
    function: Callable[..., Any], *arguments: Any, expected: Any, tolerance: Tolerance = None
) -> None:
    """Try a function on a small example and show how it went; nothing is marked.

    A notebook that has not been answered yet still runs from top to bottom, because a
    rehearsal shows a message where a marked test would stop.

    Parameters
    ----------
    function
        The Associate's function.
    arguments
        What to call it with.
    expected
        The answer it should give; shown when it gives another.
    tolerance
        As in :func:`clear_helpers.classroom.expect`.
    """
    from IPython.display import display

    display(_reply(function, arguments, expected, tolerance))


def _reply(
    function: Callable[..., Any], arguments: tuple, expected: Any, tolerance: Tolerance
) -> Reply:
    if not callable(function):
        found = describe_type(function)
        return Reply("✗ Not yet", f"Found {found} where a function was expected.", kind="not yet")
    name = getattr(function, "__name__", "the function")
    try:
        answer = function(*arguments)
    # Whatever an Associate's own code raises is told to them in one line.
    except Exception as error:
        line = f"{name} stopped: {type(error).__name__}: {error}"
        return Reply("✗ Not yet", line, kind="not yet")
    if answer is ... or (answer is None and expected is not None):
        return Reply("Not answered yet", UNTOUCHED)
    try:
        expect(answer, expected, tolerance=tolerance)
    except AnswerError as mismatch:
        return Reply("✗ Not yet", f"{name}: {mismatch}", kind="not yet")
    return Reply("✓ Right", f"{name} gives what was expected.", right=True, kind="right")
