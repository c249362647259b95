"""The published figures are read only as they were published."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clear_helpers.course import find_course
from clear_helpers.pcn.published import PublishedFileError, gpad_series, read_gpad_monthly

PUBLISHED = find_course().root / "datasets" / "published" / "gpad_monthly.csv"
LINES = PUBLISHED.read_text(encoding="utf-8").splitlines()
rows = st.integers(1, len(LINES) - 1)
any_row = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def refusal(folder: Path, lines: list[str] | bytes) -> str:
    """The message for a copy of the file with these lines."""
    copy = folder / "copy.csv"
    content = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
    copy.write_bytes(content)
    with pytest.raises(PublishedFileError) as error:
        read_gpad_monthly(copy)
    message = str(error.value)
    assert str(copy) in message
    return message


def with_cell(line: int, column: int, value: str) -> list[str]:
    """The file's lines with one cell changed; ``line`` counts from 1, the header."""
    cells = LINES[line - 1].split(",")
    cells[column] = value
    return [*LINES[: line - 1], ",".join(cells), *LINES[line:]]


def test_the_file_is_read_as_published() -> None:
    frame = read_gpad_monthly()
    assert frame.dtypes.astype(str).to_dict() == {
        "section": "str",
        "metric": "str",
        "month": "datetime64[us]",
        "value": "float64",
    }
    assert len(frame) == 3540 == len(LINES) - 1
    assert frame["value"].isna().sum() == sum(line.endswith(",") for line in LINES)
    first = frame.iloc[0]
    assert [first["section"], first["month"], first["value"]] == [
        "Appointment Count",
        pd.Timestamp("2021-02-01"),
        1206792.0,
    ]


def test_sections_add_up_to_the_total_as_far_as_the_published_ones_do() -> None:
    frame = read_gpad_monthly()
    total = gpad_series(frame, "Appointment Count")["Total count of appointments"]
    lead_time = "Time between Booking Date and Appointment Date"
    for section in ("Appointment Status", "Healthcare Professional", lead_time):
        assert gpad_series(frame, section).sum(axis=1).equals(total)
    for section in ("National Category", "Service Setting", "SDS Role Group"):
        published = gpad_series(frame, section).dropna()
        assert published.index[0] == pd.Timestamp("2021-08-01")
        assert published.sum(axis=1).equals(total[published.index])
    short = gpad_series(frame, "Appointment Mode").sum(axis=1) - total
    assert short[short.ne(0)].to_dict() == {pd.Timestamp("2023-07-01"): -11641}


def test_a_section_is_laid_out_by_month_and_metric() -> None:
    modes = gpad_series(read_gpad_monthly(), "Appointment Mode")
    assert modes.index.name == "month" and len(modes) == 59
    assert modes.columns.tolist() == [
        "Face-to-Face",
        "Home Visit",
        "Telephone",
        "Unknown Mode",
        "Video/Online",
    ]
    assert modes.loc["2025-12-01", "Home Visit"] == 374607


def test_an_unknown_section_lists_those_there_are() -> None:
    with pytest.raises(PublishedFileError, match=r"'Modes'.*Appointment Mode, "):
        gpad_series(read_gpad_monthly(), "Modes")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*LINES, ""]).encode())
    pd.testing.assert_frame_equal(read_gpad_monthly(copy), read_gpad_monthly())


def test_missing_file(tmp_path) -> None:
    with pytest.raises(PublishedFileError, match=r"gone\.csv: not found"):
        read_gpad_monthly(tmp_path / "gone.csv")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \n"])
def test_empty_file(tmp_path, content) -> None:
    assert "line 1: found an empty file" in refusal(tmp_path, content)


def test_header_without_rows(tmp_path) -> None:
    assert "line 2: found no rows" in refusal(tmp_path, LINES[:1])


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("section,measure,month,value", "metric"),
        ("section,metric,month", "value"),
        ("section,metric,month,value,note", "note"),
        ("section,metric,value,month", "section"),
        ("section,metric,month,month", "month"),
    ],
)
def test_missing_renamed_extra_or_moved_column(tmp_path, header, column) -> None:
    message = refusal(tmp_path, [header, *LINES[1:]])
    assert f"column {column!r}, line 1: found the columns" in message


