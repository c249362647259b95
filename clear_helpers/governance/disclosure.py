"""Disclosure control: which counts may be shown, and how.

Sources
-------
NHS Digital, Hospital Episode Statistics and Emergency Care Data Set disclosure control from
September 2018 ("hes"); OpenSAFELY's rules for released results ("opensafely", "midpoint6").
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

Style = Literal["hes", "hes-central", "opensafely", "midpoint6"]
Totals = Literal["both", "columns", "rows"]

STYLES: tuple[Style, ...] = ("hes", "hes-central", "opensafely", "midpoint6")
HIDDEN = "*"
THRESHOLD = 8
ROUND_TO = 5
_ADJUSTABLE = ("hes", "opensafely")


def suppress_counts(
    counts: Any,
    style: Style = "hes",
    *,
    threshold: int = THRESHOLD,
    round_to: int = ROUND_TO,
) -> pd.Series:
    """Counts as they may be released.

    ==============  =====================================  =======================
    style           a count from 1 to 7                    other counts
    ==============  =====================================  =======================
    "hes"           "*"                                    nearest 5; 0 stays 0
    "hes-central"   5, so that totals can be worked out    nearest 5; 0 stays 0
    "opensafely"    0, and so is 0                         nearest 5
    "midpoint6"     3 for 1–6, 9 for 7–12 and so on        0 stays 0
    ==============  =====================================  =======================

    Parameters
    ----------
    counts
        People: whole numbers, 0 or more. A Series keeps its index and name.
    style
        One of the four above.
    threshold
        The smallest count shown (8: hide 1 to 7). For "hes" and "opensafely" only.
    round_to
        Shown counts are rounded to the nearest multiple; halves go up; 1 does not round.
        For "hes" and "opensafely" only.

    Returns
    -------
    Series
        Text for "hes" ("0", "*", "10"), whole numbers for the other styles.

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole (naming its position), or an option is
        not one of those above.

    Notes
    -----
    Totals are to be made from released counts, or suppressed by the same rule; an exact
    total beside one hidden cell gives the cell away.
    """
    if style not in STYLES:
        raise ValueError(f"style: found {style!r}; expected one of {', '.join(map(repr, STYLES))}.")
    _require_settings(style, threshold, round_to)
    exact = _read_counts(counts)
    index = counts.index if isinstance(counts, pd.Series) else None
    name = counts.name if isinstance(counts, pd.Series) else None
    if style == "midpoint6":
        shown = -(-exact // 6) * 6 - np.where(exact > 0, 3, 0)
        return pd.Series(shown, index=index, name=name)
    rounded = (2 * exact + round_to) // (2 * round_to) * round_to
    small = (exact > 0) & (exact < threshold)
    if style == "hes":
        text = np.where(small, HIDDEN, rounded.astype(str))
        return pd.Series(text, index=index, name=name, dtype="str")
    return pd.Series(
        np.where(small, 0 if style == "opensafely" else 5, rounded), index=index, name=name
    )


def suppress_table(
    df: pd.DataFrame,
    counts: Sequence[str],
    rates: Mapping[str, tuple[str, str]] | None = None,
    style: Style = "hes",
    *,
    totals: Totals = "both",
    threshold: int = THRESHOLD,
    round_to: int = ROUND_TO,
) -> pd.DataFrame:
    """A table of counts as it may be released, with secondary suppression.

    In the "hes" style one hidden cell in a row or column can be found by subtraction from an
    exact total. So further cells are hidden, the smallest first, until every small count
    could be larger or smaller without changing any total. The other styles hide no cell:
    they change small counts, and round the rest.

    Parameters
    ----------
    df
        One row per place or group, without rows or columns of totals.
    counts
        Columns that hold counts of people.
    rates
        Rate columns to make anew from the released counts: ``{"uptake": ("reached",
        "eligible")}``. Missing where either count is hidden or the denominator shows as 0.
        An exact rate would give the exact count away.
    style, threshold, round_to
        As for :func:`suppress_counts`.
    totals
        Which exact totals a reader may know: "columns" (down each column; for columns that
        do not add up to anything), "rows" (across each row), or "both". With one column of
        counts "both" means "columns", and with one row "rows": nothing is added up otherwise.

    Returns
    -------
    DataFrame
        A copy; other columns as they were.

    Raises
    ------
    ValueError
        If a column is absent or holds something other than counts, an option is unknown, or
        no choice of hidden cells protects a small count: then withhold the table or its
        totals.

    Notes
    -----
    Primary rule: NHS Digital, HES disclosure control from September 2018, for places smaller
    than the nation. Secondary rule: ours, complementary suppression that holds against a reader who knows every total asked
    for, every shown count exactly, and that zeros are never hidden.
    """
    if not isinstance(df, pd.DataFrame):
        raise ValueError(f"df: found {type(df).__name__}; expected a table of counts.")
    if totals not in ("both", "columns", "rows"):
        raise ValueError(f"totals: found {totals!r}; expected 'both', 'columns' or 'rows'.")
    if isinstance(counts, str) or not isinstance(counts, Iterable) or not list(counts):
        raise ValueError(f"counts: found {counts!r}; expected a list of column names.")
    wanted = [*counts, *(name for pair in (rates or {}).values() for name in pair)]
    absent = [name for name in wanted if name not in df.columns]
    if absent:
        raise ValueError(f"counts: the table has no column {absent[0]!r}.")
    loose = [name for name in wanted if name not in list(counts)]
    if loose:
        raise ValueError(f"rates: column {loose[0]!r} must be one of the counts too.")

    released = df.copy()
    for name in counts:
        try:
            released[name] = suppress_counts(
                df[name], style, threshold=threshold, round_to=round_to
            )
        except ValueError as error:
            raise ValueError(f"column {name!r}: {error}") from None
    if style == "hes":
        exact = df[list(counts)].to_numpy(dtype=np.int64)
        hidden = _hidden_cells(exact, threshold, totals)
        released[list(counts)] = released[list(counts)].mask(hidden, HIDDEN)
    for rate, (above, below) in (rates or {}).items():
        part, whole = (
            pd.to_numeric(released[name], errors="coerce").astype(float) for name in (above, below)
        )
        released[rate] = part / whole.where(whole > 0)
    return released


@dataclass(frozen=True)
class DisclosurePolicy:
    """The project's rule for small numbers, agreed in week 3 and used by every later chart.

    Attributes
    ----------
    style
        As for :func:`suppress_counts`.
    threshold
        The smallest count shown.
    round_to
        Shown counts are rounded to the nearest multiple.
    statement
        The sentence a caption carries; written from the rule when none is given.

    Raises
    ------
    ValueError
        If the style or a setting is not one that :func:`suppress_counts` takes.
    """

    style: Style = "hes"
    threshold: int = THRESHOLD
    round_to: int = ROUND_TO
    statement: str = ""

    def __post_init__(self) -> None:
        suppress_counts([0], self.style, threshold=self.threshold, round_to=self.round_to)
        if not isinstance(self.statement, str):
            raise ValueError(f"statement: found {self.statement!r}; expected a sentence.")
        if not self.statement.strip():
            object.__setattr__(self, "statement", self._rule())

    @classmethod
    def from_artefact(cls, artefact: Mapping[str, Any]) -> DisclosurePolicy:
        """The policy in week 3's artefact.

        Parameters
        ----------
        artefact
            A mapping with ``style`` and, optionally, ``threshold``, ``round_to`` and
            ``statement``; other entries (week, artefact) are ignored.

        Raises
        ------
        ValueError
            If ``style`` is missing or an entry is not one the policy takes.
        """
        if not isinstance(artefact, Mapping) or "style" not in artefact:
            raise ValueError(
                "disclosure policy: found no style; expected week 3's artefact, with one of "
                f"{', '.join(map(repr, STYLES))}."
            )
        fields = ("style", "threshold", "round_to", "statement")
        return cls(**{name: artefact[name] for name in fields if name in artefact})

    def apply(self, counts: Any) -> pd.Series:
        """The counts as this policy releases them; see :func:`suppress_counts`."""
        return suppress_counts(counts, self.style, threshold=self.threshold, round_to=self.round_to)

    def _rule(self) -> str:
        if self.style == "midpoint6":
            return "Counts are shown as the middle of bands of six: 1 to 6 as 3, 7 to 12 as 9."
        shown_as = {"hes": "hidden (*)", "hes-central": "shown as 5", "opensafely": "shown as 0"}
        rounding = (
            f"; other counts are rounded to the nearest {self.round_to}"
            if self.round_to > 1
            else ""
        )
        largest = self.threshold - 1
        span = f"Counts from 1 to {largest}" if largest > 1 else "Counts of 1"
        return f"{span} are {shown_as[self.style]}{rounding}."


def _require_settings(style: str, threshold: Any, round_to: Any) -> None:
    for name, value, least in (("threshold", threshold, 2), ("round_to", round_to, 1)):
        if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
            raise ValueError(f"{name}: found {value!r}; expected a whole number from {least}.")
    if style not in _ADJUSTABLE and (threshold, round_to) != (THRESHOLD, ROUND_TO):
        raise ValueError(
            f'style {style!r} has a fixed threshold and rounding; use "hes" or "opensafely", '
            f"or leave them at {THRESHOLD} and {ROUND_TO}."
        )


def _read_counts(counts: Any) -> np.ndarray:
    if isinstance(counts, (str, bytes, Mapping, set)) or not isinstance(counts, Iterable):
        raise ValueError(f"counts: found {counts!r}; expected a sequence of whole numbers.")
    if isinstance(counts, pd.DataFrame) or getattr(counts, "ndim", 1) > 1:
        raise ValueError("counts: found a table; expected one column or sequence at a time.")
    items = list(counts)
    for place, item in enumerate(items):
        if not _is_count(item):
            raise ValueError(
                f"counts: found {item!r} at position {place}; expected a whole number, 0 or more."
            )
    return np.array([int(item) for item in items], dtype=np.int64)


def _is_count(item: Any) -> bool:
    if isinstance(item, (bool, np.bool_)) or not isinstance(item, (numbers.Real, np.number)):
        return False
    return float(item).is_integer() and float(item) >= 0


def _hidden_cells(exact: np.ndarray, threshold: int, totals: Totals) -> np.ndarray:
    """Small counts, and the cells that keep them from being worked out from totals."""
    small = (exact > 0) & (exact < threshold)
    hidden = small.copy()
    if totals == "both" and 1 in exact.shape:
        if exact.size == 1:
            return hidden
        totals = "columns" if exact.shape[1] == 1 else "rows"
    protect = {"both": _block, "columns": _beside, "rows": _beside}[totals]
    grid, mask = (exact.T, hidden.T) if totals == "rows" else (exact, hidden)
    for row, column in np.argwhere(small.T if totals == "rows" else small):
        if not protect(grid, mask, int(row), int(column)):
            place = (column, row) if totals == "rows" else (row, column)
            raise ValueError(
                f"The small count in row {place[0]}, count column {place[1]} (from zero) could be "
                "worked out from the totals whatever else is hidden; withhold the table or its "
                "totals, or join categories."
            )
    return hidden


def _beside(exact: np.ndarray, hidden: np.ndarray, row: int, column: int) -> bool:
    """Hide one more cell of the column, unless a hidden one will do; False when none will."""
    values = exact[:, column]
    usable = (values > 0) & (np.arange(len(values)) != row) & (values + values[row] > 2)
    if not usable.any():
        return False
    cost = np.where(hidden[:, column], -1, values)
    hidden[np.flatnonzero(usable)[np.argmin(cost[usable])], column] = True
    return True


def _block(exact: np.ndarray, hidden: np.ndarray, row: int, column: int) -> bool:
    """Hide the cheapest rectangle of cells through this one that can trade a person; False if none can.

    Adding one here and at the opposite corner, and taking one from the two corners between,
    or the other way about, leaves every total as it was.
    """
    across, down = exact[row, :][np.newaxis, :], exact[:, column][:, np.newaxis]
    more = (across > 1) & (down > 1) & (exact > 0)
    fewer = (exact[row, column] > 1) & (exact > 1) & (across > 0) & (down > 0)
    usable = more | fewer
    usable[row, :] = False
    usable[:, column] = False
    if not usable.any():
        return False
    price = np.where(hidden, 0, exact)
    cost = price + price[row, :][np.newaxis, :] + price[:, column][:, np.newaxis]
    cells = np.argwhere(usable)
    opposite, beside = cells[np.argmin(cost[usable])]
    hidden[opposite, beside] = hidden[row, beside] = hidden[opposite, column] = True
    return True
