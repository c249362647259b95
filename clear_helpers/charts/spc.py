"""XmR charts the Making Data Count way: points by type, limits, icons, and what to conclude.

Point types, their colours and the meaning of the icons are those of NHS England's Making
Data Count and the R package NHSRplotthedots; the drawing of the icons is our own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from clear_helpers.charts.caption import caption, concealed
from clear_helpers.charts.figure import (
    MOST_ROWS,
    ChartError,
    axis_range,
    finish,
    spread,
    wrap,
)
from clear_helpers.charts.theme import INK, PALETTE, POINT_TYPES, SLATE
from clear_helpers.charts.wording import (
    axis_title,
    fit_title,
    join_words,
    mid_sentence,
    plural,
    say_count,
    say_number,
    say_position,
    sentence_case,
    small_number,
    with_unit,
)
from clear_helpers.methods import change_point

if TYPE_CHECKING:
    from clear_helpers.methods.spc import SpcResult

_JUDGEMENT = {
    "special_cause_improvement": "an improvement",
    "special_cause_concern": "a concern",
    "special_cause_neutral": "neither good nor bad",
}
_LINES = {
    "wave": "M-0.9,0.2L-0.5,-0.3L-0.1,0.3L0.3,-0.3L0.7,0.2L0.9,0",
    "up": "M-0.9,0.5L-0.4,0.3L0,0.4L0.4,-0.2L0.9,-0.6",
    "down": "M-0.9,-0.6L-0.4,-0.2L0,-0.3L0.4,0.3L0.9,0.5",
    "level": "M-0.9,0L0.9,0",
}


@dataclass(frozen=True)
class Signal:
    """The latest special cause of the last segment, in positions of the whole series."""

    rule: str
    up: bool
    start: int
    end: int
    point_type: str
    ongoing: bool

    @property
    def points(self) -> int:
        """How many points it spans."""
        return self.end - self.start + 1


def _special(points: pd.DataFrame) -> pd.Series:
    return points["special_cause"].notna()


def _is_up(points: pd.DataFrame, position: int) -> bool:
    # A trend points the way it runs; every other rule points to a side of the mean.
    if points["special_cause"].iloc[position] == "trend":
        return str(points["direction"].iloc[position]) == "up"
    return bool(points["value"].iloc[position] > points["mean"].iloc[position])


def _run(flags: Sequence[bool], at: int) -> tuple[int, int]:
    """First and last position of the unbroken run of true flags around ``at``."""
    start = end = at
    while start > 0 and flags[start - 1]:
        start -= 1
    while end < len(flags) - 1 and flags[end + 1]:
        end += 1
    return start, end


def latest_signal(points: pd.DataFrame) -> Signal | None:
    """The latest special cause of the newest segment, whole run included; None without one."""
    last_segment = (points["segment"] == points["segment"].iloc[-1]).to_numpy()
    flagged = (_special(points).to_numpy() & last_segment).nonzero()[0]
    if not len(flagged):
        return None
    at = int(flagged[-1])
    up = _is_up(points, at)
    kind = str(points["point_type"].iloc[at])
    value, mean = points["value"], points["mean"]
    rule = str(points["special_cause"].iloc[at])
    # A point outside the limits may belong to a long run on one side: the run says more.
    side = ((value > mean) if value.iloc[at] > mean.iloc[at] else (value < mean)) & last_segment
    start, end = _run(list(side), at)
    if rule != "trend" and (points["special_cause"].iloc[start : end + 1] == "shift").any():
        return Signal("shift", up, start, end, kind, end == len(points) - 1)
    if rule == "trend":
        steps = (value.diff() > 0) if up else (value.diff() < 0)
        within = steps & last_segment & points["segment"].eq(points["segment"].shift())
        start, end = _run(list(within), at)
        return Signal("trend", up, start - 1, end, kind, end == len(points) - 1)
    return Signal(rule, up, at, at, kind, at == len(points) - 1)


def _step(points: pd.DataFrame) -> int | None:
    """Where shifts to one side of the last segment's mean give way to shifts to the other."""
    shifts = points[
        (points["segment"] == points["segment"].iloc[-1]) & (points["special_cause"] == "shift")
    ]
    positions = pd.Series(range(len(points)), index=points.index)[shifts.index]
    high = positions[shifts["value"] > shifts["mean"]]
    low = positions[shifts["value"] < shifts["mean"]]
    if high.empty or low.empty:
        return None
    if not (high.min() > low.max() or low.min() > high.max()):
        return None
    # The first point of a run may be named by another rule, so the run does not date the step.
    start = int((points["segment"] == points["segment"].iloc[-1]).to_numpy().argmax())
    return start + change_point.best_split(
        points["value"].iloc[start:].to_list(), minimum_segment=7
    )


