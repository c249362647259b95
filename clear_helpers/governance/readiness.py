"""Readiness: scoring an expression of interest, and the time and money a site commits.

Source
------
The programme's 2021 call for expressions of interest in Anticipatory Care: fifteen questions,
their points, the roles and hours asked of a site. Where the call contradicts itself, both
readings are kept as options and the result says which was used.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd

GateMode = Literal["gate", "bonus"]

ESSENTIAL_QUESTIONS = (
    "pcn_details",
    "executive_champion",
    "clinical_sponsor",
    "managerial_lead",
    "practice_managers",
    "areas_of_interest",
)
GRADED_QUESTIONS = ("benefits", "risks", "relevance")
UNSCORED_QUESTIONS = ("similar_projects", "population", "number_of_practices", "one_ics")
QUESTIONS = (
    *ESSENTIAL_QUESTIONS,
    "benefits",
    "risks",
    "similar_projects",
    "population",
    "number_of_practices",
    "one_ics",
    "clinical_systems",
    "meeting_dates",
    "relevance",
)
"""The form's fifteen questions, in its order."""

COMPULSORY_COHORT = "covid-19"
CHOICE_OF_COHORTS = (
    "dementia",
    "housebound",
    "long-term-conditions",
    "respiratory",
    "cardiology",
    "wider-determinants",
    "mental-health",
    "end-of-life",
)
LEAST_AREAS = 2

ESSENTIAL_POINTS = 5
GRADES = (1, 10)
DATE_POINTS = 2
FIRST_DATE = date(2021, 5, 10)
LAST_DATE = date(2021, 5, 20)

WORKING_DAY_HOURS = 7.5
SATURDAY = 5


@dataclass(frozen=True)
class EoiScore:
    """What an expression of interest scores.

    Attributes
    ----------
    total
        Points. Given even when the gate is not passed, to show what the gate decides.
    maximum
        The most points the same rules allow.
    by_question
        Points of each of the fifteen questions, in the form's order; 0 where unscored.
    essential_met
        Whether all six essential questions earned their points.
    missing
        Scored questions without a usable answer, in the form's order.
    eligible
        Whether the application may be ranked. Under "gate", only if all practices use one
        record system; under "bonus", always.
    same_system
        Whether all practices use one record system.
    ranking_notes
        What a panel should know before it ranks: the gate, dates that earned nothing, and
        which of two readings of the call was used.
    """

    total: int
    maximum: int
    by_question: dict[str, int]
    essential_met: bool
    missing: list[str]
    eligible: bool
    same_system: bool
    ranking_notes: list[str]


