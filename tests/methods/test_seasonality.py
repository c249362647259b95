"""The yearly cycle: removed when planted, level kept, learned only where told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import seasonality

WEEKS = pd.date_range("2019-04-01", periods=156, freq="W-MON")
DAYS = np.asarray((WEEKS - WEEKS[0]).days)


def wave(size, phase, harmonic=1):
    return size * np.sin(2 * np.pi * harmonic * DAYS / 365.25 + phase)


@given(st.floats(0, 50), st.floats(0, 6.28), st.floats(50, 500))
@settings(max_examples=40, deadline=None)
def test_a_planted_season_is_removed_and_the_level_kept(size, phase, level):
    values = pd.Series(level + wave(size, phase), index=WEEKS, name="visits")
    found = seasonality.deseasonalise(values)
    np.testing.assert_allclose(found, level, atol=1e-6)
    assert found.name == "visits"
    assert found.index.equals(WEEKS)


def test_noise_without_a_season_is_left_nearly_alone():
    noise = pd.Series(np.random.default_rng(2).normal(100, 10, 156), index=WEEKS)
    found = seasonality.deseasonalise(noise)
    assert found.mean() == pytest.approx(noise.mean(), abs=0.2)
    assert (found - noise).std() < 3


def test_a_second_wave_needs_a_second_harmonic():
    values = pd.Series(100 + wave(10, 1) + wave(5, 2, harmonic=2), index=WEEKS)
    assert seasonality.deseasonalise(values).std() > 2
    assert seasonality.deseasonalise(values, harmonics=2).std() < 1e-6


@pytest.mark.parametrize("fit", [slice(0, 60), slice("2019-04-01", "2020-05-25")])
def test_a_shock_outside_the_part_learned_from_stays(fit):
    values = pd.Series(100 + wave(10, 1), index=WEEKS)
    values.iloc[70:80] += 40
    found = seasonality.deseasonalise(values, fit=fit)
    np.testing.assert_allclose(found.iloc[70:80], 140, atol=1e-6)
    np.testing.assert_allclose(found.drop(found.index[70:80]), 100, atol=1e-6)


@pytest.mark.parametrize(
    ("dates", "enough"),
    [
        (pd.date_range("2021-04-01", periods=12, freq="MS"), True),
        (pd.date_range("2021-04-01", periods=10, freq="MS"), False),
        (WEEKS[:52], True),
        (WEEKS[:45], False),
    ],
)
def test_about_a_year_is_needed(dates, enough):
    values = pd.Series(np.arange(len(dates)) % 3, index=dates)
    if enough:
        assert len(seasonality.deseasonalise(values)) == len(dates)
    else:
        with pytest.raises(ValueError, match="expected about one full cycle"):
            seasonality.deseasonalise(values)


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([1, 2, 3], {}, "index is dates"),
        (pd.Series([1, 2, 3]), {}, "index is dates"),
        (pd.Series(1.0, index=WEEKS[::-1]), {}, "out of order"),
        (pd.Series(1.0, index=WEEKS), {"harmonics": 0}, "harmonics: found 0"),
        (pd.Series(1.0, index=WEEKS), {"period_days": 0}, "period_days: found 0"),
        (pd.Series(1.0, index=WEEKS), {"fit": 3}, "fit: found 3"),
        (pd.Series(1.0, index=WEEKS), {"fit": slice("spring", None)}, "fit: found slice"),
        (pd.Series(1.0, index=WEEKS), {"fit": slice(0, 3)}, "expected more than 3"),
        (pd.Series(1.0, index=WEEKS).where(DAYS != 14), {}, "missing value at position 2"),
    ],
)
def test_input_out_of_range_is_named(values, options, message):
    with pytest.raises(ValueError) as error:
        seasonality.deseasonalise(values, **options)
    assert message in str(error.value)
