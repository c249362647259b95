"""Proportions, rates and means with their confidence intervals.

Source
------
Fingertips Public Health Technical Guidance (Office for Health Improvement and Disparities):
Wilson score interval for proportions; for counts and rates, Byar's approximation (Breslow and
Day, Statistical Methods in Cancer Research II, 1987) from 10 events and the exact chi-square
limits below; Student's t for means. Quantiles are scipy's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers

SMALL_COUNT = 10
"""Below so many events the limits are exact."""


def proportion(
    numerator: float | Sequence[float] | pd.Series,
    denominator: float | Sequence[float] | pd.Series,
    per: float = 1,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Proportions with their Wilson score intervals.

    Parameters
    ----------
    numerator, denominator
        People with the characteristic, out of how many: single numbers, or sequences of the
        same length, matched by position. Denominators above 0, numerators from 0 to the
        denominator.
    per
        1 gives shares, 100 percentages.
    confidence
        Between 0 and 1.

    Returns
    -------
    DataFrame
        ``value``, ``lower`` and ``upper``, one row per pair, on the numerator's index.

    Raises
    ------
    ValueError
        If a number is missing, out of range or not a number; the message says which.

    Notes
    -----
    Source: Wilson, JASA 1927;22:209; Fingertips Technical Guidance.
    """
    below, _ = _one_or_many(denominator, "denominator", above=0)
    above, _ = _one_or_many(numerator, "numerator", at_least=0, length=below.size)
    scale = read_number(per, "per", above=0)
    lower, upper = wilson_interval(above, below, confidence)
    return pd.DataFrame(
        {"value": above / below * scale, "lower": lower * scale, "upper": upper * scale},
        index=_index_of(numerator, above.size),
    )


def rate(
    count: float | Sequence[float] | pd.Series,
    population: float | Sequence[float] | pd.Series,
    per: float = 100_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Crude rates with exact limits below 10 events and Byar's from 10.

    Parameters
    ----------
    count
        Events, 0 or more (there may be more events than people): one number, or a sequence.
    population
        People, or person-years, above 0; as many as counts, matched by position.
    per
        The number of people the rate is for.
    confidence
        Between 0 and 1.

    Returns
    -------
    DataFrame
        ``value``, ``lower`` and ``upper`` in events per ``per`` people, and ``method``
        ("Exact" or "Byars"), one row per pair, on the count's index.

    Raises
    ------
    ValueError
        If a number is missing, out of range or not a number; the message says which.

    Notes
    -----
    Source: Breslow and Day 1987; Fingertips Technical Guidance.
    """
    people, _ = _one_or_many(population, "population", above=0)
    events, _ = _one_or_many(count, "count", at_least=0, length=people.size)
    scale = read_number(per, "per", above=0) / people
    lower, upper = byar_interval(events, confidence)
    return pd.DataFrame(
        {
            "value": events * scale,
            "lower": lower * scale,
            "upper": upper * scale,
            "method": np.where(events < SMALL_COUNT, "Exact", "Byars"),
        },
        index=_index_of(count, events.size),
    )


def mean(values: Sequence[float] | pd.Series, confidence: float = 0.95) -> pd.DataFrame:
    """A mean with its interval from Student's t.

    Parameters
    ----------
    values
        The measurements.
    confidence
        Between 0 and 1.

    Returns
    -------
    DataFrame
        One row: ``value``, ``lower``, ``upper``, ``value_sum``, ``value_count`` and ``stdev``
        (with n − 1). Limits and standard deviation of a single measurement are missing.

    Raises
    ------
    ValueError
        If there are no values, or one is missing or not a finite number.

    Notes
    -----
    Source: Fingertips Technical Guidance (confidence intervals for means).
    """
    from scipy.stats import t

    sample = read_numbers(values, "values")
    tail = _tail(confidence)
    middle = float(sample.mean())
    spread = float(sample.std(ddof=1)) if sample.size > 1 else np.nan
    reach = float(t.isf(tail, max(sample.size - 1, 1))) * spread / np.sqrt(sample.size)
    return pd.DataFrame(
        {
            "value": [middle],
            "lower": [middle - reach],
            "upper": [middle + reach],
            "value_sum": [float(sample.sum())],
            "value_count": [sample.size],
            "stdev": [spread],
        }
    )


def wilson_interval(
    numerator: float | Sequence[float] | np.ndarray,
    denominator: float | Sequence[float] | np.ndarray,
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
    count: float | Sequence[float] | np.ndarray,
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
    tail = _tail(confidence)
    lower = np.where(events > 0, chi2.ppf(tail, 2 * np.where(events > 0, events, 1)) / 2, 0.0)
    return _as_given(lower, chi2.isf(tail, 2 * (events + 1)) / 2, single)


def _z(confidence: float) -> float:
    from scipy.stats import norm

    return float(norm.isf(_tail(confidence)))


def _tail(confidence: float) -> float:
    """The probability left beyond each limit."""
    read_number(confidence, "confidence", above=0, at_most=1)
    if confidence == 1:
        raise ValueError("confidence: found 1; expected less than 1, such as 0.95.")
    return (1 - confidence) / 2


def _one_or_many(values: Any, name: str, **bounds: Any) -> tuple[np.ndarray, bool]:
    if not isinstance(values, Iterable):
        needed = bounds.pop("length", 1)
        if needed != 1:
            raise ValueError(f"{name}: found 1 value; expected {needed}, one for each row.")
        return np.array([read_number(values, name, **bounds)]), True
    return read_numbers(values, name, **bounds), False


def _as_given(lower: np.ndarray, upper: np.ndarray, single: bool) -> tuple[Any, Any]:
    return (float(lower[0]), float(upper[0])) if single else (lower, upper)


def _index_of(values: Any, size: int) -> pd.Index:
    return values.index if isinstance(values, pd.Series) else pd.RangeIndex(size)
