"""Who matters to a project, and whose voice has not been heard.

Sources
-------
Power–interest grid: Mendelow 1981, as in the NHS stakeholder analysis tool. Coverage gap: share
of the people spoken to less share of the workforce, by profession.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers
from clear_helpers.methods._tables import read_labels, read_named, read_table

QUADRANTS = ("Manage closely", "Keep satisfied", "Keep informed", "Monitor")
CUT = 5
"""On the scale of 1 to 10, this and above is high."""


def quadrant(power: float, interest: float, *, cut: float = CUT) -> str:
    """The quadrant of the power–interest grid.

    Parameters
    ----------
    power, interest
        0 to 10.
    cut
        This and above is high.

    Returns
    -------
    str
        "Manage closely" (both high), "Keep satisfied" (power only), "Keep informed" (interest
        only) or "Monitor".

    Raises
    ------
    ValueError
        If a number is missing or not from 0 to 10.
    """
    strong = read_number(power, "power", at_least=0, at_most=10)
    keen = read_number(interest, "interest", at_least=0, at_most=10)
    return str(_quadrants(np.array([strong]), np.array([keen]), cut)[0])


def stakeholder_grid(
    stakeholders: pd.DataFrame | Mapping[Any, Any], *, cut: float = CUT
) -> pd.DataFrame:
    """Stakeholders with their quadrant of the power–interest grid.

    Parameters
    ----------
    stakeholders
        A table with ``power`` and ``interest`` from 0 to 10, or a mapping of stakeholder to
        (power, interest).
    cut
        This and above is high.

    Returns
    -------
    DataFrame
        The table given (a mapping's on its names), with a category ``quadrant``, in the order
        "Manage closely", "Keep satisfied", "Keep informed", "Monitor".

    Raises
    ------
    ValueError
        If a column is absent, or a number is missing or not from 0 to 10.

    Notes
    -----
    Source: Mendelow 1981. High power is not high interest.
    """
    if isinstance(stakeholders, Mapping):
        names = read_labels(stakeholders, "stakeholders", unique=True)
        pairs = [
            read_numbers(stakeholders[name], f"stakeholders, {name!r}", length=2) for name in names
        ]
        index = pd.Index(names, name="stakeholder")
        stakeholders = pd.DataFrame(pairs, index=index, columns=["power", "interest"])
    table = read_table(stakeholders, "stakeholders", ["power", "interest"])
    power, interest = (
        read_numbers(table[column], f"stakeholders, column {column!r}", at_least=0, at_most=10)
        for column in ("power", "interest")
    )
    named = _quadrants(power, interest, cut)
    return table.assign(quadrant=pd.Categorical(named, categories=list(QUADRANTS), ordered=False))


def coverage_gap(contacts: Any, workforce: Any) -> pd.DataFrame:
    """Share of each profession among those spoken to, less its share of the workforce.

    Parameters
    ----------
    contacts
        People spoken to in each profession, 0 or more, not all 0: Series or mapping by
        profession.
    workforce
        People employed in each profession, likewise.

    Returns
    -------
    DataFrame
        On the profession, least heard first: ``contacts``, ``workforce``, ``contact_share``,
        ``workforce_share`` and ``gap``, in shares; below 0 is under-heard. A profession in one
        only counts as 0 in the other.

    Raises
    ------
    ValueError
        If a number is missing or below 0, or all are 0.
    """
    heard, employed = (
        _by_profession(values, name)
        for values, name in ((contacts, "contacts"), (workforce, "workforce"))
    )
    table = pd.DataFrame({"contacts": heard, "workforce": employed}).fillna(0)
    order = [*employed.index, *[name for name in heard.index if name not in employed.index]]
    table = table.loc[order].rename_axis("profession")
    table["contact_share"] = table["contacts"] / table["contacts"].sum()
    table["workforce_share"] = table["workforce"] / table["workforce"].sum()
    table["gap"] = table["contact_share"] - table["workforce_share"]
    return table.sort_values("gap", kind="stable")


def _by_profession(values: Any, name: str) -> pd.Series:
    if not isinstance(values, (pd.Series, Mapping)):
        raise ValueError(
            f"{name}: found {type(values).__name__}; expected numbers by profession, as a Series "
            "or a mapping."
        )
    people = read_named(values, name, at_least=0)
    if not people.any():
        raise ValueError(f"{name}: found only 0; expected at least one person.")
    return people


def _quadrants(power: np.ndarray, interest: np.ndarray, cut: float) -> np.ndarray:
    line = read_number(cut, "cut", at_least=0, at_most=10)
    strong, keen = power >= line, interest >= line
    return np.select([strong & keen, strong, keen], QUADRANTS[:3], QUADRANTS[3])
