"""Queues with random arrivals: how long people wait, and how many servers keep waits short.

Sources
-------
A. K. Erlang 1917; L. Kleinrock, Queueing Systems I, 1975. ``positions`` follows the sizing
rule of the pyworkforce package (MIT licence), whose results it reproduces.

Hand-written: no kept Python library offers these with stable arithmetic for large teams. The
Erlang B recursion is used throughout, because factorials overflow beyond about 170 servers.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from clear_helpers.methods._numbers import read_number

MOST_SERVERS = 1_000_000


class Queue(NamedTuple):
    """The long-run behaviour of a queue with random arrivals and ``c`` servers (M/M/c).

    Attributes
    ----------
    rho
        Utilisation: the share of time each server is busy.
    p0
        Probability that nobody is there.
    L, Lq
        People there on average, and people waiting on average.
    W, Wq
        Time there on average, and time waiting on average, in the unit of the rates.
    p_wait
        Probability that somebody who arrives has to wait (Erlang C).
    """

    rho: float
    p0: float
    L: float
    Lq: float
    W: float
    Wq: float
    p_wait: float


class Positions(NamedTuple):
    """How many staff meet a service level, and what they achieve.

    Attributes
    ----------
    offered_load_erlangs
        Work that arrives: the staff who would be busy if nobody ever waited.
    raw_positions
        Staff who must be present.
    positions_with_shrinkage
        Staff to employ, so that enough are present after leave, sickness and training.
    service_level
        Share of people who wait no longer than the target, with ``raw_positions`` present.
    occupancy
        Share of time each of those present is busy.
    waiting_probability
        Share of people who wait at all.
    """

    offered_load_erlangs: float
    raw_positions: int
    positions_with_shrinkage: int
    service_level: float
    occupancy: float
    waiting_probability: float


class Channels(NamedTuple):
    """How many lines or beds keep the share turned away low enough.

    Attributes
    ----------
    raw_channels
        Channels that must be open.
    positions_with_shrinkage
        Channels to provide, so that enough are open.
    blocking
        Share of arrivals turned away with ``raw_channels`` open.
    """

    raw_channels: int
    positions_with_shrinkage: int
    blocking: float


def erlang_b(load: float, servers: int) -> float:
    """Share of arrivals turned away when nobody can wait (Erlang's loss formula).

    Parameters
    ----------
    load
        Work offered, in erlangs: arrivals per unit of time × mean time each takes. 0 or more.
    servers
        Servers (lines, beds, staff): a whole number, 0 or more.

    Returns
    -------
    float
        Between 0 and 1; 1 with no server.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range.
    """
    work, count = _load_and_servers(load, servers)
    blocked = 1.0
    for server in range(1, count + 1):
        blocked = work * blocked / (server + work * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Probability that an arrival has to wait, when everybody waits their turn (Erlang C).

    Parameters
    ----------
    load, servers
        As for :func:`erlang_b`.

    Returns
    -------
    float
        Between 0 and 1; 1 when the load is as large as the servers or larger, for then the
        queue grows without limit.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range.
    """
    work, count = _load_and_servers(load, servers)
    if work >= count:
        return 1.0
    blocked = erlang_b(work, count)
    return count * blocked / (count - work * (1 - blocked))


def mmc(lam: float, mu: float, c: int) -> Queue:
    """Waits and queue lengths in the long run: random arrivals, ``c`` servers, first come first served.

    Parameters
    ----------
    lam
        Arrivals per unit of time (an hour, a week); 0 or more.
    mu
        People one server sees per unit of the same time; more than 0.
    c
        Servers: a whole number, 1 or more.

    Returns
    -------
    Queue
        ``rho, p0, L, Lq, W, Wq, p_wait``; times in the unit of the rates. Where arrivals or
        lengths of visits vary less than at random, true waits are shorter.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range, or if arrivals match or outrun
        the servers (``lam >= c * mu``): there is no long run then.
    """
    arrivals, rate, count = _stable(lam, mu, c)
    work = arrivals / rate
    p_wait = erlang_c(work, count)
    waiting_time = p_wait / (count * rate - arrivals)
    waiting = arrivals * waiting_time
    return Queue(
        rho=work / count,
        p0=_empty(work, count),
        L=waiting + work,
        Lq=waiting,
        W=waiting_time + 1 / rate,
        Wq=waiting_time,
        p_wait=p_wait,
    )


def wait_exceeds(lam: float, mu: float, c: int, t: float) -> float:
    """Probability of waiting longer than ``t`` in the queue of :func:`mmc`.

    Parameters
    ----------
    lam, mu, c
        As for :func:`mmc`.
    t
        Time in the unit of the rates; 0 or more.

    Returns
    -------
    float
        Between 0 and 1; at ``t = 0`` the probability of any wait.

    Raises
    ------
    ValueError
        As for :func:`mmc`.
    """
    arrivals, rate, count = _stable(lam, mu, c)
    limit = read_number(t, "t", at_least=0)
    return erlang_c(arrivals / rate, count) * math.exp(-(count * rate - arrivals) * limit)


def positions(
    arrivals: float,
    interval_minutes: float,
    aht_minutes: float,
    target_wait_minutes: float,
    service_level: float,
    max_occupancy: float = 0.85,
    shrinkage: float = 0.0,
) -> Positions:
    """The fewest staff who answer enough people in time, without being busy all the time.

    Parameters
    ----------
    arrivals
        People who arrive in one interval; 0 or more.
    interval_minutes
        Length of the interval; more than 0.
    aht_minutes
        Average handling time: minutes each person takes; more than 0.
    target_wait_minutes
        The wait to keep within; 0 or more.
    service_level
        Share of people to be answered within it; above 0 and below 1.
    max_occupancy
        The largest share of time staff may be busy; above 0, at most 1.
    shrinkage
        Share of paid time staff are away (leave, sickness, training); 0 or more, below 1.

    Returns
    -------
    Positions
        With no arrivals nobody is needed, and the service level is 1.

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range.
    """
    people = read_number(arrivals, "arrivals", at_least=0)
    interval = read_number(interval_minutes, "interval_minutes", above=0)
    handling = read_number(aht_minutes, "aht_minutes", above=0)
    target = read_number(target_wait_minutes, "target_wait_minutes", at_least=0)
    wanted = _share(service_level, "service_level", above=0)
    busiest = read_number(max_occupancy, "max_occupancy", above=0, at_most=1)
    away = _share(shrinkage, "shrinkage", at_least=0)
    work = people / interval * handling
    if work == 0:
        return Positions(0.0, 0, 0, 1.0, 0.0, 0.0)
    count = max(math.floor(work) + 1, _round_up(work / busiest))
    _refuse_too_many(count)
    blocked = erlang_b(work, count)
    while True:
        waits = count * blocked / (count - work * (1 - blocked))
        reached = 1 - waits * math.exp(-(count - work) * target / handling)
        if reached >= wanted:
            break
        count += 1
        blocked = work * blocked / (count + work * blocked)
    return Positions(
        offered_load_erlangs=work,
        raw_positions=count,
        positions_with_shrinkage=_round_up(count / (1 - away)),
        service_level=reached,
        occupancy=work / count,
        waiting_probability=waits,
    )


def channels(load: float, max_blocking: float, shrinkage: float = 0.0) -> Channels:
    """The fewest channels (lines, beds) that turn away no more than a given share.

    Parameters
    ----------
    load
        Work offered, in erlangs; 0 or more.
    max_blocking
        The largest share that may be turned away; above 0 and below 1.
    shrinkage
        Share of time a channel is closed; 0 or more, below 1.

    Returns
    -------
    Channels

    Raises
    ------
    ValueError
        If a number is missing, not a number or out of range.
    """
    work = read_number(load, "load", at_least=0)
    most = _share(max_blocking, "max_blocking", above=0)
    away = _share(shrinkage, "shrinkage", at_least=0)
    _refuse_too_many(work)
    count, blocked = 0, 1.0
    while blocked > most:
        count += 1
        blocked = work * blocked / (count + work * blocked)
    return Channels(count, _round_up(count / (1 - away)), blocked)


def _load_and_servers(load: Any, servers: Any) -> tuple[float, int]:
    work = read_number(load, "load", at_least=0)
    bounds = {"at_least": 0, "at_most": MOST_SERVERS}
    return work, int(read_number(servers, "servers", whole=True, **bounds))


def _stable(lam: Any, mu: Any, c: Any) -> tuple[float, float, int]:
    arrivals = read_number(lam, "lam", at_least=0)
    rate = read_number(mu, "mu", above=0)
    count = int(read_number(c, "c", at_least=1, at_most=MOST_SERVERS, whole=True))
    if arrivals >= count * rate or arrivals / rate >= count:
        raise ValueError(
            f"lam: found {arrivals:g} arrivals for {count} servers who see {count * rate:g}; "
            f"expected fewer than {count * rate:g}, or the queue grows without limit."
        )
    return arrivals, rate, count


def _empty(work: float, count: int) -> float:
    """Probability of an empty system, each state's weight taken relative to the heaviest."""
    if work == 0:
        return 1.0
    logs = [k * math.log(work) - math.lgamma(k + 1) for k in range(count + 1)]
    logs[count] -= math.log1p(-work / count)
    heaviest = max(logs)
    return math.exp(-heaviest) / math.fsum(math.exp(log - heaviest) for log in logs)


def _share(value: Any, name: str, **bounds: float) -> float:
    share = read_number(value, name, **bounds)
    if share >= 1:
        raise ValueError(f"{name}: found {share:g}; expected less than 1 (80 % is 0.8).")
    return share


def _round_up(value: float) -> int:
    """The next whole number, forgiving what floating point adds to a whole one."""
    return math.ceil(round(value, 9))


def _refuse_too_many(count: float) -> None:
    if count > MOST_SERVERS:
        raise ValueError(f"load: found {count:g} erlangs; expected {MOST_SERVERS:,} or fewer.")
