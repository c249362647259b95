"""Random draws that come out the same on every machine.

Every table has its own stream, named by the table, so that a new table changes no other.
Choices are made with whole-number weights: the last bit of a logarithm or a cosine differs
between processors, and must not be able to move a patient.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """The random stream of one table of one PCN."""
    key = tuple(zlib.crc32(name.encode()) for name in names)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def counts(rng: np.random.Generator, means: np.ndarray) -> np.ndarray:
    """Poisson counts with the given means, rounded first so that noise cannot tip a draw."""
    return rng.poisson(np.round(means, 6))


def choose(
    rng: np.random.Generator, weights: Sequence[float] | np.ndarray, size: int
) -> np.ndarray:
    """Positions 0 … k−1 drawn with the given weights; shape (size,)."""
    ends = np.cumsum(whole(np.asarray(weights, dtype=float)))
    return np.searchsorted(ends, rng.integers(0, ends[-1], size), side="right")


def choose_by(rng: np.random.Generator, weights: np.ndarray, group: np.ndarray) -> np.ndarray:
    """As :func:`choose`, with a row of weights for each group.

    Parameters
    ----------
    weights
        Shape (groups, k); every row has a weight above zero.
    group
        Row that applies to each draw; shape (n,).
    """
    ends = np.cumsum(whole(weights), axis=1)
    drawn = rng.integers(0, ends[group, -1])
    found = np.zeros(len(group), dtype=np.int64)
    for column in range(ends.shape[1] - 1):
        found += drawn >= ends[group, column]
    return found


def happens(rng: np.random.Generator, probability: np.ndarray) -> np.ndarray:
    """Whether each thing happens, to the nearest in a million."""
    return rng.integers(0, 1_000_000, len(probability)) < np.round(probability * 1e6)


def whole(weights: np.ndarray) -> np.ndarray:
    """Weights as whole numbers, to four decimals."""
    return np.round(weights * 10_000).astype(np.int64)