def _when(points: pd.DataFrame, position: int, period: str) -> str:
    """``in the week of 19 July 2021``, ``in July 2021``, ``in week 12``."""
    label = points.index[position]
    said = say_position(label, period)
    dated = isinstance(label, pd.Timestamp) and period != "month"
    return f"in the {period} of {said}" if dated else f"in {said}"


def spc_title(
    result: SpcResult, *, measure: str, unit: str = "a week", period_label: str = "week"
) -> str:
    """What an XmR chart shows, as a sentence of at most 20 words.

    The newest segment decides: its latest special cause if it has one, otherwise how it
    compares with the segment before. Means of two segments are called different only when
    they are further apart than a third of the way from the earlier mean to its limit (about
    one standard deviation); less is not worth a headline.

    Parameters
    ----------
    result
        From `clear_helpers.methods.spc.xmr`.
    measure
        What is measured, as it would begin a sentence: "Home-visit requests".
    unit
        What one value is: "a week", "minutes", "%".
    period_label
        One step along the chart: "week", "month", "day".

    Returns
    -------
    str
        A finding with a verb and numbers.
    """
    points = timestamped(result.points)
    full, extras = _finding(points, unit, period_label)
    brief, _ = _finding(points, "", period_label)
    return fit_title(measure, [full, brief], extras)


def _finding(points: pd.DataFrame, unit: str, period: str) -> tuple[str, list[str]]:
    last = points[points["segment"] == points["segment"].iloc[-1]]
    mean, lower, upper = (float(last[name].iloc[-1]) for name in ("mean", "lower", "upper"))
    average = with_unit(say_number(mean), unit)
    signal = latest_signal(points)
    if signal is None:
        return _quiet_finding(points, last, average, unit, period)
    judged = _JUDGEMENT.get(signal.point_type, "")
    extras = [f", {judged}"] if judged and signal.point_type != "special_cause_neutral" else []
    span = say_count(signal.points, period)
    until = say_position(points.index[signal.end], period)
    step = _step(points)
    if step is not None:
        before = float(last["value"].iloc[: step - (len(points) - len(last))].mean())
        after = float(points["value"].iloc[step:].mean())
        said = (say_number(before), say_number(after))
        if (after > before) == signal.up and said[0] != said[1]:
            verb = "rose" if signal.up else "fell"
            since = say_position(points.index[step], period)
            return (
                f"{verb} from about {said[0]} to {with_unit(said[1], unit)} around {since}",
                extras,
            )
    side = "above" if signal.up else "below"
    if signal.rule == "shift":
        ran = f"ran {side} the average of {average} for"
        if signal.ongoing:
            return f"{ran} the last {span}", extras
        return f"{ran} {span} to {until}", [", now over", *extras]
    if signal.rule == "trend":
        verb = "rose" if signal.up else "fell"
        to = with_unit(say_number(float(points["value"].iloc[signal.end])), unit)
        rest = f"{verb} {say_count(signal.points - 1, period)} in a row to {to}"
        return rest, extras if signal.ongoing else [f" {_when(points, signal.end, period)}"]
    edge = "upper" if signal.up else "lower"
    limit = with_unit(say_number(upper if signal.up else lower), unit)
    if signal.rule == "two_of_three":
        near = f"came close to the {edge} limit of {limit} twice within three {plural(period)}"
        return near, [f", most recently {until}"]
    outside = last[last["special_cause"] == "outside"]
    if len(outside) == 1:
        where = f"went {side} the {edge} limit of {limit}"
        return f"{where} {_when(points, signal.end, period)}", extras
    ups = int((outside["value"] > outside["mean"]).sum())
    crossed = f"{side} the {edge} limit" if ups in (0, len(outside)) else "outside the limits"
    times = f"{len(outside)} of {say_count(len(last), period)}"
    return f"went {crossed} in {times}, most recently {until}", extras


