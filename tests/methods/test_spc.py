"""XmR and run charts: published cases, algebra that must hold, and the speed of many at once."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clear_helpers.methods import spc

ORACLES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "spc.json").read_text(encoding="utf-8")
)
I_CHART, MR_CHART, THRESHOLDS = ORACLES["run_chart_and_i_chart"]

PEER_WORDS = {
    (None, None): "Common Cause",
    ("outside", "up"): "Above UCL",
    ("outside", "down"): "Below LCL",
    ("trend", "up"): "7 Point Trend (Increasing)",
    ("trend", "down"): "7 Point Trend (Decreasing)",
    ("two_of_three", "up"): "2 in 3 Above CL",
    ("two_of_three", "down"): "2 in 3 Below CL",
    ("shift", "up"): "7 Points Above CL",
    ("shift", "down"): "7 Points Below CL",
}


def peer_words(result: spc.SpcResult) -> list[str]:
    pairs = zip(result.points["special_cause"], result.points["direction"], strict=True)
    return [PEER_WORDS[pair] for pair in pairs]


@pytest.mark.parametrize("case", ORACLES["cases"], ids=lambda case: case["id"])
def test_published_case(case):
    inputs, expected = case["inputs"], case["expected"]
    result = spc.xmr(
        inputs["values"],
        improvement=inputs["improvement_direction"],
        target=inputs["target"],
        rebase_at=inputs["rebase_at_index0"],
        fix_after=inputs["fix_after_n_points"],
        screen_outliers=inputs["screen_outliers"],
    )
    tolerance = {"rel": case["tolerance"]["rel"], "abs": case["tolerance"]["abs"]}
    assert len(result.segments) == len(expected["segments"])
    for found, published in zip(
        result.segments.to_dict("records"), expected["segments"], strict=True
    ):
        assert found["n"] == published["n"]
        assert found["mean"] == pytest.approx(published["mean"], **tolerance)
        for ours, theirs in (("lower", "lcl"), ("upper", "ucl")):
            if published[theirs] is None:
                assert math.isnan(found[ours])
            else:
                assert found[ours] == pytest.approx(published[theirs], **tolerance)
    assert peer_words(result) == expected["special_cause_type"]
    assert list(result.points["point_type"]) == expected["point_type"]
    assert list(result.points["special_cause"].notna()) == expected["special_cause_flag"]
    assert result.variation == expected["variation"]
    assert result.assurance == expected["assurance"]


@pytest.mark.parametrize("case", ORACLES["mdc_2023_variant"], ids=lambda case: case["id"])
def test_variant_where_points_beyond_the_limits_count_too(case):
    result = spc.xmr(case["inputs"]["values"], two_sigma="any")
    assert peer_words(result) == case["expected"]["special_cause_type"]


def test_textbook_i_chart():
    inputs, expected = I_CHART["inputs"], I_CHART["expected"]
    result = spc.xmr(
        inputs["values"],
        fix_after=inputs["baseline_n"],
        screen_outliers=False,
        limit_factor=3 / 1.128,
    )
    assert result.last["mean"] == pytest.approx(expected["cl"], rel=1e-9)
    assert result.last["lower"] == pytest.approx(expected["lcl"], rel=1e-9)
    assert result.last["upper"] == pytest.approx(expected["ucl"], rel=1e-9)


def test_moving_range_chart():
    inputs, expected = MR_CHART["inputs"], MR_CHART["expected"]
    result = spc.xmr(inputs["values"], fix_after=inputs["baseline_n"], screen_outliers=False)
    assert math.isnan(result.points["moving_range"].iloc[0])
    assert list(result.points["moving_range"])[1:] == expected["moving_range"][1:]
    segment = result.segments.iloc[0]
    assert segment["moving_range_mean"] == pytest.approx(expected["cl"], rel=1e-9)
    assert segment["moving_range_upper"] == pytest.approx(expected["ucl"], rel=1e-9)


def test_run_chart_thresholds():
    found = [spc.run_chart_thresholds(n) for n in THRESHOLDS["inputs"]["n_useful"]]
    expected = THRESHOLDS["expected"]
    assert [longest for longest, _ in found] == expected["longest_run_max"]
    assert [fewest for _, fewest in found] == expected["crossings_min"]


def test_run_chart_leaves_out_points_on_the_median():
    chart = spc.run_chart([1, 5, 1, 5, 3, 5, 1, 3, 1])
    assert chart.median == 3
    assert chart.useful == 7
    assert chart.longest_run == 2  # the 5s either side of a 3, and the 1s
    assert chart.crossings == 4
    assert not chart.signal


def test_run_chart_signals_a_shift():
    chart = spc.run_chart([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 8, 9, 8, 9, 8, 9, 8, 9, 8, 9])
    assert (chart.longest_run, chart.crossings) == (10, 1)
    assert chart.signal


def test_run_chart_of_one_repeated_value_has_nothing_to_say():
    chart = spc.run_chart([4, 4, 4])
    assert (chart.useful, chart.longest_run, chart.crossings) == (0, 0, 0)
    assert not chart.signal


def test_dates_of_a_series_are_kept():
    weeks = pd.date_range("2019-04-01", periods=20, freq="W-MON")
    result = spc.xmr(pd.Series(range(20), index=weeks), rebase_at=[13])
    assert result.points.index.equals(weeks)
    assert list(result.segments["start"]) == [0, 13]
    assert list(result.segments["end"]) == [12, 19]
    assert list(result.points["segment"]) == [1] * 13 + [2] * 7
    assert result.rebase_at == (13,)


def test_one_value_has_a_mean_and_no_limits():
    result = spc.xmr([5.0], target=4)
    assert result.last["mean"] == 5
    assert math.isnan(result.last["upper"])
    assert result.variation == "common_cause"
    assert result.assurance is None
    assert "one point" in result.warnings[0]


def test_constant_series():
    screened = spc.xmr([0.1] * 15, target=1)
    assert screened.points["upper"].isna().all()
    assert screened.points["special_cause"].isna().all()
    assert screened.assurance is None
    assert "no limits" in screened.warnings[0]
    unscreened = spc.xmr([0.1] * 15, screen_outliers=False)
    assert (unscreened.points["upper"] == 0.1).all()
    assert unscreened.warnings == []


def test_a_shift_after_a_baseline_that_does_not_vary_is_named_without_limits():
    points = spc.xmr([5.0] * 12 + [9, 8, 9, 8, 9, 8, 9], fix_after=12).points
    assert points["upper"].isna().all()
    assert list(points["special_cause"].iloc[12:]) == ["shift"] * 7


def test_short_segments_are_warned_of():
    assert spc.xmr(range(13)).warnings == []
    warnings = spc.xmr(list(range(25)), rebase_at=[13]).warnings
    assert len(warnings) == 1
    assert "Segment 2 (positions 13 to 24) has 12 points" in warnings[0]


@pytest.mark.parametrize("length", [6, 7, 8])
def test_run_length_rules_shift_and_trend(length):
    noise = [5, 7, 4, 6, 5, 7, 4, 6, 5, 7, 4, 6]
    rising = [*noise, *np.arange(length) / 10 + 5]
    assert "trend" in set(spc.xmr(rising, run_length=length).points["special_cause"])
    if length < 8:
        later = spc.xmr(rising, run_length=length + 1).points["special_cause"]
        assert "trend" not in set(later)


def test_a_peak_is_named_by_the_trend_that_follows():
    wide = [-20, 20, -20, 20, -20, 20, -20]
    climb = [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, 0]
    points = spc.xmr([*wide, *climb, *wide[1:]], screen_outliers=False).points.iloc[7:20]
    assert set(points["special_cause"]) == {"trend"}
    assert list(points["direction"]) == ["up"] * 6 + ["down"] * 7


def test_neutral_measures_have_neutral_special_causes_and_no_assurance():
    values = [10, 11] * 8 + [30]
    result = spc.xmr(values, improvement="neutral", target=100)
    assert result.variation == "special_cause_neutral"
    assert result.assurance is None
    assert result.outside_share == pytest.approx(1 / 17)


def test_many_series_are_the_same_as_one_by_one():
    rng = np.random.default_rng(5)
    table = pd.DataFrame(rng.poisson(30, (40, 6)), columns=list("abcdef"))
    options = {"improvement": "decrease", "rebase_at": [20], "fix_after": 12, "run_length": 6}
    many = spc.xmr_many(table, **options)
    for name in table:
        one = spc.xmr(table[name], **options).points
        ours = many[many["series"] == name].drop(columns=["series", "time"]).reset_index(drop=True)
        pd.testing.assert_frame_equal(ours, one)


series = st.lists(st.integers(0, 1000), min_size=2, max_size=60)


def well_clear(result: spc.SpcResult) -> bool:
    """No point so near a line that rounding could move it across."""
    points = result.points
    scale = 1e-9 * (1 + points["value"].abs().max())
    lines = points[["mean", "lower", "upper", "near_lower", "near_upper"]]
    return bool(
        (lines.sub(points["value"], axis=0).abs() > scale).where(lines.notna(), True).all(axis=None)
    )


@given(series, st.integers(-10_000, 10_000), st.sampled_from([0.25, 0.5, 2.0, 64.0, 10.0]))
@settings(max_examples=60, deadline=None)
def test_shifting_and_scaling_the_values_shifts_and_scales_the_chart(values, shift, scale):
    before = spc.xmr(values)
    assume(well_clear(before))
    after = spc.xmr([value * scale + shift for value in values])
    for name in ("mean", "lower", "upper", "near_lower", "near_upper"):
        np.testing.assert_allclose(
            after.points[name], before.points[name] * scale + shift, rtol=1e-9, atol=1e-6
        )
    for name in ("special_cause", "point_type"):
        assert list(after.points[name]) == list(before.points[name])


@given(series)
@settings(max_examples=40, deadline=None)
def test_turning_the_values_over_turns_the_chart_over(values):
    before = spc.xmr(values, improvement="increase")
    assume(well_clear(before))
    after = spc.xmr([-value for value in values], improvement="decrease")
    assert list(after.points["point_type"]) == list(before.points["point_type"])


@given(st.lists(st.lists(st.integers(0, 1000), min_size=1, max_size=20), min_size=2, max_size=4))
@settings(max_examples=40, deadline=None)
def test_rebased_segments_know_nothing_of_each_other(segments):
    def charts(parts):
        starts = np.cumsum([0, *(len(part) for part in parts)]).tolist()
        values = list(itertools.chain.from_iterable(parts))
        points = spc.xmr(values, rebase_at=starts[1:-1]).points.drop(columns="segment")
        return [points.iloc[a:b].reset_index(drop=True) for a, b in itertools.pairwise(starts)]

    forwards = charts(segments)
    backwards = charts(segments[::-1])[::-1]
    for one, other in zip(forwards, backwards, strict=True):
        pd.testing.assert_frame_equal(one, other)


@given(series, st.booleans())
@settings(max_examples=60, deadline=None)
def test_limits_hold_the_mean_and_missing_limits_flag_nothing(values, screen):
    points = spc.xmr(values, screen_outliers=screen).points
    limits = points.dropna(subset=["lower"])
    assert (limits["lower"] <= limits["mean"]).all()
    assert (limits["mean"] <= limits["upper"]).all()
    assert points.loc[points["lower"].isna(), "special_cause"].isna().all()


@given(series)
@settings(max_examples=60, deadline=None)
def test_screening_never_widens_the_limits(values):
    screened, unscreened = spc.xmr(values), spc.xmr(values, screen_outliers=False)
    width = screened.last["upper"] - screened.last["lower"]
    assert math.isnan(width) or width <= unscreened.last["upper"] - unscreened.last["lower"] + 1e-9


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"improvement": "up"}, "improvement: found 'up'"),
        ({"run_length": 5}, "run_length: found 5"),
        ({"run_length": True}, "run_length: found True"),
        ({"two_sigma": "none"}, "two_sigma: found 'none'"),
        ({"fix_after": 11}, "fix_after: found 11"),
        ({"fix_after": 12.5}, "fix_after: found 12.5"),
        ({"rebase_at": [0]}, "rebase_at: found 0 at position 0"),
        ({"rebase_at": [20]}, "rebase_at: found 20 at position 0"),
        ({"rebase_at": [9, 5]}, "rising order"),
        ({"rebase_at": [5, 5]}, "rising order"),
        ({"rebase_at": 5}, "rebase_at: found 5"),
        ({"rebase_at": ["2020-01-01"]}, "rebase_at: found '2020-01-01' at position 0"),
        ({"target": "high"}, "target: found 'high'"),
        ({"target": math.nan}, "target: found a missing value"),
        ({"limit_factor": 0}, "limit_factor: found 0"),
        ({"screen_outliers": "no"}, "screen_outliers: found 'no'"),
    ],
)
def test_options_out_of_range_are_named(options, message):
    with pytest.raises(ValueError) as error:
        spc.xmr(range(20), **options)
    assert message in str(error.value)


def test_dates_out_of_order_are_named():
    days = pd.to_datetime(["2020-01-01", "2020-01-03", "2020-01-02"])
    with pytest.raises(ValueError, match="at position 2 does not come after"):
        spc.xmr(pd.Series([1, 2, 3], index=days))


def test_many_series_name_the_series_that_is_wrong():
    table = pd.DataFrame({"P1": [1.0, 2.0], "P2": [1.0, math.nan]})
    with pytest.raises(ValueError, match=r"series 'P2': found a missing value at position 1"):
        spc.xmr_many(table)
    with pytest.raises(ValueError, match="empty table"):
        spc.xmr_many(pd.DataFrame())
