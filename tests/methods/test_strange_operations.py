"""Every public name on operations refuses strange input with a sentence that says which and where."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

from clear_helpers.governance import backfill_day_rate, site_hours, slack_days
from clear_helpers.methods import process, queueing, simulation, staffing, waiting_list

TEXT = {
    "text": "12",
    "missing": None,
    "nan": math.nan,
    "pandas missing": pd.NA,
    "infinite": math.inf,
}
NOT_NUMBERS = {
    **TEXT,
    "negative": -1,
    "yes or no": True,
    "list": [1],
    "date": pd.Timestamp("2021-01-01"),
    "complex": 1j,
}

positions = {
    "arrivals": 100,
    "interval_minutes": 30,
    "aht_minutes": 3,
    "target_wait_minutes": 0.5,
    "service_level": 0.8,
    "max_occupancy": 0.85,
    "shrinkage": 0.3,
}
clinic = {
    "mean_interarrival": 4,
    "mean_service": 3,
    "servers": 2,
    "duration": 50,
    "warm_up": 5,
    "replications": 2,
    "seed": 1,
    "service_cv": 1,
}
ONE_NUMBER = {
    "queueing.erlang_b": (queueing.erlang_b, {"load": 5, "servers": 7}),
    "queueing.erlang_c": (queueing.erlang_c, {"load": 5, "servers": 7}),
    "queueing.mmc": (queueing.mmc, {"lam": 2, "mu": 3, "c": 2}),
    "queueing.wait_exceeds": (queueing.wait_exceeds, {"lam": 2, "mu": 3, "c": 2, "t": 1}),
    "queueing.positions": (queueing.positions, positions),
    "queueing.channels": (queueing.channels, {"load": 5, "max_blocking": 0.1, "shrinkage": 0.1}),
    "simulation.simulate_clinic": (simulation.simulate_clinic, clinic),
    "staffing.available_minutes": (
        staffing.available_minutes,
        {"weekly_hours": 37.5, "patient_facing": 0.6, "weeks_worked": 42, "weeks": 52},
    ),
    "site_hours": (site_hours, {"weeks": 24, "clinical_hours": 5}),
    "backfill_day_rate": (backfill_day_rate, {"amount": 30_000, "people": 2, "weeks": 26}),
}
MAYBE_MANY = {
    "waiting_list.load": (waiting_list.load, {"demand": [30, 35, 30], "capacity": [27, 27, 25]}),
    "waiting_list.target_queue_size": (
        waiting_list.target_queue_size,
        {"demand": [30, 30, 30], "target_wait": [52, 50, 50], "factor": [4, 4, 6]},
    ),
    "waiting_list.target_capacity": (
        waiting_list.target_capacity,
        {"demand": [3, 3, 3], "target_wait": [5, 5, 5], "cv_demand": [1, 1, 1]},
    ),
    "waiting_list.relief_capacity": (
        waiting_list.relief_capacity,
        {"demand": [3, 3, 3], "queue_size": [9, 9, 9], "target_queue_size": [4, 4, 4]},
    ),
    "waiting_list.mean_wait": (
        waiting_list.mean_wait,
        {"target_wait": [5, 5, 5], "factor": [4, 4, 4]},
    ),
    "waiting_list.pressure": (
        waiting_list.pressure,
        {"mean_wait": [5, 5, 5], "target_wait": [9, 9, 9]},
    ),
    "staffing.fte": (staffing.fte, {"hours": [30, 15, 0]}),
    "staffing.workforce": (staffing.workforce, {"hours": [30, 15, 0]}),
    "staffing.fte_need": (staffing.fte_need, {"contacts": [86, 240, 60], "minutes": [32, 38, 40]}),
}


@pytest.mark.parametrize("strange", NOT_NUMBERS)
@pytest.mark.parametrize(
    ("name", "argument"), [(n, a) for n, (_, good) in ONE_NUMBER.items() for a in good]
)
def test_one_number_must_be_a_number_in_range(name, argument, strange):
    method, good = ONE_NUMBER[name]
    method(**good)
    with pytest.raises(ValueError, match=rf"{argument}.*found.*expected"):
        method(**{**good, argument: NOT_NUMBERS[strange]})


@pytest.mark.parametrize("strange", NOT_NUMBERS)
@pytest.mark.parametrize(
    ("name", "argument"), [(n, a) for n, (_, good) in MAYBE_MANY.items() for a in good]
)
def test_a_strange_value_in_a_sequence_is_named_with_its_position(name, argument, strange):
    method, good = MAYBE_MANY[name]
    method(**good)
    values = list(good[argument])
    values[1] = NOT_NUMBERS[strange]
    with pytest.raises(ValueError, match=rf"{argument}: found .* at position 1; expected"):
        method(**{**good, argument: values})


@pytest.mark.parametrize("values", [[], "123", {"a": 1}, {1, 2}, np.ones((3, 3)), object()])
@pytest.mark.parametrize(
    ("name", "argument"), [(n, a) for n, (_, good) in MAYBE_MANY.items() for a in good]
)
def test_what_is_neither_a_number_nor_a_sequence_is_refused(name, argument, values):
    method, good = MAYBE_MANY[name]
    with pytest.raises(ValueError, match=rf"{argument}: found"):
        method(**{**good, argument: values})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: queueing.mmc(6, 3, 2), "lam: found 6 arrivals for 2 servers who see 6"),
        (lambda: queueing.mmc(1, 0, 2), "mu: found 0"),
        (lambda: queueing.mmc(1, 3, 0), "c: found 0"),
        (lambda: queueing.mmc(1, 3, 1.5), "c: found 1.5"),
        (lambda: queueing.erlang_b(1, 2.5), "servers: found 2.5"),
        (lambda: queueing.positions(**{**positions, "interval_minutes": 0}), "interval_minutes: f"),
        (lambda: queueing.positions(**{**positions, "service_level": 80}), "80 % is 0.8"),
        (lambda: queueing.positions(**{**positions, "shrinkage": 1}), "shrinkage: found 1"),
        (lambda: queueing.positions(1e12, 1, 1, 1, 0.8), "load: found"),
        (lambda: waiting_list.load(3, 0), "capacity: found 0; expected more than 0"),
        (lambda: waiting_list.load([3, 3], [1, 2, 3]), "demand: found 2 values; expected 3"),
        (lambda: waiting_list.pressure(3, [1, 0]), "target_wait: found 0 at position 1"),
        (lambda: staffing.fte(169), "hours: found 169; expected 168 or less"),
        (lambda: staffing.fte([40], cap=0), "cap: found 0"),
        (
            lambda: staffing.fte([1, 2], worked_hours=[1]),
            "worked_hours: found 1 values; expected 2",
        ),
        (lambda: staffing.fte_need([1, 2], [1]), "minutes: found 1 values; expected 2"),
        (lambda: staffing.available_minutes(weeks_worked=53), "weeks_worked: found 53"),
        (lambda: backfill_day_rate(weeks=0), "no released day"),
        (lambda: slack_days("2021-09-07", "2022-03-31"), "a Tuesday; expected a Monday"),
        (lambda: slack_days("soon", "2022-03-31"), "start: found 'soon'; expected a date"),
        (lambda: slack_days(None, "2022-03-31"), "start: found None; expected a date"),
    ],
)
def test_numbers_that_cannot_go_together_are_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)


REFERRED = ["2024-01-10", "2024-01-01", "2024-01-01"]
LEFT = ["2024-01-11", None, None]


@pytest.mark.parametrize("method", [waiting_list.queue_size, waiting_list.mean_wait])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["soon", *REFERRED[1:]], LEFT), "referral: found 'soon' at position 0"),
        (
            (["2024-02-30", *REFERRED[1:]], LEFT),
            "found '2024-02-30' at position 0; expected a date",
        ),
        (([REFERRED[0], None, REFERRED[2]], LEFT), "at position 1; expected a date, not a missing"),
        (([REFERRED[0], pd.NaT, REFERRED[2]], LEFT), "at position 1; expected a date, not a missi"),
        (([20240101, *REFERRED[1:]], LEFT), "found 20240101 at position 0; expected a date"),
        (([math.inf, *REFERRED[1:]], LEFT), "found inf at position 0; expected a date"),
        ((REFERRED, ["2024-01-09", None, None]), "removal: found 2024-01-09 at position 0"),
        ((REFERRED, LEFT[:2]), "removal: found 2 values; expected 3"),
        (([], []), "referral: found no values"),
        (("2024-01-01", LEFT), "referral: found '2024-01-01'; expected a sequence"),
        ((REFERRED, None), "expected each person's referral and removal"),
        ((None, None), "expected each person's referral and removal"),
        (
            (REFERRED, LEFT, "2024-02-01", "2024-01-01"),
            "end: found 2024-01-01; expected 2024-02-01",
        ),
        ((REFERRED, LEFT, "then", None), "start: found 'then'; expected a date"),
    ],
)
def test_strange_dates_are_named(method, arguments, message):
    with pytest.raises(ValueError) as error:
        method(*arguments)
    assert message in str(error.value)


def test_dates_and_a_demand_are_not_taken_together():
    with pytest.raises(ValueError, match="one or the other"):
        waiting_list.queue_size(REFERRED, LEFT, demand=3, target_wait=5)


def test_unsorted_and_repeated_dates_are_read_as_they_are():
    assert waiting_list.queue_size(REFERRED, LEFT).iloc[[0, -1]].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"replications": 1}, "replications: found 1; expected 2 or more"),
        ({"servers": 0}, "servers: found 0"),
        ({"duration": 0}, "duration: found 0"),
        ({"mean_interarrival": 1e-9}, "Check that all times are in one unit"),
        ({"target_wait": "2"}, "target_wait: found '2'"),
        ({"open_days": [True, False]}, "day_length: found None"),
        ({"open_days": [False], "day_length": 1}, "found no open day"),
        ({"open_days": [], "day_length": 1}, "found no open day"),
        ({"open_days": [True, "no"], "day_length": 1}, "found 'no' at position 1"),
        ({"open_days": "Mon", "day_length": 1}, "open_days: found 'Mon'"),
        ({"day_length": 0}, "day_length: found 0"),
    ],
)
def test_clinic_options_out_of_range_are_named(options, message):
    with pytest.raises(ValueError) as error:
        simulation.simulate_clinic(**{**clinic, **options})
    assert message in str(error.value)


RUNS = pd.DataFrame({"replication": [1, 2], "mean_wait": [1.0, 2.0]})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (partial(simulation.confidence_intervals, [1, 2]), "found list; expected a table"),
        (partial(simulation.confidence_intervals, RUNS[:1]), "found 1 runs; expected 2"),
        (partial(simulation.confidence_intervals, RUNS[:0]), "found 0 runs; expected 2"),
        (partial(simulation.confidence_intervals, RUNS, 1), "confidence: found 1"),
        (partial(simulation.confidence_intervals, RUNS, 0.95, ["x"]), "no column 'x'"),
        (partial(simulation.confidence_intervals, RUNS, 0.95, "x"), "measures: found 'x'"),
        (
            partial(simulation.confidence_intervals, RUNS.assign(mean_wait=["a", "b"])),
            "'mean_wait': found 'a' at position 0",
        ),
        (
            partial(simulation.confidence_intervals, RUNS.assign(mean_wait=[1, math.inf])),
            "found inf at position 1",
        ),
        (
            partial(simulation.confidence_intervals, RUNS.assign(mean_wait=[1, None])),
            "found 1 run; expected 2",
        ),
        (partial(simulation.paired_difference, RUNS, RUNS[::-1]), "found 2 runs; expected the b"),
        (partial(simulation.paired_difference, RUNS, None), "scenario: found NoneType"),
    ],
)
def test_strange_runs_are_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)


def test_equal_runs_have_an_interval_of_no_width():
    found = simulation.confidence_intervals(RUNS.assign(mean_wait=2.0)).loc["mean_wait"]
    assert found["lower"] == found["upper"] == 2


GOOD_MIX = {
    "demand": {"visit": 20.0, "bloods": 5.0},
    "skills": {"visit": ["GP", "Nurse"], "bloods": ["Nurse"]},
    "staff": {"GP": {"cost": 88.0, "cap": 2.0}, "Nurse": {"cost": 36.0, "cap": 3.0}},
}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"demand": {}}, "demand: found nothing"),
        ({"demand": [20, 5]}, "demand: found [20, 5]"),
        ({"demand": {"visit": 1, "bloods": -5}}, "demand: found -5 at position 1"),
        ({"demand": {"visit": "1"}}, "demand: found '1' at position 0"),
        ({"demand": {"visit": math.inf}}, "demand: found inf at position 0"),
        ({"demand": {"visit": None}}, "demand: found a missing value at position 0"),
        ({"demand": pd.Series([1, 2], index=["visit", "visit"])}, "found 'visit' twice"),
        ({"demand": {"scan": 1}}, "no role may do 'scan'"),
        ({"skills": {"visit": [], "bloods": ["GP"]}}, "no role may do 'visit'"),
        ({"skills": {"visit": ["Vet"], "bloods": ["GP"]}}, "found 'Vet' for 'visit'"),
        ({"skills": {"visit": "GP", "bloods": ["GP"]}}, "found 'GP' for 'visit'; expected a list"),
        ({"skills": None}, "skills: found None"),
        (
            {"skills": pd.DataFrame({"GP": [1, 0]}, index=["visit", "bloods"])},
            "skills, 'GP': found 1 at position 0; expected True or False",
        ),
        ({"staff": {}}, "staff: found no roles"),
        ({"staff": {"GP": 88}}, "staff: found 88 for 'GP'"),
        ({"staff": {"GP": {"cap": 2}}}, "no column 'cost'"),
        ({"staff": {"GP": {"cost": -1}, "Nurse": {"cost": 1}}}, "'cost': found -1 at position 0"),
        (
            {"staff": {"GP": {"cost": 1, "cap": -1}, "Nurse": {"cost": 1}}},
            "'cap' of 'GP': found -1",
        ),
        (
            {"staff": {"GP": {"cost": 1, "supervision": -1}, "Nurse": {"cost": 1}}},
            "'supervision': found -1 at position 0",
        ),
        ({"staff": "GP"}, "staff: found 'GP'"),
        ({"budget": -1}, "budget: found -1"),
        ({"supervisor": "Vet"}, "supervisor: found 'Vet'"),
        ({"patient_facing_hours": 0}, "patient_facing_hours: found 0"),
        ({"paid_hours": 200}, "paid_hours: found 200"),
        ({"post_step": 0}, "post_step: found 0"),
    ],
)
def test_strange_staffing_questions_are_named(options, message):
    assert staffing.staff_mix(**GOOD_MIX).feasible
    with pytest.raises(ValueError) as error:
        staffing.staff_mix(**{**GOOD_MIX, **options})
    assert message in str(error.value)


def test_no_demand_needs_nobody():
    found = staffing.staff_mix({"visit": 0}, {"visit": ["GP"]}, {"GP": {"cost": 88}})
    assert found.cost == 0 and found.posts.tolist() == [0]


STEPS = pd.DataFrame(
    {"step": ["a", "b"], "touch_min": [1.0, 2.0], "wait_min": [0.0, 5.0], "pca": [1.0, 0.5]}
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (partial(process.lead_time, [1, 2]), "steps: found list"),
        (partial(process.lead_time, STEPS[:0]), "'touch_min': found no values"),
        (partial(process.lead_time, STEPS[["step"]]), "no column 'touch_min'"),
        (partial(process.lead_time, STEPS.assign(wait_min=[1, -1])), "found -1 at position 1"),
        (
            partial(process.lead_time, STEPS.assign(wait_min=[1, None])),
            "missing value at position 1",
        ),
        (partial(process.lead_time, STEPS.assign(wait_min=["1", "2"])), "found '1' at position 0"),
        (partial(process.touch_share, STEPS.assign(touch_min=0, wait_min=0)), "0 minutes"),
        (partial(process.value_added_share, STEPS), "no column 'value_added'"),
        (partial(process.value_added_share, STEPS, "a"), "valued: found 'a'"),
        (partial(process.value_added_share, STEPS, ["z"]), "found 'z', which is no step"),
        (
            partial(process.value_added_share, STEPS.assign(value_added=[True, 1])),
            "found 1 at position 1; expected True or False",
        ),
        (
            partial(process.value_added_share, STEPS[["touch_min", "wait_min"]], ["a"]),
            "no column 's",
        ),
        (partial(process.rolled_yield, STEPS.assign(pca=[1, 98])), "found 98 at position 1"),
        (partial(process.rolled_yield, STEPS[:0]), "'pca': found no values"),
    ],
)
def test_strange_maps_are_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)