def _quiet_finding(
    points: pd.DataFrame, last: pd.DataFrame, average: str, unit: str, period: str
) -> tuple[str, list[str]]:
    """The finding when the newest segment holds no special cause."""
    earlier = points[points["segment"] == points["segment"].iloc[-1] - 1]
    quiet = [", then stayed stable"]
    if last["upper"].isna().any():
        return f"averaged {average}, with too few different points for limits", []
    if earlier.empty:
        return (
            f"stayed within expected variation, averaging {average}",
            [f" over {say_count(len(last), period)}"],
        )
    since = say_position(last.index[0], period)
    old, new = float(earlier["mean"].iloc[-1]), float(last["mean"].iloc[-1])
    sigma = (float(earlier["upper"].iloc[-1]) - old) / 3
    if math.isfinite(sigma) and abs(new - old) > sigma and say_number(old) != say_number(new):
        verb = "rose" if new > old else "fell"
        return f"{verb} from {say_number(old)} to {average} after the reset at {since}", quiet
    return (
        f"stayed near {average} after the limits were reset at {since}",
        [", within expected variation"],
    )


def timestamped(points: pd.DataFrame) -> pd.DataFrame:
    """The same points with months and weeks given as periods turned into their first day."""
    if isinstance(points.index, pd.PeriodIndex):
        return points.set_axis(points.index.to_timestamp())
    return points


def span_words(points: pd.DataFrame, period: str) -> str:
    """The time a chart covers: ``weeks beginning 1 April 2019 to 21 March 2022``."""
    first, last = points.index[0], points.index[-1]
    if not isinstance(first, pd.Timestamp):
        return say_count(len(points), period)
    beginning = "" if period in ("month", "day") else " beginning"
    return (
        f"{plural(period)}{beginning} {say_position(first, period)} to {say_position(last, period)}"
    )


def variation_words(result: SpcResult) -> str:
    """The variation icon in words: "common cause", "concern, high", "improvement, low"."""
    if result.variation == "common_cause":
        return "common cause"
    up = _is_up(result.points, len(result.points) - 1)
    name = POINT_TYPES[result.variation][0].split(",")[0].lower()
    return f"{name}, {'high' if up else 'low'}"


def _assurance_words(result: SpcResult, unit: str) -> str:
    if result.assurance is None or result.target is None:
        return ""
    target = with_unit(say_number(result.target), unit)
    return {
        "consistent_pass": f"will pass the target of {target}",
        "consistent_fail": f"will fail the target of {target}",
        "inconsistent": f"hit and miss against the target of {target}",
    }[result.assurance]


def _reasons(result: SpcResult, reasons: Sequence[str]) -> list[str]:
    if len(reasons) > len(result.rebase_at):
        raise ChartError(
            f"rebase_reasons has {len(reasons)} reasons for {len(result.rebase_at)} rebase points. "
            "Give one reason for each, in order."
        )
    return [*reasons, *["no reason given"] * (len(result.rebase_at) - len(reasons))]


def _rule_words(points: pd.DataFrame, run_length: int, period: str) -> list[str]:
    """For each point, the rule it broke in plain words (for the tooltip)."""
    up = points["value"] > points["mean"]
    rising = points["direction"] == "up"
    words = {
        "outside": ("above the upper limit", "below the lower limit"),
        "trend": ("part of a rise", "part of a fall"),
        "two_of_three": (
            "one of two in three close to the upper limit",
            "one of two in three close to the lower limit",
        ),
        "shift": (
            f"one of {run_length} or more {plural(period)} in a row above the mean",
            f"one of {run_length} or more {plural(period)} in a row below the mean",
        ),
    }
    said = []
    for rule, high, rise in zip(points["special_cause"], up, rising, strict=True):
        if rule not in words:
            said.append("Ordinary variation")
        else:
            said.append(
                f"Special cause: {words[rule][0 if (rise if rule == 'trend' else high) else 1]}"
            )
    return said


