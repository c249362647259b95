"""What Associates get, and what they must never get."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from tiny_assignment import REPOSITORY, write

from clear_helpers.classroom import progress
from clear_helpers.classroom.faculty import BundleError, build_bundle, faculty_seeds, released_path
from clear_helpers.course import Course


@pytest.fixture(scope="module")
def whole(released, tmp_path_factory):
    """The tiny released course with everything a repository has, faculty's part included."""
    root = tmp_path_factory.mktemp("whole") / "course-folder"
    shutil.copytree(released.root, root)
    course = Course(root)
    week = course.week(10)
    shutil.copytree(
        REPOSITORY / "clear_helpers", root / "clear_helpers", ignore=shutil.ignore_patterns("*.pyc")
    )
    for name in ("pyproject.toml", "requirements.txt"):
        shutil.copy(REPOSITORY / name, root / name)
    for name in ("course/associates_readme.md", "LICENSE", "environment.yml", "datasets/README.md",
                 "datasets/published/gpad_monthly.csv", "datasets/planted_truths.yml",
                 "datasets/synthetic/patient.parquet", "tests/test_x.py", "weeks/glossary.md",
                 "course/exemplars/week03.json"):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    write(new_notebook(cells=[new_code_cell("1 + 1")]), course.workbook(week))
    (course.folder(week) / "questions.py").write_text("")
    for path in (course.misconceptions(week), course.comments(week)):
        path.parent.mkdir(exist_ok=True)
        path.write_text("secret: true")
    return course


@pytest.fixture(scope="module")
def bundle(whole, tmp_path_factory):
    return build_bundle(whole, tmp_path_factory.mktemp("out") / "bundle.zip")


@pytest.fixture
def whole_copy(whole, tmp_path):
    shutil.copytree(whole.root, tmp_path / "whole")
    return Course(tmp_path / "whole")


def contents(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_what_an_associate_needs(bundle, whole):
    week = whole.week(10)
    files = contents(bundle)
    assert {
        f"weeks/2-data-visualisation/{week.name}/{week.name}.ipynb",
        f"weeks/2-data-visualisation/{week.name}/questions.py",
        "weeks/glossary.md",
        f"assignments/{week.name}/{week.name}.ipynb",
        "clear_helpers/classroom/questions.py",
        "clear_helpers/py.typed",
        "course/syllabus.yml",
        "course/exemplars/week03.json",
        "datasets/README.md",
        "datasets/published/gpad_monthly.csv",
        "pyproject.toml",
        "requirements.txt",
        "environment.yml",
        "README.md",
        "LICENSE",
        "checksums.json",
    } <= set(files)


def test_it_holds_nothing_that_is_faculty_s(bundle, whole):
    files = contents(bundle)
    for name in files:
        assert not re.search(
            r"source|misconception|comments|planted|faculty|nbgrader|gradebook|tests/|synthetic"
            r"|submitted|inbox|__pycache__|\.pyc$",
            name,
        ), name
    secrets = [r"BEGIN SOLUTION", r"BEGIN HIDDEN TESTS", r"\bPT\d\d\b", r"canary_numbers"]
    secrets += [rf"\b{seed}\b" for seed in faculty_seeds(whole)]
    for name, data in files.items():
        outside = [] if name.startswith("clear_helpers/") else [r"(?i)misconception|\bplanted"]
        for secret in secrets + outside:
            assert not re.search(secret, data.decode(errors="replace")), (name, secret)


def test_the_same_course_gives_the_same_bytes(bundle, whole, tmp_path):
    again = build_bundle(whole, tmp_path / "again.zip")
    assert again.read_bytes() == bundle.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.zip"]


def test_the_checksums_are_those_of_the_files(bundle):
    files = contents(bundle)
    sums = json.loads(files.pop("checksums.json"))
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_unpacked_it_is_a_course_that_does_without_faculty_s_part(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    script = (
        "from clear_helpers.classroom import has_faculty_part, progress\n"
        "from clear_helpers.course import find_course\n"
        "print(has_faculty_part(), sum(row.written for row in progress(find_course())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "CLEAR_COURSE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["False", "1"], done.stderr


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("weeks/glossary.md", "See PT05.", "'PT05'"),
        ("weeks/glossary.md", "The planted step", "'planted'"),
        ("weeks/glossary.md", "common Misconceptions", "'Misconception'"),
        ("course/exemplars/week03.json", "### BEGIN SOLUTION", "'BEGIN SOLUTION'"),
        ("clear_helpers/spare.py", "### BEGIN HIDDEN TESTS", "'BEGIN HIDDEN TESTS'"),
        ("environment.yml", "{seed}", "{seed}"),
    ],
)
def test_a_file_that_leaks_stops_the_bundle(whole_copy, tmp_path, name, text, words):
    seed = str(faculty_seeds(whole_copy)[1])
    (whole_copy.root / name).write_text(text.replace("{seed}", seed))
    out = tmp_path / "bundle.zip"
    with pytest.raises(BundleError) as caught:
        build_bundle(whole_copy, out)
    assert f"{name}: " in str(caught.value)
    assert words.replace("{seed}", seed) in str(caught.value)
    assert not out.exists()


@pytest.mark.parametrize("leak", ["hidden test", "output"])
def test_a_workbook_that_leaks_stops_the_bundle(whole_copy, tmp_path, leak):
    path = whole_copy.workbook(whole_copy.week(10))
    cell = new_code_cell("    canary_numbers_of_hidden_test = [7, 8]")
    if leak == "output":
        cell = new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")])
    write(new_notebook(cells=[cell]), path)
    with pytest.raises(BundleError, match="hidden line" if leak == "hidden test" else "tidy"):
        build_bundle(whole_copy, tmp_path / "bundle.zip")


def test_an_assignment_that_leaks_stops_the_bundle(whole_copy, tmp_path):
    week = whole_copy.week(10)
    path = released_path(whole_copy, week)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\n    return sum(attended) / sum(offered)"
    write(notebook, path)
    with pytest.raises(BundleError, match=r"assignments/week10.*hidden line in cell 1"):
        build_bundle(whole_copy, tmp_path / "bundle.zip")


def test_a_workbook_may_teach_what_a_solution_does(whole_copy, tmp_path):
    path = whole_copy.workbook(whole_copy.week(10))
    line = "    return sum(attended) / sum(offered)"
    write(new_notebook(cells=[new_code_cell(line)]), path)
    assert build_bundle(whole_copy, tmp_path / "bundle.zip").exists()


def test_a_course_with_a_part_missing(course, tmp_path):
    with pytest.raises(BundleError, match="not found: weeks, clear_helpers"):
        build_bundle(course, tmp_path / "bundle.zip")


def test_progress_names_what_is_next(whole, tmp_path):
    rows = progress(whole, tmp_path)
    assert len(rows) == 24
    assert [row.week for row in rows if row.written] == [10]
    assert [row.week for row in rows if row.next] == [10]
    name = whole.week(10).artefact.name
    (tmp_path / "week10").mkdir()
    (tmp_path / "week10" / f"{name}.json").write_text("{}")
    rows = progress(whole, tmp_path)
    assert rows[9].artefact
    assert not any(row.next for row in rows)
