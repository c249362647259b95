"""Funnel plots: FunnelPlotR's and Fingertips' numbers, and how flags follow limits."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import funnel, rates

FOLDER = Path(__file__).parents[1] / "oracles"
CASES = json.loads((FOLDER / "funnel.json").read_text(encoding="utf-8"))["cases"]
FINGERTIPS = {
    case["id"]: case
    for case in json.loads((FOLDER / "public_health.json").read_text(encoding="utf-8"))["cases"]
}
COLUMNS = {
    "LCL95": "lower95",
    "UCL95": "upper95",
    "LCL998": "lower998",
    "UCL998": "upper998",
    "OD95LCL": "od_lower95",
    "OD95UCL": "od_upper95",
    "OD998LCL": "od_lower998",
    "OD998UCL": "od_upper998",
}


def as_floats(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def significance(ratio, limits):
    return np.select(
        [
            ratio < limits["lower998"],
            ratio < limits["lower95"],
            ratio > limits["upper998"],
            ratio > limits["upper95"],
        ],
        ["Low (0.001)", "Low (0.025)", "High (0.001)", "High (0.025)"],
        "Not significant",
    )


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["method"] == "funnel_spiegelhalter"],
    ids=lambda case: case["id"],
)
def test_published_funnel(case):
    inputs, expected, tolerance = case["inputs"], dict(case["expected"]), case["tolerance"]
    result = funnel.overdispersion(
        pd.Series(inputs["numerator"], index=inputs["group"]),
        inputs["denominator"],
        kind=inputs["data_type"],
        trim_by=inputs["trim_by"],
        sr_method=inputs["sr_method"],
    )
    assert list(result.points.index) == inputs["group"]
    for name in ("n", "phi", "tau2", "target"):
        close = pytest.approx(expected.pop(name), rel=tolerance["rel"], abs=tolerance["abs"])
        assert getattr(result, name) == close
    for name in ("uzscore", "wuzscore"):
        np.testing.assert_allclose(
            getattr(result, name),
            as_floats(expected.pop(name)),
            rtol=tolerance["rel"],
            atol=tolerance["abs"],
        )
    if "od_outliers_998" in expected:
        beyond = (result.flags["od_flag"] == "beyond 99.8%").sum()
        assert beyond == expected.pop("od_outliers_998")
    assert set(expected) == set(COLUMNS)
    for name, published in expected.items():
        np.testing.assert_allclose(
            result.limits[COLUMNS[name]],
            published,
            rtol=tolerance["rel"],
            atol=tolerance["abs"],
            err_msg=name,
        )
    smooth = result.limits_at(inputs["denominator"]).drop(columns="expected")
    np.testing.assert_allclose(smooth, result.limits)


def test_published_outlier_flags():
    case = next(case for case in CASES if case["method"] == "outlier_flag")
    inputs = case["inputs"]
    pairs = {
        "unadj95": ("LCL95", "UCL95"),
        "adj95": ("OD95LCL", "OD95UCL"),
        "unadj99": ("LCL99", "UCL99"),
        "adj99": ("OD99LCL", "OD99UCL"),
    }
    for name, (lower, upper) in pairs.items():
        found = funnel.outlying(inputs["rr"], inputs[lower], inputs[upper])
        assert found.astype(int).tolist() == case["expected"][name]


def test_fingertips_proportion_limits():
    case = FINGERTIPS["funnel_prop_limits"]
    inputs, expected = case["inputs"], case["expected"]
    target = sum(inputs["numerator"]) / sum(inputs["denominator"])
    limits = funnel.proportion_limits(inputs["at_population"], target=target)
    per = inputs["multiplier"]
    assert target * per == pytest.approx(expected["baseline"], rel=1e-6)
    for ours, theirs in {
        "lower95": "lower_2s",
        "upper95": "upper_2s",
        "lower998": "lower_3s",
        "upper998": "upper_3s",
    }.items():
        np.testing.assert_allclose(limits[ours] * per, expected[theirs], rtol=1e-6, atol=1e-6)


def test_fingertips_proportion_significance():
    case = FINGERTIPS["funnel_prop_significance"]
    above, below = (np.array(case["inputs"][name]) for name in ("numerator", "denominator"))
    limits = funnel.proportion_limits(below, target=above.sum() / below.sum())
    assert significance(above / below, limits).tolist() == case["expected"]["significance"]


def test_fingertips_ratio_significance():
    case = FINGERTIPS["funnel_ratio_significance"]
    observed, expected = (np.array(case["inputs"][name]) for name in ("observed", "expected"))
    limits = funnel.ratio_limits(expected)
    assert significance(observed / expected, limits).tolist() == case["expected"]["significance"]


@pytest.mark.parametrize(("side", "at"), [("lower", 1), ("upper", 0)])
@pytest.mark.parametrize(("width", "confidence"), [("2s", 0.95), ("3s", 0.998)])
def test_fingertips_ratio_limits(side, at, width, confidence):
    case = FINGERTIPS["funnel_ratio_limits_isr"]
    events = case["inputs"]["observed_events"]
    expected = rates.exact_poisson_interval(events, confidence)[at]
    published = np.array(case["expected"][f"{side}_{width}_isr"])
    limits = funnel.ratio_limits(expected)[side + {"2s": "95", "3s": "998"}[width]]
    # The peer stops its search within 1e-7 expected events, so that is where to compare.
    found = np.array(events) / limits
    np.testing.assert_allclose(found, np.array(events) * 100 / published, rtol=1e-6, atol=1e-7)


@given(st.integers(0, 400), st.floats(0.5, 400))
@settings(max_examples=100, deadline=None)
def test_exact_limits_are_the_exact_test(observed, expected):
    limits = funnel.ratio_limits([expected])
    outside = funnel.outlying([observed / expected], limits["lower95"], limits["upper95"])[0]
    lower, upper = rates.exact_poisson_interval(observed)
    if min(abs(lower - expected), abs(upper - expected)) > 1e-6:
        assert outside == (expected < lower or expected > upper)


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(1, 500)), min_size=3, max_size=40))
@settings(max_examples=40, deadline=None)
def test_order_of_the_limits_and_words_of_the_flags(places):
    observed, expected = zip(*places, strict=True)
    result = funnel.standardised_ratio(observed, expected)
    points = result.points
    for before in ("", "od_"):
        ordered = points[
            [f"{before}lower998", f"{before}lower95", f"{before}upper95", f"{before}upper998"]
        ]
        assert (np.diff(ordered, axis=1) >= 0).all()
        beyond = funnel.outlying(
            points["ratio"], points[f"{before}lower95"], points[f"{before}upper95"]
        )
        assert list(points[f"{before}flag"] != "inside") == beyond.tolist()
    assert result.tau2 >= 0


def test_no_overdispersion_is_found_in_chance_alone():
    rng = np.random.default_rng(7)
    expected = rng.uniform(50, 300, 2000)
    result = funnel.standardised_ratio(rng.poisson(expected), expected, sr_method="CQC")
    assert result.phi < 1
    assert result.tau2 == 0
    share = (result.points["flag"] != "inside").mean()
    assert 0.03 < share < 0.06


def test_proportion_limits_of_tiny_places_stay_between_0_and_1():
    result = funnel.overdispersion([0, 3, 300], [1, 4, 900], kind="PR")
    limits = result.limits_at([1, 2, 3, 5, 10])
    assert limits["lower998"].is_monotonic_increasing
    assert limits["upper998"].is_monotonic_decreasing
    assert limits.drop(columns="expected").stack().between(0, 1).all()


def test_no_logarithm_of_nothing():
    with pytest.raises(ValueError, match=r'found 0 at position 1.*sr_method="CQC"'):
        funnel.standardised_ratio([3, 0], [2.0, 1.0])
    assert funnel.standardised_ratio([3, 0], [2.0, 1.0], sr_method="CQC").points["z"].iloc[1] == -2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "XX"}, "kind: found 'XX'"),
        ({"sr_method": "NHS"}, "sr_method: found 'NHS'"),
        ({"trim_by": 0.5}, "trim_by: found 0.5"),
        ({"trim_by": -0.1}, "trim_by: found -0.1"),
        ({"kind": "PR", "numerator": [5, 1]}, "found 5 at position 0, more than its denominator 2"),
        ({"kind": "RC", "numerator": [0, 0]}, "only zeros"),
        ({"numerator": [1]}, "found 1 values; expected 2"),
        ({"denominator": [1, 0]}, "denominator: found 0 at position 1"),
    ],
)
def test_options_out_of_range_are_named(options, message):
    arguments = {"numerator": [1, 1], "denominator": [2, 1]} | options
    with pytest.raises(ValueError) as error:
        funnel.overdispersion(**arguments)
    assert message in str(error.value)
