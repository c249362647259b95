"""The "press release": two points and an arrow; and the same series told honestly beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from clear_helpers.charts.caption import caption, concealed
from clear_helpers.charts.figure import ChartError, finish, wrap
from clear_helpers.charts.spc import (
    Drawing,
    draw,
    latest_signal,
    span_words,
    spc_alt_text,
    timestamped,
    variation_words,
)
from clear_helpers.charts.theme import INK, PALETTE
from clear_helpers.charts.wording import (
    axis_title,
    fit_title,
    mid_sentence,
    plural,
    say_number,
    say_percent,
    say_position,
    with_unit,
)

if TYPE_CHECKING:
    from clear_helpers.methods.spc import SpcResult


@dataclass(frozen=True)
class _Change:
    """The last point against the one before."""

    before: float
    after: float
    first: str
    second: str

    @property
    def size(self) -> str:
        """The change without its direction: ``18%``, or ``3`` when there was nothing before."""
        if self.before > 0:
            return say_percent(self.after / self.before - 1)
        return say_number(abs(self.after - self.before))

    @property
    def noun(self) -> str:
        kind = "rise" if self.after > self.before else "fall"
        return f"{self.size} {kind}" if self.before > 0 else f"{kind} of {self.size}"


def _change(values: Sequence[float] | pd.Series, period: str) -> _Change:
    series = timestamped(pd.Series(values).to_frame("value"))["value"].dropna()
    if len(series) < 2:
        raise ChartError(f"A two-point chart needs two values; found {len(series)}.")
    if concealed(series).iloc[-2:].any():
        raise ChartError(
            "One of the last two counts is too small to show under the disclosure policy. "
            "Count longer periods, or a larger group."
        )
    return _Change(
        before=float(series.iloc[-2]),
        after=float(series.iloc[-1]),
        first=say_position(series.index[-2], period),
        second=say_position(series.index[-1], period),
    )


def _view(
    change: _Change, measure: str, unit: str, improvement: str, width: float, height: float
) -> tuple[Any, dict[str, pd.DataFrame]]:
    rose = change.after > change.before
    better = {"increase": rose, "decrease": not rose}.get(improvement)
    colour = {True: PALETTE["dark green"], False: PALETTE["dark red"], None: PALETTE["dark grey"]}
    tone = colour[better] if change.after != change.before else PALETTE["dark grey"]
    rows = pd.DataFrame(
        {
            "when": ["\n".join(wrap(text, 10)) for text in (change.first, change.second)],
            "value": [change.before, change.after],
            "label": [say_number(change.before), say_number(change.after)],
        }
    )
    high = max(change.before, change.after, 0)
    low = min(change.before, change.after, 0)
    base = alt.Chart(alt.NamedData(name="two_points")).encode(
        x=alt.X("when:N", sort=None, title="Last two points").axis(
            labelAngle=0, labelExpr="split(datum.label, '\\n')"
        ),
        y=alt.Y("value:Q", title=wrap(axis_title(measure, unit), int(height / 6.5))).scale(
            domain=[low * 1.15, high * 1.5 or 1], nice=False
        ),
    )
    one = alt.Chart(alt.InlineData(values=[{}]))
    bars: list[Any] = [
        base.mark_bar(color=tone, size=46),
        base.mark_text(baseline="bottom", dy=-4, fontSize=14).encode(text="label:N"),
    ]
    if change.after != change.before:
        bars += [
            one.mark_point(
                shape="triangle-up" if rose else "triangle-down",
                size=700,
                filled=True,
                color=tone,
                opacity=1,
            ).encode(x=alt.XValue(width / 2 - 44), y=alt.YValue(20)),
            one.mark_text(
                text=change.size,
                fontSize=28,
                fontWeight="bold",
                color=INK,
                align="left",
                baseline="middle",
            ).encode(x=alt.XValue(width / 2 - 22), y=alt.YValue(20)),
        ]
    return alt.layer(*bars).properties(width=width, height=height), {"two_points": rows}


def two_point_chart(
    values: Sequence[float] | pd.Series,
    *,
    measure: str,
    table: str,
    unit: str = "a week",
    period_label: str = "week",
    improvement: str = "neutral",
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
) -> alt.LayerChart:
    """The last value against the one before, as a press release would show it.

    It is here to be argued with: two points cannot tell a signal from noise, and the
    caption says so.

    Parameters
    ----------
    values
        The series, oldest first; its last two values are drawn.
    measure, table, unit, period_label, title, source, column
        As for `clear_helpers.charts.spc_chart`.
    improvement
        "increase", "decrease" or "neutral": which way is good news.

    Returns
    -------
    altair.LayerChart
        Two bars from nought, an arrow and the percentage.

    Raises
    ------
    ChartError
        If there are fewer than two values.
    """
    change = _change(values, period_label)
    view, data = _view(change, measure, unit, improvement, 300, 260)
    after = with_unit(say_number(change.after), unit)
    if change.after == change.before:
        rests = [f"stayed at {after} in the latest {period_label}"]
    else:
        verb = "rose" if change.after > change.before else "fell"
        rests = [
            f"{verb} {change.size} in one {period_label} to {after}",
            f"{verb} {change.size} in one {period_label}",
        ]
    return finish(
        view,
        data,
        title=title or fit_title(measure, rests),
        caption=caption(
            table,
            period=f"{change.first} and {change.second}",
            source=source,
            column=column,
            counts=data["two_points"]["value"],
            notes=["Two points alone cannot tell a signal from noise"],
        ),
        description=(
            f"Bar chart of {mid_sentence(axis_title(measure, unit))} at two points: "
            f"{say_number(change.before)} at {change.first} and {say_number(change.after)} "
            f"at {change.second}, {_said(change)}."
        ),
        kind="two points",
    )


def _said(change: _Change) -> str:
    return "no change" if change.after == change.before else f"a {change.noun}"


def _verdict(result: SpcResult, change: _Change, measure: str, period: str) -> str:
    points = timestamped(result.points)
    last = points.iloc[-1]
    if change.after == change.before:
        return f"The latest {period} matched the one before: there was no alarm to explain"
    alarm = f"The {change.noun}"
    if pd.isna(last["upper"]):
        return f"{alarm} is beyond judging: there are too few points for limits"
    lower, upper = say_number(float(last["lower"])), say_number(float(last["upper"]))
    if result.variation == "common_cause":
        return fit_title(
            alarm,
            f"was noise: the latest {period} stayed within its limits",
            [f" of {lower} and {upper}"],
        )
    signal = latest_signal(points)
    up = signal is not None and signal.up
    edge = f"{'above' if up else 'below'} the {'upper' if up else 'lower'} limit"
    if up != (change.after > change.before):
        still = f"still ran {'high' if up else 'low'}"
        return fit_title(alarm, f"was noise, though the latest {period} {still}")
    if last["special_cause"] == "outside":
        limit = upper if up else lower
        return fit_title(alarm, f"was a signal: the latest {period} went {edge}", [f" of {limit}"])
    why = {
        "shift": f"a long run {'above' if up else 'below'} average",
        "trend": f"a steady {'rise' if up else 'fall'}",
        "two_of_three": f"two of three {plural(period)} came close to the {'upper' if up else 'lower'} limit",
    }[str(last["special_cause"])]
    return fit_title(alarm, f"was part of a signal: {why}")


def two_point_beside_spc(
    values: SpcResult | Sequence[float] | pd.Series,
    *,
    measure: str,
    table: str,
    unit: str = "a week",
    period_label: str = "week",
    improvement: str = "neutral",
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
    rebase_reasons: Sequence[str] = (),
) -> alt.HConcatChart:
    """The press release beside the XmR chart of the same series, and which to believe.

    Parameters
    ----------
    values
        A result from `clear_helpers.methods.spc.xmr`, or a series to make one of.
    improvement
        Which way is good news; taken from the result when one is given.
    measure, table, unit, period_label, title, source, column, rebase_reasons
        As for `clear_helpers.charts.spc_chart`.

    Returns
    -------
    altair.HConcatChart
        Titled with whether the alarm was noise.

    Raises
    ------
    ChartError
        If there are fewer than two values.
    """
    from clear_helpers.methods import spc

    result = (
        values if isinstance(values, spc.SpcResult) else spc.xmr(values, improvement=improvement)  # type: ignore[arg-type]
    )
    change = _change(result.points["value"], period_label)
    left, two = _view(change, measure, unit, result.improvement, 165, 250)
    how = Drawing(measure, unit, period_label, width=310, height=250)
    right, points = draw(result, "points", how, rebase_reasons)
    panel: dict[str, Any] = {"fontSize": 14, "offset": 8, "frame": "group"}
    view = alt.hconcat(
        left.properties(title=alt.TitleParams(text="The press release", **panel)),
        right.properties(
            title=alt.TitleParams(text=f"The same series: {variation_words(result)}", **panel)
        ),
        spacing=30,
    )
    words = spc_alt_text(
        result,
        measure=measure,
        unit=unit,
        period_label=period_label,
        rebase_reasons=rebase_reasons,
    )
    return finish(
        view,
        {**points, **two},
        title=title or _verdict(result, change, measure, period_label),
        caption=caption(
            table,
            period=span_words(timestamped(result.points), period_label),
            source=source,
            column=column,
            counts=result.points["value"],
        ),
        description=(
            f"Two charts side by side. On the left, the last two points only: "
            f"{say_number(change.before)} then {say_number(change.after)}, {_said(change)}. "
            f"On the right: {words}"
        ),
        kind="two points beside spc",
    )
