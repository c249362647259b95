"""What care costs, what a redesign might save, and what that is worth today.

Sources
-------
HM Treasury, The Green Book: discounting at 3.5 % a year, 1.5 % for health effects, years 0 to 30,
year 0 undiscounted; optimism bias by raising costs and lowering benefits. Every saving here is
potential: what might be, before anyone has measured it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers
from clear_helpers.methods._tables import read_labels, read_named

DISCOUNT_RATE = 0.035
HEALTH_DISCOUNT_RATE = 0.015
LAST_YEAR = 30
"""The Green Book's rates fall after year 30; longer appraisals are not covered here."""

Range = float | Sequence[float]
"""One number, or lowest, likeliest and highest."""


@dataclass(frozen=True)
class AnnualCost:
    """A year's cost, item by item.

    Attributes
    ----------
    total
        In the money of the unit costs.
    by_item
        A row per item: ``activity`` (units a year), ``unit_cost``, ``cost`` and ``share`` of
        the total, in the order given.
    """

    total: float
    by_item: pd.DataFrame


@dataclass(frozen=True)
class Savings:
    """What a redesign might save, over many draws of what is uncertain.

    Attributes
    ----------
    draws
        One potential saving for each draw; below 0 where the redesign costs more.
    mean, median, lower, upper
        Of the draws; ``lower`` and ``upper`` hold the middle ``confidence`` of them.
    chance_of_saving
        Share of draws above 0.
    confidence
        Between 0 and 1.
    kind
        "potential", always: nobody has measured it.
    """

    draws: np.ndarray
    mean: float
    median: float
    lower: float
    upper: float
    chance_of_saving: float
    confidence: float
    kind: str = "potential"

    @property
    def summary(self) -> pd.Series:
        """The figures by name, without the draws."""
        names = ("mean", "median", "lower", "upper", "chance_of_saving")
        return pd.Series({name: getattr(self, name) for name in names}, name="potential saving")


@dataclass(frozen=True)
class NetPresentValue:
    """Costs and benefits of several years, at today's value.

    Attributes
    ----------
    costs
        By year from 0, undiscounted.
    benefits
        A row per year, a column per type, undiscounted.
    rates
        Discount rate of the costs and of each type of benefit.
    """

    costs: pd.Series
    benefits: pd.DataFrame
    rates: pd.Series

    @property
    def pv_costs(self) -> float:
        """Present value of the costs."""
        return float(self.costs @ _factors(self.costs.index, self.rates["costs"]))

    @property
    def pv_benefits(self) -> pd.Series:
        """Present value of each type of benefit."""
        return pd.Series(
            {
                kind: float(self.benefits[kind] @ _factors(self.costs.index, self.rates[kind]))
                for kind in map(str, self.benefits)
            },
            dtype=float,
        )

    @property
    def npv(self) -> float:
        """Present value of all benefits counted, less the costs'."""
        return float(self.pv_benefits.sum() - self.pv_costs)

    @property
    def bcr(self) -> float:
        """Benefit–cost ratio; missing when nothing is spent."""
        return float(self.pv_benefits.sum() / self.pv_costs) if self.pv_costs else math.nan

    @property
    def break_even(self) -> float:
        """The part of the benefits that must come true to cover the costs.

        Above 1 the costs are not covered; missing when there are no benefits.
        """
        total = self.pv_benefits.sum()
        return float(self.pv_costs / total) if total > 0 else math.nan

    @property
    def payback_year(self) -> int | None:
        """First year by whose end undiscounted benefits have covered the costs; None if never."""
        covered = (self.benefits.sum(axis=1) - self.costs).cumsum() >= 0
        # A first year that breaks even and then falls behind has not paid back.
        behind = np.flatnonzero(~covered.to_numpy())
        first = 0 if behind.size == 0 else int(behind[-1]) + 1
        return first if first < len(covered) else None

    def counting(self, *kinds: str) -> NetPresentValue:
        """The same with only some types of benefit, such as ``counting("cash")``.

        Raises
        ------
        ValueError
            If a type is not among the benefits.
        """
        for kind in kinds:
            if kind not in self.benefits:
                held = ", ".join(map(repr, self.benefits))
                raise ValueError(f"kinds: found {kind!r}; expected one of {held}.")
        return replace(self, benefits=self.benefits[list(kinds)])

    def stressed(self, *, costs: float = 0.0, benefits: float = 0.0) -> NetPresentValue:
        """The same with costs and benefits changed throughout.

        Parameters
        ----------
        costs, benefits
            Relative changes, −1 or more: ``costs=0.2, benefits=-0.3`` is 20 % dearer and 30 %
            less useful.

        Raises
        ------
        ValueError
            If a change is below −1.
        """
        dearer = read_number(costs, "costs", at_least=-1)
        better = read_number(benefits, "benefits", at_least=-1)
        return replace(self, costs=self.costs * (1 + dearer), benefits=self.benefits * (1 + better))


