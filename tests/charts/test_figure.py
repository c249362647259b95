import copy
import itertools
import json
import xml.etree.ElementTree as ET

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

from clear_helpers import charts
from clear_helpers.charts import figure, wording
from clear_helpers.methods import spc

WEEKS = pd.date_range("2019-04-01", periods=60, freq="W-MON")
LONG = (
    "Standardised emergency admissions of housebound people with multimorbidity rose "
    "substantially throughout North Western neighbourhoods notwithstanding pharmacist-led "
    "medication reviews throughout winter"
)


@pytest.fixture(autouse=True)
def _forget_settings():
    charts.configure()
    yield
    charts.configure()


def chart(**choices):
    values = pd.Series(np.tile([28.0, 32.0, 29.0, 31.0], 15), index=WEEKS)
    choices = {"measure": "Requests", "table": "home_visit_request", **choices}
    return charts.spc_chart(spc.xmr(values), **choices)


def test_a_title_of_twenty_long_words_is_wrapped_whole():
    lines = chart(title=LONG).to_dict()["title"]["text"]
    assert " ".join(lines) == LONG
    assert max(map(len, lines)) <= 66 and len(lines) >= 3
    assert figure.wrap("x" * 150, 66) == ["x" * 66, "x" * 66, "x" * 18]


def test_caption_without_a_policy_says_so():
    said = charts.caption_of(chart().to_dict())
    assert said.startswith("Source: home_visit_request (origin not stated), weeks beginning")
    assert "No disclosure policy is set" in said


def test_caption_quotes_policy_and_only_the_caveats_that_apply():
    charts.configure(
        {"threshold": 8, "statement": "Counts of 1 to 7 are hidden."},
        {
            "caveats": [
                {"table": "home_visit_request", "column": None, "text": "P2 began late."},
                {"table": "home_visit_request", "column": "minutes", "text": "Rounded to 5."},
                {"table": "spell", "column": None, "text": "Not this table."},
            ]
        },
    )
    said = charts.caption_of(
        chart(source="Larkmoor PCN, synthetic", column="requested_at").to_dict()
    )
    assert "(Larkmoor PCN, synthetic)" in said
    assert "Counts of 1 to 7 are hidden." in said
    assert said.endswith("Caveat: P2 began late.")
    every = charts.caption_of(chart().to_dict())
    assert every.endswith("Caveats: P2 began late; Rounded to 5.")


def test_counts_too_small_to_show_are_not_in_the_chart_and_the_caption_says_how_many():
    charts.configure({"threshold": 8, "statement": "Counts of 1 to 7 are hidden"})
    weeks = pd.date_range("2021-01-04", periods=16, freq="7D")
    counts = pd.Series([12, 3, 9, 14, 8, 0, 7, 11] * 2, index=weeks)
    drawn = charts.spc_chart(spc.xmr(counts), measure="Falls", table="t")
    assert "Hidden here: 4 points" in charts.words(drawn)["caption"]
    assert set(charts.chart_table(drawn)["value"].dropna()) == {12, 9, 14, 8, 0, 11}
    lines = charts.trend_chart(counts.to_frame("A"), measure="Falls", unit="a week", table="t")
    assert not charts.chart_table(lines)["value"].between(1, 7).any()
    with pytest.raises(charts.ChartError, match="Count longer periods"):
        charts.two_point_chart(counts.iloc[:7], measure="Falls", table="t")
    rates = charts.caption("t", counts=pd.Series([3.5, 9]))
    assert "Hidden" not in rates.replace("are hidden", "")


def test_table_behind_the_chart_has_dates():
    table = charts.chart_table(chart())
    assert list(table["date"]) == list(WEEKS)
    assert table["value"].iloc[0] == 28
    with pytest.raises(charts.ChartError, match="no data of its own"):
        charts.chart_table({"mark": "bar"})


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("b.svg", b"<svg")])
def test_save_writes_a_picture_and_leaves_nothing_else(tmp_path, name, start):
    path = charts.save(chart(), tmp_path / "new" / name)
    assert path.read_bytes().startswith(start)
    assert [file.name for file in path.parent.iterdir()] == [name]
    with pytest.raises(charts.ChartError, match=r"\.svg or \.png"):
        charts.save(chart(), tmp_path / "c.gif")


