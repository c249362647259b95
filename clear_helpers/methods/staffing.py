"""Staffing: full-time equivalents, the team a workload needs, and the cheapest safe skill mix.

Sources
-------
NHS Digital, General and Personal Medical Services workforce (FTE = weekly hours / 37.5). The
skill mix is a mixed-integer programme solved by HiGHS through ``scipy.optimize.milp``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers

FULL_TIME_HOURS = 37.5
HOURS_IN_A_WEEK = 168
PATIENT_FACING_HOURS = 23.25
_TRACE = 1e-6


class Workforce(NamedTuple):
    """People and the whole-time posts they amount to.

    Attributes
    ----------
    headcount
        People, each counted once.
    fte
        Full-time equivalents.
    """

    headcount: int
    fte: float


@dataclass(frozen=True)
class StaffMix:
    """The cheapest team that does the work, or why there is none.

    Attributes
    ----------
    feasible
        Whether a team within the caps and the budget does all the work.
    cost
        £ a week of the cheapest team; None if no team within the caps does the work. It is
        given too when it passes the budget, so that the gap can be seen.
    posts
        FTE of each role; empty if no team does the work.
    hours
        Hours a week of each task (rows) by each role (columns).
    supervision
        Hours a week the supervising role gives to each role.
    caps
        One row per role with a cap: ``cap``, ``posts``, ``at_cap``, and ``saving``, the £ a
        week one more step of that role would save (relaxed: £ per FTE, at the margin).
    binding
        Roles whose cap costs money: at the cap, and one more step would save. If there is no
        team, those of whom one more step would leave less work undone.
    shortfall
        Hours a week of each task that cannot be covered; 0 when feasible.
    explanation
        The result in words.
    """

    feasible: bool
    cost: float | None
    posts: pd.Series
    hours: pd.DataFrame
    supervision: pd.Series
    caps: pd.DataFrame
    binding: list[str]
    shortfall: pd.Series
    explanation: str


def fte(
    hours: Any,
    cap: float | None = None,
    *,
    worked_hours: Any = None,
    full_time_hours: float = FULL_TIME_HOURS,
) -> Any:
    """Full-time equivalents of weekly hours.

    Parameters
    ----------
    hours
        Contracted hours a week: one number or a sequence, from 0 to 168.
    cap
        The most FTE one person may count as; None for no cap.
    worked_hours
        Hours worked, used where contracted hours are missing or 0 (zero-hours contracts).
    full_time_hours
        Hours of one FTE.

    Returns
    -------
    float, array or Series
        One number, an array, or a Series on the index given.

    Raises
    ------
    ValueError
        If hours are missing (without ``worked_hours``), not a number or out of range.
    """
    full = read_number(full_time_hours, "full_time_hours", above=0, at_most=HOURS_IN_A_WEEK)
    most = None if cap is None else read_number(cap, "cap", above=0)
    single = not isinstance(hours, Iterable) or isinstance(hours, (str, bytes, dict, set))
    if worked_hours is not None:
        hours = _worked_where_blank(hours, worked_hours, single)
    week: dict[str, Any] = {"at_least": 0, "at_most": HOURS_IN_A_WEEK}
    given = np.array([read_number(hours, "hours", **week)]) if single else None
    values = (read_numbers(hours, "hours", **week) if given is None else given) / full
    if most is not None:
        values = np.minimum(values, most)
    if single:
        return float(values[0])
    return (
        pd.Series(values, index=hours.index, name="fte") if isinstance(hours, pd.Series) else values
    )


def workforce(
    hours: Sequence[float] | pd.Series, cap: float | None = None, **options: Any
) -> Workforce:
    """Headcount and FTE together: two people at half time are two heads and one FTE.

    Parameters
    ----------
    hours
        Hours a week, one entry per person.
    cap, options
        As for :func:`fte`.

    Returns
    -------
    Workforce

    Raises
    ------
    ValueError
        As for :func:`fte`.
    """
    values = np.atleast_1d(np.asarray(fte(hours, cap, **options), dtype=float))
    return Workforce(values.size, float(values.sum()))


def available_minutes(
    weekly_hours: float = FULL_TIME_HOURS,
    patient_facing: float = 0.62,
    weeks_worked: float = 42,
    weeks: float = 52,
) -> float:
    """Minutes one FTE can give to patients in an average week of the year.

    Parameters
    ----------
    weekly_hours
        Paid hours a week.
    patient_facing
        Share of working time spent with patients; from 0 to 1.
    weeks_worked
        Weeks worked in the year, after leave, study and sickness.
    weeks
        Weeks in the year.

    Returns
    -------
    float
        Minutes per FTE per week.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range, or more weeks are worked than
        there are.
    """
    paid = read_number(weekly_hours, "weekly_hours", above=0, at_most=HOURS_IN_A_WEEK)
    facing = read_number(patient_facing, "patient_facing", above=0, at_most=1)
    year = read_number(weeks, "weeks", above=0)
    worked = read_number(weeks_worked, "weeks_worked", above=0, at_most=year)
    return paid * 60 * facing * worked / year


def fte_need(contacts: Any, minutes: Any, available: float | None = None) -> Any:
    """FTE that a number of contacts a week needs.

    Parameters
    ----------
    contacts
        Contacts a week: one number, or a sequence with an entry per kind of contact.
    minutes
        Minutes each takes, travel and write-up included; matched by position.
    available
        Minutes per FTE per week; by default those of :func:`available_minutes`.

    Returns
    -------
    float, array or Series
        One number, an array, or a Series on the index of ``contacts``.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range, or lengths differ.
    """
    each = (
        available_minutes() if available is None else read_number(available, "available", above=0)
    )
    if not isinstance(contacts, Iterable):
        work = read_number(contacts, "contacts", at_least=0)
        return work * read_number(minutes, "minutes", at_least=0) / each
    count = read_numbers(contacts, "contacts", at_least=0)
    need = count * read_numbers(minutes, "minutes", at_least=0, length=count.size) / each
    if isinstance(contacts, pd.Series):
        return pd.Series(need, index=contacts.index, name="fte")
    return need


def staff_mix(
    demand: Mapping[str, float] | pd.Series,
    skills: Mapping[str, Iterable[str]] | pd.DataFrame,
    staff: pd.DataFrame | Mapping[str, Mapping[str, float]],
    budget: float | None = None,
    *,
    supervisor: str | None = None,
    patient_facing_hours: float = PATIENT_FACING_HOURS,
    paid_hours: float = FULL_TIME_HOURS,
    post_step: float | None = 0.5,
) -> StaffMix:
    """The cheapest posts that cover every task with eligible, supervised staff.

    Parameters
    ----------
    demand
        Hours a week of each task; 0 or more.
    skills
        Roles that may do each task: ``{"visit": ["GP", "Nurse"]}``, or a table of yes and no
        with tasks as rows and roles as columns.
    staff
        One row per role: ``cost`` (£ an hour, on-costs included), and optionally ``cap`` (most
        FTE; missing for none) and ``supervision`` (hours the supervising role gives per hour
        worked; missing for none). A table, or ``{"GP": {"cost": 88, "cap": 6}}``.
    budget
        £ a week the team may cost; None for no limit.
    supervisor
        The role that supervises. Needed if any role has ``supervision``, unless a role is
        called "GP".
    patient_facing_hours
        Hours a week one FTE can give to tasks and supervision together.
    paid_hours
        Hours a week one FTE is paid for.
    post_step
        Posts come in multiples of this FTE (0.5: half posts); None for any fraction (relaxed).

    Returns
    -------
    StaffMix
        ``feasible`` is False, with the reason in ``explanation``, if no team does the work
        within the caps or the cheapest passes the budget.

    Raises
    ------
    ValueError
        If a task has no eligible role, a role is not on the staff list, or a number is
        missing, not a number or out of range.

    Notes
    -----
    The cheapest team on paper: continuity, travel and people's own wishes are not in it.
    """
    model = _Model(demand, skills, staff, supervisor, patient_facing_hours, paid_hours, post_step)
    limit = None if budget is None else read_number(budget, "budget", at_least=0)
    best = model.solve(model.cap)
    if best is None:
        return _no_team(model)
    cost, posts, hours = best
    caps = _caps(model, cost, posts)
    binding = [str(role) for role in caps.index[caps["at_cap"] & (caps["saving"] > 0.005)]]
    affordable = limit is None or cost <= limit + 0.005
    return StaffMix(
        feasible=affordable,
        cost=cost,
        posts=pd.Series(posts, index=model.roles, name="fte"),
        hours=hours,
        supervision=pd.Series(
            hours.sum().to_numpy() * model.supervision, index=model.roles, name="hours"
        ),
        caps=caps,
        binding=binding,
        shortfall=pd.Series(0.0, index=model.tasks, name="hours"),
        explanation=_in_words(model, cost, posts, limit, caps, binding),
    )


class _Model:
    """Hours of each task by each eligible role, and posts of each role, as a linear programme."""

    def __init__(
        self,
        demand: Any,
        skills: Any,
        staff: Any,
        supervisor: Any,
        patient_facing_hours: Any,
        paid_hours: Any,
        post_step: Any,
    ) -> None:
        table = _staff_table(staff)
        self.roles = [str(role) for role in table.index]
        self.rate = read_numbers(table["cost"], "staff, 'cost'", at_least=0)
        cap = table["cap"].map(lambda most: np.inf if pd.isna(most) else most)
        self.cap = np.array([_cap(most, role) for role, most in zip(self.roles, cap, strict=True)])
        self.supervision = read_numbers(
            [0.0 if pd.isna(ratio) else ratio for ratio in table["supervision"]],
            "staff, 'supervision'",
            at_least=0,
        )
        if isinstance(demand, pd.Series):
            _refuse_repeats([str(task) for task in demand.index], "demand")
            demand = demand.to_dict()
        if not isinstance(demand, Mapping):
            raise ValueError(f"demand: found {demand!r}; expected hours a week for each task.")
        self.tasks = [str(task) for task in demand]
        _refuse_repeats(self.tasks, "demand")
        self.demand = read_numbers(list(demand.values()), "demand", at_least=0)
        self.pairs = _pairs(skills, self.tasks, self.roles)
        self.facing = read_number(
            patient_facing_hours, "patient_facing_hours", above=0, at_most=HOURS_IN_A_WEEK
        )
        self.paid = read_number(paid_hours, "paid_hours", above=0, at_most=HOURS_IN_A_WEEK)
        self.step = None if post_step is None else read_number(post_step, "post_step", above=0)
        self.supervisor = self._supervisor(supervisor)

    def _supervisor(self, wanted: Any) -> int | None:
        if wanted is None and not self.supervision.any():
            return None
        name = "GP" if wanted is None else wanted
        if name not in self.roles:
            raise ValueError(
                f"supervisor: found {wanted!r}; expected the role that supervises, one of "
                f"{', '.join(map(repr, self.roles))}."
            )
        return self.roles.index(name)

    def solve(
        self, cap: np.ndarray, *, shortfall: bool = False
    ) -> tuple[float, np.ndarray, pd.DataFrame] | None:
        """Cost, posts and hours of the cheapest team; None if none does the work.

        With ``shortfall`` the hours left undone are made as few as can be, and stand in the
        place of the cost.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        tasks, roles, pairs = len(self.tasks), len(self.roles), len(self.pairs)
        unit = 1.0 if self.step is None else self.step
        done = np.zeros((tasks, pairs + roles + tasks))
        used = np.zeros((roles, pairs + roles + tasks))
        for place, (task, role) in enumerate(self.pairs):
            done[task, place] = 1
            used[role, place] += 1
            if self.supervisor is not None:
                used[self.supervisor, place] += self.supervision[role]
        done[:, pairs + roles :] = np.eye(tasks)
        used[:, pairs : pairs + roles] = -np.eye(roles) * self.facing * unit
        weekly = self.rate * self.paid * unit
        units = cap if self.step is None else np.floor(cap / self.step + _TRACE)
        undone = np.full(tasks, np.inf if shortfall else 0.0)
        whole = np.zeros(pairs + roles + tasks)
        whole[pairs : pairs + roles] = self.step is not None
        found = milp(
            np.concatenate(
                [np.zeros(pairs), np.zeros(roles) if shortfall else weekly, np.ones(tasks)]
            ),
            constraints=[
                LinearConstraint(used, -np.inf, 0),
                LinearConstraint(done, self.demand, self.demand),
            ],
            integrality=whole,
            bounds=Bounds(0, np.concatenate([np.full(pairs, np.inf), units, undone])),
            options={"mip_rel_gap": 0},
        )
        if not found.success:
            return None
        amount = found.x[pairs : pairs + roles]
        posts = (amount if self.step is None else np.round(amount)) * unit
        hours = pd.DataFrame(0.0, index=self.tasks, columns=self.roles)
        for (task, role), worked in zip(self.pairs, found.x[:pairs], strict=True):
            hours.iat[task, role] = max(float(worked), 0.0)
        value = found.fun if shortfall else float((self.rate * self.paid) @ posts)
        return float(value), posts, hours


