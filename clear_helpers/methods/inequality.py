"""How unequally need, care or cost falls on people.

Sources
-------
Slope and relative index of inequality: Low and Low, Journal of Public Health 2004;26:388, and
the Fingertips Public Health Technical Guidance. Concentration index: Wagstaff, Paci and van
Doorslaer, Social Science and Medicine 1991;33:545. Lorenz curve: Lorenz 1905. The fit is
numpy's least squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers


class SlopeIndex(NamedTuple):
    """Absolute and relative inequality across the whole scale of deprivation.

    Attributes
    ----------
    sii
        Slope index of inequality: the gap between the two ends, in the units of the values.
    rii
        Relative index of inequality: one end over the other; missing where the fitted line
        is not above 0 at both ends.
    """

    sii: float
    rii: float


def slope_index(
    populations: Sequence[float], values: Sequence[float], *, higher_is_worse: bool = True
) -> SlopeIndex:
    """The slope index and the relative index of inequality.

    A straight line is fitted through the values against the relative rank of each group (0 for
    the most deprived person, 1 for the least), weighted by population.

    Parameters
    ----------
    populations
        People in each group, above 0, ordered from the most to the least deprived. At least
        two groups; the guidance asks for five to a hundred.
    values
        The rate, proportion or mean of each group, in the same order.
    higher_is_worse
        True for harm, such as emergency admissions: the line's value at the most deprived end
        minus (for ``rii``, over) its value at the least deprived end. False for good, such as
        life expectancy or coverage: the least deprived end minus (over) the most deprived end.
        Either way ``sii`` above 0 and ``rii`` above 1 mean that the most deprived fare worse.

    Returns
    -------
    SlopeIndex
        ``sii, rii``.

    Raises
    ------
    ValueError
        If lengths differ, there is only one group, or a number is missing or out of range.

    Notes
    -----
    Source: Low and Low 2004; Fingertips Technical Guidance, without transformation. The
    guidance's own tool gives the sign of ``higher_is_worse=False``.
    """
    people, levels = _read_groups(populations, values)
    _read_yes_no(higher_is_worse, "higher_is_worse")
    gap, ratio = _slope(people, levels[np.newaxis], higher_is_worse)
    return SlopeIndex(float(gap[0]), float(ratio[0]))


def slope_interval(
    populations: Sequence[float],
    values: Sequence[float],
    standard_errors: Sequence[float],
    *,
    higher_is_worse: bool = True,
    confidence: float = 0.95,
    repetitions: int = 10_000,
    seed: int = 2021,
) -> pd.DataFrame:
    """The slope and relative index of inequality with simulated confidence intervals.

    Parameters
    ----------
    populations, values, higher_is_worse
        As for :func:`slope_index`.
    standard_errors
        The standard error of each value, 0 or more.
    confidence
        Between 0 and 1.
    repetitions
        How many times the values are drawn again, 1,000 or more.
    seed
        Of the random numbers: the same seed gives the same interval.

    Returns
    -------
    DataFrame
        Rows ``sii`` and ``rii``; columns ``value``, ``lower`` and ``upper``.

    Raises
    ------
    ValueError
        As for :func:`slope_index`.

    Notes
    -----
    Source: Fingertips Technical Guidance: values are drawn from normal distributions and the
    limits are quantiles of the indices so obtained.
    """
    people, levels = _read_groups(populations, values)
    errors = read_numbers(standard_errors, "standard_errors", at_least=0, length=levels.size)
    read_number(confidence, "confidence", above=0, at_most=1)
    draws = int(read_number(repetitions, "repetitions", at_least=1_000, whole=True))
    found = slope_index(populations, values, higher_is_worse=higher_is_worse)
    random = np.random.default_rng(int(read_number(seed, "seed", at_least=0, whole=True)))
    drawn = random.normal(levels, errors, (draws, levels.size))
    tail = (1 - confidence) / 2
    limits = [
        np.quantile(index, [tail, 1 - tail]) for index in _slope(people, drawn, higher_is_worse)
    ]
    return pd.DataFrame(
        {
            "value": list(found),
            "lower": [float(limit[0]) for limit in limits],
            "upper": [float(limit[1]) for limit in limits],
        },
        index=["sii", "rii"],
    )


def concentration_index(populations: Sequence[float], values: Sequence[float]) -> float:
    """How far a quantity is concentrated on one end of the scale of deprivation.

    Parameters
    ----------
    populations
        People in each group, above 0, ordered from the most to the least deprived.
    values
        The rate or mean of each group, 0 or more, in the same order.

    Returns
    -------
    float
        From −1 to 1. Below 0: concentrated on the most deprived. 0: no gradient. Above 0:
        concentrated on the least deprived.

    Raises
    ------
    ValueError
        If lengths differ, there is only one group, all values are 0, or a number is missing
        or out of range.

    Notes
    -----
    Source: Wagstaff and others 1991, for grouped data.
    """
    people, levels = _read_groups(populations, values, at_least=0)
    share, rank = _ranks(people)
    average = float(share @ levels)
    if average == 0:
        raise ValueError("values: found only zeros; expected something to be concentrated.")
    return float(2 * (share * rank) @ levels / average - 1)


def top_share(values: Sequence[float], k: int) -> float:
    """The share of the total held by the k people with most.

    Parameters
    ----------
    values
        The cost, bed days or visits of each person, 0 or more, in any order.
    k
        How many people to take, from 1 to all of them.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        If all values are 0, k is not a whole number of people, or a number is missing or out
        of range.
    """
    amounts = _read_amounts(values)
    people = int(read_number(k, "k", at_least=1, at_most=amounts.size, whole=True))
    return float(np.sort(amounts)[-people:].sum() / amounts.sum())


def lorenz(values: Sequence[float]) -> pd.DataFrame:
    """The Lorenz curve: what share of the total the people with least hold.

    Parameters
    ----------
    values
        The cost, bed days or visits of each person, 0 or more, in any order.

    Returns
    -------
    DataFrame
        ``share_of_people`` and ``share_of_total``, both from 0 to 1, one row for nobody and
        one for each further person, from the least to the most.

    Raises
    ------
    ValueError
        If all values are 0, or a number is missing or out of range.

    Notes
    -----
    Source: Lorenz, Publications of the American Statistical Association 1905;9:209.
    """
    amounts = np.sort(_read_amounts(values))
    held = np.concatenate([[0.0], amounts.cumsum() / amounts.sum()])
    # The last sum is the total; rounding would leave a trace.
    held[-1] = 1.0
    return pd.DataFrame(
        {"share_of_people": np.linspace(0, 1, amounts.size + 1), "share_of_total": held}
    )


def _slope(
    people: np.ndarray, levels: np.ndarray, higher_is_worse: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Both indices for each row of levels."""
    share, rank = _ranks(people)
    slope, intercept = np.polyfit(rank, levels.T, 1, w=np.sqrt(share))
    most, least = intercept, intercept + slope
    worse, better = (most, least) if higher_is_worse else (least, most)
    usable = (most > 0) & (least > 0)
    return worse - better, np.where(usable, worse, np.nan) / np.where(usable, better, 1)


def _ranks(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each group's share of people, and the middle of its place in the line of people."""
    share = people / people.sum()
    return share, share.cumsum() - share / 2


def _read_groups(
    populations: Sequence[float], values: Sequence[float], at_least: float | None = None
) -> tuple[np.ndarray, np.ndarray]:
    people = read_numbers(populations, "populations", above=0)
    levels = read_numbers(values, "values", length=people.size, at_least=at_least)
    if people.size < 2:
        raise ValueError("populations: found 1 group; expected at least two to compare.")
    return people, levels


def _read_amounts(values: Sequence[float]) -> np.ndarray:
    amounts = read_numbers(values, "values", at_least=0)
    if amounts.sum() == 0:
        raise ValueError("values: found only zeros; expected a total to share.")
    return amounts


def _read_yes_no(value: object, name: str) -> None:
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name}: found {value!r}; expected True or False.")
