import json

import numpy as np
import pandas as pd
import pytest

from clear_helpers import charts
from clear_helpers.methods import funnel

MONTHS = pd.date_range("2021-02-01", periods=36, freq="MS")


def modes(n=36):
    index = MONTHS[:n] if n <= 36 else pd.date_range("2000-01-01", periods=n)
    ramp = np.linspace(0, 1, n)
    return pd.DataFrame(
        {
            "Face-to-Face": 1000 + 400 * ramp,
            "Telephone": 900 - 500 * ramp,
            "Home Visit": np.full(n, 20.0),
            "Unknown": np.full(n, 30.0),
        },
        index=index,
    )


def six(ratios=(1.13, 0.95, 1.18, 0.89, 1.3, 0.89), places=None):
    names = places or [f"P{i}" for i in range(1, 7)]
    expected = pd.Series([104.2, 101.5, 121.0, 99.3, 128.4, 80.9][: len(names)], index=names)
    observed = (expected * list(ratios[: len(names)])).round()
    return funnel.standardised_ratio(observed, expected)


def funnel_title(result, **choices):
    choices.setdefault("highlight", list(result.points.index))
    chart = charts.funnel_chart(
        result, measure="Emergency admissions", table="practice_indicator", **choices
    )
    assert charts.lint(chart) == []
    return charts.title_of(chart.to_dict())


def test_funnel_names_the_only_one_beyond_the_limit():
    assert funnel_title(six()) == (
        "P5 is the only one of our six practices beyond the 99.8% limit, "
        "with 1.3 times the expected emergency admissions"
    )


def test_funnel_title_when_none_and_when_several_are_beyond():
    assert funnel_title(six((1, 1, 1, 1, 1, 1))) == (
        "None of our six practices lies beyond the 99.8% limit for emergency admissions"
    )
    assert funnel_title(six((1, 1, 2, 1, 2, 1))).startswith(
        "P3 and P5 lie beyond the 99.8% limit, of our six practices"
    )
    assert funnel_title(six((2, 2, 2, 2, 2, 2))).startswith(
        "All our six practices lie beyond the 99.8% limit"
    )


def test_funnel_without_our_own_speaks_of_all():
    assert funnel_title(six(), highlight=None).startswith(
        "P5 is the only one of the six practices beyond"
    )


def test_funnel_limits_are_the_methods_own():
    result = six()
    spec = charts.funnel_chart(result, measure="Admissions", table="t", highlight=["P5"]).to_dict()
    drawn = pd.DataFrame(spec["datasets"]["limits"])
    upper = drawn[drawn["line"] == "Upper 99.8%"]
    again = result.limits_at(upper["expected"])
    assert np.allclose(upper["limit"], again["upper998"], rtol=1e-3)


def test_funnel_names_only_our_own_and_marks_outliers_by_shape():
    table = charts.chart_table(
        charts.funnel_chart(six(), measure="Admissions", table="t", highlight=["P1", "P5"])
    )
    kinds = dict(zip(table["label"], table["kind"], strict=True))
    assert kinds["P1"] == "Ours, inside"
    assert kinds["P5"] == "Beyond 99.8%"
    assert kinds["P2"] == "Other, inside"


def test_funnel_labels_do_not_overprint():
    result = six((1.0, 1.0, 1.0, 1.0, 1.0, 1.0))
    spec = charts.funnel_chart(
        result, measure="Admissions", table="t", highlight=list(result.points.index)
    ).to_dict()
    names = spec["datasets"]["names"]
    assert len(names) == 6
    assert len({(round(row["x"]), round(row["y"], 2)) for row in names}) == 6


def test_funnel_refuses_a_stranger_and_a_wrong_number_of_labels():
    with pytest.raises(charts.ChartError, match="Q9 not found"):
        charts.funnel_chart(six(), measure="m", table="t", highlight=["Q9"])
    with pytest.raises(charts.ChartError, match="1 names for 6 places"):
        charts.funnel_chart(six(), measure="m", table="t", labels=["P1"])


def test_funnel_of_six_thousand_places_stays_small():
    rng = np.random.default_rng(1)
    expected = pd.Series(rng.uniform(20, 900, 6_500), index=[f"G{i}" for i in range(6_500)])
    result = funnel.overdispersion(
        pd.Series(rng.poisson(expected), index=expected.index), expected, kind="SR"
    )
    chart = charts.funnel_chart(result, measure="Admissions", table="t", highlight=["G7"])
    spec = chart.to_dict()
    assert len(json.dumps(spec)) < 300_000
    assert "G7" in set(charts.chart_table(spec)["label"])
    assert "same spot are drawn once" in charts.caption_of(spec)


def test_trend_names_the_largest_change_and_its_direction():
    chart = charts.trend_chart(modes(), measure="Appointments", unit="a month", table="gpad")
    assert charts.title_of(chart.to_dict()) == (
        "Telephone fell most, from 821 to 479 a month between the first and last 12 months"
    )
    assert charts.lint(chart) == []


def test_trend_of_one_series_speaks_of_the_measure():
    flat = modes()[["Home Visit"]]
    chart = charts.trend_chart(flat, measure="Home visits", unit="a month", table="gpad")
    assert charts.title_of(chart.to_dict()) == "Home visits stayed at 20 a month"


def test_trend_of_many_days_is_averaged_and_says_so():
    chart = charts.trend_chart(modes(7_000), measure="Calls", unit="a day", table="t")
    spec = chart.to_dict()
    assert len(json.dumps(spec)) < 300_000
    assert "Each point is the mean of 18 rows" in charts.caption_of(spec)


def test_share_title_is_the_largest_change_in_share():
    chart = charts.share_chart(modes(), measure="Appointments", table="gpad")
    assert charts.title_of(chart.to_dict()) == (
        "Telephone fell from 42% to 26% of appointments between the first and last 12 months"
    )
    assert charts.lint(chart) == []
    table = charts.chart_table(chart)
    assert np.allclose(table.groupby("date")["share"].sum(), 1, atol=1e-4)


def test_ordered_shares_keep_their_order_and_unknown_is_grey():
    names = ["Same Day", "1 Day", "2 to 7 Days", "Unknown"]
    frame = modes().set_axis(names, axis=1)
    spec = charts.share_chart(
        frame, measure="Appointments", table="gpad", order=names, ordered=True
    ).to_dict()
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == names
    assert scale["range"][-1] == "#768692"
    places = {row["series"]: row["place"] for row in spec["datasets"]["labels"]}
    assert places["Same Day"] > places["1 Day"] > places["2 to 7 Days"] > places["Unknown"]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (modes() * -1, "nought or more"),
        (modes().iloc[:0], "nothing to draw"),
        (pd.DataFrame(1.0, MONTHS, [f"m{i}" for i in range(12)]), "too many to tell apart"),
    ],
)
def test_shares_that_cannot_be_drawn_are_explained(frame, words):
    with pytest.raises(charts.ChartError, match=words):
        charts.share_chart(frame, measure="Appointments", table="gpad")


def test_comparison_uses_only_the_months_both_have():
    local = pd.Series(450.0, index=MONTHS[:14])
    national = pd.Series(500.0, index=MONTHS)
    chart = charts.comparison_chart(local, national, measure="Appointments", table="appointment")
    assert charts.title_of(chart.to_dict()) == (
        "Larkmoor PCN averaged 10% below England for appointments, 450 against 500 over 14 months"
    )
    assert charts.lint(chart) == []
    with pytest.raises(charts.ChartError, match="no month in common"):
        charts.comparison_chart(local, national.iloc[20:], measure="m", table="t")
