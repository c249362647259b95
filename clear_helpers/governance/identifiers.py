"""Finding what could identify a person before a file leaves the team.

NHS numbers are checked by the nhs-number package (MIT licence). Postcodes follow the Royal
Mail's pattern, with its 124 areas (Programmers' Guide to the Postcode Address File).
"""

from __future__ import annotations

import bisect
import csv
import html
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

READABLE = frozenset({".ipynb", ".md", ".csv", ".tsv", ".json", ".txt", ".html", ".htm"})
NEVER_SEARCHED = frozenset({".git", ".venv", "__pycache__", "node_modules"})
COLUMNS = ("file", "cell", "part", "line", "kind", "excerpt", "advice")

ADVICE = {
    "NHS number": "Remove it. Use a pseudonym such as LK000123, made by whoever holds the key.",
    "NHS number (test range)": "This range is kept for tests. Make sure that it is invented.",
    "date of birth": "Remove it. Use a five-year age band, or the month of birth if you must.",
    "postcode": "Use the LSOA or the deprivation fifth. An organisation's postcode may stay.",
    "name": "Use the role, such as 'practice nurse'. An author you cite may stay.",
}

_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE "
    "LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL "
    "SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREA = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
_INWARD = "[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(
    rf"(?<![A-Za-z0-9_/+#-])(?:(?:{_AREA})[0-9][0-9A-Z]?[ \u00a0]{{0,2}}{_INWARD}"
    rf"|(?:{_AREA.lower()})[0-9][0-9a-z]? {_INWARD.lower()})(?![A-Za-z0-9_/+=-])"
)
_ORDINAL = re.compile(r"[0-9](?:st|nd|rd|th)$")

_GAP = r"[ \u00a0\u2007\u2009\u202f-]"
_NHS_NUMBER = re.compile(
    rf"(?<![0-9])(?<![0-9][.])([0-9]{{3}}{_GAP}?[0-9]{{3}}{_GAP}?[0-9]{{4}})(?:\.0)?(?![0-9])(?!\.[0-9])"
)
_HASH = re.compile(r"[0-9a-fA-F]{16,}")

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_YEAR = "(?:19|20)[0-9]{2}"
_DATE = (
    rf"(?:(?:0?[1-9]|[12][0-9]|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:{_YEAR}|[0-9]{{2}})"
    rf"|{_YEAR}[/.-](?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12][0-9]|3[01])"
    rf"|(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?[ -](?:{_MONTH})[a-z]*[ ,-]+(?:{_YEAR}|[0-9]{{2}})"
    rf"|(?:{_MONTH})[a-z]* (?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?,? {_YEAR}"
    rf"|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"
)
_BIRTH_LABEL = r"(?:\bd\.?o\.?b\b\.?|_dob|dob_|\bdate[ _-]?of[ _-]?birth|\bbirth[ _-]?da(?:te|y))"
_ANY_DATE = re.compile(rf"(?<![0-9A-Za-z/.-]){_DATE}(?![0-9A-Za-z/-])(?!\.[0-9])", re.IGNORECASE)
_LABELLED_DATE = re.compile(
    # A label reaches over tags and dots, but not into the next sentence.
    rf"(?:{_BIRTH_LABEL}(?:[^0-9.;]|[.](?![ ]?[A-Z])){{0,60}}?|\bborn\b[^0-9.;,]{{0,12}}?)({_DATE})(?![0-9])",
    re.IGNORECASE,
)
_BIRTH = re.compile(rf"{_BIRTH_LABEL}|\bborn\b|(?:^|[^a-z])dob(?:[^a-z]|$)", re.IGNORECASE)
_LAST_CENTURY = re.compile(r"(?<![0-9])19[0-9]{2}")
_TABLE = re.compile(
    r"<table.*?</table>|(?:^[ \t]*\|[^\n]*\n?)+", re.DOTALL | re.IGNORECASE | re.MULTILINE
)
_HEADING = re.compile(r"\s*(?:<table.*?</tr>|(?:[^\n]*\n?){1,3})", re.DOTALL | re.IGNORECASE)

