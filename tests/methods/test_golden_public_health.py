"""The course's worked answers (G06, G07, G10, G11, G13, G22, G25, G28) through public names."""

import numpy as np
import pytest

from clear_helpers.methods import (
    agreement,
    capture_recapture,
    case_finding,
    inequality,
    rates,
    standardisation,
)


def test_g06_kappa_of_the_codebook():
    table = [[14, 1, 0, 1, 0], [2, 11, 1, 0, 0], [0, 1, 9, 1, 1], [1, 0, 0, 8, 1], [0, 1, 0, 1, 6]]
    found = agreement.cohen_from_table(table)
    assert found.n == 60
    assert found.observed == pytest.approx(0.80)
    assert found.expected == pytest.approx(0.2117, abs=5e-5)
    assert found.kappa == pytest.approx(0.7463, abs=5e-5)
    pairs = [
        (row, column)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    assert agreement.cohen(*zip(*pairs, strict=True)) == found


def test_g07_ideas_by_wilson_lower_bound():
    votes = {
        "Shared visiting list": (9, 9, 0.7009),
        "Proactive pharmacist call": (61, 70, 0.7734),
        "Evening hub": (88, 120, 0.6479),
        "Single care plan": (140, 160, 0.8148),
        "Volunteer driver": (3, 3, 0.4385),
    }
    lower, _ = rates.wilson_interval(*zip(*[vote[:2] for vote in votes.values()], strict=True))
    assert lower.round(4).tolist() == [vote[2] for vote in votes.values()]
    order = sorted(votes, key=dict(zip(votes, -lower, strict=True)).get)
    assert order == [
        "Single care plan",
        "Proactive pharmacist call",
        "Shared visiting list",
        "Evening hub",
        "Volunteer driver",
    ]


def test_g09_standardised_ratios():
    observed = [118, 96, 143, 88, 167, 72]
    expected = [104.2, 101.5, 121.0, 99.3, 128.4, 80.9]
    found = [
        standardisation.indirect_ratio([o], [e], [1], [1])
        for o, e in zip(observed, expected, strict=True)
    ]
    assert [round(ratio.value, 1) for ratio in found] == [113.2, 94.6, 118.2, 88.6, 130.1, 89.0]
    assert [ratio.lower > 100 for ratio in found] == [False, False, False, False, True, False]


def test_g10_two_hundred_places():
    outcomes = [1] * 62 + [0] * 138 + [1] * 118 + [0] * 2282
    scores = np.linspace(1, 0, 2600)
    found = case_finding.at_capacity(scores, outcomes, 200).iloc[0]
    assert found["true_positives"] == 62
    assert found["false_positives"] == 138
    assert found["false_negatives"] == 118
    assert found["ppv"] == pytest.approx(0.31)
    assert found["sensitivity"] == pytest.approx(0.3444, abs=5e-5)
    assert found["lift"] == pytest.approx(4.478, abs=5e-4)
    assert found["number_needed_to_screen"] == pytest.approx(3.23, abs=5e-3)


def test_g11_inequality_between_fifths():
    people, values = [1] * 5, [182, 161, 140, 128, 109]
    sii, rii = inequality.slope_index(people, values)
    assert sii == pytest.approx(89.5)
    assert rii == pytest.approx(1.9018, abs=5e-5)
    assert values[0] / values[-1] == pytest.approx(1.6697, abs=5e-5)
    assert inequality.concentration_index(people, values) == pytest.approx(-0.09944, abs=5e-6)


def test_g13_five_of_twenty_hold_most_of_the_cost():
    costs = [9200, 7400, 6100, 5800, 4300, 2100, 1900, 1500, 1300, 1100]
    costs += [900, 800, 700, 650, 600, 500, 450, 400, 300, 200]
    assert sum(costs) == 46_200
    assert inequality.top_share(costs, 5) == pytest.approx(0.71, abs=5e-5)
    assert inequality.lorenz(costs)["share_of_total"].iloc[15] == pytest.approx(0.29, abs=5e-5)


@pytest.mark.parametrize(
    ("people", "lower", "upper"), [(8, 0.6756, 1.0), (7, 0.5291, 0.9776), (5, 0.3057, 0.8632)]
)
def test_g22_eight_answers_say_little(people, lower, upper):
    found = rates.proportion(people, 8).iloc[0]
    assert found["lower"] == pytest.approx(lower, abs=5e-5)
    assert found["upper"] == pytest.approx(upper, abs=5e-5)


def test_g25_housebound_people_on_two_lists():
    found = capture_recapture.chapman(310, 280, 190)
    assert found.estimate == pytest.approx(456.54, abs=5e-3)
    assert found.standard_error == pytest.approx(11.61, abs=5e-3)
    assert found.lower == pytest.approx(433.8, abs=0.05)
    assert found.upper == pytest.approx(479.3, abs=0.05)
    assert found.recorded_share == pytest.approx(0.679, abs=5e-4)


def test_g28_the_highest_fall_back_by_themselves():
    random = np.random.default_rng(7)
    risk = random.gamma(0.5, 1.2 / 0.5 * 0.35, 2600)
    before, after = random.poisson(risk), random.poisson(risk)
    found = case_finding.regression_to_the_mean(before, after, 200)
    assert found.mean_before == pytest.approx(2.765)
    assert found.mean_after == pytest.approx(1.325)
    assert found.fall == pytest.approx(0.521, abs=5e-4)