def spc_alt_text(
    result: SpcResult,
    *,
    measure: str,
    unit: str = "a week",
    period_label: str = "week",
    rebase_reasons: Sequence[str] = (),
) -> str:
    """An XmR chart as a colleague would describe it on the telephone.

    Parameters
    ----------
    result, measure, unit, period_label
        As for `spc_title`.
    rebase_reasons
        Why the limits were reset, one for each rebase.

    Returns
    -------
    str
        Chart type, period, number of points, mean, limits, special causes and icons.
    """
    points = timestamped(result.points)
    last = points.iloc[-1]
    parts = [
        f"Statistical process control chart of {mid_sentence(axis_title(measure, unit))}, "
        f"{span_words(points, period_label)} ({say_count(len(points), 'point')})."
    ]
    newest = " in the newest part" if result.rebase_at else ""
    mean = with_unit(say_number(float(last["mean"])), unit)
    if pd.isna(last["upper"]):
        parts.append(f"The mean{newest} is {mean}; there are too few points for limits.")
    else:
        lower, upper = (say_number(float(last[name])) for name in ("lower", "upper"))
        parts.append(f"The mean{newest} is {mean}, with process limits from {lower} to {upper}.")
    for position, reason in zip(result.rebase_at, _reasons(result, rebase_reasons), strict=True):
        at = say_position(points.index[position], period_label)
        parts.append(f"The limits were reset at {at}: {reason.rstrip('.')}.")
    # Over the phone, what came before the last reset is only counted.
    old = points["segment"] != points["segment"].iloc[-1]
    earlier = int(_special(points[old]).sum())
    if earlier:
        parts.append(f"Before the last reset {say_count(earlier, 'point')} showed special cause.")
    since = "Since then: " if result.rebase_at else ""
    parts.append(f"{since}{_special_words(points[~old], period_label)}")
    target = _assurance_words(result, unit)
    parts.append(
        f"Variation icon: {variation_words(result)}."
        + (f" Assurance icon: {target}." if target else "")
    )
    return " ".join(parts)


def _special_words(points: pd.DataFrame, period: str) -> str:
    special = points[_special(points)]
    if special.empty:
        return "No point shows special cause."
    words = {
        "outside": ("above the upper limit", "below the lower limit"),
        "trend": ("in a run of rises", "in a run of falls"),
        "two_of_three": ("close to the upper limit", "close to the lower limit"),
        "shift": ("in a long run above the mean", "in a long run below the mean"),
    }
    said = []
    sides = [_is_up(special, i) for i in range(len(special))]
    groups = special.groupby(["special_cause", pd.Series(sides, special.index)], sort=False)
    for (rule, high), group in groups:
        first, last = group.index[0], group.index[-1]
        dates = f"{say_position(first, period)}"
        if len(group) > 1:
            dates = f"between {dates} and {say_position(last, period)}"
        said.append(f"{len(group)} {words[str(rule)][0 if high else 1]} ({dates})")
    verb = "shows" if len(special) == 1 else "show"
    return f"{say_count(len(special), 'point')} {verb} special cause: {join_words(said)}."


def _badge(at: float, up: float, colour: str, line: str, letter: str, words: str) -> list[Any]:
    """One icon: a ring, a small line, a letter, and the words that say the same."""
    one = alt.Chart(alt.InlineData(values=[{}]))
    x, y = alt.XValue(at + 17), alt.YValue(-up)
    drop = 6 if letter else 0
    layers = [
        one.mark_point(
            shape="circle",
            size=34**2,
            filled=True,
            fill="#FFFFFF",
            stroke=colour,
            strokeWidth=4,
            opacity=1,
        ).encode(x=x, y=y),
        one.mark_point(
            shape=_LINES[line], size=20**2, filled=False, stroke=INK, strokeWidth=1.5, opacity=1
        ).encode(x=x, y=alt.YValue(-up + drop)),
        one.mark_text(text=words, align="left", baseline="middle", fontSize=13, color=INK).encode(
            x=alt.XValue(at + 42), y=y
        ),
    ]
    if letter:
        layers.append(
            one.mark_text(
                text=letter, fontWeight="bold", fontSize=13, baseline="middle", color=INK
            ).encode(x=x, y=alt.YValue(-up - 7))
        )
    return layers


