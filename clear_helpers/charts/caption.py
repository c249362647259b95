"""The caption of a chart: where the numbers come from, what was hidden, what to beware of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from clear_helpers.charts.wording import say_count, sentence_case


@dataclass
class _Settings:
    policy: Mapping[str, Any] | None = None
    caveats: list[Mapping[str, Any]] = field(default_factory=list)
    source: Callable[[str], str] | None = None


_settings = _Settings()


def configure(
    policy: Mapping[str, Any] | None = None,
    caveats: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None,
    *,
    source: Callable[[str], str] | None = None,
) -> None:
    """Tell every later chart the disclosure policy, the caveats and where tables come from.

    Parameters
    ----------
    policy
        Week 3's artefact: ``statement`` is quoted in every caption; ``threshold`` is the
        smallest count that may be shown.
    caveats
        Week 7's artefact, or its list of mappings ``table``, ``column`` (or None), ``text``.
    source
        Gives a table's label, such as "Larkmoor example (synthetic)": ``pcn.source``.

    Notes
    -----
    Called with nothing, it forgets what it was told.
    """
    listed = caveats.get("caveats", []) if isinstance(caveats, Mapping) else caveats
    _settings.policy = policy
    _settings.caveats = list(listed or [])
    _settings.source = source


def caption(
    table: str,
    *,
    period: str = "",
    source: str | None = None,
    column: str | None = None,
    counts: pd.Series | None = None,
    notes: Sequence[str] = (),
) -> str:
    """The caption of a chart, one paragraph.

    Parameters
    ----------
    table
        The table the numbers come from.
    period
        The time they cover, in words.
    source
        Label of the data, such as "Larkmoor example (synthetic)". Without it the one that
        ``configure`` was told how to find; nothing is guessed.
    column
        The column used. Caveats about other columns of the table are then left out; without
        it every caveat of the table is quoted, because one too many is the smaller fault.
    counts
        The numbers drawn, if they are counts of people or events: the caption says how many
        are hidden because they are too small.
    notes
        Anything else a reader must know, one sentence each.

    Returns
    -------
    str
        "Source: … . <disclosure statement>. Caveat: … ."
    """
    if source is None and _settings.source:
        source = _settings.source(table)
    where = f"Source: {table} ({source or 'origin not stated'})"
    sentences = [f"{where}, {period}" if period else where, *notes, _disclosure(counts)]
    caveats = [
        str(caveat["text"])
        for caveat in _settings.caveats
        if caveat.get("table") == table
        and (column is None or caveat.get("column") in (None, column))
    ]
    if caveats:
        said = "; ".join(text.strip().rstrip(".") for text in caveats)
        sentences.append(f"{'Caveat' if len(caveats) == 1 else 'Caveats'}: {said}")
    return " ".join(f"{sentence_case(sentence.strip().rstrip('.'))}." for sentence in sentences)


def concealed(values: pd.Series) -> pd.Series:
    """Which values are counts so small that the disclosure policy hides them.

    Means, rates and shares are no counts of people; a series of whole numbers is taken to be
    one. Without a policy nothing is hidden, and the caption says so.

    Parameters
    ----------
    values
        Numbers about to be drawn.

    Returns
    -------
    Series of bool
        On the index of ``values``.
    """
    known = values.dropna()
    if _settings.policy is None or not (known == known.round()).all():
        return pd.Series(False, index=values.index)
    return values.between(1, int(_settings.policy.get("threshold", 8)) - 1)


def _disclosure(counts: pd.Series | None) -> str:
    if _settings.policy is None:
        return "No disclosure policy is set: for use inside the team only"
    statement = str(_settings.policy.get("statement") or "Small counts are hidden").rstrip(".")
    hidden = 0 if counts is None else int(concealed(counts).sum())
    return f"{statement}. Hidden here: {say_count(hidden, 'point')}" if hidden else statement
