"""Tables about all seven PCNs: the networks, their practices, and how often each practice's
patients are admitted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from ..model import REGIONS
from .frames import build, codes
from .people import BANDS, People
from .regions import PRACTICES, Network
from .window import FINANCIAL_YEARS, instant

STRATA = 2 * BANDS


def pcn_table(everyone: Mapping[str, People]) -> pd.DataFrame:
    """The ``pcn`` table, from the people of each region."""
    networks = [everyone[region].network for region in REGIONS]
    return build(
        "pcn",
        pcn_id=_text(network.pcn_id for network in networks),
        pcn_name=_text(network.name for network in networks),
        region=codes("pcn", "region", [network.region for network in networks]),
        list_size=np.array([everyone[region].listed().sum() for region in REGIONS]),
        n_practices=np.full(len(networks), PRACTICES),
        ics_count=np.array([network.ics_count for network in networks]),
    )


def practice_table(everyone: Mapping[str, People]) -> pd.DataFrame:
    """The ``practice`` table, from the people of each region."""
    networks = [everyone[region].network for region in REGIONS]
    listed, residents = [], []
    for region in REGIONS:
        who = everyone[region]
        on_list = who.listed()
        listed.append(np.bincount(who.practice[on_list], minlength=PRACTICES))
        residents.append(np.bincount(who.practice[on_list & who.care_home], minlength=PRACTICES))
    # Nine beds in ten are taken (assumed).
    beds = -(-np.concatenate(residents) * 10 // 9)
    return build(
        "practice",
        practice_id=_practice_ids(networks),
        practice_name=_text(name for network in networks for name in network.practice_names),
        pcn_id=_text(network.pcn_id for network in networks for _ in range(PRACTICES)),
        list_size=np.concatenate(listed),
        epr_system=codes("practice", "epr_system", [s for n in networks for s in n.systems]),
        imd_decile=np.concatenate([network.deprivation for network in networks]),
        care_home_beds=beds,
    )


def practice_indicator_table(
    everyone: Mapping[str, People], admitted: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> pd.DataFrame:
    """The ``practice_indicator`` table: emergency admissions, observed and expected.

    Expected is what each practice's person-years, by five-year age band and sex, would give
    at the rates of all 42 practices together in the same year.

    Parameters
    ----------
    admitted
        Patient and day of every emergency admission, by region.
    """
    networks = [everyone[region].network for region in REGIONS]
    observed, expected = [], []
    for first, end in FINANCIAL_YEARS:
        events, exposure = [], []
        for region in REGIONS:
            who = everyone[region]
            patient, day = admitted[region]
            cell = who.practice * STRATA + who.stratum
            in_year = (day >= first) & (day < end)
            shape, size = (PRACTICES, STRATA), PRACTICES * STRATA
            events.append(np.bincount(cell[patient[in_year]], minlength=size).reshape(shape))
            days = np.bincount(cell, who.days_between(first, end), size)
            exposure.append(days.reshape(shape))
        found, days_at_risk = np.concatenate(events), np.concatenate(exposure)
        rate = found.sum(axis=0) / np.maximum(days_at_risk.sum(axis=0), 1)
        observed.append(found.sum(axis=1))
        expected.append(np.round((days_at_risk * rate).sum(axis=1), 2))
    practices, years = len(networks) * PRACTICES, len(FINANCIAL_YEARS)
    bounds = np.array(FINANCIAL_YEARS)
    return build(
        "practice_indicator",
        practice_id=pa.concat_arrays([_practice_ids(networks)] * years),
        indicator=np.zeros(practices * years, dtype=int),
        period_start=instant(np.repeat(bounds[:, 0], practices)),
        period_end=instant(np.repeat(bounds[:, 1] - 1, practices)),
        observed=np.concatenate(observed),
        expected=np.concatenate(expected),
    )


def _practice_ids(networks: list[Network]) -> pa.Array:
    return _text(name for network in networks for name in network.practice_ids)


def _text(words: object) -> pa.Array:
    return pa.array(list(words), pa.large_string())  # type: ignore[call-overload]
