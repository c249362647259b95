"""Funnel plots: places against the limits chance allows, given their size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd

from clear_helpers.charts.caption import caption, concealed
from clear_helpers.charts.figure import MOST_ROWS, ChartError, axis_range, finish, spread
from clear_helpers.charts.theme import INK, PALETTE, SLATE
from clear_helpers.charts.wording import (
    fit_title,
    join_words,
    mid_sentence,
    plural,
    say_number,
    sentence_case,
    small_number,
)

if TYPE_CHECKING:
    from clear_helpers.methods.funnel import FunnelResult

_WIDTH, _HEIGHT = 560, 330
_STYLES = {
    "Other, inside": (PALETTE["mid grey"], "circle"),
    "Ours, inside": (PALETTE["blue"], "circle"),
    "Beyond 95%": (PALETTE["orange"], "diamond"),
    "Beyond 99.8%": (PALETTE["dark red"], "square"),
}


def _rows(
    result: FunnelResult, labels: Sequence[str], own: set[str], overdispersed: bool
) -> pd.DataFrame:
    points = result.points
    flags = points["od_flag" if overdispersed else "flag"].to_numpy()
    rows = pd.DataFrame(
        {
            "label": list(labels),
            "observed": points["observed"].to_numpy(),
            "expected": points["expected"].to_numpy(),
            "ratio": points["ratio"].to_numpy(),
            "flag": flags,
        }
    )
    rows["own"] = rows["label"].isin(own)
    inside = rows["flag"] == "inside"
    rows["kind"] = np.where(
        inside,
        np.where(rows["own"], "Ours, inside", "Other, inside"),
        [flag.capitalize() for flag in rows["flag"]],
    )
    return rows


def _thin(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Of very many unnamed places inside the limits, one for each spot on the page."""
    if len(rows) <= MOST_ROWS:
        return rows, []
    plain = rows["kind"] == "Other, inside"
    spots = rows.loc[plain, ["expected", "ratio"]]
    width = (spots.max() - spots.min()).replace(0, 1)
    grid = ((spots - spots.min()) / width * 30).round()
    kept = rows.loc[plain][~grid.duplicated().to_numpy()]
    drawn = pd.concat([kept, rows.loc[~plain].head(MOST_ROWS - len(kept))])
    return drawn, [f"Of {len(rows):,} places, those at the same spot are drawn once"]


def _place_labels(rows: pd.DataFrame, x: Sequence[float], y: Sequence[float]) -> pd.DataFrame:
    """Where to write the names of our own places so that none hides another or a point."""
    across = (rows["expected"].to_numpy() - x[0]) / (x[1] - x[0]) * _WIDTH
    down = (y[1] - rows["ratio"].to_numpy()) / (y[1] - y[0]) * _HEIGHT
    taken = [(a - 6, d - 6, a + 6, d + 6) for a, d in zip(across, down, strict=True)]
    placed = []
    for label, a, d in zip(rows["label"], across, down, strict=True):
        wide = 7.5 * len(label)
        spots = [
            (a + s * (wide / 2 + 9), d + r)
            for s, r in ((1, 0), (-1, 0), (0, -14), (0, 15), (1, -12), (1, 12), (-1, -12), (-1, 12))
        ]
        boxes = [(u - wide / 2, v - 7, u + wide / 2, v + 7) for u, v in spots]
        best = min(range(len(spots)), key=lambda i: (_overlaps(boxes[i], taken), i))
        taken.append(boxes[best])
        u, v = spots[best]
        placed.append(
            {
                "label": label,
                "x": x[0] + u / _WIDTH * (x[1] - x[0]),
                "y": y[1] - v / _HEIGHT * (y[1] - y[0]),
            }
        )
    return pd.DataFrame(placed, columns=["label", "x", "y"])


def _overlaps(box: tuple[float, ...], others: Sequence[tuple[float, ...]]) -> int:
    outside = box[0] < 0 or box[2] > _WIDTH or box[1] < 0 or box[3] > _HEIGHT
    return 10 * outside + sum(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )


def _axis_titles(result: FunnelResult, measure: str) -> tuple[str, str]:
    small = mid_sentence(measure)
    if result.kind == "SR":
        return f"Expected {small} (number)", f"Observed ÷ expected {small} (ratio)"
    if result.kind == "PR":
        return "People in each place (number)", f"{measure} (proportion)"
    return "Denominator (number)", f"{measure} (ratio)"


