"""Activity counted by week or month: the series that variation is looked for in.

Source: NHS England, Making Data Count: equal periods, in time order, none left out.
"""

from __future__ import annotations

import pandas as pd


def per_week(
    times: pd.Series, by: pd.Series | None = None, *, weeks: int = 1
) -> pd.Series | pd.DataFrame:
    """Count events by whole weeks, Monday to Sunday.

    Weeks with no event count zero. The last week is left out unless it has events on or
    after its Friday, because a part-week always looks like a fall; so is a last longer
    period that is not complete.

    Parameters
    ----------
    times
        Date or time of each event, in any order.
    by
        A group for each event (such as the practice), aligned with ``times``.
    weeks
        Length of one period in weeks; longer periods keep counts of small groups from
        identifying people.

    Returns
    -------
    Series or DataFrame
        Counts indexed by the Monday each period begins; one column a group with ``by``.

    Raises
    ------
    ValueError
        If ``times`` is empty, holds anything but dates, has missing dates (the first is
        named), or ``weeks`` is below 1.
    """
    if weeks < 1:
        raise ValueError(f"weeks is {weeks}; a period is at least 1 week")
    _require_dates(times)
    day = times.dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    first, last_day = monday.min(), day.max()
    complete = (last_day - first).days // 7 + ((last_day - first).days % 7 >= 4)
    periods = complete // weeks
    period = (monday - first).dt.days // (7 * weeks)
    index = pd.DatetimeIndex(
        [first + pd.Timedelta(weeks=weeks * n) for n in range(periods)], name="period"
    )
    return _tabulate(period, by, index)


def per_month(times: pd.Series, by: pd.Series | None = None) -> pd.Series | pd.DataFrame:
    """Count events by calendar month.

    The last month is left out if a weekday of it is still to come after the last event.

    Parameters
    ----------
    times, by
        As for :func:`per_week`.

    Returns
    -------
    Series or DataFrame
        Counts indexed by the first day of each month; one column a group with ``by``.

    Raises
    ------
    ValueError
        As for :func:`per_week`.
    """
    _require_dates(times)
    last_day = times.max().normalize()
    rest_of_month = pd.bdate_range(
        last_day + pd.Timedelta(days=1), last_day + pd.offsets.MonthEnd(0)
    )
    end = last_day if rest_of_month.empty else last_day - pd.offsets.MonthEnd(1)
    months = pd.date_range(times.min().normalize().replace(day=1), end, freq="MS", name="period")
    number = (times.dt.year - months[0].year) * 12 + times.dt.month - months[0].month
    return _tabulate(number, by, months)


def _require_dates(times: pd.Series) -> None:
    if not isinstance(times, pd.Series) or not pd.api.types.is_datetime64_any_dtype(times):
        found = times.dtype if isinstance(times, pd.Series) else type(times).__name__
        raise ValueError(f"times must be dates; found {found}. Convert with pd.to_datetime.")
    if len(times) == 0:
        raise ValueError("there are no events to count")
    if times.isna().any():
        missing = times.isna()
        raise ValueError(
            f"{int(missing.sum())} of {len(times)} dates are missing, the first at row "
            f"{missing.to_numpy().argmax()}. Leave those rows out, and say how many there were."
        )


def _tabulate(
    period: pd.Series, by: pd.Series | None, index: pd.DatetimeIndex
) -> pd.Series | pd.DataFrame:
    """Counts of each period number, 0 to ``len(index) - 1``; later ones are left out."""
    numbers = range(len(index))
    if by is None:
        counts = period.value_counts().reindex(numbers, fill_value=0)
        return pd.Series(counts.to_numpy(), index=index, name="events")
    table = pd.crosstab(period, by.astype("str").set_axis(period.index))
    table = table.reindex(numbers, fill_value=0)
    return pd.DataFrame(table.to_numpy(), index=index, columns=list(table.columns))
