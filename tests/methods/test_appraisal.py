"""Options appraisal and risk scores: orders that must not depend on how they are written down."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import appraisal

SCORES = st.integers(2, 5).flatmap(
    lambda criteria: st.tuples(
        st.lists(
            st.lists(st.integers(0, 100), min_size=criteria, max_size=criteria),
            min_size=2,
            max_size=5,
        ),
        st.lists(st.integers(1, 20), min_size=criteria, max_size=criteria),
    )
)


def named(rows):
    return {f"option {place}": row for place, row in enumerate(rows)}


def letters(weights):
    return list("abcde"[: len(weights)])


@given(SCORES, st.floats(0.01, 100))
@settings(max_examples=60, deadline=None)
def test_scores_do_not_change_with_the_scale_of_the_weights(case, scale):
    rows, weights = case
    one = appraisal.score_options(named(rows), letters(weights), weights)
    scaled = [weight * scale for weight in weights]
    other = appraisal.score_options(named(rows), letters(weights), scaled)
    pd.testing.assert_frame_equal(one.ranking, other.ranking)
    pd.testing.assert_series_equal(one.weights, other.weights)
    assert one.weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(
        one.contributions.sum(axis=1), np.array(rows) @ weights / sum(weights)
    )


@given(SCORES)
@settings(max_examples=60, deadline=None)
def test_scores_do_not_change_with_the_order_of_options_and_criteria(case):
    rows, weights = case
    names = letters(weights)
    one = appraisal.score_options(named(rows), names, weights)
    table = pd.DataFrame(rows, index=list(named(rows)), columns=names)
    turned = table.iloc[::-1, ::-1]
    other = appraisal.score_options(turned, names[::-1], dict(zip(names, weights, strict=True)))
    left, right = one.ranking.sort_index(), other.ranking.sort_index()
    pd.testing.assert_frame_equal(left, right)


@given(SCORES)
@settings(max_examples=60, deadline=None)
def test_at_a_switching_weight_two_options_meet_and_not_before(case):
    rows, weights = case
    names = letters(weights)
    result = appraisal.score_options(named(rows), names, weights)

    def totals(criterion, weight):
        rest = result.weights.drop(criterion)
        moved = rest / rest.sum() * (1 - weight)
        moved[criterion] = weight
        return result.scores @ moved.reindex(names)

    for row in result.switching.itertuples():
        leader = result.best
        end = 1.0 if row.direction == "up" else 0.0
        if row.overtaken_by is None or pd.isna(row.overtaken_by):
            assert totals(row.criterion, end)[leader] >= totals(row.criterion, end).max() - 1e-9
        else:
            met = totals(row.criterion, row.switching_weight)
            assert met[leader] == pytest.approx(met[row.overtaken_by])
            assert met[leader] == pytest.approx(met.max())
            beyond = row.switching_weight + (end - row.switching_weight) * 0.5
            if abs(beyond - row.switching_weight) > 1e-6:
                after = totals(row.criterion, beyond)
                assert after[leader] < after.max()


@given(SCORES)
@settings(max_examples=30, deadline=None)
def test_acceptability_shares(case):
    rows, weights = case
    result = appraisal.score_options(named(rows), letters(weights), weights)
    shares = result.acceptability(draws=200)
    assert ((shares >= 0) & (shares <= 1)).all().all()
    assert shares[1].sum() >= 1 - 1e-9
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(rows)))
    for option, rival in result.dominated_by.items():
        if rival is not None:
            assert shares.at[option, 1] <= shares.at[rival, 1]


def test_level_options_share_the_better_rank():
    result = appraisal.score_options({"a": [1, 2], "b": [1, 2], "c": [0, 0]}, ["x", "y"], [1, 1])
    assert result.ranking["rank"].to_dict() == {"a": 1, "b": 1, "c": 3}
    shares = result.acceptability(draws=50)
    assert shares[1].to_dict() == {"a": 1, "b": 1, "c": 0}
    assert result.dominated_by.to_dict() == {"a": None, "b": None, "c": "a"}
    assert math.isnan(result.switching_weight("x"))


def test_one_criterion_cannot_switch():
    result = appraisal.score_options({"a": [1], "b": [2]}, ["x"], [3])
    assert result.best == "b"
    assert math.isnan(result.switching_weight("x"))
    with pytest.raises(ValueError, match="found 'z'; expected one of 'x'"):
        result.switching_weight("z")


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 4), min_size=1, max_size=10))
@settings(max_examples=30, deadline=None)
def test_risk_bands_follow_the_scores(rows):
    columns = ["likelihood", "impact", "residual_likelihood", "residual_impact"]
    register = pd.DataFrame(rows, columns=columns)
    summary = appraisal.score_risks(register)
    assert summary.red_before == (summary.risks["band"] == "Extreme").sum()
    assert summary.risks["score"].tolist() == [a * b for a, b, _, _ in rows]
    assert summary.reduction == pytest.approx(1 - summary.total_after / summary.total_before)
    limits = {"Low": (1, 3), "Moderate": (4, 6), "High": (8, 12), "Extreme": (15, 25)}
    for score, band in summary.risks[["residual_score", "residual_band"]].itertuples(index=False):
        low, high = limits[band]
        assert low <= score <= high
