"""The nine cohorts: which patients belong to which, by the rules of ``datasets/cohorts.yml``.

A rule is data, not code: conditions on the columns of the data model, checked against it
when the file is read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from clear_helpers.course import SEED_FACT, explain, find_course
from clear_helpers.notices import Notice

from .model import AGE_BANDS, COHORTS, TABLES

TablesGetter = Callable[[str], pd.DataFrame]


class CohortError(Notice):
    """A cohort is not known, its rule is wrong, or a table it needs is not there."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(_Strict):
    """One condition on one column of a table of patients.

    Give ``values`` (for a column with allowed values), ``is`` (yes/no), ``since`` or
    ``before`` (dates), or ``from`` and ``to`` (numbers, both included).
    """

    table: str
    column: str
    values: list[str] = []
    at_least: int = Field(default=1, ge=1)
    is_: bool | None = Field(default=None, alias="is")
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    dated: str | None = None
    since: date | None = None
    before: date | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _fits_the_data_model(self) -> Condition:
        table = TABLES.get(self.table)
        if table is None or "patient_id" not in table.by_name:
            raise ValueError(f"{self.table!r} is not a table of patients")
        for name in filter(None, (self.column, self.dated)):
            if name not in table.by_name:
                raise ValueError(f"table {self.table!r} has no column {name!r}")
        tests: dict[str, bool] = {
            "category": bool(self.values),
            "yes/no": self.is_ is not None,
            "number": self.from_ is not None or self.to is not None,
            "date": self.dated is None and (self.since is not None or self.before is not None),
        }
        held: str = table.by_name[self.column].kind
        kind = {"whole number": "number", "date and time": "date"}.get(held, held)
        if [name for name, given in tests.items() if given] != [kind]:
            raise ValueError(
                f"column {self.column!r} holds a {kind}, and needs a test of that kind"
            )
        if unknown := set(self.values) - set(table.by_name[self.column].allowed):
            raise ValueError(f"{sorted(unknown)} are not values of {self.table}.{self.column}")
        if self.at_least > max(len(self.values), 1):
            raise ValueError(f"at_least is {self.at_least}, more than there are values")
        if self.dated and not table.by_name[self.dated].kind.startswith("date"):
            raise ValueError(f"column {self.dated!r} holds no dates")
        if self.dated and self.since is None and self.before is None:
            raise ValueError("dated needs since or before")
        return self

    def patients(self, frame: pd.DataFrame) -> pd.Series:
        """The different ``patient_id`` values that meet the condition."""
        column = frame[self.column]
        met = column.notna()
        if self.values:
            met &= column.isin(self.values)
        if self.is_ is not None:
            met &= column.eq(self.is_)
        if self.from_ is not None:
            met &= column.ge(self.from_)
        if self.to is not None:
            met &= column.le(self.to)
        moments = frame[self.dated or self.column]
        if self.since is not None:
            met &= moments.ge(pd.Timestamp(self.since))
        if self.before is not None:
            met &= moments.lt(pd.Timestamp(self.before))
        found = frame.loc[met.fillna(False).astype("bool"), ["patient_id", self.column]]
        if self.at_least == 1:
            return found["patient_id"].drop_duplicates()
        kinds = found.drop_duplicates()["patient_id"].value_counts()
        return kinds.index[kinds.ge(self.at_least)].to_series()