@dataclass(frozen=True)
class SiteSummary:
    """How a total divides between sites.

    Attributes
    ----------
    total, mean, median
        In the units given.
    top_share
        Share of the total held by the ``top`` largest; missing when a site is below 0 or the
        total is 0.
    top
        How many sites that is.
    leave_one_out
        Mean of the others without each site, in the order given; missing with one site.
    without_largest
        Mean without the largest site.
    """

    total: float
    mean: float
    median: float
    top_share: float
    top: int
    leave_one_out: pd.Series
    without_largest: float


def annual_cost(activity: Any, unit_cost: Any, *, periods_per_year: float = 1.0) -> AnnualCost:
    """Cost of a year of care, bottom up: how much of each item, times what one costs.

    Parameters
    ----------
    activity
        Units of each item, 0 or more: a Series or mapping by item, or a sequence.
    unit_cost
        Cost of one unit of each item, 0 or more: by the same names, or in the same order.
        Items without activity are ignored.
    periods_per_year
        52 if ``activity`` is for a week, 12 for a month, 1 for a year.

    Returns
    -------
    AnnualCost

    Raises
    ------
    ValueError
        If an item has no unit cost, or a number is missing or below 0.

    Notes
    -----
    An average cost is not what is saved when one unit fewer is used.
    """
    units = read_named(activity, "activity", at_least=0)
    costs = read_named(unit_cost, "unit_cost", at_least=0)
    named = isinstance(activity, (pd.Series, Mapping)), isinstance(unit_cost, (pd.Series, Mapping))
    if not all(named):
        if units.size != costs.size:
            raise ValueError(
                f"unit_cost: found {costs.size} values; expected {units.size}, one for each item."
            )
        costs.index = units.index = units.index if named[0] else costs.index
    absent = units.index.difference(costs.index, sort=False)
    if len(absent):
        raise ValueError(f"unit_cost: found none for {absent[0]!r}; expected one for each item.")
    yearly = units * read_number(periods_per_year, "periods_per_year", above=0)
    table = pd.DataFrame({"activity": yearly, "unit_cost": costs.reindex(units.index)})
    table["cost"] = table["activity"] * table["unit_cost"]
    total = float(table["cost"].sum())
    table["share"] = table["cost"] / total if total else math.nan
    return AnnualCost(total=total, by_item=table)


def savings(
    baseline: Any,
    redesigned: Any,
    n: int = 10_000,
    seed: int = 2021,
    *,
    confidence: float = 0.95,
) -> Savings:
    """Potential saving of a redesign, with its uncertainty: baseline cost less redesigned cost.

    Parameters
    ----------
    baseline, redesigned
        Costs a year, 0 or more: one cost, or a mapping (or Series) of item to cost, or a table
        by item with columns ``low``, ``likely`` and ``high``. A cost is a number, or its lowest,
        likeliest and highest value.
    n
        Draws.
    seed
        Of the draws: the same seed gives the same draws.
    confidence
        Share of draws between ``lower`` and ``upper``.

    Returns
    -------
    Savings

    Raises
    ------
    ValueError
        If a cost is missing or below 0, or its three values are out of order.

    Notes
    -----
    Each cost is drawn from a triangular distribution, on its own. An item with the same name and
    figures in both costs the same in both, so it saves nothing.
    """
    before, after = _ranges(baseline, "baseline"), _ranges(redesigned, "redesigned")
    tries = int(read_number(n, "n", at_least=1, whole=True))
    level = read_number(confidence, "confidence", above=0, at_most=1)
    generator = np.random.default_rng(seed)
    draws = np.zeros(tries)
    for costs, others, sign in ((before, after, 1), (after, before, -1)):
        for item, figures in costs.items():
            if others.get(item) != figures:
                draws += sign * _draw(generator, figures, tries)
    tail = (1 - level) / 2
    lower, median, upper = np.quantile(draws, [tail, 0.5, 1 - tail])
    return Savings(
        draws=draws,
        mean=float(draws.mean()),
        median=float(median),
        lower=float(lower),
        upper=float(upper),
        chance_of_saving=float((draws > 0).mean()),
        confidence=level,
    )


