"""Discrete-event simulation of a clinic or visiting team: arrivals, servers, waits.

The events are run by SimPy; random numbers are numpy's, intervals scipy's (Student's t).

Sources
-------
S. Robinson, Simulation: The Practice of Model Development and Use, 2014 (warm-up,
replications, common random numbers). Verified against the M/M/c formulae of
``clear_helpers.methods.queueing``.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers

REPLICATIONS = 30
MOST_ARRIVALS = 5_000_000
_NOT_MEASURES = ("replication", "arrivals")


def simulate_clinic(
    mean_interarrival: float,
    mean_service: float,
    servers: int,
    *,
    duration: float = 10_000,
    warm_up: float = 0,
    replications: int = REPLICATIONS,
    seed: int = 2021,
    service_cv: float = 1,
    target_wait: float | None = None,
    day_length: float | None = None,
    open_days: Sequence[bool] | None = None,
) -> pd.DataFrame:
    """Run a clinic many times over: people arrive at random and are seen in turn.

    Parameters
    ----------
    mean_interarrival
        Mean time between arrivals; more than 0. Any one unit of time serves for all times
        here: minutes, hours or working days.
    mean_service
        Mean time one server takes for one person; more than 0.
    servers
        People, rooms or visiting staff: a whole number, 1 or more.
    duration
        Time observed after the warm-up. Everybody who arrives in it is followed until seen,
        so that long waits at the end are not cut short.
    warm_up
        Time run first and not counted, because a clinic that starts empty flatters itself.
    replications
        Independent runs: 2 or more, for one run says nothing about chance.
    seed
        Same seed, same runs. Arrivals and lengths of service have a stream of random numbers
        each, and one person keeps both when another number of servers or a busier clinic is
        tried with the same seed (common random numbers): see :func:`paired_difference`.
    service_cv
        Standard deviation of the service time as a share of its mean (gamma distribution): 1
        is exponential, 0 always the same.
    target_wait
        With it, the result has ``over_target``: the share who wait longer, in open time.
    day_length
        Length of a day; with it, the result has ``mean_wait_days``, in working days.
    open_days
        Which days of a repeating pattern are worked, such as ``[True] * 5 + [False] * 2``.
        People arrive on every day; nobody is called in on a closed one, and who is being
        seen when a day closes is finished. Needs ``day_length``. Without it the clock counts
        working time only.

    Returns
    -------
    DataFrame
        One row per run: ``replication``, ``arrivals`` (people followed), ``mean_wait`` (time
        to being called in, by the clock), ``max_wait``, ``p_wait`` (share who wait at all),
        ``mean_time_in_clinic``, ``mean_queue`` (people waiting on average), ``utilisation``
        (share of the open time servers are busy; finishing late counts, so it may pass 1),
        and, when asked for, ``over_target`` and ``mean_wait_days``. Missing (NaN) waits where
        nobody arrived.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range, no day is open, or more than
        five million people would arrive.

    Notes
    -----
    Simulated figures show what would follow from the assumptions. They are not results.
    """
    gap = read_number(mean_interarrival, "mean_interarrival", above=0)
    service = read_number(mean_service, "mean_service", above=0)
    count = int(read_number(servers, "servers", at_least=1, whole=True))
    observed = read_number(duration, "duration", above=0)
    warm = read_number(warm_up, "warm_up", at_least=0)
    runs = int(read_number(replications, "replications", at_least=2, whole=True))
    root = int(read_number(seed, "seed", at_least=0, whole=True))
    spread = read_number(service_cv, "service_cv", at_least=0)
    limit = None if target_wait is None else read_number(target_wait, "target_wait", at_least=0)
    hours = _Hours(day_length, open_days)
    horizon = warm + observed
    if horizon / gap > MOST_ARRIVALS:
        raise ValueError(
            f"mean_interarrival: found {gap:g}, so {horizon / gap:,.0f} arrivals a run; expected "
            f"{MOST_ARRIVALS:,} or fewer. Check that all times are in one unit."
        )
    rows = []
    for run, source in enumerate(np.random.SeedSequence(root).spawn(runs), start=1):
        arrival_stream, service_stream = (np.random.default_rng(s) for s in source.spawn(2))
        arrived = _arrivals(arrival_stream, gap, horizon)
        needed = _services(service_stream, service, spread, arrived.size)
        called = _run(arrived, needed, count, hours)
        measures = _measure(arrived, needed, called, (warm, horizon), count, hours, limit)
        rows.append({"replication": run, **measures})
    table = pd.DataFrame(rows)
    table.attrs["seed"] = root
    return table


def confidence_intervals(
    replications: pd.DataFrame,
    confidence: float = 0.95,
    measures: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Mean of each measure over the runs, with its interval.

    Parameters
    ----------
    replications
        From :func:`simulate_clinic`: one row per run, 2 or more.
    confidence
        Above 0 and below 1.
    measures
        Columns wanted; by default every column but ``replication`` and ``arrivals``.

    Returns
    -------
    DataFrame
        ``mean``, ``lower``, ``upper`` and ``half_width`` on an index of measures, and
        ``replications``, the runs it rests on (those where the measure is not missing).
        Student's t with one degree of freedom fewer than runs.

    Raises
    ------
    ValueError
        If the table is empty or has one run, a measure is absent, not a number or infinite,
        or the confidence is out of range.
    """
    from scipy.stats import t

    level = read_number(confidence, "confidence", above=0, at_most=1)
    if level == 1:
        raise ValueError("confidence: found 1; expected less than 1, such as 0.95.")
    table = _table(replications, "replications")
    names = _measures(table, measures)
    rows = {}
    for name in names:
        values = read_numbers(table[name].dropna(), f"replications, {name!r}")
        if values.size < 2:
            raise ValueError(f"replications, {name!r}: found 1 run; expected 2 or more.")
        half = t.ppf(0.5 + level / 2, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
        rows[name] = {
            "mean": values.mean(),
            "lower": values.mean() - half,
            "upper": values.mean() + half,
            "half_width": half,
            "replications": values.size,
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table["replications"] = table["replications"].astype(int)
    return table.rename_axis("measure")


def paired_difference(
    baseline: pd.DataFrame,
    scenario: pd.DataFrame,
    confidence: float = 0.95,
    measures: Sequence[str] | None = None,
) -> pd.DataFrame:
    """What a scenario changes, run by run, with its interval.

    The two must have been simulated with the same seed. As both then meet the same people,
    chance largely cancels out and the interval is narrower than that of two unpaired means.

    Parameters
    ----------
    baseline, scenario
        From :func:`simulate_clinic`, with the same seed and number of runs.
    confidence, measures
        As for :func:`confidence_intervals`.

    Returns
    -------
    DataFrame
        As for :func:`confidence_intervals`, of scenario minus baseline.

    Raises
    ------
    ValueError
        If seeds or runs differ, or as for :func:`confidence_intervals`.
    """
    before, after = _table(baseline, "baseline"), _table(scenario, "scenario")
    seeds = before.attrs.get("seed"), after.attrs.get("seed")
    if seeds[0] != seeds[1]:
        raise ValueError(f"scenario: found seed {seeds[1]}; expected the baseline's, {seeds[0]}.")
    names = [name for name in _measures(before, measures) if name in _measures(after, measures)]
    runs = [
        table["replication"].tolist() if "replication" in table else None
        for table in (before, after)
    ]
    if runs[0] is None or runs[0] != runs[1]:
        raise ValueError(
            f"scenario: found {len(after)} runs; expected the baseline's {len(before)}, in order."
        )
    difference = after[names].reset_index(drop=True) - before[names].reset_index(drop=True)
    return confidence_intervals(difference, confidence)


class _Hours:
    """When the clinic is open, and how much open time lies between two moments."""

    def __init__(self, day_length: Any, open_days: Any) -> None:
        self.day = None if day_length is None else read_number(day_length, "day_length", above=0)
        self.pattern: np.ndarray | None = None
        if open_days is None:
            return
        if isinstance(open_days, (str, bytes)) or not isinstance(open_days, Sequence):
            raise ValueError(f"open_days: found {open_days!r}; expected a list of yes or no.")
        for place, item in enumerate(open_days):
            if not isinstance(item, (bool, np.bool_)):
                raise ValueError(
                    f"open_days: found {item!r} at position {place}; expected True or False."
                )
        if not any(open_days):
            raise ValueError("open_days: found no open day; expected at least one True.")
        if self.day is None:
            raise ValueError("day_length: found None; expected the length of a day.")
        if not all(open_days):
            self.pattern = np.array(open_days, dtype=bool)

    def until_open(self, now: float) -> float:
        """Time to the next open moment; 0 while open."""
        assert self.pattern is not None and self.day is not None
        today = int(now // self.day)
        ahead = 0
        while not self.pattern[(today + ahead) % self.pattern.size]:
            ahead += 1
        return (today + ahead) * self.day - now if ahead else 0.0

    def open_time(self, moments: np.ndarray) -> np.ndarray:
        """Open time from the start to each moment."""
        if self.pattern is None:
            return moments
        assert self.day is not None
        days = np.floor(moments / self.day).astype(np.int64)
        cycle, today = np.divmod(days, self.pattern.size)
        worked = np.concatenate([[0], np.cumsum(self.pattern)])
        part = np.where(self.pattern[today], moments - days * self.day, 0.0)
        return (cycle * worked[-1] + worked[today]) * self.day + part


def _arrivals(stream: np.random.Generator, gap: float, horizon: float) -> np.ndarray:
    expected = horizon / gap
    times = np.empty(0)
    while not times.size or times[-1] < horizon:
        block = stream.standard_exponential(int(expected + 4 * np.sqrt(expected)) + 16) * gap
        times = np.concatenate([times, (times[-1] if times.size else 0.0) + np.cumsum(block)])
    return times[times < horizon]


def _services(stream: np.random.Generator, mean: float, spread: float, size: int) -> np.ndarray:
    if spread == 0:
        return np.full(size, mean)
    if spread == 1:
        return stream.standard_exponential(size) * mean
    shape = 1 / spread**2
    return stream.standard_gamma(shape, size) * (mean / shape)


def _run(arrived: np.ndarray, needed: np.ndarray, servers: int, hours: _Hours) -> np.ndarray:
    """When each person is called in."""
    import simpy

    environment = simpy.Environment()
    staff = simpy.Resource(environment, capacity=servers)
    called = np.empty(arrived.size)

    def person(number: int, service: float) -> Generator[Any, Any, None]:
        turn = staff.request()
        yield turn
        if hours.pattern is not None:
            closed = hours.until_open(environment.now)
            if closed:
                yield environment.timeout(closed)
        called[number] = environment.now
        yield environment.timeout(service)
        staff.release(turn)

    def door() -> Generator[Any, Any, None]:
        for number, (moment, service) in enumerate(
            zip(arrived.tolist(), needed.tolist(), strict=True)
        ):
            yield environment.timeout(moment - environment.now)
            environment.process(person(number, service))

    environment.process(door())
    environment.run()
    return called


def _measure(
    arrived: np.ndarray,
    needed: np.ndarray,
    called: np.ndarray,
    window: tuple[float, float],
    servers: int,
    hours: _Hours,
    limit: float | None,
) -> dict[str, float]:
    first, last = window
    counted = arrived >= first
    # Summing timeouts leaves a trace of rounding where nobody waited.
    waits = called[counted] - arrived[counted]
    waits[waits < 1e-9 * last] = 0.0
    worked = hours.open_time(called[counted]) - hours.open_time(arrived[counted])
    worked[worked < 1e-9 * last] = 0.0
    left = called + needed
    busy = (np.clip(left, first, last) - np.clip(called, first, last)).sum()
    queued = (np.clip(called, first, last) - np.clip(arrived, first, last)).sum()
    open_time = np.subtract(*hours.open_time(np.array([last, first])))
    nobody = not counted.any()

    def mean(values: np.ndarray) -> float:
        return float("nan") if nobody else float(values.mean())

    measures = {
        "arrivals": int(counted.sum()),
        "mean_wait": mean(waits),
        "max_wait": float("nan") if nobody else float(waits.max()),
        "p_wait": mean(waits > 0),
        "mean_time_in_clinic": mean(waits + needed[counted]),
        "mean_queue": float(queued / (last - first)),
        "utilisation": float(busy / (servers * open_time)) if open_time > 0 else float("nan"),
    }
    if limit is not None:
        measures["over_target"] = mean(worked > limit)
    if hours.day is not None:
        measures["mean_wait_days"] = mean(worked) / hours.day
    return measures


def _table(value: Any, name: str) -> pd.DataFrame:
    if not isinstance(value, pd.DataFrame):
        raise ValueError(f"{name}: found {type(value).__name__}; expected a table of runs.")
    if len(value) < 2:
        raise ValueError(f"{name}: found {len(value)} runs; expected 2 or more.")
    return value


def _measures(table: pd.DataFrame, wanted: Sequence[str] | None) -> list[str]:
    if wanted is None:
        return [name for name in table.columns if name not in _NOT_MEASURES]
    if isinstance(wanted, str) or not list(wanted):
        raise ValueError(f"measures: found {wanted!r}; expected a list of column names.")
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        raise ValueError(f"measures: the runs have no column {absent[0]!r}.")
    return list(wanted)
