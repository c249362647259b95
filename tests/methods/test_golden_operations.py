"""The course's worked answers on operations (G02, G05, G12, G16, G17, G26, G31)."""

import pandas as pd
import pytest

from clear_helpers.governance import backfill_day_rate, site_hours, slack_days
from clear_helpers.methods import process, queueing, simulation, staffing

HOURS = {"assess": 120, "visit": 210, "bloods/obs": 90, "meds review": 60, "coordinate": 110}
ELIGIBLE = {
    "assess": ["GP", "ACP"],
    "visit": ["GP", "ACP", "Nurse"],
    "bloods/obs": ["Nurse", "HCA"],
    "meds review": ["GP", "Pharm"],
    "coordinate": ["Nurse", "CareCo"],
}
STAFF = pd.DataFrame(
    {
        "cost": [88, 46, 36, 21, 44, 22],
        "cap": [6, 4, 7, 4, 2, 5],
        "supervision": [0, 0.05, 0, 0.08, 0, 0.03],
    },
    index=["GP", "ACP", "Nurse", "HCA", "Pharm", "CareCo"],
)
MAP = pd.DataFrame(
    [
        ("Request received", 4, 0, 0.98),
        ("Triage", 6, 180, 0.90),
        ("Allocate visit", 5, 1440, 0.85),
        ("Travel", 18, 0, 1),
        ("Visit", 35, 0, 0.95),
        ("Write-up", 12, 240, 0.92),
        ("Refer community", 8, 2880, 0.80),
    ],
    columns=["step", "touch_min", "wait_min", "pca"],
)


def with_cap(role, cap):
    changed = STAFF.copy()
    changed.loc[role, "cap"] = cap
    return changed


def test_g02_site_hours_and_day_rates():
    assert site_hours(24, 5)["total"] == 1056
    assert site_hours(24, 7.5)["total"] == 1116
    assert site_hours(26, 5)["total"] == 1144
    assert site_hours(26, 7.5)["total"] == 1209
    assert site_hours(24).to_dict() == {
        "participants": 900,
        "executive_sponsor": 12,
        "clinical_sponsor": 120,
        "practice_manager": 24,
        "total": 1056,
    }
    assert round(backfill_day_rate(), 2) == 230.77
    assert round(backfill_day_rate(people=1), 2) == 461.54
    assert slack_days("2021-09-06", "2022-03-31") == 41


def test_g05_process_map():
    assert process.lead_time(MAP) == (88, 4740, 4828)
    assert round(100 * process.touch_share(MAP), 2) == 1.82
    assert round(100 * process.value_added_share(MAP, {"Triage", "Visit"}), 3) == 0.849
    marked = MAP.assign(value_added=MAP["step"].isin(["Triage", "Visit"]))
    assert process.value_added_share(marked) == process.value_added_share(MAP, ["Visit", "Triage"])
    assert round(process.rolled_yield(MAP), 4) == 0.5242


def test_g12_capacity_gap():
    assert round(staffing.available_minutes(), 2) == 1126.73
    contacts = pd.Series(
        [86, 240, 60, 150, 55], index=["GP", "Nurse", "Pharmacist", "Care co-ordinator", "Therapy"]
    )
    need = staffing.fte_need(contacts, [32, 38, 40, 15, 55])
    assert need.round(3).tolist() == [2.442, 8.094, 2.13, 1.997, 2.685]
    assert round(need.sum(), 3) == 17.348


def test_g16_skill_mix():
    relaxed = staffing.staff_mix(HOURS, ELIGIBLE, STAFF, post_step=None)
    assert round(relaxed.cost, 2) == 41206.77
    assert relaxed.posts.round(3).tolist() == [4.426, 4.0, 7.0, 3.871, 2.0, 4.731]
    half_posts = staffing.staff_mix(HOURS, ELIGIBLE, STAFF)
    assert half_posts.cost == 41775
    assert half_posts.posts.tolist() == [4.5, 4.0, 7.0, 4.0, 2.0, 5.0]
    assert half_posts.feasible
    assert half_posts.binding == ["ACP", "Nurse", "Pharm"]


def test_g26_what_if():
    assert staffing.staff_mix(HOURS, ELIGIBLE, with_cap("ACP", 5)).cost == 40200
    assert staffing.staff_mix(HOURS, ELIGIBLE, with_cap("Nurse", 8)).cost == 39825
    doubled = STAFF.assign(supervision=2 * STAFF["supervision"])
    assert staffing.staff_mix(HOURS, ELIGIBLE, doubled).cost == 44662.5
    without = staffing.staff_mix(HOURS, ELIGIBLE, with_cap("HCA", 0))
    assert not without.feasible and without.cost is None
    assert "HCA at 0 FTE" in without.explanation and "HCA" in without.binding


@pytest.mark.parametrize(
    ("servers", "rho", "p_wait", "weeks", "days", "over_a_day"),
    [
        (4, 0.9, 0.7878, 0.3939, 1.969, 0.528),
        (5, 0.72, 0.4104, 0.0586, 0.293, 0.1012),
        (6, 0.6, 0.1966, 0.0164, 0.082, 0.0178),
    ],
)
def test_g17_and_g31_caseload_queue(servers, rho, p_wait, weeks, days, over_a_day):
    found = queueing.mmc(18, 5, servers)
    assert round(found.rho, 4) == rho
    assert round(found.p_wait, 4) == p_wait
    assert round(found.Wq, 4) == weeks
    assert round(5 * found.Wq, 3) == days
    assert round(queueing.wait_exceeds(18, 5, servers, 0.2), 4) == over_a_day


def test_g17_by_simulation_in_working_days():
    # Time in working days: 3.6 requests a day, a visit round takes one server one day.
    runs = simulation.simulate_clinic(
        5 / 18, 1, 5, duration=2_000, warm_up=100, replications=12, target_wait=1, day_length=1
    )
    found = simulation.confidence_intervals(runs)
    assert found.loc["mean_wait_days", "mean"] == pytest.approx(0.293, rel=0.1)
    assert found.loc["mean_wait_days", "lower"] <= 0.293 <= found.loc["mean_wait_days", "upper"]
    assert found.loc["over_target", "lower"] <= 0.1012 <= found.loc["over_target", "upper"]
