"""Pages that open with no network, charts drawn."""

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from clear_helpers.headless.rendering import render

CHART = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.1.0.json",
    "description": "Two bars: 1 and 2. </script><b>not markup</b>",
    "data": {"values": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "a", "type": "nominal"},
        "y": {"field": "b", "type": "quantitative"},
    },
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    chart = new_output(
        "display_data", data={"application/vnd.vegalite.v5+json": CHART, "text/plain": "alt"}
    )
    widget = new_output(
        "display_data",
        data={
            "application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2},
            "application/vnd.vegalite.v5+json": CHART,
            "text/plain": "alt",
        },
    )
    cells = [new_markdown_cell("# A page"), new_code_cell("chart", outputs=[chart, widget])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "executed.ipynb")
    assert render(tmp_path / "executed.ipynb", tmp_path / "page.html", title="A <page>")
    return tmp_path / "page.html"


def test_the_page_asks_the_network_for_nothing(page: Path) -> None:
    markup = re.sub(r"<script\b.*?</script>", "", page.read_text(), flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", markup)
    assert not re.search(r"<script[^>]*\bsrc=", page.read_text())


def test_text_is_escaped_and_a_chart_has_words(page: Path) -> None:
    text = page.read_text()
    assert "<title>A &lt;page&gt;" in text
    assert "<b>not markup</b>" not in text
    assert len(re.findall(r'<div aria-label="Two bars[^>]*role="img"', text)) == 2


def test_a_browser_without_network_draws_every_chart(
    page: Path, browse: Callable[[Path], str]
) -> None:
    drawn = browse(page)
    assert drawn.count("<svg") == 2
    assert drawn.count('class="mark-rect role-mark marks"') == 2


def test_nothing_to_render_is_said(tmp_path: Path) -> None:
    assert not render(tmp_path / "absent.ipynb", tmp_path / "page.html", title="x")
    assert not (tmp_path / "page.html").exists()
