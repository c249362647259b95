"""The classroom: practice questions, and an Associate's submissions and progress.

What faculty need besides (release, collect, grade, feedback, the trial of an assignment)
is in :mod:`clear_helpers.classroom.faculty`, which is not part of the Associates' bundle.
"""

from importlib.util import find_spec

from clear_helpers.classroom.expectations import (
    COUNT,
    MONEY,
    RATE,
    AnswerError,
    UnsupportedTypeError,
    expect,
    plain_copy,
)
from clear_helpers.classroom.questions import (
    Question,
    QuestionError,
    QuestionSet,
    Reply,
    questions,
)
from clear_helpers.classroom.rehearsal import rehearse
from clear_helpers.classroom.submission import (
    SubmissionError,
    WeekProgress,
    progress,
    submit,
)

__all__ = [
    "COUNT",
    "MONEY",
    "RATE",
    "AnswerError",
    "Question",
    "QuestionError",
    "QuestionSet",
    "Reply",
    "SubmissionError",
    "UnsupportedTypeError",
    "WeekProgress",
    "expect",
    "has_faculty_part",
    "plain_copy",
    "progress",
    "questions",
    "rehearse",
    "submit",
]


def has_faculty_part() -> bool:
    """Whether this copy of the package has the faculty's modules (a bundle has not)."""
    return find_spec("clear_helpers.classroom.faculty") is not None
