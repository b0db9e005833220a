"""How many themes: a scan of modularity over the graph of neighbours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from analysis.arrays import Floats, Ints
from analysis.cluster import group, nearest, neighbour_count, smooth

_RESOLUTION = 1.5
"""Above 1, modularity favours smaller groups (Reichardt & Bornholdt 2006)."""
_GOOD_ENOUGH = 0.94
"""The fewest themes that reach this share of the best modularity are taken: the top of the curve is flat, and
fewer themes are read sooner."""
_SCANNED = 4_000
"""Points looked at; more would not change the number of themes a planner can read."""
_PER_THEME = 5
"""Fewest points a theme should have on average."""


def neighbour_graph(neighbours: Ints) -> csr_matrix:
    """Return the symmetric graph in which every point is tied to its neighbours.

    Parameters
    ----------
    neighbours : array of int64, shape (n, k)
        Rows.

    Returns
    -------
    sparse matrix, shape (n, n)
        1 for a tie in one direction, 2 for one in both.
    """
    points, count = neighbours.shape
    ties = np.ones(points * count), (np.repeat(np.arange(points), count), neighbours.ravel())
    graph = csr_matrix(ties, shape=(points, points))
    return csr_matrix(graph + graph.T)


def modularity(graph: csr_matrix, groups: Ints, resolution: float = _RESOLUTION) -> float:
    """Return how much more the groups of a graph are tied within than by chance.

    Parameters
    ----------
    graph : sparse matrix, shape (n, n)
        Symmetric.
    groups : array of int64, shape (n,)
        Group of each point, from 0 without gaps.
    resolution : float
        Weight of what chance would give.

    Returns
    -------
    float
        At most 1 (Newman & Girvan 2004; with resolution, Reichardt & Bornholdt 2006).

    Examples
    --------
    >>> pairs = neighbour_graph(np.array([[1], [0], [3], [2]]))
    >>> modularity(pairs, np.array([0, 0, 1, 1]), resolution=1)
    0.5
    """
    points = len(groups)
    member = csr_matrix((np.ones(points), (np.arange(points), groups)))
    ties = (member.T @ graph @ member).toarray()
    share = ties / ties.sum()
    return float(np.trace(share) - resolution * np.square(share.sum(axis=1)).sum())


def number_of_themes(points: Floats, most: int, seed: int, step: Callable[[float], object]) -> int:
    """Choose the number of themes.

    Parameters
    ----------
    points : array, shape (n, d)
        Rows of length one, before smoothing.
    most : int
        Largest number to consider.
    seed : int
        Start of the random choices.
    step : callable
        Called before each attempt with the share done, 0 to 1; may raise to stop.

    Returns
    -------
    int
        2 to `most`, and at most one for every five points.
    """
    if len(points) > _SCANNED:
        rows = np.random.default_rng(seed).choice(len(points), _SCANNED, replace=False)
        points = points[np.sort(rows)]
    neighbours = nearest(points, points, neighbour_count(len(points)), itself=True)
    graph, smoothed = neighbour_graph(neighbours), smooth(points, neighbours)
    numbers = range(2, max(2, min(most, len(points) // _PER_THEME)) + 1)
    starts = 3 if len(points) < 1000 else 1
    quality: list[float] = []
    for number in numbers:
        step(len(quality) / len(numbers))
        quality.append(modularity(graph, group(smoothed, number, seed, starts)))
    best = max(quality)
    return next(
        n for n, value in zip(numbers, quality, strict=True) if value >= best - (1 - _GOOD_ENOUGH) * abs(best)
    )
