"""Sharing out places by preference at the least total rank.

Source
------
The linear assignment problem (Kuhn, Naval Research Logistics Quarterly 1955;2:83), solved by
scipy's ``linear_sum_assignment``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_numbers
from clear_helpers.methods._tables import read_labels


@dataclass(frozen=True)
class Allocation:
    """Who gets what.

    Attributes
    ----------
    assignment
        A row per chooser, in the order given: ``choice`` and ``rank`` (its own preference for
        it).
    total
        Sum of the ranks: the least possible.
    unique
        Whether no other allocation reaches that total.
    """

    assignment: pd.DataFrame
    total: float
    unique: bool


def allocate(preferences: Any) -> Allocation:
    """One choice for each chooser, no choice twice, at the least total rank.

    Parameters
    ----------
    preferences
        Rank of each choice by each chooser (1 best): a table or a two-dimensional array, a row
        per chooser, a column per choice, at least as many columns as rows.

    Returns
    -------
    Allocation
        Where several allocations are equally good, one of them: compare totals, not
        assignments.

    Raises
    ------
    ValueError
        If a rank is missing or below 0, or there are fewer choices than choosers.

    Notes
    -----
    Source: Kuhn 1955, from scipy.
    """
    from scipy.optimize import linear_sum_assignment

    table = _ranks(preferences)
    ranks = table.to_numpy()
    rows, columns = linear_sum_assignment(ranks)
    total = float(ranks[rows, columns].sum())
    return Allocation(
        assignment=pd.DataFrame(
            {"choice": table.columns[columns], "rank": ranks[rows, columns]},
            index=table.index,
        ),
        total=total,
        unique=not _another(ranks, rows, columns, total),
    )


def _ranks(preferences: Any) -> pd.DataFrame:
    if isinstance(preferences, pd.DataFrame):
        rows = preferences.to_numpy(dtype=object).tolist()
        choosers = read_labels(preferences.index, "preferences, rows", unique=True)
        choices = read_labels(preferences.columns, "preferences, columns", unique=True)
    else:
        if isinstance(preferences, (str, bytes, dict, set)) or not isinstance(
            preferences, Iterable
        ):
            raise ValueError(
                f"preferences: found {preferences!r}; expected a table with a row per chooser and "
                "a column per choice."
            )
        rows = list(preferences)
        if not rows:
            raise ValueError("preferences: found no rows; expected at least one chooser.")
        first = read_numbers(rows[0], "preferences, row 0", at_least=0)
        choosers, choices = list(range(len(rows))), list(range(first.size))
    if len(choices) < len(choosers):
        raise ValueError(
            f"preferences: found {len(choices)} choices for {len(choosers)} choosers; expected at "
            "least one each."
        )
    read = [
        read_numbers(row, f"preferences, row {name!r}", at_least=0, length=len(choices))
        for name, row in zip(choosers, rows, strict=True)
    ]
    return pd.DataFrame(read, index=choosers, columns=choices)


def _another(ranks: np.ndarray, rows: np.ndarray, columns: np.ndarray, total: float) -> bool:
    """Whether forbidding one pair after another still reaches the same total."""
    from scipy.optimize import linear_sum_assignment

    if ranks.size == 1:
        return False
    barred = ranks.sum() + 1
    for row, column in zip(rows, columns, strict=True):
        trial = ranks.copy()
        trial[row, column] = barred
        if trial[linear_sum_assignment(trial)].sum() <= total + 1e-9:
            return True
    return False
