"""Proportions, rates and means: published cases and limits that must hold."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import rates

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "public_health.json").read_text(encoding="utf-8")
)["cases"]


def of(method):
    return [case for case in CASES if case["method"] == method]


def same(found, published):
    return math.isnan(found) if published is None else found == pytest.approx(published, rel=1e-9)


@pytest.mark.parametrize("case", of("wilson_ci"), ids=lambda case: case["id"])
def test_published_wilson_interval(case):
    lower, upper = rates.wilson_interval(**case["inputs"])
    assert same(lower, case["expected"]["lower"])
    assert same(upper, case["expected"]["upper"])


@pytest.mark.parametrize("case", of("byars_count_ci"), ids=lambda case: case["id"])
def test_published_byar_interval(case):
    lower, upper = rates.byar_interval(**case["inputs"], exact_below=0)
    assert same(lower, case["expected"]["lower"])
    assert same(upper, case["expected"]["upper"])


LIMITS = {0.95: ("lower95_0cl", "upper95_0cl"), 0.998: ("lower99_8cl", "upper99_8cl")}


def assert_published(found, case, confidence):
    close = {name: case["tolerance"][name] for name in ("rel", "abs")}
    names = dict(zip(("lower", "upper"), LIMITS[confidence], strict=True))
    for ours, theirs in ({"value": "value"} | names).items():
        assert found[ours] == pytest.approx(case["expected"][theirs], **close)


@pytest.mark.parametrize("confidence", LIMITS)
@pytest.mark.parametrize("case", of("proportion"), ids=lambda case: case["id"])
def test_published_proportion(case, confidence):
    inputs = case["inputs"]
    found = rates.proportion(
        inputs["numerator"], inputs["denominator"], per=inputs["multiplier"], confidence=confidence
    )
    assert_published(found.iloc[0], case, confidence)


@pytest.mark.parametrize("confidence", LIMITS)
@pytest.mark.parametrize("case", of("crude_rate"), ids=lambda case: case["id"])
def test_published_rate(case, confidence):
    inputs = case["inputs"]
    found = rates.rate(
        inputs["numerator"], inputs["denominator"], per=inputs["multiplier"], confidence=confidence
    )
    assert_published(found.iloc[0], case, confidence)
    assert found["method"].tolist() == [case["expected"]["method"]]


@pytest.mark.parametrize("confidence", LIMITS)
@pytest.mark.parametrize("case", of("mean_t_ci"), ids=lambda case: case["id"])
def test_published_mean(case, confidence):
    found = rates.mean(case["inputs"]["values"], confidence=confidence).iloc[0]
    assert_published(found, case, confidence)
    for name in ("value_sum", "value_count", "stdev"):
        assert found[name] == pytest.approx(case["expected"][name], rel=1e-9)


def test_places_keep_their_names():
    counts = pd.Series([4, 30], index=["P1", "P2"])
    people = pd.Series([100, 200], index=["P1", "P2"])
    found = rates.rate(counts, people, per=1000)
    assert found["value"].to_dict() == {"P1": 40.0, "P2": 150.0}
    assert found["method"].to_dict() == {"P1": "Exact", "P2": "Byars"}
    assert list(rates.proportion(counts, people).index) == ["P1", "P2"]


def test_one_measurement_has_no_spread():
    found = rates.mean([7]).iloc[0]
    assert found["value"] == 7
    assert found[["lower", "upper", "stdev"]].isna().all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), st.floats(0.5, 0.9), st.randoms())
@settings(max_examples=50, deadline=None)
def test_limits_widen_with_confidence_and_order_does_not_matter(values, confidence, random):
    narrow, wide = (rates.mean(values, level).iloc[0] for level in (confidence, 0.99))
    assert wide["lower"] <= narrow["lower"] <= narrow["value"]
    assert narrow["value"] <= narrow["upper"] <= wide["upper"]
    shuffled = random.sample(values, len(values))
    again = rates.mean(shuffled, confidence).iloc[0]
    np.testing.assert_allclose(again, narrow, rtol=1e-9, atol=1e-9)
    moved = rates.mean([2 * value + 5 for value in values], confidence).iloc[0]
    for name in ("value", "lower", "upper"):
        assert moved[name] == pytest.approx(2 * narrow[name] + 5, rel=1e-6, abs=1e-6)


@given(st.integers(0, 200), st.integers(1, 10_000), st.floats(0.5, 0.95))
@settings(max_examples=80, deadline=None)
def test_rates_and_proportions_widen_with_confidence(count, extra, confidence):
    for function in (rates.rate, rates.proportion):
        narrow, wide = (
            function(count, count + extra, confidence=level).iloc[0]
            for level in (confidence, 0.998)
        )
        assert wide["lower"] <= narrow["lower"] <= narrow["value"] <= narrow["upper"]
        assert narrow["upper"] <= wide["upper"]


def test_small_counts_are_exact_by_default():
    assert rates.byar_interval(9) == rates.exact_poisson_interval(9)
    assert rates.byar_interval(10) != rates.exact_poisson_interval(10)
    lower, upper = rates.byar_interval([0, 10])
    assert lower[0] == 0
    assert upper[0] == pytest.approx(-math.log(0.025))  # P(no events) = 2.5 %
    assert (lower[1], upper[1]) == rates.byar_interval(10)


@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 0.999))
@settings(max_examples=80, deadline=None)
def test_intervals_hold_the_estimate(count, extra, confidence):
    lower, upper = rates.byar_interval(count, confidence)
    assert 0 <= lower <= count <= upper
    total = count + extra
    lower, upper = rates.wilson_interval(count, total, confidence)
    assert 0 <= lower <= count / total <= upper <= 1
    mirrored = rates.wilson_interval(extra, total, confidence)
    np.testing.assert_allclose([lower, upper], [1 - mirrored[1], 1 - mirrored[0]], atol=1e-12)


def test_nobody_and_everybody():
    assert rates.wilson_interval(0, 20)[0] == 0
    assert rates.wilson_interval(20, 20)[1] == 1


def test_a_part_larger_than_the_whole_is_named():
    with pytest.raises(ValueError, match="found 5 at position 1, more than its denominator 4"):
        rates.wilson_interval([1, 5], [2, 4])
    with pytest.raises(ValueError, match="numerator: found 1 values; expected 2"):
        rates.wilson_interval([1], [2, 4])
    with pytest.raises(ValueError, match="numerator: found 1 value; expected 2"):
        rates.wilson_interval(5, [6, 4])
