"""Strange input to the public-health and agreement methods: which value, where, what instead."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clear_helpers.methods import (
    agreement,
    capture_recapture,
    case_finding,
    frailty,
    inequality,
    multimorbidity,
    rates,
    standardisation,
)

ORACLES = Path(__file__).parents[1] / "oracles"
GOOD = [12, 15, 11, 14, 13]
YES_NO = [1, 0, 1, 0, 0]

TAKES_NUMBERS = {
    "rates.proportion": lambda v: rates.proportion(v, [20] * 5),
    "rates.proportion denominator": lambda v: rates.proportion([1] * 5, v),
    "rates.rate": lambda v: rates.rate(v, GOOD),
    "rates.rate population": lambda v: rates.rate(GOOD, v),
    "rates.mean": rates.mean,
    "standardisation.direct populations": lambda v: standardisation.direct(GOOD, v, GOOD),
    "standardisation.direct standard": lambda v: standardisation.direct(GOOD, GOOD, v),
    "inequality.slope_index": lambda v: inequality.slope_index(v, GOOD),
    "inequality.slope_index values": lambda v: inequality.slope_index(GOOD, v),
    "inequality.slope_interval": lambda v: inequality.slope_interval(GOOD, GOOD, v),
    "inequality.concentration_index": lambda v: inequality.concentration_index(v, GOOD),
    "inequality.concentration_index values": lambda v: inequality.concentration_index(GOOD, v),
    "inequality.top_share": lambda v: inequality.top_share(v, 1),
    "inequality.lorenz": inequality.lorenz,
    "case_finding.at_capacity": lambda v: case_finding.at_capacity(v, YES_NO, 2),
    "case_finding.regression": lambda v: case_finding.regression_to_the_mean(v, GOOD, 2),
    "case_finding.regression after": lambda v: case_finding.regression_to_the_mean(GOOD, v, 2),
}
STRANGE = {
    "text": ("12", "'12' at position 2"),
    "missing": (None, "missing value at position 2"),
    "nan": (math.nan, "missing value at position 2"),
    "infinite": (math.inf, "inf at position 2"),
    "yes or no": (True, "True at position 2"),
    "date": (pd.Timestamp("2021-01-01"), "at position 2"),
    "list": ([1], "[1] at position 2"),
}


@pytest.mark.parametrize("name", TAKES_NUMBERS)
def test_good_numbers_are_taken(name):
    TAKES_NUMBERS[name](list(GOOD))


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", TAKES_NUMBERS)
def test_one_strange_value_is_named_with_its_position(name, strange):
    value, message = STRANGE[strange]
    with pytest.raises(ValueError) as error:
        TAKES_NUMBERS[name]([*GOOD[:2], value, *GOOD[3:]])
    assert message in str(error.value)


@pytest.mark.parametrize("values", [[], "12345", {"a": 1}, {1, 2}, np.ones((3, 3)), None, object()])
@pytest.mark.parametrize("name", TAKES_NUMBERS)
def test_what_is_not_a_sequence_of_numbers_is_refused(name, values):
    with pytest.raises(ValueError, match=r"found|expected"):
        TAKES_NUMBERS[name](values)


REFUSED = {
    "more than everybody": (lambda: rates.proportion(5, 4), "found 5 at position 0, more than"),
    "nobody asked": (lambda: rates.proportion(0, 0), "denominator: found 0; expected more than 0"),
    "negative part": (lambda: rates.proportion([1, -1], [5, 5]), "numerator: found -1 at position"),
    "no people": (lambda: rates.rate([1, 2], [5, 0]), "population: found 0 at position 1"),
    "negative events": (lambda: rates.rate(-1, 5), "count: found -1; expected 0 or more"),
    "one count, two places": (lambda: rates.rate(1, [5, 6]), "count: found 1 value; expected 2"),
    "per nobody": (lambda: rates.rate(1, 5, per=0), "per: found 0; expected more than 0"),
    "certainty": (lambda: rates.mean(GOOD, 1), "confidence: found 1; expected less than 1"),
    "percent": (lambda: rates.mean(GOOD, 95), "confidence: found 95; expected 1 or less"),
    "one group": (lambda: inequality.slope_index([5], [5]), "populations: found 1 group"),
    "empty group": (lambda: inequality.slope_index([5, 0], [1, 2]), "populations: found 0 at"),
    "unequal": (lambda: inequality.slope_index([5, 6], [1]), "values: found 1 values; expected 2"),
    "which is worse": (
        lambda: inequality.slope_index([5, 6], [1, 2], higher_is_worse="yes"),
        "higher_is_worse: found 'yes'; expected True or False",
    ),
    "negative error": (
        lambda: inequality.slope_interval([5, 6], [1, 2], [1, -1]),
        "standard_errors: found -1 at position 1",
    ),
    "few repetitions": (
        lambda: inequality.slope_interval([5, 6], [1, 2], [1, 1], repetitions=10),
        "repetitions: found 10; expected 1000 or more",
    ),
    "nothing to concentrate": (
        lambda: inequality.concentration_index([5, 6], [0, 0]),
        "values: found only zeros",
    ),
    "negative need": (
        lambda: inequality.concentration_index([5, 6], [1, -1]),
        "values: found -1 at position 1",
    ),
    "nothing to share": (lambda: inequality.top_share([0, 0], 1), "values: found only zeros"),
    "nobody on top": (lambda: inequality.top_share(GOOD, 0), "k: found 0; expected 1 or more"),
    "more on top than all": (lambda: inequality.top_share(GOOD, 6), "k: found 6; expected 5 or"),
    "half a person on top": (lambda: inequality.top_share(GOOD, 1.5), "k: found 1.5; expected a"),
    "no Lorenz of nothing": (lambda: inequality.lorenz([0]), "values: found only zeros"),
    "codes of one": (lambda: agreement.cohen(["a"], ["a"]), "found only one code in use"),
    "no codes": (lambda: agreement.cohen([], []), "a: found no codes"),
    "one word": (lambda: agreement.cohen("abc", "abc"), "a: found 'abc'; expected a sequence"),
    "codes missing": (
        lambda: agreement.cohen(["a", "b"], ["a", None]),
        "b: found a missing value at position 1",
    ),
    "codes infinite": (
        lambda: agreement.cohen([1, math.inf], [1, 2]),
        "a: found inf at position 1",
    ),
    "codes dated": (
        lambda: agreement.cohen([1, pd.Timestamp("2021-01-01")], [1, 2]),
        "a: found Timestamp('2021-01-01 00:00:00') at position 1; expected text or a number",
    ),
    "fewer codes": (lambda: agreement.cohen([1, 2], [1]), "b: found 1 codes; expected 2"),
    "unknown code": (
        lambda: agreement.cohen([1, 2], [1, 3], categories=[1, 2]),
        "b: found 3 at position 1; expected one of the categories",
    ),
    "category twice": (
        lambda: agreement.cohen([1, 2], [1, 2], categories=[1, 2, 1]),
        "categories: found 1 again at position 2",
    ),
    "unknown weights": (lambda: agreement.cohen([1, 2], [1, 2], "cubic"), "weights: found 'cubic'"),
    "certain kappa": (
        lambda: agreement.cohen([1, 2], [1, 2], confidence=1),
        "confidence: found 1; expected less than 1",
    ),
    "oblong table": (
        lambda: agreement.cohen_from_table([[1, 2, 3], [4, 5, 6]]),
        "table: found 2 rows and 3 columns",
    ),
    "ragged table": (
        lambda: agreement.cohen_from_table([[1, 2], [4]]),
        "table, row 1: found 1 values; expected 2",
    ),
    "negative cell": (
        lambda: agreement.cohen_from_table([[1, 2], [4, -1]]),
        "table, row 1: found -1 at position 1",
    ),
    "empty table": (lambda: agreement.cohen_from_table([]), "table: found no values"),
    "table of nothing": (lambda: agreement.cohen_from_table([[0, 0], [0, 0]]), "found no items"),
    "table as text": (lambda: agreement.cohen_from_table("12"), "table: found '12'"),
    "uneven coders": (
        lambda: agreement.fleiss([[2, 1], [1, 1]]),
        "counts: found 2 coders in row 1; expected 3",
    ),
    "one coder": (lambda: agreement.fleiss([[1, 0], [0, 1]]), "counts: found 1 coders in row 0"),
    "part of a coder": (
        lambda: agreement.fleiss([[1.5, 1.5], [1, 2]]),
        "counts, row 0: found 1.5 at position 0; expected a whole number",
    ),
    "all the same code": (lambda: agreement.fleiss([[2, 0], [2, 0]]), "only one code in use"),
    "a lonely coder": (lambda: agreement.krippendorff([[1, 2]]), "found 1 coders; expected at"),
    "nobody coded": (lambda: agreement.krippendorff([]), "found 0 coders"),
    "no item twice": (
        lambda: agreement.krippendorff([[1, None], [None, 2]]),
        "found no item coded twice",
    ),
    "no items": (lambda: agreement.krippendorff([[], []]), "found no item coded twice"),
    "the same code": (lambda: agreement.krippendorff([[1, 1], [1, 1]]), "only one code in use"),
    "another code, never paired": (
        lambda: agreement.krippendorff([[1, 1, 2], [1, 1, None]]),
        "only one code in use",
    ),
    "ragged ratings": (
        lambda: agreement.krippendorff([[1, 2], [1]]),
        "ratings_by_coder, row 1: found 1 items; expected 2",
    ),
    "text has no interval": (
        lambda: agreement.krippendorff([[1, "2"], [1, 2]], "interval"),
        "ratings_by_coder, row 0: found '2' at position 1; expected a number",
    ),
    "no ratio below nothing": (
        lambda: agreement.krippendorff([[1, 2], [1, -2]], "ratio"),
        "ratings_by_coder, row 1: found -2 at position 1; expected 0 or more",
    ),
    "unknown rating": (
        lambda: agreement.krippendorff([["a", "b"], ["a", "c"]], categories=["a", "b"]),
        "ratings_by_coder, row 1: found 'c' at position 1",
    ),
    "unknown level": (lambda: agreement.krippendorff([[1], [2]], "best"), "level: found 'best'"),
    "unknown condition": (
        lambda: multimorbidity.cambridge_score(["copd", "Asthma"]),
        "conditions: found 'Asthma' at position 1; expected one of 20 conditions, such as 'asthma'",
    ),
    "missing condition": (
        lambda: multimorbidity.cambridge_score(["copd", None]),
        "conditions: found None at position 1",
    ),
    "one condition as text": (
        lambda: multimorbidity.cambridge_score("copd"),
        "conditions: found 'copd'; expected a set of names",
    ),
    "number of conditions": (lambda: multimorbidity.cambridge_score(3), "conditions: found 3"),
    "unknown outcome": (
        lambda: multimorbidity.cambridge_score(["copd"], "cost"),
        "outcome: found 'cost'; expected one of 'general', 'mortality', 'modified'",
    ),
    "outcome not text": (lambda: multimorbidity.cambridge_score([], ["x"]), "outcome: found ['x']"),
    "unknown column": (
        lambda: multimorbidity.cambridge_score(pd.DataFrame({"copd": [True], "gout": [True]})),
        "conditions: found 'gout' at position 1",
    ),
    "column twice": (
        lambda: multimorbidity.cambridge_score(pd.DataFrame([[1, 0]], columns=["copd", "copd"])),
        "conditions: found column 'copd' twice",
    ),
    "missing cell": (
        lambda: multimorbidity.cambridge_score(pd.DataFrame({"copd": [True, None]})),
        "conditions, 'copd': found a missing value at position 1",
    ),
    "text cell": (
        lambda: multimorbidity.cambridge_score(pd.DataFrame({"copd": [True, "yes"]})),
        "conditions, 'copd': found 'yes' at position 1",
    ),
    "two of a condition": (
        lambda: multimorbidity.cambridge_score(pd.DataFrame({"copd": [1, 2]})),
        "conditions, 'copd': found",
    ),
    "list cell": (
        lambda: multimorbidity.cambridge_score(pd.DataFrame({"copd": [True, [1]]})),
        "conditions, 'copd': found [1] at position 1",
    ),
    "negative deficits": (lambda: frailty.efi(-1), "deficits: found -1; expected 0 or more"),
    "too many deficits": (lambda: frailty.efi(37), "deficits: found 37; expected 36 or less"),
    "part of a deficit": (lambda: frailty.efi(1.5), "deficits: found 1.5; expected a whole number"),
    "missing deficits": (lambda: frailty.efi(None), "deficits: found None"),
    "nan deficits": (lambda: frailty.efi(math.nan), "deficits: found a missing value"),
    "deficits as text": (lambda: frailty.efi("Falls"), "deficits: found 'Falls'"),
    "deficits yes": (lambda: frailty.efi(True), "deficits: found True"),
    "unknown deficit": (
        lambda: frailty.efi(["Falls", "falls"]),
        "deficits: found 'falls' at position 1; expected one of the 36 deficits such as 'Falls'",
    ),
    "more on both": (lambda: capture_recapture.chapman(5, 9, 6), "both: found 6; expected 5 or"),
    "nobody on a list": (lambda: capture_recapture.chapman(0, 9, 0), "n1: found 0; expected 1 or"),
    "part of a person": (
        lambda: capture_recapture.chapman(5, 9.5, 0),
        "n2: found 9.5; expected a whole number",
    ),
    "list as text": (lambda: capture_recapture.chapman("5", 9, 0), "n1: found '5'"),
    "certain capture": (
        lambda: capture_recapture.chapman(5, 9, 1, 1),
        "confidence: found 1; expected less than 1",
    ),
    "nobody to find": (
        lambda: case_finding.at_capacity([1, 2], [0, 0], 1),
        "outcomes: found nobody with the outcome",
    ),
    "outcome of two": (
        lambda: case_finding.at_capacity([1, 2], [0, 2], 1),
        "outcomes: found 2 at position 1; expected True or False",
    ),
    "outcome missing": (
        lambda: case_finding.at_capacity([1, 2], [True, None], 1),
        "outcomes: found a missing value at position 1",
    ),
    "outcomes as text": (lambda: case_finding.at_capacity([1, 2], "01", 1), "outcomes: found '01'"),
    "fewer outcomes": (
        lambda: case_finding.at_capacity([1, 2], [1], 1),
        "outcomes: found 1 values; expected 2",
    ),
    "no places": (
        lambda: case_finding.at_capacity([1, 2], [1, 0], 0),
        "capacity: found 0 at position 0; expected 1 or more",
    ),
    "more places than people": (
        lambda: case_finding.at_capacity([1, 2], [1, 0], [1, 3]),
        "capacity: found 3 at position 1; expected 2 or less",
    ),
    "more chosen than people": (
        lambda: case_finding.regression_to_the_mean([1, 2], [1, 2], 3),
        "k: found 3; expected 2 or less",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_said(name):
    call, message = REFUSED[name]
    with pytest.raises(ValueError) as error:
        call()
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("file", "methods"),
    [
        (
            "public_health",
            "byars_count_ci crude_rate dsr_dobson dsr_nonindependent funnel_limits_proportion_wilson "
            "funnel_limits_ratio_poisson funnel_significance_proportion funnel_significance_rate "
            "funnel_significance_ratio is_rate is_ratio mean_t_ci proportion sii_rii_point wilson_ci",
        ),
        ("inter_rater", "cohen cohen_from_table fleiss krippendorff"),
        ("multimorbidity", "cambridge_score efi"),
    ],
)
def test_every_published_case_has_a_method_and_a_provenance(file, methods):
    cases = json.loads((ORACLES / f"{file}.json").read_text(encoding="utf-8"))["cases"]
    assert {case["method"] for case in cases} == set(methods.split())
    assert all(case["source"] and case["licence"] and case["kind"] for case in cases)
