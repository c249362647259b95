"""Intervals of proportions and counts: published cases and limits that must hold."""

import json
import math
from pathlib import Path

import numpy as np
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
