"""Indirect standardisation against the published cases, and its own arithmetic."""

import json
from pathlib import Path

import pandas as pd
import pytest

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
