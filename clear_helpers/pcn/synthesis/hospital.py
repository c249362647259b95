"""Stays in hospital and attendances at an emergency department (ED)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import calibration as c
from .chance import choose, choose_by, counts, happens, stream, whole
from .frames import build, codes, labels, numbered
from .people import BANDS, People, draw, present_weight
from .truths import ADMISSIONS_STEP
from .window import DAYS, STEP_WEEK, WEEKS, instant, month_of_week, profile, winter, working

LONGEST_STAY = 90
FURTHEST_YEAR = 2.5
EMERGENCY_REASONS = (
    "Chest pain", "Pneumonia", "Fall or fracture", "Urinary infection", "COPD flare-up",
    "Heart failure", "Stroke", "Abdominal pain", "Sepsis", "Diabetes out of control", "COVID-19",
    "Confusion or delirium", "Other emergency",
)  # fmt: skip
YOUNGER_WEIGHTS = (10, 5, 6, 5, 2, 1, 1, 18, 3, 4, 4, 1, 40)
OLDER_WEIGHTS = (8, 11, 13, 9, 9, 9, 6, 5, 5, 2, 4, 7, 12)
PLANNED_REASONS = (
    "Hip or knee replacement", "Cataract", "Endoscopy", "Hernia repair", "Cancer treatment",
    "Heart procedure", "Other planned",
)  # fmt: skip
PLANNED_WEIGHTS = (16, 10, 14, 10, 18, 8, 24)
ED_HOURS = (2.6, 2.1, 1.8, 1.6, 1.5, 1.6, 1.9, 2.7, 4.2, 5.6, 6.4, 6.5,
            6.2, 6.0, 5.8, 5.7, 5.7, 5.8, 5.8, 5.6, 5.1, 4.5, 3.9, 3.2)  # assumed  # fmt: skip


def emergency_shape() -> np.ndarray:
    """Relative rate of emergency admission by age band and sex, women then men of each band."""
    sexes = np.array([1.0, c.EMERGENCY_MALE])
    return np.round(np.outer(c.EMERGENCY_SHAPE, sexes).ravel(), 6)


def spell_table(who: People, seed: int, without: frozenset[str], ratio: np.ndarray) -> pd.DataFrame:
    """The ``spell`` table.

    Parameters
    ----------
    ratio
        True standardised ratio of emergency admissions of each practice.
    """
    rng = stream(seed, who.network.pcn_id, "spell")
    emergency_who, emergency_day = emergencies(rng, who, without, ratio)
    planned_who, planned_day = _planned(rng, who, without)
    patient = np.concatenate([emergency_who, planned_who])
    day = np.concatenate([emergency_day, planned_day])
    emergency = np.arange(len(patient)) < len(emergency_who)
    order = np.lexsort((~emergency, patient, day))
    patient, day, emergency = patient[order], day[order], emergency[order]
    n = len(patient)

    old = who.age_on(day, patient) >= 65
    nights = _nights(rng, old, emergency)
    discharged = np.minimum(day + nights, np.minimum(who.left[patient] - 1, day + LONGEST_STAY))
    discharged = np.minimum(discharged, _next_stay(patient, day))
    still_in = discharged >= DAYS
    bed_days = np.where(still_in, DAYS - 1, discharged) - day
    discharged_on = instant(discharged)
    discharged_on[still_in] = np.datetime64("NaT")

    reasons = np.concatenate([EMERGENCY_REASONS, PLANNED_REASONS])
    urgent = choose_by(rng, np.array([YOUNGER_WEIGHTS, OLDER_WEIGHTS]), old.astype(int))
    planned = len(EMERGENCY_REASONS) + choose(rng, PLANNED_WEIGHTS, n)
    return build(
        "spell",
        spell_id=numbered(f"{who.network.pcn_id}S", n, 6),
        patient_id=who.ids.take(patient),
        practice_id=labels(who.network.practice_ids, who.practice[patient]),
        admitted_on=instant(day),
        discharged_on=discharged_on,
        emergency=emergency,
        bed_days=bed_days,
        main_condition=labels(list(reasons), np.where(emergency, urgent, planned)),
    )


def emergencies(
    rng: np.random.Generator, who: People, without: frozenset[str], ratio: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Patient and day of every emergency admission.

    Need and deprivation decide who is admitted among people of the same practice, age and
    sex, never how many: the ratio of each practice is what it is meant to be.
    """
    rate = emergency_shape()[who.stratum] * ratio[who.practice]
    cell = who.practice * 2 * BANDS + who.stratum
    members = np.bincount(cell, minlength=6 * 2 * BANDS)
    usual = np.bincount(cell, who.need, 6 * 2 * BANDS) / np.maximum(members, 1)
    weights = whole(rate * who.need / usual[cell]) // 10

    # Deaths and new patients shift the list a little; the weekly total must not drift with them.
    by_week = present_weight(who, rate)
    by_week = by_week / by_week.sum(axis=1, keepdims=True) * by_week.sum() / WEEKS
    england = np.average(emergency_shape(), weights=np.ravel([c.FEMALE_SHARE, c.MALE_SHARE], "F"))
    level = c.EMERGENCY_PER_YEAR * 7 / 365.25 / england * winter(c.EMERGENCY_WINTER)
    if "shock" not in without:
        level = level * profile(c.EMERGENCY_SHOCK)
    if "steady_admissions" in without:
        level = np.where(np.arange(WEEKS) >= STEP_WEEK, 1 + ADMISSIONS_STEP, 1) * level
    patient, week = draw(rng, who, weights, _true_to_ratio(rng, level[:, None] * by_week))
    weekday = choose(rng, (15.5, 14.8, 14.6, 14.5, 14.6, 13.0, 13.0), len(patient))
    return patient, 7 * week + weekday


