"""How far coders agree beyond chance.

Sources
-------
Cohen, Educational and Psychological Measurement 1960;20:37; Fleiss, Cohen and Everitt,
Psychological Bulletin 1969;72:323 (standard errors); Fleiss, Psychological Bulletin
1971;76:378; Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011. The kappas are
computed by statsmodels (``stats.inter_rater``), alpha by the krippendorff package.

Agreement is a check of a codebook. It is no part of reflexive thematic analysis, whose authors
argue against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_choice, read_number, read_numbers

Weights = Literal["unweighted", "linear", "quadratic"] | None
Level = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa with its interval.

    Attributes
    ----------
    kappa
        1 for full agreement, 0 for no more than chance, below 0 for less.
    lower, upper
        Limits at ``confidence``: kappa ± z × ``ase``, never beyond −1 and 1.
    ase
        Asymptotic standard error.
    ase_h0, z
        Standard error if agreement were chance alone, and kappa over it; z is missing where
        that error is 0.
    observed, expected
        Share of items coded alike, and the share to expect by chance. With weights, partial
        agreement counts in part.
    n
        Items coded.
    confidence
        Between 0 and 1.
    """

    kappa: float
    lower: float
    upper: float
    ase: float
    ase_h0: float
    z: float
    observed: float
    expected: float
    n: float
    confidence: float

    def __float__(self) -> float:
        return self.kappa


def cohen(
    a: Sequence[Any] | pd.Series,
    b: Sequence[Any] | pd.Series,
    weights: Weights = None,
    *,
    categories: Sequence[Any] | None = None,
    confidence: float = 0.95,
) -> Kappa:
    """Cohen's kappa of two coders.

    Parameters
    ----------
    a, b
        The code that each coder gave to each item, in the same order: text or numbers, none
        missing.
    weights
        None (or "unweighted") counts full agreement only. "linear" and "quadratic" give part
        credit by how far apart the codes rank.
    categories
        The codes in order. Needed for text codes with weights; otherwise the codes in use,
        sorted. Distance is in ranks among these, not in the numbers themselves.
    confidence
        Between 0 and 1.

    Returns
    -------
    Kappa

    Raises
    ------
    ValueError
        If there are not as many codes in b as in a, one is missing or not a category, or only
        one code is in use (kappa is then undefined).

    Notes
    -----
    Source: Cohen 1960; Fleiss and others 1969; statsmodels.
    """
    given = _read_codes(a, "a"), _read_codes(b, "b")
    if len(given[0]) != len(given[1]):
        raise ValueError(
            f"b: found {len(given[1])} codes; expected {len(given[0])}, one for each item of a."
        )
    order = _read_order([*given[0], *given[1]], categories, needed=_weighted(weights))
    rank = {code: place for place, code in enumerate(order)}
    table = np.zeros((len(order), len(order)))
    for name, codes in zip("ab", given, strict=True):
        for place, code in enumerate(codes):
            if code not in rank:
                raise ValueError(
                    f"{name}: found {code!r} at position {place}; expected one of the categories."
                )
    np.add.at(table, tuple([rank[code] for code in codes] for codes in given), 1)
    return _kappa(table, weights, confidence)


def cohen_from_table(
    table: pd.DataFrame | Sequence[Sequence[float]] | np.ndarray,
    weights: Weights = None,
    *,
    confidence: float = 0.95,
) -> Kappa:
    """Cohen's kappa from a table of counts.

    Parameters
    ----------
    table
        Square: a row per code of the first coder, a column per code of the second, in the
        same order, with how many items got each pair of codes.
    weights, confidence
        As for :func:`cohen`.

    Returns
    -------
    Kappa

    Raises
    ------
    ValueError
        If the table is not square, a count is missing or negative, there are no items, or only
        one code is in use.

    Notes
    -----
    Source: Cohen 1960; Fleiss and others 1969; statsmodels.
    """
    counts = _read_table(table, "table")
    if counts.shape[0] != counts.shape[1]:
        raise ValueError(
            f"table: found {counts.shape[0]} rows and {counts.shape[1]} columns; expected a row "
            "and a column for each code."
        )
    return _kappa(counts, weights, confidence)