def score_expression_of_interest(
    form: Mapping[str, Any],
    *,
    gate_mode: GateMode = "gate",
    weekdays_only: bool = True,
    same_system_bonus: int = 0,
) -> EoiScore:
    """Score one expression of interest by the call's rules.

    Parameters
    ----------
    form
        Answers by question (``QUESTIONS``); a question may be left out.

        - ``pcn_details``, ``executive_champion``, ``clinical_sponsor``, ``managerial_lead``,
          ``practice_managers``: anything but blank earns 5 points. Roles will do; no
          person's name is needed.
        - ``areas_of_interest``: at least two of the eight cohorts earn 5 points. A list of
          slugs such as "housebound", the most wanted first, or ``{"housebound": 1,
          "dementia": 2}`` with ranks from 1 to 8, each used once.
        - ``benefits``, ``risks``, ``relevance``: the panel's grade, a whole number from 1 to
          10; left out or None if there was no answer to grade.
        - ``clinical_systems``: the record systems in use, as a list or one name.
        - ``meeting_dates``: dates offered, or text such as "2021-05-13"; 2 points for each
          different date from 10 to 20 May 2021.
        - ``similar_projects``, ``population``, ``number_of_practices``, ``one_ics``: for
          information; never scored.
    gate_mode
        The call makes one shared record system a condition in one place and an advantage in
        another. "gate": without it the application is not eligible. "bonus": it is eligible,
        and one shared system earns ``same_system_bonus``.
    weekdays_only
        Whether a Saturday or Sunday earns nothing (nine days can score) or scores like any
        other day (eleven can). The call does not say.
    same_system_bonus
        Points for one shared system under "bonus". The call gives no figure, so 0 unless you
        choose one.

    Returns
    -------
    EoiScore

    Raises
    ------
    ValueError
        If a question or cohort is unknown, a grade is not a whole number from 1 to 10, a date
        or rank cannot be read, a rank is used twice, or an option is unknown.
    """
    if gate_mode not in ("gate", "bonus"):
        raise ValueError(f"gate_mode: found {gate_mode!r}; expected 'gate' or 'bonus'.")
    if not isinstance(weekdays_only, bool):
        raise ValueError(f"weekdays_only: found {weekdays_only!r}; expected True or False.")
    bonus = _whole(same_system_bonus, "same_system_bonus", 0, 100)
    if not isinstance(form, Mapping):
        raise ValueError(f"form: found {type(form).__name__}; expected answers by question.")
    unknown = [name for name in form if name not in QUESTIONS]
    if unknown:
        raise ValueError(
            f"form: found question {unknown[0]!r}; expected some of {', '.join(QUESTIONS)}."
        )

    points = dict.fromkeys(QUESTIONS, 0)
    for question in ESSENTIAL_QUESTIONS[:-1]:
        points[question] = ESSENTIAL_POINTS if _answered(form.get(question)) else 0
    areas = _areas(form.get("areas_of_interest"))
    points["areas_of_interest"] = ESSENTIAL_POINTS if len(areas) >= LEAST_AREAS else 0
    for question in GRADED_QUESTIONS:
        grade = form.get(question)
        points[question] = 0 if _blank(grade) else _whole(grade, f"form, {question!r}", *GRADES)
    offered = _offered(form.get("meeting_dates"))
    scoring, date_notes = _scoring_dates(offered, weekdays_only)
    points["meeting_dates"] = DATE_POINTS * len(scoring)
    systems = _systems(form.get("clinical_systems"))
    same_system = len(systems) == 1
    if gate_mode == "bonus" and same_system:
        points["clinical_systems"] = bonus

    missing = [
        question
        for question in QUESTIONS
        if (question in (*ESSENTIAL_QUESTIONS, *GRADED_QUESTIONS) and not points[question])
        or (question == "meeting_dates" and not offered)
        or (question == "clinical_systems" and not systems)
    ]
    eligible = same_system or gate_mode == "bonus"
    return EoiScore(
        total=sum(points.values()),
        maximum=maximum_score(weekdays_only) + (bonus if gate_mode == "bonus" else 0),
        by_question=points,
        essential_met=all(points[question] for question in ESSENTIAL_QUESTIONS),
        missing=missing,
        eligible=eligible,
        same_system=same_system,
        ranking_notes=[
            *_system_notes(systems, gate_mode, bonus),
            *([] if "areas_of_interest" not in missing else [_areas_note(areas)]),
            *date_notes,
        ],
    )


def maximum_score(weekdays_only: bool = True) -> int:
    """The most points the call's rules allow: 78 counting weekdays only, 82 counting every day.

    Parameters
    ----------
    weekdays_only
        As for :func:`score_expression_of_interest`.

    Returns
    -------
    int
    """
    days = [FIRST_DATE + timedelta(days=n) for n in range((LAST_DATE - FIRST_DATE).days + 1)]
    scoring = [day for day in days if day.weekday() < SATURDAY or not weekdays_only]
    return (
        ESSENTIAL_POINTS * len(ESSENTIAL_QUESTIONS)
        + GRADES[1] * len(GRADED_QUESTIONS)
        + DATE_POINTS * len(scoring)
    )