_TITLE = "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev"
_WORD = r"[A-ZÀ-Þ][a-zß-ÿ]+(?:['’-][A-ZÀ-Þ]?[a-zß-ÿ]+)*|(?:O['’]|Mac|Mc|D['’])[A-ZÀ-Þ][a-zß-ÿ]+"
_NAME = re.compile(
    rf"\b(?:{_TITLE})\.?[ \u00a0]+(?:(?:[A-Z]\.?[ \u00a0]+){{0,3}}(?:{_WORD})(?:[ \u00a0]+(?:{_WORD})){{0,2}}"
    r"|(?:[A-Z]\.){1,3}[ ]?[A-Z][a-z]+)"
    r"|\b(?:MR|MRS|MISS|MX|DR)\.?[ \u00a0]+[A-Z][A-Z'’-]{2,}(?:[ \u00a0]+[A-Z][A-Z'’-]+){0,2}"
)
_NAME_COLUMN = re.compile(
    r"(?:patient|person|client|first|last|full|middle|given|family|maiden|next of kin|carer|gp)"
    r"[ _-]?name|fore[ _-]?names?|sur[ _-]?name",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+")

_LABEL_WORDS = (
    "nhs number no dob date of birth born birthday postcode address name surname forename "
    "patient title mr mrs ms miss mx dr prof professor sir dame rev"
)
_KEPT = frozenset(_LABEL_WORDS.split())


@dataclass(frozen=True)
class _Part:
    """One stretch of text of a file: a cell's source, one of its outputs, or the whole file."""

    text: str
    part: str
    cell: int | None = None
    tabular: bool = False


def is_valid_nhs_number(text: Any, region: str | None = None) -> bool:
    """Whether text is a well-formed NHS number with the right check digit.

    Parameters
    ----------
    text
        Ten digits, or grouped 3-3-4 by spaces or hyphens; space around it is ignored. A whole
        number is read as its digits.
    region
        Also ask that the number lies in a region's range, by the package's names: such as
        "ENGLAND_WALES_IOM", "SCOTLAND", "NORTHERN_IRELAND", "SYNTHETIC".

    Returns
    -------
    bool
        False for anything else: other text, missing values, other kinds of value. Numbers of
        the range kept for tests (they begin with 9) are valid. True does not mean that the
        number was ever issued: one ten-digit number in eleven is well formed.

    Raises
    ------
    ValueError
        If the region is not one the package knows.

    Notes
    -----
    By the nhs-number package. Source: NHS Data Dictionary, modulus 11.
    """
    import nhs_number

    if region is not None and region not in nhs_number.REGIONS:
        known = ", ".join(map(repr, nhs_number.REGIONS))
        raise ValueError(f"region: found {region!r}; expected one of {known}.")
    where: Any = None if region is None else nhs_number.REGIONS[region]
    return bool(nhs_number.is_valid(text, where))


def find_identifiers(path: str | Path) -> pd.DataFrame:
    """Search a file, or every file in a folder, for what could identify a person.

    Parameters
    ----------
    path
        A notebook (sources and outputs are searched), .md, .csv, .tsv, .json, .txt or .html
        file, or a folder, which is searched with all folders in it.

    Returns
    -------
    DataFrame
        One row per finding, in reading order: ``file`` (within the folder), ``cell`` (from 1;
        missing outside notebooks), ``part`` ("source", "output", "text" or "file name"),
        ``line`` (from 1, within the cell's part or the file), ``kind`` ("NHS number", "NHS
        number (test range)", "date of birth", "postcode" or "name"), ``excerpt`` (the shape of
        what was found, with every letter and digit masked) and ``advice``. Empty if nothing
        was found. ``attrs["not_read"]`` lists files of other kinds, which were not searched.

    Raises
    ------
    ValueError
        If the path does not exist, or is a file of another kind.

    Notes
    -----
    Found: NHS numbers with a right check digit; dates that a word or column heading calls a
    date of birth, and any full date of the last century; full UK postcodes; names after a
    title, and values of columns headed as names. Not found: a name without a title in running
    text, an address without its postcode, or a person described so well that they are known.
    So an empty result is not permission to share: a person must still read the file.
    """
    start = Path(path) if isinstance(path, (str, Path)) else None
    if start is None or not start.exists():
        raise ValueError(f"path: found {path!r}, which does not exist; expected a file or folder.")
    if start.is_file() and start.suffix.lower() not in READABLE:
        raise ValueError(
            f"path: found a {start.suffix or 'nameless'} file; expected one of "
            f"{', '.join(sorted(READABLE))}, or a folder."
        )
    files = [start] if start.is_file() else list(_files(start))
    rows: list[dict[str, Any]] = []
    not_read = []
    for file in files:
        shown = file.name if start.is_file() else file.relative_to(start).as_posix()
        masked = _mask_spans(shown, [(a, b) for a, b, _ in _spans(_spaced(shown))])
        rows += _findings(_Part(_spaced(shown), "file name"), masked, None)
        if file.suffix.lower() not in READABLE:
            not_read.append(masked)
            continue
        text = _read(file)
        for part in _parts(text, file.suffix.lower()):
            columns = _columns(part.text, file.suffix.lower()) if part.part == "text" else []
            rows += _findings(part, masked, columns)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table = table.astype({"cell": "Int64", "line": "Int64"})
    table.attrs["not_read"] = not_read
    return table


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).parts
        if file.is_file() and not NEVER_SEARCHED.intersection(inside):
            yield file


