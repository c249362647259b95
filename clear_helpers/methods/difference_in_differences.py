"""Whether one group changed more than a comparison group, and whether chance could do that.

Sources
-------
Card and Krueger, American Economic Review 1994;84:772; Wooldridge, Introductory Econometrics,
chapter 13 (the estimate is the coefficient of treated × after); Liang and Zeger, Biometrika
1986;73:13 (clustered errors). Fitting and clustered errors are statsmodels', Welch's interval is
scipy's. The placebo test is Fisher's randomisation test over units, written here because scipy's
takes no group of one.
"""

from __future__ import annotations

import math
import warnings as python_warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_choice, read_number, read_numbers
from clear_helpers.methods._tables import (
    read_flags,
    read_labels,
    read_named,
    read_partly_known,
    read_table,
)

FEW_CLUSTERS = 10
"""Below so many clusters, clustered intervals are known to be too narrow."""

EXACT_UP_TO = 20_000
"""Up to so many ways to choose the treated units, every one is tried."""

CELLS = ("control", "treated")
TIMES = ("before", "after")


@dataclass(frozen=True)
class DidResult:
    """A difference in differences.

    Attributes
    ----------
    estimate
        Change in the treated less change in the controls, in the units of the outcome.
    se, lower, upper, p_value
        Its standard error, interval and two-sided p value; missing where nothing is left over
        to estimate them from.
    means
        Mean outcome: rows control and treated, columns before and after.
    terms
        Coefficients ``const``, ``after``, ``treated``, ``treated_after``: columns ``coef``,
        ``se``, ``lower``, ``upper``, ``p_value``. Only the last, for changes of units.
    r_squared
        Share of variance explained; missing for changes of units.
    n, n_treated, n_control
        Rows used (units, for changes of units).
    n_clusters
        Clusters, or None.
    confidence
        Between 0 and 1.
    warnings
        What was left out, and what to doubt.
    """

    estimate: float
    se: float
    lower: float
    upper: float
    p_value: float
    means: pd.DataFrame
    terms: pd.DataFrame
    r_squared: float
    n: int
    n_treated: int
    n_control: int
    n_clusters: int | None
    confidence: float
    warnings: list[str] = field(default_factory=list)

    @property
    def treated_change(self) -> float:
        """After less before in the treated: the naive estimate."""
        return float(self.means["after"]["treated"] - self.means["before"]["treated"])

    @property
    def control_change(self) -> float:
        """After less before in the controls."""
        return float(self.means["after"]["control"] - self.means["before"]["control"])


@dataclass(frozen=True)
class RatioResult:
    """A ratio of ratios of counts.

    Attributes
    ----------
    estimate, lower, upper, p_value
        After over before in the treated, divided by the same in the controls: 0.93 is a fall
        7 % steeper than the controls'.
    coef, se
        Logarithm of the estimate and its standard error.
    treated_change, control_change
        Relative change in each: −0.3 is a fall of 30 %.
    rates
        Events per unit of exposure: rows control and treated, columns before and after.
    dispersion
        Pearson's chi-square over its degrees of freedom; missing when none are left.
    n, n_clusters, confidence, warnings
        As in :class:`DidResult`.
    """

    estimate: float
    lower: float
    upper: float
    p_value: float
    coef: float
    se: float
    treated_change: float
    control_change: float
    rates: pd.DataFrame
    dispersion: float
    n: int
    n_clusters: int | None
    confidence: float
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PlaceboResult:
    """How unusual the treated units' change is among those who could have been treated.

    Attributes
    ----------
    estimate
        Mean change of the treated less that of the others.
    p_value
        Share of all choices of treated units whose estimate is at least as extreme, the actual
        one included.
    placebo
        Every such estimate, for a histogram.
    smallest_p
        The smallest p value so few units allow.
    exact
        Whether every choice was tried; if not, a random sample was.
    """

    estimate: float
    p_value: float
    placebo: np.ndarray
    smallest_p: float
    exact: bool


