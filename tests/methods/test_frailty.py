"""The electronic frailty index: published categories and names."""

import json
from pathlib import Path

import pytest

from clear_helpers.methods import frailty

ORACLE = json.loads(
    (Path(__file__).parents[1] / "oracles" / "multimorbidity.json").read_text(encoding="utf-8")
)
CASES = [case for case in ORACLE["cases"] if case["method"] == "efi"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_index(case):
    count = case["inputs"]["n_deficits"]
    value, category = frailty.efi(count)
    assert value == pytest.approx(case["expected"]["efi"], abs=1e-12)
    assert category == case["expected"]["category"]
    assert frailty.efi(set(frailty.DEFICITS[:count])) == (value, category)


def test_published_names():
    assert list(frailty.DEFICITS) == ORACLE["weights"]["efi_deficits_36"]


def test_every_count_has_one_category_and_they_never_fall():
    words = [frailty.efi(count).category for count in range(37)]
    assert words == ["fit"] * 5 + ["mild"] * 4 + ["moderate"] * 4 + ["severe"] * 24


def test_a_repeated_name_counts_once():
    assert frailty.efi(["Falls", "Falls"]) == frailty.efi(1)
