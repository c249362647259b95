"""The course's worked answers for engagement, appraisal, value and evaluation."""

import numpy as np
import pandas as pd
import pytest

from clear_helpers.methods import (
    allocation,
    appraisal,
    crowd,
    difference_in_differences,
    economics,
    engagement,
    network,
    rates,
)

UPTAKE = {
    "NW": (43, 58),
    "NE": (47, 56),
    "Y&H": (45, 55),
    "EM": (44, 54),
    "WM": (41, 52),
    "EoE": (38, 49),
    "London": (30, 40),
    "SE": (36, 46),
    "SC": (35, 45),
    "SW": (39, 50),
}
BEFORE = pd.Series({region: pair[0] for region, pair in UPTAKE.items()})
AFTER = pd.Series({region: pair[1] for region, pair in UPTAKE.items()})
CRITERIA = ["Outcome", "Equity", "Deliverability", "Workforce", "Cost"]
WEIGHTS = [0.30, 0.20, 0.20, 0.15, 0.15]
OPTIONS = {
    "Do minimum": [20, 30, 95, 60, 90],
    "PCN visiting team": [70, 60, 65, 70, 55],
    "Proactive MDT hub": [85, 75, 45, 65, 40],
    "Virtual MDT + pharmacist": [65, 50, 75, 75, 70],
}


def test_g04_power_and_interest():
    people = {
        "Executive sponsor": (9, 4),
        "Clinical sponsor": (8, 9),
        "Practice managers": (6, 6),
        "District nursing lead": (5, 9),
        "PPG chair": (3, 8),
        "Finance BI lead": (7, 3),
        "LMC": (6, 2),
        "Care home managers": (2, 4),
    }
    grid = engagement.stakeholder_grid(people)["quadrant"]
    assert grid.to_dict() == {
        "Executive sponsor": "Keep satisfied",
        "Clinical sponsor": "Manage closely",
        "Practice managers": "Manage closely",
        "District nursing lead": "Manage closely",
        "PPG chair": "Keep informed",
        "Finance BI lead": "Keep satisfied",
        "LMC": "Keep satisfied",
        "Care home managers": "Monitor",
    }
    assert grid.value_counts().loc[list(engagement.QUADRANTS)].tolist() == [3, 3, 1, 1]


def test_g07_three_votes_do_not_win():
    ranked = crowd.rank_ideas(
        {
            "Shared visiting list": (9, 9),
            "Proactive pharmacist call": (61, 70),
            "Evening hub": (88, 120),
            "Single care plan": (140, 160),
            "Volunteer driver": (3, 3),
        }
    )
    assert ranked["lower"].round(4).to_dict() == {
        "Single care plan": 0.8148,
        "Proactive pharmacist call": 0.7734,
        "Shared visiting list": 0.7009,
        "Evening hub": 0.6479,
        "Volunteer driver": 0.4385,
    }
    assert ranked["rank"].tolist() == [1, 2, 3, 4, 5]
    assert ranked["rank_by_share"].tolist() == [3, 4, 1, 5, 1]
    assert ranked["share"].round(4).tolist() == [0.875, 0.8714, 1.0, 0.7333, 1.0]


def test_g13_share_of_the_five_dearest_patients():
    costs = [
        *(9200, 7400, 6100, 5800, 4300, 2100, 1900, 1500, 1300, 1100),
        *(900, 800, 700, 650, 600, 500, 450, 400, 300, 200),
    ]
    assert sum(costs) == 46_200
    assert economics.top_share(costs, top=5) == pytest.approx(0.71, abs=5e-5)
    assert economics.top_share(costs, share=0.25) == economics.top_share(costs, top=5)


def test_g14_engagement_and_uptake():
    ranks = difference_in_differences.rank_change(BEFORE, AFTER).loc["NW"]
    assert (ranks["rank_before"], ranks["rank_after"], ranks["change"]) == (4, 1, 15)
    found = difference_in_differences.fit_changes(BEFORE, AFTER, BEFORE.index == "NW")
    assert round(found.control_change, 3) == 10.222
    assert round(found.estimate, 3) == 4.778
    assert (AFTER - BEFORE).drop("NW").std() == pytest.approx(0.667, abs=5e-4)
    placebo = difference_in_differences.placebo_test(BEFORE, AFTER, BEFORE.index == "NW")
    assert placebo.p_value == placebo.smallest_p == pytest.approx(0.1)
    panel = pd.DataFrame(
        {
            "uptake": [*BEFORE, *AFTER],
            "member": [*(BEFORE.index == "NW")] * 2,
            "after": [False] * 10 + [True] * 10,
        }
    )
    fitted = difference_in_differences.fit(panel, "uptake", "member", "after")
    assert round(fitted.estimate, 3) == 4.778


def test_g15_allocation_of_pcns_to_cohorts():
    ranks = [
        [1, 2, 3, 4, 5, 6, 7, 8],
        [2, 1, 3, 5, 4, 6, 8, 7],
        [1, 3, 2, 4, 6, 5, 7, 8],
        [3, 1, 2, 4, 5, 8, 6, 7],
        [1, 2, 4, 3, 5, 7, 6, 8],
        [2, 3, 1, 5, 4, 6, 7, 8],
        [4, 1, 2, 3, 6, 5, 8, 7],
    ]
    found = allocation.allocate(ranks)
    assert found.total == 21
    assert found.assignment["choice"].nunique() == 7
    assert not found.unique  # two optima


