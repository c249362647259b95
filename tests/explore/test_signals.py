import datetime as dt

import numpy as np
import pandas as pd
import pytest

from clear_helpers import charts, explore

WEEKS = pd.date_range("2019-04-01", periods=60, freq="W-MON")
ZIGZAG = pd.Series(np.tile([28.0, 32.0, 29.0, 31.0], 15), index=WEEKS)
SERIES = {"Home-visit requests": ZIGZAG, "Emergency admissions": ZIGZAG + 10}
REQUESTS = "Home-visit requests"
RESET = dt.date(2019, 10, 28)


def test_redraw_gives_a_chart_that_passes_the_rules():
    chart = explore.redraw(SERIES, REQUESTS, 0, True, None, "")
    assert charts.lint(chart) == []
    assert charts.title_of(chart.to_dict()).startswith(REQUESTS)


def test_a_reset_without_a_reason_is_answered_with_a_request_for_one():
    said = explore.redraw(SERIES, REQUESTS, 0, True, RESET, "  ")
    assert isinstance(said, str)
    assert "write the reason first" in said and "28 October 2019" in said


def test_a_reset_with_a_reason_shows_the_reason():
    chart = explore.redraw(SERIES, REQUESTS, 0, True, RESET, "P5 closed a clinic")
    marks = chart.to_dict()["datasets"]["points_rebase"]
    assert "P5 closed a clinic" in marks[0]["reason"].replace("\n", " ")


def test_the_rule_can_be_lifted_but_the_chart_still_says_no_reason():
    chart = explore.redraw(SERIES, REQUESTS, 0, True, RESET, "", rebase_reason_required=False)
    assert "no reason given" in chart.to_dict()["description"]


def test_baseline_and_screening_reach_the_limits():
    spiky = ZIGZAG.copy()
    spiky.iloc[30] = 90
    drawn = [
        charts.chart_table(explore.redraw({"a": spiky}, "a", baseline, screen))["upper"].iloc[0]
        for baseline, screen in ((0, True), (0, False), (12, True))
    ]
    assert len(set(drawn)) == 3


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"baseline": 5}, "at least 12 weeks"),
        ({"baseline": 40, "rebase_on": RESET, "reason": "x"}, "longer than the 30 there are"),
        ({"rebase_on": dt.date(2019, 4, 20), "reason": "x"}, "leaves 3 weeks before and 57 after"),
        ({"rebase_on": dt.date(2030, 1, 1), "reason": "x"}, "leaves 60 weeks before and 0 after"),
        ({"measure": "Calls"}, "There is no measure 'Calls'"),
    ],
)
def test_settings_that_cannot_be_drawn_are_answered_in_words(settings, words):
    said = explore.redraw(SERIES, **{"measure": REQUESTS, **settings})
    assert isinstance(said, str) and words in said


def test_a_gap_in_the_series_is_answered_in_words():
    gappy = ZIGZAG.copy()
    gappy.iloc[3] = np.nan
    said = explore.redraw({"a": gappy}, "a")
    assert isinstance(said, str) and said.startswith("a cannot be charted")


def test_moving_a_control_redraws_and_asking_for_a_reason_keeps_the_chart():
    explorer = explore.signals_explorer(SERIES)
    box, first = explorer.controls, explorer.chart
    box["measure"].value = "Emergency admissions"
    second = explorer.chart
    assert second is not first
    box["rebase_on"].value = RESET
    assert explorer.chart is second
    message, picture = explorer.widget.children[-2:]
    assert "write the reason first" in message.value and 'role="status"' in message.value
    box["reason"].value = "first wave over"
    assert explorer.chart is not second
    assert "write the reason" not in message.value
    shown = picture.outputs[0]["data"]
    assert shown["text/plain"] == explorer.chart.to_dict()["description"]
    assert "first wave over" in shown["text/plain"]


def test_every_control_has_a_label_that_is_not_cut_off():
    for control in explore.signals_explorer(SERIES).controls.values():
        assert control.description
        assert control.style.description_width == "initial"


def test_an_explorer_opens_on_a_chart_or_not_at_all():
    with pytest.raises(ValueError, match="found none"):
        explore.signals_explorer({})
    with pytest.raises(ValueError, match="must open on a chart"):
        explore.Explorer(lambda: "not yet", {})
