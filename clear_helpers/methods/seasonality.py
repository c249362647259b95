"""Taking the yearly cycle out of a series by harmonic regression.

Source
------
Bernal, Cummins and Gasparrini, International Journal of Epidemiology 2017;46:348: sine and
cosine terms of the year, by ordinary least squares.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers

NEARLY_A_CYCLE = 0.95
"""Twelve calendar months, or 52 weeks, count as a year."""


def deseasonalise(
    values: pd.Series,
    *,
    harmonics: int = 1,
    period_days: float = 365.25,
    fit: slice | None = None,
) -> pd.Series:
    """A series with its cycle subtracted and its level kept.

    Parameters
    ----------
    values
        Finite numbers on a DatetimeIndex in time order, no gaps.
    harmonics
        Sine–cosine pairs: 1 for one high and one low a year, 2 for a second wave.
    period_days
        Length of the cycle, in days.
    fit
        The part of the series the cycle is learned from, by zero-based positions
        (``slice(0, 52)``) or by dates (``slice("2019-04-01", "2020-03-01")``): leave out a
        shock, or keep to the time before a change. None: all of it.

    Returns
    -------
    Series
        In the units and on the index of ``values``: the values less the seasonal part,
        over the whole series.

    Raises
    ------
    ValueError
        If the index holds no dates or is out of order, a value is missing or not a number,
        or the part to learn from spans less than about one cycle.

    Notes
    -----
    Source: Bernal and others 2017. Additive. A trend or a step within the part learned from
    leaks into the season; choose ``fit`` so that it is level.
    """
    if not isinstance(values, pd.Series) or not isinstance(values.index, pd.DatetimeIndex):
        raise ValueError(
            "values: expected a Series whose index is dates, such as one value a week; "
            f"found {type(values).__name__} without them."
        )
    numbers = read_numbers(values, "values")
    if values.index.hasnans or not (
        values.index.is_monotonic_increasing and values.index.is_unique
    ):
        raise ValueError("values: the dates are missing, repeated or out of order; sort by date.")
    waves = int(read_number(harmonics, "harmonics", at_least=1, whole=True))
    period = read_number(period_days, "period_days", above=0)

    learned = pd.Series(np.arange(numbers.size), index=values.index)
    learned = learned if fit is None else _part(learned, fit)
    days = (values.index - values.index[0]) / pd.Timedelta(days=1)
    _require_a_cycle(days.to_numpy()[learned.to_numpy()], period, waves)

    angle = 2 * np.pi * np.outer(days, np.arange(1, waves + 1)) / period
    season = np.hstack([np.sin(angle), np.cos(angle)])
    rows = learned.to_numpy()
    design = np.column_stack([np.ones(len(rows)), season[rows]])
    coefficients = np.linalg.lstsq(design, numbers[rows], rcond=None)[0]
    return pd.Series(numbers - season @ coefficients[1:], index=values.index, name=values.name)


def _part(positions: pd.Series, fit: slice) -> pd.Series:
    if not isinstance(fit, slice):
        raise ValueError(f"fit: found {fit!r}; expected a slice of positions or of dates.")
    by_position = all(
        end is None or isinstance(end, (int, np.integer)) for end in (fit.start, fit.stop)
    )
    try:
        return positions.iloc[fit] if by_position else positions.loc[fit]
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"fit: found {fit!r}; expected a slice of positions or of dates."
        ) from None


def _require_a_cycle(days: np.ndarray, period: float, waves: int) -> None:
    terms = 2 * waves + 1
    if len(days) <= terms:
        raise ValueError(
            f"fit: found {len(days)} points to learn the season from; expected more than {terms}."
        )
    # The last point stands for the time until the next one would come.
    span = float(days[-1] - days[0] + np.median(np.diff(days)))
    if span < NEARLY_A_CYCLE * period:
        raise ValueError(
            f"fit: the points to learn the season from span {span:.0f} days; expected about one "
            f"full cycle of {period:g} days or more."
        )