def fleiss(counts: pd.DataFrame | Sequence[Sequence[float]] | np.ndarray) -> float:
    """Fleiss' kappa of several coders.

    Parameters
    ----------
    counts
        A row per item and a column per code: how many coders gave that code. Every item is
        coded by the same number of coders, at least two.

    Returns
    -------
    float
        1 for full agreement, 0 for no more than chance.

    Raises
    ------
    ValueError
        If a count is missing, negative or not whole, items have different numbers of coders,
        or only one code is in use (kappa is then undefined).

    Notes
    -----
    Source: Fleiss 1971; statsmodels.
    """
    table = _read_table(counts, "counts", whole=True)
    coders = table.sum(axis=1)
    if coders[0] < 2:
        raise ValueError(
            f"counts: found {coders[0]:g} coders in row 0; expected at least two for every item."
        )
    if (coders != coders[0]).any():
        row = int(np.flatnonzero(coders != coders[0])[0])
        raise ValueError(
            f"counts: found {coders[row]:g} coders in row {row}; expected {coders[0]:g}, as in "
            "row 0."
        )
    _require_two_codes(int((table.sum(axis=0) > 0).sum()), "counts")
    from statsmodels.stats.inter_rater import fleiss_kappa

    return float(fleiss_kappa(table))


def krippendorff(
    ratings_by_coder: pd.DataFrame | Sequence[Sequence[Any]] | np.ndarray,
    level: Level = "nominal",
    *,
    categories: Sequence[Any] | None = None,
) -> float:
    """Krippendorff's alpha of any number of coders, some items uncoded by some.

    Parameters
    ----------
    ratings_by_coder
        A row per coder and a column per item; None or missing where a coder left an item out.
        Text or numbers for "nominal" and "ordinal", numbers for "interval" and "ratio" (0 or
        more for "ratio").
    level
        What a difference between two codes means: "nominal" any difference is the same;
        "ordinal" by rank; "interval" by difference; "ratio" by proportion.
    categories
        The codes in order. Needed for text codes with "ordinal".

    Returns
    -------
    float
        1 for full agreement, 0 for no more than chance, below 0 for less.

    Raises
    ------
    ValueError
        If there are fewer than two coders, rows differ in length, a code does not fit the
        level, no item was coded twice, or only one code is in use.

    Notes
    -----
    Source: Krippendorff 2011; the krippendorff package.
    """
    read_choice(level, "level", ("nominal", "ordinal", "interval", "ratio"))
    rows = _read_ratings(ratings_by_coder)
    used = [code for row in rows for code in row if code is not None]
    text = any(isinstance(code, str) for code in used)
    by_rank = text or categories is not None or level == "nominal"
    if level in ("interval", "ratio"):
        by_rank = False
        for coder, row in enumerate(rows):
            _require_numbers(row, f"ratings_by_coder, row {coder}", level)
    if by_rank:
        order = _read_order(used, categories, needed=level == "ordinal")
        rank = {code: float(place) for place, code in enumerate(order)}
        _require_known(rows, rank)
        ratings = [[np.nan if code is None else rank[code] for code in row] for row in rows]
    else:
        ratings = [[np.nan if code is None else float(code) for code in row] for row in rows]
    array = np.array(ratings)
    coded_twice = array[:, (~np.isnan(array)).sum(axis=0) >= 2]
    if coded_twice.size == 0:
        raise ValueError("ratings_by_coder: found no item coded twice; expected at least one.")
    pairable = coded_twice[~np.isnan(coded_twice)]
    _require_two_codes(np.unique(pairable).size, "ratings_by_coder")
    from krippendorff import alpha

    return float(alpha(reliability_data=array, level_of_measurement=level))


def _kappa(table: np.ndarray, weights: Weights, confidence: float) -> Kappa:
    from scipy.stats import norm
    from statsmodels.stats.inter_rater import cohens_kappa

    weighted = _weighted(weights)
    read_number(confidence, "confidence", above=0, at_most=1)
    if confidence == 1:
        raise ValueError("confidence: found 1; expected less than 1, such as 0.95.")
    n = float(table.sum())
    if n == 0:
        raise ValueError("table: found no items; expected at least one coded twice.")
    used = (table.sum(axis=0) > 0) | (table.sum(axis=1) > 0)
    _require_two_codes(int(used.sum()), "table")
    # Where an error is 0, statsmodels divides by it; the results below do not.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = cohens_kappa(table, wt=weights if weighted else None)
    kappa = float(found.kappa)
    # Rounding can leave a variance of 0 just below it.
    ase, ase_h0 = (
        float(np.sqrt(max(variance, 0.0))) for variance in (found.var_kappa, found.var_kappa0)
    )
    reach = float(norm.isf((1 - confidence) / 2)) * ase
    credit = 1 - found.weights if weighted else np.eye(len(table))
    chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / n**2
    return Kappa(
        kappa=kappa,
        lower=max(kappa - reach, -1.0),
        upper=min(kappa + reach, 1.0),
        ase=ase,
        ase_h0=ase_h0,
        z=kappa / ase_h0 if ase_h0 > 0 else float("nan"),
        observed=float((credit * table).sum() / n),
        expected=float((credit * chance).sum()),
        n=n,
        confidence=confidence,
    )