def net_present_value(
    costs: Sequence[float] | pd.Series,
    benefits: Mapping[str, Sequence[float]] | Sequence[float],
    *,
    rate: float = DISCOUNT_RATE,
    rates: Mapping[str, float] | None = None,
) -> NetPresentValue:
    """Net present value and benefit–cost ratio of yearly streams, each at its own rate.

    Parameters
    ----------
    costs
        Cost of year 0, 1, 2 …, 0 or more; at most 31 years.
    benefits
        For each type (such as "cash", "capacity", "health"), the benefit of the same years;
        below 0 is a loss. A plain sequence is one type, "benefits".
    rate
        Discount rate a year, for costs and for every type without its own.
    rates
        Rates of types with their own. Unless told, 1.5 % for "health".

    Returns
    -------
    NetPresentValue
        With ``npv``, ``bcr``, ``pv_costs``, ``pv_benefits``; ``counting`` only some types, or
        ``stressed``.

    Raises
    ------
    ValueError
        If streams differ in length, a value is missing, or a rate is out of range.

    Notes
    -----
    Source: HM Treasury, The Green Book: value × (1 + rate)^−year, the first year being year 0.
    Health value is not cash: report types apart as well as together.
    """
    spent = read_numbers(costs, "costs", at_least=0)
    if spent.size > LAST_YEAR + 1:
        raise ValueError(
            f"costs: found {spent.size} years; expected at most {LAST_YEAR + 1} (0 to "
            f"{LAST_YEAR}), after which the Green Book's rates change."
        )
    if isinstance(benefits, pd.DataFrame):
        benefits = {kind: benefits[kind] for kind in benefits}
    streams = benefits if isinstance(benefits, Mapping) else {"benefits": benefits}
    if not streams:
        raise ValueError("benefits: found none; expected at least one type.")
    years = pd.RangeIndex(spent.size, name="year")
    table = pd.DataFrame(
        {
            kind: read_numbers(stream, f"benefits, {kind!r}", length=spent.size)
            for kind, stream in streams.items()
        },
        index=years,
    )
    if "costs" in table:
        raise ValueError("benefits: found a type named 'costs'; expected another name.")
    own = {"health": HEALTH_DISCOUNT_RATE} if rates is None else dict(rates)
    used = {kind: own.get(kind, own.get(str(kind).lower(), rate)) for kind in ["costs", *table]}
    return NetPresentValue(
        costs=pd.Series(spent, index=years, name="costs"),
        benefits=table,
        rates=pd.Series(
            {
                kind: read_number(value, f"rate of {kind!r}", at_least=0, at_most=1)
                for kind, value in used.items()
            }
        ),
    )


def site_summary(savings: Any, *, top: int = 2) -> SiteSummary:
    """Total, mean and concentration of potential savings over sites, and each site's weight.

    Parameters
    ----------
    savings
        Potential saving of each site: a Series or mapping by site, or a sequence.
    top
        How many of the largest to add up.

    Returns
    -------
    SiteSummary

    Raises
    ------
    ValueError
        If a saving is missing, or there are fewer sites than ``top``.
    """
    sites = read_named(savings, "savings")
    largest = int(read_number(top, "top", at_least=1, at_most=sites.size, whole=True))
    total, others = float(sites.sum()), sites.size - 1
    without = (total - sites) / others if others else sites * math.nan
    shared = total > 0 and (sites >= 0).all()
    return SiteSummary(
        total=total,
        mean=total / sites.size,
        median=float(sites.median()),
        top_share=top_share(sites, top=largest) if shared else math.nan,
        top=largest,
        leave_one_out=without.rename("mean_without"),
        without_largest=float(without.iloc[int(np.argmax(sites))]),
    )


def realised(saving: float, rate: float, cash_releasing: float = 1.0) -> float:
    """The part of a potential saving that comes true, and of that the part that releases cash.

    Parameters
    ----------
    saving
        Potential saving.
    rate
        Part expected to come true, 0 to 1.
    cash_releasing
        Part of that which leaves a budget, 0 to 1.

    Returns
    -------
    float
        In the units of ``saving``.

    Raises
    ------
    ValueError
        If a part is not between 0 and 1.
    """
    return (
        read_number(saving, "saving")
        * read_number(rate, "rate", at_least=0, at_most=1)
        * read_number(cash_releasing, "cash_releasing", at_least=0, at_most=1)
    )


