"""Two overlapping lists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import capture_recapture


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.floats(0.5, 0.95))
@settings(max_examples=100, deadline=None)
def test_never_fewer_people_than_are_on_the_lists(only_first, only_second, both, confidence):
    first, second = only_first + both + 1, only_second + both + 1
    found = capture_recapture.chapman(first, second, both, confidence)
    wide = capture_recapture.chapman(first, second, both, 0.998)
    assert found.on_lists == only_first + only_second + both + 2
    assert found.on_lists <= found.estimate + 1e-6
    assert found.on_lists <= wide.lower <= found.lower <= found.estimate + 1e-6
    assert found.estimate <= found.upper <= wide.upper
    swapped = capture_recapture.chapman(second, first, both, confidence)
    assert swapped.estimate == pytest.approx(found.estimate)


def test_two_lists_of_the_same_people_hide_nobody():
    found = capture_recapture.chapman(50, 50, 50)
    assert (found.estimate, found.lower, found.upper) == pytest.approx((50, 50, 50))
    assert found.recorded_share == pytest.approx(1)
