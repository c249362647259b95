"""Faculty's part of the classroom: assignments, marking, and what must stay secret.

Not part of the Associates' bundle; nothing an Associate runs needs it.
"""

from clear_helpers.classroom.faculty.assignments import (
    AssignmentError,
    release,
    released_path,
    source_problems,
)
from clear_helpers.classroom.faculty.bundle import BundleError, build_bundle
from clear_helpers.classroom.faculty.comments import CommentBank, comment_bank
from clear_helpers.classroom.faculty.grading import (
    RISK,
    CollectRow,
    GradeRow,
    GradingError,
    collect,
    feedback,
    grade,
)
from clear_helpers.classroom.faculty.misconceptions import (
    TaskAnswers,
    TrialRow,
    misconceptions,
    trial,
)
from clear_helpers.classroom.faculty.seeds import faculty_seeds, hidden_pcns

__all__ = [
    "RISK",
    "AssignmentError",
    "BundleError",
    "CollectRow",
    "CommentBank",
    "GradeRow",
    "GradingError",
    "TaskAnswers",
    "TrialRow",
    "build_bundle",
    "collect",
    "comment_bank",
    "faculty_seeds",
    "feedback",
    "grade",
    "hidden_pcns",
    "misconceptions",
    "release",
    "released_path",
    "source_problems",
    "trial",
]
