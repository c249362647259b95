"""Every public method here refuses strange input with a sentence that says which and where."""

import inspect
import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

from clear_helpers.methods import (
    allocation,
    appraisal,
    crowd,
    difference_in_differences,
    economics,
    engagement,
    interrupted_time_series,
    network,
    themes,
)

ROOMS = (
    allocation,
    appraisal,
    crowd,
    difference_in_differences,
    economics,
    engagement,
    interrupted_time_series,
    network,
    themes,
)
did = difference_in_differences
its = interrupted_time_series
GOOD = [2, 3, 4, 5, 3, 4, 2, 5, 4, 3, 5, 4]
N = len(GOOD)
HALF = [1, 0] * 6
LATE = [0] * 6 + [1] * 6
NAMES = list("abcdefghijkl")
VOTES = pd.DataFrame(
    {"idea_id": ["a", "a", "b"], "user_id": [1, 2, 1], "vote": ["Up", "Down", "Up"]}
)
USERS = pd.DataFrame({"user_id": [1, 2, 3], "role": ["Nurse", "Nurse", "Patient"]})
COMMENTS = pd.DataFrame({"user_id": [1, 1, 2]})
EXTRACTS = pd.DataFrame({"theme": ["A", "B", "A"], "role": ["x", "y", "y"]})
FITTED = its.fit(GOOD, range(N), 6)
SCORED = appraisal.score_options({"a": [1, 2], "b": [2, 1]}, ["x", "y"], [1, 2])
VALUE = economics.net_present_value([10, 1], {"cash": [0, 12]})
LINE = network.measure([("a", "b"), ("b", "c")])


def panel(**columns):
    given = {"y": GOOD, "treated": HALF, "after": LATE, "unit": NAMES[:6] * 2}
    return pd.DataFrame({k: pd.Series(list(v), dtype=object) for k, v in (given | columns).items()})


def in_panel(method, column, values, **options):
    return method(panel(**{column: values}), "y", "treated", "after", **options)


def register(values):
    table = pd.DataFrame({"likelihood": pd.Series(list(values), dtype=object)})
    return appraisal.score_risks(table.assign(impact=1, residual_likelihood=1, residual_impact=1))


def grid(column, values):
    table = pd.DataFrame({column: pd.Series(list(values), dtype=object)})
    other = {"power": "interest", "interest": "power"}[column]
    return engagement.stakeholder_grid(table.assign(**{other: 5}))


def ranks(row):
    return allocation.allocate([list(row), *[list(range(N))] * 2])


TAKES_NUMBERS = {
    "its.fit counts": lambda v: its.fit(v, range(N), 6),
    "its.fit values": lambda v: its.fit(v, range(N), 6, family="gaussian"),
    "its.fit population": lambda v: its.fit(GOOD, range(N), 6, population=v),
    "did.fit": partial(in_panel, did.fit, "y"),
    "did.fit_ratio": partial(in_panel, did.fit_ratio, "y"),
    "did.fit_ratio exposure": lambda v: did.fit_ratio(
        panel(people=v), "y", "treated", "after", exposure="people"
    ),
    "did.fit_changes": lambda v: did.fit_changes(v, GOOD, HALF),
    "did.fit_changes after": lambda v: did.fit_changes(GOOD, v, HALF),
    "did.placebo_test": lambda v: did.placebo_test(v, GOOD, HALF),
    "did.rank_change": lambda v: did.rank_change(v, GOOD),
    "did.rank_change after": lambda v: did.rank_change(GOOD, v),
    "did.chance_of_rank": lambda v: did.chance_of_rank(v, 0, 1, draws=10),
    "economics.annual_cost": lambda v: economics.annual_cost(v, GOOD),
    "economics.annual_cost unit cost": lambda v: economics.annual_cost(GOOD, v),
    "economics.net_present_value": lambda v: economics.net_present_value(v, GOOD),
    "economics.net_present_value benefits": lambda v: economics.net_present_value(
        GOOD, {"cash": v}
    ),
    "economics.site_summary": economics.site_summary,
    "economics.top_share": partial(economics.top_share, top=2),
    "crowd.participation_inequality": crowd.participation_inequality,
    "appraisal.score_options scores": lambda v: appraisal.score_options(
        {"a": v, "b": GOOD}, NAMES, GOOD
    ),
    "appraisal.score_options weights": lambda v: appraisal.score_options(
        {"a": GOOD, "b": GOOD}, NAMES, v
    ),
    "appraisal.score_risks": register,
    "engagement.stakeholder_grid power": partial(grid, "power"),
    "engagement.stakeholder_grid interest": partial(grid, "interest"),
    "allocation.allocate": ranks,
}
MAY_BE_MISSING = {
    "did.fit",
    "did.fit_ratio",
    "did.fit_changes",
    "did.fit_changes after",
    "did.placebo_test",
}
MAY_BE_NEGATIVE = MAY_BE_MISSING - {"did.fit_ratio"} | {
    "its.fit values",
    "did.rank_change",
    "did.rank_change after",
    "did.chance_of_rank",
    "economics.net_present_value benefits",
    "economics.site_summary",
    "appraisal.score_options scores",
}
MISSING = {"missing": None, "nan": math.nan, "pandas missing": pd.NA}
STRANGE = {
    "text": ("12", "'12' at position 2"),
    "infinite": (math.inf, "inf at position 2"),
    "yes or no": (True, "True at position 2"),
    "date": (pd.Timestamp("2021-01-01"), "at position 2"),
    "list": ([1], "[1] at position 2"),
}


