"""Series over time: lines, shares of a whole, and the PCN beside England."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from clear_helpers.charts.caption import caption, concealed
from clear_helpers.charts.figure import ChartError, axis_range, finish, spread
from clear_helpers.charts.theme import CATEGORICAL, INK, ORDERED, PALETTE
from clear_helpers.charts.wording import (
    axis_title,
    fit_title,
    join_words,
    mid_sentence,
    say_count,
    say_number,
    say_percent,
    say_position,
    sentence_case,
    with_unit,
)

MOST_TIMES = 400
"""More times than this are averaged in blocks before drawing."""

_HEIGHT = 300
_DASHES = ([1, 0], [7, 3], [2, 2])


def _ready(frame: pd.DataFrame, most: int) -> tuple[pd.DataFrame, list[str]]:
    """The frame in time order, thinned if long, and what to say about it."""
    if frame.empty or not len(frame.columns):
        raise ChartError("There is nothing to draw: the table has no rows or no columns.")
    if len(frame.columns) > most:
        raise ChartError(
            f"{len(frame.columns)} series are too many to tell apart; at most {most} can be drawn. "
            "Add small ones together or leave some out."
        )
    if not pd.api.types.is_numeric_dtype(frame.to_numpy().dtype):
        raise ChartError("Every column must be numbers: one column a series, one row a month.")
    timed = frame
    if isinstance(frame.index, pd.PeriodIndex):
        timed = frame.set_axis(frame.index.to_timestamp())
    timed = timed.sort_index().set_axis([str(name) for name in frame.columns], axis=1)
    if len(timed) <= MOST_TIMES:
        return timed, []
    size = math.ceil(len(timed) / MOST_TIMES)
    block = pd.Series(range(len(timed)), index=timed.index) // size
    means = timed.groupby(block.to_numpy()).mean()
    return means.set_axis(timed.index[::size]), [f"Each point is the mean of {size} rows"]


def _ends(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series, int]:
    """Means over the first and the last stretch: a year when there are two, else a third.

    Two single points would be the press release that week 10 warns about.
    """
    size = 12 if len(frame) >= 24 else max(1, len(frame) // 3)
    return frame.iloc[:size].mean(), frame.iloc[-size:].mean(), size


def _between(size: int, period: str) -> str:
    return f"between the first and last {say_count(size, period) if size > 1 else period}"


def _period(frame: pd.DataFrame, period: str) -> str:
    first, last = frame.index[0], frame.index[-1]
    return f"{say_position(first, period)} to {say_position(last, period)}"


def _long(frame: pd.DataFrame, period: str, value: str = "value") -> pd.DataFrame:
    along = "date" if isinstance(frame.index, pd.DatetimeIndex) else "position"
    said = [say_position(label, period) for label in frame.index]
    parts = [
        pd.DataFrame(
            {
                along: frame.index,
                "when": said,
                "series": name,
                value: frame[name].mask(concealed(frame[name])).array,
            }
        )
        for name in frame.columns
    ]
    return pd.concat(parts, ignore_index=True)


def _x(frame: pd.DataFrame, period: str) -> alt.X:
    if not isinstance(frame.index, pd.DatetimeIndex):
        return alt.X("position:Q", title=sentence_case(period)).scale(nice=False, zero=False)
    axis = alt.Axis(format="%b %Y", tickCount=7, labelOverlap="greedy")
    return alt.X("date:T", title=sentence_case(period), axis=axis)


def _label_space(names: Sequence[str]) -> int:
    return 24 + int(6.8 * max(len(line) for name in names for line in name.split("\n")))


def _labels(
    names: Sequence[str], at: Sequence[float], domain: Sequence[float], height: float = _HEIGHT
) -> pd.DataFrame:
    """Names beside the ends of their lines, moved apart where they would overprint."""
    low, high = domain
    placed = spread([(high - value) / (high - low) * height for value in at], 16, 4, height - 4)
    return pd.DataFrame(
        {"series": names, "place": [high - pixel / height * (high - low) for pixel in placed]}
    )


def _lines(
    frame: pd.DataFrame,
    *,
    measure: str,
    unit: str,
    period: str,
    colours: Sequence[str],
    zero: bool,
) -> tuple[Any, dict[str, pd.DataFrame]]:
    names = list(frame.columns)
    width = 620 - _label_space(names)
    domain = axis_range(list(frame.to_numpy().ravel()), zero=zero)
    dashes = [list(_DASHES[i // len(CATEGORICAL)]) for i in range(len(names))]
    title = axis_title(measure, unit)
    y = alt.Y("value:Q", title=title).scale(domain=domain, nice=False, zero=False)
    y = y.axis(tickCount=7, format="~s" if domain[1] >= 1e6 else ",~f")
    ends = [float(frame[name].dropna().iloc[-1]) for name in names]
    base = alt.Chart(alt.NamedData(name="series"))
    ink = alt.Color("series:N", legend=None).scale(domain=names, range=list(colours))
    lines = base.mark_line().encode(
        x=_x(frame, period),
        y=y,
        color=ink,
        strokeDash=alt.StrokeDash("series:N", legend=None).scale(domain=names, range=dashes),
        tooltip=[
            alt.Tooltip("when:N", title=sentence_case(period)),
            alt.Tooltip("series:N", title="Series"),
            alt.Tooltip("value:Q", title=title, format=",.3~f"),
        ],
    )
    place = alt.Y("place:Q", title=title)
    labels = alt.Chart(alt.NamedData(name="labels"))
    chips = labels.mark_point(shape="square", filled=True, size=70, opacity=1)
    layers = alt.layer(
        lines,
        chips.encode(x=alt.XValue(width + 12), y=place, color=ink),
        labels.mark_text(align="left", baseline="middle", color=INK).encode(
            x=alt.XValue(width + 21), y=place, text="series:N"
        ),
    )
    data = {"series": _long(frame, period), "labels": _labels(names, ends, domain)}
    return layers.properties(width=width, height=_HEIGHT), data


def trend_chart(
    frame: pd.DataFrame,
    *,
    measure: str,
    unit: str,
    table: str,
    period: str | None = None,
    period_label: str = "month",
    zero: bool = True,
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
) -> alt.LayerChart:
    """Several series over time as lines, each named beside its end.

    Parameters
    ----------
    frame
        Wide: one row a month (dates or periods as index), one column a series, numbers.
    measure, unit
        What is measured and what one value is: "Appointments", "a month".
    table
        The table the numbers come from.
    period
        The time covered, in words; by default the first to the last row.
    period_label
        One row: "month", "week".
    zero
        Whether the vertical axis starts from nought.
    title, source, column
        As for `clear_helpers.charts.spc_chart`.

    Returns
    -------
    altair.LayerChart
        Titled with the series that changed most, first year against last.

    Raises
    ------
    ChartError
        If the table is empty, not numbers, or has more than 15 columns.

    Notes
    -----
    More than 400 rows are averaged in blocks; the caption then says so.
    """
    drawn, notes = _ready(frame, len(CATEGORICAL) * len(_DASHES))
    colours = [CATEGORICAL[i % len(CATEGORICAL)] for i in range(len(drawn.columns))]
    view, data = _lines(
        drawn, measure=measure, unit=unit, period=period_label, colours=colours, zero=zero
    )
    first, last, size = _ends(drawn)
    said = [
        f"{name} from {say_number(first[name])} to {say_number(last[name])}"
        for name in drawn.columns
    ]
    return finish(
        view,
        data,
        title=title or _trend_title(drawn, measure, unit, period_label),
        caption=caption(
            table,
            period=period or _period(drawn, period_label),
            source=source,
            column=column,
            counts=pd.concat([drawn[name] for name in drawn.columns]),
            notes=notes,
        ),
        description=(
            f"Line chart of {mid_sentence(axis_title(measure, unit))}, "
            f"{say_count(len(drawn.columns), 'line')}, {_period(drawn, period_label)}. "
            f"Averages {_between(size, period_label)}: {'; '.join(said)}."
        ),
        kind="trend",
    )


def _trend_title(frame: pd.DataFrame, measure: str, unit: str, period: str) -> str:
    first, last, size = _ends(frame)
    name = str((last - first).abs().idxmax())
    subject = measure if len(frame.columns) == 1 else name
    old, new = say_number(float(first[name])), say_number(float(last[name]))
    to = with_unit(new, unit)
    if old == new:
        return fit_title(subject, [f"stayed at {to}", f"stayed at {new}"])
    verb = "rose" if last[name] > first[name] else "fell"
    most = " most," if len(frame.columns) > 1 else ""
    return fit_title(
        subject,
        [f"{verb}{most} from {old} to {to}", f"{verb}{most} from {old} to {new}"],
        [f" {_between(size, period)}"],
    )


def share_chart(
    frame: pd.DataFrame,
    *,
    measure: str,
    table: str,
    order: Sequence[str] | None = None,
    ordered: bool = False,
    period: str | None = None,
    period_label: str = "month",
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
) -> alt.LayerChart:
    """Shares of a whole over time, stacked to 100%.

    Parameters
    ----------
    frame
        Wide, as for `trend_chart`; counts of nought or more, each row adding to the whole.
    measure
        What is shared out: "Appointments".
    order
        The categories from top to bottom; by default the columns' own order.
    ordered
        Whether the categories have an order (waits do, modes do not). Then colours run
        from light to dark, and anything called unknown is grey.
    table, period, period_label, title, source, column
        As for `trend_chart`.

    Returns
    -------
    altair.LayerChart
        Titled with the category whose share changed most.

    Raises
    ------
    ChartError
        If a value is negative, a row adds to nought, or there are more than seven
        categories (eight with an unknown one; unordered, six).
    """
    names = list(order) if order is not None else [str(name) for name in frame.columns]
    unknown = [name for name in names if "unknown" in name.lower()]
    known = [name for name in names if name not in unknown]
    palette = ORDERED if ordered else [c for c in CATEGORICAL if c != PALETTE["mid grey"]]
    if len(known) > len(palette) + (0 if ordered else 1) or len(unknown) > 1:
        raise ChartError(
            f"{len(names)} shares are too many to tell apart. Add small categories together first."
        )
    shades = ["#FAB428", *palette] if len(known) > len(palette) else list(palette)
    if ordered and len(known) < len(palette):
        shades = list(palette[1:]) if len(known) < len(palette) else shades
    shades = shades[: len(known)]
    colours = {**dict(zip(known, shades, strict=True)), **dict.fromkeys(unknown, "#768692")}
    drawn, notes = _ready(frame.set_axis([str(n) for n in frame.columns], axis=1)[names], 8)
    if (drawn < 0).any(axis=None) or (drawn.sum(axis=1) <= 0).any():
        raise ChartError("Shares need counts of nought or more, and a total above nought a row.")
    shares = drawn.div(drawn.sum(axis=1), axis=0)
    width = 620 - _label_space(names)
    rows = _long(shares, period_label, "share")
    rows["rank"] = rows["series"].map({name: i for i, name in enumerate(names)})
    title_y = f"Share of {mid_sentence(measure)} (%)"
    y = alt.Y("share:Q", title=title_y, stack="zero").scale(domain=[0, 1], nice=False)
    ink = alt.Color("series:N", legend=None).scale(
        domain=names, range=[colours[name] for name in names]
    )
    areas = (
        alt.Chart(alt.NamedData(name="shares"))
        .mark_area(stroke=INK if ordered else "#FFFFFF", strokeWidth=0.7, opacity=1)
        .encode(
            x=_x(drawn, period_label),
            y=y.axis(format="%"),
            color=ink,
            # Vega stacks upwards: the last category is laid down first, so the first is on top.
            order=alt.Order("rank:Q", sort="descending"),
            tooltip=[
                alt.Tooltip("when:N", title=sentence_case(period_label)),
                alt.Tooltip("series:N", title="Category"),
                alt.Tooltip("share:Q", title=title_y, format=".1%"),
            ],
        )
    )
    tops = 1 - shares.iloc[-1].cumsum() + shares.iloc[-1] / 2
    labels = alt.Chart(alt.NamedData(name="labels"))
    place = alt.Y("place:Q", title=title_y)
    view = alt.layer(
        areas,
        labels.mark_point(
            shape="square", filled=True, size=80, opacity=1, stroke=INK, strokeWidth=0.7
        ).encode(x=alt.XValue(width + 12), y=place, color=ink),
        labels.mark_text(align="left", baseline="middle", color=INK).encode(
            x=alt.XValue(width + 22), y=place, text="series:N"
        ),
    ).properties(width=width, height=_HEIGHT)
    first, last, size = _ends(shares)
    said = [f"{name} {say_percent(first[name])} then {say_percent(last[name])}" for name in names]
    return finish(
        view,
        {
            "shares": rows.drop(columns="rank").assign(rank=rows["rank"]),
            "labels": _labels(names, list(tops), [0, 1]),
        },
        title=title or _share_title(shares, measure, period_label),
        caption=caption(
            table,
            period=period or _period(drawn, period_label),
            source=source,
            column=column,
            notes=notes,
        ),
        description=(
            f"Stacked area chart of shares of {mid_sentence(measure)}, "
            f"{_period(drawn, period_label)}. Average shares in the first and last "
            f"{say_count(size, period_label)}: {'; '.join(said)}."
        ),
        kind="share",
    )


def _share_title(shares: pd.DataFrame, measure: str, period: str) -> str:
    first, last, size = _ends(shares)
    name = str((last - first).abs().idxmax())
    old, new = say_percent(float(first[name])), say_percent(float(last[name]))
    of = f"of {mid_sentence(measure)}"
    if old == new:
        return fit_title(
            f"The share that was {name}", [f"stayed at {new} {of}", f"stayed at {new}"]
        )
    verb = "rose" if last[name] > first[name] else "fell"
    return fit_title(
        name,
        [f"{verb} from {old} to {new} {of}", f"{verb} from {old} to {new}"],
        [f" {_between(size, period)}"],
    )


def comparison_chart(
    local: pd.Series,
    national: pd.Series,
    *,
    measure: str,
    table: str,
    local_label: str = "Larkmoor PCN",
    national_label: str = "England",
    unit: str = "per 1,000 registered patients a month",
    period_label: str = "month",
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
) -> alt.LayerChart:
    """The PCN beside England on one scale, for the months they share.

    Parameters
    ----------
    local, national
        Rates in the same unit, by month (dates or periods).
    local_label, national_label
        Their names.
    measure, table, unit, period_label, title, source, column
        As for `trend_chart`.

    Returns
    -------
    altair.LayerChart
        Two lines; titled with how far apart they are on average.

    Raises
    ------
    ChartError
        If they have no month in common.
    """
    both = pd.DataFrame({local_label: local, national_label: national}).dropna()
    if both.empty:
        raise ChartError(
            f"{local_label} and {national_label} have no {period_label} in common: "
            f"{_period(local.to_frame(), period_label)} and "
            f"{_period(national.to_frame(), period_label)}."
        )
    drawn, notes = _ready(both, 2)
    view, data = _lines(
        drawn,
        measure=measure,
        unit=unit,
        period=period_label,
        colours=[CATEGORICAL[0], CATEGORICAL[1]],
        zero=True,
    )
    ours, theirs = float(drawn[local_label].mean()), float(drawn[national_label].mean())
    gap = ours / theirs - 1 if theirs else 0.0
    same = say_percent(gap) == "0%"
    side = "above" if gap > 0 else "below"
    apart = (
        f"in line with {national_label}" if same else f"{say_percent(gap)} {side} {national_label}"
    )
    numbers = f", {say_number(ours)} against {say_number(theirs)}"
    months = f" over {say_count(len(both), period_label)}"
    return finish(
        view,
        data,
        title=title
        or fit_title(
            local_label,
            f"averaged {apart}",
            [f" for {mid_sentence(measure)}", *([] if same else [numbers]), months],
        ),
        caption=caption(
            table,
            period=_period(drawn, period_label),
            source=source,
            column=column,
            notes=[f"Both lines are {mid_sentence(measure)} {unit}", *notes],
        ),
        description=(
            f"Line chart comparing {join_words([local_label, national_label])} on "
            f"{mid_sentence(axis_title(measure, unit))}, {_period(drawn, period_label)}. "
            f"{local_label} averages {say_number(ours)} and {national_label} "
            f"{say_number(theirs)}; {local_label} is {apart}."
        ),
        kind="comparison",
    )
