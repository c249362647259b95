"""The course's worked answers (G08, G09, G29) through public names."""

import numpy as np
import pandas as pd
import pytest

from clear_helpers.methods import funnel, spc


def test_g08_screened_and_unscreened_limits():
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    unscreened = spc.xmr(values, screen_outliers=False)
    segment = unscreened.segments.iloc[0]
    assert segment["mean"] == pytest.approx(1.9444, abs=5e-5)
    assert segment["moving_range_mean"] == pytest.approx(1.8824, abs=5e-5)
    assert segment["lower"] == pytest.approx(-3.0626, abs=5e-5)
    assert segment["upper"] == pytest.approx(6.9515, abs=5e-5)
    screened = spc.xmr(values).segments.iloc[0]
    assert screened["lower"] == pytest.approx(-0.7156, abs=5e-5)
    assert screened["upper"] == pytest.approx(4.6044, abs=5e-5)


def test_g09_only_p5_lies_beyond_the_outer_limit():
    practices = ["P1", "P2", "P3", "P4", "P5", "P6"]
    observed = pd.Series([118, 96, 143, 88, 167, 72], index=practices)
    expected = pd.Series([104.2, 101.5, 121.0, 99.3, 128.4, 80.9], index=practices)
    points = funnel.standardised_ratio(observed, expected).points
    assert (points["ratio"] * 100).round(1).tolist() == [113.2, 94.6, 118.2, 88.6, 130.1, 89.0]
    worked = [1.31, -0.554, 1.917, -1.168, 3.183, -1.018]
    assert points["z"].round(3).tolist() == worked
    assert funnel.z_score(observed, expected).round(3).tolist() == worked
    assert points["flag"].to_dict() == {
        "P1": "inside",
        "P2": "inside",
        "P3": "inside",
        "P4": "inside",
        "P5": "beyond 99.8%",
        "P6": "inside",
    }


def test_g29_two_point_comparisons_cry_wolf():
    months = np.random.default_rng(11).poisson(30, (5000, 24))
    changes = np.abs(np.diff(months, axis=1)) / months[:, :-1]
    assert (changes >= 0.10).mean() == pytest.approx(0.705, abs=5e-4)
    points = spc.xmr_many(months.T, fix_after=12, screen_outliers=False)
    later = points[points["time"] >= 12]
    outside = (later["value"] > later["upper"]) | (later["value"] < later["lower"])
    assert outside.mean() == pytest.approx(0.019, abs=5e-4)
    assert (later["special_cause"] == "outside").equals(outside)
