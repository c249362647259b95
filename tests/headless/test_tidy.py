import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from clear_helpers.headless import problems, tidy
from clear_helpers.headless.tidy import standard_form

texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
    max_size=60,
)


def test_outputs_counts_and_stray_metadata_go_and_what_matters_stays(tmp_path: Path) -> None:
    cell = {
        "cell_type": "code",
        "id": "keep-me",
        "metadata": {"tags": ["parameters"], "scrolled": True, "nbgrader": {"grade_id": "w10_t1"}},
        "source": "x = 1\n",
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "secret"}],
        "execution_count": 3,
    }
    path = tmp_path / "week.ipynb"
    path.write_text(
        json.dumps({"cells": [cell], "metadata": {"x": 1}, "nbformat": 4, "nbformat_minor": 4})
    )
    assert problems(path)
    assert tidy(path) is True
    assert problems(path) == []
    assert tidy(path) is False
    (kept,) = json.loads(path.read_text())["cells"]
    assert kept["id"] == "keep-me"
    assert set(kept["metadata"]) == {"tags", "nbgrader"}
    assert "secret" not in path.read_text()


@given(st.lists(st.tuples(st.sampled_from(["code", "markdown"]), texts)))
def test_standard_form_is_stable_and_loses_no_text(cells: list[tuple[str, str]]) -> None:
    notebook = {"cells": [{"cell_type": k, "metadata": {}, "source": s} for k, s in cells]}
    once = standard_form(notebook)
    assert standard_form(once) == once
    kept = ["".join(cell["source"]) for cell in once["cells"]]
    assert kept == [source.rstrip("\n") for _, source in cells]
