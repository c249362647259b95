"""What is installed, what is missing, and how to fix it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from clear_helpers.course import CourseError, find_course

NEEDED_MEGABYTES = 500


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``level`` is ok, note (works without it) or problem."""

    level: Literal["ok", "note", "problem"]
    what: str
    advice: str = ""


def locked_versions(lock: Path) -> dict[str, str]:
    """Versions pinned in ``requirements.txt`` for this Python and platform."""
    from packaging.requirements import Requirement

    pinned = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            requirement = Requirement(line.rstrip(" \\"))
            if requirement.marker is None or requirement.marker.evaluate():
                pinned[requirement.name] = str(requirement.specifier).removeprefix("==")
    return pinned


def _python() -> Finding:
    return Finding("ok", f"Python {'.'.join(map(str, sys.version_info[:3]))}")


def _packages(root: Path) -> Finding:
    lock = root / "requirements.txt"
    if not lock.exists():
        return Finding("problem", "requirements.txt is missing", "Unzip or clone the course again.")
    wrong = []
    pinned = locked_versions(lock)
    for name, version in pinned.items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "nothing"
        if found != version:
            wrong.append(f"{name} {version} (found {found})")
    if wrong:
        shown = ", ".join(wrong[:3]) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")
        return Finding(
            "problem",
            f"{len(wrong)} of {len(pinned)} packages differ from the lock: {shown}",
            f"Run: {Path(sys.executable).name} -m pip install --require-hashes -r requirements.txt",
        )
    return Finding("ok", f"{len(pinned)} packages, all at the locked versions")


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Finding(
            "problem", "no python3 kernel for notebooks", "Run: python -m ipykernel install --user"
        )
    return Finding("ok", "the python3 kernel for notebooks")


def _writable(folder: Path, purpose: str) -> Finding:
    nearest = next(path for path in [folder, *folder.parents] if path.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return Finding(
            "problem",
            f"cannot write {purpose} in {folder} ({error.strerror})",
            "Move the course folder to one that is yours, such as Documents.",
        )
    free = shutil.disk_usage(nearest).free // 2**20
    if free < NEEDED_MEGABYTES:
        return Finding(
            "problem", f"{free} MB free for {purpose}", f"Free at least {NEEDED_MEGABYTES} MB."
        )
    return Finding("ok", f"{purpose} can be written ({free // 1024} GB free)")


def _bytecode() -> Finding:
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return Finding(
            "note",
            "PYTHONDONTWRITEBYTECODE is set, which makes every notebook start slowly",
            "Remove that environment variable if you can.",
        )
    return Finding("ok", "compiled Python files may be kept (notebooks start faster)")


def _graders() -> Finding:
    if sys.platform == "linux" and shutil.which("bwrap"):
        return Finding("ok", "bubblewrap, which keeps graded submissions apart")
    return Finding(
        "note",
        "bubblewrap is not here (only faculty who grade need it; Linux only)",
        "On Debian or Ubuntu: apt-get install bubblewrap",
    )


def examine() -> list[Finding]:
    """Look at everything the course needs on this machine."""
    findings = [_python()]
    try:
        course = find_course()
        written = len(course.written())
        findings.append(Finding("ok", f"the course at {course.root}, {written} week(s) written"))
        findings.append(_packages(course.root))
        findings.append(_writable(course.root / "datasets" / "synthetic", "the synthetic PCN"))
        findings.append(_writable(course.root / "portfolio", "your portfolio"))
    except CourseError as error:
        findings.append(Finding("problem", str(error).splitlines()[0], "Change folder first."))
    return [*findings, _kernel(), _bytecode(), _graders()]
