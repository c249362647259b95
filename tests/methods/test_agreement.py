"""Agreement between coders: published cases and what must hold for any codes."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clear_helpers.methods import agreement

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "inter_rater.json").read_text(encoding="utf-8")
)["cases"]
codes = st.lists(st.sampled_from(["access", "story", "time"]), min_size=2, max_size=30)


def of(method):
    return [case for case in CASES if case["method"] == method]


def close(case, name):
    return pytest.approx(case["expected"][name], abs=case["tolerance"]["abs"])


@pytest.mark.parametrize("case", of("cohen"), ids=lambda case: case["id"])
def test_published_codes(case):
    inputs = case["inputs"]
    a, b, weights = inputs["rater_a"], inputs["rater_b"], inputs["weights"]
    assert agreement.cohen(a, b, weights).kappa == close(case, "kappa")
    named = agreement.cohen(a, b, weights, categories=inputs["categories"])
    assert float(named) == close(case, "kappa")


@pytest.mark.parametrize("case", of("cohen_from_table"), ids=lambda case: case["id"])
def test_published_table(case):
    found = agreement.cohen_from_table(case["inputs"]["table"])
    assert found.kappa == close(case, "kappa")
    if "ci95" in case["expected"]:
        for name in ("ase", "ase_h0"):
            assert getattr(found, name) == close(case, name)
        tolerance = case["tolerance"]["abs"]
        assert [found.lower, found.upper] == pytest.approx(case["expected"]["ci95"], abs=tolerance)
        assert found.z == close(case, "z")


@pytest.mark.parametrize("case", of("fleiss"), ids=lambda case: case["id"])
def test_published_counts(case):
    assert agreement.fleiss(case["inputs"]["counts"]) == close(case, "kappa")


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_published_alpha(level):
    (case,) = of("krippendorff")
    ratings = case["inputs"]["ratings_by_coder"]
    found = agreement.krippendorff(ratings, level)
    assert found == close(case, level)
    assert found == pytest.approx(case["expected"]["full_precision"][level], abs=1e-6)
    assert agreement.krippendorff(pd.DataFrame(ratings), level) == pytest.approx(found)


def test_text_codes_have_no_order_of_their_own():
    (case,) = of("krippendorff")
    words = ["very low", "low", "mid", "high", "very high"]
    ratings = [
        [None if code is None else words[code - 1] for code in row]
        for row in case["inputs"]["ratings_by_coder"]
    ]
    assert agreement.krippendorff(ratings) == close(case, "nominal")
    ordinal = agreement.krippendorff(ratings, "ordinal", categories=words)
    assert ordinal == close(case, "ordinal")
    with pytest.raises(ValueError, match="categories: found none; expected the codes in order"):
        agreement.krippendorff(ratings, "ordinal")
    with pytest.raises(ValueError, match="categories: found none; expected the codes in order"):
        agreement.cohen(["low", "high"], ["low", "low"], "linear")
    near = agreement.cohen(["low", "mid"], ["low", "high"], "linear", categories=words[1:4])
    assert near.kappa == pytest.approx(1 / 2)


@given(codes, st.data())
@settings(max_examples=60, deadline=None)
def test_what_holds_for_any_two_coders(first, data):
    second = data.draw(st.lists(st.sampled_from(first), min_size=len(first), max_size=len(first)))
    assume(len(set(first)) > 1)
    same = agreement.cohen(first, first)
    assert (same.kappa, same.lower, same.upper) == pytest.approx((1, 1, 1))
    assert agreement.krippendorff([first, first]) == pytest.approx(1)
    found = agreement.cohen(first, second)
    assert -1 <= found.lower <= found.kappa <= found.upper <= 1
    wide = agreement.cohen(first, second, confidence=0.998)
    assert wide.lower <= found.lower
    assert wide.upper >= found.upper
    assert found.kappa == pytest.approx(
        (found.observed - found.expected) / (1 - found.expected), abs=1e-9
    )
    assert agreement.cohen(second, first).kappa == pytest.approx(found.kappa)
    order = data.draw(st.permutations(range(len(first))))
    shuffled = agreement.cohen([first[k] for k in order], [second[k] for k in order])
    assert shuffled.kappa == pytest.approx(found.kappa)
    names = sorted(set(first))
    counts = np.array(
        [[(a == name) + (b == name) for name in names] for a, b in zip(first, second, strict=True)]
    )
    if (counts.sum(axis=0) > 0).sum() > 1:
        assert -1 <= agreement.fleiss(counts) <= 1
        alpha = agreement.krippendorff([first, second])
        n = 2 * len(first)
        # With two coders and nothing missing the two differ by the small-sample correction.
        assert 1 - alpha == pytest.approx((1 - agreement.fleiss(counts)) * (n - 1) / n)


@given(codes, st.data())
@settings(max_examples=30, deadline=None)
def test_weights_of_two_codes_make_no_difference(first, data):
    yes_no = [code == "time" for code in first]
    other = data.draw(st.lists(st.booleans(), min_size=len(first), max_size=len(first)))
    assume(len({*yes_no, *other}) == 2)
    plain = agreement.cohen(yes_no, other)
    for weights in ("unweighted", "linear", "quadratic"):
        weighted = agreement.cohen(yes_no, other, weights)
        assert weighted.kappa == pytest.approx(plain.kappa, abs=1e-9)
        assert weighted.ase == pytest.approx(plain.ase, abs=1e-6)
