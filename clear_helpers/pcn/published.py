"""Published national figures that the synthetic PCN is set beside.

``datasets/published/gpad_monthly.csv`` holds real monthly totals for England from NHS
England's *Appointments in General Practice*, under the Open Government Licence v3.0.
"""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd

from clear_helpers.course import find_course
from clear_helpers.notices import Notice

COLUMNS = ["section", "metric", "month", "value"]
SERIES = ["section", "metric"]
FIRST_LINE_OF_DATA = 2


FIRST_MONTH = pd.Timestamp("2021-02-01")

FIGURES = {
    "Appointment Count": [
        "Covid Vaccination appointments removed from GP Appointments Data return",
        "Covid Vaccination delivered by practice/PCN",
        "England total count of appointment including covid vaccinations",
        "Estimated England total count of appointment including covid vaccinations",
        "Estimated England total count of appointments",
        "Total count of appointments",
    ],
    "Appointment Mode": [
        "Face-to-Face",
        "Home Visit",
        "Telephone",
        "Unknown Mode",
        "Video/Online",
    ],
    "Appointment Status": [
        "Attended",
        "Did Not Attend",
        "Unknown Status",
    ],
    "Context Type": [
        "Care Related Encounter",
    ],
    "Coverage": [
        "Count of practices included",
        "Open active practices",
        "Registered patients at included practices",
        "Registered patients at open active practices",
    ],
    "Healthcare Professional": [
        "GP",
        "Other Practice staff",
        "Unknown HCP",
    ],
    "National Category": [
        "Care Home Needs Assessment & Personalised Care and Support Planning",
        "Care Home Visit",
        "Care Related Encounter but does not fit into any other category",
        "Clinical Triage",
        "General Consultation Acute",
        "General Consultation Routine",
        "Group Consultation and Group Education",
        "Home Visit",
        "Inconsistent Mapping",
        "National Category Unmapped",
        "Non-contractual chargeable work",
        "Patient contact during Care Home Round",
        "Planned Clinical Procedure",
        "Planned Clinics",
        "Service provided by organisation external to the practice",
        "Social Prescribing Service",
        "Structured Medication Review",
        "Unplanned Clinical Activity",
        "Walk-in",
    ],
    "SDS Role Group": [
        "Data Quality",
        "GP",
        "Nurses",
        "Other Direct Patient Care",
        "Unknown SDS Role Group",
    ],
    "Service Setting": [
        "Extended Access Provision",
        "General Practice",
        "Other",
        "Primary Care Network",
        "Unmapped Service Setting",
    ],
    "Time between Booking Date and Appointment Date": [
        "1 Day",
        "15  to 21 Days",
        "2 to 7 Days",
        "22  to 28 Days",
        "8  to 14 Days",
        "More than 28 Days",
        "Same Day",
        "Unknown / Data Quality",
    ],
    "Working Days": [
        "Number of working weekdays",
    ],
}
"""Every figure of the published file, by section."""


class PublishedFileError(Notice, ValueError):
    """A published file is not as it was published; the message says where and what to do."""


def read_gpad_monthly(path: Path | None = None) -> pd.DataFrame:
    """Monthly appointment figures for England, one row for each figure and month.

    Parameters
    ----------
    path
        The file; by default the copy in the course's ``datasets/published``.

    Returns
    -------
    DataFrame
        ``section`` and ``metric`` (text), ``month`` (``datetime64[us]``, first day of the
        month) and ``value`` (``float64``: a count of appointments, practices, patients or
        working days). A value is missing only in months before a figure was first
        published or after it was last published.

    Raises
    ------
    PublishedFileError
        If the file is missing, empty or not UTF-8; a column is missing, renamed or extra;
        a month is unreadable, missing from a series or there twice; or a value is text,
        negative, or blank between published months. The message names the file, the
        column and the line.
    """
    path = path or find_course().root / "datasets" / "published" / "gpad_monthly.csv"
    text = _text(path)
    header, *lines = text.splitlines()
    _check_header(path, header.split(","))
    for line, cells in enumerate(lines, start=FIRST_LINE_OF_DATA):
        if not cells.strip():
            _stop(path, "section", line, "a blank line", "a row of figures")
    try:
        raw = pd.read_csv(StringIO(text), dtype="str", keep_default_na=False, index_col=False)
    except pd.errors.ParserError as error:
        where = re.search(r"line (\d+)", str(error))
        _stop(path, "value", int(where[1]) if where else 0, "too many cells", "four cells")
    if raw.empty:
        _stop(path, "section", FIRST_LINE_OF_DATA, "no rows", "at least one row of figures")
    frame = pd.DataFrame(
        {
            "section": _named(path, raw["section"]),
            "metric": _named(path, raw["metric"]),
            "month": _months(path, raw["month"]),
            "value": _values(path, raw["value"]),
        }
    )
    _check_series(path, frame)
    return frame


