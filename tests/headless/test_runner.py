"""Running notebooks: one failure never stops the others, and the report says where to look."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from clear_helpers.course import Course
from clear_helpers.headless import execute, run_weeks

ARTEFACT = """
import json, pathlib
folder = pathlib.Path(portfolio_dir) / "week{week:02d}"
folder.mkdir(parents=True, exist_ok=True)
_ = (folder / "{name}.json").write_text("{{}}")
"""


def notebook(*cells: str) -> Any:
    parameters = new_code_cell("portfolio_dir = None\nseed = 2021")
    parameters.metadata["tags"] = ["parameters"]
    made = new_notebook(cells=[new_markdown_cell("# A week"), parameters])
    made.cells += [new_code_cell(source) for source in cells]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return made


@pytest.fixture
def small_course(course: Course, tmp_path: Path) -> Course:
    """A course with the real syllabus and three tiny workbooks: good, failing, good."""
    (tmp_path / "course").mkdir()
    syllabus = course.root / "course" / "syllabus.yml"
    (tmp_path / "course" / "syllabus.yml").write_text(syllabus.read_text())
    small = Course(tmp_path)
    for number in (1, 2, 3):
        week = small.week(number)
        leave = ARTEFACT.format(week=number, name=week.artefact.name)
        cells = ["print(seed)", "total = 1\ntotal / 0  # divided"] if number == 2 else [leave]
        small.folder(week).mkdir(parents=True)
        nbformat.write(notebook(*cells), small.workbook(week))
    return small


def test_one_failure_does_not_stop_the_others_and_is_explained(
    small_course: Course, tmp_path: Path
) -> None:
    seen: list[int] = []
    runs = run_weeks(
        small_course,
        small_course.weeks(),
        out=tmp_path / "out",
        seed=7,
        ended=lambda run: seen.append(run.week),
    )
    assert [run.status for run in runs] == ["passed", "failed", "passed"]
    assert seen == [1, 2, 3]
    failure = runs[1].failure
    assert failure is not None
    assert (failure.cell, failure.line_number, failure.error) == (3, 2, "ZeroDivisionError")
    assert failure.line == "total / 0  # divided"
    report = json.loads((tmp_path / "out" / "report.json").read_text())["notebooks"]
    assert report[1]["failure"]["message"] == "division by zero"
    index = (tmp_path / "out" / "index.html").read_text()
    assert "total / 0" in index
    assert index.count("not written yet") == 21
    assert "2 passed" in index
    assert Path(report[0]["artefact"]).exists()
    # the seed reached the notebook
    assert "7" in Path(report[1]["executed"]).read_text()


def test_a_week_that_leaves_no_artefact_has_failed(small_course: Course, tmp_path: Path) -> None:
    week = small_course.week(1)
    nbformat.write(notebook("print('nothing kept')"), small_course.workbook(week))
    (run,) = run_weeks(small_course, [week], out=tmp_path / "out")
    assert run.status == "failed"
    assert f"left no {week.artefact.name}.json" in str(run.failure)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["import os\nos._exit(1)"], "died"),
        (["while True: pass"], "timed out"),
        (["def (:"], "SyntaxError"),
    ],
    ids=["dead kernel", "never ends", "syntax error"],
)
def test_whatever_stops_a_notebook_becomes_a_failure(
    cells: list[str], says: str, tmp_path: Path
) -> None:
    nbformat.write(notebook(*cells), tmp_path / "week.ipynb")
    failure = execute(tmp_path / "week.ipynb", tmp_path / "out" / "week.ipynb", {}, limit=5)
    assert failure is not None
    assert says.lower() in f"{failure.error} {failure.message}".lower()


def test_a_file_that_is_not_a_notebook_becomes_a_failure(tmp_path: Path) -> None:
    (tmp_path / "week.ipynb").write_text("{ not a notebook")
    failure = execute(tmp_path / "week.ipynb", tmp_path / "out" / "week.ipynb", {})
    assert failure is not None and failure.message
