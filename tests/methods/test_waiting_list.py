"""Waiting lists: the peer package's cases, and rules that must hold on any list."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import waiting_list

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "oracles" / "queueing.json").read_text(encoding="utf-8")
    )["cases"]
}


@pytest.mark.parametrize(
    ("case", "method", "key"),
    [
        ("wl_queue_load", waiting_list.load, "load"),
        ("wl_target_queue_size", waiting_list.target_queue_size, "queue"),
        ("wl_target_queue_size", waiting_list.queue_size, "queue"),
        ("wl_target_capacity", waiting_list.target_capacity, "capacity"),
    ],
)
def test_published_arithmetic(case, method, key):
    found = method(**CASES[case]["inputs"])
    np.testing.assert_allclose(
        found, CASES[case]["expected"][key], rtol=CASES[case]["tolerance"]["rel"]
    )


def test_published_queue_by_day():
    case = CASES["wl_queue_size_no_removals"]
    found = waiting_list.queue_size(**case["inputs"])
    assert found.tolist() == case["expected"]["queue"]
    assert found.index[0] == pd.Timestamp("2024-01-01")


def test_published_mean_wait():
    case = CASES["wl_stats_mean_wait"]
    assert waiting_list.mean_wait(**case["inputs"]) == case["expected"]["mean_wait"]


def test_relief_and_pressure_by_their_definitions():
    assert waiting_list.relief_capacity(30, 1200, 390, 26) == pytest.approx(30 + 810 / 26)
    np.testing.assert_allclose(
        waiting_list.relief_capacity([30, 33], [1200, 800], 200, [26, 30]), [30 + 1000 / 26, 53]
    )
    assert waiting_list.pressure(63, 52) == pytest.approx(126 / 52)
    assert waiting_list.mean_wait(target_wait=52) == 13
    assert waiting_list.mean_wait(target_wait=[52, 24], factor=[4, 6]).tolist() == [13, 4]


def test_dates_in_any_form_and_any_order():
    forms = [date(2024, 1, 10), "2024-01-01", pd.Timestamp("2024-01-04 09:30")]
    gone = [None, np.datetime64("2024-01-08"), pd.NaT]
    found = waiting_list.queue_size(forms, gone)
    assert found.tolist() == [1, 1, 1, 2, 2, 2, 2, 1, 1, 2]
    assert waiting_list.mean_wait(forms, gone) == 3
    series = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-01"]))
    assert waiting_list.queue_size(series, series).tolist() == [0]
    assert np.isnan(waiting_list.mean_wait(series, series))


people = st.lists(
    st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 60))), min_size=1, max_size=40
)


@given(people, st.randoms())
@settings(max_examples=80, deadline=None)
def test_the_queue_is_everybody_who_came_less_everybody_who_left(stays, random):
    first = date(2024, 1, 1)
    referral = [first + timedelta(days=day) for day, _ in stays]
    removal = [None if stay is None else first + timedelta(days=day + stay) for day, stay in stays]
    found = waiting_list.queue_size(referral, removal, first, first + timedelta(days=130))
    for day in (0, 17, 60, 130):
        moment = first + timedelta(days=day)
        there = [
            r <= moment and (g is None or g > moment)
            for r, g in zip(referral, removal, strict=True)
        ]
        assert found.iloc[day] == sum(there)
    order = list(range(len(stays)))
    random.shuffle(order)
    shuffled = [referral[k] for k in order], [removal[k] for k in order]
    pd.testing.assert_series_equal(
        found, waiting_list.queue_size(*shuffled, first, first + timedelta(days=130))
    )
    mean, again = waiting_list.mean_wait(referral, removal), waiting_list.mean_wait(*shuffled)
    assert mean == pytest.approx(again, nan_ok=True)


@given(st.floats(0.1, 500), st.floats(1, 100), st.floats(1, 10), st.floats(0.1, 3))
@settings(max_examples=50, deadline=None)
def test_capacity_exceeds_demand_and_relief_shrinks_the_list(demand, target, factor, uneven):
    assert waiting_list.target_capacity(demand, target, factor, uneven, uneven) > demand
    size = waiting_list.target_queue_size(demand, target, factor)
    relief = waiting_list.relief_capacity(demand, 3 * size, size, 26)
    assert 3 * size - 26 * (relief - demand) == pytest.approx(size)
    assert waiting_list.load(demand, relief) < 1
    allowed = waiting_list.mean_wait(target_wait=target, factor=factor)
    assert waiting_list.pressure(allowed, target) == pytest.approx(2 / factor)
