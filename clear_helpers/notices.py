"""Errors written for people: shown as one message, never as a traceback."""

from __future__ import annotations


class Notice(Exception):  # noqa: N818 - a message, not a fault of the program
    """An error whose message is all that a person needs: what, where, what to do next.

    A notebook shows the message alone, because IPython asks an exception for
    ``_render_traceback_`` before it draws its own traceback; the ``workbook`` command
    prints it and ends with exit code 1. Every error of ours that an Associate or faculty
    can meet is one.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
