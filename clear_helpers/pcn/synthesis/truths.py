"""What the synthetic PCN hides on purpose, each of which can be switched off.

``synthesise_pcn(without={"home_visit_step"})`` gives the same PCN with that one thing left
out: how the course proves that its methods find what is there, and nothing when it is not.
"""

from __future__ import annotations

from collections.abc import Collection

SWITCHES = {
    "home_visit_step": "One Larkmoor practice closes a clinic in week 121; its requests for home "
    "visits rise 2.4-fold, the PCN's by 35 %. Off: no step.",
    "practice_outlier": "One Larkmoor practice has 1.6 times the emergency admissions of people of "
    "the same age and sex. Off: it is like the other five.",
    "steady_admissions": "Emergency admissions have no step after the 2020 shock. Off: they step "
    "up by 25 % in week 121.",
    "shock": "Activity falls in March 2020 and recovers by the end of September. Off: it does not.",
}

HOME_VISIT_STEP_PRACTICE = 4
HOME_VISIT_RISE = 0.35
OUTLIER_PRACTICE = 4
OUTLIER_RATIO = 1.6
ADMISSIONS_STEP = 0.25


def checked(without: Collection[str]) -> frozenset[str]:
    """The switches named, as a set.

    Raises
    ------
    ValueError
        If a name is not a switch, or a single string is given.
    """
    names = {without} if isinstance(without, str) else set(without)
    if unknown := sorted(names - set(SWITCHES)):
        raise ValueError(
            f"without={unknown[0]!r} is not something that can be switched off. "
            f"Choose from: {', '.join(SWITCHES)}."
        )
    return frozenset(names)