def fit(
    df: pd.DataFrame,
    outcome: Hashable,
    treated: Hashable,
    after: Hashable,
    cluster: Hashable | None = None,
    *,
    confidence: float = 0.95,
) -> DidResult:
    """Difference in differences by ordinary least squares.

    Parameters
    ----------
    df
        A row per unit and time.
    outcome, treated, after
        Columns: a number; whether the unit is in the treated group; whether the time is after
        the change (True and False, or 1 and 0). Rows without an outcome are left out, and
        counted in ``warnings``.
    cluster
        Column of what was treated as a whole, such as the practice: errors may then go
        together within it. None for plain errors.
    confidence
        Between 0 and 1.

    Returns
    -------
    DidResult

    Raises
    ------
    ValueError
        If a column is absent, a value is not of its kind, or one of the four groups (control
        or treated, before or after) has no rows.

    Notes
    -----
    Source: Wooldridge, chapter 13. Clustered errors carry the usual small-sample factor and use
    Student's distribution on one less than the number of clusters. OLS: statsmodels.
    """
    level = _confidence(confidence)
    values, group, late, clusters, notes = _panel(df, outcome, treated, after, cluster)
    names = ["const", "after", "treated", "treated_after"]
    design = np.column_stack([np.ones(values.size), late, group, group & late]).astype(float)
    means = _cells(values, np.ones(values.size), group, late)

    import statsmodels.api as sm

    with np.errstate(divide="ignore", invalid="ignore"):
        model = sm.OLS(values, design)
        if clusters is None:
            fitted = model.fit()
        else:
            fitted = model.fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
            notes += _doubts(clusters, group)
        if values.size == len(names):
            terms = _terms(np.asarray(fitted.params), np.full(4, np.nan), math.inf, level, names)
            notes.append("One row in each group: nothing is left over to make an interval from.")
        else:
            df_used = fitted.df_resid if clusters is None else np.unique(clusters).size - 1
            terms = _terms(np.asarray(fitted.params), np.asarray(fitted.bse), df_used, level, names)
        r_squared = float(fitted.rsquared)
    row = terms.T["treated_after"]
    return DidResult(
        estimate=float(row["coef"]),
        se=float(row["se"]),
        lower=float(row["lower"]),
        upper=float(row["upper"]),
        p_value=float(row["p_value"]),
        means=means,
        terms=terms,
        r_squared=r_squared,
        n=int(values.size),
        n_treated=int(group.sum()),
        n_control=int((~group).sum()),
        n_clusters=None if clusters is None else int(np.unique(clusters).size),
        confidence=level,
        warnings=notes,
    )


def fit_ratio(
    df: pd.DataFrame,
    counts: Hashable,
    treated: Hashable,
    after: Hashable,
    cluster: Hashable | None = None,
    *,
    exposure: Hashable | None = None,
    confidence: float = 0.95,
) -> RatioResult:
    """Ratio of ratios: difference in differences for counts and rates.

    Parameters
    ----------
    df, treated, after, cluster
        As for :func:`fit`.
    counts
        Column of events, 0 or more.
    exposure
        Column of people (or person-time) at risk, above 0; None when the same everywhere.
    confidence
        Between 0 and 1.

    Returns
    -------
    RatioResult

    Raises
    ------
    ValueError
        As for :func:`fit`, or if one of the four groups has no events.

    Notes
    -----
    Poisson regression with a log offset (statsmodels). Errors are clustered, or widened by the
    dispersion seen (quasi-Poisson); with one row in each group they are Poisson's own.
    """
    level = _confidence(confidence)
    values, group, late, clusters, notes = _panel(df, counts, treated, after, cluster, at_least=0)
    people = np.ones(values.size)
    if exposure is not None:
        known = read_table(df, "df", [exposure])[exposure][df[counts].notna()]
        people = read_numbers(known, f"df, column {exposure!r}", above=0)
    rates = _cells(values, people, group, late)
    for side in CELLS:
        for when in TIMES:
            if rates[when][side] == 0:
                raise ValueError(
                    f"df: found no events in the {side} group {when}; expected at least one, or "
                    "a ratio has no meaning."
                )

    import statsmodels.api as sm

    design = np.column_stack([np.ones(values.size), late, group, group & late]).astype(float)
    model = sm.GLM(values, design, family=sm.families.Poisson(), offset=np.log(people))
    spare = values.size - 4
    spread: float
    if clusters is not None:
        errors: dict[str, Any] = {"cov_type": "cluster", "cov_kwds": {"groups": clusters}}
        spread = np.unique(clusters).size - 1
        notes += _doubts(clusters, group)
    elif spare:
        errors, spread = {"scale": "X2"}, spare
    else:
        errors, spread = {}, math.inf
        notes.append("One row in each group: the interval assumes plain Poisson counts.")
    with python_warnings.catch_warnings():
        # Four rows fit exactly; that is said above in words.
        python_warnings.simplefilter("ignore")
        fitted = model.fit(**errors)
    row = _terms(
        np.asarray(fitted.params)[3:], np.asarray(fitted.bse)[3:], spread, level, ["ratio"]
    ).iloc[0]
    change = rates["after"] / rates["before"] - 1
    return RatioResult(
        estimate=math.exp(row["coef"]),
        lower=math.exp(row["lower"]),
        upper=math.exp(row["upper"]),
        p_value=float(row["p_value"]),
        coef=float(row["coef"]),
        se=float(row["se"]),
        treated_change=float(change["treated"]),
        control_change=float(change["control"]),
        rates=rates,
        dispersion=float(fitted.pearson_chi2 / spare) if spare else math.nan,
        n=int(values.size),
        n_clusters=None if clusters is None else int(np.unique(clusters).size),
        confidence=level,
        warnings=notes,
    )


