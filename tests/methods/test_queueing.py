"""Queue formulae: published cases, and what must hold for any queue."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import queueing

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "queueing.json").read_text(encoding="utf-8")
)["cases"]


def of(*beginnings):
    return [case for case in CASES if case["id"].startswith(beginnings)]


def close(case, value):
    return pytest.approx(value, rel=case["tolerance"]["rel"], abs=0)


@pytest.mark.parametrize("case", of("mm"), ids=lambda case: case["id"])
def test_published_long_run(case):
    found = queueing.mmc(**case["inputs"])
    for name, value in case["expected"].items():
        assert getattr(found, name) == close(case, value), name


@pytest.mark.parametrize("case", of("erlangc_grid"), ids=lambda case: case["id"])
def test_published_erlang_formulae(case):
    load, servers = case["inputs"]["offered_load"], case["inputs"]["servers"]
    assert queueing.erlang_c(load, servers) == close(case, case["expected"]["p_wait"])
    assert queueing.erlang_b(load, servers) == close(case, case["expected"]["erlang_b"])


@pytest.mark.parametrize("case", of("erlangc_call_centre"), ids=lambda case: case["id"])
def test_published_sizing(case):
    given_inputs = case["inputs"]
    found = queueing.positions(
        arrivals=given_inputs["arrivals"],
        interval_minutes=given_inputs["interval_min"],
        aht_minutes=given_inputs["aht_min"],
        target_wait_minutes=given_inputs["target_wait_min"],
        service_level=given_inputs["service_level_target"],
        max_occupancy=given_inputs["max_occupancy"],
        shrinkage=given_inputs["shrinkage"],
    )
    assert found._asdict() == {k: close(case, v) for k, v in case["expected"].items()}


@pytest.mark.parametrize("case", of("erlangb_"), ids=lambda case: case["id"])
def test_published_channels(case):
    found = queueing.channels(case["inputs"]["offered_load"], case["inputs"]["max_blocking"], 0.3)
    assert found.raw_channels == case["expected"]["raw_channels"]
    assert found.positions_with_shrinkage == case["expected"]["positions_shrinkage_0_3"]
    assert found.blocking == close(case, case["expected"]["blocking_at_17"])


@given(st.floats(0.01, 200), st.integers(1, 250))
@settings(max_examples=150, deadline=None)
def test_more_servers_never_mean_more_waiting(load, servers):
    fewer, more = queueing.erlang_c(load, servers), queueing.erlang_c(load, servers + 1)
    assert 0 <= more <= fewer <= 1
    if load < servers and fewer > 1e-300:
        assert more < fewer
    assert 0 <= queueing.erlang_b(load, servers + 1) <= queueing.erlang_b(load, servers) <= 1
    assert queueing.erlang_b(load, servers) <= fewer


@given(st.floats(0.05, 0.99), st.floats(0.1, 50), st.integers(1, 40))
@settings(max_examples=100, deadline=None)
def test_littles_law_and_the_sum_over_states(rho, mu, servers):
    lam = rho * servers * mu
    found = queueing.mmc(lam, mu, servers)
    assert pytest.approx(lam * found.W) == found.L
    assert found.Lq == pytest.approx(lam * found.Wq)
    assert found.rho == pytest.approx(rho)
    work = lam / mu
    states = sum(work**k / math.factorial(k) for k in range(servers))
    states += work**servers / math.factorial(servers) / (1 - work / servers)
    assert found.p0 == pytest.approx(1 / states)
    faster = queueing.mmc(lam * 60, mu * 60, servers)  # hours for minutes
    assert faster.Wq == pytest.approx(found.Wq / 60)
    assert queueing.wait_exceeds(lam, mu, servers, 0) == pytest.approx(found.p_wait)
    assert queueing.wait_exceeds(lam, mu, servers, 2) <= queueing.wait_exceeds(lam, mu, servers, 1)


@given(
    st.floats(0.5, 300), st.floats(1, 20), st.floats(0, 10), st.floats(0.1, 0.98), st.floats(0.5, 1)
)
@settings(max_examples=80, deadline=None)
def test_positions_are_the_fewest_that_will_do(arrivals, handling, target, level, busiest):
    found = queueing.positions(arrivals, 30, handling, target, level, busiest)
    assert found.service_level >= level
    assert found.occupancy <= busiest + 1e-9
    fewer, load = found.raw_positions - 1, found.offered_load_erlangs
    if fewer > load:
        slower = queueing.erlang_c(load, fewer) * math.exp(-(fewer - load) * target / handling)
        assert 1 - slower < level or load / fewer > busiest - 1e-9


def test_the_ends_of_the_scale():
    assert queueing.erlang_b(5, 0) == 1
    assert queueing.erlang_c(5, 5) == 1  # as much work as servers: everybody waits in the end
    assert queueing.erlang_c(0, 1) == 0
    assert queueing.mmc(0, 2, 3) == queueing.Queue(0, 1, 0, 0, 0.5, 0, 0)
    assert queueing.positions(0, 30, 3, 1, 0.8).raw_positions == 0
    assert queueing.channels(0, 0.01).raw_channels == 1
    large = queueing.mmc(990, 1, 1000)  # factorials of 1,000 do not fit a float
    assert pytest.approx(990 + large.Lq) == large.L
    assert 0.5 < large.p_wait < 0.7
