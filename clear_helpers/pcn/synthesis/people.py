"""The patients of one PCN: who they are, and what no table shows (their need, their true state)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from ..model import AGE_BANDS
from . import calibration as c
from .chance import choose, choose_by, happens, stream
from .frames import build, labels, numbered
from .regions import PRACTICES, Network
from .window import DAYS, LIST_DAY, START, WEEKS, instant

BANDS = len(AGE_BANDS)
BAND_65 = 13
MONTHS = 36
NEVER = 10 * DAYS
AREAS = 24
FIRST_JOINED_BEFORE = 40 * 365


@dataclass(frozen=True)
class People:
    """One PCN's patients as arrays, in order of patient id.

    ``joined`` is a day of the window (below 0 for most), ``left`` the first day after death
    (``NEVER`` for the living), ``age_months`` the age on 1 April 2021, ``need`` how much more
    care than usual for their age they use. ``housebound`` and ``long_term`` are the truth;
    ``coded_housebound`` is what the record says.
    """

    network: Network
    ids: pa.Array
    practice: np.ndarray
    band: np.ndarray
    sex: np.ndarray
    age_months: np.ndarray
    joined: np.ndarray
    left: np.ndarray
    care_home: np.ndarray
    housebound: np.ndarray
    coded_housebound: np.ndarray
    long_term: np.ndarray
    need: np.ndarray
    area: np.ndarray
    quintile: np.ndarray

    def __len__(self) -> int:
        return len(self.practice)

    @property
    def stratum(self) -> np.ndarray:
        """Age band and sex as one number, 0 to 37."""
        return self.band * 2 + self.sex

    def age_on(self, day: np.ndarray, who: np.ndarray) -> np.ndarray:
        """Age in whole years of some patients on some days of the window."""
        months = (START + day).astype("datetime64[M]").astype(int) - np.datetime64(
            "2021-04", "M"
        ).astype(int)
        return np.maximum(self.age_months[who] + months, 0) // 12

    def present(self, week: int) -> np.ndarray:
        """Who is registered and alive for the whole of a week."""
        return (self.joined <= 7 * week) & (self.left >= 7 * week + 7)

    def listed(self) -> np.ndarray:
        """Who is on the practice's list on 1 April 2021."""
        return (self.joined <= LIST_DAY) & (self.left > LIST_DAY)

    def days_between(self, first: int, end: int) -> np.ndarray:
        """Days each person was registered and alive from ``first`` until before ``end``."""
        return np.clip(np.minimum(self.left, end) - np.maximum(self.joined, first), 0, None)


