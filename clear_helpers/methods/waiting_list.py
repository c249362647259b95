"""Waiting lists: whether capacity keeps up, and how long a list may be for its target wait.

Sources
-------
Fong and others, medRxiv 2022.08.23.22279117 (2022); definitions as in the NHSRwaitinglist
package (MIT licence), of which none of the code is used.

Time is in any one unit (weeks by custom), the same for rates and waits. Hand-written: no
Python library has these definitions.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers

FACTOR = 4
WEEKS_TO_RECOVER = 26


def load(demand: Any, capacity: Any) -> Any:
    """Demand as a share of capacity; at 1 or above the list grows without limit.

    Parameters
    ----------
    demand
        People added per unit of time: one number or a sequence, 0 or more.
    capacity
        People who can be treated per unit of time; more than 0.

    Returns
    -------
    float or array
        One number if all inputs are; else one for each position.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range, or lengths differ.
    """
    (added, treated), single = _together(demand=(demand, "zero up"), capacity=(capacity, "above"))
    return _as_given(added / treated, single)


def queue_size(
    referral: Any = None,
    removal: Any = None,
    start: Any = None,
    end: Any = None,
    *,
    demand: Any = None,
    target_wait: Any = None,
    factor: Any = FACTOR,
) -> Any:
    """People waiting at the end of each day; or, from a demand, the queue its target wait allows.

    Parameters
    ----------
    referral
        Date each person joined the list, in any order.
    removal
        Date each left it, in the same order; missing for those still waiting.
    start, end
        First and last day to report; by default the first and last referral.
    demand, target_wait, factor
        In place of dates: as for :func:`target_queue_size`, whose result is returned.

    Returns
    -------
    Series or float or array
        From dates, whole numbers on a daily index. Those who joined before ``start`` and
        still wait are counted.

    Raises
    ------
    ValueError
        If a date is missing or unreadable, somebody left before joining, lengths differ, the
        last day is before the first, or neither dates nor a demand are given.
    """
    if demand is not None or target_wait is not None:
        _refuse_both(referral, "demand and target_wait")
        return target_queue_size(demand, target_wait, factor)
    joined, left = _list(referral, removal)
    days = _days(joined, start, end)
    moments = days.to_numpy()
    arrived = np.searchsorted(np.sort(joined), moments, side="right")
    gone = np.searchsorted(np.sort(left[~np.isnat(left)]), moments, side="right")
    return pd.Series(arrived - gone, index=days, name="queue")


def target_queue_size(demand: Any, target_wait: Any, factor: Any = FACTOR) -> Any:
    """The longest queue at which nearly everybody is seen within the target wait.

    Parameters
    ----------
    demand
        People added per unit of time: one number or a sequence, 0 or more.
    target_wait
        The wait to keep within; more than 0.
    factor
        How many times the mean wait goes into the target: 4 leaves about 1.8 % over it, 6
        about 0.2 %. More than 0.

    Returns
    -------
    float or array
        ``demand * target_wait / factor`` people.

    Raises
    ------
    ValueError
        As for :func:`load`.
    """
    (added, target, times), single = _together(
        demand=(demand, "zero up"), target_wait=(target_wait, "above"), factor=(factor, "above")
    )
    return _as_given(added * target / times, single)


def target_capacity(
    demand: Any,
    target_wait: Any,
    factor: Any = FACTOR,
    cv_demand: Any = 1,
    cv_capacity: Any = 1,
) -> Any:
    """The capacity that keeps a list at its target once it is short enough.

    Parameters
    ----------
    demand, target_wait, factor
        As for :func:`target_queue_size`.
    cv_demand, cv_capacity
        Coefficients of variation of the times between referrals and between removals: 1 for
        random, 0 for perfectly even. 0 or more.

    Returns
    -------
    float or array
        ``demand + (cv_demand² + cv_capacity²) / 2 × factor / target_wait`` people per unit of
        time (Kingman's approximation).

    Raises
    ------
    ValueError
        As for :func:`load`.
    """
    (added, target, times, uneven, patchy), single = _together(
        demand=(demand, "zero up"),
        target_wait=(target_wait, "above"),
        factor=(factor, "above"),
        cv_demand=(cv_demand, "zero up"),
        cv_capacity=(cv_capacity, "zero up"),
    )
    return _as_given(added + (uneven**2 + patchy**2) / 2 * times / target, single)


def relief_capacity(
    demand: Any, queue_size: Any, target_queue_size: Any, time_to_target: Any = WEEKS_TO_RECOVER
) -> Any:
    """The capacity that brings a list down to its target size in a given time.

    Parameters
    ----------
    demand
        People added per unit of time, 0 or more.
    queue_size, target_queue_size
        People waiting now, and when the list is in order; 0 or more.
    time_to_target
        Time to get there, in the unit of the demand; more than 0.

    Returns
    -------
    float or array
        People to be treated per unit of time. Needed when the queue is more than twice its
        target size; afterwards :func:`target_capacity` holds it there.

    Raises
    ------
    ValueError
        As for :func:`load`.
    """
    (added, now, target, time), single = _together(
        demand=(demand, "zero up"),
        queue_size=(queue_size, "zero up"),
        target_queue_size=(target_queue_size, "zero up"),
        time_to_target=(time_to_target, "above"),
    )
    return _as_given(added + (now - target) / time, single)


def mean_wait(
    referral: Any = None,
    removal: Any = None,
    start: Any = None,
    end: Any = None,
    *,
    target_wait: Any = None,
    factor: Any = FACTOR,
) -> Any:
    """Mean days waited so far by those still waiting; or, without dates, the mean a target allows.

    Parameters
    ----------
    referral, removal
        As for :func:`queue_size`.
    start
        Not needed: everybody still waiting counts, whenever they joined.
    end
        The day to look at; by default the last referral.
    target_wait, factor
        Without dates: the mean wait is ``target_wait / factor``, in the target's unit. With
        dates they change nothing.

    Returns
    -------
    float or array
        Missing (NaN) when nobody waits. People already seen are not in it, so that it is not
        the wait they had.

    Raises
    ------
    ValueError
        As for :func:`queue_size`.
    """
    if referral is None and target_wait is not None:
        (target, times), single = _together(
            target_wait=(target_wait, "above"), factor=(factor, "above")
        )
        return _as_given(target / times, single)
    joined, left = _list(referral, removal)
    day = _days(joined, start, end)[-1].to_datetime64()
    waiting = (joined <= day) & (np.isnat(left) | (left > day))
    if not waiting.any():
        return float("nan")
    return float(((day - joined[waiting]) / np.timedelta64(1, "D")).mean())


def pressure(mean_wait: Any, target_wait: Any) -> Any:
    """How close a list is to missing its target: above 1, it most likely does.

    Parameters
    ----------
    mean_wait
        Mean wait, 0 or more.
    target_wait
        The wait to keep within, in the same unit; more than 0.

    Returns
    -------
    float or array
        ``2 × mean_wait / target_wait``.

    Raises
    ------
    ValueError
        As for :func:`load`.
    """
    (waited, target), single = _together(
        mean_wait=(mean_wait, "zero up"), target_wait=(target_wait, "above")
    )
    return _as_given(2 * waited / target, single)


def _together(**named: tuple[Any, str]) -> tuple[list[np.ndarray], bool]:
    """Numbers and sequences side by side, single numbers repeated; and whether all were single."""
    bounds: dict[str, dict[str, float]] = {"zero up": {"at_least": 0}, "above": {"above": 0}}
    read, singles = [], []
    for name, (value, rule) in named.items():
        single = not isinstance(value, Iterable) or isinstance(value, (str, bytes, dict, set))
        limits: dict[str, Any] = bounds[rule]
        numbers = (
            np.array([read_number(value, name, **limits)])
            if single
            else read_numbers(value, name, **limits)
        )
        read.append(numbers)
        singles.append(single)
    length = max(numbers.size for numbers in read)
    for name, numbers, single in zip(named, read, singles, strict=True):
        if not single and numbers.size != length:
            raise ValueError(
                f"{name}: found {numbers.size} values; expected {length}, one for each row."
            )
    return read, all(singles)


def _as_given(values: np.ndarray, single: bool) -> Any:
    return float(values[0]) if single else values


def _list(referral: Any, removal: Any) -> tuple[np.ndarray, np.ndarray]:
    if referral is None or removal is None:
        raise ValueError(
            "referral: found no dates; expected each person's referral and removal, or else "
            "a target_wait."
        )
    joined, left = _dates(referral, "referral"), _dates(removal, "removal", missing=True)
    if joined.size == 0:
        raise ValueError("referral: found no values; expected at least one date.")
    if left.size != joined.size:
        raise ValueError(
            f"removal: found {left.size} values; expected {joined.size}, one for each row."
        )
    early = np.flatnonzero(left < joined)
    if early.size:
        place = int(early[0])
        raise ValueError(
            f"removal: found {_shown(left[place])} at position {place}; expected "
            f"{_shown(joined[place])}, the day of referral, or later."
        )
    return joined, left


def _dates(values: Any, name: str, *, missing: bool = False) -> np.ndarray:
    if isinstance(values, (str, bytes, dict, set)) or not isinstance(values, Iterable):
        raise ValueError(f"{name}: found {values!r}; expected a sequence of dates.")
    days = [
        _date(item, f"{name}: found {item!r} at position {place}", missing)
        for place, item in enumerate(values)
    ]
    return np.array(days, dtype="datetime64[D]")


def _date(item: Any, found: str, missing: bool = False) -> np.datetime64:
    if (
        item is None
        or item is pd.NaT
        or item is pd.NA
        or (isinstance(item, float) and item != item)
    ):
        if missing:
            return np.datetime64("NaT")
        raise ValueError(f"{found}; expected a date, not a missing value.")
    if isinstance(item, np.datetime64):
        item = pd.Timestamp(item)
        if item is pd.NaT:
            return _date(item, found, missing)
    if isinstance(item, str):
        try:
            item = pd.Timestamp(date.fromisoformat(item.strip()[:10]))
        except ValueError:
            raise ValueError(f"{found}; expected a date such as 2024-01-31.") from None
    if not isinstance(item, date):
        raise ValueError(f"{found}; expected a date.")
    return np.datetime64(item.isoformat()[:10], "D")


def _days(joined: np.ndarray, start: Any, end: Any) -> pd.DatetimeIndex:
    first = joined.min() if start is None else _date(start, f"start: found {start!r}")
    last = joined.max() if end is None else _date(end, f"end: found {end!r}")
    if last < first:
        raise ValueError(f"end: found {_shown(last)}; expected {_shown(first)} or later.")
    return pd.date_range(pd.Timestamp(first), pd.Timestamp(last), freq="D")


def _refuse_both(dates: Any, instead: str) -> None:
    if dates is not None:
        raise ValueError(f"Found dates as well as {instead}; expected one or the other.")


def _shown(day: np.datetime64) -> str:
    return str(day)
