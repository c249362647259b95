"""The `workbook` command, as a person or CI runs it: real processes, exit codes, JSON."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).parents[2]
WORKBOOK = Path(sys.executable).parent / "workbook"
WEEK = "week10-signals-and-variation"
NOT_THE_COURSE = shutil.ignore_patterns(
    ".git", ".venv", "build", "synthetic", "portfolio", "release", "submitted", "autograded",
    "feedback", "inbox", "gradebook.db*", "__pycache__", ".*_cache", "submissions", "assignments",
)  # fmt: skip


def workbook(*words: str, course: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CLEAR_COURSE": str(course), "CLEAR_FACULTY_SEEDS": "11,12"}
    return subprocess.run(
        [WORKBOOK, *words], cwd=course, env=environment, capture_output=True, text=True, timeout=400
    )


def plain(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


@pytest.fixture(scope="module")
def copy(generated_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A faculty's own clone, sharing the generated data."""
    root = tmp_path_factory.mktemp("clone") / "course"
    shutil.copytree(ROOT, root, ignore=NOT_THE_COURSE)
    (root / "datasets" / "synthetic").symlink_to(generated_data)
    return root


def test_without_words_it_lists_what_it_can_do() -> None:
    done = workbook()
    for name in ["doctor", "lab", "data", "run", "release", "submit", "collect", "grade"]:
        assert name in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "99"], "no week 99"),
        (["run", "6-1"], "write 1-6"),
        (["run", "ten"], "write 3, 1-6 or 1,10,17"),
        (["run", "24"], "Written so far: 10"),
        (["lab", "24"], "not written yet"),
        (["lab", "10foo"], "no week '10foo'"),
        (["run", "10", "--cohort", "nonsense"], "no cohort 'nonsense'"),
        (["grade", "10"], "--unsandboxed"),
        (["submit", "10"], "--as"),
        (["data", "--patients", "5"], "500"),
        (["data", "--region", "Atlantis"], "The seven are: East of England"),
        (["dance"], "dance"),
    ],
)
def test_misuse_ends_with_2_and_says_how(words: list[str], says: str) -> None:
    done = workbook(*words)
    assert done.returncode == 2
    assert says in plain(done)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["submit", "10", "--as", "nurse.a", "--notebook", "absent.ipynb"], "absent.ipynb"),
        (["grade", "10", "--unsandboxed"], "workbook release 10"),
        (["run", "10", "--out", "/proc/nowhere"], "Cannot read or write"),
    ],
)
def test_what_fails_ends_with_1_and_says_what_to_do(
    words: list[str], says: str, copy: Path
) -> None:
    done = workbook(*words, course=copy)
    assert done.returncode == 1
    assert says in plain(done)


def test_doctor_finds_this_machine_ready() -> None:
    done = workbook("doctor", "--json")
    findings = json.loads(done.stdout)
    assert [f for f in findings if f["level"] == "problem"] == []
    assert done.returncode == 0
    assert any("locked versions" in f["what"] for f in findings)


def test_doctor_names_a_package_that_differs_from_the_lock(copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "course"
    shutil.copytree(copy / "course", other / "course")
    lock = (copy / "requirements.txt").read_text().replace("rich==", "rich==0.", 1)
    (other / "requirements.txt").write_text(lock)
    done = workbook("doctor", course=other)
    assert done.returncode == 1
    assert "rich 0." in plain(done)
    assert "pip install --require-hashes" in plain(done)


def test_data_is_generated_once_and_reported(copy: Path) -> None:
    done = workbook("data", "--patients", "600", "--seed", "3", "--json", course=copy)
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["rows"]["patient"] == 600
    assert set(found["checksums"]) == set(found["rows"])
    shutil.rmtree(next((ROOT / "datasets" / "synthetic").glob("*-600-3")))


def test_progress_lists_24_weeks_and_what_is_next() -> None:
    rows = json.loads(workbook("progress", "--json").stdout)
    assert [row["week"] for row in rows] == list(range(1, 25))
    assert sum(row["next"] for row in rows) <= 1


def test_a_failing_week_ends_with_1_and_shows_cell_line_and_error(
    copy: Path, tmp_path: Path
) -> None:
    shutil.copytree(copy / "course", tmp_path / "course")
    folder = tmp_path / "weeks" / "2-data-visualisation" / WEEK
    folder.mkdir(parents=True)
    broken = nbformat.v4.new_notebook(cells=[new_code_cell("a = 1\nb = a + missing")])
    nbformat.write(broken, folder / f"{WEEK}.ipynb")
    done = workbook("run", "10", "--json", course=tmp_path)
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)
    assert found["failure"]["line"] == "b = a + missing"
    assert "code cell 1, line 2: b = a + missing" in plain(done)
    assert "NameError" in (tmp_path / "build" / "index.html").read_text()


