"""Comparing places whose populations differ in age and sex.

Source
------
Fingertips Public Health Technical Guidance (Office for Health Improvement and Disparities)
and Breslow and Day, Statistical Methods in Cancer Research II, 1987.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers
from clear_helpers.methods.rates import SMALL_COUNT, byar_interval


@dataclass(frozen=True)
class Estimate:
    """A standardised ratio or rate with its confidence interval.

    Attributes
    ----------
    observed
        Events counted.
    expected
        Events there would be at the reference population's rates.
    value, lower, upper
        The estimate and its limits, on the scale of ``per``.
    per
        What the value is per: 100 for a ratio where 100 means "as expected".
    confidence
        Between 0 and 1.
    method
        "Exact" or "Byars": how the limits were found.
    warnings
        What was read generously.
    """

    observed: float
    expected: float
    value: float
    lower: float
    upper: float
    per: float
    confidence: float
    method: str
    warnings: list[str] = field(default_factory=list)


def expected_counts(
    populations: pd.DataFrame | Sequence[float], rates: pd.Series | Sequence[float]
) -> pd.Series | float:
    """Events there would be if each stratum had the given rate.

    Parameters
    ----------
    populations
        People: a table with a row per place and a column per stratum (age band and sex), or
        a plain sequence for one place.
    rates
        Events per person in each stratum, in the order of the strata; a Series is matched to
        the table's columns by name.

    Returns
    -------
    Series or float
        Expected events per place (on the table's index), or for the one place.

    Raises
    ------
    ValueError
        If a number is missing or negative, or a stratum has no rate.
    """
    if not isinstance(populations, pd.DataFrame):
        people = read_numbers(populations, "populations", at_least=0)
        risk = read_numbers(rates, "rates", at_least=0, length=people.size)
        return float(people @ risk)
    if isinstance(rates, pd.Series):
        absent = [str(name) for name in populations.columns if name not in rates.index]
        if absent:
            raise ValueError(f"rates: no rate for stratum {absent[0]!r}; expected one for each.")
        rates = rates.reindex(populations.columns)
    risk = read_numbers(rates, "rates", at_least=0, length=populations.shape[1])
    people = np.column_stack(
        [
            read_numbers(populations.iloc[:, k], f"populations, stratum {name!r}", at_least=0)
            for k, name in enumerate(populations.columns)
        ]
    )
    return pd.Series(people @ risk, index=populations.index, name="expected")


def indirect_ratio(
    counts: Sequence[float],
    populations: Sequence[float],
    ref_counts: Sequence[float],
    ref_populations: Sequence[float],
    *,
    per: float = 100,
    confidence: float = 0.95,
) -> Estimate:
    """The indirectly standardised ratio: observed events over expected (SMR, SAR).

    Parameters
    ----------
    counts
        Events in each stratum (age band and sex) of the place. A missing count is read as no
        events, as in the guidance's own tool, and noted in ``warnings``.
    populations
        People in each stratum of the place.
    ref_counts, ref_populations
        Events and people in the same strata of the reference population.
    per
        100 gives a ratio where 100 means "as expected".
    confidence
        Between 0 and 1.

    Returns
    -------
    Estimate
        Limits are exact (chi-square) below 10 events and Byar's from 10, of the observed
        count; the expected count is taken as known.

    Raises
    ------
    ValueError
        If lengths differ, a number is negative or not a number, a population is missing, a
        reference population is 0, or nothing is expected.

    Notes
    -----
    Source: Fingertips Technical Guidance; Breslow and Day 1987.
    """
    observed, expected, _, warnings = _observed_and_expected(
        counts, populations, ref_counts, ref_populations
    )
    return _estimate(observed, expected, per, confidence, warnings)


def indirect_rate(
    counts: Sequence[float],
    populations: Sequence[float],
    ref_counts: Sequence[float],
    ref_populations: Sequence[float],
    *,
    per: float = 100_000,
    confidence: float = 0.95,
) -> Estimate:
    """The indirectly standardised rate: the ratio times the reference population's crude rate.

    Parameters, errors and source as for :func:`indirect_ratio`; ``per`` is the number of
    people the rate is for.

    Returns
    -------
    Estimate
        ``value``, ``lower`` and ``upper`` in events per ``per`` people.

    Raises
    ------
    ValueError
        As for :func:`indirect_ratio`.
    """
    observed, expected, crude, warnings = _observed_and_expected(
        counts, populations, ref_counts, ref_populations
    )
    return _estimate(observed, expected, per, confidence, warnings, scale=crude)


def _observed_and_expected(
    counts: Sequence[float],
    populations: Sequence[float],
    ref_counts: Sequence[float],
    ref_populations: Sequence[float],
) -> tuple[float, float, float, list[str]]:
    people = read_numbers(populations, "populations", at_least=0)
    size = people.size
    missing = pd.isna(pd.Series(list(counts), dtype=object)).to_numpy()
    filled = [0 if gap else count for count, gap in zip(counts, missing, strict=True)]
    events = read_numbers(filled, "counts", at_least=0, length=size)
    ref_events = read_numbers(ref_counts, "ref_counts", at_least=0, length=size)
    ref_people = read_numbers(ref_populations, "ref_populations", above=0, length=size)
    expected = float((people * ref_events / ref_people).sum())
    if expected == 0:
        raise ValueError("Nothing is expected: every stratum has no people or no reference events.")
    warnings = []
    if missing.any():
        place = int(np.flatnonzero(missing)[0])
        warnings.append(
            f"{int(missing.sum())} of {size} counts missing (first at position {place}): "
            "read as no events."
        )
    crude = float(ref_events.sum() / ref_people.sum())
    return float(events.sum()), expected, crude, warnings


def _estimate(
    observed: float,
    expected: float,
    per: float,
    confidence: float,
    warnings: list[str],
    scale: float = 1.0,
) -> Estimate:
    factor = read_number(per, "per", above=0) * scale / expected
    lower, upper = byar_interval(observed, confidence)
    return Estimate(
        observed=observed,
        expected=expected,
        value=observed * factor,
        lower=lower * factor,
        upper=upper * factor,
        per=per,
        confidence=confidence,
        method="Exact" if observed < SMALL_COUNT else "Byars",
        warnings=warnings,
    )
