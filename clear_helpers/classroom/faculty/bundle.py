"""The zip that Associates get: weeks, released assignments and the package, no secrets."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clear_helpers.classroom.faculty.assignments import (
    hidden_lines,
    read_notebook,
    release_leaks,
    released_path,
)
from clear_helpers.classroom.faculty.seeds import faculty_seeds, seeds_file
from clear_helpers.course import Course
from clear_helpers.files import whole_file
from clear_helpers.notices import Notice

_ASSOCIATES_README = "course/associates_readme.md"

# Folders and files of the course that Associates use, under the names they keep.
_TAKEN = (
    "weeks",
    "clear_helpers",
    "course/syllabus.yml",
    "course/exemplars",
    "course/pictures",
    "datasets/README.md",
    "datasets/cohorts.yml",
    "datasets/published",
    "datasets/templates",
    "pyproject.toml",
    "requirements.txt",
    "environment.yml",
    "Makefile",
    "LICENSE",
)
_NEEDED = ("weeks", "clear_helpers", "course/syllabus.yml", "pyproject.toml", "requirements.txt",
           _ASSOCIATES_README, "LICENSE")  # fmt: skip
_LEFT_OUT = re.compile(
    r"(^|/)(__pycache__|\.[^/]+|[^/]+\.pyc|[^/]+\.egg-info)(/|$)|^clear_helpers/classroom/faculty/"
)

# What must not be found in any file of the bundle, and, outside the package (whose code
# has words for such things), in no file of the course either.
_SECRET = (r"BEGIN SOLUTION", r"BEGIN HIDDEN TESTS", r"hidden_pcns", r"\bPT\d\d\b")
_SECRET_IN_COURSE = (r"(?i)misconception", r"(?i)\bplanted")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_SHORTEST_CANARY = 30
_SHORTEST_SEED = 6  # digits; a shorter number may stand anywhere


class BundleError(Notice):
    """The bundle was not made; the message says what is missing or what would leak."""


def build_bundle(course: Course, out_zip: Path) -> Path:
    """Write the Associates' bundle; the same course gives the same bytes.

    Holds every week that is written and every assignment that was released, with
    ``checksums.json`` (SHA-256 by path). Unpacked, it is a course folder of its own.

    Parameters
    ----------
    course
        The course.
    out_zip
        The zip to write; replaced only when the new one is whole.

    Returns
    -------
    Path
        ``out_zip``.

    Raises
    ------
    BundleError
        If a needed file is missing, a notebook has outputs, or a file holds a solution,
        a hidden test, a truth or a faculty seed.
    """
    missing = [name for name in _NEEDED if not (course.root / name).exists()]
    if missing:
        raise BundleError(f"{course.root}: not found: {', '.join(missing)}.")
    files = dict(sorted(_files(course)))
    leaks = _leaks(course, files)
    if leaks:
        listed = "\n".join(f"  {leak}" for leak in leaks[:10])
        raise BundleError(f"The bundle was not made, because it would hold:\n{listed}")
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files["checksums.json"] = (json.dumps(sums, indent=1, sort_keys=True) + "\n").encode()
    with whole_file(out_zip) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same bytes on Windows
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out_zip


def _files(course: Course) -> Iterator[tuple[str, bytes]]:
    for taken in _TAKEN:
        top = course.root / taken
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            name = path.relative_to(course.root).as_posix()
            if path.is_file() and not path.is_symlink() and not _LEFT_OUT.search(name):
                yield name, path.read_bytes()
    yield "README.md", (course.root / _ASSOCIATES_README).read_bytes()
    for week in course.syllabus.weeks:
        released = released_path(course, week)
        if released.exists():
            yield f"assignments/{week.name}/{released.name}", released.read_bytes()


def _leaks(course: Course, files: dict[str, bytes]) -> list[str]:
    sources: dict[str, Any] = {
        week.name: read_notebook(course.source(week))
        for week in course.syllabus.weeks
        if course.source(week).exists()
    }
    canaries = {
        line
        for source in sources.values()
        for line in hidden_lines(source, tests_only=True, shortest=_SHORTEST_CANARY)
    }
    secret = list(_SECRET)
    if seeds_file(course).exists():
        seeds = [str(seed) for seed in faculty_seeds(course)]
        secret += [rf"\b{seed}\b" for seed in seeds if len(seed) >= _SHORTEST_SEED]
    leaks = []
    for name, data in files.items():
        text = data.decode("utf-8", errors="replace")
        patterns = secret if name.startswith("clear_helpers/") else [*secret, *_SECRET_IN_COURSE]
        leaks += [f"{name}: {found[0]!r}" for p in patterns if (found := re.search(p, text))]
        if not name.endswith(".ipynb"):
            continue
        notebook = json.loads(text)
        lines = {
            line.strip()
            for cell in notebook["cells"]
            for line in "".join(cell["source"]).splitlines()
        }
        leaks += [f"{name}: hidden line {line!r}" for line in sorted(lines & canaries)]
        if any(cell.get("outputs") for cell in notebook["cells"]):
            leaks.append(f"{name}: outputs; run `make tidy`")
    for name, source in sources.items():
        released = released_path(course, course.week(name))
        if released.exists():
            found_in = release_leaks(read_notebook(released), source)
            leaks += [f"assignments/{name}: {leak}" for leak in found_in]
    return leaks
