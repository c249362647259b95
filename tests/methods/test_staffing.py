"""Full-time equivalents and the cheapest skill mix, held against every plan there is."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from clear_helpers.methods import staffing

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "oracles" / "workforce.json").read_text(encoding="utf-8")
    )["cases"]
}


@pytest.mark.parametrize("name", ["fte_from_hours", "fte_cap_two"])
def test_published_fte(name):
    np.testing.assert_allclose(
        staffing.fte(**CASES[name]["inputs"]), CASES[name]["expected"]["fte"], rtol=0, atol=1e-12
    )


def test_published_headcount_and_fte():
    case = CASES["headcount_vs_fte"]
    assert staffing.workforce(**case["inputs"])._asdict() == case["expected"]


def test_hours_worked_stand_in_for_blank_contracts():
    hours = pd.Series([37.5, None, 0.0], index=["a", "b", "c"])
    found = staffing.fte(hours, worked_hours=[10, 15, 30])
    assert found.to_dict() == {"a": 1.0, "b": 0.4, "c": 0.8}
    assert staffing.fte(0, worked_hours=15) == 0.4
    with pytest.raises(ValueError, match="missing value at position 1"):
        staffing.fte(hours)


@given(st.lists(st.floats(0, 168), min_size=1, max_size=20), st.floats(0.1, 3))
@settings(max_examples=50, deadline=None)
def test_fte_is_proportional_until_its_cap(hours, cap):
    whole, capped = staffing.fte(hours), staffing.fte(hours, cap)
    np.testing.assert_allclose(whole * 37.5, hours, atol=1e-9)
    np.testing.assert_allclose(capped, np.minimum(whole, cap))
    assert staffing.workforce(hours).fte == pytest.approx(sum(hours) / 37.5)


def can_do(posts, demand, eligible, supervision, facing):
    """Whether posts (role: FTE) cover the demand: a linear programme of its own."""
    roles, pairs = list(posts), [(t, r) for t in demand for r in eligible[t]]
    used = [
        [(r == role) + (supervision.get(r, 0) if role == "GP" else 0) for _, r in pairs]
        for role in roles
    ]
    done = [[-float(t == task) for t, _ in pairs] for task in demand]
    found = linprog(
        np.zeros(len(pairs)),
        A_ub=used + done,
        b_ub=[posts[r] * facing for r in roles] + [-hours for hours in demand.values()],
    )
    return found.status == 0


small_cases = st.tuples(
    st.tuples(st.integers(0, 60), st.integers(0, 60)),
    st.tuples(*[st.integers(10, 90)] * 3),
    st.tuples(*[st.integers(0, 2)] * 3),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.lists(
        st.lists(st.sampled_from(["GP", "Nurse", "HCA"]), min_size=1, max_size=3),
        min_size=2,
        max_size=2,
    ),
)


@given(small_cases)
@settings(max_examples=40, deadline=None)
def test_no_plan_found_by_trying_them_all_beats_the_optimum(case):
    hours, rates, caps, ratio, able = case
    demand = dict(zip(["visit", "bloods"], map(float, hours), strict=True))
    eligible = dict(zip(demand, able, strict=True))
    roles = ["GP", "Nurse", "HCA"]
    supervision = {"HCA": ratio}
    staff = {
        role: {"cost": rate, "cap": cap, "supervision": supervision.get(role, 0.0)}
        for role, rate, cap in zip(roles, rates, caps, strict=True)
    }
    found = staffing.staff_mix(demand, eligible, staff, supervisor="GP", patient_facing_hours=20)
    plans = itertools.product(*[np.arange(0, cap + 0.25, 0.5) for cap in caps])
    costs = [
        37.5 * float(np.dot(plan, rates))
        for plan in plans
        if can_do(dict(zip(roles, plan, strict=True)), demand, eligible, supervision, 20)
    ]
    assert found.feasible == bool(costs)
    if costs:
        assert found.cost == pytest.approx(min(costs))
        assert can_do(found.posts.to_dict(), demand, eligible, supervision, 20)
        np.testing.assert_allclose(found.hours.sum(axis=1), list(demand.values()), atol=1e-6)
        relaxed = staffing.staff_mix(
            demand, eligible, staff, supervisor="GP", patient_facing_hours=20, post_step=None
        )
        assert relaxed.cost <= found.cost + 1e-6
        for role in found.binding:
            assert found.posts[role] == staff[role]["cap"]
    else:
        assert found.cost is None and found.shortfall.sum() > 0
        assert "hours a week cannot be covered" in found.explanation


def test_supervision_takes_the_supervisors_time():
    staff = {"GP": {"cost": 88}, "HCA": {"cost": 20, "supervision": 0.5}}
    alone = {"GP": {"cost": 88}, "HCA": {"cost": 20}}
    work = {"demand": {"bloods": 40}, "skills": {"bloods": ["HCA"]}, "patient_facing_hours": 20}
    assert staffing.staff_mix(staff=alone, **work).posts.to_dict() == {"GP": 0, "HCA": 2}
    found = staffing.staff_mix(staff=staff, **work)
    assert found.posts.to_dict() == {"GP": 1, "HCA": 2}
    assert found.supervision.to_dict() == pytest.approx({"GP": 0, "HCA": 20})


def test_a_budget_below_the_cheapest_team_says_how_much_is_short():
    staff = {"Nurse": {"cost": 36}}
    found = staffing.staff_mix({"visit": 46.5}, {"visit": ["Nurse"]}, staff, 2_000)
    assert not found.feasible
    assert found.cost == 2 * 37.5 * 36
    assert "falls £700.00 short" in found.explanation
    assert staffing.staff_mix({"visit": 46.5}, {"visit": ["Nurse"]}, staff, 2_700).feasible


def test_tables_do_as_well_as_mappings():
    skills = pd.DataFrame({"GP": [True, True], "Nurse": [False, True]}, index=["assess", "visit"])
    staff = pd.DataFrame({"cost": [88, 36], "cap": [6, None]}, index=["GP", "Nurse"])
    demand = pd.Series({"assess": 10, "visit": 30})
    found = staffing.staff_mix(demand, skills, staff)
    assert found.posts.to_dict() == {"GP": 0.5, "Nurse": 1.5}
    assert found.binding == []
    assert "No cap costs money" in found.explanation
