"""Difference in differences: published answers, and what must hold of any."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clear_helpers.methods import difference_in_differences as did

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "oracles" / "evaluation.json").read_text(encoding="utf-8")
    )["cases"]
    if case["method"] == "difference_in_differences"
}
CARD = CASES["card_krueger_did_means"]["inputs"]
SHOPS = pd.DataFrame(
    {
        "fte": [*CARD["before"], *CARD["after"]],
        "new_jersey": CARD["group_nj"] * 2,
        "after": [0] * 410 + [1] * 410,
        "shop": [*range(410), *range(410)],
    }
)


def long(before, after, treated):
    units = np.arange(len(before))
    return pd.DataFrame(
        {
            "y": [*before, *after],
            "treated": [*treated] * 2,
            "after": [False] * len(units) + [True] * len(units),
            "unit": [*units, *units],
        }
    )


PANELS = st.integers(2, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(-100, 100), min_size=2 * n, max_size=2 * n),
        st.lists(st.floats(-100, 100), min_size=2 * n, max_size=2 * n),
    )
)


def test_every_published_case_is_tested_here():
    assert set(CASES) == {
        "card_krueger_did_means",
        "card_krueger_balanced_change",
        "wooldridge_kielmc_did",
    }


def test_published_means_of_the_minimum_wage_study():
    case = CASES["card_krueger_did_means"]
    found = did.fit(SHOPS, "fte", "new_jersey", "after")
    expected, tolerance = case["expected"], case["tolerance"]["abs"]
    for side in ("control", "treated"):
        for when in ("before", "after"):
            cell = found.means.at[side, when]
            assert cell == pytest.approx(expected[f"{side}_{when}"], abs=tolerance)
    assert found.estimate == pytest.approx(expected["did"], abs=tolerance)
    # The paper printed 2.76; its own released data give 2.7536.
    assert found.estimate == pytest.approx(expected["did_published_rounded"], abs=0.01)
    assert found.warnings == [
        "26 of 820 rows have no fte (first at position "
        f"{int(SHOPS['fte'].isna().to_numpy().argmax())}): left out."
    ]


def test_published_change_of_the_shops_seen_twice():
    case = CASES["card_krueger_balanced_change"]
    found = did.fit_changes(CARD["before"], CARD["after"], CARD["group_nj"])
    expected, tolerance = case["expected"], case["tolerance"]["abs"]
    assert found.control_change == pytest.approx(expected["control_change"], abs=tolerance)
    assert found.treated_change == pytest.approx(expected["treated_change"], abs=tolerance)
    assert found.estimate == pytest.approx(expected["did"], abs=tolerance)
    assert found.se == pytest.approx(expected["se_unequal"], abs=tolerance)
    assert (found.n_control, found.n_treated) == (expected["n_control"], expected["n_treated"])


def test_published_house_prices_near_an_incinerator():
    case = CASES["wooldridge_kielmc_did"]
    inputs, expected = case["inputs"], case["expected"]
    found = did.fit(pd.DataFrame(inputs), "rprice", "nearinc", "y81")
    rel = case["tolerance"]["rel"]
    names = {"y81": "after", "nearinc": "treated", "y81_nearinc": "treated_after"}
    for column in ("coef", "se"):
        for name, value in expected[column].items():
            assert found.terms.at[names.get(name, name), column] == pytest.approx(value, rel=rel)
    assert found.r_squared == pytest.approx(expected["r2"], rel=rel)
    assert found.n == expected["nobs"]


@given(PANELS)
@settings(max_examples=40, deadline=None)
def test_on_a_balanced_panel_it_is_the_difference_of_mean_changes(panel):
    before, after = map(np.array, panel)
    treated = np.arange(before.size) % 2 == 0
    changes = after - before
    expected = changes[treated].mean() - changes[~treated].mean()
    table = long(before, after, treated)
    found = did.fit(table, "y", "treated", "after")
    assert found.estimate == pytest.approx(expected, abs=1e-8)
    assert did.fit_changes(before, after, treated).estimate == pytest.approx(expected, abs=1e-8)
    assert found.treated_change - found.control_change == pytest.approx(expected, abs=1e-8)
    assert did.placebo_test(before, after, treated).estimate == pytest.approx(expected, abs=1e-8)
    shuffled = did.fit(table.sample(frac=1, random_state=1), "y", "treated", "after", "unit")
    assert shuffled.estimate == pytest.approx(expected, abs=1e-8)


@given(PANELS, st.floats(-50, 50), st.floats(0.1, 10))
@settings(max_examples=30, deadline=None)
def test_shifting_and_scaling(panel, shift, scale):
    before, after = map(np.array, panel)
    treated = np.arange(before.size) < before.size // 2
    one = did.fit_changes(before, after, treated)
    shifted = did.fit_changes(before + shift, after + shift, treated)
    scaled = did.fit_changes(before * scale, after * scale, treated)
    assert shifted.estimate == pytest.approx(one.estimate, abs=1e-8)
    assert scaled.estimate == pytest.approx(one.estimate * scale, abs=1e-8)
    assert scaled.se == pytest.approx(one.se * scale, abs=1e-8, rel=1e-6)


def test_clustered_errors_are_statsmodels_own():
    import statsmodels.api as sm

    known = SHOPS.dropna()
    found = did.fit(SHOPS, "fte", "new_jersey", "after", cluster="shop")
    design = np.column_stack(
        [
            np.ones(len(known)),
            known["after"],
            known["new_jersey"],
            known["after"] * known["new_jersey"],
        ]
    )
    peer = sm.OLS(known["fte"].to_numpy(), design).fit(
        cov_type="cluster", cov_kwds={"groups": known["shop"].to_numpy()}, use_t=True
    )
    np.testing.assert_allclose(found.terms["se"], peer.bse, rtol=1e-10)
    np.testing.assert_allclose(found.terms[["lower", "upper"]], peer.conf_int(), rtol=1e-8)
    np.testing.assert_allclose(found.terms["p_value"], peer.pvalues, rtol=1e-6)
    assert found.n_clusters == known["shop"].nunique()
    assert found.warnings[1:] == []


def test_few_clusters_are_doubted():
    table = long([1, 2, 3, 5], [2, 2, 9, 9], [0, 0, 0, 1])
    notes = did.fit(table, "y", "treated", "after", cluster="unit").warnings
    assert "Only 4 clusters" in notes[0]
    assert "single cluster" in notes[1]


def test_planted_changes_fall_within_the_interval_as_often_as_stated():
    generator = np.random.default_rng(5)
    treated = np.arange(40) < 20
    held = {"clustered": 0, "changes": 0}
    for _ in range(200):
        level = generator.normal(50, 10, 40)
        before = level + generator.normal(0, 3, 40)
        after = level + 5 - 2 * treated + generator.normal(0, 3, 40)
        table = long(before, after, treated)
        for name, found in (
            ("clustered", did.fit(table, "y", "treated", "after", "unit")),
            ("changes", did.fit_changes(before, after, treated)),
        ):
            held[name] += found.lower <= -2 <= found.upper
    assert all(0.90 <= count / 200 <= 0.99 for count in held.values())


def test_ratio_of_ratios_is_the_ratio_of_the_cells():
    table = long([100, 120, 90, 80], [70, 90, 80, 70], [1, 1, 0, 0])
    table["people"] = [1000, 1100, 900, 800] * 2
    found = did.fit_ratio(table, "y", "treated", "after", exposure="people")
    assert found.treated_change == pytest.approx(160 / 220 - 1)
    assert found.control_change == pytest.approx(150 / 170 - 1)
    assert found.estimate == pytest.approx((160 / 220) / (150 / 170))
    assert found.lower < found.estimate < found.upper
    assert found.rates.at["treated", "before"] == pytest.approx(220 / 2100)
    four = did.fit_ratio(
        long([220, 170], [160, 150], [1, 0]), "y", "treated", "after", confidence=0.9
    )
    assert four.se == pytest.approx(math.sqrt(1 / 220 + 1 / 160 + 1 / 170 + 1 / 150), rel=1e-5)
    assert "plain Poisson" in four.warnings[0]
    clustered = did.fit_ratio(table, "y", "treated", "after", "unit", exposure="people")
    assert clustered.estimate == pytest.approx(found.estimate)
    assert clustered.n_clusters == 4


def test_exposure_is_matched_to_the_rows_with_a_count():
    table = long([10, 20, 30], [10, 40, 30], [1, 0, 0])
    table["people"] = [1, 2, 3] * 2
    gone = pd.concat([pd.DataFrame([{**table.iloc[0], "y": None, "people": None}]), table])
    one = did.fit_ratio(table, "y", "treated", "after", exposure="people")
    other = did.fit_ratio(gone, "y", "treated", "after", exposure="people")
    assert other.estimate == pytest.approx(one.estimate)
    assert "1 of 7 rows have no y" in other.warnings[0]


@given(st.lists(st.integers(-20, 20), min_size=3, max_size=8), st.data())
@settings(max_examples=40, deadline=None)
def test_placebo_p_values(changes, data):
    size = len(changes)
    ours = data.draw(st.integers(1, size - 1))
    treated = [position < ours for position in range(size)]
    zero = [0] * size
    result = did.placebo_test(zero, changes, treated)
    assert result.exact
    assert len(result.placebo) == math.comb(size, ours)
    assert result.smallest_p <= result.p_value <= 1
    assert result.placebo.mean() == pytest.approx(0, abs=1e-9)
    flipped = did.placebo_test(zero, [-change for change in changes], treated, alternative="less")
    assert flipped.p_value == result.p_value
    two = did.placebo_test(zero, changes, treated, alternative="two-sided")
    same_side = (
        result
        if result.estimate >= 0
        else did.placebo_test(zero, changes, treated, alternative="less")
    )
    assert two.p_value >= same_side.p_value


def test_placebo_samples_when_there_are_too_many_choices():
    generator = np.random.default_rng(1)
    before, after = np.zeros(30), generator.normal(0, 1, 30)
    after[:15] += 3
    result = did.placebo_test(before, after, np.arange(30) < 15, draws=999)
    assert not result.exact
    assert result.p_value == pytest.approx(1 / 1000)


def test_ranks_share_the_better_place_and_follow_names():
    table = did.rank_change({"a": 1, "b": 2, "c": 2}, pd.Series({"c": 5, "b": 4, "a": 9}))
    assert table["rank_before"].to_dict() == {"a": 3, "b": 1, "c": 1}
    assert table["rank_after"].to_dict() == {"a": 1, "b": 3, "c": 2}
    assert table["change"].to_dict() == {"a": 8, "b": 2, "c": 3}
    with pytest.raises(ValueError, match="'b' is at one time only"):
        did.rank_change({"a": 1, "b": 2}, {"a": 1})


def test_chances_of_a_rank():
    assert did.chance_of_rank([1, 1], 0, 1.0) == pytest.approx(0.5, abs=0.005)
    assert did.chance_of_rank([9, 1, 1], 0, 0.01) == 1
    assert did.chance_of_rank([9, 1, 1], 1, 0.01, rank=2) == pytest.approx(0.5, abs=0.005)


@given(st.floats(0.1, 0.9), st.floats(0.02, 0.09), st.floats(1, 50), st.floats(0, 0.2))
@settings(max_examples=30, deadline=None)
def test_sample_size_grows_with_power_and_clustering(before, fall, size, alike):
    after = before - fall
    plain = did.people_per_arm(before, after)
    assert did.people_per_arm(before, after, power=0.9) > plain
    clustered = did.people_per_arm(before, after, cluster_size=size, intracluster_correlation=alike)
    assert clustered == pytest.approx(plain * (1 + (size - 1) * alike), abs=1 + size * alike)
    assert did.people_per_arm(after, before) == pytest.approx(plain, rel=0.2)