def marks(svg):
    return sorted(
        element.get("class", "")
        for element in ET.fromstring(svg).iter()
        if element.get("class", "").startswith("mark-")
    )


def test_versions_5_and_6_draw_the_same_marks():
    spec = chart().to_dict()
    drawn = {
        version: marks(vl_convert.vegalite_to_svg(spec, vl_version=version))
        for version in ("5.8", "5.20", "6.4")
    }
    assert len(drawn["5.20"]) > 10
    assert drawn["5.8"] == drawn["5.20"] == drawn["6.4"]


def test_a_good_chart_has_no_problems():
    assert charts.lint(chart()) == []


def broken(change):
    spec = copy.deepcopy(chart().to_dict())
    change(spec)
    return " ".join(charts.lint(spec))


def set_y(spec, **parts):
    for layer in spec["layer"]:
        if "field" in layer.get("encoding", {}).get("y", {}):
            layer["encoding"]["y"].update(parts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s["title"].update(text=""), "There is no title"),
        (lambda s: s["title"].update(text="Home-visit requests by week, 2019–2022"), "no finding"),
        (lambda s: s["title"].update(text="it rose " * 11), "22 words"),
        (lambda s: s.pop("description"), "alt text"),
        (
            lambda s: s.update(description="A chart of many things that has no figure in it"),
            "no number",
        ),
        (lambda s: s["title"].pop("subtitle"), "no caption"),
        (lambda s: set_y(s, title=None), "y axis has no title"),
        (lambda s: set_y(s, title="Requests"), "names no unit"),
        (lambda s: s["layer"][0]["mark"].update(color="#FF0000"), "#FF0000"),
        (lambda s: s["layer"][0]["mark"].update(color="tomato"), "tomato"),
        (lambda s: s["layer"][0]["mark"].update(type="bar"), "do not start from nought"),
        (lambda s: s.update(resolve={"scale": {"y": "independent"}}), "dual axis"),
    ],
)
def test_each_rule_can_fail(change, words):
    assert words in broken(change)


@pytest.mark.parametrize(
    "title",
    [
        "P5 is the only one of our six practices beyond the 99.8% limit",
        "Home-visit requests rose from 58 to 78 a week around 19 July 2021",
        "None of the six practices shows special cause in the latest week",
        "The 18% rise was noise",
        "Nurse visiting took 118% of the hours there are",
    ],
)
def test_findings_have_a_verb(title):
    assert charts.has_finite_verb(title)


@pytest.mark.parametrize(
    "title",
    [
        "Home-visit requests by week, 2019–2022",
        "Falls, visits and calls by practice",
        "Trend in emergency admissions",
        "Rise in demand",
        "Appointments per 1,000 registered patients",
    ],
)
def test_topics_have_none(title):
    assert not charts.has_finite_verb(title)


def test_lint_reads_a_chart_made_by_hand():
    bars = alt.Chart(pd.DataFrame({"a": ["x"], "b": [1]})).mark_bar().encode(x="a:N", y="b:Q")
    said = " ".join(charts.lint(bars))
    assert "no title" in said and "no caption" in said
    # Altair's own default title is the column's name; the axis still has to be named by hand.
    assert "x axis has no title" in said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (71.23, "71.2"),
        (999.96, "1,000"),
        (1240, "1,240"),
        (12_100_000, "12.1 million"),
        (-3.06, "−3.06"),
        (0, "0"),
        (float("nan"), "unknown"),
    ],
)
def test_numbers_are_said_to_three_figures(number, said):
    assert wording.say_number(number) == said


def test_labels_are_moved_apart_but_stay_on_the_page():
    placed = figure.spread([10, 12, 11, 299], 15, 0, 300)
    ordered = sorted(placed)
    assert min(b - a for a, b in itertools.pairwise(ordered)) >= 15
    assert ordered[0] >= 0 and ordered[-1] <= 300


def test_specification_is_plain_json():
    json.dumps(chart().to_dict(), allow_nan=False)
