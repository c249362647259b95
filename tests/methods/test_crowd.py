"""Ideas ranked by what their votes can bear, and who took part."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import crowd, rates

VOTES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=8,
)


@given(VOTES)
@settings(max_examples=40, deadline=None)
def test_three_ways_of_giving_the_votes_agree(votes):
    one = crowd.rank_ideas(votes)
    table = pd.DataFrame.from_dict(votes, orient="index", columns=["up", "total"])
    pd.testing.assert_frame_equal(one, crowd.rank_ideas(table), check_names=False)
    rows = [
        (idea, user, "Up" if user < up else "Down")
        for idea, (up, total) in votes.items()
        for user in range(total)
    ]
    cast = pd.DataFrame(rows, columns=["idea_id", "user_id", "vote"])
    pd.testing.assert_frame_equal(one, crowd.rank_ideas(cast), check_names=False)
    assert one["lower"].is_monotonic_decreasing
    for idea, row in one.iterrows():
        assert (row["lower"], row["upper"]) == pytest.approx(rates.wilson_interval(*votes[idea]))


def test_more_votes_at_the_same_share_rank_higher():
    ranked = crowd.rank_ideas({"few": (3, 3), "many": (90, 90)})
    assert ranked.index.tolist() == ["many", "few"]
    assert ranked["rank_by_share"].tolist() == [1, 1]


def test_participation_by_role_and_by_the_most_active():
    users = pd.DataFrame(
        {
            "user_id": range(1, 31),
            "role": ["Nurse"] * 10 + ["Patient"] * 20,
            "joined_on": [pd.Timestamp("2021-09-06")] * 25 + [pd.NaT] * 5,
        }
    )
    written = [1] * 30 + list(range(2, 21))
    found = crowd.participation(users, pd.DataFrame({"user_id": written}))
    assert found.by_role["invited"].to_dict() == {"Nurse": 10, "Patient": 20}
    assert found.by_role["joined"].to_dict() == {"Nurse": 10, "Patient": 15}
    assert found.by_role["commented"].to_dict() == {"Nurse": 10, "Patient": 10}
    assert found.by_role["comments"].to_dict() == {"Nurse": 39, "Patient": 10}
    assert found.by_role["response"].to_dict() == {"Nurse": 1, "Patient": 0.5}
    assert found.top_share == pytest.approx(31 / 49)  # two of the twenty who commented
    assert found.comments_per_user.iloc[0] == 30
    assert len(found.comments_per_user) == 30
    unknown = crowd.participation(users.drop(columns="joined_on"), pd.DataFrame({"user_id": [1]}))
    assert "joined" not in unknown.by_role


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40).filter(any))
@settings(max_examples=40, deadline=None)
def test_inequality_is_at_least_an_equal_share(counts):
    share = crowd.participation_inequality(counts)
    assert 0.1 - 1e-9 <= share <= 1
    assert crowd.participation_inequality(counts[::-1]) == share
    assert crowd.participation_inequality(counts, top=1) == pytest.approx(1)
