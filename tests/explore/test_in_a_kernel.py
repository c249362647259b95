import nbformat
from nbclient import NotebookClient

CELL = """
import pandas as pd
from clear_helpers import explore
weeks = pd.date_range("2019-04-01", periods=40, freq="W-MON")
series = {"Home-visit requests": pd.Series([28.0, 32.0, 29.0, 31.0] * 10, index=weeks)}
explorer = explore.signals_explorer(series, table="home_visit_request")
explorer
"""


def test_one_output_offers_widget_chart_and_words():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert set(output.data) == {
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.vegalite.v5+json",
        "text/plain",
    }
    spec = output.data["application/vnd.vegalite.v5+json"]
    assert output.data["text/plain"] == spec["description"]
    assert "Home-visit requests stayed within" in " ".join(spec["title"]["text"])