@pytest.mark.parametrize("value", ["many", "*", "n/a", "NaN", "1,206,792", "-1", "inf", " "])
def test_value_that_is_not_a_count(tmp_path, value) -> None:
    if "," in value:
        value = f'"{value}"'
    message = refusal(tmp_path, with_cell(100, 3, value))
    assert f"column 'value', line 100: found {value.strip(chr(34))!r}" in message


@pytest.mark.parametrize("month", ["01/03/2021", "2021-03", "March 2021", "2021-03-02", ""])
def test_month_that_is_not_the_first_of_a_month(tmp_path, month) -> None:
    message = refusal(tmp_path, with_cell(3, 2, month))
    assert f"column 'month', line 3: found {month!r}" in message


@pytest.mark.parametrize("column", ["section", "metric"])
def test_figure_without_a_name(tmp_path, column) -> None:
    message = refusal(tmp_path, with_cell(7, ["section", "metric"].index(column), ""))
    assert f"column {column!r}, line 7: found a blank" in message


def test_blank_between_published_months(tmp_path) -> None:
    line = next(n for n, row in enumerate(LINES, 1) if "Telephone,2022-06-01" in row)
    message = refusal(tmp_path, with_cell(line, 3, ""))
    assert f"column 'value', line {line}: found a blank for 'Telephone' in 2022-06-01" in message


def test_blank_line_and_extra_cell(tmp_path) -> None:
    assert "line 5: found a blank line" in refusal(tmp_path, [*LINES[:4], "", *LINES[4:]])
    assert "line 9: found too many cells" in refusal(
        tmp_path, [*LINES[:8], LINES[8] + ",12", *LINES[9:]]
    )


def test_too_few_cells(tmp_path) -> None:
    short = LINES[8].rsplit(",", 1)[0]
    message = refusal(tmp_path, [*LINES[:8], short, *LINES[9:]])
    assert "column 'value', line 9" in message


@pytest.mark.parametrize(("column", "name"), [(0, "section"), (1, "metric")])
def test_file_that_is_not_utf_8(tmp_path, column, name) -> None:
    cells = LINES[40].split(",")
    cells[column] = "Caf\u00e9"
    content = "\n".join([*LINES[:40], ",".join(cells), *LINES[41:]]).encode("latin-1")
    message = refusal(tmp_path, content)
    assert f"column {name!r}, line 41: found a character that is not UTF-8 (byte 0xe9)" in message


@any_row
@given(row=rows)
def test_any_row_left_out_is_named_by_its_month(tmp_path, row) -> None:
    _, metric, month, _ = LINES[row].split(",")
    message = refusal(tmp_path, [*LINES[:row], *LINES[row + 1 :]])
    assert "column 'month', line " in message
    assert f"no row for {month} in {metric!r}" in message


@any_row
@given(row=rows, at=rows)
def test_any_row_repeated_is_named_by_its_line(tmp_path, row, at) -> None:
    at = max(at, row) + 1
    message = refusal(tmp_path, [*LINES[:at], LINES[row], *LINES[at:]])
    month = LINES[row].split(",")[2]
    assert f"column 'month', line {at + 1}: found {month} again" in message
    assert f"(first in line {row + 1})" in message


@any_row
@given(row=rows, value=st.floats(max_value=-1e-6, allow_nan=False))
def test_any_negative_value_is_named_by_its_line(tmp_path, row, value) -> None:
    message = refusal(tmp_path, with_cell(row + 1, 3, str(value)))
    assert f"column 'value', line {row + 1}: found '{value}'" in message


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        (lambda line: ",2021-02-01," in line, "2021-02-01"),
        (lambda line: ",Attended," in line, "'Attended'"),
        (lambda line: line.startswith("Appointment Mode,"), "Appointment Mode"),
    ],
    ids=["first month", "a figure", "a section"],
)
def test_what_is_left_out_everywhere_is_missed_too(tmp_path, left_out, says) -> None:
    published = find_course().root / "datasets" / "published" / "gpad_monthly.csv"
    lines = published.read_text().splitlines(keepends=True)
    copy = tmp_path / "copy.csv"
    copy.write_text("".join(line for line in lines if not left_out(line)))
    with pytest.raises(PublishedFileError, match=re.escape(says)):
        read_gpad_monthly(copy)
