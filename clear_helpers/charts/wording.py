"""Numbers, dates and lists as a colleague would say them, for titles, captions and alt text."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

TITLE_WORDS = 20
"""The most words a title may have (a finding, not a paragraph)."""

_SMALL = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def say_number(value: float) -> str:
    """A number to three significant figures, with thousands commas, and millions in words.

    Parameters
    ----------
    value
        Any finite number; its unit is the caller's.

    Returns
    -------
    str
        Such as ``"71.2"``, ``"1,240"`` or ``"12.1 million"``; "unknown" when not finite.
    """
    if not math.isfinite(value):
        return "unknown"
    size = abs(value)
    # Thresholds are where rounding would carry into the next form (999.95 must not read "1,000.0").
    if size >= 999_500:
        places = max(0, 2 - int(math.log10(size / 1e6)))
        said = f"{_short(value / 1e6, places)} million"
    elif size >= 99.95 or float(value).is_integer():
        said = f"{value:,.0f}"
    elif size >= 0.01:
        said = _short(value, 1 if size >= 9.995 else 2)
    else:
        said = f"{value:.2g}"
    return "0" if said == "-0" else said.replace("-", "−")


def _short(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def say_percent(fraction: float) -> str:
    """A fraction as a whole per cent, or to one place below 1 %: ``0.184`` → ``"18%"``."""
    percent = abs(fraction) * 100
    if percent and percent < 0.05:
        return "under 0.1%"
    return f"{percent:.1f}%" if 0 < percent < 0.95 else f"{percent:,.0f}%"


def say_count(number: int, noun: str) -> str:
    """A count with its noun in the right number: ``1 week``, ``3 weeks``."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of a regular English noun: week → weeks, practice → practices, day → days."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|ch|sh)$", noun) else "s")


def small_number(number: int) -> str:
    """Nought to nine in words, larger numbers in figures, as in running prose."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def say_position(position: Any, period: str = "week") -> str:
    """A date as ``19 July 2021`` (months as ``July 2021``); a bare position as ``week 12``."""
    if isinstance(position, pd.Timestamp):
        day = "" if period == "month" else f"{position.day} "
        return f"{day}{position.strftime('%B %Y')}"
    return f"{period} {position}"


def say_date(day: dt.date) -> str:
    """A date, or the day of a timestamp, as ``19 July 2021``."""
    return f"{day.day} {day.strftime('%B %Y')}"


def join_words(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def sentence_case(text: str) -> str:
    """The text with a capital first letter and the rest left alone (GP stays GP)."""
    return text[:1].upper() + text[1:]


def mid_sentence(text: str) -> str:
    """The text for use inside a sentence: a small first letter unless it starts an acronym."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() or len(first) < 3 else text[:1].lower() + text[1:]


def fit_title(
    subject: str, rests: str | Sequence[str], extras: Sequence[str] = (), *, short: str = ""
) -> str:
    """A title of at most 20 words: the finding, then as many extras as still fit.

    Parameters
    ----------
    subject
        What the title is about.
    rests
        Its verb and numbers, in versions from full to brief; the first that fits is used.
    extras
        Clauses in order of importance; each begins with its own comma or space.
    short
        Stands in for a subject so long that no version fits.

    Returns
    -------
    str
        The title, its first letter a capital.
    """
    versions = [rests] if isinstance(rests, str) else list(rests)
    names = [" ".join(subject.split()), short or "The measure"]
    candidates = [f"{name} {rest}" for name in names if name for rest in versions]
    title = next((text for text in candidates if _fits(text)), candidates[-1])
    for extra in extras:
        if _fits(title + extra):
            title += extra
    return sentence_case(title)


def _fits(title: str) -> bool:
    return len(title.split()) <= TITLE_WORDS


def with_unit(number: str, unit: str) -> str:
    """A number and its unit: ``71.2 a week``, ``71.2%``, ``£71.2``."""
    if unit == "£":
        return f"£{number}"
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()


def axis_title(measure: str, unit: str) -> str:
    """The title of an axis, unit included: ``Requests a week``, ``Wait (minutes)``."""
    if unit.startswith(("a ", "an ", "per ", "each ")):
        return f"{measure} {unit}"
    return f"{measure} ({unit})" if unit else measure
