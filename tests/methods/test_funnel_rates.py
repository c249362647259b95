"""Funnel plots of rates: Fingertips' judgement of each place."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clear_helpers.methods import funnel, rates

(CASE,) = [
    case
    for case in json.loads(
        (Path(__file__).parents[1] / "oracles" / "public_health.json").read_text(encoding="utf-8")
    )["cases"]
    if case["method"] == "funnel_significance_rate"
]
WORDS = {"beyond 99.8%": "(0.001)", "beyond 95%": "(0.025)"}


def in_their_words(row):
    if row["flag"] == "fewer than 10 events":
        return "Not applicable for events less than 10 for dsrs"
    if row["flag"] == "inside":
        return "Not significant"
    return f"{'High' if row['ratio'] > 1 else 'Low'} {WORDS[row['flag']]}"


def test_fingertips_rate_significance():
    inputs = CASE["inputs"]
    found = funnel.rate_significance(
        inputs["count"],
        inputs["rate"],
        inputs["population"],
        rate_type=inputs["rate_type"],
        per=inputs["multiplier"],
    )
    assert found.apply(in_their_words, axis=1).tolist() == CASE["expected"]["significance"]


def test_crude_rates_are_judged_by_their_own_population():
    counts = pd.Series([0, 5, 60, 100], index=["P1", "P2", "P3", "P4"])
    people = pd.Series([3_000, 1_000, 10_000, 5_000], index=counts.index)
    crude = rates.rate(counts, people)["value"]
    found = funnel.rate_significance(counts, crude, people, rate_type="crude")
    np.testing.assert_allclose(found["population"], people)
    assert found["expected"].sum() == pytest.approx(counts.sum())
    assert found["flag"].to_dict() == {
        "P1": "beyond 99.8%",
        "P2": "inside",
        "P3": "beyond 95%",
        "P4": "beyond 99.8%",
    }
    assert (found["ratio"] > 1).tolist() == [False, False, False, True]


def test_small_places_without_a_rate_are_left_out():
    whole = funnel.rate_significance([100, 120], [50, 60])
    found = funnel.rate_significance([100, 120, 9], [50, 60, None])
    assert found["flag"].iloc[-1] == "fewer than 10 events"
    np.testing.assert_allclose(found["expected"].iloc[:2], whole["expected"])
    assert np.isnan(found["ratio"].iloc[-1])


def test_a_standardised_rate_is_judged_from_ten_events():
    counts, high = [900, 9, 10], [90, 900, 900]
    found = funnel.rate_significance(counts, high)
    assert found["flag"].iloc[1:].tolist() == ["fewer than 10 events", "beyond 99.8%"]
    crude = funnel.rate_significance(counts, high, rate_type="crude")
    assert crude["flag"].iloc[1:].tolist() == ["beyond 99.8%", "beyond 99.8%"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": []}, "count: found no values"),
        ({"count": [10, -1]}, "count: found -1 at position 1"),
        ({"count": [0, 0]}, "count: found only zeros"),
        ({"rate": [5, None]}, "rate: found a missing value at position 1"),
        ({"rate": [5, 0]}, "rate: found 0 at position 1"),
        ({"rate": [5, "6"]}, "rate: found '6' at position 1"),
        ({"rate": [5]}, "rate: found 1 values; expected 2"),
        ({"rate": [5, 6, 7]}, "rate: found 3 values; expected 2"),
        ({"rate": 5}, "rate: found 5; expected a sequence"),
        ({"rate_type": "isr"}, "rate_type: found 'isr'"),
        ({"per": 0}, "per: found 0"),
        ({"count": [0, 9], "rate_type": "crude"}, "population: found none, with no events at"),
        (
            {"count": [0, 9], "rate_type": "crude", "population": [0, 9]},
            "population: found 0 at position 0",
        ),
    ],
)
def test_strange_input_is_named(change, message):
    arguments = {"count": [20, 30], "rate": [5, 6]} | change
    with pytest.raises(ValueError) as error:
        funnel.rate_significance(**arguments)
    assert message in str(error.value)
