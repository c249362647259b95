import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clear_helpers import charts
from clear_helpers.methods import spc

WEEKS = pd.date_range("2019-04-01", periods=156, freq="W-MON")
# Drawing a chart takes a tenth of a second, so a failing example is shown as found, not shrunk.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
REQUESTS = {"measure": "Home-visit requests", "table": "home_visit_request"}


@pytest.fixture(autouse=True)
def _forget_settings():
    charts.configure()
    yield
    charts.configure()


def zigzag(n=40, level=30, index=True):
    """Common cause by construction: no run of seven, nothing near a limit."""
    values = level + np.tile([-2.0, 2.0, -1.0, 1.0], n)[:n]
    return pd.Series(values, index=WEEKS[:n] if index else range(n))


def title_of(values, **choices):
    return charts.spc_title(spc.xmr(values, **choices), measure="Home-visit requests")


def test_quiet_series_says_so():
    assert title_of(zigzag()) == (
        "Home-visit requests stayed within expected variation, averaging 30 a week over 40 weeks"
    )


def test_one_point_outside_is_named_with_its_week():
    values = zigzag()
    values.iloc[30] = 60
    title = title_of(values, improvement="decrease")
    assert "went above the upper limit of" in title
    assert title.endswith("in the week of 28 October 2019, a concern")


def test_points_outside_on_both_sides_are_counted_without_a_side():
    values = zigzag(60)
    values.iloc[[30, 50]] = [60, 2]
    assert "went outside the limits in 2 of 60 weeks, most recently 16 March 2020" in title_of(
        values
    )


def test_shift_that_lasts_and_shift_that_is_over_read_differently():
    rising, over = zigzag(60), zigzag(60)
    rising.iloc[-9:] += 4
    over.iloc[30:39] += 4
    assert "ran above the average of" in title_of(rising)
    assert title_of(rising, improvement="neutral").endswith("for the last 9 weeks")
    assert "for 11 weeks to 30 December 2019, now over" in title_of(over)


def test_shift_below_never_says_rose_or_above():
    falling = zigzag(60)
    falling.iloc[-9:] -= 4
    words = title_of(falling).split()
    assert "below" in words
    assert not {"above", "rose", "increased"} & set(words)


def test_trend_counts_the_rises():
    values = zigzag(40)
    values.iloc[-8:] = [26, 27, 28, 29, 30, 31, 32, 33]
    assert "rose 7 weeks in a row to 33 a week" in title_of(values)


def test_step_inside_the_last_segment_is_told_as_a_step():
    values = pd.concat([zigzag(60, 30), zigzag(60, 40).set_axis(WEEKS[60:120])])
    assert title_of(values) == (
        "Home-visit requests rose from about 30 to 40 a week around 25 May 2020, an improvement"
    )


def test_reset_limits_compare_the_two_parts():
    values = pd.concat([zigzag(60, 30), zigzag(60, 20).set_axis(WEEKS[60:120])])
    assert title_of(values, rebase_at=[60]) == (
        "Home-visit requests fell from 30 to 20 a week after the reset at 25 May 2020, "
        "then stayed stable"
    )


def test_a_reset_that_changed_little_is_not_called_a_change():
    values = pd.concat([zigzag(60, 30), zigzag(60, 30.5).set_axis(WEEKS[60:120])])
    title = title_of(values, rebase_at=[60])
    assert "stayed near 30.5 a week" in title
    assert "rose" not in title


def test_one_value_is_not_given_limits():
    assert title_of([5]) == (
        "Home-visit requests averaged 5 a week, with too few different points for limits"
    )


