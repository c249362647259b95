"""A copy of the course that assignments may be released and graded in."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from clear_helpers.course import Course

FACULTY_SEEDS = "11,12"


@pytest.fixture(scope="session")
def graded_course(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course's own files, in a folder where nothing has been released yet."""
    root = tmp_path_factory.mktemp("graded")
    parts = ["source", "misconceptions", "comments", "exemplars"]
    for part in parts:
        shutil.copytree(course.root / "course" / part, root / "course" / part)
    for name in ["syllabus.yml", "nbgrader_config.py"]:
        shutil.copy(course.root / "course" / name, root / "course" / name)
    shutil.copytree(course.root / "weeks", root / "weeks")
    return Course(root)


@pytest.fixture(autouse=True)
def known_faculty_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEAR_FACULTY_SEEDS", FACULTY_SEEDS)


@pytest.fixture(scope="session")
def other_pcn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another region's network, as a folder of tables that could be a team's own."""
    from clear_helpers.pcn import synthesise_pcn

    folder = tmp_path_factory.mktemp("london")
    synthesise_pcn(12_000, region="London", seed=5).save(folder)
    return folder


@pytest.fixture(scope="session")
def short_extract(other_pcn: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same network, as a team might have it: less than half a year of activity."""
    folder = tmp_path_factory.mktemp("short")
    times = {
        "appointment": "start",
        "gp_contact": "date",
        "home_visit_request": "requested_at",
        "spell": "admitted_on",
        "ed_attendance": "arrived_at",
    }
    for path in other_pcn.glob("*.parquet"):
        table = pd.read_parquet(path)
        if path.stem in times:
            table = table[table[times[path.stem]] >= "2021-10-04"]
        table.to_parquet(folder / path.name, index=False)
    return folder