def _read(file: Path) -> str:
    raw = file.read_bytes()
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    return raw.decode("utf-16" if wide else "utf-8-sig", errors="replace")


def _parts(text: str, suffix: str) -> Iterator[_Part]:
    if suffix == ".ipynb":
        try:
            notebook = json.loads(text)
            cells = notebook["cells"]
            yield from (
                part for number, cell in enumerate(cells, 1) for part in _cell(cell, number)
            )
            return
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # not a notebook inside: read it as it stands
    yield _Part(_plain(text) if suffix in {".html", ".htm", ".md"} else text, "text")


def _cell(cell: dict[str, Any], number: int) -> Iterator[_Part]:
    yield _Part(_plain(_joined(cell.get("source", ""))), "source", number)
    for output in cell.get("outputs", []):
        yield from (
            _Part(_plain(text), "output", number, tabular=True) for text in _output_texts(output)
        )


def _output_texts(output: dict[str, Any]) -> Iterator[str]:
    if "text" in output:
        yield _joined(output["text"])
    if "traceback" in output:
        yield re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(map(str, output["traceback"])))
    for kind, content in output.get("data", {}).items():
        if kind.startswith("image/") and kind != "image/svg+xml":
            continue
        yield _joined(content)


def _joined(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(line, str) for line in content):
        return "".join(content)
    return json.dumps(content, ensure_ascii=False, indent=0)


def _plain(text: str) -> str:
    """Text without embedded pictures, and with &nbsp; and its like written out."""
    return html.unescape(_EMBEDDED.sub("", text))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _spans(text: str, tabular: bool = False) -> list[tuple[int, int, str]]:
    """Where identifiers lie, and their kinds, in reading order; none overlaps another."""
    found = [*_nhs_numbers(text), *_birth_dates(text, tabular), *_postcodes(text)]
    found += [(m.start(), m.end(), "name") for m in _NAME.finditer(text)]
    return _apart(found)


