"""Networks small enough to work by hand, and what holds of every one."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import network

LINKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]),
    min_size=1,
    max_size=16,
)


def test_a_line_has_its_broker_in_the_middle():
    line = network.measure([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")])
    assert line.density == 0.4
    assert (line.mean_path, line.diameter) == (2, 4)
    assert line.nodes["betweenness"].tolist() == pytest.approx([0, 0.5, 4 / 6, 0.5, 0])
    assert line.brokers().index.tolist() == ["c", "b", "d"]
    assert line.reach(2).to_dict() == {"a": 2, "b": 3, "c": 4, "d": 3, "e": 2}


def test_two_ways_round_share_the_credit():
    square = network.measure([(1, 2), (2, 3), (3, 4), (4, 1)])
    assert square.nodes["betweenness"].tolist() == pytest.approx([1 / 6] * 4)
    star = network.measure([(0, 1), (0, 2), (0, 3)])
    assert star.nodes["betweenness"].tolist() == pytest.approx([1, 0, 0, 0])


def test_islands():
    islands = network.measure([("a", "b")], nodes=["a", "b", "c"])
    assert not islands.connected
    assert (islands.mean_path, islands.diameter) == (1, 1)
    assert islands.nodes["reach"].to_dict() == {"a": 1, "b": 1, "c": 0}
    alone = network.measure([], nodes=["a"])
    assert math.isnan(alone.density)
    assert math.isnan(alone.mean_path)


@given(LINKS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_order_direction_and_repeats_do_not_matter(links, random):
    one = network.measure(links)
    other = [(b, a) for a, b in links] + links[:3]
    random.shuffle(other)
    two = network.measure(pd.DataFrame(other, columns=["from_pcn", "to_pcn"]))
    assert (one.density, one.diameter) == (two.density, two.diameter)
    assert one.mean_path == pytest.approx(two.mean_path)
    left, right = one.nodes.sort_index(), two.nodes.sort_index()
    pd.testing.assert_frame_equal(left, right, check_dtype=False)
    # Inner steps of all shortest paths are all that betweenness counts.
    near = one.distances.to_numpy()
    inner = sum(
        near[a, b] - 1 for a in range(len(near)) for b in range(a) if math.isfinite(near[a, b])
    )
    size = len(near)
    pairs = (size - 1) * (size - 2) / 2
    assert one.nodes["betweenness"].sum() * pairs == pytest.approx(inner)
