"""One look for every chart: colours, type and spacing; and how Jupyter is handed a chart.

Colours are the NHS identity palette as published, never the logo (this is not an NHS
product), and for statistical process control those of NHS England's Making Data Count
(as in the R package NHSRplotthedots).

Contrast on white: text is drawn only in ``INK`` and ``SLATE`` (at least 4.5:1). Marks that
stand alone reach 3:1. Plot-the-dots' improvement blue and concern amber do not (3.0:1 and
1.8:1), so those points also have their own shape, a larger size and a dark outline that
does: the meaning never rests on colour.
"""

from __future__ import annotations

from typing import Any

import altair as alt

PALETTE: dict[str, str] = {
    "dark blue": "#003087",
    "blue": "#005EB8",
    "bright blue": "#0072CE",
    "light blue": "#41B6E6",
    "aqua blue": "#00A9CE",
    "black": "#231F20",
    "dark grey": "#425563",
    "mid grey": "#768692",
    "pale grey": "#E8EDEE",
    "dark green": "#006747",
    "green": "#009639",
    "light green": "#78BE20",
    "aqua green": "#00A499",
    "purple": "#330072",
    "plum": "#7C2855",
    "pink": "#AE2573",
    "dark red": "#8A1538",
    "orange": "#ED8B00",
    "warm yellow": "#FFB81C",
    "yellow": "#FAE100",
}
"""The NHS identity colours, as published."""

INK = PALETTE["black"]
SLATE = PALETTE["dark grey"]
GRID = PALETTE["pale grey"]

CATEGORICAL: tuple[str, ...] = ("#005EB8", "#8A1538", "#009639", "#330072", "#768692")
"""Series colours. Of every five-colour subset that reaches 3:1 on white and has a hue for
each series, one of the furthest apart at the closest pair (CIE 1976 distance 20.6) under normal
vision and simulated protanopia, deuteranopia and tritanopia; the tests work it out again."""

ORDERED: tuple[str, ...] = (
    "#E8EDEE",
    "#41B6E6",
    "#00A9CE",
    "#0072CE",
    "#005EB8",
    "#003087",
    "#231F20",
)
"""Ordered categories, light to dark; drawn with dark separators and direct labels."""

POINT_TYPES: dict[str, tuple[str, str, str]] = {
    "common_cause": ("Common cause", "#7B7D7D", "circle"),
    "special_cause_improvement": ("Improvement", "#289DE0", "diamond"),
    "special_cause_concern": ("Concern", "#FAB428", "square"),
    "special_cause_neutral": ("Special cause, neither good nor bad", "#361475", "triangle-up"),
}
"""Plot-the-dots point types: words, colour, shape."""

ALLOWED_COLOURS: frozenset[str] = frozenset(
    colour.upper()
    for colour in [*PALETTE.values(), *(c for _, c, _ in POINT_TYPES.values()), "#FFFFFF"]
)

FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
WIDTH = 680
"""Whole width of a chart in pixels: a JupyterLab notebook on a laptop."""

TITLE_LETTERS = 66
CAPTION_LETTERS = 104
"""Letters a line at the theme's sizes; Vega does not wrap titles, so we do."""

_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def _clear_theme() -> alt.theme.ThemeConfig:
    axis: Any = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": 12,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "labelColor": SLATE,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": PALETTE["mid grey"],
        "tickColor": PALETTE["mid grey"],
        "titlePadding": 8,
    }
    return {
        "config": {
            "background": "#FFFFFF",
            "font": FONT,
            "padding": 8,
            "view": {"continuousWidth": 600, "continuousHeight": 300, "stroke": None},
            "axis": axis,
            "axisX": {"grid": False},
            "title": {
                "anchor": "start",
                "frame": "bounds",
                "align": "left",
                "font": FONT,
                "fontSize": 18,
                "fontWeight": "bold",
                "color": INK,
                "lineHeight": 23,
                "offset": 14,
                "subtitleFont": FONT,
                "subtitleFontSize": 12,
                "subtitleColor": SLATE,
                "subtitleLineHeight": 16,
                "subtitlePadding": 6,
            },
            "legend": {
                "orient": "bottom",
                "labelFont": FONT,
                "titleFont": FONT,
                "labelFontSize": 12,
                "titleFontSize": 12,
                "labelColor": INK,
                "titleColor": INK,
                "symbolSize": 90,
                "labelLimit": 0,
            },
            "header": {"labelFont": FONT, "labelFontSize": 13, "labelColor": INK},
            "text": {"font": FONT, "fontSize": 12, "color": INK},
            "line": {"strokeWidth": 2, "color": CATEGORICAL[0]},
            "bar": {"color": CATEGORICAL[0]},
            "area": {"color": CATEGORICAL[0]},
            "point": {"color": CATEGORICAL[0], "filled": True},
            "rule": {"color": SLATE},
            "range": {
                "category": list(CATEGORICAL),
                "ordinal": list(ORDERED),
                "ramp": list(ORDERED),
                "heatmap": list(ORDERED),
            },
        }
    }


def mimebundle(spec: dict[str, Any]) -> dict[str, Any]:
    """What Jupyter is handed for a chart: the drawing, and words for whoever cannot see it.

    JupyterLab 4 draws Vega-Lite up to version 5 by itself. Everything drawn here means the
    same in versions 5 and 6, so the specification is handed over as version 5: no network.

    Parameters
    ----------
    spec
        A Vega-Lite specification.

    Returns
    -------
    dict
        The specification under its MIME type, and the alt text as plain text.
    """
    words = spec.get("description") or "A chart without a description."
    return {
        "application/vnd.vegalite.v5+json": {**spec, "$schema": _SCHEMA},
        "text/plain": words,
    }


def enable() -> None:
    """Make this theme and this way of display the ones Altair uses, here and now."""
    alt.theme.register("clear", enable=True)(_clear_theme)
    alt.renderers.register("clear", lambda spec, **_: mimebundle(spec))
    alt.renderers.enable("clear")