def _weighted(weights: Any) -> bool:
    if weights is None:
        return False
    read_choice(weights, "weights", ("unweighted", "linear", "quadratic"))
    return bool(weights != "unweighted")


def _read_codes(codes: Any, name: str) -> list[Any]:
    if isinstance(codes, (str, bytes, dict, set)) or not isinstance(codes, Iterable):
        raise ValueError(f"{name}: found {codes!r}; expected a sequence of codes.")
    items = [_read_code(code, name, place) for place, code in enumerate(codes)]
    if not items:
        raise ValueError(f"{name}: found no codes; expected at least one.")
    for place, code in enumerate(items):
        if code is None:
            raise ValueError(
                f"{name}: found a missing value at position {place}; expected a code, or leave "
                "the item out of both coders' lists."
            )
    return items


def _read_code(code: Any, name: str, place: int) -> Any:
    """Text, or a finite number; None where missing."""
    if code is None or code is pd.NA or code is pd.NaT:
        return None
    if isinstance(code, (str, bool, np.bool_)):
        return code if isinstance(code, str) else bool(code)
    if isinstance(code, (int, float, np.integer, np.floating)):
        if np.isnan(code):
            return None
        if np.isfinite(code):
            return code.item() if isinstance(code, np.generic) else code
        raise ValueError(f"{name}: found {code:g} at position {place}; expected a finite number.")
    raise ValueError(f"{name}: found {code!r} at position {place}; expected text or a number.")


def _read_order(used: list[Any], categories: Any, *, needed: bool) -> list[Any]:
    """The codes in the order in which distance is counted."""
    if categories is not None:
        order = _read_codes(categories, "categories")
        for place, code in enumerate(order):
            if code in order[:place]:
                raise ValueError(
                    f"categories: found {code!r} again at position {place}; expected it once."
                )
        return order
    if needed and any(isinstance(code, str) for code in used):
        raise ValueError(
            "categories: found none; expected the codes in order, because the alphabet does not "
            "say which text codes lie close together."
        )
    return sorted(set(used), key=lambda code: (isinstance(code, str), code))


def _read_ratings(ratings: Any) -> list[list[Any]]:
    if isinstance(ratings, pd.DataFrame):
        ratings = ratings.to_numpy(dtype=object)
    if isinstance(ratings, (str, bytes, dict, set)) or not isinstance(ratings, Iterable):
        raise ValueError(f"ratings_by_coder: found {ratings!r}; expected a row of codes per coder.")
    rows = []
    for coder, row in enumerate(ratings):
        name = f"ratings_by_coder, row {coder}"
        if isinstance(row, (str, bytes, dict, set)) or not isinstance(row, Iterable):
            raise ValueError(f"{name}: found {row!r}; expected a sequence of codes.")
        rows.append([_read_code(code, name, place) for place, code in enumerate(row)])
    if len(rows) < 2:
        raise ValueError(f"ratings_by_coder: found {len(rows)} coders; expected at least two.")
    for coder, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"ratings_by_coder, row {coder}: found {len(row)} items; expected {len(rows[0])}, "
                "as in row 0."
            )
    return rows


def _require_numbers(row: list[Any], name: str, level: Level) -> None:
    for place, code in enumerate(row):
        if code is None:
            continue
        if isinstance(code, (str, bool)):
            raise ValueError(
                f"{name}: found {code!r} at position {place}; expected a number at the "
                f"{level} level."
            )
        if level == "ratio" and code < 0:
            raise ValueError(f"{name}: found {code:g} at position {place}; expected 0 or more.")


def _require_known(rows: list[list[Any]], rank: dict[Any, float]) -> None:
    for coder, row in enumerate(rows):
        for place, code in enumerate(row):
            if code is not None and code not in rank:
                raise ValueError(
                    f"ratings_by_coder, row {coder}: found {code!r} at position {place}; expected "
                    "one of the categories."
                )


def _require_two_codes(codes: int, name: str) -> None:
    if codes < 2:
        raise ValueError(
            f"{name}: found only one code in use; expected at least two, because agreement is "
            "then certain by chance and nothing can be said beyond it."
        )


def _read_table(table: Any, name: str, *, whole: bool = False) -> np.ndarray:
    if isinstance(table, pd.DataFrame):
        table = table.to_numpy(dtype=object)
    if isinstance(table, (str, bytes, dict, set)) or not isinstance(table, Iterable):
        raise ValueError(f"{name}: found {table!r}; expected a table of counts.")
    rows: list[np.ndarray] = []
    for place, row in enumerate(table):
        size = rows[0].size if rows else None
        rows.append(read_numbers(row, f"{name}, row {place}", at_least=0, whole=whole, length=size))
    if not rows:
        raise ValueError(f"{name}: found no values; expected a table of counts.")
    return np.array(rows)
