"""Interrupted time series: did the level or the slope of a series change when something began?

Sources
-------
Lopez Bernal, Cummins and Gasparrini, International Journal of Epidemiology 2017;46:348–355, with
its correction (segmented regression of counts, season by sine and cosine terms, and time since
the intervention counted from the last point before it). Newey and West, Econometrica
1987;55:703 for intervals that allow neighbouring points to echo each other. The fitting is
statsmodels' (GLM and OLS).
"""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_choice, read_number, read_numbers

FAMILIES = ("quasipoisson", "poisson", "gaussian")
MONTHS_IN_A_YEAR = 12
DAYS_IN_A_YEAR = 365.25
EXACT_FIT = 1e-22
"""Deviance at or below this part of the sum of squares is rounding."""


@dataclass(frozen=True)
class Change:
    """One effect with its interval.

    Attributes
    ----------
    estimate, lower, upper
        For counts a ratio (0.9 is a fall of 10 %); for the gaussian family a difference, in the
        units of the values. A slope's is per unit of time.
    p_value
        Two-sided; missing when the terms fit every point exactly.
    coef, se
        The coefficient and its standard error: of the log of the ratio, for counts.
    """

    estimate: float
    lower: float
    upper: float
    p_value: float
    coef: float
    se: float


@dataclass(frozen=True)
class ItsResult:
    """A fitted interrupted time series.

    Attributes
    ----------
    level_change
        The jump when the intervention began.
    slope_change
        The change of the trend from then on; None when it was not asked for.
    trend
        The trend before.
    terms
        Every coefficient: index ``const``, ``time``, ``level_change``, ``slope_change``,
        ``sin1``, ``cos1``, …; columns ``coef``, ``se``, ``lower``, ``upper``, ``p_value``. On
        the log scale for counts.
    points
        A row per point, on the index of the values if they had one: ``time``, ``value``,
        ``after``, ``fitted`` and ``without`` (what the model expects had nothing changed), in
        the units of the values.
    mean_before, mean_after
        The plain means, per person where populations were given: what a naive comparison
        would use.
    dispersion
        Pearson's chi-square over its degrees of freedom: 1 if counts vary as Poisson counts
        do. For the gaussian family, the residual variance.
    deviance, df_resid
        Residual deviance (gaussian: sum of squares) and degrees of freedom.
    family, hac_lags, confidence
        As asked for.
    warnings
        What to doubt.
    """

    level_change: Change
    slope_change: Change | None
    trend: Change
    terms: pd.DataFrame
    points: pd.DataFrame
    mean_before: float
    mean_after: float
    dispersion: float
    deviance: float
    df_resid: int
    family: str
    hac_lags: int | None
    confidence: float
    warnings: list[str] = field(default_factory=list)

    def ljung_box(self, lags: int = 12) -> tuple[float, float]:
        """Whether what is left over echoes itself: the Ljung–Box statistic and its p value.

        Parameters
        ----------
        lags
            How many points back to look: 1 to one less than the number of points.

        Returns
        -------
        tuple
            Statistic and p value of the residuals (value less fitted; for counts divided by
            the root of the fitted). A small p value says that plain intervals are too narrow:
            fit again with ``hac_lags``.

        Raises
        ------
        ValueError
            If ``lags`` is not a whole number in range.

        Notes
        -----
        Source: Ljung and Box, Biometrika 1978;65:297, from statsmodels.
        """
        from statsmodels.stats.diagnostic import acorr_ljungbox

        most = len(self.points) - 1
        back = int(read_number(lags, "lags", at_least=1, at_most=most, whole=True))
        residuals = self.points["value"] - self.points["fitted"]
        if self.family != "gaussian":
            residuals = residuals / np.sqrt(self.points["fitted"])
        if np.allclose(residuals, 0):
            return 0.0, 1.0
        row = acorr_ljungbox(residuals.to_numpy(), lags=[back]).iloc[0]
        return float(row["lb_stat"]), float(row["lb_pvalue"])