def _icons(result: SpcResult, unit: str, period: str, width: float) -> list[Any]:
    colour = POINT_TYPES[result.variation][1]
    if result.variation == "common_cause":
        line, letter = "wave", ""
        words = f"Latest {period}: common cause"
    else:
        high = _is_up(result.points, len(result.points) - 1)
        line, letter = ("up", "H") if high else ("down", "L")
        words = f"Latest {period}: {variation_words(result)}"
    layers = _badge(0, 28, colour, line, letter, words)
    target = _assurance_words(result, unit)
    if target:
        letter, kind = {
            "consistent_pass": ("P", "special_cause_improvement"),
            "consistent_fail": ("F", "special_cause_concern"),
            "inconsistent": ("?", "common_cause"),
        }[str(result.assurance)]
        words = sentence_case(target)
        # Side by side when there is room, otherwise one above the other.
        at, up = (width * 0.42, 28) if width >= 500 else (0, 70)
        layers += _badge(at, up, POINT_TYPES[kind][1], "level", letter, words)
    return layers


@dataclass(frozen=True)
class Drawing:
    """How one XmR panel is drawn: its words, its size and what it leaves out."""

    measure: str
    unit: str
    period: str
    width: float = 545
    height: float = 290
    labels: bool = True
    points_size: float = 1.0
    y_range: tuple[float, float] | None = None
    kinds: tuple[str, ...] | None = None
    x_title: bool = True
    y_title: bool = True


def _rows(result: SpcResult, period: str) -> pd.DataFrame:
    """The table behind the panel: one row per point, words included."""
    points = timestamped(result.points)
    dated = isinstance(points.index, pd.DatetimeIndex)
    rows = pd.DataFrame(
        {
            "date" if dated else "position": points.index,
            "when": [say_position(label, period) for label in points.index],
            "value": points["value"].mask(concealed(points["value"])).to_numpy(),
            **{name: points[name].to_numpy() for name in ("mean", "lower", "upper")},
            "segment": points["segment"].to_numpy(),
            "kind": [POINT_TYPES[kind][0] for kind in points["point_type"]],
            "reading": _rule_words(points, result.run_length, period),
        }
    )
    return rows.tail(MOST_ROWS)


def _kinds(rows: pd.DataFrame) -> tuple[str, ...]:
    present = set(rows["kind"])
    return tuple(words for words, _, _ in POINT_TYPES.values() if words in present)


def _visible_range(result: SpcResult, rows: pd.DataFrame) -> list[float]:
    floor = 0.0 if (result.points["value"] >= 0).all() else -math.inf
    shown = [
        *rows["value"].dropna(),
        *rows["mean"],
        *rows["upper"],
        *rows["lower"].clip(lower=floor),
    ]
    if result.target is not None:
        shown.append(result.target)
    # The reason for a rebase is written above the data, so it needs room there.
    low, high = axis_range(shown)
    return [low, high + (high - low) * 0.22] if result.rebase_at else [low, high]


def _line_labels(
    result: SpcResult, rows: pd.DataFrame, domain: Sequence[float], height: float
) -> pd.DataFrame:
    last = rows.iloc[-1]
    named = [("Mean", last["mean"]), ("Upper limit", last["upper"]), ("Lower limit", last["lower"])]
    if result.target is not None:
        named.append(("Target", result.target))
    low, high = domain
    kept = [(name, float(value)) for name, value in named if pd.notna(value)]
    pixels = [(high - max(value, low)) / (high - low) * height for _, value in kept]
    placed = spread(pixels, 15, 0, height - 4)
    words = [
        f"{name} {say_number(value)}" if value >= low else f"{name} below {say_number(low)}"
        for name, value in kept
    ]
    return pd.DataFrame(
        {"label": words, "place": [high - pixel / height * (high - low) for pixel in placed]}
    )


