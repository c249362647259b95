"""Every planted truth is found by the taught method, and only while it is switched on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from clear_helpers.methods import change_point, funnel, seasonality, spc
from clear_helpers.pcn import PCN, synthesise_pcn
from clear_helpers.pcn.synthesis import SWITCHES

WEEKS = pd.date_range("2019-04-01", periods=156, freq="7D")
REBASE = 78
PROOF_SEEDS = range(4_000, 4_020)
FEW_SEEDS = (7, 2021, 31_337)
PATH = Path(__file__).parents[2] / "datasets" / "planted_truths.yml"
TRUTHS = {truth["switch"]: truth for truth in yaml.safe_load(PATH.read_text("utf-8"))["truths"]}


def weekly(dates: pd.Series) -> pd.Series:
    week = (dates - WEEKS[0]) // pd.Timedelta(days=7)
    counts = week.value_counts().reindex(range(156), fill_value=0).sort_index()
    return counts.astype("float64").set_axis(WEEKS)


def finds_home_visit_step(pcn: PCN) -> bool:
    truth = TRUTHS["home_visit_step"]
    step = change_point.single_shift(weekly(pcn.home_visit_request["requested_at"])[REBASE:])
    if step is None:
        return False
    week = REBASE + step.position + 1
    return (
        abs(week - truth["values"]["week"]) <= truth["tolerance"]["week"]
        and abs(step.change - truth["values"]["rise"]) <= truth["tolerance"]["rise"]
    )


def home_visit_trap_misleads(pcn: PCN) -> bool:
    truth = TRUTHS["home_visit_step"]
    requests = weekly(pcn.home_visit_request["requested_at"])
    causes = spc.xmr(requests, improvement="decrease").points["special_cause"]
    first_signal = causes.notna().to_numpy().argmax() + 1
    # 52 weeks a year, from the first week of April.
    year_on_year = requests[104:].sum() / requests[52:104].sum() - 1
    return (
        abs(first_signal - truth["values"]["week"]) > truth["tolerance"]["week"]
        and abs(year_on_year - truth["values"]["rise"]) > truth["tolerance"]["rise"]
    )


def finds_steady_admissions(pcn: PCN) -> bool:
    spells = pcn.spell
    admissions = weekly(spells.loc[spells["emergency"], "admitted_on"])[REBASE:]
    level = seasonality.deseasonalise(admissions)
    outside = spc.xmr(level, improvement="neutral").points["special_cause"].eq("outside").mean()
    within = outside <= TRUTHS["steady_admissions"]["tolerance"]["outside"]
    return bool(within and change_point.single_shift(level) is None)


def admissions_trap_misleads(pcn: PCN) -> bool:
    spells = pcn.spell
    admissions = weekly(spells.loc[spells["emergency"], "admitted_on"])[REBASE:]
    stories = (admissions.pct_change().abs() >= 0.1).mean()
    return bool(stories > TRUTHS["steady_admissions"]["tolerance"]["outside"])


def larkmoor_years(pcn: PCN) -> list[pd.DataFrame]:
    indicator = pcn.practice_indicator.set_index("practice_id")
    ours = indicator[indicator.index.str.startswith("P")]
    limits = funnel.ratio_limits(ours["expected"])
    ratio = ours["observed"] / ours["expected"]
    outside = (ratio > limits["upper998"]) | (ratio < limits["lower998"])
    ours = ours.assign(ratio=ratio, outside=outside)
    return [year for _, year in ours.groupby("period_start")]


def finds_outlier(pcn: PCN) -> bool:
    """In every one of the three financial years."""
    truth = TRUTHS["practice_outlier"]
    return all(
        list(year.index[year["outside"]]) == truth["values"]["outside"]
        and abs(year.loc["P5", "ratio"] - truth["values"]["ratio"]) <= truth["tolerance"]["ratio"]
        for year in larkmoor_years(pcn)
    )


def league_table_misleads(pcn: PCN) -> bool:
    latest = larkmoor_years(pcn)[-1]
    size = pcn.practice.set_index("practice_id")["list_size"].loc[latest.index]
    crude = latest["observed"] / size
    named = list(crude.index[crude > latest["observed"].sum() / size.sum()])
    return named != TRUTHS["practice_outlier"]["values"]["outside"]


CHECKS: dict[str, tuple[Callable[[PCN], bool], Callable[[PCN], bool]]] = {
    "home_visit_step": (finds_home_visit_step, home_visit_trap_misleads),
    "steady_admissions": (finds_steady_admissions, admissions_trap_misleads),
    "practice_outlier": (finds_outlier, league_table_misleads),
}


def test_every_truth_has_a_switch_and_a_proof() -> None:
    assert set(TRUTHS) == set(CHECKS)
    assert set(TRUTHS) <= set(SWITCHES)
    for truth in TRUTHS.values():
        for name in truth["method"].split(", "):
            module, function = name.split(".")
            methods = {
                "change_point": change_point,
                "funnel": funnel,
                "seasonality": seasonality,
                "spc": spc,
            }
            assert callable(getattr(methods[module], function))


@pytest.mark.parametrize("switch", CHECKS)
def test_truth_on_a_few_seeds(switch: str) -> None:
    finds, misleads = CHECKS[switch]
    for seed in FEW_SEEDS:
        on = synthesise_pcn(seed=seed)
        assert finds(on), f"{switch}: not found on seed {seed}"
        assert misleads(on), f"{switch}: the trap gives the right answer on seed {seed}"
        assert not finds(synthesise_pcn(seed=seed, without=[switch])), f"found when off: {seed}"


@pytest.mark.proof
@pytest.mark.parametrize("switch", CHECKS)
def test_truth_on_twenty_seeds(switch: str) -> None:
    finds, misleads = CHECKS[switch]
    found, misled, found_when_off = [], [], []
    for seed in PROOF_SEEDS:
        on = synthesise_pcn(seed=seed)
        found.append(finds(on))
        misled.append(misleads(on))
        found_when_off.append(finds(synthesise_pcn(seed=seed, without=[switch])))
    assert sum(found) >= 19
    assert sum(misled) >= 19
    assert sum(found_when_off) <= 1


def test_step_is_all_in_one_practice() -> None:
    requests = synthesise_pcn().home_visit_request
    week = (requests["requested_at"] - WEEKS[0]) // pd.Timedelta(days=7)
    after = week >= 120
    level = week.between(78, 119) | after
    counts = requests[level].groupby(["practice_id", after[level]]).size().unstack()
    rise = counts[True] / 36 / (counts[False] / 42)
    assert 2.0 < rise["P5"] < 2.8
    assert rise.drop("P5").between(0.75, 1.25).all()
    others = counts.drop("P5").sum()
    assert 0.92 < others[True] / 36 / (others[False] / 42) < 1.08


def test_no_step_in_another_region() -> None:
    for region in ("London", "South West"):
        requests = synthesise_pcn(region=region).home_visit_request
        assert change_point.single_shift(weekly(requests["requested_at"])[REBASE:]) is None


def test_shock_can_be_switched_off() -> None:
    def dip(pcn: PCN) -> float:
        requests = weekly(pcn.home_visit_request["requested_at"])
        return float(requests[50:78].mean() / requests[:50].mean())

    assert dip(synthesise_pcn()) < 0.75
    assert dip(synthesise_pcn(without=["shock"])) > 0.93


def test_truth_ids_stay_out_of_what_associates_see() -> None:
    root = PATH.parents[1]
    ids = {truth["id"] for truth in TRUTHS.values()}
    for path in (root / "clear_helpers").rglob("*.py"):
        assert not [i for i in ids if i in path.read_text("utf-8")], path
