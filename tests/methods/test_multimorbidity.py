"""The Cambridge Multimorbidity Score: published weights, one person and many."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import multimorbidity

ORACLE = json.loads(
    (Path(__file__).parents[1] / "oracles" / "multimorbidity.json").read_text(encoding="utf-8")
)
CASES = [case for case in ORACLE["cases"] if case["method"] == "cambridge_score"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize("shape", [set, list, tuple, pd.Series])
def test_published_score(case, shape):
    inputs = case["inputs"]
    found = multimorbidity.cambridge_score(shape(inputs["conditions"]), inputs["weights"])
    assert found == pytest.approx(case["expected"]["score"], abs=case["tolerance"]["abs"])


@pytest.mark.parametrize("published", multimorbidity.PUBLISHED_AS)
def test_published_weights(published):
    outcome = multimorbidity.PUBLISHED_AS[published]
    assert multimorbidity.WEIGHTS[outcome] == ORACLE["weights"][published]


@given(
    st.lists(st.sets(st.sampled_from(sorted(multimorbidity.GENERAL))), min_size=1, max_size=8),
    st.sampled_from(["general", "mortality"]),
)
@settings(max_examples=40, deadline=None)
def test_a_table_is_its_people(people, outcome):
    table = pd.DataFrame(
        [{name: name in person for name in multimorbidity.GENERAL} for person in people],
        index=[f"LK{place:06}" for place in range(len(people))],
    )
    scores = multimorbidity.cambridge_score(table, outcome)
    assert scores.index.equals(table.index)
    one_by_one = [multimorbidity.cambridge_score(person, outcome) for person in people]
    np.testing.assert_allclose(scores, one_by_one)
    turned = table.astype(int)[table.columns[::-1]]
    np.testing.assert_allclose(multimorbidity.cambridge_score(turned, outcome), scores)


def test_a_repeated_name_counts_once():
    assert multimorbidity.cambridge_score(["copd", "copd"]) == 1.46
    assert multimorbidity.cambridge_score(set()) == 0
    assert multimorbidity.cambridge_score(pd.DataFrame(index=[1, 2])).tolist() == [0, 0]
