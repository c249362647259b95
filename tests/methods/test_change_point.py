"""Single steps: found where planted, not found in noise, indifferent to units."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import change_point


@given(st.integers(20, 130), st.sampled_from([-30, 30]), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_planted_step_is_found_where_it_is(position, size, seed):
    values = np.random.default_rng(seed).normal(100, 5, 150)
    values[position:] += size
    found = change_point.single_shift(values)
    assert found is not None
    assert found.position == position
    assert found.before == pytest.approx(100, abs=5)
    assert found.change == pytest.approx(size / 100, abs=0.08)
    assert found.p_value < 0.01


@pytest.mark.parametrize(("significance", "most"), [(0.01, 0.02), (0.2, 0.25)])
def test_false_alarms_in_noise_are_no_commoner_than_stated(significance, most):
    rng = np.random.default_rng(3)
    alarms = [
        change_point.single_shift(rng.normal(size=156), significance=significance) is not None
        for _ in range(400)
    ]
    assert np.mean(alarms) <= most
    if significance == 0.2:
        assert np.mean(alarms) > 0.1  # the test is not asleep


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-1000, 1000))
@settings(max_examples=30, deadline=None)
def test_units_do_not_matter(seed, scale, shift):
    values = np.random.default_rng(seed).normal(50, 4, 80)
    values[45:] += 12
    before = change_point.single_shift(values)
    after = change_point.single_shift(values * scale + shift)
    assert before is not None and after is not None
    assert after.position == before.position
    assert after.p_value == pytest.approx(before.p_value, rel=1e-4, abs=1e-12)
    assert after.after == pytest.approx(before.after * scale + shift, rel=1e-6, abs=1e-6)


def test_both_sides_keep_their_least_length():
    values = [0.0] * 5 + [10.0] * 45
    found = change_point.single_shift(values, minimum_segment=8, significance=1)
    assert found is not None
    assert found.position >= 8


def test_a_series_that_does_not_vary_has_no_step():
    assert change_point.single_shift([3.0] * 40) is None


def test_change_from_nothing_has_no_percentage():
    noise = np.tile([-1.0, 1.0], 20)
    found = change_point.single_shift(pd.Series([*noise, *(noise + 20)]))
    assert found is not None
    assert found.before == 0
    assert np.isnan(found.change)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minimum_segment": 1}, "minimum_segment: found 1"),
        ({"minimum_segment": 11}, "found 20 points; expected at least 22"),
        ({"significance": 0}, "significance: found 0"),
        ({"significance": 5}, "significance: found 5"),
    ],
)
def test_options_out_of_range_are_named(options, message):
    with pytest.raises(ValueError) as error:
        change_point.single_shift(range(20), **options)
    assert message in str(error.value)
