"""The practices' appointment books, and the contacts that a new model of care could change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..model import APPOINTMENT_MODES, TABLES
from . import calibration as c
from .chance import choose, choose_by, counts, happens, stream, whole
from .frames import build, codes, labels, numbered
from .people import People, draw, present_weight
from .window import WEEKS, instant, month_of_week, profile, working

OPENS, CLOSES = 8 * 60, 18 * 60 + 30
SLOTS = np.arange(8 * 60 + 30, 18 * 60, 10)
WEEKDAYS = (24, 21, 19, 19, 17)  # assumed: Mondays are busiest
FACE, VISIT, PHONE, VIDEO, UNKNOWN = (
    APPOINTMENT_MODES.index(mode)
    for mode in ("Face-to-Face", "Home Visit", "Telephone", "Video/Online", "Unknown")
)
SLOT_TYPES = ("Routine", "Same day", "Telephone call", "Online", "Home visit", "Clinic")
PROBLEMS = (
    "Medication review", "Blood pressure", "Breathlessness", "Joint or back pain", "Diabetes review",
    "Low mood or anxiety", "Cough or chest infection", "Wound or skin", "Urinary symptoms",
    "Falls or unsteadiness", "Memory", "Test result", "Tiredness", "Chest pain", "Other",
)  # fmt: skip
PROBLEM_WEIGHTS = (16, 10, 7, 12, 8, 8, 8, 7, 5, 3, 2, 7, 3, 2, 9)


def appointment_table(who: People, seed: int, without: frozenset[str]) -> pd.DataFrame:
    """The ``appointment`` table."""
    rng = stream(seed, who.network.pcn_id, "appointment")
    patient, week = _booked(rng, who, without)
    n = len(patient)
    weekday = choose_by(rng, working() * np.array(WEEKDAYS), week)
    day = 7 * week + weekday
    minute = SLOTS[choose(rng, np.where(np.abs(SLOTS - 13 * 60) < 45, 0.3, 1.0), n)]
    order = np.lexsort((minute, day))
    patient, week, day, minute = patient[order], week[order], day[order], minute[order]

    mode = _modes(rng, who, patient, week, day)
    role_names = list(c.ROLE_WEIGHTS)
    by_mode = np.array(list(c.ROLE_WEIGHTS.values())).T
    kind = np.select([mode == VISIT, (mode == PHONE) | (mode == VIDEO)], [2, 1], 0)
    role = codes("appointment", "staff_role", role_names)[choose_by(rng, by_mode, kind)]

    group = 2 * (kind == 1) + (role != codes("appointment", "staff_role", ["GP"])[0])
    band = choose_by(rng, np.array(c.WAIT_SHARES), group)
    first, last = np.array(c.WAIT_BANDS).T
    wait = rng.integers(first[band], last[band] + 1)
    # Online booking is open every day, so a booking may fall on a weekend; an appointment may not.
    wait = np.minimum(wait, day - who.joined[patient])
    latest = np.where(wait == 0, minute - 5, CLOSES)
    booked = rng.integers(OPENS, latest)

    missed = happens(rng, np.array(c.DNA_SHARES)[group, band] / 100)
    fate = choose(
        rng, (100 - c.STATUS_UNKNOWN - c.STATUS_CANCELLED, c.STATUS_CANCELLED, c.STATUS_UNKNOWN), n
    )
    attended, dna, cancelled, unclosed = codes(
        "appointment", "status", ("Attended", "DNA", "Cancelled", "Unknown")
    )
    status = np.select([fate == 1, fate == 2, missed], [cancelled, unclosed, dna], attended)

    shortest, longest = np.array(c.DURATION_BANDS).T
    length = choose(rng, c.DURATION_SHARES, n)
    minutes = rng.integers(shortest[length], longest[length] + 1)
    untimed = happens(rng, np.full(n, c.DURATION_UNKNOWN)) | (status != attended)

    return build(
        "appointment",
        appointment_id=numbered(f"{who.network.pcn_id}A", n, 7),
        patient_id=who.ids.take(patient),
        practice_id=labels(who.network.practice_ids, who.practice[patient]),
        booked_at=instant(day - wait, booked),
        start=instant(day, minute),
        status=status,
        mode=mode,
        staff_role=role,
        national_category=_categories(rng, who, patient, mode),
        slot_type=_slot_types(wait, mode),
        duration_min=(minutes, untimed),
    )


def gp_contact_table(who: People, seed: int, appointments: pd.DataFrame) -> pd.DataFrame:
    """The ``gp_contact`` table: attended appointments of adults of 65 or over or with a long-term
    condition."""
    rng = stream(seed, who.network.pcn_id, "gp_contact")
    patient = appointments["patient_id"].str[2:].astype("int64").to_numpy() - 1
    start = appointments["start"]
    day = ((start.dt.normalize() - pd.Timestamp("2019-04-01")) // pd.Timedelta(days=1)).to_numpy()
    age = who.age_on(day, patient)
    kept = appointments["status"].eq("Attended").to_numpy()
    kept = kept & ((age >= 65) | ((age >= 18) & who.long_term[patient]))
    held = appointments[kept].reset_index(drop=True)
    n = len(held)
    problem = choose(rng, PROBLEM_WEIGHTS, n)
    held = held.assign(
        contact_id=pd.Series(numbered(f"{who.network.pcn_id}G", n, 7).to_pandas(), dtype="str"),
        date=held["start"].dt.normalize(),
        minutes=held["duration_min"],
        problem=pd.Series(
            labels(PROBLEMS, np.where(happens(rng, np.full(n, 0.06)), -1, problem)).to_pandas(),
            dtype="str",
        ),
    )
    return held[list(TABLES["gp_contact"].by_name)]


def _booked(
    rng: np.random.Generator, who: People, without: frozenset[str]
) -> tuple[np.ndarray, np.ndarray]:
    rate = np.array(c.APPOINTMENT_RATE)[c.broad(who.age_months // 12)]
    fertile = (who.sex == 0) & (who.band >= 3) & (who.band < 9)
    weights = whole(rate * np.where(fertile, 1.35, 1) * who.need) // 100
    present = present_weight(who, weights)
    heads = present_weight(who, np.ones(len(who)))
    usual = present.sum() / heads.sum()
    level = c.APPOINTMENTS_PER_WORKING_DAY * working().sum(axis=1)
    level = level * np.array(c.APPOINTMENT_MONTHS)[month_of_week() - 1]
    if "shock" not in without:
        level = level * profile(c.APPOINTMENT_SHOCK)
    return draw(rng, who, weights, counts(rng, level[:, None] * present / usual))


def _modes(
    rng: np.random.Generator, who: People, patient: np.ndarray, week: np.ndarray, day: np.ndarray
) -> np.ndarray:
    frail = (who.housebound | who.care_home)[patient]
    old = who.age_on(day, patient) >= 75
    likely = np.array(c.HOME_VISIT_CHANCE)[np.select([frail, old], [2, 1], 0)]
    visited = happens(rng, likely)
    by_week = np.stack(
        [np.interp(np.arange(WEEKS), c.MODE_KNOTS, share) for share in c.MODE_SHARES.values()],
        axis=1,
    )
    mode = codes("appointment", "mode", list(c.MODE_SHARES))[choose_by(rng, by_week, week)]
    return np.where(visited, VISIT, mode)


def _categories(
    rng: np.random.Generator, who: People, patient: np.ndarray, mode: np.ndarray
) -> np.ndarray:
    usual = codes("appointment", "national_category", list(c.CATEGORY_SHARES))
    category = usual[choose(rng, list(c.CATEGORY_SHARES.values()), len(mode))]
    home, care_home, round_, planning = codes(
        "appointment",
        "national_category",
        (
            "Home Visit",
            "Care Home Visit",
            "Patient contact during Care Home Round",
            "Care Home Needs Assessment & Personalised Care and Support Planning",
        ),
    )
    resident = np.array([care_home, round_, planning])[choose(rng, (37, 40, 23), len(mode))]
    return np.where(mode == VISIT, np.where(who.care_home[patient], resident, home), category)


def _slot_types(wait: np.ndarray, mode: np.ndarray) -> object:
    kind = np.select(
        [mode == VISIT, mode == PHONE, mode == VIDEO, wait == 0, wait > 14], [4, 2, 3, 1, 5], 0
    )
    return labels(SLOT_TYPES, kind)
