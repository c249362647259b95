"""Two steps that this course adds to nbgrader, named in ``course/nbgrader_config.py``."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import NbGraderPreprocessor

_BEGIN, _END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


def without_hidden_tests(source: str) -> str:
    """A cell's source without the lines between the hidden-test marks, and the marks."""
    kept, hidden = [], False
    for line in source.split("\n"):
        hidden = hidden or _BEGIN in line
        if not hidden:
            kept.append(line)
        hidden = hidden and _END not in line
    return "\n".join(kept)


class RepairCells(NbGraderPreprocessor):
    """Bring the graded and locked cells of a submission back to what was released.

    The marks of a cell (its id, points, whether it is graded, locked, a solution) come
    from the gradebook, not from the submission. A second copy of a cell becomes an
    ordinary cell: the last one counts, as it is the last one to run. A cell that was
    deleted is put back after the released cell it followed. A cell with an id that the
    assignment does not have becomes an ordinary cell.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Repair one submitted notebook."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(about["notebook"], about["assignment"])
            points = {cell.name: cell.max_score for cell in notebook.grade_cells}
            solutions = {cell.name for cell in notebook.solution_cells}
            released = {
                cell.name: (cell.cell_type, cell.source, self._marks(cell, points, solutions))
                for cell in notebook.source_cells
            }
        place: dict[str, int] = {}
        for at, cell in enumerate(nb.cells):
            name = _grade_id(cell)
            if name is not None and name in released:
                if name in place:
                    self.log.warning("Cell %s is there twice; the last one counts", name)
                    del nb.cells[place[name]].metadata["nbgrader"]
                place[name] = at
                cell.metadata["nbgrader"] = dict(released[name][2])
            elif "nbgrader" in cell.metadata:
                self.log.warning("Cell %r is not part of this assignment", name)
                del cell.metadata["nbgrader"]
        after = -1
        for name, (kind, source, marks) in released.items():
            if name in place:
                after = nb.cells.index(_cell_named(nb, name))
                continue
            self.log.warning("Cell %s was deleted from the submission and is put back", name)
            new = new_code_cell if kind == "code" else new_markdown_cell
            after += 1
            nb.cells.insert(after, new(source, metadata={"nbgrader": dict(marks)}))
        return nb, resources

    def _marks(self, cell: Any, points: dict[str, float], solutions: set[str]) -> dict[str, Any]:
        name = cell.name
        marks = {
            "schema_version": MetadataValidator().schema_version,
            "grade_id": name,
            "grade": name in points,
            "solution": name in solutions,
            "locked": cell.locked,
            "task": False,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
        }
        return marks | ({"points": points[name]} if name in points else {})


def _grade_id(cell: NotebookNode) -> str | None:
    marks = cell.metadata.get("nbgrader")
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _cell_named(nb: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in nb.cells if _grade_id(cell) == name)


class HideTests(NbGraderPreprocessor):
    """Show an Associate what a test said, not the hidden test or the way through it."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        """Take hidden tests out of a cell, and tracebacks out of a graded cell's output."""
        if not utils.is_grade(cell) or cell.cell_type != "code":
            return cell, resources
        cell.source = without_hidden_tests(cell.source)
        for output in cell.outputs:
            if output.output_type == "error":
                own = output.ename == "AnswerError"
                output.traceback = [output.evalue if own else f"{output.ename}: {output.evalue}"]
        return cell, resources