def fit_changes(
    before: Sequence[float] | pd.Series,
    after: Sequence[float] | pd.Series,
    treated: Sequence[Any] | pd.Series,
    *,
    confidence: float = 0.95,
) -> DidResult:
    """Difference in differences from one change per unit.

    Parameters
    ----------
    before, after
        The outcome of each unit at the two times. Units with either missing are left out, and
        counted in ``warnings``.
    treated
        Whether each unit is in the treated group.
    confidence
        Between 0 and 1.

    Returns
    -------
    DidResult
        ``se`` lets the two groups vary differently (Welch, from scipy); missing with a group
        of one unit.

    Raises
    ------
    ValueError
        If a value is not of its kind, lengths differ, or a group has no units.

    Notes
    -----
    Source: Card and Krueger 1994, table 3, "balanced sample".
    """
    from scipy import stats

    level = _confidence(confidence)
    first, second, group, notes = _pairs(before, after, treated)
    changes = second - first
    ours, theirs = changes[group], changes[~group]
    estimate = float(ours.mean() - theirs.mean())
    se = lower = upper = p_value = math.nan
    if min(ours.size, theirs.size) > 1:
        se = math.sqrt(ours.var(ddof=1) / ours.size + theirs.var(ddof=1) / theirs.size)
        lower = upper = estimate
        p_value = float(estimate == 0)
        if se > 0:
            test = stats.ttest_ind(ours, theirs, equal_var=False)
            interval = test.confidence_interval(level)
            lower, upper = float(interval.low), float(interval.high)
            p_value = float(test.pvalue)
    else:
        notes.append("A group of one unit: no interval. Use placebo_test.")
    ones = np.ones(2 * changes.size)
    both = np.r_[group, group]
    late = np.r_[np.zeros(changes.size, bool), np.ones(changes.size, bool)]
    return DidResult(
        estimate=estimate,
        se=se,
        lower=lower,
        upper=upper,
        p_value=p_value,
        means=_cells(np.r_[first, second], ones, both, late),
        terms=pd.DataFrame(
            {"coef": estimate, "se": se, "lower": lower, "upper": upper, "p_value": p_value},
            index=["treated_after"],
        ),
        r_squared=math.nan,
        n=int(changes.size),
        n_treated=int(ours.size),
        n_control=int(theirs.size),
        n_clusters=None,
        confidence=level,
        warnings=notes,
    )


def placebo_test(
    before: Sequence[float] | pd.Series,
    after: Sequence[float] | pd.Series,
    treated: Sequence[Any] | pd.Series,
    *,
    alternative: str = "greater",
    draws: int = 9_999,
    seed: int = 2021,
) -> PlaceboResult:
    """Pretend that other units had been treated, and see how often they do as well.

    Parameters
    ----------
    before, after, treated
        As for :func:`fit_changes`.
    alternative
        "greater": the treated rose more; "less": fell more; "two-sided": either.
    draws
        Random choices to try where there are more than 20,000.
    seed
        Of those random choices.

    Returns
    -------
    PlaceboResult

    Raises
    ------
    ValueError
        As for :func:`fit_changes`.

    Notes
    -----
    Source: Fisher, The Design of Experiments, 1935. Says nothing of how the treated came to be
    treated: units that volunteer may differ.
    """
    read_choice(alternative, "alternative", ("greater", "less", "two-sided"))
    tries = int(read_number(draws, "draws", at_least=1, whole=True))
    first, second, group, _ = _pairs(before, after, treated)
    changes = second - first
    units, ours = changes.size, int(group.sum())
    ways = math.comb(units, ours)
    exact = ways <= EXACT_UP_TO
    if exact:
        chosen = np.array(list(combinations(range(units), ours)))
    else:
        generator = np.random.default_rng(seed)
        shuffled = generator.permuted(np.tile(np.arange(units), (tries, 1)), axis=1)
        chosen = np.vstack([np.flatnonzero(group), shuffled[:, :ours]])
    sums = changes[chosen].sum(axis=1)
    placebo = sums / ours - (changes.sum() - sums) / (units - ours)
    estimate = float(changes[group].mean() - changes[~group].mean())
    sign = {"greater": placebo, "less": -placebo, "two-sided": np.abs(placebo)}[alternative]
    ours_signed = {"greater": estimate, "less": -estimate, "two-sided": abs(estimate)}[alternative]
    # Equal sums added in another order differ in the last digits.
    slack = 1e-9 * max(1.0, float(np.abs(changes).max()))
    return PlaceboResult(
        estimate=estimate,
        p_value=float((sign >= ours_signed - slack).mean()),
        placebo=placebo,
        smallest_p=1 / len(placebo),
        exact=exact,
    )


