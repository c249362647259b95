"""The nine cohorts: their rules fit the data model and choose whom they say they choose."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.course import find_course
from clear_helpers.pcn.cohorts import Ages, CohortError, load_cohorts, select
from clear_helpers.pcn.model import AGE_BANDS, COHORTS, CONDITIONS, TABLES

RULES = find_course().root / "datasets" / "cohorts.yml"
PERSON = {
    "practice_id": "P1",
    "age_band": "70-74",
    "sex": "Female",
    "birth_month": "1949-06-01",
    "ethnicity_group": None,
    "lsoa": None,
    "imd_quintile": 1,
    "housebound_code": False,
    "care_home": False,
    "carer": False,
    "language": None,
    "registered_on": "2001-01-01",
    "died_month": None,
}


def people(**changes: dict[str, object]) -> dict[str, pd.DataFrame]:
    """Patients by name, each with ``conditions`` as ``{name: date recorded}``."""
    patients, conditions = [], []
    for name, change in changes.items():
        person = PERSON | {"patient_id": name} | change
        for condition, recorded in person.pop("conditions", {}).items():
            code = next(code for code, word in CONDITIONS.items() if word == condition)
            conditions.append(
                {
                    "condition_id": f"C{len(conditions)}",
                    "patient_id": name,
                    "code": code,
                    "condition": condition,
                    "cohort_hint": None,
                    "first_recorded": recorded,
                }
            )
        patients.append(person)
    recorded = pd.DataFrame(conditions, columns=list(TABLES["condition"].by_name), dtype=object)
    return {
        "patient": TABLES["patient"].validate(pd.DataFrame(patients, dtype=object)),
        "condition": TABLES["condition"].validate(recorded),
    }


def chosen(cohort: str, **changes: dict[str, object]) -> list[str]:
    return select(cohort, people(**changes).__getitem__).tolist()


def rewritten(folder: Path, change) -> Path:
    """A copy of the rules after ``change`` has been made to them."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    change(rules)
    copy = folder / "cohorts.yml"
    copy.write_text(yaml.safe_dump(rules), encoding="utf-8")
    return copy


def test_there_are_nine_and_each_rests_on_its_own_fact() -> None:
    cohorts = load_cohorts()
    assert list(cohorts) == list(COHORTS)
    assert sorted(cohort.seed for cohort in cohorts.values()) == [f"C{n}" for n in range(34, 43)]


@pytest.mark.parametrize("slug", COHORTS)
def test_a_rule_uses_only_what_the_data_model_declares(slug) -> None:
    cohort = load_cohorts()[slug]
    assert cohort.definition.endswith(".") and cohort.title
    assert set(cohort.tables) <= set(TABLES)
    for condition in [*cohort.include, *cohort.exclude]:
        table = TABLES[condition.table]
        assert "patient_id" in table.by_name
        assert condition.column in table.by_name
        assert condition.dated is None or condition.dated in table.by_name
        if condition.values:
            assert set(condition.values) <= set(table.categories(condition.column))


@pytest.mark.parametrize("slug", COHORTS)
def test_nobody_in_an_empty_network(slug) -> None:
    empty = {name: TABLES[name].empty() for name in TABLES}
    found = select(slug, empty.__getitem__)
    assert found.empty and found.dtype == "str" and found.name == "patient_id"


def test_housebound_leaves_out_care_homes_children_and_those_who_had_died() -> None:
    coded = {"housebound_code": True}
    assert chosen(
        "housebound",
        B=coded,
        A=coded,
        no_code={},
        home=coded | {"care_home": True},
        child=coded | {"age_band": "15-19"},
        died=coded | {"died_month": "2021-03-01"},
        died_later=coded | {"died_month": "2021-04-01"},
    ) == ["A", "B", "died_later"]


def test_multimorbidity_counts_different_conditions() -> None:
    assert chosen(
        "long-term-conditions",
        none={},
        one={"conditions": {"asthma": "2010-01-01"}},
        two={"conditions": {"asthma": "2010-01-01", "diabetes": None}},
        not_long_term={"conditions": {"asthma": "2010-01-01", "palliative_care": "2021-01-01"}},
    ) == ["two"]


def test_the_same_condition_coded_twice_is_one_condition() -> None:
    tables = people(A={"conditions": {"asthma": "2010-01-01"}})
    again = tables["condition"].assign(condition_id="again", code="AST2")
    tables["condition"] = pd.concat([tables["condition"], again], ignore_index=True)
    assert select("long-term-conditions", tables.__getitem__).empty
    assert select("respiratory", tables.__getitem__).tolist() == ["A"]


def test_covid_starts_with_the_first_cases_in_england() -> None:
    assert chosen(
        "covid-19",
        before={"conditions": {"covid_19": "2020-01-30"}},
        first={"conditions": {"covid_19": "2020-01-31"}},
        undated={"conditions": {"covid_19": None}},
        child={"conditions": {"long_covid": "2021-02-01"}, "age_band": "5-9"},
    ) == ["child", "first"]


@pytest.mark.parametrize(
    ("slug", "condition"),
    [
        ("dementia", "dementia"),
        ("respiratory", "copd"),
        ("respiratory", "long_covid"),
        ("cardiology", "heart_failure"),
        ("wider-determinants", "homelessness"),
        ("mental-health", "anxiety_or_depression"),
        ("end-of-life", "palliative_care"),
    ],
)
def test_one_code_is_enough_for_the_other_cohorts(slug, condition) -> None:
    assert chosen(slug, A={"conditions": {condition: "2015-01-01"}}, B={}) == ["A"]


