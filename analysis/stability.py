"""Stability: how often a theme comes back when the comments are re-sampled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.arrays import Floats, Ints
from analysis.cluster import group, nearest, neighbour_count, smooth

_SHARE = 0.8
_MOST = 2_000
"""Texts per resample: enough to see a theme come back, and quick at any size."""


def stability(
    points: Floats, groups: Ints, resamples: int, seed: int, step: Callable[[float], object]
) -> list[float | None]:
    """Find the groups again in random parts of the texts and compare.

    Parameters
    ----------
    points : array, shape (n, d)
        Rows of length one, before smoothing.
    groups : array of int64, shape (n,)
        Group of each text, from 0 without gaps.
    resamples : int
        Random parts to look at, each four fifths of the texts but at most 2,000.
    seed : int
        Start of the random choices.
    step : callable
        Called before each resample with the share done, 0 to 1; may raise to stop.

    Returns
    -------
    list of float or None
        Per group, the mean Jaccard similarity with its match (Hennig 2007), 0 to 1, to two decimals; groups
        are matched one to one. None for a group that was in no resample, and for all without resamples.
    """
    count = int(groups.max()) + 1
    found = np.full((resamples, count), np.nan)
    size = min(_MOST, int(len(points) * _SHARE))
    if size < 2:
        return [None] * count
    random = np.random.default_rng(seed)
    for number in range(resamples):
        step(number / resamples)
        rows = np.sort(random.choice(len(points), size, replace=False))
        part = points[rows]
        near = nearest(part, part, neighbour_count(size), itself=True)
        again = group(smooth(part, near), count, seed + number, starts=2)
        found[number] = _matched(groups[rows], again, count)
    return [_mean(column) for column in found.T]


def _matched(old: Ints, new: Ints, count: int) -> NDArray[np.float64]:
    """Return, per old group, its Jaccard similarity with the new group it is matched to; NaN where it is
    absent."""
    table = np.zeros((count, int(new.max()) + 1))
    np.add.at(table, (old, new), 1)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    jaccard = table / np.maximum(union, 1)
    similarity = np.where(table.sum(axis=1) > 0, 0.0, np.nan)
    rows, columns = linear_sum_assignment(jaccard, maximize=True)
    similarity[rows] += jaccard[rows, columns]
    return similarity


def _mean(values: NDArray[np.float64]) -> float | None:
    present = values[~np.isnan(values)]
    return round(float(present.mean()), 2) if len(present) else None