def with_third(value):
    return [*GOOD[:2], value, *GOOD[3:]]


def message_of(name, values):
    with pytest.raises(ValueError) as error:
        TAKES_NUMBERS[name](values)
    return str(error.value)


@pytest.mark.parametrize("name", TAKES_NUMBERS)
def test_good_numbers_are_taken(name):
    TAKES_NUMBERS[name](list(GOOD))
    TAKES_NUMBERS[name](pd.Series(GOOD, dtype="Int64"))


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", TAKES_NUMBERS)
def test_one_strange_value_is_named_with_its_position(name, strange):
    value, message = STRANGE[strange]
    assert message in message_of(name, with_third(value))


@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize("name", TAKES_NUMBERS)
def test_missing_values_are_named_or_left_out_and_counted(name, missing):
    values = with_third(MISSING[missing])
    if name not in MAY_BE_MISSING:
        assert "missing value at position 2" in message_of(name, values)
    elif name != "did.placebo_test":
        assert "first at position 2" in TAKES_NUMBERS[name](values).warnings[0]
    else:
        assert len(TAKES_NUMBERS[name](values).placebo) == math.comb(N - 1, 5)


@pytest.mark.parametrize("name", [name for name in TAKES_NUMBERS if name not in MAY_BE_NEGATIVE])
def test_values_below_zero_are_named(name):
    assert "found -3 at position 2" in message_of(name, with_third(-3))


@pytest.mark.parametrize("name", sorted(MAY_BE_NEGATIVE))
def test_values_below_zero_are_taken_where_they_have_a_meaning(name):
    TAKES_NUMBERS[name](with_third(-3))


@pytest.mark.parametrize("values", [[], "12345", {1, 2}, np.ones((3, 3)), object(), 5])
@pytest.mark.parametrize(
    "name",
    [
        name
        for name in TAKES_NUMBERS
        if not any(part in name for part in ("did.fit_ratio", "grid", "risks", "allocate"))
        and name != "did.fit"
    ],
)
def test_what_is_not_a_sequence_of_numbers_is_refused(name, values):
    assert any(word in message_of(name, values) for word in ("found", "expected"))


TAKES_TABLES = {
    "did.fit": lambda t: did.fit(t, "y", "treated", "after"),
    "did.fit_ratio": lambda t: did.fit_ratio(t, "y", "treated", "after"),
    "crowd.participation users": lambda t: crowd.participation(t, COMMENTS),
    "crowd.participation comments": lambda t: crowd.participation(USERS, t),
    "crowd.rank_ideas": crowd.rank_ideas,
    "themes.theme_matrix": themes.theme_matrix,
    "themes.top_theme": themes.top_theme,
    "engagement.stakeholder_grid": engagement.stakeholder_grid,
    "appraisal.score_risks": appraisal.score_risks,
    "appraisal.score_options": lambda t: appraisal.score_options(t, ["x"], [1]),
    "allocation.allocate": allocation.allocate,
    "network.measure": network.measure,
}