def rank_change(before: Any, after: Any) -> pd.DataFrame:
    """Places in a league table at two times.

    Parameters
    ----------
    before, after
        A number for each unit: Series or mappings with the same names, or sequences in the same
        order. The highest is first.

    Returns
    -------
    DataFrame
        On the names: ``before``, ``after``, ``change``, ``rank_before``, ``rank_after``. Units
        level with each other share the better place.

    Raises
    ------
    ValueError
        If names differ or come twice, or a number is missing.
    """
    table = pd.DataFrame({"before": read_named(before, "before")})
    later = read_named(after, "after")
    if set(later.index) != set(table.index):
        odd = sorted(set(map(str, later.index)) ^ set(map(str, table.index)))
        raise ValueError(f"after: {odd[0]!r} is at one time only; expected the same names at both.")
    table["after"] = later.reindex(table.index)
    table["change"] = table["after"] - table["before"]
    for when in TIMES:
        table[f"rank_{when}"] = table[when].rank(ascending=False, method="min").astype("int32")
    return table


def chance_of_rank(
    before: Any,
    unit: Hashable,
    spread: float,
    *,
    rank: int = 1,
    draws: int = 200_000,
    seed: int = 2021,
) -> float:
    """How often a unit would reach a place in the league table by chance alone.

    Parameters
    ----------
    before
        A number for each unit now, as for :func:`rank_change`.
    unit
        Its name (or position, for a sequence).
    spread
        Standard deviation of the units' changes, in the same units, above 0. Every unit has the
        same mean change, so that nothing real sets them apart.
    rank
        The place, or a better one.
    draws, seed
        How many futures to draw, and the seed.

    Returns
    -------
    float
        Probability, 0 to 1; its own error is below 0.5 / √draws.

    Raises
    ------
    ValueError
        If the unit is not among them, or a number is out of range.
    """
    now = read_named(before, "before")
    if not isinstance(unit, Hashable) or unit not in now.index:
        raise ValueError(
            f"unit: found {unit!r}; expected one of {', '.join(map(repr, now.index))}."
        )
    wobble = read_number(spread, "spread", above=0)
    place = read_number(rank, "rank", at_least=1, at_most=now.size, whole=True)
    tries = int(read_number(draws, "draws", at_least=1, whole=True))
    future = now.to_numpy() + np.random.default_rng(seed).normal(0, wobble, (tries, now.size))
    ours = future[:, np.flatnonzero(now.index == unit)]
    return float(((future > ours).sum(axis=1) < place).mean())


def people_per_arm(
    before: float,
    after: float,
    *,
    power: float = 0.8,
    significance: float = 0.05,
    cluster_size: float = 1,
    intracluster_correlation: float = 0.0,
) -> int:
    """How many people each of two groups needs, to tell two proportions apart.

    Parameters
    ----------
    before, after
        The two proportions, between 0 and 1, not equal.
    power
        Chance of finding the difference if it is there.
    significance
        Two-sided.
    cluster_size
        Mean people per cluster (practice), 1 or more.
    intracluster_correlation
        How alike people of one cluster are, 0 to 1.

    Returns
    -------
    int
        People in each group, rounded up, times the design effect
        ``1 + (cluster_size − 1) × intracluster_correlation``.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Source: Fleiss, Statistical Methods for Rates and Proportions, without continuity correction;
    from statsmodels. Design effect: Donner and Klar 2000.
    """
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

    old = read_number(before, "before", above=0)
    new = read_number(after, "after", above=0)
    for value, name in ((old, "before"), (new, "after")):
        if value >= 1:
            raise ValueError(f"{name}: found {value:g}; expected less than 1, as a proportion.")
    if old == new:
        raise ValueError(f"after: found {new:g}, the same as before; expected a difference.")
    wanted, chance = _confidence(power, "power"), _confidence(significance, "significance")
    size = read_number(cluster_size, "cluster_size", at_least=1)
    alike = read_number(intracluster_correlation, "intracluster_correlation", at_least=0, at_most=1)
    plain = samplesize_proportions_2indep_onetail(
        new - old, old, wanted, alpha=chance, alternative="two-sided"
    )
    # A whole number found with an error in the last digits is that whole number.
    return math.ceil(round(float(plain) * (1 + (size - 1) * alike), 6))


