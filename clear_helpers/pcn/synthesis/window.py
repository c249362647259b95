"""The observation window as numbers: weeks, days from its start, working days.

A *day* is a whole number of days from Monday 1 April 2019; a *week* is numbered from 0.
"""

from __future__ import annotations

import numpy as np

from ..model import WEEKS_OBSERVED, WINDOW_END, WINDOW_START

WEEKS = WEEKS_OBSERVED
DAYS = 7 * WEEKS
START = WINDOW_START.to_datetime64().astype("datetime64[D]")
END = WINDOW_END.to_datetime64().astype("datetime64[D]")
LIST_DAY = int((np.datetime64("2021-04-01") - START).astype(int))
SHOCK_WEEK = 50  # w/c 16 March 2020, week 51 of the window
REBASE_WEEK = 78  # w/c 28 September 2020, week 79
STEP_WEEK = 120  # w/c 19 July 2021, week 121

# England's bank holidays in the window (gov.uk/bank-holidays).
BANK_HOLIDAYS = np.array(
    [
        "2019-04-19", "2019-04-22", "2019-05-06", "2019-05-27", "2019-08-26", "2019-12-25",
        "2019-12-26", "2020-01-01", "2020-04-10", "2020-04-13", "2020-05-08", "2020-05-25",
        "2020-08-31", "2020-12-25", "2020-12-28", "2021-01-01", "2021-04-02", "2021-04-05",
        "2021-05-03", "2021-05-31", "2021-08-30", "2021-12-27", "2021-12-28", "2022-01-03",
    ],
    dtype="datetime64[D]",
)  # fmt: skip

FINANCIAL_YEARS = tuple(
    (int((np.datetime64(f"{year}-04-01") - START).astype(int)), min(DAYS, last))
    for year, last in (
        (2019, int((np.datetime64("2020-04-01") - START).astype(int))),
        (2020, int((np.datetime64("2021-04-01") - START).astype(int))),
        (2021, int((np.datetime64("2022-04-01") - START).astype(int))),
    )
)
"""First day and the day after the last, of the three financial years; the third ends with
the window, on 27 March 2022."""


def working() -> np.ndarray:
    """Whether each (week, Monday … Friday) is a working day; shape (156, 5)."""
    days = START + np.arange(DAYS).reshape(WEEKS, 7)[:, :5]
    return ~np.isin(days, BANK_HOLIDAYS)


def middle_of_week() -> np.ndarray:
    """The Thursday of each week as a date; shape (156,)."""
    return START + 7 * np.arange(WEEKS) + 3


def month_of_week() -> np.ndarray:
    """Calendar month, 1 to 12, that holds each week's Thursday; shape (156,)."""
    return middle_of_week().astype("datetime64[M]").astype(int) % 12 + 1


def winter(amplitude: float) -> np.ndarray:
    """A smooth yearly wave around 1, highest in the first week of January; shape (156,)."""
    thursdays = middle_of_week()
    day_of_year = (thursdays - thursdays.astype("datetime64[Y]").astype("datetime64[D]")).astype(
        int
    )
    return 1 + amplitude * np.cos(2 * np.pi * (day_of_year - 5) / 365.25)


def profile(knots: dict[int, float]) -> np.ndarray:
    """A level for each week, joined by straight lines between the weeks given; shape (156,)."""
    return np.interp(np.arange(WEEKS), list(knots), list(knots.values()))


def instant(day: np.ndarray, minute: np.ndarray | int = 0) -> np.ndarray:
    """Day and minute of the day as ``datetime64[us]``."""
    return (START + day).astype("datetime64[us]") + np.asarray(minute).astype("timedelta64[m]")
