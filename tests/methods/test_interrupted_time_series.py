"""Interrupted time series: the published tutorial's and R's numbers, and effects planted."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import interrupted_time_series as its

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "oracles" / "evaluation.json").read_text(encoding="utf-8")
    )["cases"]
    if case["method"] == "interrupted_time_series"
}
NAMES = {"smokban": "level_change", "law": "level_change", "t": "time"}
BAN = 37
LAW = 170


def sicily(model, **options):
    inputs = CASES[model]["inputs"]
    return its.fit(inputs["aces"], inputs["time"], BAN, population=inputs["stdpop"], **options)


def seatbelts(model, *, logs, **options):
    drivers = np.array(CASES[model]["inputs"]["drivers"], dtype=float)
    values = np.log(drivers) if logs else drivers
    return its.fit(values, np.arange(1, 193), LAW, family="gaussian", **options)


def assert_terms(found, column, expected, rel):
    for name, value in expected.items():
        assert found.terms.at[NAMES.get(name, name), column] == pytest.approx(value, rel=rel), name


def assert_ratio(found, expected, rel):
    assert [found.estimate, found.lower, found.upper] == pytest.approx(
        [expected["rr"], expected["lower"], expected["upper"]], rel=rel
    )


def test_every_published_case_is_tested_here():
    assert set(CASES) == {
        "sicily_model1_poisson",
        "sicily_model2_quasipoisson",
        "sicily_model3_seasonal",
        "sicily_model4_slope_change",
        "sicily_descriptive",
        "seatbelts_log_segmented_ols",
        "seatbelts_level_slope_ols",
    }


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("sicily_model1_poisson", {"family": "poisson", "slope_change": False}),
        ("sicily_model2_quasipoisson", {"slope_change": False}),
        ("sicily_model3_seasonal", {"slope_change": False, "harmonics": 2}),
        ("sicily_model4_slope_change", {"harmonics": 2}),
    ],
)
def test_published_models_of_the_smoking_ban(model, options):
    expected, rel = CASES[model]["expected"], CASES[model]["tolerance"]["rel"]
    found = sicily(model, **options)
    assert_terms(found, "coef", expected["coef"], rel)
    assert_terms(found, "se", expected["se"], rel)
    if "rate_ratio_smokban" in expected:
        assert_ratio(found.level_change, expected["rate_ratio_smokban"], rel)
    for name in {"dispersion", "deviance", "df_resid"} & set(expected):
        assert getattr(found, name) == pytest.approx(expected[name], rel=rel)
    if "annual_trend_ratio" in expected:
        year = found.trend.estimate**12
        assert year == pytest.approx(expected["annual_trend_ratio"], rel=rel)
    if "slope_change_p" in expected:
        assert found.slope_change.p_value == pytest.approx(expected["slope_change_p"], rel=rel)
        simpler = sicily(model, harmonics=2, slope_change=False)
        statistic, p_value = its.compare(simpler, found)
        assert statistic == pytest.approx(expected["F_vs_model3"], abs=0.0005)
        assert p_value == pytest.approx(expected["F_p"], abs=0.0005)


def test_published_naive_means_rise_although_the_ban_lowers_the_rate():
    case = CASES["sicily_descriptive"]
    assert case["inputs"]["smokban"].index(1) == BAN - 1
    found = its.fit(case["inputs"]["aces"], range(1, 60), BAN, population=case["inputs"]["stdpop"])
    rel = case["tolerance"]["rel"]
    before, after = case["expected"].values()
    assert found.mean_before * 100_000 == pytest.approx(before, rel=rel)
    assert found.mean_after * 100_000 == pytest.approx(after, rel=rel)
    assert found.mean_after > found.mean_before
    assert found.level_change.upper < 1


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("seatbelts_log_segmented_ols", {"logs": True, "slope_change": False, "harmonics": 2}),
        ("seatbelts_level_slope_ols", {"logs": False}),
    ],
)
def test_published_models_of_the_seat_belt_law(model, options):
    case = CASES[model]
    assert case["inputs"]["law"].index(1) == LAW - 1
    expected, rel = case["expected"], case["tolerance"]["rel"]
    plain, robust = seatbelts(model, **options), seatbelts(model, **options, hac_lags=12)
    assert_terms(plain, "coef", expected["coef"], rel)
    assert_terms(plain, "se", expected["se_ols"], rel)
    assert_terms(robust, "coef", expected["coef"], rel)
    assert_terms(robust, "se", expected["se_newey_west_12"], rel)
    if "ljung_box_12" in expected:
        statistic, p_value = plain.ljung_box(12)
        assert statistic == pytest.approx(expected["ljung_box_12"], rel=rel)
        assert p_value < 1e-6


def test_newey_west_for_counts_is_the_sandwich_of_scores():
    found = sicily("sicily_model2_quasipoisson", hac_lags=3)
    design = np.column_stack(
        [
            np.ones(59),
            found.points["time"],
            found.points["after"],
            np.maximum(0, found.points["time"] - 36),
        ]
    ).astype(float)
    fitted = found.points["fitted"].to_numpy()
    scores = design * (found.points["value"].to_numpy() - fitted)[:, None]
    middle = scores.T @ scores
    for lag in range(1, 4):
        echo = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / 4) * (echo + echo.T)
    bread = np.linalg.inv(design.T @ (design * fitted[:, None]))
    np.testing.assert_allclose(
        found.terms["se"], np.sqrt(np.diag(bread @ middle @ bread)), rtol=1e-6
    )
    poisson = sicily("sicily_model2_quasipoisson", hac_lags=3, family="poisson")
    np.testing.assert_allclose(found.terms["se"], poisson.terms["se"], rtol=1e-9)


@pytest.mark.parametrize(("family", "least"), [("quasipoisson", 0.92), ("poisson", 0.92)])
def test_planted_level_changes_fall_within_the_interval_as_often_as_stated(family, least):
    generator = np.random.default_rng(22)
    weeks = np.arange(60)
    truth = 0.8
    expected = 200 * np.exp(0.004 * weeks + np.where(weeks >= 30, math.log(truth), 0))
    held = 0
    for _ in range(300):
        level = its.fit(
            generator.poisson(expected), weeks, 30, family=family, slope_change=False
        ).level_change
        held += level.lower <= truth <= level.upper
    assert least <= held / 300 <= 0.98


def test_gaussian_intervals_hold_a_planted_change_as_often_as_stated():
    generator = np.random.default_rng(4)
    weeks = np.arange(40)
    held = 0
    for _ in range(300):
        values = 50 + 0.3 * weeks - 8 * (weeks >= 20) + generator.normal(0, 5, 40)
        level = its.fit(values, weeks, 20, family="gaussian", slope_change=False).level_change
        held += level.lower <= -8 <= level.upper
    assert 0.92 <= held / 300 <= 0.98


def test_echoing_series_need_wider_intervals():
    generator = np.random.default_rng(9)
    noise = np.zeros(200)
    for week in range(1, 200):
        noise[week] = 0.8 * noise[week - 1] + generator.normal()
    plain = its.fit(noise, range(200), 100, family="gaussian")
    robust = its.fit(noise, range(200), 100, family="gaussian", hac_lags=10)
    assert plain.ljung_box()[1] < 0.001
    assert robust.level_change.se > 1.3 * plain.level_change.se


@given(
    st.lists(st.integers(1, 500), min_size=12, max_size=30),
    st.floats(-1000, 1000),
    st.floats(0.01, 100),
)
@settings(max_examples=25, deadline=None)
def test_shifting_and_scaling(values, shift, scale):
    weeks = np.arange(len(values))
    start = len(values) // 2
    one = its.fit(values, weeks, start, family="gaussian").terms["coef"]
    moved = its.fit(np.array(values) + shift, weeks, start, family="gaussian").terms["coef"]
    scaled = its.fit(np.array(values) * scale, weeks, start, family="gaussian").terms["coef"]
    np.testing.assert_allclose(moved, one + shift * np.array([1, 0, 0, 0]), atol=1e-6)
    np.testing.assert_allclose(scaled, one * scale, atol=1e-6 * scale, rtol=1e-6)
    people = np.full(len(values), 1000.0)
    rates = its.fit(values, weeks, start, population=people).terms
    tenfold = its.fit(values, weeks, start, population=people * scale).terms
    columns = ["coef", "se", "lower", "upper"]
    rates, tenfold = rates[columns], tenfold[columns]
    np.testing.assert_allclose(rates.iloc[1:], tenfold.iloc[1:], atol=1e-6, rtol=1e-5)
    later = its.fit(values, weeks + 50, start + 50).terms[columns]
    np.testing.assert_allclose(later.iloc[1:], rates.iloc[1:], atol=1e-6, rtol=1e-5)


@given(st.floats(0.5, 0.95))
@settings(max_examples=10, deadline=None)
def test_intervals_widen_with_confidence(confidence):
    narrow = sicily("sicily_model1_poisson", confidence=confidence).level_change
    wide = sicily("sicily_model1_poisson", confidence=confidence + 0.04).level_change
    assert wide.lower < narrow.lower < narrow.estimate < narrow.upper < wide.upper


def test_dates_are_counted_in_years():
    dates = pd.date_range("2019-04-01", periods=104, freq="W-MON")
    years = (dates - dates[0]).days.to_numpy() / 365.25
    after = dates >= pd.Timestamp("2020-04-06")
    gap = dates[~after][-1]
    truth = 100 + 12 * years + 30 * after - 5 * np.where(after, (dates - gap).days / 365.25, 0)
    truth = truth + 7 * np.sin(2 * np.pi * years)
    series = pd.Series(truth, index=dates)
    found = its.fit(series, series.index, "2020-04-06", family="gaussian", harmonics=1)
    assert found.trend.estimate == pytest.approx(12)
    assert found.level_change.estimate == pytest.approx(30)
    assert found.slope_change.estimate == pytest.approx(-5)
    assert found.terms.at["sin1", "coef"] == pytest.approx(7)
    assert found.points.index.equals(dates)
    without = found.points["without"] - (100 + 12 * years + 7 * np.sin(2 * np.pi * years))
    np.testing.assert_allclose(without, 0, atol=1e-6)
    assert list(found.points["after"]) == list(after)


def test_a_time_between_two_points_is_the_next_point():
    at = sicily("sicily_model1_poisson")
    inputs = CASES["sicily_model1_poisson"]["inputs"]
    between = its.fit(inputs["aces"], inputs["time"], 36.5, population=inputs["stdpop"])
    pd.testing.assert_frame_equal(at.terms, between.terms)


def test_overdispersed_counts_are_warned_of_when_taken_as_poisson():
    assert (
        "3.6 times"
        in sicily("sicily_model1_poisson", family="poisson", slope_change=False).warnings[0]
    )
    assert sicily("sicily_model1_poisson").warnings == []


def test_a_series_that_never_varies():
    counts = its.fit([5] * 10, range(10), 5)
    assert counts.level_change.estimate == pytest.approx(1)
    assert counts.dispersion == pytest.approx(0, abs=1e-9)
    assert math.isnan(counts.level_change.p_value)
    assert "exactly" in counts.warnings[0]
    plain = its.fit([5] * 10, range(10), 5, family="gaussian")
    assert plain.level_change.estimate == pytest.approx(0, abs=1e-9)
    assert math.isnan(plain.level_change.p_value)
    assert counts.ljung_box(3) == (0.0, 1.0)


def test_only_nested_fits_are_compared():
    full, simple = sicily("sicily_model1_poisson"), None
    with pytest.raises(ValueError, match="simpler: found NoneType; expected an ItsResult"):
        its.compare(simple, full)
    with pytest.raises(ValueError, match="the fuller with more terms"):
        its.compare(full, full)
    poisson = {"family": "poisson"}
    fall, p_value = its.compare(
        sicily("sicily_model1_poisson", **poisson, slope_change=False),
        sicily("sicily_model1_poisson", **poisson),
    )
    assert fall > 0
    assert 0 < p_value < 1
