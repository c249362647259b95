"""Habits the repository keeps: nothing generated, nothing secret, nothing about this machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000


def tracked() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_no_file_over_a_megabyte_except_published_data() -> None:
    published = ROOT / "datasets" / "published"
    big = [p for p in tracked() if p.stat().st_size > MEGABYTE and published not in p.parents]
    assert big == []


@pytest.mark.parametrize(
    "path",
    [
        "datasets/synthetic/larkmoor/patient.parquet",
        "portfolio/week10/variation_pack.json",
        "course/release/week10-x/week10-x.ipynb",
        "course/submitted/bob/week10-x/week10-x.ipynb",
        "course/inbox/bob.zip",
        "course/autograded/bob/week10-x/week10-x.ipynb",
        "course/feedback/bob/week10-x/week10-x.html",
        "course/gradebook.db",
        "course/faculty_seeds.txt",
        "course/roster.csv",
        "extracts/EMIS.csv",
        "build/index.html",
    ],
)
def test_generated_submitted_graded_and_secret_files_are_ignored(path: str) -> None:
    tracked()
    assert subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT).returncode == 0


def test_no_machine_path_and_no_package_host() -> None:
    words = ["/wo" + "rk/", f"{Path.home()}/", "pypi" + ".org", "files.pytho" + "nhosted"]
    for path in tracked():
        if path.suffix in {".png", ".parquet", ".jpg"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert [w for w in words if w in text] == [], path


def test_modules_have_telling_names() -> None:
    vague = re.compile(r"(^|_)(utils?|common|helpers?|misc)(_|$)")
    assert [p for p in (ROOT / "clear_helpers").rglob("*.py") if vague.search(p.stem)] == []
