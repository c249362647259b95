"""One strict reading of the tables, flags and names a method is given."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_numbers


def read_table(table: Any, name: str, columns: Iterable[Hashable]) -> pd.DataFrame:
    """A table with at least one row and the columns named.

    Raises
    ------
    ValueError
        If it is not a table, has no rows, or lacks a column; the message names it.
    """
    wanted = list(columns)
    for column in wanted:
        if not isinstance(column, Hashable):
            raise ValueError(
                f"{name}: found {type(column).__name__} where a column's name was expected."
            )
    listed = ", ".join(repr(column) for column in wanted)
    if not isinstance(table, pd.DataFrame):
        raise ValueError(
            f"{name}: found {type(table).__name__}; expected a DataFrame with columns {listed}."
        )
    for column in wanted:
        if column not in table.columns:
            held = ", ".join(repr(held) for held in table.columns)
            raise ValueError(
                f"{name}: found no column {column!r}; expected columns {listed}. It has {held}."
            )
    if table.empty:
        raise ValueError(f"{name}: found no rows; expected at least one.")
    return table


def read_labels(values: Any, name: str, *, unique: bool = False) -> list[Any]:
    """Names of things, none of them missing.

    Raises
    ------
    ValueError
        If there are none, one is missing, or (``unique``) one comes twice; with its position.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise ValueError(f"{name}: found {values!r}; expected a sequence of names.")
    labels = list(values)
    if not labels:
        raise ValueError(f"{name}: found no values; expected at least one name.")
    seen: set[Any] = set()
    for place, label in enumerate(labels):
        if not isinstance(label, Hashable):
            raise ValueError(f"{name}: found {label!r} at position {place}; expected a name.")
        if _is_missing(label):
            raise ValueError(f"{name}: found a missing value at position {place}; expected a name.")
        if unique and label in seen:
            raise ValueError(
                f"{name}: found {label!r} again at position {place}; expected each name once."
            )
        seen.add(label)
    return labels


def read_flags(values: Iterable[Any], name: str, *, length: int | None = None) -> np.ndarray:
    """Yes or no for each row: True and False, or 1 and 0.

    Raises
    ------
    ValueError
        If a value is missing or anything else; with its position.
    """
    if isinstance(values, (str, bytes, dict, set)) or not isinstance(values, Iterable):
        raise ValueError(f"{name}: found {values!r}; expected a sequence of yes and no.")
    plain = [int(v) if isinstance(v, (bool, np.bool_)) else v for v in values]
    numbers = read_numbers(plain, name, length=length)
    wrong = np.flatnonzero((numbers != 0) & (numbers != 1))
    if wrong.size:
        raise ValueError(
            f"{name}: found {numbers[wrong[0]]:g} at position {wrong[0]}; "
            "expected True or False, or 1 or 0."
        )
    return numbers.astype(bool)


def read_named(values: Any, name: str, **bounds: Any) -> pd.Series:
    """Numbers with a name each: a Series, a mapping, or a sequence named by its positions.

    Raises
    ------
    ValueError
        If a name comes twice, or a number breaks a bound of :func:`read_numbers`.
    """
    if isinstance(values, Mapping):
        values = pd.Series(dict(values), dtype=object)
    numbers = read_numbers(values, name, **bounds)
    if not isinstance(values, pd.Series):
        return pd.Series(numbers)
    read_labels(values.index, f"{name}, names", unique=True)
    return pd.Series(numbers, index=values.index)


def read_partly_known(values: Any, name: str, **bounds: Any) -> np.ndarray:
    """Numbers of which some may be missing: those are kept as missing.

    Raises
    ------
    ValueError
        If a number that is there breaks a rule of :func:`read_numbers`, or all are missing.
    """
    if isinstance(values, (str, bytes, dict, set)) or not isinstance(
        values, Sequence | np.ndarray | pd.Series
    ):
        raise ValueError(f"{name}: found {values!r}; expected a sequence of numbers.")
    items = list(values)
    missing = np.array([_is_missing(item) for item in items], dtype=bool)
    if items and missing.all():
        raise ValueError(f"{name}: every value is missing; expected at least one number.")
    stand_in = bounds.get("above", bounds.get("at_least") or 0) + ("above" in bounds)
    numbers = read_numbers(
        [stand_in if gone else item for item, gone in zip(items, missing, strict=True)],
        name,
        **bounds,
    )
    return np.where(missing, np.nan, numbers)


def _is_missing(value: Any) -> bool:
    # A list or a table is not missing: it is refused later, in words.
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))
