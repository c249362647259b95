"""What a table is: typed columns, keys, where it comes from, and how it is checked.

The other modules of this package declare the tables with the small constructors at the
end of this one (``text``, ``category``, ``whole`` …). Each declaration becomes a pandera
schema, and is also what the data dictionary, the generator and the extract mapping read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from clear_helpers.notices import Notice

if TYPE_CHECKING:
    import pandera.pandas as pandera

Kind = Literal["text", "category", "whole number", "number", "yes/no", "date", "date and time"]
Layer = Literal[
    "programme",
    "people",
    "information governance",
    "engagement",
    "clinical",
    "workforce",
    "finance",
    "learning",
    "evaluation",
]
Origin = Literal[
    "EPR",
    "community",
    "hospital",
    "workforce",
    "finance",
    "project",
    "simulated",
    "published",
]
Scope = Literal["programme", "pcn"]

FIRST_DATE = pd.Timestamp("1900-01-01")
LAST_DATE = pd.Timestamp("2099-12-31")
PROBLEMS_SHOWN = 5
UNIQUENESS_CHECKS = ("field_uniqueness", "multiple_fields_uniqueness")
YES_NO_WORDS = {"true": True, "yes": True, "false": False, "no": False}


class TableError(Notice, ValueError):
    """A table does not match the data model; the message says where, what, and what to do.

    Parameters
    ----------
    where
        The table, and the file or other source it was read from.
    problems
        One sentence each: column, row, what was found, what was expected.
    """

    def __init__(self, where: str, problems: list[str]) -> None:
        self.problems = problems
        shown = [f"  - {problem}" for problem in problems[:PROBLEMS_SHOWN]]
        if len(problems) > PROBLEMS_SHOWN:
            shown.append(f"  - and {len(problems) - PROBLEMS_SHOWN} more")
        super().__init__(
            "\n".join(
                [
                    f"{where} does not match the data dictionary:",
                    *shown,
                    "Rows are counted from 1, not counting the header. Correct these at the source "
                    "or in the mapping; datasets/README.md describes every column.",
                ]
            )
        )


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name, kind, description
        The heading, what sort of value it holds, and its meaning in plain English.
    unit
        Unit of measurement, where the value has one.
    allowed
        Every allowed value, in order (``kind="category"`` only).
    ordered
        Whether the allowed values run from low to high.
    least, most
        Smallest and largest value, both included.
    nullable
        Whether a value may be missing.
    unique
        Whether no value may appear twice.
    refers
        The column it points to, as ``"table.column"``.
    """

    name: str
    kind: Kind
    description: str
    unit: str | None = None
    allowed: tuple[str, ...] = ()
    ordered: bool = False
    least: float | None = None
    most: float | None = None
    nullable: bool = False
    unique: bool = False
    refers: str | None = None

    @property
    def dtype(self) -> Any:
        """The pandas type the column is held in."""
        match self.kind:
            case "text":
                return pd.StringDtype(na_value=np.nan)
            case "category":
                return pd.CategoricalDtype(list(self.allowed), ordered=self.ordered)
            case "whole number":
                return pd.Int32Dtype() if self.nullable else np.dtype("int32")
            case "number":
                return np.dtype("float64")
            case "yes/no":
                return np.dtype("bool")
            case _:
                return np.dtype("datetime64[us]")

    @property
    def expected(self) -> str:
        """What a value must be, in words."""
        match self.kind:
            case "category":
                return "one of " + ", ".join(self.allowed)
            case "yes/no":
                return "True or False"
            case "date":
                return f"a date from {FIRST_DATE:%Y} to {LAST_DATE:%Y}, with no time of day"
            case "date and time":
                return f"a date and time from {FIRST_DATE:%Y} to {LAST_DATE:%Y}"
            case "text":
                return "some text"
        if self.least is None and self.most is None:
            return f"a {self.kind}"
        if self.most is None:
            return f"a {self.kind}, {self.least:g} or more"
        if self.least is None:
            return f"a {self.kind}, {self.most:g} or less"
        return f"a {self.kind} from {self.least:g} to {self.most:g}"

    def cast(self, values: pd.Series) -> tuple[pd.Series, pd.Series]:
        """The values in the declared type, and a mask of those that cannot be.

        Values that cannot be held come back as missing in the first Series (still in the
        source's type if the declared type has no missing value).
        """
        if values.dtype == self.dtype:
            return values, pd.Series(False, index=values.index)
        absent = values.isna()
        match self.kind:
            case "text":
                cast = values.astype(self.dtype)
            case "category":
                words = values.astype("str")
                cast = words.where(words.isin(self.allowed)).astype(self.dtype)
            case "whole number" | "number":
                numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
                if self.kind == "whole number":
                    numbers = numbers.where((numbers % 1 == 0) & (numbers.abs() < 2**31))
                    cast = numbers.astype("Int32")
                else:
                    cast = numbers.astype("float64")
            case "yes/no":
                cast = values.astype("str").str.strip().str.lower().map(YES_NO_WORDS)
            case _:
                cast = _moments(values).astype(self.dtype)
        lost = cast.isna() & ~absent
        if self.kind in ("yes/no", "whole number") and not cast.isna().any():
            cast = cast.astype(self.dtype)
        return cast, lost


