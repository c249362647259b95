"""Writes the data dictionary, ``datasets/README.md``, from the data model.

Run ``python -m clear_helpers.pcn.dictionary`` (or ``make dictionary``) after any change to
the model; the file is never edited by hand.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import pandas as pd

from clear_helpers.course import find_course
from clear_helpers.files import write_text

from .model import AGE_DATE, TABLES, WEEKS_OBSERVED, WINDOW_END, WINDOW_START, Column, Table

ORIGINS = {
    "EPR": "the practices' electronic patient record (EMIS, SystmOne)",
    "community": "the community trust's record",
    "hospital": "hospital activity data",
    "workforce": "rotas, payroll and staff surveys",
    "finance": "ledgers, claims and invoices",
    "project": "what the project team and the programme write down themselves",
    "simulated": "made up to teach with; no team has an extract of it",
    "published": "figures anyone can look up",
}
SCOPES = {
    "programme": "all seven PCNs, in one table",
    "pcn": "one PCN's own",
}
LONG_LIST = 6


def _day(moment: pd.Timestamp) -> str:
    return f"{moment.day} {moment:%B %Y}"


def dictionary() -> str:
    """The data dictionary as Markdown."""
    shared = _shared_lists()
    parts = [_introduction()]
    for layer, tables in groupby(TABLES.values(), key=lambda table: table.layer):
        parts.append(f"## {layer.capitalize()}\n")
        parts.extend(_table(table, shared) for table in tables)
    parts.append("## Lists used by more than one column\n")
    parts.extend(
        f"### {title}\n\n" + "\n".join(f"- {value}" for value in values) + "\n"
        for values, title in shared.items()
    )
    return "\n".join(parts)


def _introduction() -> str:
    contents = "\n".join(
        f"| {layer} | " + ", ".join(f"[{table.name}](#{table.name})" for table in tables) + " |"
        for layer, tables in groupby(TABLES.values(), key=lambda table: table.layer)
    )
    origins = "\n".join(f"| {origin} | {meaning} |" for origin, meaning in ORIGINS.items())
    return f"""# Data dictionary

<!-- Written by `make dictionary` from clear_helpers/pcn/model. Do not edit by hand. -->

**Everything here is synthetic**, except what lies in [published/](published/README.md). No patient,
member of staff, practice or organisation in it is real. The tables are generated on first use from
one number (the seed) into `datasets/synthetic/`, and are never part of the course's own files. Only
their shape, and some of their averages, follow published figures for England. A number from them
says nothing about a real place.

The default is Larkmoor PCN: six practices (P1 to P6) in the North West, about 36,000 people. Six
other PCNs, one in each other NHS region, exist to compare with. Tables cover {WEEKS_OBSERVED}
weeks, from {_day(WINDOW_START)} to {_day(WINDOW_END)}, unless they say otherwise. Ages are those
on {_day(AGE_DATE)}.

The same tables hold a team's own extract: each says whom to ask for it. In an extract, leave out
names, NHS numbers, full dates of birth and postcodes; the tables have no place for them.

`published/gpad_monthly.csv` is real: NHS England, *Appointments in General Practice* (GP
Appointments Data), under the
[Open Government Licence v3.0](https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/).

## How to read it

| layer | tables |
|---|---|
{contents}

**Origin** is the system the figures come from:

| origin | meaning |
|---|---|
{origins}

**Scope** is *programme* ({SCOPES["programme"]}) or *pcn* ({SCOPES["pcn"]}).

**Kinds.** *Text* is free text. *Category* is one of a fixed list. *Whole number* and *number* are
counts and measurements. *Yes/no* is True or False. A *date* has no time of day; a month is held as
its first day. The **key** is what names one row: no two rows share it. → points to the column
of another table that holds the same values.
"""


def _shared_lists() -> dict[tuple[str, ...], str]:
    """Long lists of allowed values that several columns share, and the heading of each."""
    columns = [column for table in TABLES.values() for column in table.columns if column.allowed]
    used = Counter(column.allowed for column in columns)
    titles: dict[tuple[str, ...], str] = {}
    for column in columns:
        if used[column.allowed] > 1 and len(column.allowed) > LONG_LIST:
            taken = list(titles.values())
            title = f"List: {column.name}"
            if column.allowed not in titles:
                titles[column.allowed] = title if title not in taken else f"{title} (second)"
    return titles


def _table(table: Table, shared: dict[tuple[str, ...], str]) -> str:
    rows = "\n".join(_column(column, table, shared) for column in table.columns)
    return f"""### {table.name}

{table.description}

- **One row:** {table.rows}
- **Key:** {" + ".join(f"`{name}`" for name in table.key)}
- **Origin:** {table.origin} · **Scope:** {table.scope}
- **Who to ask:** {table.ask_for}

| column | kind | unit | allowed | may be blank | meaning |
|---|---|---|---|---|---|
{rows}
"""


def _column(column: Column, table: Table, shared: dict[tuple[str, ...], str]) -> str:
    blank = "yes" if column.nullable else ""
    cells = [
        f"`{column.name}`",
        column.kind,
        column.unit or "",
        _allowed(column, shared),
        blank,
        column.description,
    ]
    return "| " + " | ".join(cells) + " |"


def _allowed(column: Column, shared: dict[tuple[str, ...], str]) -> str:
    if column.refers:
        table, name = column.refers.split(".")
        return f"→ [{table}](#{table}).`{name}`"
    if column.allowed in shared:
        title = shared[column.allowed]
        anchor = title.lower().replace(" ", "-").translate(str.maketrans("", "", ":()"))
        return f"[{title}](#{anchor})"
    if column.allowed:
        return "; ".join(column.allowed)
    if column.least is not None and column.most is not None:
        return f"{column.least:g} to {column.most:g}"
    if column.least is not None:
        return f"{column.least:g} or more"
    return ""


def main() -> None:
    """Write the dictionary to ``datasets/README.md`` of the course."""
    write_text(find_course().root / "datasets" / "README.md", dictionary())


if __name__ == "__main__":
    main()
