"""Methods at the size of a country: ratios and times measured in one run."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import simpy

from clear_helpers.methods import funnel, simulation, spc, standardisation


def fastest(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Seconds of the fastest of a few runs, and the result."""
    spent, result = [], None
    for _ in range(times):
        start = time.perf_counter()
        result = work()
        spent.append(time.perf_counter() - start)
    return min(spent), result


def pandas_xmr(values: pd.Series) -> pd.DataFrame:
    """XmR limits and the four rules for one series, as an analyst would write them in pandas."""
    moving = values.diff().abs()
    kept = moving[moving < 3.267 * moving.mean()].mean()
    mean = values.mean()
    side = np.sign(values - mean)
    outside = (values - mean).abs() > 2.66 * kept
    far = ((values - mean).abs() > 2 * 2.66 / 3 * kept) & ~outside
    shift = side.rolling(7).sum().abs() == 7
    shifted = shift[::-1].rolling(7, min_periods=1).max()[::-1].astype(bool)
    steps = np.sign(values.diff())
    trend = steps.rolling(6).sum().abs() == 6
    trending = trend[::-1].rolling(7, min_periods=1).max()[::-1].astype(bool)
    together = (side.rolling(3).sum().abs() == 3) & (far.rolling(3).sum() >= 2)
    near = far & together[::-1].rolling(3, min_periods=1).max()[::-1].astype(bool)
    return pd.DataFrame(
        {
            "value": values,
            "mean": mean,
            "lower": mean - 2.66 * kept,
            "upper": mean + 2.66 * kept,
            "special": outside | shifted | trending | near,
        }
    )


def test_xmr_on_1000_series(capsys):
    table = pd.DataFrame(np.random.default_rng(1).poisson(40, (60, 1_000)).astype(float))
    one_by_one, looped = fastest(
        lambda: pd.concat([pandas_xmr(table[name]) for name in table], keys=table.columns), times=1
    )
    together, points = fastest(lambda: spc.xmr_many(table))
    np.testing.assert_allclose(
        points["upper"].to_numpy().reshape(-1), looped["upper"].to_numpy().reshape(-1)
    )
    assert (points["special_cause"].notna().to_numpy() == looped["special"].to_numpy()).all()
    report(capsys, "XmR, 1,000 series of 60", together, one_by_one / together, "x a pandas loop")
    assert one_by_one >= 10 * together


def test_funnel_on_100000_units(capsys):
    rng = np.random.default_rng(2)
    expected = 20 + rng.gamma(4, 25, 100_000)
    observed = rng.poisson(expected * rng.lognormal(0, 0.3, 100_000))
    spent, result = fastest(lambda: funnel.overdispersion(observed, expected))
    assert result.tau2 > 0
    report(capsys, "Spiegelhalter funnel, 100,000 units", spent, spent, "of 1 s")
    assert spent < 1


def bare_clinic(arrived: np.ndarray, needed: np.ndarray, servers: int) -> list[float]:
    """The least SimPy that runs the same events and notes the waits."""
    environment, waits = simpy.Environment(), []
    staff = simpy.Resource(environment, servers)

    def person(service):
        came = environment.now
        with staff.request() as turn:
            yield turn
            waits.append(environment.now - came)
            yield environment.timeout(service)

    def door():
        before = 0.0
        for moment, service in zip(arrived, needed, strict=True):
            yield environment.timeout(moment - before)
            before = moment
            environment.process(person(service))

    environment.process(door())
    environment.run()
    return waits


def test_clinic_beside_bare_simpy(capsys):
    runs, length = 5, 20_000

    def bare():
        people = 0
        for seed in range(runs):
            rng = np.random.default_rng(seed)
            arrived = np.cumsum(rng.exponential(4, int(length / 4 * 1.2)))
            arrived = arrived[arrived < length]
            people += len(bare_clinic(arrived.tolist(), rng.exponential(10, arrived.size), 4))
        return people

    def ours():
        table = simulation.simulate_clinic(4, 10, 4, duration=length, replications=runs)
        return int(table["arrivals"].sum())

    # By turns, so that a change of the machine's pace meets both.
    measured = [(fastest(bare, 1), fastest(ours, 1)) for _ in range(4)]
    per_person = [min(pair[k][0] / pair[k][1] for pair in measured) for k in (0, 1)]
    ratio = per_person[1] / per_person[0]
    report(capsys, "Clinic, 25,000 people", measured[0][1][0], ratio, "x bare SimPy")
    assert ratio <= 1.5


def test_standardisation_of_7000_practices(capsys):
    rng = np.random.default_rng(3)
    people = pd.DataFrame(rng.integers(50, 900, (7_000, 19)))
    events = pd.DataFrame(rng.poisson(people * 0.02))
    standard = rng.integers(2_000, 7_000, 19)
    direct, rates = fastest(lambda: standardisation.direct_many(events, people, standard))
    indirect, ratios = fastest(
        lambda: standardisation.indirect_many(events, people, events.sum(), people.sum())
    )
    assert len(rates) == len(ratios) == 7_000
    report(capsys, "Direct, 7,000 practices x 19 bands", direct, direct / 0.5, "of 0.5 s")
    report(capsys, "Indirect, 7,000 practices x 19 bands", indirect, indirect / 0.5, "of 0.5 s")
    assert direct < 0.5
    assert indirect < 0.5


def report(capsys, what: str, seconds: float, ratio: float, unit: str) -> None:
    with capsys.disabled():
        print(f"\n{what}: {seconds * 1000:.0f} ms, {ratio:.2f} {unit}", end="")