class Ages(_Strict):
    """Youngest and oldest age, both included, on the date ages are measured."""

    from_: int = Field(default=0, alias="from", ge=0, le=90, multiple_of=5)
    to: int | None = Field(default=None, ge=4, le=89)

    @model_validator(mode="after")
    def _whole_bands(self) -> Ages:
        if self.to is not None and ((self.to + 1) % 5 or self.to < self.from_):
            raise ValueError(f"to is {self.to}: give the last age of a five-year band, such as 64")
        return self

    @property
    def bands(self) -> list[str]:
        """The age bands inside the limits."""
        last = len(AGE_BANDS) if self.to is None else (self.to + 1) // 5
        return list(AGE_BANDS[self.from_ // 5 : last])


class Cohort(_Strict):
    """One cohort: what it means, and the rule that finds its patients."""

    title: str
    definition: str
    seed: str = Field(pattern=SEED_FACT)
    version: str = Field(pattern=r"^\d+\.\d+$")
    ages: Ages = Ages()
    match: Literal["any", "all"] = "any"
    include: list[Condition] = Field(min_length=1)
    exclude: list[Condition] = []

    @model_validator(mode="after")
    def _exclusions_have_reasons(self) -> Cohort:
        if not all(condition.reason for condition in self.exclude):
            raise ValueError("every exclusion needs a reason")
        return self

    @property
    def tables(self) -> list[str]:
        """The tables the rule reads, ``patient`` first."""
        conditions = [*self.include, *self.exclude]
        return list(dict.fromkeys(["patient", *(condition.table for condition in conditions)]))


def load_cohorts(path: Path | None = None) -> dict[str, Cohort]:
    """The nine cohorts by slug.

    Parameters
    ----------
    path
        The file of rules; by default the course's ``datasets/cohorts.yml``.

    Raises
    ------
    CohortError
        If the file is missing, is not YAML, breaks its schema, uses a table, column or value
        that the data model does not declare, or does not hold exactly the nine cohorts.
    """
    path = path or find_course().root / "datasets" / "cohorts.yml"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise CohortError(f"{path}: not found. Restore it as it came with the course.") from None


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, Cohort]:
    try:
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        cohorts = TypeAdapter(dict[str, Cohort]).validate_python(rules)
    except yaml.YAMLError as error:
        raise CohortError(f"{path}: not readable as YAML: {error}") from None
    except ValidationError as error:
        raise CohortError(f"{path} breaks the schema of cohorts:\n{explain(error)}") from None
    if set(cohorts) != set(COHORTS):
        wrong = ", ".join(sorted(set(cohorts) ^ set(COHORTS)))
        raise CohortError(f"{path} must hold the nine cohorts; missing or unknown: {wrong}.")
    return cohorts


def select(cohort: str, tables: TablesGetter, path: Path | None = None) -> pd.Series:
    """The patients of one cohort.

    Parameters
    ----------
    cohort
        One of the nine slugs, such as ``"housebound"``.
    tables
        Gives a table of the data model by name; raises ``KeyError`` or ``AttributeError`` for
        one that is not there.
    path
        The file of rules; by default the course's ``datasets/cohorts.yml``.

    Returns
    -------
    Series
        ``patient_id`` (text), each once, in order, indexed from 0.

    Raises
    ------
    CohortError
        If there is no such cohort, or a table that its rule needs is not there.
    """
    cohorts = load_cohorts(path)
    if cohort not in cohorts:
        raise CohortError(f"There is no cohort {cohort!r}. The nine are: {', '.join(COHORTS)}.")
    rule = cohorts[cohort]
    frames = {name: _table(cohort, name, tables) for name in rule.tables}

    patient = frames["patient"]
    ids = patient["patient_id"]
    matches = pd.concat(
        [ids.isin(condition.patients(frames[condition.table])) for condition in rule.include],
        axis=1,
    )
    chosen = matches.any(axis=1) if rule.match == "any" else matches.all(axis=1)
    chosen &= patient["age_band"].isin(rule.ages.bands)
    for condition in rule.exclude:
        chosen &= ~ids.isin(condition.patients(frames[condition.table]))
    return ids[chosen].drop_duplicates().sort_values(ignore_index=True)


def _table(cohort: str, name: str, tables: TablesGetter) -> pd.DataFrame:
    try:
        return tables(name)
    except (KeyError, AttributeError) as error:
        raise CohortError(
            f"The cohort {cohort!r} needs the table {name!r}, which is not available. "
            f"{TABLES[name].ask_for}"
        ) from error