def site_hours(
    weeks: float = 24,
    clinical_hours: float = 5,
    *,
    participants: int = 2,
    days_a_week: float = 2.5,
    executive_hours: float = 0.5,
    practice_manager_hours: float = 1,
    day_hours: float = WORKING_DAY_HOURS,
) -> pd.Series:
    """Hours a site gives to a project, by role.

    Parameters
    ----------
    weeks
        Weeks of delivery: 24 taught, or about 26 for six months.
    clinical_hours
        Hours a week of the clinical sponsor. The call says 5 in its table of roles, and one
        day a week (7.5) in the description of the role.
    participants
        Associates, and ``days_a_week`` each is released for.
    days_a_week, executive_hours, practice_manager_hours
        Days a week of each Associate; hours a week of the executive sponsor and the practice
        manager.
    day_hours
        Hours in a working day.

    Returns
    -------
    Series
        Hours over all weeks: participants, executive_sponsor, clinical_sponsor,
        practice_manager and total.

    Raises
    ------
    ValueError
        If a number is missing, not a number or negative.
    """
    length = _number(weeks, "weeks")
    people = _whole(participants, "participants", 0, 1_000)
    released = people * _number(days_a_week, "days_a_week") * _number(day_hours, "day_hours")
    a_week = {
        "participants": released,
        "executive_sponsor": _number(executive_hours, "executive_hours"),
        "clinical_sponsor": _number(clinical_hours, "clinical_hours"),
        "practice_manager": _number(practice_manager_hours, "practice_manager_hours"),
    }
    hours = pd.Series(a_week, name="hours", dtype=float) * length
    hours["total"] = hours.sum()
    return hours


def backfill_day_rate(
    amount: float = 30_000, *, people: int = 2, days_a_week: float = 2.5, weeks: float = 26
) -> float:
    """What a sum pays for each released day.

    Parameters
    ----------
    amount
        £ for backfill. The call says about £30,000, not whether for a network or a person:
        ``people=2`` reads it as for both Associates, ``people=1`` as for each.
    people, days_a_week, weeks
        Associates the sum covers, and the days they are released.

    Returns
    -------
    float
        £ a day.

    Raises
    ------
    ValueError
        If a number is missing, not a number or negative, or no day is released.
    """
    days = (
        _whole(people, "people", 1, 1_000)
        * _number(days_a_week, "days_a_week")
        * _number(weeks, "weeks")
    )
    if days == 0:
        raise ValueError("days_a_week: found no released day; expected more than 0.")
    return _number(amount, "amount") / days


def slack_days(start: Any, deadline: Any, weeks: int = 24) -> int:
    """Days between the last Friday of a course and a deadline; negative when it ends too late.

    Parameters
    ----------
    start
        Monday the course begins.
    deadline
        Last day allowed.
    weeks
        Weeks of the course.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a date cannot be read or the start is not a Monday.
    """
    first, last = _day(start, "start"), _day(deadline, "deadline")
    if first.weekday() != 0:
        raise ValueError(f"start: found {first}, a {first:%A}; expected a Monday.")
    end = first + timedelta(weeks=_whole(weeks, "weeks", 1, 520)) - timedelta(days=3)
    return (last - end).days


def _answered(answer: Any) -> bool:
    if isinstance(answer, str):
        return bool(answer.strip())
    if isinstance(answer, Mapping):
        return any(_answered(part) for part in answer.values())
    if isinstance(answer, Iterable):
        return any(_answered(part) for part in answer)
    return answer is not False and not _blank(answer)


def _blank(answer: Any) -> bool:
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or (pd.api.types.is_scalar(answer) and bool(pd.isna(answer)))


def _areas(answer: Any) -> list[str]:
    """The chosen cohorts, the most wanted first; COVID-19, which all take, is not a choice."""
    if not isinstance(answer, Iterable) and _blank(answer):
        return []
    if isinstance(answer, str):
        answer = [answer] if answer.strip() else []
    if isinstance(answer, Mapping):
        ranks = {
            _cohort(name): _whole(rank, f"form, 'areas_of_interest', {name!r}", 1, 8)
            for name, rank in answer.items()
            if not _blank(rank)
        }
        ranks.pop(COMPULSORY_COHORT, None)
        for name, rank in ranks.items():
            twin = next(other for other, used in ranks.items() if used == rank)
            if twin != name:
                raise ValueError(
                    f"form, 'areas_of_interest': found rank {rank} for {twin!r} and for {name!r}; "
                    "expected each rank once."
                )
        return sorted(ranks, key=lambda name: ranks[name])
    if not isinstance(answer, Iterable):
        raise ValueError(f"form, 'areas_of_interest': found {answer!r}; expected cohorts.")
    named = [_cohort(name) for name in answer]
    repeated = [name for place, name in enumerate(named) if name in named[:place]]
    if repeated:
        raise ValueError(
            f"form, 'areas_of_interest': found {repeated[0]!r} twice; expected each once."
        )
    return [name for name in named if name != COMPULSORY_COHORT]


