"""Themes by role, and saturation by base, run and threshold."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import themes

PAIRS = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz")), min_size=1, max_size=40)


@given(PAIRS, st.randoms())
@settings(max_examples=40, deadline=None)
def test_every_extract_is_counted_once_whatever_the_order(pairs, random):
    table = pd.DataFrame(pairs, columns=["theme", "role"])
    counts = themes.theme_matrix(table)
    assert counts.to_numpy().sum() == len(pairs)
    assert counts.sum(axis=1).is_monotonic_decreasing
    random.shuffle(pairs)
    shuffled = themes.theme_matrix(pd.DataFrame(pairs, columns=["theme", "role"]))
    pd.testing.assert_frame_equal(counts, shuffled)
    shares = themes.theme_matrix(table, share=True)
    assert shares.sum().to_numpy() == pytest.approx(1)


def test_staff_and_patients_may_lead_with_different_themes():
    table = pd.DataFrame(
        {
            "code_a": pd.Categorical(["Records"] * 3 + ["Story"] * 2 + ["Travel"]),
            "voice": ["Staff", "Staff", "Patient", "Patient", "Patient", "Staff"],
        }
    )
    matrix = themes.theme_matrix(table, "code_a", "voice")
    assert matrix.loc["Records"].to_dict() == {"Patient": 1, "Staff": 2}
    assert themes.top_theme(matrix).to_dict() == {"Patient": "Story", "Staff": "Records"}


def test_saturation_by_hand():
    # Base of four: 20 codes. Runs of two bring 2 (10 %), 1 (5 %), 0.
    codes = [
        list(range(8)),
        list(range(8, 14)),
        list(range(14, 18)),
        [18, 19, 18],
        [20],
        [21],
        [0],
        [],
    ]
    found = themes.saturation_point(codes)
    assert found.curve["new"].tolist() == [8, 6, 4, 2, 1, 1, 0, 0]
    assert found.curve["new_share"].iloc[5:].tolist() == pytest.approx([0.10, 0.05, 0.0])
    assert found.curve["new_share"].iloc[:5].isna().all()
    assert (found.point, found.confirmed_at) == (5, 7)
    strict = themes.saturation_point(codes, new_at_most=0)
    assert (strict.point, strict.confirmed_at) == (6, 8)
    assert themes.saturation_point(codes[:6]).point is None
    assert themes.saturation_point(codes[:4]).point is None


@given(st.lists(st.sets(st.integers(0, 12), max_size=5), min_size=1, max_size=15))
@settings(max_examples=40, deadline=None)
def test_saturation_never_comes_later_with_a_looser_threshold(codes):
    codes = [{99}, *codes]
    strict, loose = themes.saturation_point(codes, 0), themes.saturation_point(codes, 0.5)
    assert strict.curve["total"].iloc[-1] == len(set().union(*codes))
    if strict.point is not None:
        assert loose.point <= strict.point
