"""Confidence intervals for proportions and for counts of events.

Source
------
Fingertips Public Health Technical Guidance (Office for Health Improvement and Disparities):
Wilson score interval for proportions; for counts, Byar's approximation (Breslow and Day,
Statistical Methods in Cancer Research II, 1987) from 10 events and the exact chi-square
limits below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from clear_helpers.methods._numbers import read_number, read_numbers

SMALL_COUNT = 10
"""Below so many events the limits are exact."""


def wilson_interval(
    numerator: float | Sequence[float],
    denominator: float | Sequence[float],
    confidence: float = 0.95,
) -> tuple[Any, Any]:
    """The Wilson score interval of a proportion.

    Parameters
    ----------
    numerator, denominator
        People with the characteristic, out of how many: single numbers, or sequences of the
        same length. Denominators above 0, numerators from 0 to the denominator.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple
        Lower and upper limit, 0 to 1: two numbers, or two arrays for sequences.

    Raises
    ------
    ValueError
        If a number is missing, out of range or not a number; the message says which.

    Notes
    -----
    Source: Wilson, JASA 1927;22:209; Fingertips Technical Guidance.
    """
    below, single = _one_or_many(denominator, "denominator", above=0)
    above, _ = _one_or_many(numerator, "numerator", at_least=0, length=below.size)
    if (above > below).any():
        place = int(np.flatnonzero(above > below)[0])
        raise ValueError(
            f"numerator: found {above[place]:g} at position {place}, more than its "
            f"denominator {below[place]:g}; expected a part of the whole."
        )
    z = _z(confidence)
    share = above / below
    middle = share + z**2 / (2 * below)
    reach = z * np.sqrt(share * (1 - share) / below + z**2 / (4 * below**2))
    scale = 1 + z**2 / below
    # At 0 and 1 the limit is 0 or 1 by algebra; rounding would leave a trace.
    lower = np.where(above == 0, 0.0, (middle - reach) / scale)
    upper = np.where(above == below, 1.0, (middle + reach) / scale)
    return _as_given(lower, upper, single)


def byar_interval(
    count: float | Sequence[float],
    confidence: float = 0.95,
    *,
    exact_below: float = SMALL_COUNT,
) -> tuple[Any, Any]:
    """Limits for the number of events behind an observed count (Poisson).

    Parameters
    ----------
    count
        Events, 0 or more: one number, or a sequence.
    confidence
        Between 0 and 1.
    exact_below
        Counts below this get the exact chi-square limits, others Byar's approximation.
        0 uses Byar's approximation throughout.

    Returns
    -------
    tuple
        Lower and upper limit in events: two numbers, or two arrays for a sequence. The
        lower limit is missing where Byar's approximation falls below zero, which happens
        only for tiny counts with ``exact_below=0``.

    Raises
    ------
    ValueError
        If a number is missing, out of range or not a number; the message says which.

    Notes
    -----
    Source: Breslow and Day 1987; Fingertips Technical Guidance for the change at 10.
    """
    events, single = _one_or_many(count, "count", at_least=0)
    read_number(exact_below, "exact_below", at_least=0)
    z = _z(confidence)
    exact_lower, exact_upper = exact_poisson_interval(events, confidence)
    base = np.where(events > 0, events, 1)
    lower = base * (1 - 1 / (9 * base) - z / (3 * np.sqrt(base))) ** 3
    lower = np.where(events > 0, np.where(lower < 0, np.nan, lower), 0.0)
    upper = (events + 1) * (1 - 1 / (9 * (events + 1)) + z / (3 * np.sqrt(events + 1))) ** 3
    small = events < exact_below
    return _as_given(
        np.where(small, exact_lower, lower), np.where(small, exact_upper, upper), single
    )


def exact_poisson_interval(
    count: float | Sequence[float] | np.ndarray, confidence: float = 0.95
) -> tuple[Any, Any]:
    """Exact limits for the number of events behind an observed count (Poisson).

    Parameters
    ----------
    count
        Events, 0 or more: one number, or a sequence.
    confidence
        Between 0 and 1.

    Returns
    -------
    tuple
        Lower and upper limit in events: two numbers, or two arrays for a sequence.

    Raises
    ------
    ValueError
        If a number is missing, out of range or not a number; the message says which.

    Notes
    -----
    Source: Garwood, Biometrika 1936;28:437: quantiles of chi-square with 2 × count and
    2 × (count + 1) degrees of freedom, halved.
    """
    from scipy.stats import chi2

    events, single = _one_or_many(count, "count", at_least=0)
    read_number(confidence, "confidence", above=0, at_most=1)
    tail = (1 - confidence) / 2
    lower = np.where(events > 0, chi2.ppf(tail, 2 * np.where(events > 0, events, 1)) / 2, 0.0)
    return _as_given(lower, chi2.isf(tail, 2 * (events + 1)) / 2, single)


def _z(confidence: float) -> float:
    from scipy.stats import norm

    read_number(confidence, "confidence", above=0, at_most=1)
    if confidence == 1:
        raise ValueError("confidence: found 1; expected less than 1, such as 0.95.")
    return float(norm.isf((1 - confidence) / 2))


def _one_or_many(values: Any, name: str, **bounds: Any) -> tuple[np.ndarray, bool]:
    if not isinstance(values, Iterable):
        bounds.pop("length", None)
        return np.array([read_number(values, name, **bounds)]), True
    return read_numbers(values, name, **bounds), False


def _as_given(lower: np.ndarray, upper: np.ndarray, single: bool) -> tuple[Any, Any]:
    return (float(lower[0]), float(upper[0])) if single else (lower, upper)
