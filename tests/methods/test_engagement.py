"""Power and interest, and whose voice is missing."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import engagement

SCORE = st.integers(1, 10)
COUNTS = st.dictionaries(st.sampled_from(list("abcdef")), st.integers(0, 50), min_size=1).filter(
    lambda counts: any(counts.values())
)


@given(st.lists(st.tuples(SCORE, SCORE), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_the_grid_names_each_quadrant(pairs):
    table = pd.DataFrame(pairs, columns=["power", "interest"])
    grid = engagement.stakeholder_grid(table)
    for power, interest, found in grid.itertuples(index=False):
        assert found == engagement.quadrant(power, interest)
        assert (found in ("Manage closely", "Keep satisfied")) == (power >= 5)
        assert (found in ("Manage closely", "Keep informed")) == (interest >= 5)
    assert list(grid["quadrant"].cat.categories) == list(engagement.QUADRANTS)
    assert "quadrant" not in table


def test_the_cut_can_be_moved():
    assert engagement.quadrant(5, 5, cut=6) == "Monitor"
    assert engagement.stakeholder_grid({"LMC": (6, 2)}, cut=7).at["LMC", "quadrant"] == "Monitor"


@given(COUNTS, COUNTS)
@settings(max_examples=40, deadline=None)
def test_gaps_add_up_to_nothing(contacts, workforce):
    gap = engagement.coverage_gap(contacts, workforce)
    assert gap["gap"].sum() == pytest.approx(0, abs=1e-9)
    assert gap["gap"].is_monotonic_increasing
    assert set(gap.index) == set(contacts) | set(workforce)
    tenfold = {name: 10 * people for name, people in contacts.items()}
    again = engagement.coverage_gap(pd.Series(tenfold), workforce)
    assert again["gap"].to_dict() == pytest.approx(gap["gap"].to_dict())


def test_the_least_heard_come_first():
    gap = engagement.coverage_gap({"GP": 6, "Nurse": 2, "Patient": 2}, {"GP": 20, "Nurse": 80})
    assert gap.index.tolist() == ["Nurse", "Patient", "GP"]
    assert gap["gap"].tolist() == pytest.approx([-0.6, 0.2, 0.4])
    assert gap.at["Patient", "workforce"] == 0