@dataclass(frozen=True)
class Table:
    """One table of the data model.

    Parameters
    ----------
    name, layer, description
        What it is called, which part of the model it belongs to, and what it is for.
    rows
        What one row is.
    origin
        Which system the figures come from, so who holds them.
    scope
        ``"programme"``: all seven PCNs in one table; ``"pcn"``: one PCN's own.
    ask_for
        Whom a team would ask for its own extract, and what to ask for.
    key
        The columns that together name one row.
    columns
        The columns, in order.
    """

    name: str
    layer: Layer
    origin: Origin
    scope: Scope
    rows: str
    description: str
    ask_for: str
    key: tuple[str, ...]
    columns: tuple[Column, ...] = field(repr=False)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by name, in order."""
        return {column.name: column for column in self.columns}

    @property
    def dtypes(self) -> dict[str, Any]:
        """The pandas type of each column."""
        return {column.name: column.dtype for column in self.columns}

    @property
    def foreign_keys(self) -> dict[str, str]:
        """The columns that point to another table, and where to: ``{column: "table.column"}``."""
        return {column.name: column.refers for column in self.columns if column.refers}

    def categories(self, column: str) -> list[str]:
        """The allowed values of a column, in order.

        Raises
        ------
        KeyError
            If the table has no such column, or the column has no list of allowed values.
        """
        found = self.by_name.get(column)
        if found is None or not found.allowed:
            raise KeyError(f"{self.name}.{column} has no list of allowed values.")
        return list(found.allowed)

    def empty(self) -> pd.DataFrame:
        """The table with no rows, every column in its declared type."""
        return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in self.columns})

    @property
    def _key_is_unique_column(self) -> bool:
        return len(self.key) == 1 and self.by_name[self.key[0]].unique

    @cached_property
    def schema(self) -> pandera.DataFrameSchema:
        """The pandera schema: strict, typed, with every range, key and description."""
        # Imported here: a notebook that only reads the vocabulary need not pay for pandera.
        import pandera.pandas as pandera

        def checks(column: Column) -> list[pandera.Check]:
            found = []
            if column.least is not None:
                found.append(pandera.Check.ge(column.least))
            if column.most is not None:
                found.append(pandera.Check.le(column.most))
            if column.kind in ("date", "date and time"):
                found.append(pandera.Check.in_range(FIRST_DATE, LAST_DATE))
            if column.kind == "number":
                found.append(pandera.Check(np.isfinite))
            if column.kind == "date":
                found.append(pandera.Check(lambda days: days.eq(days.dt.normalize())))
            if column.kind == "text":
                found.append(pandera.Check(lambda words: words.str.strip().ne("")))
            return found

        return pandera.DataFrameSchema(
            {
                column.name: pandera.Column(
                    column.dtype,
                    checks(column),
                    nullable=column.nullable,
                    unique=column.unique,
                    description=column.description,
                )
                for column in self.columns
            },
            strict=True,
            ordered=True,
            unique=None if self._key_is_unique_column else list(self.key),
            name=self.name,
            description=self.description,
        )

    def validate(self, frame: pd.DataFrame, source: str = "") -> pd.DataFrame:
        """The table with every column in its declared type and order, once it passes its checks.

        Values held in another type (text read from a file, ``int64``) are converted when
        nothing is lost.

        Parameters
        ----------
        frame
            The table to check.
        source
            Where it came from, such as a file name, for the message.

        Raises
        ------
        TableError
            If a column is missing or unknown, or a value is missing, repeated where it may
            not be, of the wrong kind, or out of range.
        """
        where = f"Table {self.name!r}" + (f" ({source})" if source else "")
        unknown = [str(name) for name in frame.columns if name not in self.by_name]
        missing = [name for name in self.by_name if name not in frame.columns]
        if missing or unknown or frame.columns.has_duplicates:
            problems = [f"column {name!r} is missing" for name in missing]
            problems += [f"column {name!r} is not one of this table's columns" for name in unknown]
            if frame.columns.has_duplicates:
                repeated = frame.columns[frame.columns.duplicated()].unique()
                problems += [f"column {name!r} appears more than once" for name in repeated]
            raise TableError(where, problems)

        typed, problems = {}, []
        for column in self.columns:
            values = frame[column.name].reset_index(drop=True)
            typed[column.name], lost = column.cast(values)
            at_fault = lost if column.nullable else lost | values.isna()
            problems += _at(column, values, at_fault, column.expected)
        if problems:
            raise TableError(where, problems)
        return self._checked(pd.DataFrame(typed), where)

    def check_links(self, frame: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> None:
        """Check that every value of a linking column exists in the table it points to.

        Parameters
        ----------
        frame
            This table.
        others
            The tables at hand, by name; a link to a table that is not at hand is not checked.

        Raises
        ------
        TableError
            If a value points nowhere.
        """
        problems = []
        for name, refers in self.foreign_keys.items():
            table, target = refers.split(".")
            if table in others:
                values = frame[name].reset_index(drop=True)
                lost = values.notna() & ~values.isin(others[table][target])
                problems += _at(self.by_name[name], values, lost, f"a value of {refers}")
        if problems:
            raise TableError(f"Table {self.name!r}", problems)

    def _checked(self, frame: pd.DataFrame, where: str) -> pd.DataFrame:
        import pandera.pandas as pandera

        try:
            return self.schema.validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as error:
            cases = error.failure_cases
        problems = []
        for column in self.columns:
            wrong = cases["column"].eq(column.name) & ~cases["check"].isin(UNIQUENESS_CHECKS)
            at_fault = pd.Series(frame.index.isin(cases.loc[wrong, "index"]))
            problems += _at(column, frame[column.name], at_fault, column.expected)
        for key in [self.key, *((column.name,) for column in self.columns if column.unique)]:
            problems += _repeats(frame, key)
        raise TableError(where, list(dict.fromkeys(problems)))


def _moments(values: pd.Series) -> pd.Series:
    """Dates and times without a time zone; missing where a value is not plainly one.

    Only year-month-day text is read, because 03/04/2021 is two different days; a number
    could be counted from anywhere, and a time zone would move the clock.
    """
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return values
    words = values.astype("str")
    plain = words.str.match(r"\d{4}-\d\d-\d\d") & ~words.str.contains(r":\d\d.*(?:Z|[+-])")
    return pd.to_datetime(words.where(plain), errors="coerce", format="ISO8601")


def _at(column: Column, values: pd.Series, at_fault: pd.Series, expected: str) -> list[str]:
    """One sentence for the first value at fault, with how many more there are."""
    rows = np.flatnonzero(at_fault.to_numpy())
    if not len(rows):
        return []
    value = values.iloc[rows[0]]
    found = "a blank" if pd.isna(value) else f"{str(value)[:60]!r}"
    return [f"column {column.name!r}, {_row(rows)}: found {found}, expected {expected}"]


def _repeats(frame: pd.DataFrame, key: Iterable[str]) -> list[str]:
    """One sentence for the first row whose key has been seen before."""
    key = list(key)
    rows = np.flatnonzero(frame.duplicated(key).to_numpy())
    if not len(rows):
        return []
    again = frame[key].iloc[rows[0]]
    first = np.flatnonzero(frame[key].eq(again).all(axis=1).to_numpy())[0]
    value = ", ".join(str(part) for part in again)
    return [
        f"column {' + '.join(key)!r}, {_row(rows)}: found {value!r} again "
        f"(first in row {first + 1}), expected each only once"
    ]


def _row(rows: np.ndarray) -> str:
    """The first of some row positions, counted from 1, and how many more there are."""
    if len(rows) == 1:
        return f"row {rows[0] + 1}"
    return f"row {rows[0] + 1} (and {len(rows) - 1} more)"


def identifier(name: str, description: str) -> Column:
    """A column whose values each name one row of the table."""
    return Column(name, "text", description, unique=True)


def link(name: str, refers: str, description: str, *, nullable: bool = False) -> Column:
    """A column whose values are those of another table's column, given as ``"table.column"``."""
    return Column(name, "text", description, refers=refers, nullable=nullable)


