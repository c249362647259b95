"""Whether the level of a series stepped once, and where.

Sources
-------
The place: least squares over every split (Bai, Econometric Theory 1997;13:315). The test:
OLS-CUSUM (Ploberger and Krämer, Econometrica 1992;60:271), from statsmodels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers


@dataclass(frozen=True)
class ChangePoint:
    """One step in the level of a series.

    Attributes
    ----------
    position
        Zero-based position of the first point of the new level.
    before, after
        Mean up to the step and from it, in the units of the values.
    change
        Relative change, ``after / before − 1``; missing when ``before`` is 0.
    p_value
        Of the OLS-CUSUM test: how often a series without a step would wander so far.
    """

    position: int
    before: float
    after: float
    change: float
    p_value: float


def single_shift(
    values: Sequence[float] | pd.Series,
    *,
    minimum_segment: int = 8,
    significance: float = 0.01,
) -> ChangePoint | None:
    """The best single step in the mean of a series, if there is one beyond chance.

    Parameters
    ----------
    values
        Finite numbers in time order, no gaps; at least two segments' worth. Take the season
        out first: a season, a trend or points that echo their neighbours can look like a
        step.
    minimum_segment
        Fewest points on either side of a step, 2 or more.
    significance
        A step is reported only when the test's p value is below this, 0 to 1. The test is
        cautious in short series: false alarms are rarer than this.

    Returns
    -------
    ChangePoint or None
        None when the series does not vary, or the test finds no step.

    Raises
    ------
    ValueError
        If a value is missing, infinite or not a number, or there are too few.

    Notes
    -----
    Source: Bai 1997; Ploberger and Krämer 1992.
    """
    numbers = read_numbers(values, "values")
    shortest = int(read_number(minimum_segment, "minimum_segment", at_least=2, whole=True))
    level = read_number(significance, "significance", above=0, at_most=1)
    _require_room(numbers, shortest)
    if np.ptp(numbers) == 0:
        return None
    residuals = numbers - numbers.mean()
    from statsmodels.stats.diagnostic import breaks_cusumolsresid

    p_value = float(breaks_cusumolsresid(residuals, ddof=1)[1])
    if p_value >= level:
        return None
    position = best_split(pd.Series(numbers), minimum_segment=shortest)
    before, after = float(numbers[:position].mean()), float(numbers[position:].mean())
    return ChangePoint(
        position=position,
        before=before,
        after=after,
        change=after / before - 1 if before else float("nan"),
        p_value=p_value,
    )


def best_split(values: Sequence[float] | pd.Series, *, minimum_segment: int = 8) -> int:
    """Where two levels fit a series best, by least squares, whether or not there are two.

    Parameters
    ----------
    values, minimum_segment
        As for :func:`single_shift`, which also asks whether chance would do as well.

    Returns
    -------
    int
        Zero-based position of the first point of the second level.

    Raises
    ------
    ValueError
        As for :func:`single_shift`.

    Notes
    -----
    Source: Bai 1997.
    """
    numbers = read_numbers(values, "values")
    shortest = int(read_number(minimum_segment, "minimum_segment", at_least=2, whole=True))
    _require_room(numbers, shortest)
    residuals = numbers - numbers.mean()
    splits = np.arange(shortest, residuals.size - shortest + 1)
    left = np.cumsum(residuals)[splits - 1]
    explained = left**2 * (1 / splits + 1 / (residuals.size - splits))
    return int(splits[np.argmax(explained)])


def _require_room(numbers: np.ndarray, shortest: int) -> None:
    if numbers.size < 2 * shortest:
        raise ValueError(
            f"values: found {numbers.size} points; expected at least {2 * shortest}, "
            f"{shortest} on either side of a step."
        )