def _confidence(value: float, name: str = "confidence") -> float:
    level = read_number(value, name, above=0, at_most=1)
    if level == 1:
        raise ValueError(f"{name}: found 1; expected less than 1.")
    return level


def _panel(
    df: pd.DataFrame,
    outcome: Hashable,
    treated: Hashable,
    after: Hashable,
    cluster: Hashable | None,
    **bounds: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None, list[str]]:
    wanted = [outcome, treated, after, *([] if cluster is None else [cluster])]
    table = read_table(df, "df", wanted)
    values = read_partly_known(table[outcome], f"df, column {outcome!r}", **bounds)
    group = read_flags(table[treated], f"df, column {treated!r}")
    late = read_flags(table[after], f"df, column {after!r}")
    known = ~np.isnan(values)
    clusters = None
    if cluster is not None:
        clusters = pd.factorize(pd.Index(read_labels(table[cluster], f"df, column {cluster!r}")))[
            0
        ][known]
        if np.unique(clusters).size < 2:
            raise ValueError(f"df, column {cluster!r}: found 1 cluster; expected at least 2.")
    values, group, late = values[known], group[known], late[known]
    _require_cells(group, late)
    notes = []
    if not known.all():
        place = int(np.flatnonzero(~known)[0])
        notes.append(
            f"{int((~known).sum())} of {known.size} rows have no {outcome} (first at position "
            f"{place}): left out."
        )
    return values, group, late, clusters, notes


def _require_cells(group: np.ndarray, late: np.ndarray) -> None:
    for side, ours in zip(CELLS, (~group, group), strict=True):
        for when, then in zip(TIMES, (~late, late), strict=True):
            if not (ours & then).any():
                raise ValueError(
                    f"df: found no rows for the {side} group {when}; expected at least one in "
                    "each of control and treated, before and after."
                )


def _pairs(
    before: Any, after: Any, treated: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    first = read_partly_known(before, "before")
    second = read_partly_known(after, "after", length=first.size)
    group = read_flags(treated, "treated", length=first.size)
    known = ~np.isnan(first) & ~np.isnan(second)
    for side, ours in zip(CELLS, (~group, group), strict=True):
        if not (ours & known).any():
            raise ValueError(
                f"treated: found no units in the {side} group with both values; expected at "
                "least one."
            )
    notes = []
    if not known.all():
        place = int(np.flatnonzero(~known)[0])
        notes.append(
            f"{int((~known).sum())} of {known.size} units lack a value (first at position "
            f"{place}): left out."
        )
    return first[known], second[known], group[known], notes


def _cells(
    values: np.ndarray, people: np.ndarray, group: np.ndarray, late: np.ndarray
) -> pd.DataFrame:
    table = pd.DataFrame({"values": values, "people": people, "group": group, "late": late})
    sums = table.groupby(["group", "late"])[["values", "people"]].sum()
    means = (sums["values"] / sums["people"]).unstack("late")
    means.index, means.columns = pd.Index(CELLS), pd.Index(TIMES)
    return means


def _terms(
    coef: np.ndarray, se: np.ndarray, df: float, confidence: float, names: list[str]
) -> pd.DataFrame:
    from scipy import stats

    spread = stats.norm if math.isinf(df) else stats.t(df)
    width = spread.isf((1 - confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = 2 * spread.sf(np.abs(coef / se))
    return pd.DataFrame(
        {
            "coef": coef,
            "se": se,
            "lower": coef - width * se,
            "upper": coef + width * se,
            "p_value": p_value,
        },
        index=names,
    )


def _doubts(clusters: np.ndarray, group: np.ndarray) -> list[str]:
    notes = []
    total = np.unique(clusters).size
    if total < FEW_CLUSTERS:
        notes.append(f"Only {total} clusters: the interval is likely to be too narrow.")
    if np.unique(clusters[group]).size == 1 or np.unique(clusters[~group]).size == 1:
        notes.append("One group is a single cluster: do not use this interval; try placebo_test.")
    return notes
