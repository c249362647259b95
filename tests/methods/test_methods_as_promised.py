"""Every promised method is there, documented, sourced, and tried on strange input."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import clear_helpers.governance
import clear_helpers.methods
from clear_helpers.methods import change_point, funnel, standardisation

HERE = Path(__file__).parent
ORACLES = HERE.parent / "oracles"
PROMISED = [
    "spc.xmr",
    "rates.wilson_interval",
    "rates.byar_interval",
    "rates.proportion",
    "rates.mean",
    "rates.rate",
    "standardisation.direct",
    "standardisation.direct_nonindependent",
    "standardisation.indirect_ratio",
    "standardisation.indirect_rate",
    "inequality.slope_index",
    "funnel.proportion_limits",
    "funnel.ratio_limits",
    "funnel.overdispersion",
    "agreement.cohen",
    "agreement.cohen_from_table",
    "agreement.fleiss",
    "agreement.krippendorff",
    "multimorbidity.cambridge_score",
    "frailty.efi",
    "interrupted_time_series.fit",
    "difference_in_differences.fit",
    "queueing.erlang_b",
    "queueing.erlang_c",
    "queueing.mmc",
    "queueing.positions",
    "waiting_list.load",
    "waiting_list.queue_size",
    "waiting_list.target_capacity",
    "waiting_list.relief_capacity",
    "waiting_list.mean_wait",
    "waiting_list.pressure",
    "simulation.simulate_clinic",
    "simulation.confidence_intervals",
    "staffing.fte",
    "staffing.staff_mix",
    "economics.annual_cost",
    "economics.savings",
    "economics.net_present_value",
    "appraisal.score_options",
    "themes.theme_matrix",
    "crowd.rank_ideas",
    "engagement.stakeholder_grid",
]
GOVERNANCE = ["suppress_counts", "suppress_table", "is_valid_nhs_number", "find_identifiers",
              "score_expression_of_interest"]  # fmt: skip


def public() -> Iterator[tuple[str, Any]]:
    """Every public function of every method module, and of governance."""
    for module in pkgutil.iter_modules(clear_helpers.methods.__path__):
        if module.name.startswith("_"):
            continue
        found = importlib.import_module(f"clear_helpers.methods.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            if function.__module__ == found.__name__ and not name.startswith("_"):
                yield f"{module.name}.{name}", function
    for name in clear_helpers.governance.__all__:
        if inspect.isfunction(getattr(clear_helpers.governance, name)):
            yield name, getattr(clear_helpers.governance, name)


FUNCTIONS = dict(public())


@pytest.mark.parametrize("name", [*PROMISED, *GOVERNANCE])
def test_what_is_promised_is_there(name: str) -> None:
    assert name in FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_method_says_what_it_takes_gives_and_refuses(name: str) -> None:
    function = FUNCTIONS[name]
    written = inspect.getdoc(function) or ""
    assert "Parameters\n" in written, "says what it takes"
    assert re.search(r"^(Returns|Raises)\n", written, re.MULTILINE), "says what it gives or refuses"
    hints = inspect.signature(function)
    assert hints.return_annotation is not inspect.Signature.empty
    for parameter in hints.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name
    module = inspect.getmodule(function)
    assert "ource" in written + (inspect.getdoc(module) or ""), "names the source"


def tried() -> set[str]:
    """The methods that the strange-input tests name, through whatever alias."""
    places = [
        *HERE.glob("test_*strange*.py"),
        HERE / "test_activity.py",
        HERE / Path(__file__).name,
    ]
    names = set()
    for path in [*places, *(HERE.parent / "governance").glob("test_*.py")]:
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        aliases = {a.asname or a.name: a.name for node in imports for a in node.names}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                aliases |= {ast.unparse(target): node.value.id for target in node.targets}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                names.add(f"{aliases.get(node.value.id, node.value.id)}.{node.attr}")
            elif isinstance(node, ast.Name):
                names.add(aliases.get(node.id, node.id))
    return names


def test_every_method_is_tried_on_strange_input() -> None:
    assert sorted(set(FUNCTIONS) - tried()) == []


def test_every_oracle_case_names_its_source_licence_and_kind() -> None:
    total = 0
    for path in sorted(ORACLES.glob("*.json")):
        for case in cases(json.loads(path.read_text())):
            total += 1
            for part in ["id", "source", "licence", "kind"]:
                assert case.get(part), f"{path.name}: {case.get('id')} has no {part}"
    assert total >= 142


def cases(found: Any) -> Iterator[dict[str, Any]]:
    """Every case in a file, whatever lists it keeps them in."""
    if isinstance(found, dict) and "expected" in found:
        yield found
    elif isinstance(found, dict):
        for part in found.values():
            yield from cases(part)
    elif isinstance(found, list):
        for part in found:
            yield from cases(part)


STRANGE: dict[str, Any] = {
    "nothing": None,
    "text": "text",
    "empty": [],
    "one value": [1.0],
    "all equal": [2, 2, 2],
    "missing": [float("nan")] * 3,
    "infinite": [float("inf")] * 3,
    "negative": [-1, -2, -3],
    "words": ["a", "b"],
    "nought": 0,
    "below nought": -1.5,
    "a yes": True,
    "an object": object(),
    "a table without columns": pd.DataFrame(),
}


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_strange_input_gives_a_result_or_a_sentence(name: str, strange: str) -> None:
    """The same strange thing for every argument that must be given; never any other error."""
    needed = [
        p
        for p in inspect.signature(FUNCTIONS[name]).parameters.values()
        if p.default is p.empty and p.kind is not p.VAR_KEYWORD
    ]
    value = STRANGE[strange]
    by_place = [value for p in needed if p.kind is not p.KEYWORD_ONLY]
    by_name = {p.name: value for p in needed if p.kind is p.KEYWORD_ONLY}
    try:
        FUNCTIONS[name](*by_place, **by_name)
    except ValueError as error:
        assert len(str(error)) >= 15, "says what was found and what was expected"


def table(*strata: float) -> pd.DataFrame:
    return pd.DataFrame([strata])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: change_point.best_split([1.0] * 5), "at least 16"),
        (lambda: change_point.best_split([1.0, None] * 10), "position 1"),
        (lambda: funnel.rate_significance("many", 1.0), "count"),
        (lambda: funnel.rate_significance(-1, 1.0), "-1"),
        (lambda: standardisation.direct_many(table(1, -2), table(10, 10), [5, 5]), "-2"),
        (lambda: standardisation.direct_many(table(1, 2), table(10, 9), [5, 5, 5]), "3"),
        (lambda: standardisation.indirect_many([[1, 2]], [[10, 10]], [5], [50, 50]), "expected"),
        (lambda: standardisation.direct_nonindependent([{"one": 2}], [10], [10]), "one"),
    ],
)
def test_late_comers_refuse_strange_input_too(call: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        call()
