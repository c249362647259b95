"""The index page of a run: every week, whether it passed, how long it took, what it left."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from clear_helpers.course import Course
from clear_helpers.files import write_text
from clear_helpers.headless.outcome import NotebookRun
from clear_helpers.headless.rendering import TEMPLATES


def write_index(course: Course, runs: Iterable[NotebookRun], out: Path) -> Path:
    """Write ``index.html`` for a run and return its path."""
    from jinja2 import Environment, FileSystemLoader

    by_week = {run.week: run for run in runs}
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    templates.filters["beside"] = lambda path: Path(os.path.relpath(path, out)).as_posix()
    page = out / "index.html"
    failed = [run for run in by_week.values() if run.failure]
    write_text(
        page,
        templates.get_template("index.html.j2").render(
            phases=course.syllabus.phases,
            weeks=course.syllabus.weeks,
            written={week.number for week in course.written()},
            runs=by_week,
            failed=failed,
        ),
    )
    return page