def gpad_series(frame: pd.DataFrame, section: str) -> pd.DataFrame:
    """One section of the monthly figures, a row for each month and a column for each metric.

    Parameters
    ----------
    frame
        What :func:`read_gpad_monthly` returns.
    section
        Such as ``"Appointment Mode"``.

    Returns
    -------
    DataFrame
        Index ``month``; one ``float64`` column for each metric, in the order of the file.

    Raises
    ------
    PublishedFileError
        If there is no such section; the message lists those there are.
    """
    chosen = frame[frame["section"].eq(section)]
    if chosen.empty:
        sections = ", ".join(frame["section"].unique())
        raise PublishedFileError(f"There is no section {section!r}. Choose one of: {sections}.")
    wide = chosen.pivot(index="month", columns="metric", values="value")
    return wide[chosen["metric"].unique()].rename_axis(columns=None)


def _stop(path: Path, column: str, line: int, found: str, expected: str) -> NoReturn:
    raise PublishedFileError(
        f"{path}, column {column!r}, line {line}: found {found}, expected {expected}. "
        "Restore the file as it came with the course (datasets/published/README.md says "
        "where it is from)."
    )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise PublishedFileError(
            f"{path}: not found. Restore the file as it came with the course, or give the path "
            "of your own copy (datasets/published/README.md says where it is from)."
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        cell = before[before.rfind(b"\n") + 1 :].count(b",")
        column = COLUMNS[min(cell, len(COLUMNS) - 1)]
        line = before.count(b"\n") + 1
        found = f"a character that is not UTF-8 (byte {content[error.start]:#04x})"
        _stop(path, column, line, found, "a file saved as “CSV UTF-8”")
    if not text.strip():
        _stop(path, COLUMNS[0], 1, "an empty file", f"the columns {', '.join(COLUMNS)}")
    return text.rstrip("\r\n")


def _check_header(path: Path, found: list[str]) -> None:
    if found == COLUMNS:
        return
    at_fault = [name for name in COLUMNS if found.count(name) != 1]
    at_fault += [name for name in found if name not in COLUMNS]
    column = at_fault[0] if at_fault else found[0]
    _stop(path, column, 1, f"the columns {', '.join(found)}", ", ".join(COLUMNS))


def _first(at_fault: pd.Series) -> int | None:
    """Position of the first row at fault, or None."""
    rows = np.flatnonzero(at_fault.to_numpy())
    return int(rows[0]) if len(rows) else None


def _named(path: Path, words: pd.Series) -> pd.Series:
    row = _first(words.str.strip().eq(""))
    if row is not None:
        _stop(path, str(words.name), row + FIRST_LINE_OF_DATA, "a blank", "the figure's name")
    return words


def _months(path: Path, words: pd.Series) -> pd.Series:
    months = pd.to_datetime(words, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    row = _first(months.isna() | months.dt.day.ne(1))
    if row is not None:
        expected = "the first day of a month, such as 2021-02-01"
        _stop(path, "month", row + FIRST_LINE_OF_DATA, repr(words.iloc[row]), expected)
    return months


def _values(path: Path, words: pd.Series) -> pd.Series:
    values = pd.to_numeric(words, errors="coerce").astype("float64")
    row = _first(words.ne("") & ~(values.ge(0) & np.isfinite(values)))
    if row is not None:
        expected = "a number, 0 or more, or a blank"
        _stop(path, "value", row + FIRST_LINE_OF_DATA, repr(words.iloc[row]), expected)
    return values


def _check_series(path: Path, frame: pd.DataFrame) -> None:
    """Every series has every month of the file once, with no blank between two values."""
    row = _first(frame.duplicated([*SERIES, "month"]))
    if row is not None:
        again = frame.iloc[row]
        same = frame[[*SERIES, "month"]].eq(again[[*SERIES, "month"]]).all(axis=1)
        first = int(np.flatnonzero(same.to_numpy())[0]) + FIRST_LINE_OF_DATA
        found = f"{again['month']:%Y-%m-%d} again for {again['metric']!r} (first in line {first})"
        _stop(path, "month", row + FIRST_LINE_OF_DATA, found, "each month once")

    there = set(frame["section"] + "|" + frame["metric"])
    for wanted, metrics in FIGURES.items():
        for figure_name in metrics:
            if f"{wanted}|{figure_name}" not in there:
                found = f"no row for {figure_name!r} ({wanted})"
                _stop(path, "metric", FIRST_LINE_OF_DATA, found, "every figure that is published")

    calendar = pd.date_range(FIRST_MONTH, frame["month"].max(), freq="MS")
    for (section, metric), series in frame.groupby(SERIES, sort=False):
        absent = calendar.difference(pd.DatetimeIndex(series["month"]))
        if len(absent):
            earlier = series.index[series["month"].lt(absent[0])]
            nearest = int(earlier[-1] if len(earlier) else series.index[0]) + FIRST_LINE_OF_DATA
            _stop(
                path,
                "month",
                nearest,
                f"no row for {absent[0]:%Y-%m-%d} in {metric!r} ({section})",
                f"every month from {FIRST_MONTH:%B %Y} to the last (look near this line)",
            )

    ordered = frame.sort_values([*SERIES, "month"])
    grouped = ordered.groupby(SERIES)["value"]
    inside = ordered["value"].isna() & grouped.ffill().notna() & grouped.bfill().notna()
    row = _first(inside.sort_index())
    if row is not None:
        figure = frame.iloc[row]
        found = f"a blank for {figure['metric']!r} in {figure['month']:%Y-%m-%d}"
        _stop(path, "value", row + FIRST_LINE_OF_DATA, found, "a number between published months")