def _cohort(name: Any) -> str:
    slug = "-".join(str(name).strip().casefold().replace("_", " ").replace("-", " ").split())
    if slug not in (COMPULSORY_COHORT, *CHOICE_OF_COHORTS):
        raise ValueError(
            f"form, 'areas_of_interest': found {name!r}; expected some of "
            f"{', '.join(CHOICE_OF_COHORTS)}."
        )
    return slug


def _offered(answer: Any) -> list[date]:
    if not isinstance(answer, Iterable) and _blank(answer):
        return []
    if isinstance(answer, str) and not answer.strip():
        return []
    if isinstance(answer, (str, date)):
        answer = [answer]
    if isinstance(answer, Mapping) or not isinstance(answer, Iterable):
        raise ValueError(f"form, 'meeting_dates': found {answer!r}; expected a list of dates.")
    return [
        _day(item, f"form, 'meeting_dates', position {place}") for place, item in enumerate(answer)
    ]


def _scoring_dates(offered: list[date], weekdays_only: bool) -> tuple[list[date], list[str]]:
    different = sorted(set(offered))
    inside = [day for day in different if FIRST_DATE <= day <= LAST_DATE]
    weekend = [day for day in inside if day.weekday() >= SATURDAY]
    notes = []
    if len(different) < len(offered):
        notes.append("A date offered twice counts once.")
    if len(inside) < len(different):
        outside = [day for day in different if day not in inside]
        notes.append(f"Outside 10 to 20 May 2021, so no points: {_listed(outside)}.")
    if weekend and weekdays_only:
        notes.append(f"At a weekend, so no points under the weekday rule: {_listed(weekend)}.")
    elif weekend:
        notes.append(f"At a weekend, counted under the every-day rule: {_listed(weekend)}.")
    return [day for day in inside if day not in weekend or not weekdays_only], notes


def _listed(days: list[date]) -> str:
    return ", ".join(f"{day.day} {day:%B %Y}" for day in days)


def _systems(answer: Any) -> set[str]:
    if not isinstance(answer, Iterable) and _blank(answer):
        return set()
    if isinstance(answer, str):
        answer = [answer]
    if isinstance(answer, Mapping) or not isinstance(answer, Iterable):
        raise ValueError(f"form, 'clinical_systems': found {answer!r}; expected a list of names.")
    names = set()
    for place, name in enumerate(answer):
        if _blank(name):
            continue
        if not isinstance(name, str):
            raise ValueError(
                f"form, 'clinical_systems': found {name!r} at position {place}; expected a name."
            )
        names.add("".join(name.split()).casefold())
    return names


def _system_notes(systems: set[str], gate_mode: GateMode, bonus: int) -> list[str]:
    found = {0: "no record system is named", 1: "all practices use one record system"}.get(
        len(systems), f"practices use {len(systems)} record systems"
    )
    if gate_mode == "gate":
        verdict = "passes" if len(systems) == 1 else "does not pass, so it is not ranked"
        return [f"Gate: {found}; the application {verdict}."]
    note = f"No gate: {found}; one shared system earns {bonus} points."
    return [note if bonus else f"{note} The call gives no figure: choose same_system_bonus."]


def _areas_note(areas: list[str]) -> str:
    return f"{len(areas)} of the eight areas marked; at least {LEAST_AREAS} are needed."


def _day(item: Any, name: str) -> date:
    if isinstance(item, datetime) and not pd.isna(item):
        return item.date()
    if isinstance(item, date) and not pd.isna(item):
        return item
    if isinstance(item, str):
        try:
            return date.fromisoformat(item.strip()[:10])
        except ValueError:
            pass
    elif type(item).__name__ == "datetime64" and not pd.isna(item):
        return pd.Timestamp(item).date()
    raise ValueError(f"{name}: found {item!r}; expected a date such as 2021-05-13.")


def _whole(value: Any, name: str, least: int, most: int) -> int:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or pd.isna(value) or not least <= value <= most or value != int(value):
        raise ValueError(
            f"{name}: found {value!r}; expected a whole number from {least} to {most}."
        )
    return int(value)


def _number(value: Any, name: str) -> float:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not real or not 0 <= float(value) < float("inf"):
        raise ValueError(f"{name}: found {value!r}; expected a number, 0 or more.")
    return float(value)
