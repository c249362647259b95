"""Process mapping: where a request's time goes, and how often it passes through unharmed.

Sources
-------
NHS England, Quality, Service Improvement and Redesign tools (process mapping, value-added
time); rolled throughput yield as in Six Sigma practice. Hand-written: sums and a product.

A map is a table with one row per step, as the table ``process_step`` has it: ``step`` (its
name), ``touch_min`` (minutes somebody works on it), ``wait_min`` (minutes it waits), ``pca``
(share that is complete and accurate, 0 to 1) and ``value_added`` (whether patients miss it).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_numbers


class LeadTime(NamedTuple):
    """Minutes from the first step to the last.

    Attributes
    ----------
    touch
        Minutes somebody works on the request.
    wait
        Minutes it waits.
    total
        Both.
    """

    touch: float
    wait: float
    total: float


def lead_time(steps: pd.DataFrame) -> LeadTime:
    """Touch time, waiting time and their sum.

    Parameters
    ----------
    steps
        The map: columns ``touch_min`` and ``wait_min``, minutes, 0 or more.

    Returns
    -------
    LeadTime
        Minutes.

    Raises
    ------
    ValueError
        If a column is absent, there is no step, or a number is missing or negative.
    """
    touch = _column(steps, "touch_min", at_least=0).sum()
    wait = _column(steps, "wait_min", at_least=0).sum()
    return LeadTime(float(touch), float(wait), float(touch + wait))


def touch_share(steps: pd.DataFrame) -> float:
    """Share of the lead time in which somebody works on the request.

    Parameters
    ----------
    steps
        As for :func:`lead_time`.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        As for :func:`lead_time`, or if the whole takes no time.
    """
    times = lead_time(steps)
    return times.touch / _some_time(times)


def value_added_share(steps: pd.DataFrame, valued: Iterable[str] | None = None) -> float:
    """Share of the lead time spent on what the patient values.

    Parameters
    ----------
    steps
        As for :func:`lead_time`, with a column ``step``, or ``value_added`` (yes or no).
    valued
        Names of the steps a patient would miss; by default those marked ``value_added``.
        Their touch time counts, their waits do not.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        As for :func:`touch_share`, or if a valued step is not on the map.
    """
    times = lead_time(steps)
    counted = _marked(steps) if valued is None else _named(steps, valued)
    minutes = _column(steps, "touch_min", at_least=0)[counted].sum()
    return float(minutes) / _some_time(times)


def rolled_yield(steps: pd.DataFrame) -> float:
    """Share of requests that pass through every step complete and accurate.

    Parameters
    ----------
    steps
        The map: column ``pca``, shares from 0 to 1.

    Returns
    -------
    float
        Product of the shares: steps are taken to fail independently.

    Raises
    ------
    ValueError
        If the column is absent, there is no step, or a share is missing or out of range.
    """
    return float(np.prod(_column(steps, "pca", at_least=0, at_most=1)))


def _column(steps: pd.DataFrame, name: str, **bounds: float) -> np.ndarray:
    if not isinstance(steps, pd.DataFrame):
        raise ValueError(f"steps: found {type(steps).__name__}; expected a table of steps.")
    if name not in steps.columns:
        raise ValueError(f"steps: the map has no column {name!r}.")
    limits: dict[str, Any] = {**bounds}
    return read_numbers(steps[name], f"steps, {name!r}", **limits)


def _marked(steps: pd.DataFrame) -> np.ndarray:
    if "value_added" not in steps.columns:
        raise ValueError("steps: the map has no column 'value_added'; name the valued steps.")
    for place, mark in enumerate(steps["value_added"]):
        if not isinstance(mark, (bool, np.bool_)):
            raise ValueError(
                f"steps, 'value_added': found {mark!r} at position {place}; expected True or False."
            )
    return steps["value_added"].to_numpy(dtype=bool)


def _named(steps: pd.DataFrame, valued: Iterable[str]) -> np.ndarray:
    if isinstance(valued, str) or not isinstance(valued, Iterable):
        raise ValueError(f"valued: found {valued!r}; expected a list of step names.")
    if "step" not in steps.columns:
        raise ValueError("steps: the map has no column 'step'.")
    wanted = list(valued)
    absent = [name for name in wanted if name not in set(steps["step"])]
    if absent:
        raise ValueError(f"valued: found {absent[0]!r}, which is no step of the map.")
    return steps["step"].isin(wanted).to_numpy()


def _some_time(times: LeadTime) -> float:
    if times.total == 0:
        raise ValueError("steps: found a lead time of 0 minutes; expected some time.")
    return times.total