def test_lab_opens_on_the_week() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["lab", "10", "--no-browser", f"--port={port}", "--IdentityProvider.token=t"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--allow-root")
    server = subprocess.Popen([WORKBOOK, *words], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/lab/tree/weeks/2-data-visualisation/{WEEK}/{WEEK}.ipynb"
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/?token=t") as page:
                    assert page.url.split("?")[0] == address
                break
            except OSError:
                assert server.poll() is None, "the server stopped"
                time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not start within a minute")
    finally:
        server.terminate()
        server.wait(20)


def answered(path: Path) -> None:
    """Answer task 4 of the released assignment, as an Associate might."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "w10_t4_answer":
            cell.source = (
                "def assurance(target, lower, upper, direction):\n"
                "    if lower <= target <= upper:\n"
                "        return 'inconsistent'\n"
                "    return 'pass' if (target < lower) == (direction == 'increase') else 'fail'"
            )
    nbformat.write(notebook, path)


def test_a_week_from_release_to_feedback(copy: Path, tmp_path: Path) -> None:
    """Release, work from the bundle, submit, collect, grade, feedback: two marks of twelve."""
    done = workbook("release", "10", "--json", course=copy)
    assert done.returncode == 0, plain(done)
    bundle = tmp_path / "bundle"
    with zipfile.ZipFile(json.loads(done.stdout)["bundle"]) as packed:
        packed.extractall(bundle)
    assert_holds_no_secrets(bundle)
    path = bundle / "assignments" / WEEK / f"{WEEK}.ipynb"

    untouched = workbook("submit", "10", "--as", "nurse.a", course=bundle)
    assert untouched.returncode == 1
    assert "not started" in plain(untouched)
    answered(path)
    handed_in = workbook("submit", "10", "--as", "nurse.a", "--json", course=bundle)
    assert handed_in.returncode == 0, plain(handed_in)

    inbox = copy / "course" / "inbox"
    inbox.mkdir()
    shutil.copy(json.loads(handed_in.stdout)["submission"], inbox)
    (inbox / f"nurse.b_{WEEK}_20260101T000000Z.zip").write_bytes(b"not a zip")
    collected = workbook("collect", "10", course=copy)
    assert collected.returncode == 1
    assert "1 accepted, 1 refused, of 2 zips" in plain(collected)

    graded = workbook("grade", "10", "--unsandboxed", "--json", course=copy)
    assert graded.returncode == 0, plain(graded)
    (row,) = json.loads(graded.stdout)
    assert (row["student"], row["total"], row["maximum"]) == ("nurse.a", 2, 12)
    assert row["marks"]["t4"] == 2

    pages = json.loads(workbook("feedback", "10", "--json", course=copy).stdout)
    assert len(pages) == 1
    assert "has not been answered yet" in Path(pages[0]).read_text()


def assert_holds_no_secrets(bundle: Path) -> None:
    names = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*")}
    for secret in ["course/source", "course/misconceptions", "course/comments", "tests",
                   "datasets/planted_truths.yml", "clear_helpers/classroom/faculty"]:  # fmt: skip
        assert secret not in names
    source: Any = json.loads((ROOT / "course" / "source" / WEEK / f"{WEEK}.ipynb").read_text())
    hidden = "".join("".join(cell["source"]) for cell in source["cells"])
    canary = "belongs to the 2020 shock"
    assert canary in hidden
    for path in bundle.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            told = "closes a clinic"  # a planted truth, in words
            for words in ["### BEGIN SOLUTION", "### BEGIN HIDDEN", "hidden_pcns", canary, told]:
                assert words not in text, f"{words} in {path}"


def test_a_bundle_says_that_faculty_commands_need_the_repository(tmp_path: Path) -> None:
    """The package as Associates have it, without its faculty part."""
    package = tmp_path / "clear_helpers"
    ignored = shutil.ignore_patterns("faculty", "__pycache__")
    shutil.copytree(ROOT / "clear_helpers", package, ignore=ignored)
    shutil.copytree(ROOT / "course", tmp_path / "course", ignore=NOT_THE_COURSE)
    done = subprocess.run(
        [sys.executable, "-c", "from clear_helpers.cli import main; main()", "grade", "10"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "CLEAR_COURSE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "full repository" in plain(done)
