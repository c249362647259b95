"""Small-number suppression: published rules, boundaries, and the week-3 policy."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clear_helpers.governance import DisclosurePolicy, suppress_counts, suppress_table

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles" / "disclosure.json").read_text(encoding="utf-8")
)["cases"]
STYLE = {
    "hes_star_rule": "hes",
    "hes_boundaries": "hes",
    "opensafely_sdc": "opensafely",
    "opensafely_midpoint6": "midpoint6",
}
counts = st.lists(st.integers(0, 10_000), max_size=30)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["id"] in STYLE], ids=lambda case: case["id"]
)
def test_published_case(case):
    found = suppress_counts(case["inputs"]["counts"], STYLE[case["id"]])
    assert found.tolist() == case["expected"]["out"]


def test_central_value_keeps_numbers():
    assert suppress_counts([0, 1, 7, 8, 12, 13], "hes-central").tolist() == [0, 5, 5, 10, 10, 15]


def test_g03_small_table():
    rows = {"P1": [3, 42, 118], "P2": [12, 37, 96], "P3": [9, 51, 143], "P4": [21, 44, 88]}
    found = {name: suppress_counts(row).tolist() for name, row in rows.items()}
    assert found == {
        "P1": ["*", "40", "120"],
        "P2": ["10", "35", "95"],
        "P3": ["10", "50", "145"],
        "P4": ["20", "45", "90"],
    }
    assert suppress_counts([163, 145, 203, 153]).tolist() == ["165", "145", "205", "155"]


@given(counts)
def test_nothing_small_is_shown_and_nothing_moves_far(values):
    shown = suppress_counts(values)
    for value, text in zip(values, shown, strict=True):
        if 0 < value < 8:
            assert text == "*"
        else:
            assert int(text) % 5 == 0
            assert abs(int(text) - value) <= 2
    assert not set(suppress_counts(values, "opensafely")) & set(range(1, 10))
    middle = suppress_counts(values, "midpoint6")
    assert all(abs(m - v) <= 3 for m, v in zip(middle, values, strict=True))


def test_index_and_name_are_kept():
    given_counts = pd.Series([3, 20], index=["P1", "P2"], name="visits", dtype="Int32")
    for style in ("hes", "hes-central", "opensafely", "midpoint6"):
        found = suppress_counts(given_counts, style)
        assert list(found.index) == ["P1", "P2"]
        assert found.name == "visits"


def test_other_thresholds_and_rounding():
    assert suppress_counts([4, 5, 9], threshold=5, round_to=1).tolist() == ["*", "5", "9"]
    assert suppress_counts([15, 25], round_to=10).tolist() == ["20", "30"]  # halves go up


@pytest.mark.parametrize(
    "strange", [None, np.nan, pd.NA, -1, 2.5, "3", True, np.inf, pd.Timestamp("2021-01-01"), [1]]
)
def test_what_is_not_a_count_is_named_with_its_position(strange):
    with pytest.raises(ValueError, match="at position 1; expected a whole number"):
        suppress_counts([4, strange, 9])


@pytest.mark.parametrize(
    "strange", ["12", 5, None, {"a": 1}, pd.DataFrame({"a": [1]}), np.ones((2, 2))]
)
def test_what_is_not_a_sequence_is_refused(strange):
    with pytest.raises(ValueError, match="counts: found"):
        suppress_counts(strange)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"style": "stars"}, "style: found 'stars'"),
        ({"threshold": 1}, "threshold: found 1"),
        ({"threshold": 7.5}, "threshold: found 7.5"),
        ({"round_to": 0}, "round_to: found 0"),
        ({"round_to": True}, "round_to: found True"),
        ({"style": "midpoint6", "threshold": 5}, "fixed threshold"),
    ],
)
def test_options_out_of_range_are_named(options, message):
    with pytest.raises(ValueError) as error:
        suppress_counts([1], **options)
    assert message in str(error.value)
    with pytest.raises(ValueError):
        DisclosurePolicy(**options)


def test_policy_from_the_week_3_artefact():
    artefact = {
        "week": 3,
        "artefact": "disclosure_policy",
        "style": "hes",
        "threshold": 8,
        "round_to": 5,
        "statement": "Counts below 8 are hidden.",
    }
    policy = DisclosurePolicy.from_artefact(artefact)
    assert policy.statement == "Counts below 8 are hidden."
    assert policy.apply([0, 7, 8]).tolist() == ["0", "*", "10"]


def test_policy_writes_its_own_statement():
    assert DisclosurePolicy().statement == (
        "Counts from 1 to 7 are hidden (*); other counts are rounded to the nearest 5."
    )
    assert "shown as 0" in DisclosurePolicy("opensafely").statement
    assert "bands of six" in DisclosurePolicy("midpoint6").statement
    assert "rounded" not in DisclosurePolicy(threshold=5, round_to=1).statement


@pytest.mark.parametrize("artefact", [{}, {"threshold": 8}, None, "hes", {"style": "none"}])
def test_an_artefact_without_a_known_style_is_refused(artefact):
    with pytest.raises(ValueError, match=r"style"):
        DisclosurePolicy.from_artefact(artefact)


def can_differ(exact, hidden, cell, totals):
    """Whether a reader who knows the totals and the shown counts is left unsure of a cell."""
    from scipy.optimize import linprog

    cells = list(zip(*np.nonzero(hidden), strict=True))
    lines = []
    for axis, known_by in ((0, "rows"), (1, "columns")):
        # A "total" of one cell is no total: nobody publishes it beside the cell.
        if totals in ("both", known_by) and (totals != "both" or exact.shape[1 - axis] > 1):
            lines += [[place[axis] == line for place in cells] for line in range(exact.shape[axis])]
    known = np.array(lines, dtype=float).reshape(len(lines), len(cells))
    truth = np.array([exact[place] for place in cells], dtype=float)
    one = np.array([place == cell for place in cells], dtype=float)
    options = {"bounds": (1, None)}
    if lines:
        options |= {"A_eq": known, "b_eq": known @ truth}
    ends = [linprog(sign * one, **options) for sign in (1, -1)]
    assert ends[0].status == 0
    return ends[1].status == 3 or -ends[1].fun - ends[0].fun > 0.5


def found_by_subtraction(exact, hidden):
    """Hidden cells that are what some row totals less some column totals leave over."""
    height, width = exact.shape
    leaks = set()
    for rows in itertools.product([0, 1], repeat=height):
        for columns in itertools.product([0, 1], repeat=width):
            # Each cell counts once for its row and once less for its column.
            weights = np.subtract.outer(np.array(rows), np.array(columns)) * hidden
            if np.count_nonzero(weights) == 1:
                leaks.add(tuple(np.argwhere(weights)[0]))
    return leaks


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 9), st.integers(0, 60)), min_size=width, max_size=width),
        min_size=1,
        max_size=5,
    )
)


def released_or_withheld(exact, totals="both"):
    """Which cells are hidden; None when the table is to be withheld."""
    table = pd.DataFrame(exact, columns=list("abcd")[: exact.shape[1]])
    try:
        released = suppress_table(table, list(table.columns), totals=totals)
    except ValueError as error:
        assert "withhold" in str(error)
        return None
    return (released == "*").to_numpy()


@given(tables, st.sampled_from(["both", "rows", "columns"]))
@settings(max_examples=80, deadline=None)
def test_no_hidden_cell_can_be_worked_out_from_totals(rows, totals):
    exact = np.array(rows)
    hidden = released_or_withheld(exact, totals)
    assume(hidden is not None)
    small = (exact > 0) & (exact < 8)
    assert not hidden[exact == 0].any()
    assert hidden[small].all()
    if not small.any():
        assert not hidden.any()
    for cell in zip(*np.nonzero(hidden), strict=True):
        assert can_differ(exact, hidden, cell, totals)
    if totals == "both" and 1 not in exact.shape:
        assert found_by_subtraction(exact, hidden) == set()


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=3))
@settings(max_examples=6, deadline=None)
def test_no_hidden_cell_leaks_from_any_choice_of_rows_and_columns(rows):
    exact = np.array(rows)
    some = [list(c) for size in (1, 2, 3) for c in itertools.combinations(range(3), size)]
    for height, width in itertools.product(some, some):
        part = exact[np.ix_(height, width)]
        hidden = released_or_withheld(part)
        if hidden is None:
            continue
        for cell in zip(*np.nonzero(hidden), strict=True):
            assert can_differ(part, hidden, cell, "both")
        if 1 not in part.shape:
            assert found_by_subtraction(part, hidden) == set()


def test_the_attacks_succeed_on_primary_suppression_alone():
    exact = np.array([[3, 42, 118], [12, 37, 96], [9, 51, 143], [21, 44, 88]])  # G03
    hidden = exact < 8
    assert not can_differ(exact, hidden, (0, 0), "both")
    assert found_by_subtraction(exact, hidden) == {(0, 0)}


def test_one_column_or_one_row_has_totals_one_way_only():
    assert suppress_table(pd.DataFrame({"n": [3, 20, 40]}), ["n"])["n"].tolist() == ["*", "*", "40"]
    one_row = suppress_table(pd.DataFrame({"a": [3], "b": [20], "c": [40]}), ["a", "b", "c"])
    assert one_row.iloc[0].tolist() == ["*", "*", "40"]
    assert suppress_table(pd.DataFrame({"n": [3]}), ["n"])["n"].tolist() == ["*"]
    assert suppress_table(pd.DataFrame({"n": []}, dtype=int), ["n"]).empty
    with pytest.raises(ValueError, match="withhold"):
        suppress_table(pd.DataFrame({"n": [3]}), ["n"], totals="rows")


def test_secondary_suppression_of_the_worked_table():
    table = pd.DataFrame(
        [[3, 42, 118], [12, 37, 96], [9, 51, 143], [21, 44, 88]],
        index=["P1", "P2", "P3", "P4"],
        columns=["visits", "calls", "letters"],
    )
    released = suppress_table(table, ["visits", "calls", "letters"])
    assert released.loc["P1"].tolist() == ["*", "*", "120"]
    assert (released == "*").to_numpy().sum() == 4
    assert table.loc["P1", "visits"] == 3  # the table given is left alone
    columns_only = suppress_table(table, ["visits", "calls", "letters"], totals="columns")
    assert columns_only["visits"].tolist() == ["*", "10", "*", "20"]
    assert not (columns_only[["calls", "letters"]] == "*").to_numpy().any()


def test_a_count_that_cannot_be_protected_is_refused():
    with pytest.raises(ValueError, match=r"row 1, count column 0 .* withhold"):
        suppress_table(pd.DataFrame({"a": [0, 3], "b": [0, 0]}), ["a", "b"])
    with pytest.raises(ValueError, match=r"row 0, count column 1 .* withhold"):
        suppress_table(pd.DataFrame({"a": [0], "b": [3]}), ["a", "b"], totals="rows")


def test_rates_are_made_from_released_counts():
    table = pd.DataFrame(
        {
            "practice": ["P1", "P2", "P3"],
            "reached": [3, 22, 40],
            "eligible": [100, 52, 0],
            "uptake": [0.03, 22 / 52, None],
        }
    )
    released = suppress_table(
        table, ["reached", "eligible"], {"uptake": ("reached", "eligible")}, totals="columns"
    )
    assert released["practice"].tolist() == ["P1", "P2", "P3"]
    assert released["reached"].tolist() == ["*", "*", "40"]
    assert released["uptake"].isna().all()
    central = suppress_table(
        table, ["reached", "eligible"], {"uptake": ("reached", "eligible")}, style="hes-central"
    )
    assert central["uptake"].tolist()[:2] == [0.05, 20 / 50]
    assert central["uptake"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"counts": "a"}, "counts: found 'a'"),
        ({"counts": []}, "counts: found []"),
        ({"counts": ["x"]}, "no column 'x'"),
        ({"counts": ["a"], "totals": "all"}, "totals: found 'all'"),
        ({"counts": ["a"], "rates": {"r": ("a", "b")}}, "column 'b' must be one of the counts"),
        ({"counts": ["c"]}, "column 'c': counts: found -1"),
        ({"counts": ["a"], "style": "stars"}, "style: found 'stars'"),
    ],
)
def test_table_options_out_of_range_are_named(options, message):
    table = pd.DataFrame({"a": [1, 20], "b": [30, 40], "c": [9, -1]})
    with pytest.raises(ValueError) as error:
        suppress_table(table, **options)
    assert message in str(error.value)