def _true_to_ratio(rng: np.random.Generator, means: np.ndarray) -> np.ndarray:
    """Poisson counts by week and practice, of which no year's total strays far from its mean.

    A practice's year that lies more than 2.5 standard deviations out, one in eighty, is drawn
    again: else chance alone would put a practice that is no different outside the limits of a
    funnel, and what is hidden in the ratios would not be what is there to be found.
    """
    drawn = counts(rng, means)
    for year in (slice(0, 52), slice(52, 104), slice(104, WEEKS)):
        expected = means[year].sum(axis=0)
        spread = np.round(FURTHEST_YEAR * np.sqrt(expected), 6)
        while (far := np.abs(drawn[year].sum(axis=0) - expected) > spread).any():
            drawn[year, far] = counts(rng, means[year, far])
    return drawn


def ed_attendance_table(
    who: People, seed: int, without: frozenset[str], spells: pd.DataFrame
) -> pd.DataFrame:
    """The ``ed_attendance`` table; those admitted have an emergency spell the same day."""
    rng = stream(seed, who.network.pcn_id, "ed_attendance")
    urgent = spells[spells["emergency"]]
    through = happens(rng, np.full(len(urgent), c.EMERGENCY_THROUGH_ED))
    admitted_who = urgent["patient_id"].str[2:].astype("int64").to_numpy()[through] - 1
    start = pd.Timestamp("2019-04-01")
    admitted_day = ((urgent["admitted_on"] - start) // pd.Timedelta(days=1)).to_numpy()[through]

    other_who, other_day = _not_admitted(rng, who, without)
    patient = np.concatenate([admitted_who, other_who])
    day = np.concatenate([admitted_day, other_day])
    admitted = np.arange(len(patient)) < len(admitted_who)
    minute = 60 * choose(rng, ED_HOURS, len(patient)) + rng.integers(0, 60, len(patient))
    order = np.lexsort((minute, day))
    patient, day, minute, admitted = patient[order], day[order], minute[order], admitted[order]
    n = len(patient)

    frail = who.housebound[patient] | who.care_home[patient]
    old = who.age_on(day, patient) >= 75
    by_ambulance = np.select([frail, old], [0.75, 0.50], 0.18) + 0.2 * admitted
    walked, ambulance = codes("ed_attendance", "arrival_mode", ("Walk-in", "Ambulance"))
    ended = codes("ed_attendance", "outcome", ("Discharged", "Referred", "Left before treatment"))
    outcome = ended[choose(rng, (70, 23, 7), n)]
    return build(
        "ed_attendance",
        attendance_id=numbered(f"{who.network.pcn_id}E", n, 6),
        patient_id=who.ids.take(patient),
        practice_id=labels(who.network.practice_ids, who.practice[patient]),
        arrived_at=instant(day, minute),
        arrival_mode=np.where(happens(rng, by_ambulance), ambulance, walked),
        outcome=np.where(admitted, codes("ed_attendance", "outcome", ["Admitted"])[0], outcome),
    )


def _planned(
    rng: np.random.Generator, who: People, without: frozenset[str]
) -> tuple[np.ndarray, np.ndarray]:
    weights = whole(np.array(c.PLANNED_SHAPE)[c.broad(who.age_months // 12)] * who.need) // 100
    present = present_weight(who, weights)
    heads = present_weight(who, np.ones(len(who))).sum()
    level = c.PLANNED_PER_YEAR * 7 / 365.25 * heads / present.sum() * np.ones(WEEKS)
    if "shock" not in without:
        level = level * profile(c.PLANNED_SHOCK)
    patient, week = draw(rng, who, weights, counts(rng, level[:, None] * present))
    return patient, 7 * week + choose_by(rng, working() * np.ones(5), week)


def _not_admitted(
    rng: np.random.Generator, who: People, without: frozenset[str]
) -> tuple[np.ndarray, np.ndarray]:
    poverty = np.array(c.ED_DEPRIVATION)[who.quintile - 1]
    shape = np.array(c.ED_SHAPE)[c.broad(who.age_months // 12)]
    weights = whole(shape * poverty * who.need) // 100
    present = present_weight(who, weights)
    heads = present_weight(who, np.ones(len(who))).sum()
    rate = c.ED_PER_YEAR - c.EMERGENCY_THROUGH_ED * c.EMERGENCY_PER_YEAR
    level = rate * 7 / 365.25 * heads / present.sum()
    level = level * np.array(c.ED_MONTHS)[month_of_week() - 1]
    if "shock" not in without:
        level = level * profile(c.ED_SHOCK)
    patient, week = draw(rng, who, weights, counts(rng, level[:, None] * present))
    other_days = (100 - c.ED_MONDAY) / 6
    weekday = choose(rng, (c.ED_MONDAY, *(other_days,) * 6), len(patient))
    return patient, 7 * week + weekday


def _nights(rng: np.random.Generator, old: np.ndarray, emergency: np.ndarray) -> np.ndarray:
    n = len(old)
    usual = np.where(emergency, np.where(old, 8.0, 3.0), np.where(old, 2.5, 1.5))
    nights = 1 + np.floor(np.round(rng.exponential(1.0, n) * usual, 6)).astype(int)
    none = happens(rng, np.where(emergency, np.where(old, 0.22, 0.44), 0.25))
    return np.where(none, 0, nights)


def _next_stay(patient: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Day the same patient is next admitted: nobody is in two beds at once."""
    order = np.lexsort((day, patient))
    following = np.full(len(day), DAYS + LONGEST_STAY)
    same = patient[order][1:] == patient[order][:-1]
    following[order[:-1][same]] = day[order[1:]][same]
    return following
