"""What a committed notebook must be: standard form, short cells, no figures typed into prose."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clear_helpers.headless.tidy import notebooks, problems

ROOT = Path(__file__).parents[2]
ALL = notebooks(ROOT)
LONGEST_CELL = 15
AMERICAN = r"\b(analyze[sd]?|visualiz\w+|organiz\w+|standardiz\w+|program(?!m)s?|behavior|center|color|labeled)\b"
# Anything that could be a result: decimals, percentages, thousands, or 25 and over.
FIGURE = re.compile(r"(?<![\w.£,])(£?\d+(?:,\d{3})*(?:\.\d+)?%?)(?!\w)")
PRACTICE = re.compile(r"\b[ELMNPSW][1-6]\b|\bLarkmoor\b")


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    return [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == kind]


def unsourced(cell: dict[str, Any]) -> list[str]:
    """Figures in a Markdown cell that its metadata does not give a source for."""
    text = re.sub(r"`[^`]*`|\]\([^)]*\)", "", "".join(cell["source"]))
    known = cell["metadata"].get("figures", {})
    found = [m[1] for m in FIGURE.finditer(text) if m[1] not in known]
    return [f for f in found if not (f.isdigit() and int(f) <= 24)] + PRACTICE.findall(text)


def test_there_is_a_notebook() -> None:
    assert ALL


@pytest.mark.parametrize("path", ALL, ids=lambda p: f"{p.parts[-3]}-{p.stem}")
class TestEveryNotebook:
    def test_is_in_standard_form(self, path: Path) -> None:
        assert problems(path) == []

    def test_has_short_cells(self, path: Path) -> None:
        for cell in cells(path, "code"):
            lines = [line for line in cell["source"] if line.strip()]
            graded = "nbgrader" in cell["metadata"]
            assert graded or len(lines) <= LONGEST_CELL, "".join(lines)[:80]

    def test_gives_a_source_for_every_figure_in_its_prose(self, path: Path) -> None:
        for cell in cells(path, "markdown"):
            assert unsourced(cell) == [], "".join(cell["source"])[:200]

    def test_is_written_in_uk_spelling(self, path: Path) -> None:
        for cell in cells(path, "markdown"):
            assert not re.search(AMERICAN, "".join(cell["source"]), re.IGNORECASE)

    def test_defines_no_methods(self, path: Path) -> None:
        if "source" not in path.parts:
            code = "\n".join("".join(c["source"]) for c in cells(path, "code"))
            assert not re.search(r"^\s*(def|class) ", code, re.MULTILINE)


def test_the_checks_can_fail(tmp_path: Path) -> None:
    bad: dict[str, Any] = {"metadata": {}, "source": ["P5 saw 34.2% more, 1,234 in all, of 2021."]}
    assert unsourced(bad) == ["34.2%", "1,234", "2021", "P5"]
    bad["metadata"] = {"figures": {"2021": "a year"}}
    assert "2021" not in unsourced(bad)
    damaged = tmp_path / "damaged.ipynb"
    damaged.write_text("{")
    assert "not readable" in problems(damaged)[0]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": ["1"], "outputs": [{}]}
    dirty = tmp_path / "dirty.ipynb"
    dirty.write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    assert "has outputs" in problems(dirty)[0]