def text(name: str, description: str, *, nullable: bool = False) -> Column:
    """Free text; never blank unless ``nullable``."""
    return Column(name, "text", description, nullable=nullable)


def category(
    name: str,
    allowed: Iterable[str],
    description: str,
    *,
    ordered: bool = False,
    nullable: bool = False,
) -> Column:
    """One of a fixed list of values."""
    return Column(
        name, "category", description, allowed=tuple(allowed), ordered=ordered, nullable=nullable
    )


def whole(
    name: str,
    description: str,
    unit: str | None = None,
    *,
    least: float | None = 0,
    most: float | None = None,
    nullable: bool = False,
) -> Column:
    """A whole number; zero or more unless another range is given."""
    return Column(
        name, "whole number", description, unit, least=least, most=most, nullable=nullable
    )


def number(
    name: str,
    description: str,
    unit: str | None = None,
    *,
    least: float | None = 0,
    most: float | None = None,
    nullable: bool = False,
) -> Column:
    """A number with decimals; zero or more unless another range is given."""
    return Column(name, "number", description, unit, least=least, most=most, nullable=nullable)


def yes_no(name: str, description: str) -> Column:
    """True or False; never missing."""
    return Column(name, "yes/no", description)


def date(name: str, description: str, *, nullable: bool = False) -> Column:
    """A calendar date; a month is held as its first day."""
    return Column(name, "date", description, nullable=nullable)


def time(name: str, description: str, *, nullable: bool = False) -> Column:
    """A date with the time of day."""
    return Column(name, "date and time", description, nullable=nullable)
