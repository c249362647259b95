"""The synthetic PCN: whole, plausible in time, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clear_helpers.pcn import PCN, TABLES, synthesise_pcn
from clear_helpers.pcn.model import REGIONS, age_band
from clear_helpers.pcn.synthesis import GENERATED, SWITCHES
from clear_helpers.pcn.synthesis.window import BANK_HOLIDAYS

START, END = pd.Timestamp("2019-04-01"), pd.Timestamp("2022-03-28")
HAPPENS = {
    "appointment": ["start", "booked_at"],
    "gp_contact": ["date"],
    "home_visit_request": ["requested_at", "responded_at"],
    "ed_attendance": ["arrived_at"],
    "spell": ["admitted_on", "discharged_on"],
}
PCNS = st.builds(
    synthesise_pcn,
    st.integers(500, 3_000),
    region=st.sampled_from(REGIONS),
    seed=st.integers(0, 2**40),
    without=st.sets(st.sampled_from(sorted(SWITCHES))),
)
few = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def larkmoor() -> PCN:
    return synthesise_pcn()


@few
@given(PCNS)
def test_any_pcn_is_whole(pcn: PCN) -> None:
    tables = {name: getattr(pcn, name) for name in pcn.tables}
    for name, frame in tables.items():
        TABLES[name].check_links(frame, tables)
    for name, columns in HAPPENS.items():
        acts_within_a_life(tables[name], tables["patient"], columns)
    within_opening_hours(tables["appointment"]["start"])
    within_opening_hours(tables["home_visit_request"]["requested_at"])
    patient = tables["patient"]
    assert age_band(patient["birth_month"]).astype(str).eq(patient["age_band"].astype(str)).all()
    assert (patient["registered_on"] >= patient["birth_month"]).all()
    for name in HAPPENS:
        practice = tables[name]["patient_id"].map(patient.set_index("patient_id")["practice_id"])
        assert practice.eq(tables[name]["practice_id"]).all()


def acts_within_a_life(events: pd.DataFrame, patient: pd.DataFrame, columns: list[str]) -> None:
    who = patient.set_index("patient_id").loc[events["patient_id"]].reset_index(drop=True)
    for column in columns:
        when = events[column].reset_index(drop=True)
        known = when.notna()
        assert (when.dt.normalize() >= who["registered_on"])[known].all(), column
        after_death = when >= who["died_month"] + pd.DateOffset(months=1)
        assert not after_death[known & who["died_month"].notna()].any(), column
    first = events[columns[0]]
    assert first.between(START, END, inclusive="left").all()


def within_opening_hours(times: pd.Series) -> None:
    assert times.dt.day_of_week.lt(5).all()
    assert not times.dt.normalize().isin(BANK_HOLIDAYS).any()
    minute = times.dt.hour * 60 + times.dt.minute
    assert minute.between(8 * 60, 18 * 60 + 30).all()


@settings(max_examples=3, deadline=None)
@given(st.integers(500, 900), st.integers(0, 10_000), st.sampled_from(REGIONS))
def test_same_seed_same_pcn(patients: int, seed: int, region: str) -> None:
    first = synthesise_pcn(patients, seed=seed, region=region).checksums()
    assert synthesise_pcn(patients, seed=seed, region=region).checksums() == first
    other = synthesise_pcn(patients, seed=seed + 1, region=region).checksums()
    same = {name for name in first if first[name] == other[name]}
    assert same <= {"pcn"}


def test_a_table_does_not_depend_on_which_were_made_before() -> None:
    alone = synthesise_pcn(800).checksum("ed_attendance")
    after = synthesise_pcn(800)
    after.checksums()
    assert after.checksum("ed_attendance") == alone


def test_tables_are_declared_and_full(larkmoor: PCN) -> None:
    assert set(larkmoor.tables) == set(GENERATED)
    rows = {name: len(getattr(larkmoor, name)) for name in larkmoor.tables}
    assert (rows["pcn"], rows["practice"], rows["practice_indicator"]) == (7, 42, 126)
    assert rows["patient"] == 36_000
    assert 480_000 < rows["appointment"] < 600_000
    assert 8_000 < rows["home_visit_request"] < 11_500


def test_indicator_counts_the_spells_of_its_own_pcn(larkmoor: PCN) -> None:
    for pcn in (larkmoor, synthesise_pcn(region="London")):
        spells = pcn.spell[pcn.spell["emergency"]]
        ours = larkmoor.practice_indicator.query("practice_id in @spells.practice_id.unique()")
        assert len(ours) == 18
        for row in ours.itertuples():
            counted = spells["admitted_on"].between(row.period_start, row.period_end)
            assert (counted & spells["practice_id"].eq(row.practice_id)).sum() == row.observed
    per_year = larkmoor.practice_indicator.groupby("period_start")[["observed", "expected"]].sum()
    assert np.allclose(per_year["observed"], per_year["expected"], atol=1)


def test_list_sizes_count_those_registered_on_the_day(larkmoor: PCN) -> None:
    patient, day = larkmoor.patient, pd.Timestamp("2021-04-01")
    alive = patient["died_month"].isna() | (patient["died_month"] >= day)
    listed = patient[(patient["registered_on"] <= day) & alive]
    practice = larkmoor.practice.set_index("practice_id")["list_size"]
    ours = practice[practice.index.str.startswith("P")]
    assert listed.groupby("practice_id").size().to_dict() == ours.to_dict()
    assert ours.idxmax() != "P5"
    pcn = larkmoor.pcn.set_index("pcn_id")["list_size"]
    assert pcn["LK"] == ours.sum()


def test_shape_of_published_england(larkmoor: PCN) -> None:
    """Published figures, with room for the sampling of one PCN."""
    appointment = larkmoor.appointment
    year = (appointment["start"] - pd.DateOffset(months=3)).dt.year
    by_year = year.value_counts()
    size = larkmoor.pcn.set_index("pcn_id").loc["LK", "list_size"]
    assert by_year[2019] / size == pytest.approx(5.16, rel=0.04)
    assert by_year[2020] / by_year[2019] == pytest.approx(279 / 310, rel=0.04)
    last = appointment[year.eq(2021)]
    mode = last["mode"].value_counts(normalize=True)
    assert mode["Face-to-Face"] == pytest.approx(0.596, abs=0.02)
    assert mode["Telephone"] == pytest.approx(0.362, abs=0.02)
    assert mode["Home Visit"] == pytest.approx(0.0064, abs=0.0015)
    status = last.loc[last["status"].ne("Cancelled"), "status"].value_counts(normalize=True)
    assert status["Attended"] == pytest.approx(0.916, abs=0.01)
    assert last["duration_min"].isna().mean() == pytest.approx(0.24, abs=0.015)
    april = appointment["start"].dt.to_period("M").value_counts()
    assert april["2020-04"] / april["2019-04"] == pytest.approx(0.73, abs=0.06)

    spells = larkmoor.spell
    urgent = spells[spells["emergency"]]
    first_year = urgent["admitted_on"].lt("2020-04-01").sum()
    assert first_year / size == pytest.approx(0.108, rel=0.15)
    assert urgent["bed_days"].eq(0).mean() == pytest.approx(0.33, abs=0.03)
    ed = larkmoor.ed_attendance
    assert ed["arrived_at"].lt("2020-04-01").sum() / size == pytest.approx(0.444, rel=0.1)
    band = ed["patient_id"].map(larkmoor.patient.set_index("patient_id")["age_band"])
    assert band.cat.codes.ge(13).mean() == pytest.approx(0.22, abs=0.03)


def test_ed_admissions_have_a_spell_that_day(larkmoor: PCN) -> None:
    ed = larkmoor.ed_attendance
    admitted = ed[ed["outcome"].eq("Admitted")].assign(day=lambda x: x["arrived_at"].dt.normalize())
    spells = larkmoor.spell[larkmoor.spell["emergency"]]
    keys = pd.MultiIndex.from_frame(spells[["patient_id", "admitted_on"]])
    assert pd.MultiIndex.from_frame(admitted[["patient_id", "day"]]).isin(keys).all()
    assert len(admitted) / len(spells) == pytest.approx(0.79, abs=0.03)


def test_bed_days_are_nights(larkmoor: PCN) -> None:
    spell = larkmoor.spell.dropna(subset="discharged_on")
    nights = (spell["discharged_on"] - spell["admitted_on"]).dt.days
    assert nights.eq(spell["bed_days"]).all()
    ordered = spell.sort_values(["patient_id", "admitted_on"])
    until = ordered.groupby("patient_id")["discharged_on"].shift()
    assert not (until > ordered["admitted_on"]).any()


def test_requests_come_from_the_old_and_housebound(larkmoor: PCN) -> None:
    who = larkmoor.patient.set_index("patient_id").loc[larkmoor.home_visit_request["patient_id"]]
    assert who["age_band"].cat.codes.ge(13).mean() > 0.75
    assert (who["housebound_code"] | who["care_home"]).mean() > 0.4


def test_contacts_are_attended_appointments(larkmoor: PCN) -> None:
    source = larkmoor.appointment.set_index("appointment_id")
    source = source.loc[larkmoor.gp_contact["appointment_id"]]
    assert source["status"].eq("Attended").all()
    born = larkmoor.patient.set_index("patient_id")["birth_month"]
    age = (larkmoor.gp_contact["date"] - larkmoor.gp_contact["patient_id"].map(born)).dt.days
    assert (age > 17.9 * 365.25).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"patients": 10}, "300"),
        ({"region": "Wales"}, "North West"),
        ({"seed": -1}, "negative"),
        ({"without": ["sunshine"]}, "home_visit_step"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(wrong: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        synthesise_pcn(**wrong)