def test_g18_weighted_scores_and_the_switching_weight():
    result = appraisal.score_options(OPTIONS, CRITERIA, WEIGHTS)
    assert result.ranking["score"].round(2).to_dict() == {
        "Virtual MDT + pharmacist": 66.25,
        "Proactive MDT hub": 65.25,
        "PCN visiting team": 64.75,
        "Do minimum": 53.5,
    }
    assert result.best == "Virtual MDT + pharmacist"
    assert round(result.switching_weight("Outcome"), 4) == 0.3333
    outcome = result.switching[result.switching["criterion"] == "Outcome"].set_index("direction")
    assert outcome["overtaken_by"].to_dict() == {"up": "Proactive MDT hub", "down": "Do minimum"}
    for weight, best in [(0, "Do minimum"), (0.3, "Virtual MDT + pharmacist")] + [
        (tenths / 20, "Virtual MDT + pharmacist" if tenths < 7 else "Proactive MDT hub")
        for tenths in range(1, 15)
    ]:
        others = np.array(WEIGHTS[1:]) / sum(WEIGHTS[1:]) * (1 - weight)
        assert appraisal.score_options(OPTIONS, CRITERIA, [weight, *others]).best == best


def test_g19_sites_and_realisation():
    sites = [3.4, 2.6, 2.1, 1.6, 1.2, 0.9, 0.5]
    summary = economics.site_summary(sites)
    assert round(summary.total, 1) == 12.3
    assert round(summary.mean, 4) == 1.7571
    assert summary.median == 1.6
    assert round(summary.top_share, 4) == 0.4878
    assert round(summary.without_largest, 4) == 1.4833
    assert [round(economics.realised(12.3, part), 3) for part in (1, 0.6, 0.35)] == [
        12.3,
        7.38,
        4.305,
    ]
    assert round(economics.realised(12.3, 0.6, cash_releasing=0.22), 4) == 1.6236


def test_g20_present_value_by_type_of_benefit():
    value = economics.net_present_value(
        [180, 120, 120, 120, 120],
        {
            "cash": [0, 60, 95, 110, 110],
            "non-cash": [0, 90, 140, 160, 160],
            "health": [0, 25, 40, 45, 45],
        },
    )
    cash = value.counting("cash")
    assert round(value.pv_costs, 3) == 620.77
    assert value.pv_benefits.round(3).to_dict() == {
        "cash": 341.727,
        "non-cash": 501.39,
        "health": 148.89,
    }
    assert round(cash.npv, 3) == -279.043
    assert round(value.npv, 3) == 371.237
    assert round(value.bcr, 4) == 1.598
    assert round(cash.bcr, 4) == 0.5505
    assert round(value.stressed(costs=0.2, benefits=-0.25).bcr, 4) == 0.9988
    assert round(value.stressed(costs=0.2, benefits=-0.3).bcr, 3) == 0.932


def test_g21_risks_before_and_after_action():
    register = pd.DataFrame(
        [
            ("IG agreement late", 4, 5, 2, 4),
            ("Sponsor leaves", 2, 4, 2, 3),
            ("Data extract partial", 3, 4, 2, 3),
            ("Backfill not released", 4, 4, 3, 3),
            ("Community staff not engaged", 3, 5, 2, 4),
        ],
        columns=["risk", "likelihood", "impact", "residual_likelihood", "residual_impact"],
    )
    summary = appraisal.score_risks(register)
    assert summary.risks["score"].tolist() == [20, 8, 12, 16, 15]
    assert summary.risks["residual_score"].tolist() == [8, 6, 6, 9, 8]
    assert (summary.red_before, summary.red_after) == (3, 0)
    assert round(100 * summary.reduction, 2) == 47.89


def test_g22_naive_controlled_and_ratio_of_ratios():
    panel = pd.DataFrame(
        {
            "rate": [1.90, 1.33, 1.88, 1.41],
            "treated": [True, True, False, False],
            "after": [False, True, False, True],
        }
    )
    ratio = difference_in_differences.fit_ratio(panel, "rate", "treated", "after")
    assert round(100 * ratio.treated_change, 2) == -30
    assert round(100 * ratio.control_change, 2) == -25
    assert round(ratio.estimate, 4) == 0.9333
    found = difference_in_differences.fit(panel, "rate", "treated", "after")
    assert round(found.estimate, 3) == -0.1
    assert np.isnan(found.se)
    for agreed, lower, upper in ((8, 0.6756, 1.0), (7, 0.5291, 0.9776), (5, 0.3057, 0.8632)):
        interval = rates.wilson_interval(agreed, 8)
        assert [round(end, 4) for end in interval] == [lower, upper]
    assert difference_in_differences.people_per_arm(0.30, 0.24) == 859
    assert difference_in_differences.people_per_arm(
        0.30, 0.24, cluster_size=21, intracluster_correlation=0.05
    ) == pytest.approx(2 * 859, abs=2)


def test_g23_the_learning_network():
    links = [(1, 2), (1, 3), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (4, 7), (2, 5)]
    found = network.measure(links)
    assert round(found.density, 4) == 0.4286
    degree = {1: 2, 2: 3, 3: 3, 4: 3, 5: 3, 6: 2, 7: 2}
    assert found.nodes["degree"].to_dict() == degree
    assert round(found.mean_path, 4) == 1.7619
    assert found.diameter == 3


def test_g27_fourth_becomes_first_by_chance():
    before = sorted(BEFORE, reverse=True)
    for spread, chance in ((2, 0.038), (4, 0.105)):
        found = difference_in_differences.chance_of_rank(before, 3, spread)
        assert found == pytest.approx(chance, abs=0.002)


def test_g30_rank_acceptability():
    shares = appraisal.score_options(OPTIONS, CRITERIA, WEIGHTS).acceptability()
    assert shares[1].round(3).to_dict() == {
        "Do minimum": 0.229,
        "PCN visiting team": 0.001,
        "Proactive MDT hub": 0.309,
        "Virtual MDT + pharmacist": 0.46,
    }