def people(network: Network, patients: int, seed: int) -> People:
    """Draw the patients of a PCN."""
    rng = stream(seed, network.pcn_id, "people")
    n = patients
    practice = rng.permutation(np.repeat(np.arange(PRACTICES), _shares(network.share, n)))

    england = np.array([c.FEMALE_SHARE, c.MALE_SHARE]).T.ravel()
    middle = np.repeat(np.arange(BANDS), 2) * 5 + 2.5
    tilted = england * np.exp(np.outer(network.age_tilt, (middle - 40) / 40))
    stratum = choose_by(rng, tilted, practice)
    band, sex = stratum // 2, stratum % 2
    months = rng.integers(0, 60, n)
    # The youngest band holds babies born after 1 April 2021; the oldest thins out with age.
    months[band == 0] = rng.integers(-12, 60, int((band == 0).sum()))
    oldest = band == BANDS - 1
    years_past_90 = choose(rng, 0.75 ** np.arange(13), int(oldest.sum()))
    months[oldest] = 12 * years_past_90 + rng.integers(0, 12, int(oldest.sum()))
    age_months = 60 * band + months

    care_home = happens(rng, _care_home_chance(network)[practice, band])
    housebound_rate = _by_band(c.HOUSEBOUND_UNDER_65, c.HOUSEBOUND_65_PLUS) / 100
    housebound_rate[:4] = housebound_rate[:4] / 4
    housebound = happens(
        rng, np.where(care_home, c.HOUSEBOUND_IN_CARE_HOME / 100, housebound_rate[band])
    )
    coded = housebound & happens(rng, np.full(n, c.HOUSEBOUND_CODED))

    area_decile = np.arange(AREAS) * 10 // AREAS + 1
    nearness = np.maximum(10 - 3 * np.abs(network.deprivation[:, None] - area_decile), 0.5)
    area = choose_by(rng, nearness, practice)
    quintile = (area_decile[area] + 1) // 2

    group = c.broad(age_months // 12)
    poverty = 1 + 0.06 * (3 - quintile)
    long_term = housebound | happens(
        rng, np.minimum(np.array(c.ANY_CONDITION)[group] * poverty, 0.98)
    )
    need = np.exp(rng.normal(0, 0.6, n)) * np.where(long_term, 1.6, 0.8) * poverty
    need = np.round(need * np.where(housebound | care_home, 1.5, 1), 3)

    joined, left = _joined_and_left(rng, band, age_months, care_home)
    return People(
        network, numbered(network.pcn_id, n, 6), practice, band, sex, age_months,
        joined, left, care_home, housebound, coded, long_term, need, area, quintile,
    )  # fmt: skip


def patient_table(who: People, seed: int) -> pd.DataFrame:
    """The ``patient`` table."""
    rng = stream(seed, who.network.pcn_id, "patient")
    n = len(who)
    ethnicity = choose(rng, c.ETHNIC_SHARES, n)
    language = choose_by(
        rng,
        np.array(
            [
                [95, 2, 0, 0, 0, 0, 1, 2],
                [97, 0, 0, 0, 0, 0, 0, 3],
                [62, 0, 11, 13, 7, 0, 0, 7],
                [88, 0, 0, 0, 0, 2, 0, 10],
                [55, 0, 0, 0, 0, 25, 0, 20],
            ]
        ),
        ethnicity,
    )
    recorded = happens(rng, np.full(n, c.ETHNICITY_RECORDED))
    language_recorded = happens(rng, np.full(n, 0.88))
    carer = happens(rng, np.where(c.broad(who.age_months // 12) >= 2, 0.035, 0.0))
    died = (START + who.left - 1).astype("datetime64[M]").astype("datetime64[us]")
    died[who.left == NEVER] = np.datetime64("NaT")
    born = np.full(n, np.datetime64("2021-04", "M")) - who.age_months.astype("timedelta64[M]")
    return build(
        "patient",
        patient_id=who.ids,
        practice_id=labels(who.network.practice_ids, who.practice),
        age_band=who.band,
        sex=who.sex,
        birth_month=born.astype("datetime64[us]"),
        ethnicity_group=np.where(recorded, ethnicity, -1),
        lsoa=labels([f"{who.network.pcn_id}-A{i:02d}" for i in range(1, AREAS + 1)], who.area),
        imd_quintile=(who.quintile, np.zeros(n, dtype=bool)),
        housebound_code=who.coded_housebound,
        care_home=who.care_home,
        carer=carer,
        language=np.where(language_recorded, language, -1),
        registered_on=instant(who.joined),
        died_month=died,
    )


def draw(
    rng: np.random.Generator, who: People, weights: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Share out a number of events for each week and practice among those present.

    Parameters
    ----------
    weights
        Whole-number weight of each patient.
    counts
        Events, shape (156, 6).

    Returns
    -------
    tuple
        Patient (position) and week of each event, in order of week and practice. Events of a
        practice that has nobody present with a weight are dropped.
    """
    order = np.argsort(who.practice, kind="stable")
    ends = np.searchsorted(who.practice[order], np.arange(PRACTICES + 1))
    sorted_weights = weights[order].astype(np.int64)
    joined, left = who.joined[order], who.left[order]
    chosen, weeks = [], []
    for week in range(WEEKS):
        here = (joined <= 7 * week) & (left >= 7 * week + 7)
        running = np.concatenate([[0], np.cumsum(np.where(here, sorted_weights, 0))])
        bounds = running[ends]
        wanted = np.where(bounds[1:] > bounds[:-1], counts[week], 0)
        mark = rng.integers(np.repeat(bounds[:-1], wanted), np.repeat(bounds[1:], wanted))
        chosen.append(order[np.searchsorted(running, mark, side="right") - 1])
        weeks.append(np.full(len(mark), week))
    return np.concatenate(chosen), np.concatenate(weeks)


def present_weight(who: People, weights: np.ndarray) -> np.ndarray:
    """Total weight of those present, by week and practice; shape (156, 6)."""
    return np.array(
        [
            np.bincount(who.practice, np.where(who.present(week), weights, 0), PRACTICES)
            for week in range(WEEKS)
        ]
    )


def _shares(share: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers in the given shares that add up to ``total`` (largest remainder)."""
    exact = np.round(share * total, 6)
    found = exact.astype(int)
    behind = np.argsort(-(exact - found), kind="stable")[: total - found.sum()]
    found[behind] += 1
    return found


def _by_band(under_65: float | tuple[float, ...], from_65: tuple[float, ...]) -> np.ndarray:
    younger = np.broadcast_to(np.asarray(under_65, dtype=float), (BAND_65,))
    return np.concatenate([younger, from_65])


def _care_home_chance(network: Network) -> np.ndarray:
    """Chance of living in a care home, by practice and age band; shape (6, 19).

    Residents come and go within the three years, so 2.2 times as many pass through the list
    as live in a home on any one day.
    """
    on_a_day = _by_band((0.0,) * 9 + (0.02,) * 4, c.CARE_HOME_65_PLUS) / 100
    return np.minimum(2.2 * np.outer(network.care_homes, on_a_day), 0.8)


def _joined_and_left(
    rng: np.random.Generator, band: np.ndarray, age_months: np.ndarray, care_home: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    n = len(band)
    born = (np.datetime64("2021-04", "M") - age_months).astype("datetime64[D]")
    birthday = (born - START).astype(int) + rng.integers(0, 28, n)
    long_ago = -np.minimum(1 + np.round(rng.exponential(4_000, n)), FIRST_JOINED_BEFORE).astype(int)
    moved_in = rng.integers(0, DAYS - 14, n)
    into_home = rng.integers(-900, DAYS - 60, n)
    joined = np.where(happens(rng, np.full(n, 0.022)), moved_in, long_ago)
    joined = np.where(care_home, into_home, joined)
    joined = np.maximum(joined, birthday + rng.integers(3, 42, n))
    joined = np.minimum(joined, DAYS - 7)
    joined = np.maximum(joined, birthday)

    monthly = np.repeat(
        np.stack(
            [
                _by_band(c.DEATHS_UNDER_65, c.DEATHS_PRIVATE_65_PLUS),
                _by_band((250.0,) * BAND_65, c.DEATHS_CARE_HOME_65_PLUS),
            ]
        )[:, :, None]
        / 12_000,
        MONTHS,
        axis=2,
    )
    monthly[0, BAND_65:, 12] = np.array(c.APRIL_2020_PRIVATE) / 1_000
    monthly[1, BAND_65:, 12] = np.array(c.APRIL_2020_CARE_HOME) / 1_000
    hazard = np.concatenate([np.zeros((2, BANDS, 1)), np.cumsum(monthly, axis=2)], axis=2)
    own = np.round(hazard, 9)[care_home.astype(int), band]
    first_month = np.clip((joined + 31) * 12 // 365 + 1, 0, MONTHS)
    first_month[joined < 0] = 0
    spent = own[np.arange(n), first_month]
    lives = np.round(rng.standard_exponential(n), 6)
    month = (own - spent[:, None] < lives[:, None]).sum(axis=1) - 1
    day_in_month = rng.integers(1, 29, n)
    died = (np.datetime64("2019-04", "M") + month).astype("datetime64[D]") + day_in_month
    left = np.where(month < MONTHS, (died - START).astype(int), NEVER)
    # The window ends before March 2022 does: a death after it is not yet known.
    left = np.where(left > DAYS, NEVER, left)
    return joined, np.where(left <= joined, NEVER, left)
