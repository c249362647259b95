"""The data model: every table is declared, documented, and refuses what does not fit it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.course import find_course
from clear_helpers.pcn.dictionary import dictionary
from clear_helpers.pcn.model import (
    AGE_BANDS,
    APPOINTMENT_MODES,
    APPOINTMENT_STATUSES,
    NATIONAL_CATEGORIES,
    TABLES,
    TableError,
    age_band,
)
from clear_helpers.pcn.published import read_gpad_monthly

# Every table the course's weeks are planned around, by layer.
PLANNED = [
    "pcn",
    "practice",
    "practice_indicator",
    "eoi_response",
    "eoi_meeting_date",
    "cohort_preference",
    "project",
    "milestone",
    "plan_task",
    "applicant",
    "applicant_evidence",
    "team_member",
    "time_log",
    "backfill_invoice",
    "ig_agreement",
    "data_flow",
    "data_item",
    "dpia_risk",
    "stakeholder",
    "engagement_contact",
    "interview_segment",
    "process_step",
    "process_event",
    "crowd_user",
    "crowd_idea",
    "crowd_comment",
    "crowd_vote",
    "coded_extract",
    "patient",
    "condition",
    "frailty_risk",
    "appointment",
    "gp_contact",
    "community_contact",
    "home_visit_request",
    "ed_attendance",
    "spell",
    "needs_assessment",
    "care_plan",
    "mdt_meeting",
    "mdt_case",
    "coordination_task",
    "post",
    "rota_week",
    "absence",
    "leaver",
    "staff_pulse",
    "arrs_claim",
    "task",
    "task_role",
    "competency",
    "staff_skill",
    "unit_cost",
    "ledger_month",
    "site_saving",
    "als_meeting",
    "als_attendance",
    "uptake_month",
    "kaleidoscope_post",
    "kaleidoscope_link",
    "cop_member",
    "option_score",
    "pdsa_cycle",
    "followup_panel",
    "associate_survey",
    "measure_plan",
]

ORIGINS = [
    "EPR",
    "community",
    "hospital",
    "workforce",
    "finance",
    "project",
    "simulated",
    "published",
]
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
PATIENT = {
    "patient_id": "LK000001",
    "practice_id": "P1",
    "age_band": "80-84",
    "sex": "Female",
    "birth_month": "1938-05-01",
    "ethnicity_group": None,
    "lsoa": None,
    "imd_quintile": None,
    "housebound_code": "yes",
    "care_home": False,
    "carer": "No",
    "language": "English",
    "registered_on": "1999-02-03",
    "died_month": None,
}
REQUEST = {
    "request_id": "V1",
    "patient_id": "LK000001",
    "practice_id": "P1",
    "requested_at": "2021-03-01 09:30",
    "responded_at": None,
    "staff_role": "Paramedic",
    "minutes": 25,
    "outcome": "Visited",
}


def frame(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """Rows of a table from a base row and what differs from it."""
    base = {"patient": PATIENT, "home_visit_request": REQUEST}[name]
    return pd.DataFrame([base | row for row in rows], dtype=object)


def refusal(name: str, *rows: dict[str, object]) -> str:
    with pytest.raises(TableError) as error:
        TABLES[name].validate(frame(name, *rows), source="list.csv")
    return str(error.value)


def test_every_planned_table_is_declared_and_no_other() -> None:
    assert sorted(TABLES) == sorted(PLANNED)


def test_every_table_a_week_reads_is_declared() -> None:
    for week in find_course().syllabus.weeks:
        assert set(week.tables) <= set(TABLES), week.name


@every_table
def test_table_says_what_it_is(table) -> None:
    assert table.origin in ORIGINS
    assert table.scope in ("programme", "pcn")
    for words in (table.rows, table.description, table.ask_for):
        assert words.endswith(".")
    assert len(table.by_name) == len(table.columns)


@every_table
def test_every_column_is_described_in_plain_words(table) -> None:
    for column in table.columns:
        assert column.description.strip().endswith("."), column.name
        assert column.description[0].isupper() or column.description[0].isdigit(), column.name
        assert bool(column.allowed) == (column.kind == "category"), column.name
        assert len(set(column.allowed)) == len(column.allowed)
        assert all(value == value.strip() != "" for value in column.allowed)


@every_table
def test_keys_are_declared_and_links_lead_to_a_key(table) -> None:
    assert table.key
    for name in table.key:
        assert not table.by_name[name].nullable
    for refers in table.foreign_keys.values():
        other, column = refers.split(".")
        assert TABLES[other].key == (column,)


@every_table
def test_an_empty_table_passes_its_own_schema(table) -> None:
    checked = table.validate(table.empty())
    assert checked.dtypes.astype(str).to_dict() == {
        name: str(dtype) for name, dtype in table.dtypes.items()
    }
    assert table.schema.strict and table.schema.description
    assert all(column.description for column in table.schema.columns.values())


@every_table
def test_each_blank_column_is_refused_unless_it_may_be_blank(table) -> None:
    nothing = pd.DataFrame({name: [None] for name in table.by_name}, dtype=object)
    with pytest.raises(TableError) as error:
        table.validate(nothing)
    required = [column for column in table.columns if not column.nullable]
    assert error.value.problems == [
        f"column {column.name!r}, row 1: found a blank, expected {column.expected}"
        for column in required
    ]


def test_values_read_from_text_are_given_the_declared_types() -> None:
    patient = TABLES["patient"].validate(frame("patient", {}))
    assert patient["housebound_code"].tolist() == [True]
    assert patient["carer"].tolist() == [False]
    assert patient["age_band"].cat.ordered
    assert patient["birth_month"].dtype == "datetime64[us]"
    assert patient["imd_quintile"].dtype == "Int32"
    assert patient["died_month"].isna().all()
    assert patient["sex"].cat.categories.tolist() == TABLES["patient"].categories("sex")


def test_columns_may_come_in_any_order_and_leave_in_the_declared_one() -> None:
    shuffled = frame("patient", {})[sorted(PATIENT, reverse=True)]
    assert TABLES["patient"].validate(shuffled).columns.tolist() == list(PATIENT)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("birth_month", "01/05/1938", "a date from 1900"),
        ("birth_month", 14001, "a date from 1900"),
        ("birth_month", "1838-05-01", "a date from 1900"),
        ("birth_month", "1938-05-01 10:30", "no time of day"),
        ("birth_month", None, "a date from 1900"),
        ("age_band", "80 to 84", "one of 0-4, 5-9"),
        ("sex", "female", "one of Female, Male"),
        ("imd_quintile", 6, "a whole number from 1 to 5"),
        ("imd_quintile", 0, "a whole number from 1 to 5"),
        ("imd_quintile", 2.5, "a whole number from 1 to 5"),
        ("imd_quintile", float("inf"), "a whole number from 1 to 5"),
        ("imd_quintile", "two", "a whole number from 1 to 5"),
        ("housebound_code", "perhaps", "True or False"),
        ("housebound_code", None, "True or False"),
        ("practice_id", "  ", "some text"),
        ("practice_id", None, "some text"),
    ],
)
def test_a_wrong_value_is_named_with_its_row_and_what_was_expected(column, value, expected) -> None:
    message = refusal(
        "patient", {}, {"patient_id": "LK000002", column: value}, {"patient_id": "LK000003"}
    )
    assert "'patient' (list.csv)" in message
    assert f"column {column!r}, row 2: found " in message
    assert ("a blank" if value is None else str(value)) in message
    assert expected in message
    assert "datasets/README.md" in message
    assert message.count("  - ") == 1


def test_a_blank_and_a_wrong_value_are_reported_together() -> None:
    message = refusal("patient", {"practice_id": None, "sex": "X"})
    assert "'practice_id', row 1: found a blank" in message
    assert "'sex', row 1: found 'X'" in message


def test_an_infinite_number_is_refused() -> None:
    cost = {
        "item_id": "visit",
        "item": "Home visit",
        "setting": "Community",
        "per": "visit",
        "cost": float("inf"),
        "price_year": "2020/21",
        "source": "Local",
    }
    with pytest.raises(TableError, match="'cost', row 1: found 'inf', expected a number, 0 or"):
        TABLES["unit_cost"].validate(pd.DataFrame([cost]))


def test_a_time_with_a_zone_is_refused_because_it_would_move_the_clock() -> None:
    for moment in ("2021-07-01T09:30:00+01:00", "2021-07-01T09:30:00Z"):
        assert "row 1" in refusal("home_visit_request", {"requested_at": moment})
    aware = frame("home_visit_request", {})
    aware["requested_at"] = pd.to_datetime(aware["requested_at"]).dt.tz_localize("Europe/London")
    with pytest.raises(TableError, match="requested_at"):
        TABLES["home_visit_request"].validate(aware)


def test_a_repeated_key_is_named_with_both_rows() -> None:
    message = refusal("patient", {}, {"patient_id": "LK000002"}, {})
    assert "row 3: found 'LK000001' again (first in row 1)" in message


def test_a_repeated_key_of_two_columns_is_named_once() -> None:
    dates = pd.DataFrame({"pcn_id": ["LK", "EB", "LK"], "date": ["2021-05-10"] * 3})
    with pytest.raises(TableError) as error:
        TABLES["eoi_meeting_date"].validate(dates)
    assert len(error.value.problems) == 1
    assert "'pcn_id + date', row 3" in error.value.problems[0]


def test_missing_and_unknown_columns_are_named_together() -> None:
    with pytest.raises(TableError) as error:
        TABLES["patient"].validate(frame("patient", {}).rename(columns={"sex": "gender"}))
    assert "'sex' is missing" in str(error.value)
    assert "'gender' is not one of" in str(error.value)


def test_a_column_that_comes_twice_is_refused() -> None:
    twice = pd.concat([frame("patient", {}), frame("patient", {})[["sex"]]], axis=1)
    with pytest.raises(TableError, match="'sex' appears more than once"):
        TABLES["patient"].validate(twice)


def test_a_long_list_of_problems_is_cut_short() -> None:
    wrong = {name: "?" for name in PATIENT if name not in ("patient_id", "practice_id", "lsoa")}
    message = refusal("patient", wrong)
    assert message.count("  - ") == 6
    assert "and 6 more" in message


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 30),
    minutes=st.integers(-10_000, 10_000).filter(lambda m: not 0 <= m <= 1440),
    data=st.data(),
)
def test_the_first_wrong_row_is_found_wherever_it_is(rows, minutes, data) -> None:
    at = data.draw(st.integers(0, rows - 1))
    table = frame("home_visit_request", *({"request_id": f"V{row}"} for row in range(rows)))
    table.loc[at, "minutes"] = minutes
    with pytest.raises(TableError, match=f"'minutes', row {at + 1}: found '{minutes}'"):
        TABLES["home_visit_request"].validate(table)


def test_links_that_lead_nowhere_are_named() -> None:
    requests = TABLES["home_visit_request"].validate(
        frame("home_visit_request", {}, {"request_id": "V2", "patient_id": "LK999999"})
    )
    patients = TABLES["patient"].validate(frame("patient", {}))
    with pytest.raises(TableError, match="row 2: found 'LK999999', expected a value of patient"):
        TABLES["home_visit_request"].check_links(requests, {"patient": patients})
    TABLES["home_visit_request"].check_links(requests.head(1), {"patient": patients})
    TABLES["home_visit_request"].check_links(requests, {})


def test_categories_belong_to_columns_that_have_them() -> None:
    assert TABLES["appointment"].categories("mode") == list(APPOINTMENT_MODES)
    for column in ("start", "colour"):
        with pytest.raises(KeyError, match=f"appointment.{column}"):
            TABLES["appointment"].categories(column)


def test_appointment_words_are_those_of_the_published_data() -> None:
    metrics = read_gpad_monthly().groupby("section")["metric"].agg(set)
    ours = {"Unmapped": "National Category Unmapped", "Unknown": "Unknown Mode"}
    assert {ours.get(word, word) for word in NATIONAL_CATEGORIES} == metrics["National Category"]
    assert {ours.get(word, word) for word in APPOINTMENT_MODES} == metrics["Appointment Mode"]
    ours = {"DNA": "Did Not Attend", "Unknown": "Unknown Status"}
    published = {ours.get(word, word) for word in APPOINTMENT_STATUSES} - {"Cancelled"}
    assert published == metrics["Appointment Status"]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2021-04-01", "0-4"),
        ("2022-01-01", "0-4"),
        ("2016-05-01", "0-4"),
        ("2016-04-01", "5-9"),
        ("1931-05-01", "85-89"),
        ("1931-04-01", "90+"),
        ("1911-01-01", "90+"),
    ],
)
def test_age_bands_on_the_first_of_april_2021(born, band) -> None:
    assert age_band(pd.to_datetime(pd.Series([born]))).tolist() == [band]


@settings(deadline=None)
@given(st.integers(0, 110), st.integers(1, 12))
def test_age_bands_agree_with_counting_birthdays(age, month) -> None:
    year = 2021 - age - (month > 4)
    band = age_band(pd.Series([pd.Timestamp(year, month, 1)]))[0]
    assert AGE_BANDS.index(band) == min(age // 5, 18)


def test_age_band_has_the_type_the_patient_table_declares() -> None:
    bands = age_band(pd.Series([pd.Timestamp("1950-01-01"), pd.NaT]))
    assert bands.dtype == TABLES["patient"].dtypes["age_band"]
    assert bands.isna().tolist() == [False, True]
    assert np.array_equal(bands.cat.categories, list(AGE_BANDS))


def test_the_data_dictionary_is_up_to_date() -> None:
    written = (find_course().root / "datasets" / "README.md").read_text(encoding="utf-8")
    assert written == dictionary(), "run `make dictionary`"


def test_the_data_dictionary_explains_every_column() -> None:
    text = dictionary()
    for table in TABLES.values():
        section = text.split(f"### {table.name}\n")[1].split("\n### ")[0]
        for column in table.columns:
            row = next(
                line for line in section.splitlines() if line.startswith(f"| `{column.name}`")
            )
            assert column.description in row
            assert row.count("|") == 7
