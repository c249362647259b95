"""Columns in, a typed table out, as the data model declares it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..model import TABLES


def labels(words: Sequence[str], codes: np.ndarray) -> pa.Array:
    """The word each code stands for; code −1 is missing."""
    missing = codes < 0
    positions = pa.array(np.where(missing, 0, codes), mask=missing)
    return pa.array(list(words), pa.large_string()).take(positions)


def numbered(prefix: str, count: int, digits: int) -> pa.Array:
    """Identifiers ``prefix`` + 1 … count, padded with zeros."""
    text = pc.cast(pa.array(np.arange(1, count + 1)), pa.large_string())
    padded = pc.utf8_lpad(text, width=digits, padding="0")
    return pc.binary_join_element_wise(
        pa.scalar(prefix, pa.large_string()), padded, pa.scalar("", pa.large_string())
    )


def codes(table: str, column: str, words: Sequence[str]) -> np.ndarray:
    """Where each word stands in the column's list of allowed values."""
    allowed = TABLES[table].categories(column)
    return np.array([allowed.index(word) for word in words])


def build(table: str, **columns: Any) -> pd.DataFrame:
    """A table in the declared order and types.

    Parameters
    ----------
    table
        Its name in the data model.
    **columns
        Text as a pyarrow array; categories as codes (−1 missing); nullable whole numbers as
        (values, mask of missing); anything else as a numpy array.
    """
    typed = {}
    for column in TABLES[table].columns:
        values = columns[column.name]
        if column.kind == "text":
            typed[column.name] = pa.table({"text": values}).to_pandas()["text"]
        elif column.kind == "category":
            typed[column.name] = pd.Series(pd.Categorical.from_codes(values, dtype=column.dtype))
        elif column.kind == "whole number" and column.nullable:
            found, missing = values
            held = pd.arrays.IntegerArray(found.astype("int32"), np.asarray(missing, dtype=bool))
            typed[column.name] = pd.Series(held)
        else:
            typed[column.name] = pd.Series(np.asarray(values).astype(column.dtype))
    return pd.DataFrame(typed)