def funnel_chart(
    result: FunnelResult,
    *,
    measure: str,
    table: str,
    labels: Sequence[str] | None = None,
    highlight: Sequence[str] | None = None,
    group: str = "practice",
    overdispersed: bool = False,
    period: str = "",
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
) -> alt.LayerChart:
    """A funnel plot: each place's ratio against its size, with 95% and 99.8% limits.

    Parameters
    ----------
    result
        From `clear_helpers.methods.funnel`: `standardised_ratio` or `overdispersion`.
    measure
        What is counted: "Emergency admissions".
    table
        The table the numbers come from.
    labels
        The name of each place, in the order of the result; by default its index.
    highlight
        Our own places: named on the chart, and what the title speaks of. Others are grey
        unless beyond a limit.
    group
        What a place is: "practice", "PCN".
    overdispersed
        Whether to draw and judge by the limits widened for overdispersion.
    period
        The time covered, in words.
    title, source, column
        As for `clear_helpers.charts.spc_chart`.

    Returns
    -------
    altair.LayerChart
        Titled with which places lie beyond the 99.8% limit.

    Raises
    ------
    ChartError
        If the labels do not match the result, or a highlighted name is not among them.
    """
    names = [str(name) for name in (result.points.index if labels is None else labels)]
    if len(names) != len(result.points):
        raise ChartError(
            f"labels has {len(names)} names for {len(result.points)} places. Give one each."
        )
    own = [str(name) for name in highlight or ()]
    strangers = sorted(set(own) - set(names))
    if strangers:
        raise ChartError(f"highlight: {join_words(strangers)} not found among the labels.")
    everything = _rows(result, names, set(own), overdispersed)
    rows, notes = _thin(everything[~concealed(everything["observed"])])
    judged = everything[everything["own"]] if own else everything
    x_title, y_title = _axis_titles(result, measure)

    high = float(everything["expected"].max())
    x_range = axis_range(list(everything["expected"]), zero=bool(high > 0))
    sizes = np.linspace(max(float(everything["expected"].min()) * 0.8, x_range[1] / 200), high, 90)
    limits = result.limits_at(np.append(sizes, x_range[1]))
    prefix = "od_" if overdispersed else ""
    curves = pd.concat(
        [
            pd.DataFrame(
                {
                    "expected": limits["expected"],
                    "limit": limits[f"{prefix}{side}{level}"],
                    "line": f"{side.capitalize()} {level.replace('998', '99.8')}%",
                    "level": level,
                }
            )
            for side in ("upper", "lower")
            for level in ("95", "998")
        ],
        ignore_index=True,
    )
    # Limits of the smallest places run off the page; the places themselves never do.
    first = float(everything["expected"].min())
    near = curves[curves["expected"] >= first]
    y_range = axis_range([*everything["ratio"], *near["limit"], result.target])
    ends = curves.groupby("line", sort=False)["limit"].last()
    ends[f"Expected {say_number(result.target)}"] = result.target
    low, top = y_range
    pixels = spread([(top - v) / (top - low) * _HEIGHT for v in ends], 15, 0, _HEIGHT)
    marks = pd.DataFrame(
        {"line": list(ends.index), "place": [top - p / _HEIGHT * (top - low) for p in pixels]}
    )
    named = rows[rows["own"]] if own else rows[rows["flag"] == "beyond 99.8%"].head(12)
    texts = _place_labels(named, x_range, y_range)

    x = alt.X("expected:Q", title=x_title, axis=alt.Axis(labelFlush=False)).scale(
        domain=x_range, nice=False
    )

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=y_title).scale(domain=y_range, nice=False, zero=False)

    kinds = [kind for kind in _STYLES if (rows["kind"] == kind).any()]
    legend = alt.Legend(title=None)
    curve = alt.Chart(alt.NamedData(name="limits"))
    base = alt.Chart(alt.NamedData(name="places"))
    noun = sentence_case(group)
    view = alt.layer(
        *(
            curve.transform_filter(f"datum.level === '{level}'")
            .mark_line(color=SLATE, strokeDash=dash, strokeWidth=1.5, clip=True)
            .encode(x=x, y=y("limit"), detail="line:N")
            for level, dash in (("95", [3, 3]), ("998", [8, 4]))
        ),
        alt.Chart(alt.NamedData(name="centre"))
        .mark_rule(color=INK, strokeWidth=1.2)
        .encode(y=y("target")),
        base.mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=0.8).encode(
            x=x,
            y=y("ratio"),
            color=alt.Color("kind:N", legend=legend).scale(
                domain=kinds, range=[_STYLES[kind][0] for kind in kinds]
            ),
            shape=alt.Shape("kind:N", legend=legend).scale(
                domain=kinds, range=[_STYLES[kind][1] for kind in kinds]
            ),
            size=alt.condition("datum.own", alt.value(130), alt.value(50)),
            # Our own are drawn last, on top.
            order=alt.Order("own:N"),
            tooltip=[
                alt.Tooltip("label:N", title=noun),
                alt.Tooltip("observed:Q", title="Observed"),
                alt.Tooltip("expected:Q", title=x_title, format=".1f"),
                alt.Tooltip("ratio:Q", title=y_title, format=".2f"),
                alt.Tooltip("flag:N", title="Limits"),
            ],
        ),
        alt.Chart(alt.NamedData(name="names"))
        .mark_text(fontWeight="bold", color=INK, baseline="middle", fontSize=13)
        .encode(x=alt.X("x:Q", title=x_title), y=alt.Y("y:Q", title=y_title), text="label:N"),
        alt.Chart(alt.NamedData(name="ends"))
        .mark_text(align="left", baseline="middle", color=INK)
        .encode(x=alt.XValue(_WIDTH + 6), y=alt.Y("place:Q", title=y_title), text="line:N"),
    ).properties(width=_WIDTH, height=_HEIGHT)
    widened = "widened for overdispersion" if overdispersed else "not widened for overdispersion"
    return finish(
        view,
        {
            "places": rows,
            "limits": curves,
            "centre": pd.DataFrame({"target": [result.target]}),
            "names": texts,
            "ends": marks,
        },
        title=title or _title(judged, measure, group, bool(own)),
        caption=caption(
            table,
            period=period,
            source=source,
            column=column,
            counts=everything["observed"],
            notes=[f"Limits are {widened}", *notes],
        ),
        description=_alt_text(everything, judged, result, measure, group, period),
        kind="funnel",
    )


