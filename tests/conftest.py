"""Shared by the suite: the course, and a browser."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from clear_helpers.course import Course, find_course

ROOT = Path(__file__).parents[1]
os.environ.setdefault("CLEAR_COURSE", str(ROOT))
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Two busy cores make single examples slow; what is slow is measured in `make bench`.
settings.register_profile("course", deadline=None)
settings.load_profile("course")


@pytest.fixture(scope="session")
def course() -> Course:
    return find_course(ROOT)


@pytest.fixture(scope="session")
def generated_data(course: Course) -> Path:
    """The folder of the course's synthetic data, with Larkmoor in it."""
    from clear_helpers.pcn import load_pcn

    load_pcn()
    return course.root / "datasets" / "synthetic"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium, or a skip that says why; CI must have one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        assert not os.environ.get("CI"), "CI must install Chromium (see .ci/run)"
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    return found


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Callable[[Path], str]:
    """A page as a browser has it after its scripts ran, with every host unreachable."""

    def after_scripts(page: Path) -> str:
        command = [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND"),
            *("--virtual-time-budget=20000", "--dump-dom", page.as_uri()),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
        return re.sub(r"<script\b.*?</script>", "", done.stdout, flags=re.DOTALL)

    return after_scripts
