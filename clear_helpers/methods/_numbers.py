"""One strict reading of the numbers a method is given."""

from __future__ import annotations

import numbers as abstract
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd


def read_numbers(
    values: Any,
    name: str,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    whole: bool = False,
    length: int | None = None,
) -> np.ndarray:
    """A sequence as a one-dimensional float array, or a sentence saying what is wrong with it.

    Parameters
    ----------
    values
        Sequence, array or Series of numbers; text, missing and infinite values are refused.
    name
        What to call the sequence in an error.
    at_least, above, at_most
        Bounds every number must keep.
    whole
        Whether every number must be whole.
    length
        How many numbers there must be.

    Raises
    ------
    ValueError
        Naming the first offending value, its zero-based position and what was expected.
    """
    if isinstance(values, (str, bytes, dict, set)) or not isinstance(values, Iterable):
        raise ValueError(f"{name}: found {values!r}; expected a sequence of numbers.")
    array = _as_floats(values, name)
    if array.ndim != 1:
        raise ValueError(
            f"{name}: found {array.ndim} dimensions; expected one plain sequence of numbers."
        )
    if array.size == 0:
        raise ValueError(f"{name}: found no values; expected at least one number.")
    if length is not None and array.size != length:
        raise ValueError(f"{name}: found {array.size} values; expected {length}, one for each row.")

    def refuse(wrong: np.ndarray, expected: str) -> None:
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0])
            raise ValueError(
                f"{name}: found {_shown(array[place])} at position {place}; expected {expected}."
            )

    refuse(np.isnan(array), "a number, not a missing value")
    refuse(np.isinf(array), "a finite number")
    if at_least is not None:
        refuse(array < at_least, f"{at_least:g} or more")
    if above is not None:
        refuse(array <= above, f"more than {above:g}")
    if at_most is not None:
        refuse(array > at_most, f"{at_most:g} or less")
    if whole:
        refuse(array != np.floor(array), "a whole number")
    return array


def read_number(value: Any, name: str, **bounds: Any) -> float:
    """One number, under the same rules as :func:`read_numbers`.

    Raises
    ------
    ValueError
        If it is not one finite number within the bounds.
    """
    if isinstance(value, bool) or not isinstance(value, (abstract.Real, np.number)):
        raise ValueError(f"{name}: found {value!r}; expected one number.")
    try:
        return float(read_numbers([value], name, **bounds)[0])
    except ValueError as error:
        raise ValueError(str(error).replace(" at position 0", "")) from None


def read_choice(value: Any, name: str, allowed: Iterable[Any]) -> None:
    """Refuse a word or number that is not one of those allowed.

    Raises
    ------
    ValueError
        Naming what was found and what is allowed.
    """
    choices = list(allowed)
    if isinstance(value, bool) or value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name}: found {value!r}; expected one of {listed}.")


def _as_floats(values: Any, name: str) -> np.ndarray:
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return values.astype(float)
    if isinstance(values, pd.Series) and values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float, na_value=np.nan)
    items = list(values)
    for place, item in enumerate(items):
        missing = item is None or item is pd.NA or item is pd.NaT
        if missing:
            items[place] = np.nan
        elif isinstance(item, (bool, np.bool_)) or not isinstance(item, (abstract.Real, np.number)):
            raise ValueError(f"{name}: found {item!r} at position {place}; expected a number.")
    return np.array(items, dtype=float)


def _shown(value: float) -> str:
    return "a missing value" if np.isnan(value) else f"{value:g}"
