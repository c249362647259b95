"""What the synthetic PCN hides on purpose, each of which can be switched off.

What each hides is said where faculty keep it, not here: Associates have this package.

``synthesise_pcn(without={"home_visit_step"})`` gives the same PCN with that one thing left
out: how the course proves that its methods find what is there, and nothing when it is not.
"""

from __future__ import annotations

from collections.abc import Collection

SWITCHES = {
    "home_visit_step": "How requests for home visits move.",
    "practice_outlier": "How practices differ in emergency admissions.",
    "steady_admissions": "How emergency admissions move.",
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
