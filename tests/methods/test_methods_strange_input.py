"""Every public method refuses strange numbers with a sentence that says which and where."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

from clear_helpers.methods import change_point, funnel, rates, seasonality, spc, standardisation

GOOD = [12, 15, 11, 14, 13, 16, 12, 15, 14, 13, 12, 17, 11, 14, 16, 13]
WEEKS = pd.date_range("2021-01-04", periods=60, freq="W-MON")


def in_weeks(values):
    """A year of good weeks with the values in the first of them."""
    if not isinstance(values, (list, pd.Series)):
        return seasonality.deseasonalise(values)
    filled = [*values, *[10] * 60][:60]
    return seasonality.deseasonalise(pd.Series(filled, index=WEEKS, dtype=object))


TAKES_NUMBERS = {
    "spc.xmr": spc.xmr,
    "spc.run_chart": spc.run_chart,
    "spc.xmr_many": lambda values: spc.xmr_many(pd.DataFrame({"a": list(values)}, dtype=object)),
    "funnel.ratio_limits": funnel.ratio_limits,
    "funnel.proportion_limits": partial(funnel.proportion_limits, target=0.5),
    "funnel.z_score": lambda values: funnel.z_score(values, GOOD),
    "funnel.z_score expected": lambda values: funnel.z_score(GOOD, values),
    "funnel.outlying": partial(funnel.outlying, lower=0, upper=20),
    "funnel.overdispersion": lambda values: funnel.overdispersion(values, GOOD),
    "funnel.overdispersion denominator": lambda values: funnel.overdispersion(GOOD, values),
    "FunnelResult.limits_at": funnel.overdispersion(GOOD, GOOD).limits_at,
    "funnel.standardised_ratio": lambda values: funnel.standardised_ratio(values, GOOD),
    "rates.wilson_interval": lambda values: rates.wilson_interval(values, [20] * 16),
    "rates.wilson_interval denominator": lambda values: rates.wilson_interval([1] * 16, values),
    "rates.byar_interval": rates.byar_interval,
    "rates.exact_poisson_interval": rates.exact_poisson_interval,
    "standardisation.expected_counts": lambda v: standardisation.expected_counts(v, [0.1] * 16),
    "standardisation.indirect_ratio": lambda v: standardisation.indirect_ratio(GOOD, v, GOOD, GOOD),
    "standardisation.indirect_rate": lambda v: standardisation.indirect_rate(GOOD, GOOD, GOOD, v),
    "change_point.single_shift": change_point.single_shift,
    "seasonality.deseasonalise": in_weeks,
}
STRANGE = {
    "text": ("12", "'12' at position 2"),
    "missing": (None, "missing value at position 2"),
    "nan": (math.nan, "missing value at position 2"),
    "pandas missing": (pd.NA, "missing value at position 2"),
    "infinite": (math.inf, "inf at position 2"),
    "yes or no": (True, "True at position 2"),
    "date": (pd.Timestamp("2021-01-01"), "at position 2"),
    "list": ([1], "[1] at position 2"),
    "complex": (1j, "1j at position 2"),
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
@pytest.mark.parametrize("name", [name for name in TAKES_NUMBERS if "xmr_many" not in name])
def test_what_is_not_a_sequence_of_numbers_is_refused(name, values):
    if "deseasonalise" in name and isinstance(values, list):
        values = pd.Series([], index=pd.DatetimeIndex([]), dtype=float)
        values = values.to_frame()
    with pytest.raises(ValueError, match=r"found|expected"):
        TAKES_NUMBERS[name](values)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "int32", "float32", "int64[pyarrow]"])
def test_every_kind_of_number_column_is_taken(dtype):
    result = spc.xmr(pd.Series(GOOD, dtype=dtype))
    assert result.last["mean"] == pytest.approx(np.mean(GOOD))


@pytest.mark.parametrize("useful", [0, 2.5, "10", None, True, math.nan])
def test_thresholds_need_a_whole_number_of_points(useful):
    with pytest.raises(ValueError, match="useful: found"):
        spc.run_chart_thresholds(useful)
