"""Choosing people when there is room for only so many, and what to expect afterwards.

Sources
-------
Screening measures: Altman and Bland, BMJ 1994;309:102. Regression to the mean: Bland and
Altman, BMJ 1994;308:1499; Roland and Abel, BMJ 2012;345:e6017 (emergency admissions of
people at high risk).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers


class RegressionToTheMean(NamedTuple):
    """What happens to people chosen for a high value when nothing is done.

    Attributes
    ----------
    mean_before, mean_after
        Mean of the chosen people in the period they were chosen on, and in the next.
    fall
        The fall as a share of ``mean_before``; negative for a rise.
    """

    mean_before: float
    mean_after: float
    fall: float


def at_capacity(
    scores: Sequence[float] | pd.Series,
    outcomes: Sequence[bool] | Sequence[float] | pd.Series,
    capacity: int | Sequence[int],
) -> pd.DataFrame:
    """What a rule finds when it takes the highest scores until the places are full.

    Parameters
    ----------
    scores
        The score of each person; the highest are chosen, and of equal scores the earlier.
    outcomes
        Whether each person has the outcome (True or False, 1 or 0), in the same order.
    capacity
        How many places there are, from 1 to the number of people: one number, or several.

    Returns
    -------
    DataFrame
        A row per capacity, in the order given: ``capacity``, ``true_positives``,
        ``false_positives``, ``false_negatives``, ``ppv`` (share of those chosen with the
        outcome), ``sensitivity`` (share of those with the outcome who are chosen), ``lift``
        (ppv over the share of everybody with the outcome) and ``number_needed_to_screen``
        (1 / ppv; missing when nobody is found).

    Raises
    ------
    ValueError
        If lengths differ, nobody has the outcome, a capacity is not a whole number of people,
        or a value is missing or out of range.

    Notes
    -----
    Source: Altman and Bland 1994.
    """
    ranking = read_numbers(scores, "scores")
    happened = _read_outcomes(outcomes, ranking.size)
    total = int(happened.sum())
    if total == 0:
        raise ValueError("outcomes: found nobody with the outcome; expected at least one person.")
    several = capacity if isinstance(capacity, Iterable) else [capacity]
    places = read_numbers(several, "capacity", at_least=1, at_most=ranking.size, whole=True).astype(
        int
    )
    found = happened[_highest_first(ranking)].cumsum()[places - 1]
    ppv = found / places
    return pd.DataFrame(
        {
            "capacity": places,
            "true_positives": found,
            "false_positives": places - found,
            "false_negatives": total - found,
            "ppv": ppv,
            "sensitivity": found / total,
            "lift": ppv / (total / ranking.size),
            "number_needed_to_screen": places / np.where(found > 0, found, np.nan),
        }
    )


def regression_to_the_mean(
    before: Sequence[float] | pd.Series, after: Sequence[float] | pd.Series, k: int
) -> RegressionToTheMean:
    """How far the k highest fall back in the next period.

    Parameters
    ----------
    before
        Each person's value in the period they are chosen on.
    after
        The same people's values in the next period, in the same order.
    k
        How many to choose, from 1 to all; of equal values the earlier.

    Returns
    -------
    RegressionToTheMean
        ``mean_before, mean_after, fall``; the fall is missing when ``mean_before`` is 0.

    Raises
    ------
    ValueError
        If lengths differ, k is not a whole number of people, or a number is missing or not
        finite.

    Notes
    -----
    Source: Bland and Altman 1994; Roland and Abel 2012.
    """
    first = read_numbers(before, "before")
    second = read_numbers(after, "after", length=first.size)
    people = int(read_number(k, "k", at_least=1, at_most=first.size, whole=True))
    chosen = _highest_first(first)[:people]
    mean_before, mean_after = float(first[chosen].mean()), float(second[chosen].mean())
    fall = 1 - mean_after / mean_before if mean_before else float("nan")
    return RegressionToTheMean(mean_before, mean_after, fall)


def _highest_first(values: np.ndarray) -> np.ndarray:
    return np.argsort(-values, kind="stable")


def _read_outcomes(outcomes: object, size: int) -> np.ndarray:
    if isinstance(outcomes, Iterable) and not isinstance(outcomes, (str, bytes, dict, set)):
        outcomes = [
            int(value) if isinstance(value, (bool, np.bool_)) else value for value in outcomes
        ]
    happened = read_numbers(outcomes, "outcomes", length=size)
    wrong = (happened != 0) & (happened != 1)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"outcomes: found {happened[place]:g} at position {place}; expected True or False, "
            "1 or 0."
        )
    return happened.astype(int)
