"""Widgets around methods and charts; no logic of their own.

Every explorer is an `Explorer`: controls, a plain function that redraws, and a still chart
with alt text for wherever widgets do not live.
"""

from clear_helpers.explore.explorer import Explorer
from clear_helpers.explore.signals import redraw, signals_explorer

__all__ = ["Explorer", "redraw", "signals_explorer"]
