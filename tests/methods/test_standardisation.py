"""Direct and indirect standardisation: published cases and arithmetic that must hold."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import standardisation

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "public_health.json").read_text(encoding="utf-8")
)["cases"]
FUNCTIONS = {
    "is_ratio": standardisation.indirect_ratio,
    "is_rate": standardisation.indirect_rate,
}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["method"] in FUNCTIONS], ids=lambda case: case["id"]
)
@pytest.mark.parametrize(("confidence", "limit"), [(0.95, "95_0cl"), (0.998, "99_8cl")])
def test_published_case(case, confidence, limit):
    inputs, expected = case["inputs"], case["expected"]
    found = FUNCTIONS[case["method"]](
        inputs["counts"],
        inputs["populations"],
        inputs["ref_counts"],
        inputs["ref_populations"],
        per=inputs["multiplier"],
        confidence=confidence,
    )
    for name in ("observed", "expected", "value"):
        assert getattr(found, name) == pytest.approx(expected[name], rel=1e-6)
    assert found.lower == pytest.approx(expected[f"lower{limit}"], rel=1e-6)
    assert found.upper == pytest.approx(expected[f"upper{limit}"], rel=1e-6)
    assert found.method == expected["method"]
    assert bool(found.warnings) == (None in inputs["counts"])


DIRECT = {
    "dsr_dobson": (standardisation.direct, "counts"),
    "dsr_nonindependent": (
        standardisation.direct_nonindependent,
        "individuals_by_event_frequency",
    ),
}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["method"] in DIRECT], ids=lambda case: case["id"]
)
@pytest.mark.parametrize(("confidence", "limit"), [(0.95, "95_0cl"), (0.998, "99_8cl")])
def test_published_direct_rate(case, confidence, limit):
    inputs, expected = case["inputs"], case["expected"]
    function, events = DIRECT[case["method"]]
    found = function(
        inputs[events],
        inputs["populations"],
        inputs["standard_population"],
        per=inputs["multiplier"],
        confidence=confidence,
    )
    assert found.observed == expected["total_count"]
    for ours, theirs in {
        "value": "value",
        "lower": f"lower{limit}",
        "upper": f"upper{limit}",
    }.items():
        published = expected[theirs]
        if published is None:
            assert getattr(found, ours) is None
            assert "fewer than 10 events" in found.warnings[-1]
        else:
            assert getattr(found, ours) == pytest.approx(published, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["method"] == "dsr_dobson"], ids=lambda case: case["id"]
)
def test_many_places_are_as_one(case):
    inputs = case["inputs"]
    counts = pd.DataFrame([inputs["counts"], [20] * 19], index=["P1", "P2"], dtype=float)
    people = pd.DataFrame([inputs["populations"]] * 2, index=["P1", "P2"])
    standard = inputs["standard_population"]
    table = standardisation.direct_many(counts, people, standard)
    indirect = standardisation.indirect_many(counts, people, standard, [100_000] * 19)
    for place in counts.index:
        one = standardisation.direct(counts.loc[place], people.loc[place], standard)
        many = table.loc[place]
        assert bool(many["note"]) == (one.value is None)
        ratio = standardisation.indirect_ratio(
            counts.loc[place], people.loc[place], standard, [100_000] * 19
        )
        for name in ("value", "lower", "upper"):
            wanted = getattr(one, name)
            assert many[name] == pytest.approx(np.nan if wanted is None else wanted, nan_ok=True)
            assert indirect.loc[place, name] == pytest.approx(getattr(ratio, name))


def test_no_direct_rate_below_ten_events():
    counts = pd.DataFrame([[4, 5], [5, 5]], index=["nine", "ten"])
    people, standard = counts * 100, [1, 1]
    many = standardisation.direct_many(counts, people, standard)
    assert many["value"].notna().to_dict() == {"nine": False, "ten": True}
    nine, ten = (standardisation.direct(row, row * 100, standard) for row in counts.to_numpy())
    assert nine.value is None
    assert "9 events; fewer than 10 events" in nine.warnings[0]
    assert ten.value == pytest.approx(1000)
    assert ten.warnings == []


def test_many_places_are_matched_by_name():
    counts = pd.DataFrame({"young": [5, 30], "old": [20, 0]}, index=["P1", "P2"])
    people = pd.DataFrame({"old": [0, 100], "young": [300, 200]}, index=["P2", "P1"])
    standard = pd.Series({"old": 1, "young": 3})
    found = standardisation.direct_many(counts, people, standard, per=100)
    assert found.loc["P1", "value"] == pytest.approx((3 * 5 / 200 + 20 / 100) / 4 * 100)
    assert np.isnan(found.loc["P2", "value"])
    assert "nobody in a stratum" in found.loc["P2", "note"]


strata = st.lists(
    st.tuples(st.integers(5, 500), st.integers(1, 5000), st.integers(1, 5000)),
    min_size=2,
    max_size=12,
)


@given(strata, st.floats(0.5, 0.95), st.randoms())
@settings(max_examples=60, deadline=None)
def test_direct_rates_hold_together(rows, confidence, random):
    counts, people, standard = zip(*rows, strict=True)
    found = standardisation.direct(counts, people, standard, confidence=confidence)
    wide = standardisation.direct(counts, people, standard, confidence=0.998)
    assert wide.lower <= found.lower <= found.value <= found.upper <= wide.upper
    shuffled = random.sample(rows, len(rows))
    again = standardisation.direct(*zip(*shuffled, strict=True), confidence=confidence)
    assert (again.value, again.upper) == pytest.approx((found.value, found.upper))
    crude = standardisation.direct(counts, people, people)
    assert crude.value == pytest.approx(sum(counts) / sum(people) * 100_000)
    once = standardisation.direct_nonindependent({1: counts}, people, standard)
    assert (once.value, once.lower) == pytest.approx(
        (found.value, standardisation.direct(counts, people, standard).lower)
    )
    clustered = standardisation.direct_nonindependent({"2": counts}, people, standard)
    doubled = standardisation.direct([2 * count for count in counts], people, standard)
    assert clustered.value == pytest.approx(doubled.value)
    assert clustered.upper > doubled.upper


def test_the_reference_population_is_100():
    counts, people = [4, 20, 60], [1000, 900, 800]
    found = standardisation.indirect_ratio(counts, people, counts, people)
    assert found.value == pytest.approx(100)
    assert found.lower < 100 < found.upper


def test_expected_counts_by_place():
    people = pd.DataFrame({"young": [100, 50], "old": [10, 40]}, index=["P1", "P2"])
    rates = pd.Series({"old": 0.5, "young": 0.1})
    expected = standardisation.expected_counts(people, rates)
    assert expected.to_dict() == {"P1": 15.0, "P2": 25.0}
    assert standardisation.expected_counts([100, 10], [0.1, 0.5]) == 15.0


def test_a_stratum_without_a_rate_is_named():
    people = pd.DataFrame({"young": [100], "old": [10]})
    with pytest.raises(ValueError, match="no rate for stratum 'old'"):
        standardisation.expected_counts(people, pd.Series({"young": 0.1}))
    with pytest.raises(ValueError, match="stratum 'old': found a missing value at position 0"):
        standardisation.expected_counts(people.assign(old=[None]), [0.1, 0.5])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"populations": [10, 0]}, "populations: found 0 at position 1"),
        ({"counts": [1, "2"]}, "counts: found '2' at position 1"),
        ({"counts": 5}, "counts: found 5; expected a sequence"),
        ({"standard_population": [0, 0]}, "standard_population: found only zeros"),
        ({"standard_population": [1]}, "standard_population: found 1 values; expected 2"),
        ({"per": 0}, "per: found 0"),
        ({"confidence": 1}, "confidence: found 1"),
    ],
)
def test_direct_input_out_of_range_is_named(change, message):
    arguments = {
        "counts": [10, 20],
        "populations": [10, 20],
        "standard_population": [5, 6],
    } | change
    with pytest.raises(ValueError) as error:
        standardisation.direct(**arguments)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("individuals", "message"),
    [
        ({}, "found no values"),
        ([[1, 2]], "expected a mapping"),
        ({0: [1, 2]}, "found frequency 0"),
        ({"often": [1, 2]}, "found frequency 'often'"),
        ({1.5: [1, 2]}, "found frequency 1.5"),
        ({2: [1]}, "individuals with 2 event(s): found 1 values; expected 2"),
        ({2: [1, -2]}, "individuals with 2 event(s): found -2 at position 1"),
    ],
)
def test_strange_frequencies_are_named(individuals, message):
    with pytest.raises(ValueError) as error:
        standardisation.direct_nonindependent(individuals, [10, 20], [5, 6])
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": [1, 2]}, "counts: found list; expected a table"),
        ({"counts": pd.DataFrame()}, "counts: found no values"),
        ({"counts": pd.DataFrame({"a": [1], "c": [2]})}, "stratum 'b': found in only one"),
        ({"counts": pd.DataFrame({"a": [1], "b": [2]}, index=[7])}, "place 0: found in only one"),
        ({"counts": pd.DataFrame([[1, 2]], columns=["a", "a"])}, "found stratum 'a' twice"),
        ({"counts": pd.DataFrame({"a": [1], "b": ["x"]})}, "counts, stratum 'b': found 'x'"),
        ({"populations": pd.DataFrame({"a": [1], "b": [-1]})}, "stratum 'b': found -1"),
        ({"populations": pd.DataFrame({"a": [1], "b": [np.nan]})}, "found a missing value"),
        ({"third": pd.Series({"a": 1})}, "none for stratum 'b'"),
        ({"third": pd.Series([1, 1, 1], index=["a", "b", "b"])}, "found stratum 'b' twice"),
    ],
)
def test_strange_tables_are_named(change, message):
    good = pd.DataFrame({"a": [10], "b": [20]})
    given_tables = {"counts": good, "populations": good, "third": [5, 6]} | change
    for function, rest in (
        (standardisation.direct_many, []),
        (standardisation.indirect_many, [[100, 100]]),
    ):
        with pytest.raises(ValueError) as error:
            function(*given_tables.values(), *rest)
        assert message in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"populations": [10, -1]}, "populations: found -1 at position 1"),
        ({"populations": [10, None]}, "populations: found a missing value at position 1"),
        ({"counts": [1, -2]}, "counts: found -2 at position 1"),
        ({"counts": [1, "2"]}, "counts: found '2' at position 1"),
        ({"counts": [1]}, "counts: found 1 values; expected 2"),
        ({"ref_counts": [1, 2, 3]}, "ref_counts: found 3 values; expected 2"),
        ({"ref_populations": [100, 0]}, "ref_populations: found 0 at position 1"),
        ({"ref_counts": [0, 0]}, "Nothing is expected"),
        ({"per": 0}, "per: found 0"),
        ({"confidence": 1}, "confidence: found 1"),
        ({"confidence": 95}, "confidence: found 95"),
    ],
)
def test_input_out_of_range_is_named(change, message):
    arguments = {
        "counts": [1, 2],
        "populations": [10, 20],
        "ref_counts": [5, 6],
        "ref_populations": [100, 100],
    } | change
    for function in FUNCTIONS.values():
        with pytest.raises(ValueError) as error:
            function(**arguments)
        assert message in str(error.value)