@pytest.mark.parametrize("table", [pd.DataFrame(), None, "table", 5, [1, 2]])
@pytest.mark.parametrize("name", TAKES_TABLES)
def test_what_is_not_such_a_table_is_refused(name, table):
    with pytest.raises(ValueError, match=r"found|expected"):
        TAKES_TABLES[name](table)


@pytest.mark.parametrize("table", [pd.DataFrame({"other": [1]})])
@pytest.mark.parametrize(
    "name", [n for n in TAKES_TABLES if not n.startswith(("themes.top", "allocation"))]
)
def test_a_column_that_is_not_there_is_named(name, table):
    with pytest.raises(ValueError, match="column"):
        TAKES_TABLES[name](table)


MONTHS = pd.date_range("2021-01-01", periods=N, freq="MS")
CASES = {
    # interrupted time series
    "repeated date": (lambda: its.fit(GOOD, [*MONTHS[:5], *MONTHS[4:11]], "2021-06-01"), "2021-05-01 at position 5"),
    "dates backwards": (lambda: its.fit(GOOD, MONTHS[::-1], "2021-06-01"), "2021-11-01 at position 1"),
    "missing date": (lambda: its.fit(GOOD, [*MONTHS[:11], pd.NaT], "2021-06-01"), "missing value at position 11"),
    "number for a date": (lambda: its.fit(GOOD, MONTHS, 6), "intervention_at: found 6; expected a date"),
    "word for a date": (lambda: its.fit(GOOD, MONTHS, "spring"), "intervention_at: found 'spring'"),
    "no date": (lambda: its.fit(GOOD, MONTHS, None), "intervention_at: found None"),
    "date for a number": (lambda: its.fit(GOOD, range(N), "2021-06-01"), "intervention_at: found '2021-06-01'"),
    "dates as text": (lambda: its.fit(GOOD, [str(m) for m in MONTHS], 6), "time: found '2021-01-01 00:00:00'"),
    "times repeated": (lambda: its.fit(GOOD, [0, 1, 1, *range(3, N)], 6), "time: found 1 at position 2"),
    "times unsorted": (lambda: its.fit(GOOD, [0, 2, 1, *range(3, N)], 6), "time: found 1 at position 2"),
    "too few times": (lambda: its.fit(GOOD, range(5), 3), "time: found 5 values; expected 12"),
    "too few dates": (lambda: its.fit(GOOD, MONTHS[:5], "2021-03-01"), "time: found 5 values; expected 12"),
    "nothing before": (lambda: its.fit(GOOD, range(N), 0), "found 0 points before"),
    "one before": (lambda: its.fit(GOOD, range(N), 1), "found 1 points before"),
    "one after": (lambda: its.fit(GOOD, range(N), 11), "found 1 points after"),
    "nothing after": (lambda: its.fit(GOOD, range(N), 99, slope_change=False), "found 0 points after"),
    "no events": (lambda: its.fit([0] * N, range(N), 6), "found only 0 before"),
    "no events after": (lambda: its.fit([1] * 6 + [0] * 6, range(N), 6), "found only 0 after"),
    "one value": (lambda: its.fit([5], [1], 1), "found 0 points before"),
    "few points": (lambda: its.fit(GOOD[:4], range(4), 2), "found 4 points for 4 terms"),
    "too many harmonics": (lambda: its.fit(GOOD * 4, range(48), 24, harmonics=6), "harmonics: the terms"),
    "harmonics below 0": (lambda: its.fit(GOOD, range(N), 6, harmonics=-1), "harmonics: found -1"),
    "half a harmonic": (lambda: its.fit(GOOD, range(N), 6, harmonics=0.5), "harmonics: found 0.5"),
    "period of 0": (lambda: its.fit(GOOD, range(N), 6, period=0), "period: found 0"),
    "family": (lambda: its.fit(GOOD, range(N), 6, family="binomial"), "family: found 'binomial'"),
    "lags": (lambda: its.fit(GOOD, range(N), 6, hac_lags=N), "hac_lags: found 12"),
    "its confidence": (lambda: its.fit(GOOD, range(N), 6, confidence=95), "confidence: found 95"),
    "certain": (lambda: its.fit(GOOD, range(N), 6, confidence=1), "confidence: found 1"),
    "slope in words": (lambda: its.fit(GOOD, range(N), 6, slope_change="no"), "slope_change: found 'no'"),
    "nobody at risk": (lambda: its.fit(GOOD, range(N), 6, population=[0] * N), "population: found 0 at position 0"),
    "its time as text": (lambda: its.fit(GOOD, "abc", 6), "time: found 'abc'"),
    "ljung_box": (lambda: FITTED.ljung_box(N), "lags: found 12"),
    "compare": (lambda: its.compare(FITTED, 5), "fuller: found int"),
    "compare itself": (lambda: its.compare(FITTED, FITTED), "the fuller with more terms"),
    # difference in differences
    "treated in words": (lambda: did.fit(panel(treated=["yes"] * N), "y", "treated", "after"), "'yes' at position 0"),
    "treated missing": (lambda: did.fit(panel(treated=[1, None] * 6), "y", "treated", "after"), "missing value at position 1"),
    "treated twice": (lambda: did.fit(panel(treated=[1, 2] * 6), "y", "treated", "after"), "found 2 at position 1"),
    "all treated": (lambda: did.fit(panel(treated=[1] * N), "y", "treated", "after"), "no rows for the control group before"),
    "never after": (lambda: did.fit(panel(after=[0] * N), "y", "treated", "after"), "no rows for the control group after"),
    "no outcome at all": (lambda: did.fit(panel(y=[None] * N), "y", "treated", "after"), "every value is missing"),
    "no cluster name": (lambda: did.fit(panel(unit=[None] * N), "y", "treated", "after", "unit"), "missing value at position 0"),
    "one cluster": (lambda: did.fit(panel(unit=["a"] * N), "y", "treated", "after", "unit"), "found 1 cluster"),
    "no such column": (lambda: did.fit(panel(), "outcome", "treated", "after"), "no column 'outcome'"),
    "no such cluster": (lambda: did.fit(panel(), "y", "treated", "after", "practice"), "no column 'practice'"),
    "no such exposure": (lambda: did.fit_ratio(panel(), "y", "treated", "after", exposure="people"), "no column 'people'"),
    "no events in a cell": (lambda: did.fit_ratio(panel(y=[0] * 6 + [1] * 6), "y", "treated", "after"), "no events in the control group before"),
    "did confidence": (lambda: did.fit(panel(), "y", "treated", "after", confidence=0), "confidence: found 0"),
    "nobody treated": (lambda: did.fit_changes(GOOD, GOOD, [0] * N), "no units in the treated group"),
    "lengths differ": (lambda: did.fit_changes(GOOD, GOOD[:3], HALF), "after: found 3 values; expected 12"),
    "flags differ": (lambda: did.fit_changes(GOOD, GOOD, [1, 0]), "treated: found 2 values; expected 12"),
    "alternative": (lambda: did.placebo_test(GOOD, GOOD, HALF, alternative="up"), "alternative: found 'up'"),
    "draws": (lambda: did.placebo_test(GOOD, GOOD, HALF, draws=0), "draws: found 0"),
    "rank names differ": (lambda: did.rank_change({"a": 1}, {"b": 1}), "'a' is at one time only"),
    "rank names twice": (lambda: did.rank_change(pd.Series([1, 2], index=["a", "a"]), [1, 2]), "'a' again at position 1"),
    "unknown unit": (lambda: did.chance_of_rank(GOOD, 99, 1), "unit: found 99"),
    "no spread": (lambda: did.chance_of_rank(GOOD, 0, 0), "spread: found 0"),
    "rank below the last": (lambda: did.chance_of_rank(GOOD, 0, 1, rank=13), "rank: found 13"),
    "same proportions": (lambda: did.people_per_arm(0.3, 0.3), "the same as before"),
    "proportion of 1": (lambda: did.people_per_arm(1, 0.3), "before: found 1"),
    "percentages": (lambda: did.people_per_arm(30, 24), "before: found 30; expected less than 1"),
    "power": (lambda: did.people_per_arm(0.3, 0.2, power=80), "power: found 80"),
    "cluster size": (lambda: did.people_per_arm(0.3, 0.2, cluster_size=0), "cluster_size: found 0"),
    "correlation": (lambda: did.people_per_arm(0.3, 0.2, intracluster_correlation=2), "intracluster_correlation: found 2"),
    # economics
    "no unit cost": (lambda: economics.annual_cost({"a": 1, "b": 2}, {"a": 1}), "found none for 'b'"),
    "costs of another length": (lambda: economics.annual_cost([1, 2], [1]), "found 1 values; expected 2"),
    "periods": (lambda: economics.annual_cost([1], [1], periods_per_year=0), "periods_per_year: found 0"),
    "item twice": (lambda: economics.annual_cost(pd.Series([1, 2], index=["a", "a"]), {"a": 1}), "'a' again at position 1"),
    "range out of order": (lambda: economics.savings((3, 2, 1), 1), "found 3, 2, 1"),
    "two figures": (lambda: economics.savings((3, 2), 1), "found 2 values; expected 3"),
    "cost in words": (lambda: economics.savings({"beds": "£5"}, 1), "baseline, 'beds': found '£5'"),
    "cost missing": (lambda: economics.savings(5, {"beds": None}), "redesigned, 'beds': found None"),
    "cost below 0": (lambda: economics.savings(-5, 1), "baseline, 'cost': found -5"),
    "cost infinite": (lambda: economics.savings(math.inf, 1), "baseline, 'cost': found inf"),
    "no items": (lambda: economics.savings({}, 1), "baseline: found no items"),
    "no draws": (lambda: economics.savings(2, 1, n=0), "n: found 0"),
    "column of a range": (lambda: economics.savings(pd.DataFrame({"low": [1]}), 1), "no column 'likely'"),
    "streams differ": (lambda: economics.net_present_value([1, 2], {"cash": [1]}), "benefits, 'cash': found 1 values; expected 2"),
    "too many years": (lambda: economics.net_present_value([1] * 32, [1] * 32), "found 32 years; expected at most 31"),
    "rate in per cent": (lambda: economics.net_present_value([1], [1], rate=3.5), "found 3.5"),
    "no benefits": (lambda: economics.net_present_value([1], {}), "benefits: found none"),
    "type named costs": (lambda: economics.net_present_value([1], {"costs": [1]}), "type named 'costs'"),
    "unknown type": (lambda: VALUE.counting("health"), "found 'health'; expected one of 'cash'"),
    "stress below -1": (lambda: VALUE.stressed(benefits=-1.5), "benefits: found -1.5"),
    "more than all sites": (lambda: economics.site_summary([1, 2], top=3), "top: found 3"),
    "realised above 1": (lambda: economics.realised(12.3, 60), "rate: found 60"),
    "realised below 0": (lambda: economics.realised(12.3, 0.6, -1), "cash_releasing: found -1"),
    "neither top nor share": (lambda: economics.top_share([1, 2]), "expected one of the two"),
    "both top and share": (lambda: economics.top_share([1, 2], top=1, share=0.5), "expected one of the two"),
    "nothing to share": (lambda: economics.top_share([0, 0], top=1), "found only 0"),
    "not a model": (lambda: economics.one_way(5, {"a": 1}), "model: found 5"),
    "unknown input": (lambda: economics.one_way(lambda a: a, {"a": 1}, {"b": (0, 1)}), "change: found 'b'"),
    "answer not a number": (lambda: economics.one_way(lambda a: math.nan, {"a": 1}), "model's answer: found"),
    "input in words": (lambda: economics.one_way(lambda a: a, {"a": "1"}), "base: found '1'"),
    # appraisal
    "no options": (lambda: appraisal.score_options({}, ["x"], [1]), "found no values"),
    "no criteria": (lambda: appraisal.score_options({"a": []}, [], []), "criteria: found no values"),
    "criterion twice": (lambda: appraisal.score_options({"a": [1, 2]}, ["x", "x"], [1, 1]), "'x' again at position 1"),
    "scores too few": (lambda: appraisal.score_options({"a": [1]}, ["x", "y"], [1, 1]), "options, 'a': found 1 values; expected 2"),
    "score by name missing": (lambda: appraisal.score_options({"a": {"x": 1}}, ["x", "y"], [1, 1]), "no score for 'y'"),
    "no weight": (lambda: appraisal.score_options({"a": [1, 2]}, ["x", "y"], {"x": 1}), "weights: found none for 'y'"),
    "weight too many": (lambda: appraisal.score_options({"a": [1]}, ["x"], {"x": 1, "z": 1}), "weights: found 'z'"),
    "weights all 0": (lambda: appraisal.score_options({"a": [1]}, ["x"], [0]), "weights: found only 0"),
    "option twice": (lambda: appraisal.score_options(pd.DataFrame({"x": [1, 2]}, index=["a", "a"]), ["x"], [1]), "'a' again at position 1"),
    "concentration": (lambda: SCORED.acceptability(concentration=0), "concentration: found 0"),
    "appraisal draws": (lambda: SCORED.acceptability(draws=0.5), "draws: found 0.5"),
    "unknown criterion": (lambda: SCORED.switching_weight("z"), "criterion: found 'z'"),
    "risk of 6": (lambda: register([6]), "found 6 at position 0"),
    "risk of 0": (lambda: register([0]), "found 0 at position 0"),
    "risk of a half": (lambda: register([2.5]), "found 2.5 at position 0"),
    # themes
    "theme missing": (lambda: themes.theme_matrix(EXTRACTS.assign(theme=["A", None, "B"])), "missing value at position 1"),
    "role missing": (lambda: themes.theme_matrix(EXTRACTS.assign(role=["A", "B", np.nan])), "missing value at position 2"),
    "share in words": (lambda: themes.theme_matrix(EXTRACTS, share="yes"), "share: found 'yes'"),
    "codes in words": (lambda: themes.saturation_point("abc"), "codes: found 'abc'"),
    "an interview in words": (lambda: themes.saturation_point([["a"], "b"]), "'b' at position 1"),
    "an interview missing": (lambda: themes.saturation_point([["a"], None]), "None at position 1"),
    "code missing": (lambda: themes.saturation_point([["a"], ["b", None]]), "interview 1: found a missing value at position 1"),
    "no interviews": (lambda: themes.saturation_point([]), "found no interviews"),
    "no codes in the base": (lambda: themes.saturation_point([[], [], [], [], ["a"]]), "found none in the first 4 interviews"),
    "threshold in per cent": (lambda: themes.saturation_point([["a"]], 5), "new_at_most: found 5"),
    "base of 0": (lambda: themes.saturation_point([["a"]], base_size=0), "base_size: found 0"),
    "run of 0": (lambda: themes.saturation_point([["a"]], run_length=0), "run_length: found 0"),
    # crowd
    "no ideas": (lambda: crowd.rank_ideas({}), "found no values"),
    "no votes": (lambda: crowd.rank_ideas({"a": (0, 0)}), "votes, 'a': found no votes"),
    "more for than all": (lambda: crowd.rank_ideas({"a": (1, 2), "b": (5, 4)}), "found 5 at position 1, more than"),
    "half a vote": (lambda: crowd.rank_ideas({"a": (0.5, 2)}), "votes, 'a': found 0.5 at position 0"),
    "vote sideways": (lambda: crowd.rank_ideas(VOTES.assign(vote=["Up", "up", "Down"])), "'up' at position 1"),
    "vote missing": (lambda: crowd.rank_ideas(VOTES.assign(vote=["Up", None, "Up"])), "missing value at position 1"),
    "vote twice": (lambda: crowd.rank_ideas(VOTES.assign(user_id=1)), "second vote by 1 on 'a' at position 1"),
    "stranger": (lambda: crowd.participation(USERS, pd.DataFrame({"user_id": [1, 9]})), "found 9 at position 1"),
    "user twice": (lambda: crowd.participation(USERS.assign(user_id=1), COMMENTS), "1 again at position 1"),
    "top in per cent": (lambda: crowd.participation(USERS, COMMENTS, top=10), "found 10"),
    "nobody spoke": (lambda: crowd.participation_inequality([0, 0]), "found only 0"),
    "half a comment": (lambda: crowd.participation_inequality([0.5]), "found 0.5 at position 0"),
    # engagement
    "power of 11": (lambda: engagement.quadrant(11, 5), "power: found 11"),
    "interest missing": (lambda: engagement.quadrant(5, None), "interest: found None"),
    "cut of 11": (lambda: engagement.quadrant(5, 5, cut=11), "cut: found 11"),
    "three scores": (lambda: engagement.stakeholder_grid({"LMC": (1, 2, 3)}), "stakeholders, 'LMC': found 3 values"),
    "nobody heard": (lambda: engagement.coverage_gap({"GP": 0}, {"GP": 1}), "contacts: found only 0"),
    "nobody employed": (lambda: engagement.coverage_gap({"GP": 1}, {"GP": 0}), "workforce: found only 0"),
    "no professions": (lambda: engagement.coverage_gap({}, {"GP": 1}), "contacts: found no values"),
    "fewer than none": (lambda: engagement.coverage_gap({"GP": -1}, {"GP": 1}), "contacts: found -1 at position 0"),
    "without names": (lambda: engagement.coverage_gap([1, 2], [1, 2]), "expected numbers by profession"),
    # allocation
    "fewer choices": (lambda: allocation.allocate([[1], [1]]), "found 1 choices for 2 choosers"),
    "rows of two lengths": (lambda: allocation.allocate([[1, 2], [1]]), "row 1: found 1 values; expected 2"),
    "chooser twice": (lambda: allocation.allocate(pd.DataFrame([[1, 2], [2, 1]], index=["a", "a"])), "'a' again at position 1"),
    # network
    "no links": (lambda: network.measure([]), "links: found none"),
    "three ends": (lambda: network.measure([(1, 2), (1, 2, 3)]), "(1, 2, 3) at position 1"),
    "one end": (lambda: network.measure([5]), "5 at position 0"),
    "to itself": (lambda: network.measure([(1, 2), (3, 3)]), "3 joined to itself at position 1"),
    "end missing": (lambda: network.measure([(1, None)]), "missing value at position 1"),
    "outsider": (lambda: network.measure([(1, 2), (2, 3)], nodes=[1, 2]), "found 3 at position 1"),
    "node twice": (lambda: network.measure([(1, 2)], nodes=[1, 2, 2]), "2 again at position 2"),
    "no steps": (lambda: LINE.reach(0), "steps: found 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_strange_input_is_refused_in_words(case):
    attempt, message = CASES[case]
    with pytest.raises(ValueError) as error:
        attempt()
    assert message in str(error.value)


def test_documented_results_at_the_edges():
    assert crowd.rank_ideas({"one": (1, 1)})["lower"].iloc[0] > 0
    assert math.isnan(did.fit_changes([1, 2], [2, 5], [1, 0]).se)
    level = did.fit_changes([1] * 4, [1] * 4, [1, 1, 0, 0])
    assert (level.estimate, level.se, level.p_value) == (0, 0, 1)
    same = did.fit(panel(y=[3] * N), "y", "treated", "after")
    assert same.estimate == pytest.approx(0, abs=1e-9)
    assert did.placebo_test([1] * 4, [1] * 4, [1, 0, 0, 0]).p_value == 1
    assert themes.saturation_point([["a"]]).point is None
    assert network.measure([(1, 2)]).brokers().empty
    assert economics.site_summary([0, 0]).total == 0


def test_every_public_function_is_in_a_table_here():
    source = inspect.getsource(inspect.getmodule(test_documented_results_at_the_edges))
    for room in ROOMS:
        short = room.__name__.rsplit(".", 1)[1]
        alias = {"interrupted_time_series": "its", "difference_in_differences": "did"}
        for name, member in vars(room).items():
            ours = inspect.isfunction(member) and member.__module__ == room.__name__
            if ours and not name.startswith("_"):
                assert f"{alias.get(short, short)}.{name}" in source, (short, name)