def test_high_blood_pressure_alone_is_not_cardiology() -> None:
    assert chosen("cardiology", A={"conditions": {"hypertension": "2015-01-01"}}) == []


@settings(max_examples=10, deadline=None)
@given(st.permutations(["C", "A", "B", "D"]))
def test_the_order_of_rows_does_not_matter(order) -> None:
    housebound = {name: {"housebound_code": name != "B"} for name in order}
    assert chosen("housebound", **housebound) == ["A", "C", "D"]


def test_all_means_every_condition(tmp_path) -> None:
    def both(rules):
        rules["respiratory"] |= {
            "match": "all",
            "include": [
                {"table": "condition", "column": "condition", "values": ["asthma"]},
                {"table": "patient", "column": "carer", "is": True},
                {"table": "patient", "column": "imd_quintile", "from": 1, "to": 2},
            ],
        }

    asthma = {"conditions": {"asthma": "2010-01-01"}}
    tables = people(
        A=asthma | {"carer": True},
        not_carer=asthma,
        no_asthma={"carer": True},
        least_deprived=asthma | {"carer": True, "imd_quintile": 5},
        unknown=asthma | {"carer": True, "imd_quintile": None},
    )
    found = select("respiratory", tables.__getitem__, rewritten(tmp_path, both))
    assert found.tolist() == ["A"]


def test_an_unknown_cohort_lists_the_nine() -> None:
    with pytest.raises(CohortError) as error:
        select("frailty", people(A={}).__getitem__)
    assert "'frailty'" in str(error.value)
    assert all(slug in str(error.value) for slug in COHORTS)


def test_a_table_that_is_not_there_is_named_with_whom_to_ask() -> None:
    with pytest.raises(CohortError, match=r"'dementia' needs the table 'condition'.*practice man"):
        select("dementia", {"patient": people(A={})["patient"]}.__getitem__)


def test_a_pcn_without_the_table_counts_as_not_there() -> None:
    class Extract:
        patient = people(A={})["patient"]

    def table(name: str) -> pd.DataFrame:
        return getattr(Extract, name)

    with pytest.raises(CohortError, match="'condition'"):
        select("dementia", table)
    assert select("housebound", table).empty


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"table": "patients", "column": "carer", "is": True}, "not a table of patients"),
        ({"table": "pcn", "column": "region", "values": ["London"]}, "not a table of patients"),
        ({"table": "patient", "column": "frail", "is": True}, "no column 'frail'"),
        ({"table": "condition", "column": "condition", "values": ["gout"]}, "'gout'"),
        ({"table": "patient", "column": "carer", "values": ["True"]}, "holds a yes/no"),
        ({"table": "patient", "column": "carer"}, "holds a yes/no"),
        ({"table": "patient", "column": "carer", "is": True, "from": 2}, "holds a yes/no"),
        ({"table": "patient", "column": "lsoa", "is": True}, "holds a text"),
        ({"table": "patient", "column": "died_month", "is": True}, "holds a date"),
        (
            {"table": "patient", "column": "sex", "values": ["Male"], "at_least": 2},
            "more than there are",
        ),
        (
            {
                "table": "patient",
                "column": "carer",
                "is": True,
                "dated": "sex",
                "since": "2020-01-01",
            },
            "holds no dates",
        ),
        (
            {"table": "patient", "column": "carer", "is": True, "dated": "died_month"},
            "dated needs since",
        ),
        ({"table": "patient", "column": "carer", "is": True, "code": "Z63"}, "code"),
    ],
)
def test_a_rule_that_does_not_fit_the_data_model_is_refused(tmp_path, condition, message) -> None:
    path = rewritten(tmp_path, lambda rules: rules["dementia"].update(include=[condition]))
    with pytest.raises(CohortError, match=message) as error:
        load_cohorts(path)
    assert "dementia" in str(error.value) and str(path) in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rules: rules.pop("dementia"), "missing or unknown: dementia"),
        (lambda rules: rules.update(frailty=rules["dementia"]), "missing or unknown: frailty"),
        (lambda rules: rules["dementia"].pop("version"), "version"),
        (lambda rules: rules["dementia"].update(ages={"from": 42}), "multiple of 5"),
        (lambda rules: rules["dementia"].update(ages={"from": 40, "to": 70}), "five-year band"),
        (lambda rules: rules["dementia"].update(ages={"from": 70, "to": 64}), "five-year band"),
        (lambda rules: rules["dementia"]["exclude"][0].pop("reason"), "needs a reason"),
    ],
)
def test_a_broken_file_of_rules_is_refused(tmp_path, change, message) -> None:
    with pytest.raises(CohortError, match=message):
        load_cohorts(rewritten(tmp_path, change))


def test_a_missing_or_unreadable_file_of_rules_is_refused(tmp_path) -> None:
    with pytest.raises(CohortError, match="not found"):
        load_cohorts(tmp_path / "cohorts.yml")
    (tmp_path / "cohorts.yml").write_text("dementia: [", encoding="utf-8")
    with pytest.raises(CohortError, match="not readable as YAML"):
        load_cohorts(tmp_path / "cohorts.yml")


@given(st.integers(0, 18), st.one_of(st.none(), st.integers(0, 17)))
def test_age_limits_are_whole_bands(youngest, oldest) -> None:
    if oldest is not None and oldest < youngest:
        return
    ages = Ages(from_=5 * youngest, to=None if oldest is None else 5 * oldest + 4)
    last = None if oldest is None else oldest + 1
    assert ages.bands == list(AGE_BANDS)[youngest:last]
