"""Costs, potential savings and present values: what must hold whatever the numbers."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import economics

STREAM = st.lists(st.floats(0, 1000), min_size=5, max_size=5)
MONEY = st.floats(0.01, 1000)


def test_annual_cost_is_activity_times_unit_cost():
    cost = economics.annual_cost(
        {"visit": 10, "call": 40}, pd.Series({"call": 15.0, "visit": 60.0}), periods_per_year=52
    )
    assert cost.by_item["cost"].to_dict() == {"visit": 31_200, "call": 31_200}
    assert cost.total == 62_400
    assert cost.by_item["share"].tolist() == [0.5, 0.5]
    assert economics.annual_cost([10, 40], [60, 15]).total == 1200
    assert economics.annual_cost({"visit": 10, "call": 40}, [60, 15]).by_item.index.tolist() == [
        "visit",
        "call",
    ]
    assert math.isnan(economics.annual_cost([0], [5]).by_item["share"][0])


@given(MONEY, MONEY, st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_certain_costs_give_certain_savings(before, after, seed):
    result = economics.savings(before, after, n=50, seed=seed)
    assert result.mean == pytest.approx(before - after)
    assert result.lower == result.upper == pytest.approx(before - after)
    assert result.chance_of_saving == float(before > after)


@given(st.tuples(MONEY, MONEY, MONEY).map(sorted), st.floats(0.1, 10))
@settings(max_examples=30, deadline=None)
def test_an_item_unchanged_saves_nothing_and_scale_carries_through(figures, scale):
    baseline = {"beds": figures, "travel": 5}
    assert not economics.savings(baseline, dict(baseline), n=20).draws.any()
    one = economics.savings(baseline, {"beds": 0, "travel": 5}, n=200)
    many = economics.savings({"beds": [f * scale for f in figures]}, 0, n=200)
    np.testing.assert_allclose(many.draws, one.draws * scale, rtol=1e-6, atol=1e-6)
    assert figures[0] - 1e-9 <= one.lower <= one.median <= one.upper <= figures[2] + 1e-9


def test_savings_follow_the_triangle_and_the_seed():
    result = economics.savings((90, 100, 140), (60, 70, 80), n=100_000)
    assert result.mean == pytest.approx(110 - 70, abs=0.2)
    spread = math.sqrt(
        (90**2 + 100**2 + 140**2 - 90 * 100 - 90 * 140 - 100 * 140) / 18
        + (60**2 + 70**2 + 80**2 - 60 * 70 - 60 * 80 - 70 * 80) / 18
    )
    assert result.draws.std() == pytest.approx(spread, rel=0.02)
    again = economics.savings((90, 100, 140), (60, 70, 80), n=100_000)
    np.testing.assert_array_equal(result.draws, again.draws)
    other = economics.savings((90, 100, 140), (60, 70, 80), n=100_000, seed=1)
    assert (result.draws != other.draws).any()
    assert result.kind == "potential"
    assert result.summary["mean"] == result.mean
    table = pd.DataFrame({"low": [90], "likely": [100], "high": [140]}, index=["cost"])
    same = economics.savings(table, (60, 70, 80), n=100_000)
    np.testing.assert_array_equal(result.draws, same.draws)


@given(STREAM, STREAM, st.floats(0.1, 100))
@settings(max_examples=40, deadline=None)
def test_present_values_are_linear_in_scale(costs, cash, scale):
    one = economics.net_present_value(costs, {"cash": cash})
    many = economics.net_present_value(
        [scale * cost for cost in costs], {"cash": [scale * value for value in cash]}
    )
    assert many.npv == pytest.approx(one.npv * scale, rel=1e-9, abs=1e-6)
    if one.pv_costs > 1e-6:
        assert many.bcr == pytest.approx(one.bcr)
        assert one.bcr * one.break_even == pytest.approx(1) or not one.pv_benefits.sum()


@given(STREAM, STREAM, STREAM)
@settings(max_examples=40, deadline=None)
def test_present_values_of_types_add_up(costs, cash, health):
    both = economics.net_present_value(costs, {"cash": cash, "health": health})
    only_cash = both.counting("cash")
    assert only_cash.npv == pytest.approx(economics.net_present_value(costs, cash).npv)
    assert both.npv - only_cash.npv == pytest.approx(both.pv_benefits["health"], abs=1e-6)
    later = economics.net_present_value([0, *costs], {"cash": [0, *cash]})
    assert later.npv == pytest.approx(only_cash.npv / 1.035, abs=1e-6)


def test_each_type_has_its_own_rate():
    streams = {"cash": [0, 103.5], "health": [0, 101.5]}
    value = economics.net_present_value([0, 0], streams)
    assert value.pv_benefits.to_dict() == pytest.approx({"cash": 100, "health": 100})
    assert math.isnan(value.bcr)
    undiscounted = economics.net_present_value([0, 0], streams, rate=0, rates={})
    assert undiscounted.npv == pytest.approx(205)


@pytest.mark.parametrize(
    ("costs", "cash", "year"),
    [
        ([10, 0, 0], [0, 5, 5], 2),
        ([10, 0, 0], [0, 5, 4], None),
        ([0, 10, 0], [0, 0, 20], 2),
        ([1, 1], [2, 2], 0),
    ],
)
def test_payback(costs, cash, year):
    assert economics.net_present_value(costs, cash).payback_year == year


def test_stress_moves_costs_and_benefits():
    value = economics.net_present_value([100, 0], {"cash": [0, 207]})
    stressed = value.stressed(costs=0.2, benefits=-0.3)
    assert stressed.bcr == pytest.approx(value.bcr * 0.7 / 1.2)
    assert value.stressed().npv == value.npv


@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=10))
@settings(max_examples=40, deadline=None)
def test_leaving_one_site_out(sites):
    summary = economics.site_summary(sites, top=1)
    expected = [np.delete(sites, place).mean() for place in range(len(sites))]
    np.testing.assert_allclose(summary.leave_one_out, expected)
    assert summary.without_largest == pytest.approx(min(expected))
    assert summary.top_share == pytest.approx(max(sites) / sum(sites))


def test_one_site_and_a_site_that_costs_more():
    assert math.isnan(economics.site_summary([3], top=1).without_largest)
    assert math.isnan(economics.site_summary({"a": 3, "b": -1}).top_share)


def test_top_shares():
    assert economics.top_share([1] * 30, share=0.1) == pytest.approx(0.1)
    assert economics.top_share([1, 2, 3, 4], top=1) == 0.4
    assert economics.top_share([5], share=0.01) == 1


def test_one_way_sensitivity_puts_the_widest_first():
    table = economics.one_way(lambda a, b: 10 * a - b, {"b": 3, "a": 2}, 0.5)
    assert table["input"].tolist() == ["a", "b"]
    assert table.loc[0, ["low", "high", "base", "swing"]].tolist() == [7, 27, 17, 20]
    ranges = economics.one_way(lambda a, b: a * b, {"a": 1, "b": 2}, {"b": (0, 10)})
    assert ranges[["low_input", "high_input", "low", "high"]].to_numpy().tolist() == [
        [0, 10, 0, 10]
    ]
