"""Notebooks in standard form: no outputs, no counts, no editor's metadata.

``python -m clear_helpers.headless.tidy`` tidies every notebook of the course.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

from clear_helpers.course import find_course
from clear_helpers.files import write_text

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
KEPT_CELL_METADATA = {"tags", "nbgrader", "seeds", "figures"}


def _text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def standard_form(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook (as JSON) without outputs, counts or stray metadata, in nbformat 4.5."""
    tidy_cells = []
    for number, cell in enumerate(notebook["cells"]):
        source = cell["source"]
        lines = ("".join(source) if isinstance(source, list) else source).rstrip("\n")
        kept = {k: v for k, v in cell.get("metadata", {}).items() if k in KEPT_CELL_METADATA and v}
        new: dict[str, Any] = {
            "cell_type": cell["cell_type"],
            "id": cell.get("id") or f"cell-{number:02d}",
            "metadata": copy.deepcopy(kept),
            "source": lines.splitlines(keepends=True),
        }
        if cell["cell_type"] == "code":
            new |= {"execution_count": None, "outputs": []}
        tidy_cells.append(new)
    return {"cells": tidy_cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}


def problems(path: Path) -> list[str]:
    """What keeps a notebook from standard form; empty when nothing does."""
    found = path.read_text(encoding="utf-8")
    try:
        notebook = json.loads(found)
    except json.JSONDecodeError as error:
        return [f"{path}: not readable as a notebook ({error})"]
    cells = [c for c in notebook.get("cells", []) if c["cell_type"] == "code"]
    if any(c.get("outputs") for c in cells):
        return [f"{path}: has outputs. Run `make tidy`."]
    if any(c.get("execution_count") for c in cells):
        return [f"{path}: has execution counts. Run `make tidy`."]
    if found != _text(standard_form(notebook)):
        return [f"{path}: not in standard form. Run `make tidy`."]
    return []


def tidy(path: Path) -> bool:
    """Put a notebook in standard form; True when that changed the file."""
    found = path.read_text(encoding="utf-8")
    wanted = _text(standard_form(json.loads(found)))
    if wanted != found:
        write_text(path, wanted)
    return wanted != found


def notebooks(root: Path) -> list[Path]:
    """Every notebook that faculty and Associates own: workbooks and instructor versions."""
    folders = [root / "weeks", root / "course" / "source"]
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )


def main() -> None:
    """Tidy every notebook of the course and say which changed."""
    root = find_course().root
    for path in notebooks(root):
        if tidy(path):
            sys.stdout.write(f"tidied {path.relative_to(root)}\n")


if __name__ == "__main__":
    main()
