"""Slope, relative and concentration indices, and shares of a total."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import inequality

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "public_health.json").read_text(encoding="utf-8")
)["cases"]
groups = st.lists(
    st.tuples(st.integers(1, 10_000), st.floats(1, 500)), min_size=2, max_size=10
).map(lambda rows: tuple(zip(*rows, strict=True)))
amounts = st.lists(st.floats(0, 1e5), min_size=1, max_size=40).filter(
    lambda values: sum(values) > 1
)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["method"] == "sii_rii_point"], ids=lambda c: c["id"]
)
def test_published_slope_index(case):
    inputs = case["inputs"]
    # Life expectancy: lower is worse.
    sii, rii = inequality.slope_index(inputs["population"], inputs["value"], higher_is_worse=False)
    assert sii == pytest.approx(case["expected"]["sii"], rel=1e-9)
    assert rii == pytest.approx(case["expected"]["rii"], rel=1e-9)


def test_sign_says_who_fares_worse():
    people = [100] * 5
    falling, rising = [50, 40, 30, 20, 10], [10, 20, 30, 40, 50]
    for values, harm in ((falling, True), (rising, False)):
        sii, rii = inequality.slope_index(people, values, higher_is_worse=harm)
        assert sii == pytest.approx(50)
        assert rii == pytest.approx(55 / 5)
    sii, rii = inequality.slope_index(people, rising)
    assert sii == pytest.approx(-50)
    assert rii == pytest.approx(5 / 55)
    assert inequality.concentration_index(people, falling) < 0
    assert inequality.concentration_index(people, rising) > 0


def test_no_ratio_of_a_line_that_falls_below_zero():
    found = inequality.slope_index([1, 1, 1], [10, 1, 0])
    assert found.sii > 0
    assert np.isnan(found.rii)


@given(groups, st.floats(0.1, 10), st.floats(0, 100))
@settings(max_examples=80, deadline=None)
def test_scale_shift_and_mirror(table, scale, shift):
    people, values = table
    sii, _ = inequality.slope_index(people, values)
    moved, _ = inequality.slope_index(people, [scale * value + shift for value in values])
    assert moved == pytest.approx(scale * sii, rel=1e-6, abs=1e-6)
    mirrored, _ = inequality.slope_index(people[::-1], values[::-1])
    assert mirrored == pytest.approx(-sii, rel=1e-6, abs=1e-6)
    other, _ = inequality.slope_index(people, values, higher_is_worse=False)
    assert other == pytest.approx(-sii)
    more_people = [10 * number for number in people]
    assert inequality.slope_index(more_people, values).sii == pytest.approx(sii, abs=1e-6)
    index = inequality.concentration_index(people, values)
    assert -1 <= index <= 1
    assert inequality.concentration_index(people[::-1], values[::-1]) == pytest.approx(
        -index, abs=1e-9
    )


def test_equal_values_are_no_inequality():
    assert inequality.slope_index([5, 10, 20], [7, 7, 7]) == pytest.approx((0, 1), abs=1e-9)
    assert inequality.concentration_index([5, 10, 20], [7, 7, 7]) == pytest.approx(0, abs=1e-12)


def test_simulated_interval_agrees_with_the_exact_one_for_a_line():
    people, values, errors = [10, 12, 9, 11, 10], [182, 161, 140, 128, 109], [4, 5, 4, 6, 5]
    found = inequality.slope_interval(people, values, errors, repetitions=40_000)
    assert found["value"].tolist() == list(inequality.slope_index(people, values))
    share = np.array(people) / sum(people)
    rank = share.cumsum() - share / 2
    away = rank - share @ rank
    error = np.sqrt(((share * away * errors) ** 2).sum()) / (share @ away**2)
    half = (found.loc["sii", "upper"] - found.loc["sii", "lower"]) / 2
    assert half == pytest.approx(1.96 * error, rel=0.03)
    wide = inequality.slope_interval(people, values, errors, confidence=0.998)
    assert (wide["lower"] < found["lower"]).all()
    assert (wide["upper"] > found["upper"]).all()
    still = inequality.slope_interval(people, values, [0] * 5)
    assert still["lower"].tolist() == pytest.approx(still["value"].tolist())


@given(amounts, st.randoms())
@settings(max_examples=80, deadline=None)
def test_shares_of_a_total(values, random):
    curve = inequality.lorenz(values)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == [1, 1]
    assert (curve["share_of_total"] <= curve["share_of_people"] + 1e-9).all()
    shuffled = random.sample(values, len(values))
    for k in range(1, len(values) + 1):
        share = inequality.top_share(values, k)
        assert share == pytest.approx(1 - curve["share_of_total"].iloc[-1 - k], abs=1e-9)
        assert inequality.top_share(shuffled, k) == pytest.approx(share)
    assert share == pytest.approx(1)