def draw(
    result: SpcResult, name: str, how: Drawing, reasons: Sequence[str]
) -> tuple[Any, dict[str, pd.DataFrame]]:
    """The marks of one panel, and its datasets (the first is the points)."""
    rows = _rows(result, how.period)
    domain = list(how.y_range or _visible_range(result, rows))
    kinds = how.kinds or _kinds(rows)
    along = "date" if "date" in rows else "position"
    title = wrap(axis_title(how.measure, how.unit), int(how.height / 6.5)) if how.y_title else None
    beginning = f"{sentence_case(how.period)} beginning" if along == "date" else None
    x_title = beginning if how.period not in ("month", "day") else sentence_case(how.period)
    if along == "position":
        x_title = f"{sentence_case(how.period)} (position in the series)"
    wide = how.width > 300

    def x() -> alt.X:
        if along == "position":
            return alt.X("position:Q", title=x_title if how.x_title else None).scale(
                nice=False, zero=False
            )
        axis = alt.Axis(
            format="%b %Y",
            tickCount="month" if wide and len(rows) < 20 else (8 if wide else 2),
            labelOverlap="greedy",
            labelFlush=False,
        )
        return alt.X("date:T", title=x_title if how.x_title else None, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=title, axis=alt.Axis(tickCount=ticks)).scale(
            domain=domain, nice=False, zero=False
        )

    ticks = 7 if how.height > 200 else 4
    base = alt.Chart(alt.NamedData(name=name))
    limit: dict[str, Any] = {"strokeDash": [5, 4], "strokeWidth": 1.5, "color": SLATE, "clip": True}
    styles = {words: (colour, shape) for words, colour, shape in POINT_TYPES.values()}
    legend = alt.Legend(title=None, symbolStrokeWidth=1) if wide or how.kinds else None
    domain_kinds = list(kinds)
    common = POINT_TYPES["common_cause"][0]
    layers = [
        base.mark_line(**limit).encode(x=x(), y=y("lower"), detail="segment:N"),
        base.mark_line(**limit).encode(x=x(), y=y("upper"), detail="segment:N"),
        base.mark_line(color=INK, strokeWidth=1.5).encode(x=x(), y=y("mean"), detail="segment:N"),
        base.mark_line(color=PALETTE["mid grey"], strokeWidth=1).encode(x=x(), y=y("value")),
        base.mark_point(filled=True, opacity=1, stroke=INK, strokeWidth=0.8).encode(
            x=x(),
            y=y("value"),
            color=alt.Color("kind:N", legend=legend).scale(
                domain=domain_kinds, range=[styles[kind][0] for kind in kinds]
            ),
            shape=alt.Shape("kind:N", legend=legend).scale(
                domain=domain_kinds, range=[styles[kind][1] for kind in kinds]
            ),
            size=alt.condition(
                f"datum.kind === '{common}'",
                alt.value(24 * how.points_size),
                alt.value(75 * how.points_size),
            ),
            tooltip=[
                alt.Tooltip("when:N", title=sentence_case(how.period)),
                alt.Tooltip("value:Q", title=axis_title(how.measure, how.unit)),
                alt.Tooltip("reading:N", title="Reading"),
            ],
        ),
    ]
    data = {name: rows}
    if result.target is not None:
        data[f"{name}_target"] = pd.DataFrame({"target": [result.target]})
        layers.insert(
            0,
            alt.Chart(alt.NamedData(name=f"{name}_target"))
            .mark_rule(color=PALETTE["dark red"], strokeDash=[10, 3], strokeWidth=1.5)
            .encode(y=y("target")),
        )
    if how.labels:
        data[f"{name}_labels"] = _line_labels(result, rows, domain, how.height)
        layers.append(
            alt.Chart(alt.NamedData(name=f"{name}_labels"))
            .mark_text(align="left", baseline="middle", color=INK)
            .encode(x=alt.XValue(how.width + 6), y=y("place"), text="label:N")
        )
    visible = [p for p in result.rebase_at if p >= len(result.points) - len(rows)]
    if visible:
        marks = _rebase_marks(result, rows, along, how, reasons)
        data[f"{name}_rebase"] = marks
        at = alt.Chart(alt.NamedData(name=f"{name}_rebase"))
        sides: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 5), ("right", -5))
        layers.append(at.mark_rule(color=SLATE, strokeDash=[2, 2], strokeWidth=1.5).encode(x=x()))
        if how.labels:
            layers += [
                at.mark_text(
                    align=side, baseline="top", lineBreak="\n", dx=gap, color=SLATE, lineHeight=15
                )
                .encode(x=x(), y=alt.YValue(0), text="reason:N")
                .transform_filter(f"datum.side === '{side}'")
                for side, gap in sides
            ]
    return alt.layer(*layers).properties(width=how.width, height=how.height), data


