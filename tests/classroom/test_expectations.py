"""One comparison for questions and tests: what passes, what fails, and what is said."""

import datetime
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clear_helpers.classroom import (
    MONEY,
    RATE,
    AnswerError,
    UnsupportedTypeError,
    expect,
    plain_copy,
)


class SaysYes:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


class SaysYesFloat(float):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def said(answer, expected, **how) -> str:
    with pytest.raises(AnswerError) as caught:
        expect(answer, expected, **how)
    return str(caught.value)


@pytest.mark.parametrize(
    ("answer", "expected", "how"),
    [
        (3, 3, {}),
        (3.0, 3, {}),
        (np.int64(3), 3, {}),
        (np.float64(0.5), 0.5, {}),
        (0.1 + 0.2, 0.3, {}),
        (1.001, 1.0, {"tolerance": RATE}),
        (101, 100.0, {"tolerance": MONEY}),
        (math.nan, math.nan, {}),
        (-0.0, 0.0, {}),
        (math.inf, math.inf, {"tolerance": RATE}),
        (np.True_, True, {}),
        ("Attended", "Attended", {}),
        (None, None, {}),
        ((1, 2.0), [1, 2.0], {}),
        (pd.Series([1, 2]), [1, 2], {}),
        (np.array([1, 2]), [1, 2], {}),
        ({"b": 2, "a": 1}, {"a": 1, "b": 2}, {}),
        ({1, 2}, {2, 1}, {}),
        (datetime.date(2021, 7, 19), pd.Timestamp("2021-07-19"), {}),
        (pd.Series([1.0, None]), pd.Series([1.0, math.nan]), {}),
        (pd.Series(["a", None]), pd.Series(["a", None]), {}),
        (
            pd.DataFrame({"extra": [1], "rate": [0.3004]}),
            pd.DataFrame({"rate": [0.3]}),
            {"tolerance": {"rate": RATE}},
        ),
    ],
)
def test_an_equal_answer_passes(answer, expected, how):
    expect(answer, expected, **how)


@pytest.mark.parametrize(
    ("answer", "expected", "how", "words"),
    [
        (4, 3, {}, "found 4, expected 3"),
        (1.0011, 1.0, {"tolerance": RATE}, "found 1.0011"),
        (102, 100, {"tolerance": MONEY}, "found 102"),
        (0.0, math.nan, {}, "found 0"),
        (math.nan, 0.0, {}, "found nan"),
        (-math.inf, math.inf, {"tolerance": RATE}, "found -inf"),
        (True, 1, {}, "found yes or no (bool)"),
        ("3", 3, {}, "text (str); expected a whole number (int)"),
        (3, "3", {}, "a whole number (int); expected text (str)"),
        ([1, 2], [1, 2, 3], {}, "found 2 values; expected 3"),
        ([1, 9], [1, 2], {}, "position 2: found 9, expected 2"),
        ({"a": 1}, {"a": 1, "b": 2}, {}, "no key “b”"),
        ({"a": 1, "b": 2}, {"a": 1}, {}, "not asked for: “b”"),
        ({"a": 1.5}, {"a": 1.0}, {"tolerance": {"a": 0.1}}, "Key “a”: found 1.5"),
        ([1, 2], pd.Series([1, 2]), {}, "a list (list); expected a column"),
        (pd.Series([1, 2]), pd.Series([1, 2], index=[5, 6]), {}, "labelled differently"),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), {}, "no column “b”"),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 3]}), {}, "row 2: found 2"),
        (len, 3, {}, "call it, with brackets"),
    ],
)
def test_a_different_answer_says_what_and_where(answer, expected, how, words):
    assert words.casefold() in said(answer, expected, **how).casefold()


@pytest.mark.parametrize("answer", [None, ...])
def test_an_untouched_answer_is_not_called_wrong(answer):
    assert "no answer here yet" in said(answer, 3)
    assert said(answer, 3, untouched="Fill in T1.") == "Fill in T1."
    anything = [(lambda a: True, "a predicate does not fit an untouched answer")]
    assert "no answer here yet" in said(answer, 3, misunderstandings=anything)


