"""Comparing places whose populations differ in age and sex.

Source
------
Fingertips Public Health Technical Guidance (Office for Health Improvement and Disparities);
Breslow and Day, Statistical Methods in Cancer Research II, 1987; Dobson and others,
Statistics in Medicine 1991;10:457 (limits of directly standardised rates). No Python library
we keep follows the guidance, so the arithmetic is here; quantiles are scipy's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers
from clear_helpers.methods.rates import SMALL_COUNT, byar_interval

FEW_EVENTS = f"fewer than {SMALL_COUNT} events: no directly standardised rate"


@dataclass(frozen=True)
class Estimate:
    """A standardised ratio or rate with its confidence interval.

    Attributes
    ----------
    observed
        Events counted.
    expected
        Events there would be at the reference population's rates; None for a directly
        standardised rate, which expects nothing.
    value, lower, upper
        The estimate and its limits, on the scale of ``per``; None for a directly
        standardised rate of fewer than 10 events, with the reason in ``warnings``.
    per
        What the value is per: 100 for a ratio where 100 means "as expected".
    confidence
        Between 0 and 1.
    method
        "Exact", "Byars" or "Dobson": how the limits were found.
    warnings
        What was read generously, and why a value is missing.
    """

    observed: float
    expected: float | None
    value: float | None
    lower: float | None
    upper: float | None
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
    people = _read_table(populations, "populations")
    return pd.Series(people @ risk, index=populations.index, name="expected")


def direct(
    counts: Sequence[float],
    populations: Sequence[float],
    standard_population: Sequence[float],
    per: float = 100_000,
    confidence: float = 0.95,
) -> Estimate:
    """The directly standardised rate: what the rate would be in the standard population.

    Parameters
    ----------
    counts
        Events in each stratum (age band and sex). A missing count is read as no events, as in
        the guidance's own tool, and noted in ``warnings``.
    populations
        People in each stratum, above 0: merge strata in which nobody lives.
    standard_population
        People of the standard population in the same strata, such as the European Standard
        Population 2013.
    per
        The number of people the rate is for.
    confidence
        Between 0 and 1.

    Returns
    -------
    Estimate
        ``value``, ``lower`` and ``upper`` are None when there are fewer than 10 events in all:
        such a rate is not reliable.

    Raises
    ------
    ValueError
        If lengths differ, or a number is missing (other than a count), negative or not a
        number.

    Notes
    -----
    Source: Dobson and others 1991, with Byar's limits of the total count; Fingertips
    Technical Guidance for the threshold of 10.
    """
    people = read_numbers(populations, "populations", above=0)
    events, warnings = _read_counts(counts, people.size)
    weights = _read_standard(standard_population, people.size)
    return _direct_estimate(events, people, weights, events, per, confidence, warnings)


def direct_nonindependent(
    individuals_by_event_frequency: Mapping[Any, Sequence[float]] | pd.DataFrame,
    populations: Sequence[float],
    standard_population: Sequence[float],
    per: float = 100_000,
    confidence: float = 0.95,
) -> Estimate:
    """A directly standardised rate of events that cluster in individuals.

    Somebody admitted four times counts four times, but as one person: the limits are wider
    than :func:`direct` would draw them.

    Parameters
    ----------
    individuals_by_event_frequency
        For each number of events a person can have (1, 2, 3 …, also as text), how many people
        in each stratum had exactly so many: a mapping, or a table with a column per number.
        Missing is read as nobody, and noted in ``warnings``.
    populations, standard_population, per, confidence
        As for :func:`direct`.

    Returns
    -------
    Estimate
        As for :func:`direct`; ``observed`` counts events, not people.

    Raises
    ------
    ValueError
        As for :func:`direct`, or if a number of events is not a whole number from 1.

    Notes
    -----
    Source: Fingertips Technical Guidance: the variance is the sum over frequencies of
    frequency squared × the variance of the rate of people with that frequency.
    """
    people = read_numbers(populations, "populations", above=0)
    weights = _read_standard(standard_population, people.size)
    if not isinstance(individuals_by_event_frequency, (Mapping, pd.DataFrame)):
        raise ValueError(
            f"individuals_by_event_frequency: found {individuals_by_event_frequency!r}; expected "
            "a mapping from the number of events to how many people in each stratum had it."
        )
    if len(individuals_by_event_frequency.keys()) == 0:
        raise ValueError(
            "individuals_by_event_frequency: found no values; expected at least one frequency."
        )
    events, squares, warnings = np.zeros(people.size), np.zeros(people.size), []
    for name, individuals in individuals_by_event_frequency.items():
        frequency = _read_frequency(name)
        found, notes = _read_counts(individuals, people.size, f"individuals with {name} event(s)")
        events += frequency * found
        squares += frequency**2 * found
        warnings += notes
    return _direct_estimate(events, people, weights, squares, per, confidence, warnings)


def direct_many(
    counts: pd.DataFrame,
    populations: pd.DataFrame,
    standard_population: pd.Series | Sequence[float],
    per: float = 100_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Directly standardised rates of many places at once.

    Parameters
    ----------
    counts, populations
        A row per place and a column per stratum, with the same places and strata in both.
        Missing counts are read as no events.
    standard_population
        People of the standard population; a Series is matched to the strata by name.
    per, confidence
        As for :func:`direct`.

    Returns
    -------
    DataFrame
        On the places: ``observed``, ``value``, ``lower``, ``upper`` (missing when fewer than
        10 events, or where a stratum with people in the standard population has none in the
        place) and ``note`` (why a value is missing, else empty).

    Raises
    ------
    ValueError
        If places or strata differ, or a number is missing (other than a count), negative or
        not a number.

    Notes
    -----
    Source: as for :func:`direct`.
    """
    events, people, index, strata = _read_tables(counts, populations)
    if isinstance(standard_population, pd.Series):
        standard_population = _match_strata(standard_population, strata, "standard_population")
    weights = _read_standard(standard_population, len(strata))
    scale = read_number(per, "per", above=0)
    empty = ((people == 0) & (weights > 0)).any(axis=1)
    inhabited = np.where(people > 0, people, 1)
    total = events.sum(axis=1)
    value, variance = _direct_arithmetic(events, inhabited, weights, events)
    few = total < SMALL_COUNT
    lower, upper = _dobson(value, variance, np.where(few, SMALL_COUNT, total), confidence)
    shown = ~(few | empty)
    return pd.DataFrame(
        {"observed": total}
        | {
            name: np.where(shown, part * scale, np.nan)
            for name, part in {"value": value, "lower": lower, "upper": upper}.items()
        }
        | {
            "note": np.select(
                [few, empty],
                [FEW_EVENTS, "nobody in a stratum of the standard population: merge strata"],
                "",
            )
        },
        index=index,
    )


