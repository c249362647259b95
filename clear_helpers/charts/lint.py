"""What is wrong with a chart, in sentences: the course's rules for any Vega-Lite chart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from clear_helpers.charts.figure import caption_of, title_of
from clear_helpers.charts.theme import ALLOWED_COLOURS
from clear_helpers.charts.wording import TITLE_WORDS

FINITE_VERBS: frozenset[str] = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "did",
        "does",
        "will",
        "would",
        "can",
        "could",
        "cannot",
        "may",
        "might",
        "must",
        "averaged",
        "became",
        "began",
        "beat",
        "belongs",
        "belong",
        "brought",
        "came",
        "changed",
        "climbed",
        "closed",
        "contributed",
        "costs",
        "cost",
        "covered",
        "covers",
        "crossed",
        "cut",
        "declined",
        "depends",
        "depend",
        "differ",
        "differs",
        "differed",
        "doubled",
        "drove",
        "dropped",
        "ended",
        "exceed",
        "exceeds",
        "exceeded",
        "explained",
        "explains",
        "fell",
        "finished",
        "gained",
        "gave",
        "gets",
        "go",
        "goes",
        "grew",
        "halved",
        "happened",
        "held",
        "hid",
        "hides",
        "improved",
        "increased",
        "joined",
        "kept",
        "lacked",
        "lasted",
        "led",
        "left",
        "lie",
        "lies",
        "lost",
        "made",
        "make",
        "makes",
        "matched",
        "met",
        "miss",
        "missed",
        "moved",
        "need",
        "needs",
        "needed",
        "outnumber",
        "outnumbers",
        "outweigh",
        "outweighs",
        "overtook",
        "passed",
        "peaked",
        "pointed",
        "points",
        "proved",
        "ran",
        "reached",
        "recovered",
        "remain",
        "remains",
        "remained",
        "returned",
        "rose",
        "saved",
        "saw",
        "say",
        "says",
        "seem",
        "seems",
        "served",
        "shifted",
        "showed",
        "shows",
        "show",
        "shrank",
        "slowed",
        "sit",
        "sits",
        "spent",
        "split",
        "stay",
        "stays",
        "stayed",
        "stepped",
        "stopped",
        "suggest",
        "suggests",
        "swung",
        "take",
        "takes",
        "took",
        "tells",
        "told",
        "tripled",
        "turned",
        "varies",
        "vary",
        "varied",
        "waited",
        "went",
        "widened",
        "wins",
        "won",
        "worsened",
    ]
)
"""Finite verbs that findings use. Words that in health care are as often nouns (visits,
requests, falls, calls, rise, works) are left out on purpose: a list of nouns is no finding."""

SHORTEST_ALT_TEXT = 40

_UNIT = re.compile(
    r"[(%£]|\b(per|an?|number|count|ratio|share|score|rate|rank|index|minutes?|hours?|days?"
    r"|weeks?|months?|years?|beds?|fte|percentage)\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
_NO_INK = {"transparent", "none", "white"}
_COLOUR_KEYS = {"color", "fill", "stroke", "background"}
_PARTS = ("layer", "hconcat", "vconcat", "concat")


def lint(chart_or_spec: Any) -> list[str]:
    """Check a chart against the course's rules.

    Parameters
    ----------
    chart_or_spec
        An Altair chart, or a Vega-Lite specification as a mapping (as an executed notebook
        keeps it).

    Returns
    -------
    list of str
        One sentence for each rule broken, saying what was found; empty when all is well.
    """
    spec = chart_or_spec if isinstance(chart_or_spec, Mapping) else chart_or_spec.to_dict()
    return [
        *_title_problems(title_of(spec)),
        *_description_problems(str(spec.get("description") or "")),
        *([] if caption_of(spec) else ["There is no caption (title subtitle) with the source."]),
        *_axis_problems(spec),
        *_colour_problems(spec),
        *_bar_problems(spec),
        *_dual_axis_problems(spec),
    ]


def has_finite_verb(title: str) -> bool:
    """Whether a title holds a verb from `FINITE_VERBS`, so that it can state a finding."""
    return any(word in FINITE_VERBS for word in re.findall(r"[a-z]+", title.lower()))


def _title_problems(title: str) -> Iterator[str]:
    words = len(title.split())
    if not words:
        yield "There is no title."
        return
    if words > TITLE_WORDS:
        yield f"The title has {words} words; the most is {TITLE_WORDS}: {title!r}."
    if not has_finite_verb(title):
        yield f"The title states no finding (no verb such as rose, fell, stayed): {title!r}."


def _description_problems(description: str) -> Iterator[str]:
    if len(description) < SHORTEST_ALT_TEXT:
        yield (
            f"The alt text (description) has {len(description)} letters; "
            f"the fewest is {SHORTEST_ALT_TEXT}."
        )
    if not re.search(r"\d", description):
        yield "The alt text (description) holds no number."


def _children(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = [child for part in _PARTS for child in view.get(part, [])]
    return [*inner, *([view["spec"]] if isinstance(view.get("spec"), Mapping) else [])]


def _units(
    view: Mapping[str, Any], inherited: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Every single view, with the encodings it inherits from the layers around it."""
    encoding = {**(inherited or {}), **view.get("encoding", {})}
    if "mark" in view:
        yield {**view, "encoding": encoding}
    for child in _children(view):
        yield from _units(child, encoding)


