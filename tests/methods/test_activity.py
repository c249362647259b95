import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clear_helpers.methods import activity

MONDAY = pd.Timestamp("2019-04-01")


def days(offsets: list[int]) -> pd.Series:
    return pd.Series([MONDAY + pd.Timedelta(days=n) for n in offsets])


def test_weeks_begin_on_monday_and_empty_weeks_count_zero() -> None:
    counts = activity.per_week(days([0, 6, 14, 18]))
    assert list(counts.index) == [
        MONDAY,
        MONDAY + pd.Timedelta(days=7),
        MONDAY + pd.Timedelta(days=14),
    ]
    assert list(counts) == [2, 0, 2]


def test_a_week_that_has_barely_begun_is_left_out() -> None:
    assert list(activity.per_week(days([0, 1, 7, 8, 14]))) == [2, 2]


def test_groups_become_columns_and_periods_can_be_longer() -> None:
    table = activity.per_week(days([0, 8, 9, 27]), by=pd.Series(["P1", "P2", "P1", "P2"]), weeks=2)
    assert table.to_dict("list") == {"P1": [2, 0], "P2": [1, 1]}


@given(st.lists(st.integers(0, 200), min_size=1))
def test_every_event_in_a_complete_week_is_counted_once(offsets: list[int]) -> None:
    offsets = [*offsets, 0, 207]  # 207 is a Thursday short of a Sunday: week 29 ends on day 209
    whole = [n for n in offsets if n < 7 * len(activity.per_week(days(offsets)))]
    assert activity.per_week(days(offsets)).sum() == len(whole)


@pytest.mark.parametrize(
    ("times", "weeks", "message"),
    [
        (pd.Series([], dtype="datetime64[us]"), 1, "no events"),
        (pd.Series(["Monday"]), 1, "must be dates"),
        (pd.Series([MONDAY, pd.NaT]), 1, "first at row 1"),
        (days([0]), 0, "at least 1 week"),
    ],
)
def test_what_cannot_be_counted_is_said(times: pd.Series, weeks: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        activity.per_week(times, weeks=weeks)


def test_months_are_calendar_months_and_a_part_month_is_left_out() -> None:
    april_to_mid_june = days([0, 29, 30, 75])
    assert list(activity.per_month(april_to_mid_june)) == [2, 1]
    # Friday 31 May 2019 ends its month's weekdays
    assert list(activity.per_month(days([0, 60]))) == [1, 1]
    by = pd.Series(["Telephone", "Home Visit"])
    assert list(activity.per_month(days([0, 60]), by=by).columns) == ["Home Visit", "Telephone"]
