"""What every chart shares: its data by name, its title, caption and alt text, its table and file."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import altair as alt
import pandas as pd

from clear_helpers.charts.theme import CAPTION_LETTERS, TITLE_LETTERS
from clear_helpers.files import whole_file
from clear_helpers.notices import Notice

Records: TypeAlias = list[dict[str, Any]]

MOST_ROWS = 1_000
"""The most rows one dataset of a chart may hold: enough to read, small enough to keep."""


class ChartError(Notice, ValueError):
    """A chart was asked for that cannot be drawn; the message says why and what to do."""


def records(frame: pd.DataFrame) -> Records:
    """Rows for a specification: dates as local ISO text, numbers to six figures, gaps as null.

    Parameters
    ----------
    frame
        One row per mark.

    Returns
    -------
    list of dict
        Plain values that JSON can hold.
    """
    plain = {str(name): [_plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        # Without a zone, Vega reads the time as local: the same day wherever it is opened.
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (bool, str)):
        return value
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else float(f"{number:.6g}")


def wrap(text: str, letters: int) -> list[str]:
    """Lines of at most ``letters`` letters; a longer word is broken rather than cut off."""
    return textwrap.wrap(text, letters, break_on_hyphens=False) or [""]


def finish(
    view: Any,
    data: Mapping[str, pd.DataFrame],
    *,
    title: str,
    caption: str,
    description: str,
    kind: str,
    everything: pd.DataFrame | None = None,
) -> Any:
    """A view made whole: named datasets, wrapped title and caption, alt text.

    Parameters
    ----------
    view
        Marks and encodings that refer to datasets by name (`altair.NamedData`).
    data
        The datasets. The first is the table behind the chart.
    title, caption, description
        The finding, where it comes from, and the alt text.
    kind
        Which chart this is ("spc"); kept in the specification for checks.
    everything
        The table behind the chart, when no single dataset is.

    Returns
    -------
    altair chart
        The same view, complete.
    """
    datasets = {name: records(frame) for name, frame in data.items()}
    table = next(iter(data))
    if everything is not None:
        table = "everything"
        datasets[table] = records(everything)
    heading = alt.TitleParams(
        text=wrap(title, TITLE_LETTERS),
        subtitle=wrap(caption, CAPTION_LETTERS),
    )
    chart: Any = view.properties(
        title=heading,
        description=" ".join(description.split()),
        usermeta={"clear": {"chart": kind, "table": table}},
    )
    # Set after the last copy: Altair copies a chart, data and all, at every step.
    chart.datasets = datasets
    return chart


def title_of(spec: Mapping[str, Any]) -> str:
    """The title of a specification on one line; empty when it has none."""
    return _joined(spec.get("title"), "text")


def caption_of(spec: Mapping[str, Any]) -> str:
    """The caption (subtitle) of a specification on one line; empty when it has none."""
    return _joined(spec.get("title"), "subtitle")


def _joined(title: Any, part: str) -> str:
    if isinstance(title, Mapping):
        title = title.get(part)
    elif part == "subtitle":
        title = None
    lines = title if isinstance(title, Sequence) and not isinstance(title, str) else [title]
    return " ".join(str(line) for line in lines if line)


def chart_table(chart: Any) -> pd.DataFrame:
    """The table behind a chart: what a reader who prefers numbers would ask for.

    Parameters
    ----------
    chart
        An Altair chart, or a Vega-Lite specification as a mapping.

    Returns
    -------
    pandas.DataFrame
        One row per mark of the chart's main dataset; dates as dates.

    Raises
    ------
    ChartError
        If the chart holds no data of its own.
    """
    spec = chart if isinstance(chart, Mapping) else chart.to_dict()
    datasets = dict(spec.get("datasets", {}))
    inline = spec.get("data", {}).get("values")
    if inline is not None:
        datasets["inline"] = inline
    if not datasets:
        raise ChartError("This chart holds no data of its own, so there is no table to show.")
    named = spec.get("usermeta", {}).get("clear", {}).get("table")
    rows = datasets.get(named) if named else max(datasets.values(), key=len)
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if name == "date" and not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = pd.to_datetime(frame[name])
    return frame


def save(chart: Any, path: Path | str) -> Path:
    """Write a chart as a picture, without a browser or the network.

    Parameters
    ----------
    chart
        An Altair chart, or a Vega-Lite specification as a mapping.
    path
        Where to; ``.svg`` or ``.png`` (twice the pixels, for slides).

    Returns
    -------
    Path
        The file written: whole or not at all.

    Raises
    ------
    ChartError
        If the name ends in anything else.
    """
    import vl_convert

    target = Path(path)
    spec = json.dumps(chart if isinstance(chart, Mapping) else chart.to_dict())
    if target.suffix == ".svg":
        content = vl_convert.vegalite_to_svg(spec, vl_version="5.21").encode()
    elif target.suffix == ".png":
        content = vl_convert.vegalite_to_png(spec, vl_version="5.21", scale=2)
    else:
        raise ChartError(f"{target.name}: a chart is saved as .svg or .png. Change the ending.")
    with whole_file(target) as temporary:
        temporary.write_bytes(content)
    return target


def spread(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Positions for labels, each as near as possible to where it is wanted, none overlapping.

    Parameters
    ----------
    wanted
        Where each label would go, in pixels.
    gap
        Least distance between two labels, in pixels.
    lowest, highest
        The space there is.

    Returns
    -------
    list of float
        In the order of ``wanted``.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    floor = lowest
    for i in order:
        placed[i] = max(wanted[i], floor)
        floor = placed[i] + gap
    ceiling = highest
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return placed


def axis_range(values: Sequence[float], *, zero: bool = False, room: float = 0.06) -> list[float]:
    """Ends for an axis: all the values with a little room, on round numbers.

    Parameters
    ----------
    values
        Everything that must be visible.
    zero
        Whether the axis must start from nought.
    room
        Space beyond the outermost value, as a fraction of the range.

    Returns
    -------
    list of two floats
        Lowest and highest value of the axis.
    """
    known = [float(value) for value in values if value is not None and math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    start = (
        low if (low >= 0 and low - room * span < 0) or (zero and low == 0) else low - room * span
    )
    start = 0.0 if 0 <= low < 0.35 * span else start
    step = 10.0 ** math.floor(math.log10(span / 4))
    step *= next(m for m in (1, 2, 2.5, 5, 10) if span / (step * m) <= 6)
    step /= 2
    return [math.floor(start / step + 1e-9) * step, math.ceil((high + room * span) / step) * step]


def words(chart: Any) -> dict[str, str]:
    """What a chart says, in words.

    Parameters
    ----------
    chart
        An Altair chart, or a Vega-Lite specification as a mapping.

    Returns
    -------
    dict
        ``title`` (the finding), ``alt_text`` and ``caption``.
    """
    spec = chart if isinstance(chart, Mapping) else chart.to_dict()
    return {
        "title": title_of(spec),
        "alt_text": str(spec.get("description", "")),
        "caption": caption_of(spec),
    }


class Words(str):
    """A few sentences; a notebook shows them as a paragraph."""

    def _repr_markdown_(self) -> str:
        return f"> {self}"

    def __repr__(self) -> str:
        return textwrap.fill(self, 90)


def in_words(chart: Any) -> Words:
    """A chart's alt text: what you would say about it over the phone."""
    return Words(words(chart)["alt_text"])
