"""Which function makes which table, and what each needs first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property

import numpy as np
import pandas as pd

from ..model import REGIONS
from . import appointments, home_visits, hospital, indicators
from .chance import stream
from .people import People, patient_table, people
from .regions import networks
from .truths import checked

# Raise whenever the same seed would give different rows.
GENERATOR_VERSION = 1
HOST_REGION = "North West"
FEWEST_PATIENTS = 300
MOST_PATIENTS = 999_999


class Synthesis:
    """One synthetic PCN, made table by table as it is asked for.

    Parameters
    ----------
    patients
        Rows of the patient table: everyone registered at some time in the three years.
    region
        NHS region, which decides the PCN; the other six have as many patients.
    seed
        Whole number; the same seed gives the same PCN.
    without
        Names from :data:`SWITCHES` of hidden things to leave out.

    Raises
    ------
    ValueError
        If an argument is not one of those allowed; the message says which are.
    """

    def __init__(
        self,
        patients: int = 36_000,
        *,
        region: str = "North West",
        seed: int = 2021,
        without: Collection[str] = (),
    ) -> None:
        if region not in REGIONS:
            raise ValueError(f"region={region!r} is not a region. Choose: {', '.join(REGIONS)}.")
        if not FEWEST_PATIENTS <= patients <= MOST_PATIENTS:
            raise ValueError(
                f"patients={patients} is out of range: give {FEWEST_PATIENTS:,} to "
                f"{MOST_PATIENTS:,}."
            )
        if seed < 0:
            raise ValueError(f"seed={seed} is negative: give a whole number from 0 up.")
        self.patients, self.region, self.seed = int(patients), region, int(seed)
        self.without = checked(without)
        self._networks = networks(self.seed, "practice_outlier" not in self.without)
        self._made: dict[str, pd.DataFrame] = {}
        self._people: dict[str, People] = {}

    @property
    def name(self) -> str:
        """The PCN's name."""
        return self._networks[self.region].name

    def table(self, name: str) -> pd.DataFrame:
        """One table, made when first asked for.

        Raises
        ------
        KeyError
            If the generator does not make a table of that name.
        """
        if name not in self._made:
            self._made[name] = GENERATED[name](self)
        return self._made[name]

    def people(self, region: str) -> People:
        """The people of a region's PCN."""
        if region not in self._people:
            self._people[region] = people(self._networks[region], self.patients, self.seed)
        return self._people[region]

    @property
    def who(self) -> People:
        """The people of this PCN."""
        return self.people(self.region)

    @cached_property
    def everyone(self) -> dict[str, People]:
        """The people of all seven PCNs, by region."""
        return {region: self.people(region) for region in REGIONS}

    @cached_property
    def admission_ratios(self) -> dict[str, np.ndarray]:
        """True ratio of emergency admissions by region and practice, the 42 together being 1."""
        totals = {r: float(n.share @ n.admission_ratio) for r, n in self._networks.items()}
        # Larkmoor's ratios are exact, so the other six PCNs make room for them.
        others = [total for region, total in totals.items() if region != HOST_REGION]
        room = (len(REGIONS) - totals[HOST_REGION]) / sum(others)
        return {
            region: np.round(n.admission_ratio * (1 if region == HOST_REGION else room), 6)
            for region, n in self._networks.items()
        }

    def emergencies(self, region: str) -> tuple[np.ndarray, np.ndarray]:
        """Patient and day of the emergency admissions of a region's PCN."""
        who = self.people(region)
        rng = stream(self.seed, who.network.pcn_id, "spell")
        return hospital.emergencies(rng, who, self.without, self.admission_ratios[region])


GENERATED: dict[str, Callable[[Synthesis], pd.DataFrame]] = {
    "pcn": lambda s: indicators.pcn_table(s.everyone),
    "practice": lambda s: indicators.practice_table(s.everyone),
    "practice_indicator": lambda s: indicators.practice_indicator_table(
        s.everyone, {region: s.emergencies(region) for region in REGIONS}
    ),
    "patient": lambda s: patient_table(s.who, s.seed),
    "appointment": lambda s: appointments.appointment_table(s.who, s.seed, s.without),
    "gp_contact": lambda s: appointments.gp_contact_table(s.who, s.seed, s.table("appointment")),
    "home_visit_request": lambda s: home_visits.home_visit_request_table(s.who, s.seed, s.without),
    "ed_attendance": lambda s: hospital.ed_attendance_table(
        s.who, s.seed, s.without, s.table("spell")
    ),
    "spell": lambda s: hospital.spell_table(s.who, s.seed, s.without, s.admission_ratios[s.region]),
}
"""The tables the generator makes, in the order of the data dictionary."""
