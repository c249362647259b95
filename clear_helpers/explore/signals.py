"""Signal or noise: choose a measure, a baseline and a reset of the limits, and look again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import ipywidgets as widgets
import pandas as pd

from clear_helpers import charts
from clear_helpers.explore.explorer import Explorer
from clear_helpers.methods import spc

FEWEST = spc.SHORTEST_BASELINE
"""Points that limits need, before and after a reset too."""

Improvement = Literal["increase", "decrease", "neutral"]


def redraw(
    series: Mapping[str, pd.Series],
    measure: str,
    baseline: int = 0,
    screen: bool = True,
    rebase_on: dt.date | None = None,
    reason: str = "",
    *,
    rebase_reason_required: bool = True,
    table: str | Mapping[str, str] = "weekly series",
    unit: str = "a week",
    period_label: str = "week",
    improvement: Improvement | Mapping[str, Improvement] = "neutral",
    source: str | None = None,
) -> Any:
    """The chart for one setting of the controls, or the sentence that says what is missing.

    Parameters
    ----------
    series
        Values by measure, each a Series on dates in order, without gaps.
    measure
        Which of them.
    baseline
        Limits come from the first so many points of each part; 0 for all of them.
    screen
        Whether extreme moving ranges are left out of the limits.
    rebase_on
        The limits start afresh at the first point on or after this date; None for never.
    reason
        Why they should. Without one nothing is redrawn.
    rebase_reason_required
        Whether that rule holds.
    table, improvement
        For all measures, or by measure.
    unit, period_label, source
        As for `clear_helpers.charts.spc_chart`.

    Returns
    -------
    altair.LayerChart or str
        A chart, or a sentence for the Associate.
    """
    if measure not in series:
        return f"There is no measure {measure!r}. Choose one of: {', '.join(series)}."
    values = series[measure]
    if 0 < baseline < FEWEST:
        return (
            f"A baseline of {baseline} is too short: limits need at least {FEWEST} "
            f"{period_label}s. Move the slider to {FEWEST} or more, or to 0 for the whole series."
        )
    rebase_at: tuple[int, ...] = ()
    if rebase_on is not None:
        position = int((values.index < pd.Timestamp(rebase_on)).sum())
        problem = _rebase_problem(values, position, rebase_on, period_label)
        if problem:
            return problem
        if rebase_reason_required and not reason.strip():
            return (
                "The limits have not been reset: write the reason first. What changed in the "
                f"service around {charts.say_date(rebase_on)}, and who can confirm it? Resetting "
                "without a reason can hide bad news."
            )
        rebase_at = (position,)
    shortest = min(b - a for a, b in zip((0, *rebase_at), (*rebase_at, len(values)), strict=True))
    if baseline > shortest:
        return (
            f"A baseline of {baseline} {period_label}s is longer than the {shortest} there are. "
            f"Move the slider to {shortest} or less, or to 0."
        )
    better = improvement if isinstance(improvement, str) else improvement.get(measure, "neutral")
    try:
        result = spc.xmr(
            values,
            improvement=better,
            rebase_at=rebase_at,
            fix_after=baseline or None,
            screen_outliers=screen,
        )
    except ValueError as error:
        return f"{measure} cannot be charted: {error}"
    return charts.spc_chart(
        result,
        measure=measure,
        table=table if isinstance(table, str) else table.get(measure, measure),
        unit=unit,
        period_label=period_label,
        source=source,
        rebase_reasons=[reason.strip() or "no reason given"] if rebase_at else (),
    )


def _rebase_problem(values: pd.Series, position: int, rebase_on: dt.date, period_label: str) -> str:
    after = len(values) - position
    if position >= FEWEST and after >= FEWEST:
        return ""
    first, last = (charts.say_date(values.index[i]) for i in (0, -1))
    return (
        f"The limits cannot be reset on {charts.say_date(rebase_on)}: that leaves {position} "
        f"{period_label}s before and {after} after, and each part needs at least {FEWEST}. "
        f"The series runs from {first} to {last}."
    )


def signals_explorer(
    series: Mapping[str, pd.Series],
    *,
    rebase_reason_required: bool = True,
    table: str | Mapping[str, str] = "weekly series",
    unit: str = "a week",
    period_label: str = "week",
    improvement: Improvement | Mapping[str, Improvement] = "neutral",
    source: str | None = None,
) -> Explorer:
    """Week 10's explorer: measure, baseline, screening, and a reset that needs a reason.

    Parameters
    ----------
    series, rebase_reason_required, table, unit, period_label, improvement, source
        As for `redraw`.

    Returns
    -------
    Explorer
        Display it as the last line of a cell. ``.controls`` holds the widgets by name:
        measure, baseline, screen, rebase_on, reason.

    Raises
    ------
    ValueError
        If there is no series, or the first cannot be charted.
    """
    if not series:
        raise ValueError("signals_explorer needs at least one series; found none.")
    longest = max(len(values) for values in series.values())
    controls = {
        "measure": widgets.Dropdown(options=list(series), description="Measure"),
        "baseline": widgets.IntSlider(
            value=0,
            min=0,
            max=longest,
            description=f"Baseline: limits from the first … {period_label}s (0 = all)",
            continuous_update=False,
        ),
        "screen": widgets.Checkbox(
            value=True,
            description="Leave extreme moving ranges out of the limits",
            indent=False,
        ),
        "rebase_on": widgets.DatePicker(description="Reset the limits from (optional)"),
        "reason": widgets.Text(
            description="Reason for the reset",
            placeholder="what changed in the service, and who confirms it",
            continuous_update=False,
        ),
    }
    draw = partial(
        redraw,
        series,
        rebase_reason_required=rebase_reason_required,
        table=table,
        unit=unit,
        period_label=period_label,
        improvement=improvement,
        source=source,
    )
    return Explorer(draw, controls)
