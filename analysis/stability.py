"""Stability: how often a theme comes back when the comments are re-sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints
from analysis.cluster import AXES, diffusion, group, neighbourhood

if TYPE_CHECKING:
    from analysis.types import Map

_SHARE = 0.8
_MOST = 1_000
"""Texts per resample: enough to see a theme come back, and quick at any size."""
_STARTS = 2
_AXES_PER_GROUP = 2
"""So many axes tell groups apart; more cost time only."""


@dataclass(frozen=True)
class _Draw:
    """One resample: all that is needed to group it, and to compare."""

    points: Floats
    groups: Ints
    count: int
    seed: int


def stability(
    points: Floats, groups: Ints, count: int, resamples: int, seed: int, spread_out: Map = map
) -> list[float | None]:
    """Find the groups again in random parts of the texts and compare.

    Parameters
    ----------
    points : array, shape (n, d)
        Texts; their neighbours are looked for in each part anew, as they were in the whole.
    groups : array of int64, shape (n,)
        Group of each text, from 0.
    count : int
        Number of groups.
    resamples : int
        Random parts to look at, each four fifths of the texts but at most 1,000.
    seed : int
        Start of the random choices.
    spread_out : callable
        Like the built-in `map`; the parts are independent.

    Returns
    -------
    list of float or None
        Per group, the mean Jaccard similarity with its match (Hennig 2007), 0 to 1, to two decimals; groups
        are matched one to one. None for a group that was in no resample, and for all without resamples.
    """
    size = min(_MOST, int(len(groups) * _SHARE))
    if size < 2 or not resamples:
        return [None] * count
    random = np.random.default_rng(seed)
    draws = []
    for number in range(resamples):
        rows = np.sort(random.choice(len(groups), size, replace=False))
        draws.append(_Draw(points[rows], groups[rows], count, seed + number))
    found = np.array(list(spread_out(_again, draws)))
    return [_mean(column) for column in found.T]


def _again(draw: _Draw) -> NDArray[np.float64]:
    """Group a resample afresh and say how well each group came back."""
    present = len(np.unique(draw.groups))
    graph = neighbourhood(draw.points, draw.seed).graph
    axes = diffusion(graph, draw.seed, min(AXES, _AXES_PER_GROUP * present))
    return matched(draw.groups, group(axes, present, draw.seed, _STARTS), draw.count)


def matched(old: Ints, new: Ints, count: int) -> NDArray[np.float64]:
    """Return, per old group, its Jaccard similarity with the new group it is matched to; NaN where it is
    absent.

    Examples
    --------
    >>> matched(np.array([0, 0, 2, 2]), np.array([1, 1, 0, 1]), 3).round(2).tolist()
    [0.67, nan, 0.5]
    """
    from scipy.optimize import linear_sum_assignment

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