def _rebase_marks(
    result: SpcResult, rows: pd.DataFrame, along: str, how: Drawing, reasons: Sequence[str]
) -> pd.DataFrame:
    hidden = len(result.points) - len(rows)
    marks = []
    lines_above = 0
    for position, reason in zip(result.rebase_at, _reasons(result, reasons), strict=True):
        if position < hidden:
            continue
        when = rows["when"].iloc[position - hidden]
        share = (position - hidden) / len(rows)
        text = _lines(f"Limits reset {when}: {reason}", max(share, 1 - share) * how.width)
        marks.append(
            {
                along: rows[along].iloc[position - hidden],
                # Each reason starts below the one before, so that two never overprint.
                "reason": "\n" * lines_above + text,
                "side": "left" if share < 0.5 else "right",
            }
        )
        lines_above += text.count("\n") + 1
    return pd.DataFrame(marks)


def _lines(text: str, pixels: float) -> str:
    return "\n".join(wrap(text, max(18, int(pixels / 7))))


def spc_chart(
    result: SpcResult,
    *,
    measure: str,
    table: str,
    unit: str = "a week",
    period_label: str = "week",
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
    rebase_reasons: Sequence[str] = (),
) -> alt.LayerChart:
    """An XmR chart with plot-the-dots points, limits, icons and the finding as its title.

    Parameters
    ----------
    result
        From `clear_helpers.methods.spc.xmr`; its index is dates, or positions.
    measure
        What is measured, as it would begin a sentence: "Home-visit requests".
    table
        The table the values were counted from, for the caption and its caveats.
    unit
        What one value is: "a week", "minutes", "%".
    period_label
        One step along the chart: "week", "month", "day".
    title
        Instead of the computed finding (`spc_title`).
    source
        Label of the data, such as "Larkmoor PCN, synthetic", for the caption.
    column
        The column used, so that caveats about other columns are left out.
    rebase_reasons
        Why the limits were reset, one for each rebase; shown on the chart.

    Returns
    -------
    altair.LayerChart
        Width about 680 pixels; ``.to_dict()["description"]`` is the alt text.

    Raises
    ------
    ChartError
        If there are more reasons than rebase points.
    """
    how = Drawing(measure, unit, period_label)
    view, data = draw(result, "points", how, rebase_reasons)
    view = alt.layer(*view.layer, *_icons(result, unit, period_label, how.width)).properties(
        width=how.width, height=how.height
    )
    points = timestamped(result.points)
    chart = finish(
        view,
        data,
        title=title or spc_title(result, measure=measure, unit=unit, period_label=period_label),
        caption=caption(
            table,
            period=span_words(points, period_label),
            source=source,
            column=column,
            counts=result.points["value"],
            notes=_notes(result, period_label),
        ),
        description=spc_alt_text(
            result,
            measure=measure,
            unit=unit,
            period_label=period_label,
            rebase_reasons=rebase_reasons,
        ),
        kind="spc",
    )
    return chart


def _notes(result: SpcResult, period: str) -> list[str]:
    how = "leave out extreme moving ranges" if result.screened else "use every moving range"
    notes = [f"Limits {how}"]
    if result.fix_after:
        notes = [f"Limits come from the first {say_count(result.fix_after, period)} and {how}"]
    hidden = len(result.points) - MOST_ROWS
    if hidden > 0:
        notes.append(
            f"Drawn are the latest {MOST_ROWS:,} of {say_count(len(result.points), period)}; "
            "limits use them all"
        )
    return [*notes, *result.warnings]


