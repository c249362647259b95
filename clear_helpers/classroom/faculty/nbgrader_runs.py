"""Calling nbgrader inside this process, with the course's configuration."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clear_helpers.course import Course
from clear_helpers.notices import Notice

if TYPE_CHECKING:
    from nbgrader.apps import NbGraderAPI


class NbgraderError(Notice):
    """An nbgrader step failed; the message is the line of its log that says why."""


def grading_folder(course: Course) -> Path:
    """The folder nbgrader works in: ``course/``, with source, release, submitted, …"""
    return (course.root / "course").resolve()


@contextmanager
def _tools_on_path() -> Iterator[None]:
    # nbgrader runs `alembic` by name; the environment need not be activated.
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def nbgrader_for(course: Course) -> Iterator[NbGraderAPI]:
    """nbgrader's own Python interface, set up for a course.

    Raises
    ------
    NbgraderError
        If ``course/nbgrader_config.py`` is missing.
    """
    from nbgrader.apps import NbGraderAPI
    from sqlalchemy.exc import SAWarning
    from traitlets.config import PyFileConfigLoader

    folder = grading_folder(course)
    if not (folder / "nbgrader_config.py").exists():
        raise NbgraderError(
            f"{folder / 'nbgrader_config.py'}: not found. Marks depend on it; restore it from "
            "the repository."
        )
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder)
    with _tools_on_path(), warnings.catch_warnings():
        # nbgrader's own use of SQLAlchemy; nothing that faculty could act on.
        warnings.simplefilter("ignore", SAWarning)
        yield NbGraderAPI(config=config)


def check(result: dict[str, Any]) -> str:
    """The log of an nbgrader step that went well.

    Raises
    ------
    NbgraderError
        If it did not; the message is what nbgrader logged last before giving up.
    """
    log = result.get("log", "")
    if result["success"]:
        return log
    raised = [
        line.strip()
        for line in (log + "\n" + result.get("error", "")).splitlines()
        if line and not line.startswith((" ", "[")) and ": " in line
    ]
    own = [line for line in raised if "NbGraderException" not in line]
    raise NbgraderError((own or raised or ["nbgrader gave no reason"])[-1])
