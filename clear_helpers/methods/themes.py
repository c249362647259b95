"""Themes by who spoke, and when new interviews stop bringing new codes.

Sources
-------
Braun and Clarke, Qualitative Research in Psychology 2006;3:77 (themes are read, not counted: the
matrix says where to read). Guest, Namey and Chen, PLoS ONE 2020;15(5):e0232076 (saturation by
base size, run length and new information threshold).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clear_helpers.methods._numbers import read_number
from clear_helpers.methods._tables import read_labels, read_table


@dataclass(frozen=True)
class Saturation:
    """When new interviews stopped bringing new codes.

    Attributes
    ----------
    point
        Interviews after which a run brought few enough new codes; missing if none did.
    confirmed_at
        Interviews up to the end of that run; missing likewise.
    curve
        A row per interview, in order: ``interview`` (from 1), ``codes`` (different codes in
        it), ``new`` (never heard before), ``total`` (heard so far) and ``new_share``: new codes
        of the run that ends here over those of the base, missing until there is a run.
    """

    point: int | None
    confirmed_at: int | None
    curve: pd.DataFrame


def theme_matrix(
    extracts: pd.DataFrame,
    theme: Hashable = "theme",
    role: Hashable = "role",
    *,
    share: bool = False,
) -> pd.DataFrame:
    """How often each theme came from each role.

    Parameters
    ----------
    extracts
        A row per coded extract.
    theme, role
        Columns with its theme and the speaker's role.
    share
        False counts extracts; True gives each role's shares, adding up to 1.

    Returns
    -------
    DataFrame
        Rows themes, most common first (then by name); columns roles by name.

    Raises
    ------
    ValueError
        If a column is absent, or a theme or role is missing.

    Notes
    -----
    Counting mentions is not theming: a theme said once may matter most.
    """
    table = read_table(extracts, "extracts", [theme, role])
    themes = read_labels(table[theme], f"extracts, column {theme!r}")
    roles = read_labels(table[role], f"extracts, column {role!r}")
    if not isinstance(share, bool):
        raise ValueError(f"share: found {share!r}; expected True or False.")
    counts = pd.crosstab(
        pd.Series(themes, dtype=object), pd.Series(roles, dtype=object)
    ).rename_axis(index="theme", columns="role")
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    counts = counts.loc[order]
    return counts / counts.sum() if share else counts


def top_theme(matrix: pd.DataFrame) -> pd.Series:
    """The most common theme of each role.

    Parameters
    ----------
    matrix
        From :func:`theme_matrix`.

    Returns
    -------
    Series
        Role to theme; of several level, the one most common over all roles.

    Raises
    ------
    ValueError
        If it is not such a table.
    """
    return read_table(matrix, "matrix", []).idxmax().rename("theme")


def saturation_point(
    codes: Sequence[Iterable[Hashable]],
    new_at_most: float = 0.05,
    *,
    base_size: int = 4,
    run_length: int = 2,
) -> Saturation:
    """After how many interviews further ones bring hardly anything new.

    Parameters
    ----------
    codes
        For each interview, in the order held, the codes found in it (repeats count once). An
        interview may have none.
    new_at_most
        Share of new codes in a run, of the codes of the base, at or below which it counts as
        nothing new; 0 to 1.
    base_size
        First interviews, whose different codes are the base; 1 or more.
    run_length
        Interviews in a run; runs overlap.

    Returns
    -------
    Saturation
        ``point`` interviews, confirmed by the run up to ``confirmed_at``: written
        "point + run_length". Missing with fewer than ``base_size + run_length`` interviews.

    Raises
    ------
    ValueError
        If the codes are not lists of codes, the base has none, or a number is out of range.

    Notes
    -----
    Source: Guest, Namey and Chen 2020.
    """
    most = read_number(new_at_most, "new_at_most", at_least=0, at_most=1)
    base = int(read_number(base_size, "base_size", at_least=1, whole=True))
    run = int(read_number(run_length, "run_length", at_least=1, whole=True))
    curve = pd.DataFrame(_heard(codes))
    heard_in_base = int(curve["new"].iloc[:base].sum())
    if heard_in_base == 0:
        raise ValueError(
            f"codes: found none in the first {base} interviews; expected at least one code."
        )
    in_run = curve["new"].rolling(run).sum()
    curve["new_share"] = (in_run / heard_in_base).where(curve["interview"] >= base + run)
    quiet = curve.loc[curve["new_share"] <= most, "interview"]
    confirmed = None if quiet.empty else int(quiet.iloc[0])
    return Saturation(
        point=None if confirmed is None else confirmed - run, confirmed_at=confirmed, curve=curve
    )


def _heard(codes: Any) -> list[dict[str, int]]:
    if isinstance(codes, (str, bytes, dict, set)) or not isinstance(codes, Iterable):
        raise ValueError(f"codes: found {codes!r}; expected a list of codes for each interview.")
    interviews = list(codes)
    if not interviews:
        raise ValueError("codes: found no interviews; expected at least one.")
    known: set[Any] = set()
    rows = []
    for place, found in enumerate(interviews):
        if isinstance(found, (str, bytes)) or not isinstance(found, Iterable):
            raise ValueError(
                f"codes: found {found!r} at position {place}; expected a list of codes."
            )
        listed = list(found)
        named = set(read_labels(listed, f"codes, interview {place}")) if listed else set()
        new = named - known
        known |= new
        rows.append(
            {"interview": place + 1, "codes": len(named), "new": len(new), "total": len(known)}
        )
    return rows
