"""How many people two incomplete lists together suggest there are.

Source
------
Chapman, University of California Publications in Statistics 1951;1:131; variance of Seber,
Biometrika 1970;57:313.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clear_helpers.methods._numbers import read_number


class CaptureRecapture(NamedTuple):
    """An estimate of a hidden population.

    Attributes
    ----------
    estimate, standard_error
        People there are, and how uncertain that is.
    lower, upper
        Normal limits; the lower is never below the people already on the lists.
    on_lists
        People on at least one list.
    recorded_share
        The first list as a share of the estimate, 0 to 1.
    """

    estimate: float
    standard_error: float
    lower: float
    upper: float
    on_lists: int
    recorded_share: float


def chapman(n1: int, n2: int, both: int, confidence: float = 0.95) -> CaptureRecapture:
    """Chapman's estimate of how many people there are, from two overlapping lists.

    It takes the lists to be independent. A person on one list is often likelier to be on the
    other (nurses tell the GP): then the estimate is too low.

    Parameters
    ----------
    n1, n2
        People on the first and on the second list, whole numbers, at least 1.
    both
        People on both, from 0 to the shorter list.
    confidence
        Between 0 and 1.

    Returns
    -------
    CaptureRecapture

    Raises
    ------
    ValueError
        If a number is not a whole number of people, or more people are on both lists than on
        one of them.

    Notes
    -----
    Source: Chapman 1951; Seber 1970. scipy gives the normal quantile.
    """
    from scipy.stats import norm

    first = read_number(n1, "n1", at_least=1, whole=True)
    second = read_number(n2, "n2", at_least=1, whole=True)
    shared = read_number(both, "both", at_least=0, at_most=min(first, second), whole=True)
    read_number(confidence, "confidence", above=0, at_most=1)
    if confidence == 1:
        raise ValueError("confidence: found 1; expected less than 1, such as 0.95.")
    product = (first + 1) * (second + 1)
    estimate = product / (shared + 1) - 1
    variance = product * (first - shared) * (second - shared) / (shared + 1) ** 2 / (shared + 2)
    error = float(np.sqrt(variance))
    reach = float(norm.isf((1 - confidence) / 2)) * error
    known = first + second - shared
    return CaptureRecapture(
        estimate=estimate,
        standard_error=error,
        lower=max(estimate - reach, known),
        upper=estimate + reach,
        on_lists=int(known),
        recorded_share=first / estimate,
    )
