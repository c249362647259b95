"""Requests for home visits, mostly by older, housebound and care-home people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import calibration as c
from .chance import choose, choose_by, counts, happens, stream, whole
from .frames import build, codes, labels, numbered
from .people import People, draw, present_weight
from .regions import LARKMOOR
from .truths import HOME_VISIT_RISE, HOME_VISIT_STEP_PRACTICE
from .window import DAYS, STEP_WEEK, instant, profile, winter, working

# Share of each Larkmoor practice, fixed so that the step is the same on every seed: a quarter of
# the requests rising 2.4-fold is 35 % of them all.
LARKMOOR_SHARES = np.array([0.18, 0.17, 0.16, 0.15, 0.25, 0.09])
WEEKDAYS = (24, 20, 19, 18, 19)
OPENS, CLOSES = 8 * 60, 18 * 60 + 30
ROLES = ("GP", "Paramedic", "Advanced clinical practitioner", "Practice nurse", "Community nurse")
ROLE_WEIGHTS = (52, 18, 14, 10, 6)


def home_visit_request_table(who: People, seed: int, without: frozenset[str]) -> pd.DataFrame:
    """The ``home_visit_request`` table."""
    rng = stream(seed, who.network.pcn_id, "home_visit_request")
    weights = _weights(who)
    means = _means(who, weights, without)
    patient, week = draw(rng, who, weights, counts(rng, means))
    n = len(patient)
    open_days = working()
    day = 7 * week + choose_by(rng, open_days * np.array(WEEKDAYS), week)
    # Most requests come before midday, when visits are handed out.
    start = np.arange(OPENS, CLOSES - 30, 10)
    minute = start[choose(rng, np.where(start < 12 * 60, 4.0, 1.0), n)] + rng.integers(0, 10, n)
    order = np.lexsort((minute, day))
    patient, day, minute = patient[order], day[order], minute[order]

    outcome = choose(rng, (62, 28, 10), n)
    responded_day, responded = _response(rng, day, minute)
    too_late = responded_day >= np.minimum(who.left[patient], DAYS)
    unrecorded = happens(rng, np.full(n, 0.03)) | too_late
    responded_at = instant(responded_day, responded)
    responded_at[unrecorded] = np.datetime64("NaT")

    visited = outcome == 0
    minutes = np.where(visited, rng.integers(15, 61, n), rng.integers(3, 16, n))
    outcomes = ("Visited", "Telephone advice", "Declined")
    role = codes("home_visit_request", "staff_role", ROLES)[choose(rng, ROLE_WEIGHTS, n)]
    return build(
        "home_visit_request",
        request_id=numbered(f"{who.network.pcn_id}H", n, 6),
        patient_id=who.ids.take(patient),
        practice_id=labels(who.network.practice_ids, who.practice[patient]),
        requested_at=instant(day, minute),
        responded_at=responded_at,
        staff_role=role,
        minutes=(minutes, (outcome == 2) | unrecorded),
        outcome=codes("home_visit_request", "outcome", outcomes)[outcome],
    )


def _weights(who: People) -> np.ndarray:
    by_age = np.array([0.1, 0.1, 0.1, 0.3, 1.5, 5.0, 12.0])[c.broad(who.age_months // 12)]
    weight = np.select([who.care_home, who.housebound], [40.0, 60.0], by_age)
    return whole(weight * who.need) // 100


def _means(who: People, weights: np.ndarray, without: frozenset[str]) -> np.ndarray:
    """Expected requests by week and practice: flat but for the shock, the winter and the step."""
    if who.network.pcn_id == LARKMOOR:
        share = LARKMOOR_SHARES
    else:
        total = present_weight(who, weights).sum(axis=0)
        share = total / total.sum()
    level = c.HOME_VISIT_REQUESTS_PER_WEEK * len(who) * winter(c.HOME_VISIT_WINTER)
    if "shock" not in without:
        level = level * profile(c.HOME_VISIT_SHOCK)
    means = level[:, None] * share
    if who.network.pcn_id == LARKMOOR and "home_visit_step" not in without:
        rise = 1 + HOME_VISIT_RISE / share[HOME_VISIT_STEP_PRACTICE]
        means[STEP_WEEK:, HOME_VISIT_STEP_PRACTICE] *= rise
    return means


def _response(
    rng: np.random.Generator, day: np.ndarray, minute: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Day and minute of the response: the same working day for most, later for the rest."""
    n = len(day)
    works = np.zeros(DAYS + 21, dtype=bool)
    works[:DAYS].reshape(-1, 7)[:, :5] = working()
    works[DAYS:].reshape(-1, 7)[:, :5] = True
    open_days = np.flatnonzero(works)
    later = np.where(minute > 16 * 60, 1, choose(rng, (72, 21, 7), n))
    responded_day = open_days[np.searchsorted(open_days, day) + later]
    same = later == 0
    earliest = np.where(same, minute + 20, OPENS + 30)
    return responded_day, rng.integers(earliest, CLOSES + 60)
