"""The seven PCNs and their 42 practices: invented names, and what makes each one different."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..model import REGIONS
from .chance import stream
from .truths import OUTLIER_PRACTICE, OUTLIER_RATIO

PRACTICES = 6


@dataclass(frozen=True)
class Network:
    """One PCN as it is before any patient is seen. Arrays have one value for each practice.

    Parameters
    ----------
    pcn_id, name, region, letter
        ``LK``, ``Larkmoor PCN``, ``North West``, and the letter of its practice ids.
    ics_count, systems, practice_names
        Integrated care systems it lies in; patient record and name of each practice.
    share
        Share of the PCN's patients; sums to 1.
    age_tilt
        How much older (above 0) or younger the list is than England's.
    care_homes
        How many of its older patients live in care homes, England being 1.
    deprivation
        Decile of deprivation, 1 the most deprived.
    admission_ratio
        True age–sex standardised ratio of emergency admissions, all 42 practices being 1.
    """

    pcn_id: str
    name: str
    region: str
    letter: str
    ics_count: int
    systems: tuple[str, ...]
    practice_names: tuple[str, ...]
    share: np.ndarray
    age_tilt: np.ndarray
    care_homes: np.ndarray
    deprivation: np.ndarray
    admission_ratio: np.ndarray

    @property
    def practice_ids(self) -> list[str]:
        """``P1`` … ``P6``."""
        return [f"{self.letter}{number}" for number in range(1, PRACTICES + 1)]


LARKMOOR = "LK"
# pcn_id, name, letter, integrated care systems, patient records, middle decile, practices
_NETWORKS = {
    "East of England": ("SW", "Saltwick PCN", "E", 1, ("SystmOne",), 6,
        "Sedge Lane|Old Granary|Staithe|Fenwillow|Heron Street|Marram"),
    "London": ("TB", "Tallow Bridge PCN", "L", 1, ("EMIS",), 4,
        "Tallow Bridge|Chandler Row|Plane Tree|Lantern Square|Coopers Yard|Eastgate"),
    "Midlands": ("HV", "Hollinvale PCN", "M", 2, ("EMIS", "SystmOne"), 5,
        "Hollinvale|Nailmakers|Foxglove|Canal Side|Five Oaks|Wrekenfield"),
    "North East and Yorkshire": ("GD", "Gannerdale PCN", "N", 1, ("SystmOne",), 4,
        "Gannerdale|Pit Lane|Rowan Bank|Harbour View|Kilnsey Road|Moorgate Cross"),
    "North West": ("LK", "Larkmoor PCN", "P", 1, ("EMIS",), 4,
        "Larkmoor Road|Mill Bank|Thornclough|Weavers Green|Beckfoot|Station Street"),
    "South East": ("DF", "Downfold PCN", "S", 1, ("EMIS", "SystmOne"), 7,
        "Downfold|Hop Kiln|Chalk Pit|Quayside Walk|Beechhanger|Oast Meadow"),
    "South West": ("CT", "Cotterstow PCN", "W", 2, ("EMIS",), 6,
        "Cotterstow|Tinners Way|Combe End|Harbourside|Apple Orchard|Longbarrow"),
}  # fmt: skip


@lru_cache(maxsize=32)
def networks(seed: int, outlier: bool = True) -> dict[str, Network]:
    """The seven PCNs by region.

    Parameters
    ----------
    seed
        The seed of the synthetic PCN.
    outlier
        Whether one Larkmoor practice truly differs in emergency admissions.
    """
    rng = stream(seed, "networks")
    built = {}
    for region in REGIONS:
        pcn_id, name, letter, ics, systems, decile, practices = _NETWORKS[region]
        share = np.round(np.exp(rng.normal(0, 0.3, PRACTICES)), 3)
        tilt = np.round(rng.normal(0, 0.2, PRACTICES), 3)
        homes = np.round(np.exp(rng.normal(0, 0.3, PRACTICES)), 3)
        deprivation = np.clip(decile + rng.integers(-3, 4, PRACTICES), 1, 10)
        ratio = np.round(np.clip(rng.normal(1, 0.05, PRACTICES), 0.88, 1.12), 3)
        if pcn_id == LARKMOOR:
            share = np.array([0.215, 0.200, 0.130, 0.175, 0.155, 0.125])
            tilt = np.array([-0.10, 0.00, 0.70, 0.10, 0.05, -0.25])
            homes = np.array([0.8, 0.9, 1.2, 0.9, 1.6, 0.7])
            deprivation = np.array([3, 5, 7, 4, 2, 3])
            ratio = np.array([0.995, 1.005, 1.005, 1.000, 1.000, 0.995])
            if outlier:
                ratio[OUTLIER_PRACTICE] = OUTLIER_RATIO
        built[region] = Network(
            pcn_id, name, region, letter, ics,
            tuple(systems[i % len(systems)] for i in range(PRACTICES)),
            tuple(f"{practice} Surgery" for practice in practices.split("|")),
            share / share.sum(), tilt, homes, deprivation, ratio,
        )  # fmt: skip
    return built