def _apart(found: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for span in sorted(set(found)):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _nhs_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    import nhs_number

    for match in _NHS_NUMBER.finditer(text):
        digits = re.sub(r"[^0-9]", "", match[1])
        if not is_valid_nhs_number(digits) or _in_hash(text, match.start(), match.end()):
            continue
        region = nhs_number.NhsNumber(digits).region
        if region in (None, nhs_number.REGION_UNALLOCATED, nhs_number.REGION_RESERVED):
            continue
        test = region is nhs_number.REGION_SYNTHETIC
        yield *match.span(1), "NHS number (test range)" if test else "NHS number"


def _in_hash(text: str, start: int, end: int) -> bool:
    """Whether digits are the middle of a long hexadecimal code, such as a checksum."""
    around = text[max(start - 64, 0) : end + 64]
    first = min(start, 64)
    return any(
        run.start() <= first and run.end() >= first + end - start and not run[0].isdigit()
        for run in _HASH.finditer(around)
    )


def _birth_dates(text: str, tabular: bool) -> Iterator[tuple[int, int, str]]:
    kind = "date of birth"
    yield from ((*match.span(1), kind) for match in _LABELLED_DATE.finditer(text))
    tables = [(0, len(text))] if tabular else [match.span() for match in _TABLE.finditer(text)]
    headed = [span for span in tables if _headed(text[slice(*span)])]
    for match in _ANY_DATE.finditer(text):
        inside = any(first <= match.start() < last for first, last in headed)
        if inside or _LAST_CENTURY.search(match[0]):
            yield *match.span(), kind


def _headed(table: str) -> bool:
    """Whether a heading of the table speaks of birth; in Markdown only its first line can."""
    heading = table.split("\n", 1)[0] if table.lstrip().startswith("|") else None
    found = _HEADING.match(table)
    return bool(_BIRTH.search(heading or (found[0] if found else "")))


def _postcodes(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _POSTCODE.finditer(text):
        if not _ORDINAL.search(match[0]):
            yield *match.span(), "postcode"


def _columns(text: str, suffix: str) -> list[tuple[int, str, str]]:
    """Line, kind and value of what columns headed as names or dates of birth hold."""
    if suffix not in {".csv", ".tsv"}:
        return []
    heading = text.split("\n", 1)[0]
    if not (_BIRTH.search(heading.replace("_", " ")) or _NAME_COLUMN.search(heading)):
        return []
    separator = "\t" if suffix == ".tsv" else max(",;\t|", key=heading.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    kinds: dict[int, str] = {}
    for place, name in enumerate(next(reader)):
        if _BIRTH.search(name.replace("_", " ")):
            kinds[place] = "date of birth"
        elif _NAME_COLUMN.fullmatch(name.strip()):
            kinds[place] = "name"
    found = []
    for row in reader:
        for place, kind in kinds.items():
            value = row[place].strip() if place < len(row) else ""
            named = kind == "name" and any(letter.isalpha() for letter in value)
            if named or (kind == "date of birth" and _ANY_DATE.search(value)):
                found.append((reader.line_num, kind, value))
    return found


def _findings(
    part: _Part, file: str, columns: list[tuple[int, str, str]] | None
) -> list[dict[str, Any]]:
    spans = _spans(part.text, part.tabular)
    breaks = [match.start() for match in re.finditer("\n", part.text)]
    rows = []
    for start, end, kind in spans:
        line = None if part.part == "file name" else bisect.bisect_left(breaks, start) + 1
        before = part.text[max(start - 24, 0) : start].rsplit("\n", 1)[-1]
        rows.append((line, kind, _shape(before) + _shape(part.text[start:end])))
    known = {(line, kind) for line, kind, _ in rows}
    rows += [
        (line, kind, _shape(value))
        for line, kind, value in columns or []
        if (line, kind) not in known
    ]
    rows.sort(key=lambda row: row[0] or 0)
    return [
        {
            "file": file,
            "cell": part.cell,
            "part": part.part,
            "line": line,
            "kind": kind,
            "excerpt": " ".join(excerpt.split()),
            "advice": ADVICE[kind],
        }
        for line, kind, excerpt in rows
    ]


def _shape(text: str) -> str:
    """Text with digits as #, letters as x, and only the words of a label left to read."""

    def word(match: re.Match[str]) -> str:
        if match[0].casefold() in _KEPT:
            return match[0]
        return "x" * len(match[0])

    return re.sub(r"[^\W\d_]+", word, re.sub(r"\d", "#", text))


def _mask_spans(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + _shape(text[start:end]) + text[end:]
    return text
