"""A set of controls with a chart below: live in JupyterLab, a still picture anywhere else."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from clear_helpers import charts


class Explorer:
    """Controls that redraw a chart, for every week.

    Displayed in a notebook it offers three things in one output: the live widget for
    JupyterLab, the chart for whatever can draw Vega-Lite but not widgets, and the chart's
    alt text for screen readers and plain exports. The first drawing is made at once, so the
    output is complete without anybody touching a control.

    Parameters
    ----------
    redraw
        A plain function of the controls' values, by name. It returns a chart, or a sentence
        that says what it needs first; then the chart before it stays, with the sentence above.
    controls
        The widgets, by the name of the argument each one sets, in the order of the page
        (which is the order of the Tab key).

    Raises
    ------
    ValueError
        If the first drawing is a sentence: an explorer must open on a chart.

    Attributes
    ----------
    controls
        The widgets, by name.
    widget
        The box that holds them, the message and the chart.
    shown
        What ``redraw`` last returned: a chart or a sentence.
    chart
        The chart last drawn.
    """

    def __init__(
        self, redraw: Callable[..., Any], controls: Mapping[str, widgets.ValueWidget]
    ) -> None:
        self._redraw = redraw
        self.controls = dict(controls)
        self._message = widgets.HTML()
        self._picture = widgets.Output()
        for control in self.controls.values():
            # Labels are sentences here; the standard width would cut them off.
            control.style.description_width = "initial"
            control.layout.width = "min(100%, 560px)"
            control.observe(self._changed, names="value")
        self.widget = widgets.VBox([*self.controls.values(), self._message, self._picture])
        self.chart: Any = None
        self.shown: Any = None
        self._changed()
        if self.chart is None:
            raise ValueError(f"An explorer must open on a chart, but found: {self.shown}")

    def _changed(self, _: Any = None) -> None:
        self.shown = self._redraw(**{name: box.value for name, box in self.controls.items()})
        if isinstance(self.shown, str):
            self._say(self.shown)
            return
        self.chart = self.shown
        spec = self.chart.to_dict()
        self._say("")
        # Set whole rather than printed into: the same with a kernel and without one.
        self._picture.outputs = (
            {"output_type": "display_data", "data": charts.mimebundle(spec), "metadata": {}},
        )

    def _say(self, sentence: str) -> None:
        # A live region, so that a screen reader speaks the sentence when it appears.
        self._message.value = f'<p role="status" aria-live="polite">{html.escape(sentence)}</p>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        widget = self.widget._repr_mimebundle_()
        return {**widget, **charts.mimebundle(self.chart.to_dict())}