def _title(judged: pd.DataFrame, measure: str, group: str, ours: bool) -> str:
    beyond = judged[judged["flag"] == "beyond 99.8%"]
    total = small_number(len(judged))
    whose = "our" if ours else "the"
    people = f"{whose} {total} {group if len(judged) == 1 else plural(group)}"
    limit = "beyond the 99.8% limit"
    about = f" for {mid_sentence(measure)}"
    if beyond.empty:
        if len(judged) == 1:
            return fit_title(str(judged["label"].iloc[0]), f"lies within the 99.8% limits{about}")
        return fit_title(f"None of {people}", f"lies {limit}", [about])
    names = list(beyond["label"])
    if len(judged) == 1:
        return fit_title(names[0], f"lies {limit}", [about], short=f"Our {group}")
    if len(names) == 1:
        ratio = say_number(float(beyond["ratio"].iloc[0]))
        return fit_title(
            names[0],
            f"is the only one of {people} {limit}",
            [f", with {ratio} times the expected {mid_sentence(measure)}"],
            short=f"One {group}",
        )
    count = f"{sentence_case(small_number(len(names)))} of {people}"
    if len(names) == len(judged):
        return fit_title(f"All {people.removeprefix('the ')}", f"lie {limit}", [about])
    subject = join_words(names) if len(names) <= 4 else count
    extras = [f", of {people}"] if len(names) <= 4 else []
    return fit_title(subject, f"lie {limit}", [*extras, about], short=count)


def _alt_text(
    everything: pd.DataFrame,
    judged: pd.DataFrame,
    result: FunnelResult,
    measure: str,
    group: str,
    period: str,
) -> str:
    small = mid_sentence(measure)
    counts = everything["flag"].value_counts()
    when = f", {period}" if period else ""
    parts = [
        f"Funnel plot of {small} for {len(everything):,} "
        f"{group if len(everything) == 1 else plural(group)}{when}: ratio against size, around a "
        f"centre of {say_number(result.target)}. {int(counts.get('beyond 99.8%', 0))} beyond the "
        f"99.8% limits and a further {int(counts.get('beyond 95%', 0))} beyond the 95% limits."
    ]
    listed = judged if len(judged) <= 12 else judged[judged["flag"] == "beyond 99.8%"].head(12)
    said = [
        f"{label} {say_number(ratio)}, {flag}"
        for label, ratio, flag in zip(listed["label"], listed["ratio"], listed["flag"], strict=True)
    ]
    if said:
        parts.append("; ".join(said) + ".")
    return " ".join(parts)
