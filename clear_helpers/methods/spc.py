"""Statistical process control, the NHS "Making Data Count" way: XmR charts and run charts.

Sources
-------
NHS England, Making Data Count ("plot the dots") guides: mean ± 2.66 × mean moving range,
four rules, icons for variation and assurance. Where the guides leave room, the definition
is that of NHSRplotthedots v0.2.2 (NHS-R community, MIT licence), to which every number is
held: strict inequalities, screening of moving ranges, order of precedence of the rules.
Run charts: Anhøj and Olesen, PLoS ONE 2014;9(11):e113825.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_choice, read_number, read_numbers

Improvement = Literal["increase", "decrease", "neutral"]
TwoSigma = Literal["two_of_three", "any"]

LIMIT_FACTOR = 2.66
"""Mean moving range to process limits, as Making Data Count rounds it (3 / 1.128 = 2.6596)."""

MOVING_RANGE_FACTOR = 3.267
"""Mean moving range to the upper limit of the moving ranges."""

SHORT_SEGMENT = 13
"""Limits from fewer points than this are provisional."""

SHORTEST_BASELINE = 12
RUN_LENGTHS = (6, 7, 8)
RULES = ("outside", "trend", "two_of_three", "shift")
"""The rules, in order of precedence: a point that breaks several is named by the first."""


@dataclass(frozen=True)
class SpcResult:
    """An XmR chart in numbers.

    Attributes
    ----------
    points
        One row per value, on the index of the Series given (else 0, 1, …): ``value``,
        ``mean``, ``lower`` and ``upper`` process limits, ``near_lower`` and ``near_upper``
        (two thirds of the way), all in the units of the values; ``moving_range`` (missing at
        the start of a segment); ``special_cause`` ("outside", "trend", "two_of_three",
        "shift" or None); ``point_type`` ("common_cause", "special_cause_improvement",
        "special_cause_concern", "special_cause_neutral"); ``segment`` (1, 2, …);
        ``direction`` of the special cause ("up", "down" or None).
    segments
        One row per segment: ``start`` and ``end`` (zero-based positions, both included),
        ``n``, ``mean``, ``lower``, ``upper``, ``moving_range_mean`` (after screening) and
        ``moving_range_upper`` (3.267 × that mean: the limit of the moving range chart).
    variation
        The point type of the last point: the variation icon.
    assurance
        Whether the process will meet its target: "consistent_pass", "consistent_fail",
        "inconsistent", or None without a target, a direction or limits.
    warnings
        What a reader should know before trusting the limits.
    improvement, target, rebase_at, fix_after, screened, run_length, two_sigma, limit_factor
        The choices made, as given to :func:`xmr`.
    """

    points: pd.DataFrame
    segments: pd.DataFrame
    variation: str
    assurance: str | None
    warnings: list[str]
    improvement: Improvement
    target: float | None
    rebase_at: tuple[int, ...]
    fix_after: int | None
    screened: bool
    run_length: int
    two_sigma: TwoSigma
    limit_factor: float

    @property
    def outside_share(self) -> float:
        """Share of points outside the process limits, 0 to 1."""
        return float((self.points["special_cause"] == "outside").mean())

    @property
    def last(self) -> pd.Series:
        """The last point, as a row of ``points``."""
        return self.points.iloc[-1]


def xmr(
    values: Sequence[float] | pd.Series,
    *,
    improvement: Improvement = "increase",
    target: float | None = None,
    rebase_at: Sequence[int] = (),
    fix_after: int | None = None,
    screen_outliers: bool = True,
    run_length: int = 7,
    two_sigma: TwoSigma = "two_of_three",
    limit_factor: float = LIMIT_FACTOR,
) -> SpcResult:
    """An XmR (individuals and moving range) chart with special-cause rules.

    Limits are the mean ± ``limit_factor`` × the mean absolute difference between
    neighbours. Every value counts towards the mean, outliers too. All comparisons are strict:
    a value on a limit is inside, a value on the mean is on neither side.

    The rules, in order of precedence:

    - *outside*: beyond a process limit.
    - *trend*: part of ``run_length`` neighbours each above (or each below) the one before.
    - *two_of_three*: one of at least two points near the same limit (beyond two thirds of
      the way) among three neighbours that all lie on that side of the mean.
    - *shift*: part of ``run_length`` neighbours on the same side of the mean.

    Parameters
    ----------
    values
        At least one finite number, in time order, no gaps. A Series keeps its index.
    improvement
        Which way is better. "neutral" when neither is.
    target
        In the units of the values, for the assurance icon.
    rebase_at
        Zero-based positions, in order, where a new segment starts. Each segment has its own
        mean and limits; the moving range and the rules start afresh.
    fix_after
        Mean and limits from the first so many points (12 or more) of each segment only.
    screen_outliers
        Leave out of the limits every moving range of 3.267 × their mean or more, once.
        NHSRplotthedots does so by default; the national Excel tool does not. Say which.
    run_length
        Points in a shift and in a trend: 6, 7 (Making Data Count) or 8.
    two_sigma
        Which points count towards *two_of_three*. "two_of_three": those between the near
        limit and the process limit, as in NHSRplotthedots 0.2.2. "any": any point beyond
        the near limit, also one outside the process limit, as in the national tool since
        late 2023.
    limit_factor
        2.66; 3/1.128 gives the textbook I chart.

    Returns
    -------
    SpcResult
        One value, or screening on a constant series, gives missing limits and a warning.

    Raises
    ------
    ValueError
        If a value is missing, infinite or not a number, or an option is not one of those
        above; the message names the value and its position.

    Notes
    -----
    Source: NHS England, Making Data Count; NHSRplotthedots v0.2.2. Where a rising trend
    ends at the very point a falling one begins, that point is named by the later trend.
    Where limits are missing no point is *outside* or *two_of_three*; a *shift* or *trend*
    after a baseline that does not vary is still named.
    """
    numbers = read_numbers(values, "values")
    index = values.index if isinstance(values, pd.Series) else pd.RangeIndex(numbers.size)
    _require_time_order(index)
    choices = _read_choices(
        numbers.size,
        improvement,
        rebase_at,
        fix_after,
        screen_outliers,
        run_length,
        two_sigma,
        limit_factor,
    )
    if target is not None:
        target = read_number(target, "target")
    chart = _chart(numbers[np.newaxis, :], choices)
    points = pd.DataFrame({name: _column(name, part[0]) for name, part in chart.points.items()})
    points.index = index
    segments = pd.DataFrame({name: part[0] for name, part in chart.segments.items()})
    return SpcResult(
        points=points,
        segments=segments,
        variation=str(points["point_type"].iloc[-1]),
        assurance=_assurance(target, segments.iloc[-1], improvement),
        warnings=_warnings(segments, screen_outliers),
        improvement=improvement,
        target=target,
        rebase_at=choices.rebase_at,
        fix_after=fix_after,
        screened=screen_outliers,
        run_length=run_length,
        two_sigma=two_sigma,
        limit_factor=choices.limit_factor,
    )


def xmr_many(
    values: pd.DataFrame | np.ndarray,
    *,
    improvement: Improvement = "increase",
    rebase_at: Sequence[int] = (),
    fix_after: int | None = None,
    screen_outliers: bool = True,
    run_length: int = 7,
    two_sigma: TwoSigma = "two_of_three",
    limit_factor: float = LIMIT_FACTOR,
) -> pd.DataFrame:
    """The points of many XmR charts at once, by the rules and options of :func:`xmr`.

    Parameters
    ----------
    values
        One column per series, one row per time point, in time order, no gaps.

    Returns
    -------
    DataFrame
        One row per series and time point, series after series: ``series`` (the column's
        name), ``time`` (the row's index) and the columns of ``SpcResult.points``.

    Raises
    ------
    ValueError
        As for :func:`xmr`; the message names the series too.
    """
    table = pd.DataFrame(values)
    if table.empty:
        raise ValueError("values: found an empty table; expected a column for each series.")
    _require_time_order(table.index)
    matrix = np.vstack(
        [read_numbers(table.iloc[:, k], f"series {name!r}") for k, name in enumerate(table.columns)]
    )
    choices = _read_choices(
        matrix.shape[1],
        improvement,
        rebase_at,
        fix_after,
        screen_outliers,
        run_length,
        two_sigma,
        limit_factor,
    )
    chart = _chart(matrix, choices)
    names = table.columns.repeat(matrix.shape[1])
    times = table.index.take(np.tile(np.arange(matrix.shape[1]), matrix.shape[0]))
    columns = {name: _column(name, part.ravel()) for name, part in chart.points.items()}
    return pd.DataFrame({"series": names, "time": times} | columns)


@dataclass(frozen=True)
class RunChart:
    """A run chart judged by Anhøj's two rules.

    Attributes
    ----------
    points
        ``value``, ``median`` and ``useful`` (off the median), one row per value.
    median
        In the units of the values.
    useful
        How many points are off the median; only they count.
    longest_run, longest_run_max
        Longest run on one side of the median, and the longest to expect from chance.
    crossings, crossings_min
        Times the line crosses the median, and the fewest to expect from chance.
    signal
        Whether either rule is broken: a shift or trend is likely.
    """

    points: pd.DataFrame
    median: float
    useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int

    @property
    def signal(self) -> bool:
        """Whether the longest run is too long or the crossings are too few."""
        return self.longest_run > self.longest_run_max or self.crossings < self.crossings_min


def run_chart(values: Sequence[float] | pd.Series) -> RunChart:
    """A run chart: the median, the longest run on one side of it, and the crossings.

    Parameters
    ----------
    values
        At least one finite number, in time order. Points on the median are not useful:
        they neither break nor lengthen a run.

    Raises
    ------
    ValueError
        If a value is missing, infinite or not a number.

    Notes
    -----
    Source: Anhøj and Olesen 2014; thresholds by :func:`run_chart_thresholds`. Fewer than
    about ten useful points can hardly signal.
    """
    numbers = read_numbers(values, "values")
    index = values.index if isinstance(values, pd.Series) else pd.RangeIndex(numbers.size)
    _require_time_order(index)
    median = float(np.median(numbers))
    side = np.sign(numbers - median)
    useful = side != 0
    changes = np.flatnonzero(np.diff(side[useful]))
    count = int(useful.sum())
    runs = np.diff(np.concatenate([[0], changes + 1, [count]]))
    longest, fewest = run_chart_thresholds(count) if count else (0, 0)
    return RunChart(
        points=pd.DataFrame({"value": numbers, "median": median, "useful": useful}, index=index),
        median=median,
        useful=count,
        longest_run=int(runs.max()),
        longest_run_max=longest,
        crossings=len(changes),
        crossings_min=fewest,
    )


def run_chart_thresholds(useful: int) -> tuple[int, int]:
    """Longest run and fewest crossings to expect from chance among so many useful points.

    Parameters
    ----------
    useful
        Points off the median, one or more.

    Returns
    -------
    tuple
        Longest run: log2(n) rounded, plus 3. Fewest crossings: the 5th percentile of the
        binomial distribution with n − 1 trials and probability one half.

    Raises
    ------
    ValueError
        If ``useful`` is not a whole number of one or more.

    Notes
    -----
    Source: Anhøj and Olesen 2014, as in the R package qicharts2.
    """
    from scipy.stats import binom

    count = int(read_number(useful, "useful", at_least=1, whole=True))
    return round(float(np.log2(count))) + 3, int(max(binom.ppf(0.05, count - 1, 0.5), 0))


@dataclass(frozen=True)
class _Choices:
    direction: int
    rebase_at: tuple[int, ...]
    fix_after: int | None
    screen: bool
    run_length: int
    beyond_limits_count: bool
    limit_factor: float


@dataclass(frozen=True)
class _Chart:
    points: dict[str, np.ndarray]  # each series × points
    segments: dict[str, np.ndarray]  # each series × segments


def _read_choices(
    size: int,
    improvement: Any,
    rebase_at: Any,
    fix_after: Any,
    screen_outliers: Any,
    run_length: Any,
    two_sigma: Any,
    limit_factor: Any,
) -> _Choices:
    read_choice(improvement, "improvement", ("increase", "decrease", "neutral"))
    read_choice(run_length, "run_length", RUN_LENGTHS)
    if not isinstance(screen_outliers, bool):
        raise ValueError(f"screen_outliers: found {screen_outliers!r}; expected True or False.")
    read_choice(two_sigma, "two_sigma", ("two_of_three", "any"))
    positions: tuple[int, ...] = ()
    if not isinstance(rebase_at, Sized) or len(rebase_at):
        starts = read_numbers(rebase_at, "rebase_at", whole=True)
        for place, start in enumerate(starts):
            if not 1 <= start <= size - 1:
                raise ValueError(
                    f"rebase_at: found {start:g} at position {place}; expected a zero-based "
                    f"position from 1 to {size - 1}, where a second segment can start."
                )
        if (np.diff(starts) <= 0).any():
            raise ValueError(
                f"rebase_at: found {list(map(int, starts))}; expected positions in rising "
                "order, each once."
            )
        positions = tuple(int(start) for start in starts)
    if fix_after is not None:
        fix_after = int(read_number(fix_after, "fix_after", at_least=SHORTEST_BASELINE, whole=True))
    return _Choices(
        direction={"increase": 1, "decrease": -1, "neutral": 0}[improvement],
        rebase_at=positions,
        fix_after=fix_after,
        screen=screen_outliers,
        run_length=int(run_length),
        beyond_limits_count=two_sigma == "any",
        limit_factor=read_number(limit_factor, "limit_factor", above=0),
    )


def _require_time_order(index: pd.Index) -> None:
    if isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex)) and len(index) > 1:
        times = index.asi8
        backwards = np.flatnonzero(times[1:] <= times[:-1])
        if backwards.size:
            place = int(backwards[0]) + 1
            raise ValueError(
                f"values: {index[place]} at position {place} does not come after "
                f"{index[place - 1]}; sort by date, one value a date."
            )


def _chart(matrix: np.ndarray, choices: _Choices) -> _Chart:
    """The arithmetic, for series × points; every public chart comes through here."""
    size = matrix.shape[1]
    starts = [0, *choices.rebase_at]
    ends = [*choices.rebase_at, size]
    pieces: list[dict[str, np.ndarray]] = []
    baselines: list[dict[str, np.ndarray]] = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        values = matrix[:, start:end]
        limits = _limits(values, choices)
        cause, direction = _special_causes(values, limits, choices)
        moving = np.full(values.shape, np.nan)
        moving[:, 1:] = np.abs(np.diff(values, axis=1))
        lines = {
            name: np.broadcast_to(limits[name], values.shape)
            for name in ("mean", "lower", "upper", "near_lower", "near_upper")
        }
        baselines.append(limits)
        pieces.append(
            {"value": values}
            | lines
            | {
                "moving_range": moving,
                "special_cause": cause,
                "point_type": _point_types(direction, choices.direction),
                "segment": np.full(values.shape, number),
                "direction": direction,
            }
        )

    def each(name: str) -> np.ndarray:
        return np.hstack([limits[name] for limits in baselines])

    def same(positions: list[int]) -> np.ndarray:
        return np.broadcast_to(np.array(positions), (len(matrix), len(positions)))

    return _Chart(
        points={name: np.hstack([piece[name] for piece in pieces]) for name in pieces[0]},
        segments={
            "start": same(starts),
            "end": same(ends) - 1,
            "n": same(ends) - same(starts),
            "mean": each("mean"),
            "lower": each("lower"),
            "upper": each("upper"),
            "moving_range_mean": each("moving_range_mean"),
            "moving_range_upper": MOVING_RANGE_FACTOR * each("moving_range_mean"),
        },
    )


def _limits(values: np.ndarray, choices: _Choices) -> dict[str, np.ndarray]:
    baseline = values[:, : choices.fix_after]
    mean = baseline.mean(axis=1, keepdims=True)
    # A second pass removes the rounding of the first: a constant series lies on its mean.
    mean = mean + (baseline - mean).mean(axis=1, keepdims=True)
    moving = np.abs(np.diff(baseline, axis=1))
    kept = np.ones(moving.shape, dtype=bool)
    if choices.screen:
        kept = moving < MOVING_RANGE_FACTOR * _mean_of(moving, kept)
    average = _mean_of(moving, kept)
    reach = choices.limit_factor * average
    near = 2 * (choices.limit_factor / 3) * average
    return {
        "mean": mean,
        "lower": mean - reach,
        "upper": mean + reach,
        "near_lower": mean - near,
        "near_upper": mean + near,
        "moving_range_mean": average,
    }


def _mean_of(values: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Row means of the values kept; missing where none is."""
    count = kept.sum(axis=1, keepdims=True)
    total = np.where(kept, values, 0).sum(axis=1, keepdims=True)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _special_causes(
    values: np.ndarray, limits: dict[str, np.ndarray], choices: _Choices
) -> tuple[np.ndarray, np.ndarray]:
    """The rule each point breaks (1 to 4 in order of precedence, else 0) and which way it points."""
    side = np.sign(values - limits["mean"])
    above, below = values > limits["upper"], values < limits["lower"]
    outside = above | below
    near = (values > limits["near_upper"]) | (values < limits["near_lower"])
    eligible = near if choices.beyond_limits_count else near & ~outside

    slope = np.sign(np.diff(values, axis=1))
    steps = choices.run_length - 1
    rising, falling = _runs(slope > 0, steps, 1), _runs(slope < 0, steps, 1)
    # A peak belongs to two trends; it is named by the one that follows.
    following = np.pad(slope, ((0, 0), (0, 1)))
    trend = np.where(rising & falling, following, rising.astype(int) - falling)

    two_near = _windows(eligible, 3).sum(axis=-1) >= 2
    one_side = np.abs(_windows(side, 3).sum(axis=-1)) == 3
    pair = _covered(two_near & one_side, 3, values.shape)
    shift = _runs(side > 0, choices.run_length) | _runs(side < 0, choices.run_length)

    broken = [outside, trend != 0, pair & eligible, shift]
    cause = np.select(broken, [1, 2, 3, 4], default=0)
    direction = np.select(broken, [side, trend, side, side], default=0)
    return cause, direction.astype(int)


def _windows(flags: np.ndarray, length: int) -> np.ndarray:
    if flags.shape[1] < length:
        return np.zeros((flags.shape[0], 0, length), dtype=flags.dtype)
    return np.lib.stride_tricks.sliding_window_view(flags, length, axis=1)


def _covered(starts: np.ndarray, length: int, shape: tuple[int, ...]) -> np.ndarray:
    """Every position covered by a window of so many points that starts where flagged."""
    covered = np.zeros(shape, dtype=bool)
    for offset in range(length):
        covered[:, offset : offset + starts.shape[1]] |= starts
    return covered


def _runs(flags: np.ndarray, length: int, extra: int = 0) -> np.ndarray:
    """Positions in a run of flags of at least this length, and ``extra`` positions after it."""
    shape = (flags.shape[0], flags.shape[1] + extra)
    return _covered(np.asarray(_windows(flags, length).all(axis=-1)), length + extra, shape)


def _point_types(direction: np.ndarray, better: int) -> np.ndarray:
    """Index into ``_WORDS["point_type"]``: common, improvement, concern, neutral."""
    if better == 0:
        return np.where(direction == 0, 0, 3)
    return np.select([direction == 0, direction == better], [0, 1], default=2)


_WORDS = {
    "special_cause": np.array([None, *RULES], dtype=object),
    "point_type": np.array(
        [
            "common_cause",
            "special_cause_improvement",
            "special_cause_concern",
            "special_cause_neutral",
        ],
        dtype=object,
    ),
    "direction": np.array([None, "up", "down"], dtype=object),  # by 0, 1 and −1
}


def _column(name: str, part: np.ndarray) -> Any:
    if name not in _WORDS:
        return part
    # The object type keeps None for "no special cause", where text would turn it into NaN.
    return pd.Series(_WORDS[name][part], dtype=object)


def _assurance(target: float | None, last: pd.Series, improvement: Improvement) -> str | None:
    if target is None or improvement == "neutral" or np.isnan(last["upper"]):
        return None
    beyond = "above" if target > last["upper"] else "below" if target < last["lower"] else None
    if beyond is None:
        return "inconsistent"
    failing = "above" if improvement == "increase" else "below"
    return "consistent_fail" if beyond == failing else "consistent_pass"


def _warnings(segments: pd.DataFrame, screened: bool) -> list[str]:
    found = []
    columns = (segments[name] for name in ("start", "end", "n", "lower"))
    for number, (start, end, n, lower) in enumerate(zip(*columns, strict=True), start=1):
        where = f"Segment {number} (positions {start} to {end})"
        if n == 1:
            found.append(f"{where} has one point: it has no moving range and no limits.")
            continue
        if n < SHORT_SEGMENT:
            found.append(
                f"{where} has {n} points: limits from fewer than {SHORT_SEGMENT} are provisional."
            )
        if np.isnan(lower):
            found.append(
                f"{where} has no limits: its baseline does not vary, so screening leaves no "
                "moving range. With screen_outliers=False the limits equal the mean."
            )
    return found