def _caps(model: _Model, cost: float, posts: np.ndarray) -> pd.DataFrame:
    """Each cap, and what one more step of the role would save."""
    rows = {}
    more = model.step if model.step is not None else 0.01
    for place, role in enumerate(model.roles):
        cap = model.cap[place]
        if np.isinf(cap):
            continue
        reachable = cap if model.step is None else np.floor(cap / more + _TRACE) * more
        at_cap = bool(posts[place] >= reachable - _TRACE)
        saving = 0.0
        if at_cap:
            raised = model.cap.copy()
            raised[place] = reachable + more
            better = model.solve(raised)
            assert better is not None
            saving = max(cost - better[0], 0.0) / (more if model.step is None else 1)
        rows[role] = {"cap": cap, "posts": posts[place], "at_cap": at_cap, "saving": saving}
    columns = ["cap", "posts", "at_cap", "saving"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype({"at_cap": bool})


def _no_team(model: _Model) -> StaffMix:
    least = model.solve(model.cap, shortfall=True)
    assert least is not None, "leaving everything undone is always possible"
    _, posts, hours = least
    shortfall = pd.Series(model.demand - hours.sum(axis=1).to_numpy(), model.tasks, name="hours")
    shortfall = shortfall.where(shortfall > _TRACE, 0.0)
    short = float(shortfall.sum())
    helpful = []
    for place in np.flatnonzero(np.isfinite(model.cap)):
        raised = model.cap.copy()
        raised[place] += model.step or 1.0
        easier = model.solve(raised, shortfall=True)
        if easier is not None and easier[0] < short - _TRACE:
            helpful.append(model.roles[place])
    missing = "; ".join(
        f"{task}: {undone:,.1f} of {wanted:,.1f} hours a week cannot be covered"
        for task, undone, wanted in zip(model.tasks, shortfall, model.demand, strict=True)
        if undone > 0
    )
    caps = pd.DataFrame(
        {"cap": model.cap, "posts": posts, "at_cap": [role in helpful for role in model.roles]},
        index=model.roles,
    )
    caps["saving"] = np.nan
    return StaffMix(
        feasible=False,
        cost=None,
        posts=pd.Series(dtype=float, name="fte"),
        hours=hours,
        supervision=pd.Series(dtype=float, name="hours"),
        caps=caps[np.isfinite(model.cap)],
        binding=helpful,
        shortfall=shortfall,
        explanation=(
            f"No team within the caps does all the work. At best, {missing}. "
            f"More of any of these would help: {_listed([_capped(model, role) for role in helpful])}. "
            "Raise a cap, let another role do the task, or do less of it."
        ),
    )


def _in_words(
    model: _Model,
    cost: float,
    posts: np.ndarray,
    limit: float | None,
    caps: pd.DataFrame,
    binding: list[str],
) -> str:
    team = _listed(
        [f"{role} {given:g}" for role, given in zip(model.roles, np.round(posts, 3), strict=True)]
    )
    sentences = [f"The cheapest team costs £{cost:,.2f} a week: {team} FTE."]
    step = "one more FTE" if model.step is None else f"{model.step:g} FTE more"
    if binding:
        saving = caps["saving"].to_dict()
        savings = [
            f"{_capped(model, role)} ({step} would save £{saving[role]:,.2f} a week)"
            for role in binding
        ]
        sentences.append(f"Caps that cost money: {_listed(savings)}.")
    else:
        sentences.append("No cap costs money.")
    if limit is not None and cost > limit + 0.005:
        sentences.insert(
            0, f"No team keeps to £{limit:,.2f} a week: it falls £{cost - limit:,.2f} short."
        )
    return " ".join(sentences)


def _capped(model: _Model, role: str) -> str:
    return f"{role} at {model.cap[model.roles.index(role)]:g} FTE"


def _listed(items: list[str]) -> str:
    if len(items) < 2:
        return "".join(items) or "none"
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _staff_table(staff: Any) -> pd.DataFrame:
    if isinstance(staff, Mapping):
        wrong = [role for role, row in staff.items() if not isinstance(row, Mapping)]
        if wrong:
            raise ValueError(f"staff: found {staff[wrong[0]]!r} for {wrong[0]!r}; expected a cost.")
        staff = pd.DataFrame.from_dict({k: dict(v) for k, v in staff.items()}, orient="index")
    if not isinstance(staff, pd.DataFrame):
        raise ValueError(f"staff: found {staff!r}; expected a table with one row per role.")
    if staff.empty:
        raise ValueError("staff: found no roles; expected at least one.")
    if "cost" not in staff.columns:
        raise ValueError("staff: the table has no column 'cost' (£ an hour).")
    _refuse_repeats([str(role) for role in staff.index], "staff")
    table = staff.copy()
    for name in ("cap", "supervision"):
        if name not in table.columns:
            table[name] = np.nan
    return table


def _cap(most: Any, role: str) -> float:
    if isinstance(most, float) and np.isinf(most) and most > 0:
        return np.inf
    return read_number(most, f"staff, 'cap' of {role!r}", at_least=0)


def _pairs(skills: Any, tasks: list[str], roles: list[str]) -> list[tuple[int, int]]:
    if isinstance(skills, pd.DataFrame):
        for column in skills.columns:
            for place, mark in enumerate(skills[column]):
                if not isinstance(mark, (bool, np.bool_)):
                    raise ValueError(
                        f"skills, {column!r}: found {mark!r} at position {place}; expected True or "
                        "False."
                    )
        skills = {
            task: [role for role in skills.columns if bool(row[role])]
            for task, row in skills.iterrows()
        }
    if not isinstance(skills, Mapping):
        raise ValueError(f"skills: found {skills!r}; expected the roles that may do each task.")
    able = {str(task): eligible for task, eligible in skills.items()}
    pairs = []
    for number, task in enumerate(tasks):
        eligible = able.get(task)
        if isinstance(eligible, (str, bytes)) or not (
            eligible is None or isinstance(eligible, Iterable)
        ):
            raise ValueError(f"skills: found {eligible!r} for {task!r}; expected a list of roles.")
        names = [str(role) for role in ([] if eligible is None else eligible)]
        if not names:
            raise ValueError(f"skills: no role may do {task!r}; expected at least one.")
        absent = [role for role in names if role not in roles]
        if absent:
            raise ValueError(f"skills: found {absent[0]!r} for {task!r}, who is not on the staff.")
        pairs += [(number, roles.index(role)) for role in dict.fromkeys(names)]
    return pairs


def _worked_where_blank(hours: Any, worked: Any, single: bool) -> Any:
    if single:
        return worked if hours is None or pd.isna(hours) or hours == 0 else hours
    contracted, done = list(hours), list(worked)
    if len(contracted) != len(done):
        raise ValueError(
            f"worked_hours: found {len(done)} values; expected {len(contracted)}, one for each row."
        )
    filled = [
        instead if pd.isna(given) or (not isinstance(given, str) and given == 0) else given
        for given, instead in zip(contracted, done, strict=True)
    ]
    return pd.Series(filled, index=hours.index) if isinstance(hours, pd.Series) else filled


def _refuse_repeats(names: list[str], what: str) -> None:
    if not names:
        raise ValueError(f"{what}: found nothing; expected at least one row.")
    repeated = [name for place, name in enumerate(names) if name in names[:place]]
    if repeated:
        raise ValueError(f"{what}: found {repeated[0]!r} twice; expected each once.")