def fit(
    counts: Sequence[float] | pd.Series,
    time: Sequence[Any] | pd.Series | pd.DatetimeIndex,
    intervention_at: Any,
    *,
    population: Sequence[float] | pd.Series | None = None,
    harmonics: int = 0,
    family: str = "quasipoisson",
    hac_lags: int | None = None,
    slope_change: bool = True,
    period: float | None = None,
    confidence: float = 0.95,
) -> ItsResult:
    """Fit one change of level, and of slope, to a series.

    Parameters
    ----------
    counts
        One value a point: events, 0 or more; any finite numbers for the gaussian family.
    time
        When: numbers (such as 1, 2, 3 … for months) or dates, strictly increasing. Dates are
        counted in years of 365.25 days, so slopes are per year.
    intervention_at
        The first time of the new period, in the units of ``time``: a number, or a date.
    population
        People at risk at each point, above 0. Counts become rates (a log offset); for the
        gaussian family the values are divided by it.
    harmonics
        Sine–cosine pairs for the season; 0 for none.
    family
        "quasipoisson": counts, intervals widened (or narrowed) by the dispersion seen.
        "poisson": counts, dispersion taken as 1. "gaussian": ordinary least squares.
    hac_lags
        Points back over which neighbours may echo each other: Newey–West intervals, without a
        small-sample correction. None for plain intervals.
    slope_change
        Whether the trend may change too. False fits a change of level only.
    period
        Length of the season in units of ``time``: 12 unless told (months), or one year for
        dates.
    confidence
        Between 0 and 1.

    Returns
    -------
    ItsResult

    Raises
    ------
    ValueError
        If a value is missing, infinite or out of range, times repeat or run backwards, there
        are too few points on either side, a side has no events at all, or terms cannot be told
        apart.

    Notes
    -----
    Source: Lopez Bernal and others 2017. The level change is that at the last point before
    ``intervention_at``; time since the intervention counts from there. As in their code,
    intervals for counts use the normal distribution, and p values of the quasi-Poisson family
    Student's; the gaussian family uses Student's for both. Fitting: statsmodels.
    """
    read_choice(family, "family", FAMILIES)
    is_count = family != "gaussian"
    values = read_numbers(counts, "counts", at_least=0 if is_count else None)
    moments, start, year = _times(time, intervention_at, values.size)
    people = (
        np.ones(values.size)
        if population is None
        else read_numbers(population, "population", above=0, length=values.size)
    )
    waves = int(read_number(harmonics, "harmonics", at_least=0, whole=True))
    cycle = year if period is None else read_number(period, "period", above=0)
    if not isinstance(slope_change, (bool, np.bool_)):
        raise ValueError(f"slope_change: found {slope_change!r}; expected True or False.")
    level = _confidence(confidence)
    lags = hac_lags
    if lags is not None:
        lags = int(read_number(lags, "hac_lags", at_least=0, at_most=values.size - 1, whole=True))
    after = moments >= start
    _require_both_sides(values, after, bool(slope_change), is_count)
    design = _design(moments, after, bool(slope_change), waves, cycle)
    _require_separate_terms(design)

    matrix = design.to_numpy()
    outcome = values if is_count else values / people
    model = (
        _fit_counts(values, people, matrix, family, lags)
        if is_count
        else _fit_gaussian(outcome, matrix, lags)
    )
    notes = [] if model.settled else ["The fit did not settle: do not use these numbers."]
    exact = model.deviance <= EXACT_FIT * float((outcome**2).sum())
    if exact:
        notes.append("The terms fit every point exactly: no p values, and no width to intervals.")
    if family == "poisson" and model.dispersion > 1.5:
        notes.append(
            f"Counts vary {model.dispersion:.1f} times as much as Poisson counts: these intervals "
            "are too narrow. Use the quasipoisson family."
        )
    terms = _terms(model, design.columns, family, level)
    if exact:
        terms["p_value"] = np.nan
    return ItsResult(
        level_change=_change(terms, "level_change", is_count),
        slope_change=_change(terms, "slope_change", is_count) if slope_change else None,
        trend=_change(terms, "time", is_count),
        terms=terms,
        points=_points(counts, time, values, after, design, terms["coef"], people, is_count),
        mean_before=float((values / people)[~after].mean()),
        mean_after=float((values / people)[after].mean()),
        dispersion=model.dispersion,
        deviance=model.deviance,
        df_resid=model.df_resid,
        family=family,
        hac_lags=lags,
        confidence=level,
        warnings=notes,
    )