def test_none_may_be_a_misunderstanding_of_its_own():
    how = {"misunderstandings": [(3, "x"), (None, "No step was seen")]}
    assert said(None, 100, **how) == "No step was seen"
    assert "no answer here yet" in said(..., 100, **how)


@pytest.mark.parametrize(
    "answer",
    [
        SaysYes(),
        SaysYesFloat(1.0),
        [SaysYes()],
        {"a": SaysYes()},
        pd.Series([SaysYes()]),
        pd.DataFrame({"a": [SaysYes()]}),
        pd.Series([1], index=[SaysYes()]),
    ],
)
def test_an_object_that_always_says_equal_gains_nothing(answer):
    expected = pd.DataFrame({"a": [1]}) if isinstance(answer, pd.DataFrame) else 1.0
    assert "expected" in said(answer, expected)
    with pytest.raises(UnsupportedTypeError):
        plain_copy(answer)


def test_a_misunderstanding_is_named_before_anything_else():
    how = {"misunderstandings": [(0.625, "mean of rates"), (lambda x: x > 1, "upside down")]}
    assert said(0.6250001, 0.667, tolerance=RATE, **how) == "mean of rates"
    assert said(1.5, 0.667, **how) == "upside down"
    assert "0.5" in said(0.5, 0.667, **how)
    assert "text" in said("x", 0.667, **how)  # the predicate fails on text; that is not an error


def test_a_right_answer_that_looks_like_a_misunderstanding_is_right():
    expect(5, 5, misunderstandings=[(5, "wrong")])


def test_hidden_tests_do_not_show_what_they_expect():
    for answer, expected in [
        (1.5, 0.66725),
        ([1.5], [0.66725]),
        ({"a": 1.5}, {"a": 0.66725}),
        (pd.Series([1.5]), pd.Series([0.66725])),
        (pd.DataFrame({"a": [1.5]}), pd.DataFrame({"a": [0.66725]})),
        ([1], [1, 66725]),
    ]:
        message = said(answer, expected, reveal=False, says="Look at the denominator.")
        assert "66725" not in message
        assert message.endswith("Look at the denominator.")
    assert "expected 2" not in said([1], [1, 2], reveal=False)


def test_the_message_stands_alone_in_a_notebook():
    with pytest.raises(AnswerError) as caught:
        expect(1, 2)
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_a_copy_shares_nothing():
    table = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}, index=["p", "q"])
    copied = plain_copy(table)
    pd.testing.assert_frame_equal(copied, table)
    copied.loc["p", "a"] = 9.0
    assert table.loc["p", "a"] == 1.0
    nested = {"rows": [[1], (2,)]}
    plain_copy(nested)["rows"][0].append(5)
    assert nested == {"rows": [[1], (2,)]}


def test_a_copy_keeps_the_course_s_column_kinds():
    table = pd.DataFrame(
        {
            "when": pd.to_datetime(["2021-07-19", None]).astype("datetime64[us]"),
            "status": pd.Categorical(["DNA", "Attended"]),
            "minutes": pd.array([1, None], dtype="Int32"),
            "count": np.array([1, 2], dtype="int32"),
            "name": pd.Series(["a", "b"], dtype="str"),
            "yes": [True, False],
        }
    )
    pd.testing.assert_frame_equal(plain_copy(table), table)


numbers = st.floats(allow_nan=True) | st.integers(-(2**53), 2**53)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(values)
def test_anything_plain_equals_its_own_copy(value):
    expect(plain_copy(value), value)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_tolerance_means_what_it_says(found, wanted):
    if abs(found - wanted) <= MONEY:
        expect(found, wanted, tolerance=MONEY)
    elif abs(found - wanted) > MONEY * 1.01:
        assert said(found, wanted, tolerance=MONEY)