def _panels(view: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts that have axes of their own: a layer is one, a concatenation several."""
    if "layer" in view or "mark" in view:
        yield view
        return
    for child in _children(view):
        yield from _panels(child)


def _axis_problems(spec: Mapping[str, Any]) -> Iterator[str]:
    said: dict[str, list[str]] = {"x": [], "y": []}
    silent: dict[str, list[str]] = {"x": [], "y": []}
    for panel in _panels(spec):
        for channel in ("x", "y"):
            used = [
                unit["encoding"][channel]
                for unit in _units(panel)
                if _is_scaled(unit["encoding"].get(channel))
            ]
            shown = [one for one in used if one.get("axis", {}) is not None]
            if not shown:
                continue
            titles = [title for one in shown if (title := _axis_title(one))]
            fields = _fields(shown)
            if not titles:
                silent[channel].append(fields)
                continue
            said[channel] += titles
            quantitative = any(one.get("type") == "quantitative" for one in shown)
            if quantitative and not any(_UNIT.search(title) for title in titles):
                yield f"The {channel} axis title names no unit: {titles[0]!r}."
    for channel, fields_without in silent.items():
        # In a grid of charts one title for each direction is enough.
        if fields_without and not said[channel]:
            yield f"The {channel} axis has no title ({fields_without[0]})."


def _fields(encodings: list[Mapping[str, Any]]) -> str:
    """The fields of some encodings, for a message: ``value, mean``."""
    return ", ".join(dict.fromkeys(str(one.get("field", "count")) for one in encodings))


def _is_scaled(encoding: Any) -> bool:
    return isinstance(encoding, Mapping) and ("field" in encoding or "aggregate" in encoding)


def _axis_title(encoding: Mapping[str, Any]) -> str:
    axis = encoding.get("axis") or {}
    title = axis.get("title", encoding.get("title"))
    return " ".join(title) if isinstance(title, list) else str(title or "")


def _walk(node: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a specification with the nearest name above it, data left out."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name not in ("datasets", "data", "usermeta", "description", "title", "condition"):
                yield from _walk(value, str(name))
            elif name == "condition":
                yield from _walk(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _walk(value, key)
    else:
        yield key, node


def _colour_problems(spec: Mapping[str, Any]) -> Iterator[str]:
    used = set()
    for key, value in _walk(spec):
        if not isinstance(value, str):
            continue
        if _COLOUR.match(value):
            used.add(value.upper())
        elif key in _COLOUR_KEYS and value.lower() not in _NO_INK and value.isalpha():
            used.add(value)
    for channel in _COLOUR_KEYS:
        for unit in _units(spec):
            encoding = unit["encoding"].get(channel)
            if isinstance(encoding, Mapping):
                constant = encoding.get("value")
                named = constant if isinstance(constant, str) else "none"
                if not _COLOUR.match(named) and named.lower() not in _NO_INK:
                    used.add(named)
                scale = encoding.get("scale", {}) or {}
                if scale.get("scheme"):
                    yield f"Colour scheme {scale['scheme']!r} is not of the course's palette."
                plain = _is_scaled(encoding) and encoding.get("scale", {}) is not None
                themed = spec.get("config", {}).get("range")
                if plain and not scale.get("range") and not scale.get("scheme") and not themed:
                    yield f"Field {encoding.get('field')!r} is coloured by Vega's own colours."
    strangers = sorted(used - ALLOWED_COLOURS)
    if strangers:
        yield f"Colours outside the course's palette: {', '.join(strangers)}."


def _mark(unit: Mapping[str, Any]) -> str:
    mark = unit["mark"]
    return str(mark.get("type") if isinstance(mark, Mapping) else mark)


def _bar_problems(spec: Mapping[str, Any]) -> Iterator[str]:
    for unit in _units(spec):
        if _mark(unit) not in ("bar", "area"):
            continue
        for channel in ("x", "y"):
            encoding = unit["encoding"].get(channel)
            if not _is_scaled(encoding) or f"{channel}2" in unit["encoding"]:
                continue
            if encoding.get("type") != "quantitative" or encoding.get("bin"):
                continue
            if _mark(unit) == "area" and channel == "x":
                continue
            scale = encoding.get("scale") or {}
            domain = scale.get("domain")
            ends = domain if isinstance(domain, list) and len(domain) == 2 else [0, 0]
            apart = all(isinstance(end, int | float) for end in ends) and (
                min(ends) > 0 or max(ends) < 0
            )
            if (
                (scale.get("zero") is False and domain is None)
                or apart
                or scale.get("domainMin", 0) > 0
            ):
                yield f"The {_mark(unit)}s of {_fields([encoding])!r} do not start from nought."


def _dual_axis_problems(spec: Mapping[str, Any]) -> Iterator[str]:
    views = [spec]
    while views:
        view = views.pop()
        views += _children(view)
        scale = (view.get("resolve") or {}).get("scale") or {}
        if "layer" in view and "independent" in (scale.get("y"), scale.get("x")):
            yield "Two scales share one plot (a dual axis): draw two charts instead."