def compare(simpler: ItsResult, fuller: ItsResult) -> tuple[float, float]:
    """Whether the terms of a fuller model earn their place: a test of two nested fits.

    Parameters
    ----------
    simpler, fuller
        Two fits of one series by one family; every term of the simpler is in the fuller.

    Returns
    -------
    tuple
        F and its p value (quasi-Poisson and gaussian), or the fall in deviance and its
        chi-square p value (Poisson).

    Raises
    ------
    ValueError
        If the fits are not of the same values and family, or not nested.

    Notes
    -----
    Source: as R's ``anova`` for two fits; distributions from scipy.
    """
    from scipy import stats

    for result, name in ((simpler, "simpler"), (fuller, "fuller")):
        if not isinstance(result, ItsResult):
            raise ValueError(f"{name}: found {type(result).__name__}; expected an ItsResult.")
    same = simpler.family == fuller.family and np.array_equal(
        simpler.points[["time", "value"]], fuller.points[["time", "value"]]
    )
    extra = len(fuller.terms) - len(simpler.terms)
    if not same or extra < 1 or not simpler.terms.index.isin(fuller.terms.index).all():
        raise ValueError(
            "simpler, fuller: expected two fits of the same values and family, the fuller with "
            f"more terms; found {list(simpler.terms.index)} and {list(fuller.terms.index)}."
        )
    fall = simpler.deviance - fuller.deviance
    if fuller.family == "poisson":
        return float(fall), float(stats.chi2.sf(fall, extra))
    statistic = fall / extra / fuller.dispersion
    return float(statistic), float(stats.f.sf(statistic, extra, fuller.df_resid))


def _times(time: Any, intervention_at: Any, size: int) -> tuple[np.ndarray, float, float]:
    """Times and the intervention on one number line, with the length of a year on it."""
    if isinstance(time, (str, bytes, dict, set)) or not hasattr(time, "__iter__"):
        raise ValueError(f"time: found {time!r}; expected a sequence of numbers or dates.")
    series = pd.Series(list(time), dtype=object)
    kind = pd.api.types.infer_dtype(series, skipna=True)
    if kind in ("datetime", "datetime64", "date"):
        if len(series) != size:
            raise ValueError(
                f"time: found {len(series)} values; expected {size}, one for each row."
            )
        if series.isna().any():
            place = int(np.flatnonzero(series.isna())[0])
            raise ValueError(f"time: found a missing value at position {place}; expected a date.")
        dates = pd.DatetimeIndex(series)
        moments = ((dates - dates[0]) / pd.Timedelta(days=DAYS_IN_A_YEAR)).to_numpy(dtype=float)
        start = (_date(intervention_at) - dates[0]) / pd.Timedelta(days=DAYS_IN_A_YEAR)
        shown, year = [str(date.date()) for date in dates], 1.0
    else:
        moments = read_numbers(time, "time", length=size)
        start = read_number(intervention_at, "intervention_at")
        shown, year = [f"{moment:g}" for moment in moments], float(MONTHS_IN_A_YEAR)
    backwards = np.flatnonzero(np.diff(moments) <= 0)
    if backwards.size:
        place = int(backwards[0]) + 1
        raise ValueError(
            f"time: found {shown[place]} at position {place}, after {shown[place - 1]}; expected "
            "each time once, in order. Sort by time and add up repeats."
        )
    return moments, float(start), year


def _date(value: Any) -> pd.Timestamp:
    expected = f"intervention_at: found {value!r}; expected a date, as the times are dates."
    if isinstance(value, (int, float, np.number)):
        raise ValueError(expected)
    try:
        moment = pd.Timestamp(value)
    except (TypeError, ValueError):
        raise ValueError(expected) from None
    if pd.isna(moment):
        raise ValueError(expected)
    return moment


def _confidence(value: float) -> float:
    level = read_number(value, "confidence", above=0, at_most=1)
    if level == 1:
        raise ValueError("confidence: found 1; expected less than 1, such as 0.95.")
    return level


def _require_both_sides(values: np.ndarray, after: np.ndarray, slope: bool, is_count: bool) -> None:
    fewest = {"before": 2, "after": 2 if slope else 1}
    for side, rows in (("before", ~after), ("after", after)):
        if rows.sum() < fewest[side]:
            hint = "" if side == "before" or not slope else " (1 with slope_change=False)"
            raise ValueError(
                f"intervention_at: found {int(rows.sum())} points {side} it; expected at least "
                f"{fewest[side]}{hint}."
            )
        if is_count and not values[rows].any():
            raise ValueError(
                f"counts: found only 0 {side} the intervention; expected at least one event on "
                "either side, or a ratio has no meaning."
            )


def _design(
    moments: np.ndarray, after: np.ndarray, slope: bool, waves: int, cycle: float
) -> pd.DataFrame:
    columns = {"const": np.ones(moments.size), "time": moments, "level_change": after.astype(float)}
    if slope:
        columns["slope_change"] = np.where(after, moments - moments[~after][-1], 0.0)
    for wave in range(1, waves + 1):
        angle = 2 * np.pi * wave * moments / cycle
        columns[f"sin{wave}"], columns[f"cos{wave}"] = np.sin(angle), np.cos(angle)
    return pd.DataFrame(columns)


