"""Allocation by preference against every allocation there is."""

from itertools import permutations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import allocation

TABLES = st.integers(1, 4).flatmap(
    lambda rows: st.integers(rows, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 6), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
)


@given(TABLES)
@settings(max_examples=80, deadline=None)
def test_no_allocation_found_by_brute_force_is_better(ranks):
    array = np.array(ranks)
    rows = np.arange(len(array))
    totals = [
        array[rows, list(choice)].sum()
        for choice in permutations(range(array.shape[1]), len(array))
    ]
    found = allocation.allocate(ranks)
    assert found.total == min(totals)
    assert found.unique == (totals.count(min(totals)) == 1)
    assert found.assignment["choice"].is_unique
    assert found.assignment["rank"].sum() == found.total


def test_names_are_kept():
    table = pd.DataFrame([[2, 1], [1, 2]], index=["LK", "E1"], columns=["Falls", "COPD"])
    found = allocation.allocate(table)
    assert found.assignment["choice"].to_dict() == {"LK": "COPD", "E1": "Falls"}
    assert found.unique