def top_share(values: Any, *, top: int | None = None, share: float | None = None) -> float:
    """Share of a total held by the largest few.

    Parameters
    ----------
    values
        Amounts, 0 or more, one for each person or site, not all 0.
    top
        How many of the largest; or
    share
        what part of them, above 0 to 1, rounded up to whole people.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ValueError
        If not exactly one of ``top`` and ``share`` is given, or a number is out of range.
    """
    amounts = np.sort(read_numbers(values, "values", at_least=0))[::-1]
    if (top is None) == (share is None):
        raise ValueError(f"top, share: found {top!r} and {share!r}; expected one of the two.")
    if top is None:
        part = read_number(share, "share", above=0, at_most=1)
        # 0.1 × 30 is 3, not the 3.0000000000000004 that would round up to 4.
        top = math.ceil(round(part * amounts.size, 9))
    largest = int(read_number(top, "top", at_least=1, at_most=amounts.size, whole=True))
    if not amounts.any():
        raise ValueError("values: found only 0; expected a total to share.")
    return float(amounts[:largest].sum() / amounts.sum())


def one_way(
    model: Callable[..., float], base: Mapping[str, float], change: float | Mapping[str, Any] = 0.2
) -> pd.DataFrame:
    """One-way sensitivity: move one input at a time, hold the others, and see what moves most.

    Parameters
    ----------
    model
        Function of the inputs, by name, giving one number.
    base
        Value of each input.
    change
        Relative change both ways (0.2 is ± 20 %), or the low and high value of each input to
        move.

    Returns
    -------
    DataFrame
        A row per input moved, the widest first: ``input``, ``low_input``, ``high_input``,
        ``low`` and ``high`` (the answers there), ``base`` and ``swing`` (their distance).

    Raises
    ------
    ValueError
        If an input is unknown, a number is missing, or the model's answer is not a number.
    """
    if not callable(model):
        raise ValueError(f"model: found {model!r}; expected a function of the inputs.")
    inputs = {str(name): float(value) for name, value in read_named(base, "base").items()}
    if isinstance(change, Mapping):
        moved = {
            name: read_numbers(ends, f"change, {name!r}", length=2) for name, ends in change.items()
        }
    else:
        part = read_number(change, "change", above=0)
        moved = {name: value * np.array([1 - part, 1 + part]) for name, value in inputs.items()}
    for name in moved:
        if name not in inputs:
            raise ValueError(f"change: found {name!r}; expected one of {', '.join(inputs)}.")
    middle = read_number(model(**inputs), "model's answer")
    rows = []
    for name, (low, high) in moved.items():
        answers = [
            read_number(model(**{**inputs, name: float(end)}), "model's answer")
            for end in (low, high)
        ]
        rows.append((name, low, high, *answers, middle, abs(answers[1] - answers[0])))
    names = ["input", "low_input", "high_input", "low", "high", "base", "swing"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _factors(years: pd.Index, rate: float) -> np.ndarray:
    return (1 + rate) ** -np.asarray(years, dtype=float)


def _ranges(costs: Any, name: str) -> dict[Any, tuple[float, float, float]]:
    """Item to lowest, likeliest and highest cost."""
    if isinstance(costs, pd.DataFrame):
        for column in ("low", "likely", "high"):
            if column not in costs:
                raise ValueError(f"{name}: found no column {column!r}; expected low, likely, high.")
        read_labels(costs.index, f"{name}, items", unique=True)
        rows = costs[["low", "likely", "high"]].itertuples(index=False)
        items = dict(zip(costs.index, rows, strict=True))
    elif isinstance(costs, pd.Series):
        read_labels(costs.index, f"{name}, items", unique=True)
        items = costs.to_dict()
    else:
        items = dict(costs) if isinstance(costs, Mapping) else {"cost": costs}
    if not items:
        raise ValueError(f"{name}: found no items; expected at least one cost.")
    return {item: _range(figures, f"{name}, {item!r}") for item, figures in items.items()}


def _range(figures: Any, name: str) -> tuple[float, float, float]:
    if isinstance(figures, (Sequence, np.ndarray)) and not isinstance(figures, str):
        low, likely, high = (
            float(figure) for figure in read_numbers(figures, name, at_least=0, length=3)
        )
        if not low <= likely <= high:
            raise ValueError(
                f"{name}: found {low:g}, {likely:g}, {high:g}; expected lowest, likeliest, highest."
            )
        return low, likely, high
    figure = read_number(figures, name, at_least=0)
    return figure, figure, figure


def _draw(
    generator: np.random.Generator, figures: tuple[float, float, float], tries: int
) -> np.ndarray:
    low, likely, high = figures
    return np.full(tries, low) if low == high else generator.triangular(low, likely, high, tries)
