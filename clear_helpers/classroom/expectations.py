"""Compare an answer with what was expected, and say what the difference means.

The one comparison used by practice questions and by the test cells of assignments.
An answer is never asked whether it is equal: its exact type is looked up in a list of
plain types, it is copied, and the copies are compared. So an object whose ``__eq__``
always says yes gains nothing, and a wrong type is reported as a wrong type.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from clear_helpers.notices import Notice

#: Tolerances of the course: counts are exact, rates ±0.001, money ±£1.
COUNT = 0.0
RATE = 0.001
MONEY = 1.0

Tolerance: TypeAlias = float | Mapping[str, float] | None
Misunderstanding: TypeAlias = tuple[Any, str]

_AS_THEY_ARE = (type(None), bool, int, float, str, type(...), datetime.date, datetime.datetime,
                pd.Timestamp, pd.Timedelta, type(pd.NaT), type(pd.NA))  # fmt: skip
_NUMPY_SCALARS = frozenset(np.sctypeDict.values()) - {np.object_, np.void}
_INDEXES = (pd.Index, pd.RangeIndex, pd.DatetimeIndex, pd.CategoricalIndex)
_LISTS = (list, tuple, np.ndarray, pd.Series, *_INDEXES)
_PANDAS_DTYPES = frozenset(
    {pd.StringDtype, pd.CategoricalDtype, pd.BooleanDtype, pd.DatetimeTZDtype, pd.PeriodDtype}
    | {getattr(pd, f"{kind}{bits}Dtype") for kind in ("Int", "UInt") for bits in (8, 16, 32, 64)}
    | {pd.Float32Dtype, pd.Float64Dtype}
)
_FLOAT_NOISE = 1e-9  # relative: what the order of additions may change, and no more


class AnswerError(Notice, AssertionError):
    """An answer is not what was expected; the message says why, without a traceback."""


class UnsupportedTypeError(Notice, TypeError):
    """A value is of a type that tests and questions do not accept."""


def describe_type(value: object) -> str:
    """A value's type in words a clinician knows, with Python's name for it."""
    words = {
        bool: "yes or no", int: "a whole number", float: "a decimal number", str: "text",
        list: "a list", tuple: "a tuple", dict: "a dictionary", set: "a set",
        pd.Series: "a column", pd.DataFrame: "a table", pd.Timestamp: "a date",
        type(None): "nothing", type(...): "the placeholder …",
    }  # fmt: skip
    kind = type(value)
    name = kind.__name__
    if kind in words:
        return words[kind] if kind in (type(None), type(...)) else f"{words[kind]} ({name})"
    if callable(value):
        return f"a function ({name}); call it, with brackets, to get its answer"
    return f"an object of type {name}"


def plain_copy(value: Any) -> Any:
    """A copy of a value that is made of plain data only.

    Parameters
    ----------
    value
        Numbers, text, yes/no, ``None``, dates, lists, tuples, dictionaries, sets, NumPy
        arrays and scalars, pandas Series, DataFrames and Indexes; nested as you like.

    Returns
    -------
    Any
        A value of the same shape that shares nothing with the first. NumPy scalars
        become Python's own numbers and arrays become lists.

    Raises
    ------
    UnsupportedTypeError
        If anything in it is of another type; a subclass of these counts as another type.
    """
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind in _NUMPY_SCALARS:
        plain = np.generic.item(value)
        return pd.Timestamp(value) if kind is np.datetime64 else plain
    if kind in (list, tuple, set, frozenset):
        return kind(plain_copy(item) for item in kind.__iter__(value))
    if kind is dict:
        return {plain_copy(key): plain_copy(item) for key, item in dict.items(value)}
    if kind is np.ndarray:
        return [plain_copy(item) for item in np.ndarray.tolist(value)]
    if kind in _INDEXES or kind is pd.MultiIndex:
        return _plain_index(value)
    if kind is pd.Series:
        return _plain_series(value)
    if kind is pd.DataFrame:
        columns = [_plain_series(value.iloc[:, at]) for at in range(value.shape[1])]
        table = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=value.index)
        table.columns = _plain_index(value.columns)
        return table
    raise UnsupportedTypeError(f"Found {describe_type(value)}, which is not a plain value.")


def _plain_index(index: pd.Index) -> pd.Index:
    if type(index) is pd.MultiIndex:
        return pd.MultiIndex.from_tuples(
            [plain_copy(key) for key in index.tolist()], names=plain_copy(list(index.names))
        )
    _check_dtype(index.dtype)
    copied = index.copy(deep=True)
    if copied.dtype == object:
        copied = pd.Index([plain_copy(item) for item in copied.tolist()], dtype=object)
    return copied.rename(plain_copy(index.name))


def _plain_series(series: pd.Series) -> pd.Series:
    _check_dtype(series.dtype)
    index = _plain_index(series.index)
    name = plain_copy(series.name)
    if series.dtype == object:
        return pd.Series([plain_copy(v) for v in series.tolist()], index, dtype=object, name=name)
    return pd.Series(series.array.copy(), index, name=name)


def _check_dtype(dtype: object) -> None:
    if not isinstance(dtype, np.dtype) and type(dtype) not in _PANDAS_DTYPES:
        raise UnsupportedTypeError(f"Found a column of an unknown kind ({type(dtype).__name__}).")


def expect(
    answer: Any,
    expected: Any,
    *,
    tolerance: Tolerance = None,
    misunderstandings: Sequence[Misunderstanding] = (),
    says: str = "",
    reveal: bool = True,
    untouched: str = "",
) -> None:
    """Pass silently if an answer is as expected; otherwise say what is wrong with it.

    Parameters
    ----------
    answer
        What the Associate's code gave: plain data, as :func:`plain_copy` lists it.
    expected
        The right answer. Its type decides how the answer is compared. A list is also
        met by a tuple, an array or a Series with the same values in the same order.
    tolerance
        How far a number may be off, in the number's own unit: ``COUNT``, ``RATE`` and
        ``MONEY`` are the course's own. A mapping gives one per dictionary key or table
        column (others are exact). By default whole numbers are exact, and decimals may
        differ by rounding noise (one part in a thousand million).
    misunderstandings
        Pairs of a wrong value, or a function that recognises one (it is given a plain
        copy of the answer), and the message that names the misunderstanding. The first
        that fits is used, before anything else is said. An untouched answer is only
        recognised by a pair whose wrong value is ``None`` itself.
    says
        A sentence added to the general message: what to look at again.
    reveal
        Whether the message may show the expected value. ``False`` in hidden tests.
    untouched
        The message for an answer that is still ``...`` or ``None``.

    Raises
    ------
    AnswerError
        If the answer is not as expected. An ``AssertionError``, so nbgrader marks it.
    """
    if (answer is None or answer is ...) and expected is not None:
        named = [message for wrong, message in misunderstandings if wrong is None]
        if answer is None and named:
            raise AnswerError(named[0])
        raise AnswerError(
            untouched
            or f"There is no answer here yet: found {describe_type(answer)}. "
            "Replace the placeholder with your own work, and return the result."
        )
    try:
        found = plain_copy(answer)
    except UnsupportedTypeError:
        wanted = describe_type(expected)
        raise AnswerError(
            _sentence(f"Found {describe_type(answer)}; expected {wanted}.", says)
        ) from None
    wanted = plain_copy(expected)
    difference = _difference(found, wanted, tolerance, reveal)
    if difference is None:
        return
    for wrong, message in misunderstandings:
        if _recognised(found, wrong, tolerance):
            raise AnswerError(message)
    raise AnswerError(_sentence(difference, says))


def _sentence(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _recognised(found: Any, wrong: Any, tolerance: Tolerance) -> bool:
    try:
        if callable(wrong):
            return bool(wrong(plain_copy(found)))
        return _difference(found, plain_copy(wrong), tolerance, reveal=False) is None
    except Exception:  # a predicate meant for one kind of answer may fail on another
        return False


def _missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or value != value


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _allowed(tolerance: Tolerance, key: Any = None) -> float | None:
    return tolerance.get(key) if isinstance(tolerance, Mapping) else tolerance


def _close(found: float, wanted: float, allowed: float | None) -> bool:
    if math.isnan(wanted) or math.isnan(found):
        return math.isnan(wanted) and math.isnan(found)
    if math.isinf(wanted) or math.isinf(found):
        return found == wanted
    if allowed is None:
        exact = type(wanted) is int
        return found == wanted if exact else math.isclose(found, wanted, rel_tol=_FLOAT_NOISE,
                                                          abs_tol=1e-12)  # fmt: skip
    # A tolerance of 0.001 must accept 1.001 for 1.0, though the difference is a hair more.
    return abs(found - wanted) <= allowed + _FLOAT_NOISE * max(1.0, abs(wanted))


def _show(value: Any) -> str:
    if type(value) is float:
        return f"{value:.6g}"
    text = f"“{value}”" if type(value) is str else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _wrong_value(found: Any, wanted: Any, where: str, reveal: bool) -> str:
    start = f"{where}: found" if where else "Found"
    if reveal:
        return f"{start} {_show(found)}, expected {_show(wanted)}."
    return f"{start} {_show(found)}, which is not right."


def _wrong_type(found: Any, wanted: Any, where: str) -> str:
    start = f"{where}: found" if where else "Found"
    return f"{start} {describe_type(found)}; expected {describe_type(wanted)}."


def _difference(
    found: Any, wanted: Any, tolerance: Tolerance, reveal: bool, where: str = ""
) -> str | None:
    """What differs first between two plain copies, as a sentence; ``None`` if nothing."""
    kind = type(wanted)
    if _is_number(wanted):
        if not _is_number(found):
            return _wrong_type(found, wanted, where)
        close = _close(found, wanted, _allowed(tolerance))
        return None if close else _wrong_value(found, wanted, where, reveal)
    if kind in (list, tuple, *_INDEXES):
        if type(found) not in _LISTS:
            return _wrong_type(found, wanted, where)
        return _list_difference(list(found), list(wanted), tolerance, reveal, where)
    if kind is pd.Series:
        if type(found) is not pd.Series:
            return _wrong_type(found, wanted, where)
        return _column_difference(found, wanted, _allowed(tolerance), reveal, where)
    if kind is dict or kind is pd.DataFrame:
        if type(found) is not kind:
            return _wrong_type(found, wanted, where)
        return _parts_difference(found, wanted, tolerance, reveal, where)
    if kind is pd.Timestamp and type(found) in (datetime.date, datetime.datetime):
        found = pd.Timestamp(found)
    if type(found) is not kind:
        return _wrong_type(found, wanted, where)
    same = found is wanted or (_missing(found) and _missing(wanted)) or found == wanted
    return None if same else _wrong_value(found, wanted, where, reveal)


def _list_difference(
    found: list, wanted: list, tolerance: Tolerance, reveal: bool, where: str
) -> str | None:
    place = f"{where}, " if where else ""
    if len(found) != len(wanted):
        number = f"; expected {len(wanted)}" if reveal else ", which is not the right number"
        return f"{place}found {len(found)} values{number}.".capitalize()
    for at, (one, other) in enumerate(zip(found, wanted, strict=True), start=1):
        difference = _difference(one, other, tolerance, reveal, f"{place}position {at}")
        if difference:
            return difference[0].upper() + difference[1:]
    return None


def _parts_difference(
    found: Any, wanted: Any, tolerance: Tolerance, reveal: bool, where: str
) -> str | None:
    """Compare dictionaries key by key, and tables column by column."""
    table = type(wanted) is pd.DataFrame
    part = "column" if table else "key"
    have, need = list(found), list(wanted)
    missing = [key for key in need if key not in have]
    if missing:
        return f"There is no {part} {_show(missing[0])}; found {_show(have)}."
    extra = [key for key in have if key not in need]
    if extra and not table:
        return f"Found a {part} that was not asked for: {_show(extra[0])}."
    for key in need:
        place = f"{where}, {part} {_show(key)}" if where else f"{part.capitalize()} {_show(key)}"
        allowed = _allowed(tolerance, key)
        difference = _difference(found[key], wanted[key], allowed, reveal, place)
        if difference:
            return difference
    return None


def _column_difference(
    found: pd.Series, wanted: pd.Series, allowed: float | None, reveal: bool, where: str
) -> str | None:
    place = f"{where}, " if where else ""
    if len(found) != len(wanted):
        number = f"; expected {len(wanted)}" if reveal else ", which is not the right number"
        return f"{place}found {len(found)} rows{number}.".capitalize()
    labels = _list_difference(found.index.tolist(), wanted.index.tolist(), None, reveal, "")
    if labels:
        return f"{place}the rows are labelled differently. {labels}".capitalize()
    number_wanted = pd.api.types.is_numeric_dtype(wanted) and not _is_yes_no(wanted)
    number_found = pd.api.types.is_numeric_dtype(found) and not _is_yes_no(found)
    if number_wanted and number_found:
        exact = allowed is None and pd.api.types.is_integer_dtype(wanted)
        atol = (allowed + _FLOAT_NOISE) if allowed is not None else 0.0 if exact else 1e-12
        rtol = 0.0 if exact else _FLOAT_NOISE
        left, right = (s.to_numpy("float64", na_value=np.nan) for s in (found, wanted))
        same = np.isclose(left, right, rtol=rtol, atol=atol, equal_nan=True)
        if same.all():
            return None
        at = int(np.flatnonzero(~same)[0])
        return _wrong_value(found.iloc[at], wanted.iloc[at], f"{place}row {at + 1}", reveal)
    for at, (one, other) in enumerate(zip(found.tolist(), wanted.tolist(), strict=True), start=1):
        if _missing(one) and _missing(other):
            continue
        difference = _difference(one, other, allowed, reveal, f"{place}row {at}")
        if difference:
            return difference
    return None


def _is_yes_no(series: pd.Series) -> bool:
    return bool(pd.api.types.is_bool_dtype(series))
