"""An executed notebook as one HTML page that opens without a network.

nbconvert turns the cells into HTML; the page around them carries its own style and the
Vega libraries (from vl-convert), so charts stay interactive on a ward PC or in an e-mail.
"""

from __future__ import annotations

import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from clear_helpers.files import write_text

TEMPLATES = Path(__file__).parent / "templates"
VEGA_LITE = "application/vnd.vegalite"
# "</" inside a script element would end it; JSON allows the escape.
SCRIPT_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


@cache
def vega_script() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, defining ``vegaEmbed``."""
    import vl_convert

    # The library's type stub asks for a snippet that its code does not need.
    return str(vl_convert.javascript_bundle())  # type: ignore[call-arg]


def vega_lite(output: dict[str, Any]) -> dict[str, Any] | None:
    """The Vega-Lite specification in a notebook output, if it is a chart."""
    for kind, data in output.get("data", {}).items():
        if kind.startswith(VEGA_LITE):
            return dict(data)
    return None


def _figure(spec: dict[str, Any], number: int) -> str:
    alt = html.escape(str(spec.get("description", "Chart")), quote=True)
    text = json.dumps(spec, ensure_ascii=False).translate(SCRIPT_SAFE)
    return (
        f'<figure class="chart"><div id="chart-{number}" role="img" aria-label="{alt}"></div>'
        f'<script type="application/json" data-chart="chart-{number}">{text}</script>'
        f"<details><summary>Describe this chart in words</summary><p>{alt}</p></details></figure>"
    )


def render(executed: Path, page: Path, *, title: str) -> bool:
    """Render an executed notebook to one self-contained HTML page.

    Parameters
    ----------
    executed
        Notebook with outputs.
    page
        The HTML file to write.
    title
        Title of the page.

    Returns
    -------
    bool
        False when there is no executed notebook to render.
    """
    if not executed.exists():
        return False
    import nbformat
    from jinja2 import Environment, FileSystemLoader
    from nbconvert import HTMLExporter

    notebook = nbformat.read(executed, as_version=4)
    charts = 0
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.metadata["transient"] = {"remove_source": True}
        for output in cell.get("outputs", []):
            spec = vega_lite(output)
            if spec is not None:
                charts += 1
                output["data"] = {"text/html": _figure(spec, charts)}
    exporter = HTMLExporter(template_name="basic", anchor_link_text="")
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    body, _ = exporter.from_notebook_node(notebook)
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    write_text(
        page,
        templates.get_template("page.html.j2").render(
            title=title, body=body, vega=vega_script() if charts else ""
        ),
    )
    return True