@settings(max_examples=40, deadline=None, phases=QUICK)
@given(
    values=st.lists(
        st.one_of(st.integers(0, 90), st.floats(-1e6, 1e7, allow_nan=False)),
        min_size=1,
        max_size=70,
    ),
    measure=st.sampled_from(
        [
            "Home-visit requests",
            "A&E attendances",
            "Emergency admissions of housebound people aged 65 and over with two or more "
            "long-term conditions",
            "Mean minutes from request to response for the visiting service across all practices "
            "in the network after referral",
        ]
    ),
    unit=st.sampled_from(["a week", "minutes", "%", "per 1,000 registered patients a month"]),
    improvement=st.sampled_from(["increase", "decrease", "neutral"]),
    dated=st.booleans(),
    rebase=st.booleans(),
)
def test_any_series_gives_a_chart_that_passes_the_rules(
    values, measure, unit, improvement, dated, rebase
):
    series = pd.Series(values, index=WEEKS[: len(values)] if dated else None, dtype=float)
    rebase_at = [len(values) // 2] if rebase and len(values) > 3 else []
    result = spc.xmr(series, improvement=improvement, rebase_at=rebase_at, target=40)
    chart = charts.spc_chart(result, measure=measure, unit=unit, table="spell")
    spec = chart.to_dict()
    assert charts.lint(spec) == []
    assert "nan" not in json.dumps(spec).lower().split()
    title = charts.title_of(spec)
    if rebase_at and not result.points["special_cause"].notna().any():
        before, after = result.segments["mean"]
        assert not (" rose " in title and after < before)
        assert not (" fell " in title and after > before)


@settings(max_examples=400, deadline=None, phases=QUICK)
@given(
    values=st.one_of(
        st.lists(st.integers(0, 60), min_size=1, max_size=60),
        st.lists(st.integers(0, 8), min_size=24, max_size=60),  # quiet enough to hold a step
    ),
    step=st.integers(-40, 40),
    rebase=st.booleans(),
)
def test_titles_are_findings_of_at_most_20_words_in_the_right_direction(values, step, rebase):
    series = np.array(values, float)
    series[len(values) // 2 :] += step
    rebase_at = [len(values) // 2] if rebase and len(values) > 3 else []
    result = spc.xmr(series, rebase_at=rebase_at)
    title = charts.spc_title(result, measure="Visits")
    assert charts.has_finite_verb(title) and len(title.split()) <= 20
    last = result.points[result.points["segment"] == result.points["segment"].iloc[-1]]
    flags = last.loc[last["special_cause"].notna(), "direction"]
    if len(flags):
        up = flags.iloc[-1] == "up"
        assert not ({"rose", "above", "upper"} if not up else {"fell", "below", "lower"}) & set(
            title.split()
        )
    elif rebase_at:
        before, after = result.segments["mean"]
        assert not (" rose " in title and after < before)
        assert not (" fell " in title and after > before)


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(values=st.lists(st.integers(0, 60), min_size=2, max_size=50))
def test_beside_chart_never_calls_ordinary_variation_a_signal(values):
    result = spc.xmr(values)
    chart = charts.two_point_beside_spc(result, **REQUESTS)
    title = charts.title_of(chart.to_dict())
    assert charts.lint(chart) == []
    if result.variation == "common_cause":
        assert "signal" not in title
    rise, fall = values[-1] > values[-2], values[-1] < values[-2]
    assert ("rise" in title.split()[:4]) == rise
    assert ("fall" in title.split()[:4]) == fall


def test_alt_text_gives_type_period_numbers_signals_and_icons():
    values = zigzag(60)
    values.iloc[-1] = 60
    result = spc.xmr(values, improvement="decrease", target=10, rebase_at=[30])
    words = charts.spc_alt_text(
        result, measure="Home-visit requests", rebase_reasons=["the clinic closed"]
    )
    for part in (
        "Statistical process control chart of home-visit requests a week",
        "weeks beginning 1 April 2019 to 18 May 2020 (60 points)",
        "process limits from",
        "reset at 28 October 2019: the clinic closed.",
        "1 point shows special cause: 1 above the upper limit (18 May 2020).",
        "Variation icon: concern, high.",
        "Assurance icon: will fail the target of 10 a week.",
    ):
        assert part in words


def texts(node):
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield value
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


@pytest.mark.parametrize(
    ("last", "target", "letters"),
    [
        (60, None, {"H"}),
        (1, None, {"L"}),
        (30, 100, {"F"}),
        (30, -100, {"P"}),
        (30, 30, {"?"}),
        (30, None, set()),
    ],
)
def test_icons_carry_the_plot_the_dots_letters(last, target, letters):
    values = zigzag(60)
    values.iloc[-1] = last
    result = spc.xmr(values, improvement="increase", target=target)
    spec = charts.spc_chart(result, **REQUESTS).to_dict()
    assert {text for text in texts(spec["layer"]) if len(text) == 1} == letters


def test_tooltip_says_the_rule_in_words():
    values = zigzag(60)
    values.iloc[-1] = 60
    table = charts.chart_table(charts.spc_chart(spc.xmr(values), **REQUESTS))
    assert table["reading"].iloc[-1] == "Special cause: above the upper limit"
    assert table["reading"].iloc[0] == "Ordinary variation"
    assert table["when"].iloc[-1] == "18 May 2020"


def test_negative_limit_of_a_count_is_not_drawn_as_if_it_could_happen():
    rng = np.random.default_rng(3)
    spec = charts.spc_chart(
        spc.xmr(pd.Series(rng.poisson(3, 50), index=WEEKS[:50])), **REQUESTS
    ).to_dict()
    labels = {row["label"] for row in spec["datasets"]["points_labels"]}
    assert "Lower limit below 0" in labels
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_too_many_reasons_are_refused():
    with pytest.raises(charts.ChartError, match="2 reasons for 0 rebase points"):
        charts.spc_chart(spc.xmr(zigzag()), rebase_reasons=["a", "b"], **REQUESTS)


def test_a_reset_without_a_reason_says_that_none_was_given():
    spec = charts.spc_chart(spc.xmr(zigzag(60), rebase_at=[30]), **REQUESTS).to_dict()
    reason = spec["datasets"]["points_rebase"][0]["reason"]
    assert "no reason given" in reason.replace("\n", " ")


def test_small_multiples_name_the_one_that_differs_and_keep_every_row():
    results = {f"P{i}": spc.xmr(zigzag(60, 10 + i), improvement="decrease") for i in range(1, 7)}
    loud = zigzag(60, 15)
    loud.iloc[-1] = 40
    results["P5"] = spc.xmr(loud, improvement="decrease")
    chart = charts.spc_small_multiples(results, **REQUESTS)
    assert charts.title_of(chart.to_dict()) == (
        "Only P5 shows special cause (concern, high) in the latest week for home-visit requests"
    )
    assert charts.lint(chart) == []
    table = charts.chart_table(chart)
    assert len(table) == 360
    assert set(table["practice"]) == set(results)
    panel_titles = [panel["title"]["text"] for panel in chart.to_dict()["concat"]]
    assert panel_titles[4] == "P5: concern, high"


def test_small_multiples_say_which_scale_they_use():
    alike = {"P1": spc.xmr(zigzag(40, 10)), "P2": spc.xmr(zigzag(40, 20))}
    unlike = {"P1": spc.xmr(zigzag(40, 10)), "P2": spc.xmr(zigzag(40, 90))}
    said = [
        charts.caption_of(charts.spc_small_multiples(r, **REQUESTS).to_dict())
        for r in (alike, unlike)
    ]
    assert "All panels share one vertical scale" in said[0]
    assert "Each panel has its own vertical scale" in said[1]


def test_small_multiples_of_all_and_of_none():
    quiet = {f"P{i}": spc.xmr(zigzag(40, 10 + i)) for i in range(3)}
    assert charts.title_of(charts.spc_small_multiples(quiet, **REQUESTS).to_dict()).startswith(
        "None of the three practices shows special cause in the latest week"
    )
    loud = zigzag(40)
    loud.iloc[-1] = 90
    every = {name: spc.xmr(loud) for name in ("P1", "P2")}
    assert charts.title_of(charts.spc_small_multiples(every, **REQUESTS).to_dict()).startswith(
        "All two practices show special cause (improvement, high)"
    )


def test_two_point_chart_is_the_press_release_and_says_what_it_cannot_tell():
    chart = charts.two_point_chart([10.0, 20.0, 25.0], improvement="decrease", **REQUESTS)
    spec = chart.to_dict()
    assert charts.title_of(spec) == "Home-visit requests rose 25% in one week to 25 a week"
    assert "cannot tell a signal from noise" in charts.caption_of(spec)
    assert charts.lint(spec) == []


def test_two_points_need_two():
    with pytest.raises(charts.ChartError, match="found 1"):
        charts.two_point_chart([3.0], **REQUESTS)


def test_beside_chart_tells_noise_from_signal():
    noise, signal = zigzag(60), zigzag(60)
    noise.iloc[-2:] = [28, 32]
    signal.iloc[-2:] = [28, 60]
    said = [
        charts.title_of(charts.two_point_beside_spc(v, **REQUESTS).to_dict())
        for v in (noise, signal)
    ]
    assert said[0].startswith("The 14% rise was noise: the latest week stayed within its limits")
    assert said[1].startswith("The 114% rise was a signal: the latest week went above the upper")


def test_a_very_long_series_stays_small_and_says_what_is_drawn():
    rng = np.random.default_rng(5)
    values = pd.Series(rng.poisson(50, 6_000), index=pd.date_range("2005-01-01", periods=6_000))
    chart = charts.spc_chart(
        spc.xmr(values), unit="a day", period_label="day", measure="Calls", table="call"
    )
    spec = chart.to_dict()
    assert len(json.dumps(spec)) < 300_000
    assert "latest 1,000 of 6,000 days" in charts.caption_of(spec)
