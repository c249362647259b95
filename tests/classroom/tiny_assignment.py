"""A tiny assignment (two tasks and a reflection) and a course folder to keep it in."""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from clear_helpers.course import Course

REPOSITORY = Path(__file__).resolve().parents[2]

SETUP = "from clear_helpers.classroom import expect\n\nattended = [3, 5]\noffered = [10, 10]"

SOLUTION = '''def rate(attended, offered):
    """Share of offered appointments that were attended."""
    ### BEGIN SOLUTION
    return sum(attended) / sum(offered)
    ### END SOLUTION'''

TEST = """expect(rate([1, 3], [2, 4]), 4 / 6, tolerance=0.001, misunderstandings=[
    (0.625, "That is the mean of the rates, not the rate of the totals."),
    (lambda x: x > 1, "That is upside down: offered over attended."),
])
### BEGIN HIDDEN TESTS
canary_numbers_of_hidden_test = [7, 8]
expect(rate(canary_numbers_of_hidden_test, [9, 20]), 15 / 29, tolerance=0.001, reveal=False)
### END HIDDEN TESTS"""

SECOND = """### BEGIN SOLUTION
total = sum(attended)
### END SOLUTION"""

SECOND_TEST = 'expect(total, 8, misunderstandings=[(20, "That is offered, not attended.")])'


def graded(cell, name, points=None, *, solution=False):
    marks = {"schema_version": 3, "grade_id": name, "grade": points is not None, "task": False}
    marks |= {"solution": solution, "locked": not solution}
    cell.metadata["nbgrader"] = marks | ({} if points is None else {"points": points})
    return cell


def tiny_source():
    """Two tasks (7 and 5 marks) and a reflection (8)."""
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# A tiny assignment"),
            new_code_cell(SETUP),
            graded(new_code_cell(SOLUTION), "w10_t1", solution=True),
            graded(new_code_cell(TEST), "w10_t1_test", 7),
            graded(new_code_cell(SECOND), "w10_t2", solution=True),
            graded(new_code_cell(SECOND_TEST), "w10_t2_test", 5),
            graded(new_markdown_cell("What would settle it?"), "w10_r", 8, solution=True),
        ]
    )
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return notebook


def write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def cell_named(notebook, name):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def make_course(root: Path) -> Course:
    (root / "course").mkdir(parents=True)
    for name in ("syllabus.yml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / "course" / name, root / "course" / name)
    course = Course(root)
    write(tiny_source(), course.source(course.week(10)))
    return course
