"""The two seeds only faculty know, and the Primary Care Networks that hidden tests use."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from clear_helpers.course import Course, CourseError, find_course
from clear_helpers.files import write_text

if TYPE_CHECKING:
    from clear_helpers.pcn import PCN

ENVIRONMENT = "CLEAR_FACULTY_SEEDS"
LARKMOOR_SEED = 2021

_only: ContextVar[int | None] = ContextVar("only_seed", default=None)


def seeds_file(course: Course) -> Path:
    """Where the seeds are kept: ignored by git, and never in the Associates' bundle."""
    return course.root / "course" / "faculty_seeds.txt"


def faculty_seeds(course: Course) -> tuple[int, int]:
    """The two seeds of the hidden tests.

    Read from the environment variable ``CLEAR_FACULTY_SEEDS`` (such as ``11,12``), else
    from ``course/faculty_seeds.txt``, which is written with two random seeds when it is
    not there yet.

    Raises
    ------
    CourseError
        If what is found is not two different whole numbers, both other than Larkmoor's.
    """
    text = os.environ.get(ENVIRONMENT)
    if text:
        return _two_seeds(text, ENVIRONMENT)
    path = seeds_file(course)
    if not path.exists():
        first = secrets.randbelow(900_000_000) + 100_000_000
        write_text(path, f"{first},{first + 1 + secrets.randbelow(99_000_000)}\n")
    return _two_seeds(path.read_text(encoding="utf-8"), str(path))


def _two_seeds(text: str, where: str) -> tuple[int, int]:
    parts = [part.strip() for part in text.split(",")]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit()]
    if len(numbers) != len(parts) or len({*numbers, LARKMOOR_SEED}) != 3:
        raise CourseError(
            f"{where}: found {len(parts)} part(s) that are not two different whole numbers "
            f"(other than {LARKMOOR_SEED}). Write two, separated by a comma."
        )
    return numbers[0], numbers[1]


@contextmanager
def only_seed(seed: int) -> Iterator[None]:
    """Within this block :func:`hidden_pcns` gives the PCN of one seed alone."""
    token = _only.set(seed)
    try:
        yield
    finally:
        _only.reset(token)


def hidden_pcns() -> Iterator[PCN]:
    """The Primary Care Networks a hidden test runs on: Larkmoor, then faculty's two.

    Each is read at most once in a process.

    Yields
    ------
    PCN
        Larkmoor first.
    """
    only = _only.get()
    # Not from the environment: marks depend on the course that holds the submission.
    course = find_course(Path.cwd())
    for seed in (LARKMOOR_SEED, *faculty_seeds(course)) if only is None else (only,):
        yield _pcn(seed)


@lru_cache(maxsize=3)
def _pcn(seed: int) -> PCN:
    from clear_helpers.pcn import load_pcn

    return load_pcn(seed=seed)