def spc_small_multiples(
    results: Mapping[str, SpcResult],
    *,
    measure: str,
    table: str,
    unit: str = "a week",
    period_label: str = "week",
    group: str = "practice",
    shared_y: bool | None = None,
    title: str | None = None,
    source: str | None = None,
    column: str | None = None,
    rebase_reasons: Sequence[str] = (),
) -> alt.ConcatChart:
    """An XmR chart for each practice, in a grid with one time axis.

    Parameters
    ----------
    results
        A result for each practice (or other group), by name; the same dates in each.
    group
        What the names are: "practice", "team".
    shared_y
        Whether all panels have one vertical scale. By default they do unless the largest
        mean is over three times the smallest, when small practices would be drawn flat; the
        caption says which.
    measure, table, unit, period_label, title, source, column, rebase_reasons
        As for `spc_chart`.

    Returns
    -------
    altair.ConcatChart
        Three panels a row, each titled by its name and its variation icon in words.

    Raises
    ------
    ChartError
        If there are no results, or more than 12.
    """
    if not 1 <= len(results) <= 12:
        raise ChartError(
            f"Small multiples need 1 to 12 results; found {len(results)}. Choose fewer."
        )
    tables = {name: _rows(result, period_label) for name, result in results.items()}
    kinds = _kinds(pd.concat(tables.values()))
    means = [float(rows["mean"].iloc[-1]) for rows in tables.values()]
    if shared_y is None:
        shared_y = min(means) > 0 and max(means) <= 3 * min(means)
    ranges = [_visible_range(result, tables[name]) for name, result in results.items()]
    together = (min(low for low, _ in ranges), max(high for _, high in ranges))
    panels, data = [], {}
    for order, (name, result) in enumerate(results.items()):
        how = Drawing(
            measure,
            unit,
            period_label,
            width=178,
            height=120,
            labels=False,
            points_size=0.5,
            y_range=together if shared_y else None,
            kinds=kinds,
            x_title=order >= len(results) - 3,
            y_title=order % 3 == 0,
        )
        view, datasets = draw(result, f"panel_{order + 1}", how, rebase_reasons)
        heading = alt.TitleParams(
            text=f"{name}: {variation_words(result)}", fontSize=13, offset=6, frame="group"
        )
        panels.append(view.properties(title=heading))
        data.update(datasets)
    # One table behind the picture: every panel's rows, with the name of the panel.
    everything = pd.concat(
        [rows.assign(**{group: name}) for name, rows in tables.items()], ignore_index=True
    )
    scale = (
        "All panels share one vertical scale"
        if shared_y
        else "Each panel has its own vertical scale: compare shapes, not heights"
    )
    first = next(iter(results.values()))
    return finish(
        alt.concat(*panels, columns=3, spacing={"row": 14, "column": 20}),
        data,
        title=title or _small_multiples_title(results, measure, group, period_label),
        caption=caption(
            table,
            period=span_words(timestamped(first.points), period_label),
            source=source,
            column=column,
            counts=pd.concat([result.points["value"] for result in results.values()]),
            notes=[scale, _notes(first, period_label)[0]],
        ),
        description=_small_multiples_alt_text(results, measure, unit, period_label, group),
        kind="spc small multiples",
        everything=everything,
    )


def _small_multiples_title(
    results: Mapping[str, SpcResult], measure: str, group: str, period: str
) -> str:
    special = {n: variation_words(r) for n, r in results.items() if r.variation != "common_cause"}
    total = f"{small_number(len(results))} {group if len(results) == 1 else plural(group)}"
    # The icon speaks of the last point only; without "latest", older points would belie it.
    extras = [f" in the latest {period}", f" for {mid_sentence(measure)}"]
    if not special:
        return fit_title(f"None of the {total}", "shows special cause", extras)
    names = join_words(special)
    said = set(special.values())
    # "special cause, high" and "concern, high": the title has said "special cause" already.
    shared = said.pop().removeprefix("special cause, ") if len(said) == 1 else ""
    words = f" ({shared})" if shared else ""
    if len(special) == 1:
        only = "Only " if len(results) > 1 else ""
        return fit_title(f"{only}{names}", f"shows special cause{words}", extras)
    if len(special) == len(results):
        return fit_title(f"All {total}", f"show special cause{words}", extras)
    short = f"{sentence_case(small_number(len(special)))} of {total}"
    return fit_title(names, f"show special cause{words}", extras, short=short)


def _small_multiples_alt_text(
    results: Mapping[str, SpcResult], measure: str, unit: str, period: str, group: str
) -> str:
    first = timestamped(next(iter(results.values())).points)
    said = [
        f"{name} averages {with_unit(say_number(float(r.points['mean'].iloc[-1])), unit)}, "
        f"{variation_words(r)}"
        for name, r in results.items()
    ]
    return (
        f"Grid of {len(results)} statistical process control charts of {mid_sentence(measure)}, one for each "
        f"{group}, {span_words(first, period)}. {'; '.join(said)}."
    )
