"""The electronic frailty index: how many of 36 deficits a person's GP record shows.

Source
------
Clegg and others, Age and Ageing 2016;45:353: deficits present over 36, cut at 0.12, 0.24 and
0.36. For people aged 65 and over.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal, NamedTuple

from clear_helpers.methods._numbers import read_number

Category = Literal["fit", "mild", "moderate", "severe"]

DEFICITS = (
    "Activity limitation",
    "Anaemia & haematinic deficiency",
    "Arthritis",
    "Atrial fibrillation",
    "Cerebrovascular disease",
    "Chronic kidney disease",
    "Diabetes",
    "Dizziness",
    "Dyspnoea",
    "Falls",
    "Foot problems",
    "Fragility fracture",
    "Hearing impairment",
    "Heart failure",
    "Heart valve disease",
    "Housebound",
    "Hypertension",
    "Hypotension / syncope",
    "Ischaemic heart disease",
    "Memory & cognitive problems",
    "Mobility and transfer problems",
    "Osteoporosis",
    "Parkinsonism & tremor",
    "Peptic ulcer",
    "Peripheral vascular disease",
    "Polypharmacy",
    "Requirement for care",
    "Respiratory disease",
    "Skin ulcer",
    "Sleep disturbance",
    "Social vulnerability",
    "Thyroid disease",
    "Urinary incontinence",
    "Urinary system disease",
    "Visual impairment",
    "Weight loss & anorexia",
)
"""The 36 deficits of the index."""

CUT_POINTS: tuple[tuple[float, Category], ...] = ((0.12, "fit"), (0.24, "mild"), (0.36, "moderate"))
"""The highest index of each category; above the last is "severe"."""


class FrailtyIndex(NamedTuple):
    """An electronic frailty index.

    Attributes
    ----------
    value
        Share of the 36 deficits present, 0 to 1.
    category
        "fit" (to 0.12), "mild" (to 0.24), "moderate" (to 0.36) or "severe".
    """

    value: float
    category: Category


def efi(deficits: int | Iterable[str]) -> FrailtyIndex:
    """The electronic frailty index and its category.

    Parameters
    ----------
    deficits
        How many deficits are present, 0 to 36, or their names as in ``DEFICITS`` (a set, or a
        list in which a name may come twice and counts once).

    Returns
    -------
    FrailtyIndex
        ``value, category``.

    Raises
    ------
    ValueError
        If the count is not a whole number from 0 to 36, or a name is not one of the deficits.

    Notes
    -----
    Source: Clegg and others 2016.
    """
    if isinstance(deficits, Iterable) and not isinstance(deficits, (str, bytes, dict)):
        present = len({_read_deficit(name, place) for place, name in enumerate(deficits)})
    else:
        present = int(
            read_number(deficits, "deficits", at_least=0, at_most=len(DEFICITS), whole=True)
        )
    value = present / len(DEFICITS)
    return FrailtyIndex(value, next((word for cut, word in CUT_POINTS if value <= cut), "severe"))


def _read_deficit(name: object, place: int) -> str:
    if isinstance(name, str) and name in DEFICITS:
        return name
    near = get_close_matches(str(name), DEFICITS, n=1)
    hint = f" such as {near[0]!r}" if near else ""
    raise ValueError(
        f"deficits: found {name!r} at position {place}; expected one of the 36 deficits{hint} "
        "(frailty.DEFICITS lists them)."
    )