def indirect_many(
    counts: pd.DataFrame,
    populations: pd.DataFrame,
    ref_counts: pd.Series | Sequence[float],
    ref_populations: pd.Series | Sequence[float],
    *,
    per: float = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Indirectly standardised ratios of many places at once.

    Parameters
    ----------
    counts, populations
        A row per place and a column per stratum, with the same places and strata in both.
        Missing counts are read as no events.
    ref_counts, ref_populations
        Events and people in each stratum of the reference population; a Series is matched to
        the strata by name.
    per, confidence
        As for :func:`indirect_ratio`.

    Returns
    -------
    DataFrame
        On the places: ``observed``, ``expected``, ``value``, ``lower`` and ``upper`` (missing
        where nothing is expected).

    Raises
    ------
    ValueError
        If places or strata differ, or a number is missing (other than a count), negative or
        not a number.

    Notes
    -----
    Source: as for :func:`indirect_ratio`.
    """
    events, people, index, strata = _read_tables(counts, populations)
    if isinstance(ref_counts, pd.Series):
        ref_counts = _match_strata(ref_counts, strata, "ref_counts")
    if isinstance(ref_populations, pd.Series):
        ref_populations = _match_strata(ref_populations, strata, "ref_populations")
    ref_events = read_numbers(ref_counts, "ref_counts", at_least=0, length=len(strata))
    ref_people = read_numbers(ref_populations, "ref_populations", above=0, length=len(strata))
    total = events.sum(axis=1)
    expected = people @ (ref_events / ref_people)
    lower, upper = byar_interval(total, confidence)
    scale = read_number(per, "per", above=0) / np.where(expected > 0, expected, np.nan)
    return pd.DataFrame(
        {
            "observed": total,
            "expected": expected,
            "value": total * scale,
            "lower": lower * scale,
            "upper": upper * scale,
        },
        index=index,
    )


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

    Parameters
    ----------
    counts, populations, ref_counts, ref_populations, confidence
        As for :func:`indirect_ratio`.
    per
        The number of people the rate is for.

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
    events, warnings = _read_counts(counts, size)
    ref_events = read_numbers(ref_counts, "ref_counts", at_least=0, length=size)
    ref_people = read_numbers(ref_populations, "ref_populations", above=0, length=size)
    expected = float((people * ref_events / ref_people).sum())
    if expected == 0:
        raise ValueError("Nothing is expected: every stratum has no people or no reference events.")
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


def _direct_estimate(
    events: np.ndarray,
    people: np.ndarray,
    weights: np.ndarray,
    squares: np.ndarray,
    per: float,
    confidence: float,
    warnings: list[str],
) -> Estimate:
    """The rate of events whose variance is ``squares`` in each stratum (Poisson: the events)."""
    scale = read_number(per, "per", above=0)
    observed = float(events.sum())
    value, variance = _direct_arithmetic(events, people, weights, squares)
    lower, upper = _dobson(value, variance, max(observed, SMALL_COUNT), confidence)
    shown: dict[str, float | None] = {
        "value": float(value * scale),
        "lower": float(lower * scale),
        "upper": float(upper * scale),
    }
    if observed < SMALL_COUNT:
        shown = dict.fromkeys(shown)
        warnings = [*warnings, f"{observed:g} events; {FEW_EVENTS}."]
    return Estimate(
        observed=observed,
        expected=None,
        **shown,
        per=per,
        confidence=confidence,
        method="Dobson",
        warnings=warnings,
    )


def _direct_arithmetic(
    events: np.ndarray, people: np.ndarray, weights: np.ndarray, squares: np.ndarray
) -> tuple[Any, Any]:
    """Rate and variance, over the last axis."""
    share = weights / weights.sum()
    return (share * events / people).sum(axis=-1), (share**2 * squares / people**2).sum(axis=-1)


def _dobson(value: Any, variance: Any, total: Any, confidence: float) -> tuple[Any, Any]:
    """Byar's limits of the total count, brought to the scale of the weighted sum."""
    lower, upper = byar_interval(total, confidence)
    stretch = np.sqrt(variance / total)
    return value + stretch * (lower - total), value + stretch * (upper - total)


def _read_counts(counts: Any, size: int, name: str = "counts") -> tuple[np.ndarray, list[str]]:
    """Counts with missing ones read as none, and a note of how many were."""
    if isinstance(counts, (str, bytes, dict, set)) or not isinstance(counts, Iterable):
        raise ValueError(f"{name}: found {counts!r}; expected a sequence of numbers.")
    items = list(counts)
    missing = pd.isna(pd.Series(items, dtype=object)).to_numpy()
    filled = [0 if gap else count for count, gap in zip(items, missing, strict=True)]
    events = read_numbers(filled, name, at_least=0, length=size)
    if not missing.any():
        return events, []
    place = int(np.flatnonzero(missing)[0])
    note = (
        f"{int(missing.sum())} of {size} {name} missing (first at position {place}): "
        "read as no events."
    )
    return events, [note]


def _read_standard(standard_population: Any, size: int) -> np.ndarray:
    weights = read_numbers(standard_population, "standard_population", at_least=0, length=size)
    if weights.sum() == 0:
        raise ValueError("standard_population: found only zeros; expected people in a stratum.")
    return weights


def _read_frequency(name: Any) -> int:
    whole = isinstance(name, (float, np.floating)) and float(name).is_integer()
    text = str(int(name) if whole else name).strip()
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(
            f"individuals_by_event_frequency: found frequency {name!r}; expected a whole number "
            "of events, 1 or more."
        )
    return int(text)


def _read_tables(
    counts: Any, populations: Any
) -> tuple[np.ndarray, np.ndarray, pd.Index, pd.Index]:
    for name, table in (("counts", counts), ("populations", populations)):
        if not isinstance(table, pd.DataFrame):
            raise ValueError(
                f"{name}: found {type(table).__name__}; expected a table with a row per place "
                "and a column per stratum."
            )
        if table.empty:
            raise ValueError(f"{name}: found no values; expected at least one place and stratum.")
        for part, labels in (("place", table.index), ("stratum", table.columns)):
            if not labels.is_unique:
                twice = labels[labels.duplicated()].tolist()[0]
                raise ValueError(f"{name}: found {part} {twice!r} twice; expected it once.")
    for part, here, there in (
        ("place", counts.index, populations.index),
        ("stratum", counts.columns, populations.columns),
    ):
        unmatched = here.symmetric_difference(there)
        if len(unmatched):
            raise ValueError(
                f"{part} {unmatched.tolist()[0]!r}: found in only one of counts and populations; "
                "expected the same in both."
            )
    people = _read_table(populations.loc[counts.index, counts.columns], "populations")
    events = _read_table(counts.fillna(0), "counts")
    return events, people, counts.index, counts.columns


def _read_table(table: pd.DataFrame, name: str) -> np.ndarray:
    return np.column_stack(
        [
            read_numbers(table.iloc[:, k], f"{name}, stratum {stratum!r}", at_least=0)
            for k, stratum in enumerate(table.columns)
        ]
    )


def _match_strata(values: pd.Series, strata: pd.Index, name: str) -> pd.Series:
    absent = [stratum for stratum in strata if stratum not in values.index]
    if absent:
        raise ValueError(f"{name}: none for stratum {absent[0]!r}; expected one for each.")
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()].tolist()[0]
        raise ValueError(f"{name}: found stratum {twice!r} twice; expected it once.")
    return values.reindex(strata)
