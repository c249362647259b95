"""Funnel plots: which places differ by more than chance, given their size.

Sources
-------
Spiegelhalter, Statistics in Medicine 2005;24:1185 (funnel plots) and Quality and Safety in
Health Care 2005;14:347 (overdispersion); NHS Digital's SHMI method (truncation, log scale)
and the Care Quality Commission's (Winsorisation, square-root scale), as in FunnelPlotR
v0.6.0 (NHS-R community, MIT licence), to which every number is held. Limits around a
proportion: Fingertips Technical Guidance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_choice, read_number, read_numbers
from clear_helpers.methods.rates import SMALL_COUNT, byar_interval

Kind = Literal["SR", "PR", "RC"]
StandardisedRatioMethod = Literal["SHMI", "CQC"]
PlainLimits = Literal["exact", "FunnelPlotR"]

INSIDE, BEYOND_95, BEYOND_998 = "inside", "beyond 95%", "beyond 99.8%"
NOT_APPLICABLE = "fewer than 10 events"
LIMITS = ("lower95", "upper95", "lower998", "upper998")
TAILS = {"95": 0.025, "998": 0.001}


@dataclass(frozen=True)
class FunnelResult:
    """A funnel plot in numbers.

    Attributes
    ----------
    points
        One row per place, on the index of the numerator: ``observed`` (numerator),
        ``expected`` (denominator), ``ratio``, the limits ``lower95``, ``upper95``,
        ``lower998``, ``upper998``, the same with ``od_`` before them widened for
        overdispersion, ``z`` (without overdispersion), ``flag`` and ``od_flag`` ("inside",
        "beyond 95%", "beyond 99.8%"; a ratio on a limit is inside).
    kind, sr_method, trim_by
        The choices made, as given to :func:`overdispersion`.
    plain_limits
        How the limits of a standardised ratio without overdispersion were found: "exact"
        by :func:`standardised_ratio`, "FunnelPlotR" by :func:`overdispersion`.
    target
        The centre line: 1 for standardised ratios, else the overall ratio.
    n
        How many places the dispersion was measured on, after truncation.
    phi
        Dispersion: mean squared z after trimming. About 1 when only chance is at work.
    tau2
        Variance between places on the transformed scale; 0 when there is no overdispersion.
    uzscore, wuzscore
        z of each place before and after trimming (missing where truncated).
    """

    points: pd.DataFrame
    kind: Kind
    sr_method: StandardisedRatioMethod
    trim_by: float
    plain_limits: PlainLimits
    target: float
    n: int
    phi: float
    tau2: float
    uzscore: pd.Series
    wuzscore: pd.Series

    @property
    def limits(self) -> pd.DataFrame:
        """The eight limits, one row per place."""
        return self.points[[*LIMITS, *(f"od_{name}" for name in LIMITS)]]

    @property
    def flags(self) -> pd.DataFrame:
        """``flag`` and ``od_flag``, one row per place."""
        return self.points[["flag", "od_flag"]]

    def limits_at(self, denominators: Sequence[float] | np.ndarray) -> pd.DataFrame:
        """The eight limits at other sizes, to draw smooth lines.

        Parameters
        ----------
        denominators
            Expected events or denominators, above 0.

        Returns
        -------
        DataFrame
            ``expected`` and the columns of ``limits``.

        Raises
        ------
        ValueError
            If a denominator is missing, or not above 0.
        """
        sizes = read_numbers(denominators, "denominators", above=0)
        plain = _plain_limits(sizes, self.kind, self.target, self.plain_limits)
        wide = _wide_limits(sizes, self.kind, self.sr_method, self.target, self.tau2)
        return pd.DataFrame(
            {"expected": sizes} | plain | {f"od_{name}": part for name, part in wide.items()}
        )


def ratio_limits(
    expected: Sequence[float] | pd.Series | np.ndarray, *, target: float = 1.0
) -> pd.DataFrame:
    """Exact Poisson limits around a ratio of observed to expected events.

    A place lies outside exactly when so many events, or more extreme, would happen by chance
    less often than 2.5 % (or 0.1 %) of the time: that is, when its expected count lies
    outside the exact interval of its observed count.

    Parameters
    ----------
    expected
        Expected events, above 0.
    target
        The centre line.

    Returns
    -------
    DataFrame
        ``lower95``, ``upper95``, ``lower998``, ``upper998``, one row per expected count; a
        lower limit is 0 where even no events would be no surprise.

    Raises
    ------
    ValueError
        If a number is missing, or not above 0.

    Notes
    -----
    Source: Spiegelhalter 2005; Fingertips Technical Guidance (funnel plots for ratios).
    """
    sizes = read_numbers(expected, "expected", above=0)
    centre = read_number(target, "target", above=0)
    return pd.DataFrame(_exact_limits(sizes, centre), index=_index_of(expected, sizes.size))


def proportion_limits(
    denominator: Sequence[float] | pd.Series | np.ndarray, *, target: float
) -> pd.DataFrame:
    """Limits around a proportion, by inverting the Wilson score interval.

    A place lies outside exactly when the target lies outside its own Wilson interval, which
    is where target ± z √(target (1 − target) / n) draws the line.

    Parameters
    ----------
    denominator
        People in each place, above 0.
    target
        The centre line, 0 to 1: usually the overall proportion.

    Returns
    -------
    DataFrame
        ``lower95``, ``upper95``, ``lower998``, ``upper998`` within 0 to 1.

    Raises
    ------
    ValueError
        If a number is missing or out of range.

    Notes
    -----
    Source: Fingertips Technical Guidance (funnel plots for proportions).
    """
    from scipy.stats import norm

    sizes = read_numbers(denominator, "denominator", above=0)
    centre = read_number(target, "target", at_least=0, at_most=1)
    error = np.sqrt(centre * (1 - centre) / sizes)
    limits = {}
    for name, tail in TAILS.items():
        reach = norm.isf(tail) * error
        limits[f"lower{name}"] = np.clip(centre - reach, 0, 1)
        limits[f"upper{name}"] = np.clip(centre + reach, 0, 1)
    return pd.DataFrame(limits, index=_index_of(denominator, sizes.size))


def z_score(
    observed: Sequence[float] | pd.Series, expected: Sequence[float] | pd.Series
) -> np.ndarray:
    """How far observed lies from expected events, in standard errors: 2 (√O − √E).

    Parameters
    ----------
    observed, expected
        Events, 0 or more and above 0, of the same length.

    Returns
    -------
    array
        One z per place; beyond ±1.96 and ±3.09 for 95% and 99.8% limits.

    Raises
    ------
    ValueError
        If a number is missing or out of range.

    Notes
    -----
    Source: Spiegelhalter 2005, the square-root (variance-stabilising) transformation.
    """
    sizes = read_numbers(expected, "expected", above=0)
    events = read_numbers(observed, "observed", at_least=0, length=sizes.size)
    return 2 * (np.sqrt(events) - np.sqrt(sizes))


def outlying(
    values: Sequence[float] | pd.Series | np.ndarray,
    lower: float | Sequence[float] | pd.Series | np.ndarray,
    upper: float | Sequence[float] | pd.Series | np.ndarray,
) -> np.ndarray:
    """Whether each value lies beyond its limits; a value on a limit is inside.

    Parameters
    ----------
    values
        Ratios or proportions.
    lower, upper
        One limit for all, or one for each value.

    Returns
    -------
    array of bool

    Raises
    ------
    ValueError
        If a number is missing, or there are not as many limits as values.
    """
    numbers = read_numbers(values, "values")

    def limit(given: Any, name: str) -> Any:
        if not isinstance(given, Iterable):
            return read_number(given, name)
        return read_numbers(given, name, length=numbers.size)

    return (numbers < limit(lower, "lower")) | (numbers > limit(upper, "upper"))


def standardised_ratio(
    observed: Sequence[float] | pd.Series,
    expected: Sequence[float] | pd.Series,
    *,
    trim_by: float = 0.1,
    sr_method: StandardisedRatioMethod = "SHMI",
) -> FunnelResult:
    """A funnel plot of observed over expected events, with exact Poisson limits around 1.

    Parameters
    ----------
    observed, expected
        Events in each place, of the same length: 0 or more, and above 0. A Series keeps its
        index.
    trim_by, sr_method
        How overdispersion is measured, as for :func:`overdispersion`.

    Returns
    -------
    FunnelResult
        ``flag`` is the exact Poisson test; ``z`` is 2 (√O − √E).

    Raises
    ------
    ValueError
        As for :func:`overdispersion`.

    Notes
    -----
    Source: Spiegelhalter 2005; Fingertips Technical Guidance.
    """
    result = _funnel(observed, expected, "SR", trim_by, sr_method, "exact")
    points = result.points.assign(z=z_score(observed, expected))
    return replace(result, points=points)


def rate_significance(
    count: Sequence[float] | pd.Series,
    rate: Sequence[float | None] | pd.Series,
    population: Sequence[float] | pd.Series | None = None,
    *,
    rate_type: Literal["dsr", "crude"] = "dsr",
    per: float = 100_000,
) -> pd.DataFrame:
    """Which places' rates differ from the overall rate by more than chance.

    Each place's limits are those of its own rate, exact below 10 events and Byar's from 10,
    for the population that its events and its rate imply.

    Parameters
    ----------
    count
        Events in each place, 0 or more. A Series keeps its index.
    rate
        The rate of each place, above 0; may be missing (or 0) where there are no events and,
        for "dsr", where there are fewer than 10.
    population
        People in each place, above 0; needed only for a crude rate with no events.
    rate_type
        "dsr" for directly standardised rates, which are not judged on fewer than 10 events,
        or "crude".
    per
        The number of people the rates are for.

    Returns
    -------
    DataFrame
        ``observed``, ``population`` (count over rate), ``expected`` (events at the overall
        rate), ``ratio`` (observed over expected: above 1 is high) and ``flag`` ("inside",
        "beyond 95%", "beyond 99.8%", "fewer than 10 events"), one row per place.

    Raises
    ------
    ValueError
        If a number is missing or out of range, or no place has events.

    Notes
    -----
    Source: Fingertips Technical Guidance (funnel plots for rates). Places without a rate take
    no part in the overall rate.
    """
    read_choice(rate_type, "rate_type", ("dsr", "crude"))
    scale = read_number(per, "per", above=0)
    events = read_numbers(count, "count", at_least=0)
    people = _implied_population(events, rate, population, rate_type == "crude", scale)
    known = ~np.isnan(people)
    if not (events[known] > 0).any():
        raise ValueError("count: found only zeros; expected events in at least one place.")
    expected = people * (events[known].sum() / people[known].sum())
    judged = known & ((events >= SMALL_COUNT) | (rate_type == "crude"))
    beyond = {}
    for confidence in (0.95, 0.998):
        lower, upper = byar_interval(events, confidence)
        beyond[confidence] = (expected < lower) | (expected > upper)
    flag = np.select(
        [~judged, beyond[0.998], beyond[0.95]], [NOT_APPLICABLE, BEYOND_998, BEYOND_95], INSIDE
    )
    return pd.DataFrame(
        {
            "observed": events,
            "population": people,
            "expected": expected,
            "ratio": events / expected,
            "flag": flag,
        },
        index=_index_of(count, events.size),
    )


def overdispersion(
    numerator: Sequence[float] | pd.Series,
    denominator: Sequence[float] | pd.Series,
    kind: Kind = "SR",
    trim_by: float = 0.1,
    sr_method: StandardisedRatioMethod = "SHMI",
) -> FunnelResult:
    """A funnel plot with plain limits and limits widened for overdispersion.

    Places differ by more than chance for reasons no model holds. Overdispersion is measured
    on trimmed z scores, so that true outliers do not hide themselves, and added to the
    limits as a variance between places (additive random effects).

    Parameters
    ----------
    numerator
        Observed events, or people with the characteristic. A Series keeps its index.
    denominator
        Expected events (SR), people (PR) or the other count (RC), above 0.
    kind
        "SR" standardised ratio, "PR" proportion, "RC" ratio of two counts.
    trim_by
        Share of places trimmed at each end, from 0 to below 0.5. SHMI truncates them;
        everything else Winsorises.
    sr_method
        For "SR": "SHMI" works on logs, and needs every numerator above 0; "CQC" on square
        roots.

    Returns
    -------
    FunnelResult
        ``z`` is the untrimmed z score on the transformed scale. Plain limits of an SR are
        the chi-square interval of a count of E, divided by E: FunnelPlotR's, a little wider
        above than the exact test of :func:`standardised_ratio`.

    Raises
    ------
    ValueError
        If a number is missing or out of range, lengths differ, or an option is unknown.

    Notes
    -----
    Source: Spiegelhalter 2005; FunnelPlotR v0.6.0, which draws the widened CQC limits as
    1 ± z √(s² + τ²), without squaring back. Proportion limits stop at 0 and 1.
    """
    return _funnel(numerator, denominator, kind, trim_by, sr_method, "FunnelPlotR")


def _funnel(
    numerator: Any,
    denominator: Any,
    kind: Kind,
    trim_by: float,
    sr_method: StandardisedRatioMethod,
    plain_limits: PlainLimits,
) -> FunnelResult:
    trim = _read_choices(kind, sr_method, trim_by)
    below = read_numbers(denominator, "denominator", above=0)
    above = read_numbers(numerator, "numerator", at_least=0, length=below.size)
    on_logs = kind == "SR" and sr_method == "SHMI"
    _require_usable(above, below, kind, on_logs)

    target = 1.0 if kind == "SR" else float(above.sum() / below.sum())
    error, z = _z_scores(above, below, kind, sr_method, target)
    trimmed = _truncated(z, trim) if on_logs else _winsorised(z, trim)
    kept = ~np.isnan(trimmed)
    n = int(kept.sum())
    phi = float(np.mean(trimmed[kept] ** 2)) if n else 0.0
    tau2 = _variance_between(n, phi, error[kept])

    index = _index_of(numerator, above.size)
    plain = _plain_limits(below, kind, target, plain_limits)
    wide = _wide_limits(below, kind, sr_method, target, tau2)
    ratio = above / below
    points = pd.DataFrame(
        {"observed": above, "expected": below, "ratio": ratio}
        | plain
        | {f"od_{name}": part for name, part in wide.items()}
        | {"z": z, "flag": _flags(ratio, plain), "od_flag": _flags(ratio, wide)},
        index=index,
    )
    return FunnelResult(
        points=points,
        kind=kind,
        sr_method=sr_method,
        trim_by=trim,
        plain_limits=plain_limits,
        target=target,
        n=n,
        phi=phi,
        tau2=tau2,
        uzscore=pd.Series(z, index=index, name="uzscore"),
        wuzscore=pd.Series(trimmed, index=index, name="wuzscore"),
    )


def _read_choices(kind: Any, sr_method: Any, trim_by: Any) -> float:
    read_choice(kind, "kind", ("SR", "PR", "RC"))
    read_choice(sr_method, "sr_method", ("SHMI", "CQC"))
    trim = read_number(trim_by, "trim_by", at_least=0)
    if trim >= 0.5:
        raise ValueError(f"trim_by: found {trim:g}; expected less than 0.5 at each end.")
    return trim


def _require_usable(above: np.ndarray, below: np.ndarray, kind: str, on_logs: bool) -> None:
    if on_logs and (above == 0).any():
        place = int(np.flatnonzero(above == 0)[0])
        raise ValueError(
            f"numerator: found 0 at position {place}, which has no logarithm; "
            'use sr_method="CQC", or put small places together.'
        )
    if kind == "PR" and (above > below).any():
        place = int(np.flatnonzero(above > below)[0])
        raise ValueError(
            f"numerator: found {above[place]:g} at position {place}, more than its "
            f"denominator {below[place]:g}; expected a part of the whole."
        )
    if kind == "RC" and above.sum() == 0:
        raise ValueError("numerator: found only zeros; expected at least one event.")


def _implied_population(
    events: np.ndarray, rate: Any, population: Any, crude: bool, scale: float
) -> np.ndarray:
    """The people that events and rate imply, missing where there is no rate to go by."""
    if isinstance(rate, (str, bytes, dict, set)) or not isinstance(rate, Iterable):
        raise ValueError(f"rate: found {rate!r}; expected a sequence of numbers.")
    given = list(rate)
    spare = events < (1 if crude else SMALL_COUNT)
    # A rate that nothing depends on may be missing; any other missing rate is an error.
    free = [
        bool(spare[place]) and (value is None or value is pd.NA or value != value or value == 0)
        for place, value in enumerate(given[: events.size])
    ]
    filled = [1 if skip else value for skip, value in zip(free, given, strict=False)]
    rates = read_numbers(filled + given[len(filled) :], "rate", above=0, length=events.size)
    people = np.where(free | (events == 0), np.nan, events / rates * scale)
    if not crude:
        return people
    if population is None:
        if (events == 0).any():
            place = int(np.flatnonzero(events == 0)[0])
            raise ValueError(
                f"population: found none, with no events at position {place}; expected the people "
                "in each place, because a rate of 0 does not tell how many they are."
            )
        return people
    counted = read_numbers(population, "population", above=0, length=events.size)
    return np.where(events == 0, counted, people)


def _index_of(values: Any, size: int) -> pd.Index:
    return values.index if isinstance(values, pd.Series) else pd.RangeIndex(size)


def _z_scores(
    above: np.ndarray, below: np.ndarray, kind: str, sr_method: str, target: float
) -> tuple[np.ndarray, np.ndarray]:
    """Standard error on the transformed scale, and z."""
    if kind == "RC":
        error = np.sqrt(above / (above + 0.5) ** 2 + below / (below + 0.5) ** 2)
        return error, (np.log((above + 0.5) / (below + 0.5)) - np.log(target)) / error
    if kind == "SR" and sr_method == "SHMI":
        error = 1 / np.sqrt(below)
        return error, np.log(above / below) / error
    error = 1 / (2 * np.sqrt(below))
    if kind == "SR":
        return error, (np.sqrt(above / below) - 1) / error
    return error, (np.arcsin(np.sqrt(above / below)) - np.arcsin(np.sqrt(target))) / error


def _truncated(z: np.ndarray, trim: float) -> np.ndarray:
    """The z scores, missing in the lowest and highest of 1/trim equal groups by rank."""
    if trim == 0:
        return z
    from scipy.stats import rankdata

    groups = 1 / trim
    group = np.floor(rankdata(z) * groups / (z.size + 1))
    return np.where((group > 0) & (group < groups - 1), z, np.nan)


def _winsorised(z: np.ndarray, trim: float) -> np.ndarray:
    """The z scores, those beyond the trimming quantiles brought in to them."""
    return np.clip(z, *np.quantile(z, [trim, 1 - trim]))


def _variance_between(n: int, phi: float, error: np.ndarray) -> float:
    if n < 2:
        return 0.0
    weight = 1 / error**2
    return max(0.0, float((n * phi - (n - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())))


def _plain_limits(
    sizes: np.ndarray, kind: Kind, target: float, method: PlainLimits
) -> dict[str, np.ndarray]:
    if kind != "SR":
        return _wide_limits(sizes, kind, "SHMI", target, 0.0)
    if method == "exact":
        return _exact_limits(sizes, target)
    from scipy.stats import chi2

    limits = {}
    for name, tail in TAILS.items():
        limits[f"lower{name}"] = target * chi2.ppf(tail, 2 * sizes) / 2 / sizes
        limits[f"upper{name}"] = target * chi2.isf(tail, 2 * (sizes + 1)) / 2 / sizes
    return limits


def _exact_limits(sizes: np.ndarray, target: float) -> dict[str, np.ndarray]:
    """The counts at which the exact interval just reaches the expected count, over it."""
    from scipy.special import gdtrib, pdtrik

    mean = target * sizes
    limits = {}
    for name, tail in TAILS.items():
        possible = np.exp(-mean) < tail
        fewest = pdtrik(tail, np.where(possible, mean, -np.log(tail)))
        limits[f"lower{name}"] = np.where(possible, np.maximum(fewest, 0), 0) / sizes
        limits[f"upper{name}"] = gdtrib(1.0, tail, mean) / sizes
    return limits


def _wide_limits(
    sizes: np.ndarray, kind: Kind, sr_method: StandardisedRatioMethod, target: float, tau2: float
) -> dict[str, np.ndarray]:
    """Limits on the transformed scale, widened by the variance between places."""
    from scipy.stats import norm

    on_logs = kind == "SR" and sr_method == "SHMI"
    error = np.sqrt((1 if on_logs else 0.25) / sizes + tau2)
    limits = {}
    for name, tail in TAILS.items():
        for side, sign in (("lower", -1), ("upper", 1)):
            reach = sign * norm.isf(tail) * error
            if kind == "PR":
                angle = np.clip(np.arcsin(np.sqrt(target)) + reach, 0, np.pi / 2)
                limits[side + name] = np.sin(angle) ** 2
            elif kind == "RC" or on_logs:
                limits[side + name] = target * np.exp(reach)
            else:
                limits[side + name] = 1 + reach
    return limits


def _flags(ratio: np.ndarray, limits: dict[str, np.ndarray]) -> np.ndarray:
    beyond_998 = outlying(ratio, limits["lower998"], limits["upper998"])
    beyond_95 = outlying(ratio, limits["lower95"], limits["upper95"])
    return np.select([beyond_998, beyond_95], [BEYOND_998, BEYOND_95], default=INSIDE)
