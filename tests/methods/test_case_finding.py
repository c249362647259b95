"""Choosing people at a fixed capacity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import case_finding

people = st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=1, max_size=50).filter(
    lambda rows: any(outcome for _, outcome in rows)
)


@given(people)
@settings(max_examples=60, deadline=None)
def test_more_places_find_more_people(rows):
    scores, outcomes = zip(*rows, strict=True)
    table = case_finding.at_capacity(scores, outcomes, range(1, len(rows) + 1))
    assert table["sensitivity"].is_monotonic_increasing
    last = table.iloc[-1]
    assert (last["sensitivity"], last["lift"]) == pytest.approx((1, 1))
    assert (table["true_positives"] + table["false_positives"] == table["capacity"]).all()
    assert (table["true_positives"] + table["false_negatives"] == sum(outcomes)).all()
    assert table["number_needed_to_screen"].isna().equals(table["true_positives"] == 0)
    best = case_finding.at_capacity(outcomes_as_scores(outcomes), outcomes, [sum(outcomes)])
    assert best["ppv"].tolist() == [1]


def outcomes_as_scores(outcomes):
    return [float(outcome) for outcome in outcomes]


def test_of_equal_scores_the_earlier_is_chosen():
    found = case_finding.at_capacity([1, 1, 1], [True, False, False], [1, 2])
    assert found["true_positives"].tolist() == [1, 1]


def test_nothing_falls_when_nothing_changes():
    values = np.arange(10)
    assert case_finding.regression_to_the_mean(values, values, 3) == (8, 8, 0)
    assert np.isnan(case_finding.regression_to_the_mean([0, 0], [1, 2], 1).fall)
