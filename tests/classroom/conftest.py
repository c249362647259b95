"""A tiny assignment in a course of its own, released once through real nbgrader."""

import shutil

import pytest
from tiny_assignment import make_course

from clear_helpers.classroom.faculty import release
from clear_helpers.course import Course, Week


@pytest.fixture
def course(tmp_path) -> Course:
    """A fresh tiny course; its assignment has not been released."""
    return make_course(tmp_path / "course-folder")


@pytest.fixture
def week(course) -> Week:
    return course.week(10)


@pytest.fixture(scope="session")
def released(tmp_path_factory) -> Course:
    """A tiny course whose assignment is released. Shared: copy before changing."""
    course = make_course(tmp_path_factory.mktemp("released") / "course-folder")
    release(course, course.week(10), course.root / "assignments")
    return course


@pytest.fixture
def released_copy(released, tmp_path) -> Course:
    """A copy of the released course that a test may change."""
    shutil.copytree(released.root, tmp_path / "copy")
    return Course(tmp_path / "copy")
