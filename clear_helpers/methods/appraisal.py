"""Scoring options against weighted criteria, how firm the winner is, and scoring risks.

Sources
-------
Government Analysis Function, An Introductory Guide to Multi-Criteria Decision Analysis (weighted
sum, swing weights); HM Treasury, The Green Book (switching values); Lahdelma, Hokkanen and
Salminen, European Journal of Operational Research 1998;106:137 (rank acceptability: the share of
all possible weights under which an option comes first, second …). National Patient Safety Agency,
A Risk Matrix for Risk Managers, 2008 (likelihood × consequence, bands).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers
from clear_helpers.methods._tables import read_labels, read_table

RISK_BANDS = ((15, "Extreme"), (8, "High"), (4, "Moderate"), (1, "Low"))
"""Lowest score of each band of the 5 × 5 matrix; 15 and above is shown in red."""
RED = 15


@dataclass(frozen=True)
class Appraisal:
    """Options in order of their weighted score, and what would change that order.

    Attributes
    ----------
    ranking
        A row per option, best first: ``score`` and ``rank``. Options level with each other
        share the better rank.
    contributions
        Score × weight of each option on each criterion; rows add up to ``score``.
    weights
        Of the criteria, adding up to 1.
    scores
        As given.
    switching
        Two rows per criterion: ``criterion``, ``weight`` now, ``direction`` ("up" or "down"),
        ``switching_weight`` at which the leader is caught, and ``overtaken_by``; missing where
        no weight that way changes the leader. The other weights keep their proportions.
    dominated_by
        For each option, another that is as good on every criterion and better on one; missing
        if there is none.
    """

    ranking: pd.DataFrame
    contributions: pd.DataFrame
    weights: pd.Series
    scores: pd.DataFrame
    switching: pd.DataFrame
    dominated_by: pd.Series

    @property
    def best(self) -> Any:
        """The leading option (the first given, of several level)."""
        return self.ranking.index[0]

    def switching_weight(self, criterion: Any) -> float:
        """The weight of a criterion nearest to its present one that changes the leader.

        Returns
        -------
        float
            0 to 1; missing if no weight does.

        Raises
        ------
        ValueError
            If the criterion is not one of those scored.
        """
        if criterion not in self.weights.index:
            held = ", ".join(map(repr, self.weights.index))
            raise ValueError(f"criterion: found {criterion!r}; expected one of {held}.")
        found = self.switching[self.switching["criterion"] == criterion]["switching_weight"]
        if found.isna().all():
            return math.nan
        return float(found[(found - self.weights[criterion]).abs().idxmin()])

    def acceptability(
        self, *, draws: int = 100_000, seed: int = 3, concentration: float = 1.0
    ) -> pd.DataFrame:
        """Share of possible weights under which each option takes each rank.

        Parameters
        ----------
        draws
            Sets of weights to draw.
        seed
            Of the draws.
        concentration
            Of the Dirichlet distribution, above 0: 1 makes every set of weights as likely as
            any other; more keeps them nearer to equal.

        Returns
        -------
        DataFrame
            Rows are options in the order given, columns ranks 1, 2, …; shares 0 to 1. Options
            level with each other share the better rank.

        Raises
        ------
        ValueError
            If a number is out of range.
        """
        tries = int(read_number(draws, "draws", at_least=1, whole=True))
        pull = read_number(concentration, "concentration", above=0)
        generator = np.random.default_rng(seed)
        weights = generator.dirichlet(np.full(self.weights.size, pull), tries)
        totals = weights @ self.scores.to_numpy().T
        slack = _slack(totals)
        places = np.column_stack(
            [
                (totals > totals[:, [option]] + slack).sum(axis=1)
                for option in range(len(self.scores))
            ]
        )
        ranks = range(1, len(self.scores) + 1)
        shares = [(places == rank - 1).mean(axis=0) for rank in ranks]
        return pd.DataFrame(
            np.column_stack(shares), index=self.scores.index, columns=pd.Index(ranks, name="rank")
        )


@dataclass(frozen=True)
class RiskSummary:
    """A risk register scored before and after action.

    Attributes
    ----------
    risks
        A row per risk, as given, with ``score``, ``band``, ``residual_score`` and
        ``residual_band``.
    red_before, red_after
        Risks scoring 15 or more.
    total_before, total_after
        Sum of the scores.
    reduction
        Relative fall of the total, 0.48 for 48 %.
    """

    risks: pd.DataFrame
    red_before: int
    red_after: int
    total_before: int
    total_after: int
    reduction: float


def score_options(
    options: Mapping[Any, Any] | pd.DataFrame,
    criteria: Sequence[Any],
    weights: Sequence[float] | Mapping[Any, float] | pd.Series,
) -> Appraisal:
    """Weighted score of each option, the order, and how firm it is.

    Parameters
    ----------
    options
        Score of each option on each criterion, higher is better, all on one scale (such as 0
        worst to 100 best): a mapping of option to scores in the order of ``criteria`` (or to a
        mapping by criterion), or a table with a row per option and a column per criterion.
    criteria
        Names of the criteria, each once.
    weights
        0 or more, not all 0: in the order of ``criteria``, or by name. Only their proportions
        matter. They are swing weights: how much the step from worst to best is worth.

    Returns
    -------
    Appraisal

    Raises
    ------
    ValueError
        If a score or weight is missing or not a number, or a criterion has no weight.

    Notes
    -----
    Source: Government Analysis Function; The Green Book. A switching weight is exact: scores are
    straight lines in one weight, and lines cross once.
    """
    names = read_labels(criteria, "criteria", unique=True)
    scores = _scores(options, names)
    given = _weights(weights, names)
    shares = given / given.sum()
    contributions = scores * shares
    totals = contributions.sum(axis=1).to_numpy()
    slack = _slack(totals)
    rank = np.array([(totals > total + slack).sum() + 1 for total in totals], dtype="int32")
    ranking = pd.DataFrame({"score": totals, "rank": rank}, index=scores.index)
    ranking = ranking.sort_values("rank", kind="stable")
    leader = int(np.flatnonzero(rank == 1)[0])
    return Appraisal(
        ranking=ranking,
        contributions=contributions,
        weights=shares,
        scores=scores,
        switching=_switching(scores, shares, leader),
        dominated_by=_dominated(scores),
    )


def score_risks(register: pd.DataFrame) -> RiskSummary:
    """Likelihood × impact of each risk, before and after action.

    Parameters
    ----------
    register
        A row per risk with ``likelihood``, ``impact``, ``residual_likelihood`` and
        ``residual_impact``: whole numbers from 1 to 5.

    Returns
    -------
    RiskSummary
        Bands: Low 1–3, Moderate 4–6, High 8–12, Extreme 15–25 (red).

    Raises
    ------
    ValueError
        If a column is absent, or a value is not a whole number from 1 to 5.

    Notes
    -----
    Source: National Patient Safety Agency 2008. The scores are ranks multiplied together: their
    sum is a talking point, not a quantity.
    """
    columns = ["likelihood", "impact", "residual_likelihood", "residual_impact"]
    table = read_table(register, "register", columns)
    known = {
        column: read_numbers(
            table[column], f"register, column {column!r}", at_least=1, at_most=5, whole=True
        )
        for column in columns
    }
    before = (known["likelihood"] * known["impact"]).astype("int32")
    after = (known["residual_likelihood"] * known["residual_impact"]).astype("int32")
    risks = table.assign(
        score=before, band=_bands(before), residual_score=after, residual_band=_bands(after)
    )
    return RiskSummary(
        risks=risks,
        red_before=int((before >= RED).sum()),
        red_after=int((after >= RED).sum()),
        total_before=int(before.sum()),
        total_after=int(after.sum()),
        reduction=float(1 - after.sum() / before.sum()),
    )


def _bands(scores: np.ndarray) -> list[str]:
    return [next(band for least, band in RISK_BANDS if score >= least) for score in scores]


def _scores(options: Any, criteria: list[Any]) -> pd.DataFrame:
    if isinstance(options, pd.DataFrame):
        table = read_table(options, "options", criteria)
        rows = {name: table.loc[[name], criteria].iloc[0] for name in _options(table.index)}
    elif isinstance(options, Mapping):
        rows = {}
        for name in _options(options):
            row = options[name]
            if _by_name(row):
                absent = [criterion for criterion in criteria if criterion not in row]
                if absent:
                    raise ValueError(
                        f"options, {name!r}: found no score for {absent[0]!r}; expected one for "
                        "each criterion."
                    )
                row = [row[criterion] for criterion in criteria]
            rows[name] = row
    else:
        raise ValueError(
            f"options: found {type(options).__name__}; expected a mapping of option to scores, or "
            "a table with a row per option."
        )
    return pd.DataFrame.from_dict(
        {
            name: read_numbers(
                list(row) if isinstance(row, pd.Series) else row,
                f"options, {name!r}",
                length=len(criteria),
            )
            for name, row in rows.items()
        },
        orient="index",
        columns=pd.Index(criteria, name="criterion"),
    )


def _by_name(values: Any) -> bool:
    """A Series numbered 0, 1, 2 … is a sequence, not names."""
    if isinstance(values, pd.Series):
        return not isinstance(values.index, pd.RangeIndex)
    return isinstance(values, Mapping)


def _options(names: Any) -> list[Any]:
    return read_labels(names, "options, names", unique=True)


def _weights(weights: Any, criteria: list[Any]) -> pd.Series:
    if _by_name(weights):
        for criterion in criteria:
            if criterion not in weights:
                raise ValueError(f"weights: found none for {criterion!r}; expected one for each.")
        extra = [name for name in dict(weights) if name not in criteria]
        if extra:
            raise ValueError(f"weights: found {extra[0]!r}, which is not among the criteria.")
        weights = [weights[criterion] for criterion in criteria]
    values = read_numbers(weights, "weights", at_least=0, length=len(criteria))
    if not values.any():
        raise ValueError("weights: found only 0; expected at least one above 0.")
    return pd.Series(values, index=pd.Index(criteria, name="criterion"))


def _slack(totals: np.ndarray) -> float:
    """Scores nearer than this are level: sums of the same numbers differ in the last digits."""
    return 1e-9 * max(1e-300, float(np.abs(totals).max()))


def _switching(scores: pd.DataFrame, weights: pd.Series, leader: int) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for criterion, now in weights.items():
        others = weights.drop(criterion)
        # With everything on one criterion the others have no proportions: take them as equal.
        rest = others if others.sum() else others + 1
        away = (scores[others.index] * (rest / rest.sum())).sum(axis=1).to_numpy()
        slope = scores[criterion].to_numpy() - away
        behind = away[leader] - away
        steeper = slope - slope[leader]
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = np.where(steeper == 0, np.nan, behind / steeper)
        for direction, catches, nearest in (
            ("up", (steeper > 0) & (meets >= now - 1e-12) & (meets <= 1), np.argmin),
            ("down", (steeper < 0) & (meets <= now + 1e-12) & (meets >= 0), np.argmax),
        ):
            possible = len(others) > 0 and catches.any()
            rivals = np.flatnonzero(catches)
            at = rivals[nearest(meets[rivals])] if possible else None
            rows.append(
                {
                    "criterion": criterion,
                    "weight": now,
                    "direction": direction,
                    "switching_weight": float(meets[at]) if at is not None else math.nan,
                    "overtaken_by": scores.index[at] if at is not None else None,
                }
            )
    return pd.DataFrame(rows)


def _dominated(scores: pd.DataFrame) -> pd.Series:
    values = scores.to_numpy()
    found = []
    for row in values:
        better = np.all(values >= row, axis=1) & np.any(values > row, axis=1)
        found.append(scores.index[np.flatnonzero(better)[0]] if better.any() else None)
    return pd.Series(found, index=scores.index, dtype=object)