def _require_separate_terms(design: pd.DataFrame) -> None:
    rows, terms = design.shape
    if rows <= terms:
        raise ValueError(
            f"counts: found {rows} points for {terms} terms ({', '.join(map(str, design))}); expected more "
            "points than terms. Take fewer harmonics, or a longer series."
        )
    centred = design.sub(design.mean()).drop(columns="const")
    columns = centred.to_numpy()
    scaled = columns / np.maximum(np.abs(columns).max(axis=0), 1e-3)
    if np.linalg.matrix_rank(scaled, tol=1e-8) < terms - 1:
        raise ValueError(
            "harmonics: the terms cannot be told apart at these times; expected fewer harmonics, "
            "or another period."
        )


class _Fit(NamedTuple):
    coef: np.ndarray
    se: np.ndarray
    dispersion: float
    deviance: float
    df_resid: int
    settled: bool


def _fit_gaussian(values: np.ndarray, design: np.ndarray, lags: int | None) -> _Fit:
    import statsmodels.api as sm

    fitted = sm.OLS(values, design).fit(**_errors(lags))
    return _Fit(
        coef=np.asarray(fitted.params),
        se=np.asarray(fitted.bse),
        dispersion=float(fitted.scale),
        deviance=float(fitted.ssr),
        df_resid=int(fitted.df_resid),
        settled=True,
    )


def _fit_counts(
    values: np.ndarray, people: np.ndarray, design: np.ndarray, family: str, lags: int | None
) -> _Fit:
    """Poisson regression that starts, stops and takes its dispersion as R's ``glm`` does.

    R's standard errors rest on the weights of the step before the last, so only the same path
    gives the same digits.
    """
    import statsmodels.api as sm

    offset = np.log(people)
    model = sm.GLM(values, design, family=sm.families.Poisson(), offset=offset)
    guess = values + 0.1
    working = np.log(guess) - offset + (values - guess) / guess
    start = sm.WLS(working, design, weights=guess).fit().params
    with python_warnings.catch_warnings():
        # A series that fits exactly is allowed here; its intervals have no width.
        python_warnings.simplefilter("ignore")
        fitted = model.fit(start_params=start, atol=1e-9, rtol=1e-8, **_errors(lags))
    residuals = (values - fitted.mu) / fitted.mu
    dispersion = float((model.weights * residuals**2).sum() / fitted.df_resid)
    widen = family == "quasipoisson" and lags is None
    return _Fit(
        coef=np.asarray(fitted.params),
        se=np.asarray(fitted.bse) * (np.sqrt(dispersion) if widen else 1.0),
        dispersion=dispersion,
        deviance=float(fitted.deviance),
        df_resid=int(fitted.df_resid),
        settled=bool(fitted.converged),
    )


def _errors(lags: int | None) -> dict[str, Any]:
    if lags is None:
        return {}
    return {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": False}}


def _terms(model: _Fit, names: pd.Index, family: str, confidence: float) -> pd.DataFrame:
    from scipy import stats

    students = stats.t(model.df_resid)
    width = (students if family == "gaussian" else stats.norm).isf((1 - confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.abs(model.coef / model.se)
    p_value = 2 * (stats.norm if family == "poisson" else students).sf(score)
    return pd.DataFrame(
        {
            "coef": model.coef,
            "se": model.se,
            "lower": model.coef - width * model.se,
            "upper": model.coef + width * model.se,
            "p_value": p_value,
        },
        index=names,
    )


def _change(terms: pd.DataFrame, name: str, is_count: bool) -> Change:
    coef, se, lower, upper, p_value = (float(value) for value in terms.T[name])
    ends = np.array([coef, lower, upper])
    estimate, low, high = np.exp(ends) if is_count else ends
    return Change(
        estimate=float(estimate),
        lower=float(low),
        upper=float(high),
        p_value=p_value,
        coef=coef,
        se=se,
    )


def _points(
    counts: Any,
    time: Any,
    values: np.ndarray,
    after: np.ndarray,
    design: pd.DataFrame,
    coef: pd.Series,
    people: np.ndarray,
    is_count: bool,
) -> pd.DataFrame:
    unchanged = design.copy()
    changes = [name for name in ("level_change", "slope_change") if name in design]
    unchanged[changes] = 0.0

    def expected(rows: pd.DataFrame) -> np.ndarray:
        level = rows.to_numpy() @ coef.to_numpy()
        return (np.exp(level) if is_count else level) * people

    return pd.DataFrame(
        {
            "time": list(time),
            "value": values,
            "after": after,
            "fitted": expected(design),
            "without": expected(unchanged),
        },
        index=counts.index if isinstance(counts, pd.Series) else None,
    )
