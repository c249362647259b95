"""Numbers in, a chart out: title, alt text and caption always there.

Importing this room makes its theme and its way of display Altair's own, so that an
Altair chart made by hand looks and behaves like the rest.
"""

from clear_helpers.charts.caption import caption, configure
from clear_helpers.charts.figure import (
    ChartError,
    caption_of,
    chart_table,
    finish,
    in_words,
    save,
    title_of,
    words,
)
from clear_helpers.charts.funnel import funnel_chart
from clear_helpers.charts.lint import FINITE_VERBS, has_finite_verb, lint
from clear_helpers.charts.spc import spc_alt_text, spc_chart, spc_small_multiples, spc_title
from clear_helpers.charts.theme import CATEGORICAL, ORDERED, PALETTE, enable, mimebundle
from clear_helpers.charts.trend import comparison_chart, share_chart, trend_chart
from clear_helpers.charts.two_point import two_point_beside_spc, two_point_chart
from clear_helpers.charts.wording import say_date, say_number

__all__ = [
    "CATEGORICAL",
    "FINITE_VERBS",
    "ORDERED",
    "PALETTE",
    "ChartError",
    "caption",
    "caption_of",
    "chart_table",
    "comparison_chart",
    "configure",
    "enable",
    "finish",
    "funnel_chart",
    "has_finite_verb",
    "in_words",
    "lint",
    "mimebundle",
    "save",
    "say_date",
    "say_number",
    "share_chart",
    "spc_alt_text",
    "spc_chart",
    "spc_small_multiples",
    "spc_title",
    "title_of",
    "trend_chart",
    "two_point_beside_spc",
    "two_point_chart",
    "words",
]

enable()
