"""How many themes: a scan of modularity over the graph of neighbours.

The texts are divided finely once, and the two groups nearest to each other are joined again and again (Ward
1963). Each stage is a division into one group fewer, and its modularity costs next to nothing, because the
ties between groups are added up once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analysis.arrays import Floats, Ints
from analysis.cluster import Neighbourhood, group, member
from analysis.types import Granularity

_RESOLUTION = {"few": 1.0, "balanced": 1.5, "many": 2.2}
"""Above 1, modularity favours smaller groups (Reichardt & Bornholdt 2006)."""
_LIKED = {"few": 5, "balanced": 8, "many": 14}
"""Themes that people can take in: at one look, on one board, with patience."""
_GOOD_ENOUGH = 0.97
"""The top of the curve is flat. Of the numbers that reach this share of the best modularity, the one nearest
to what people can take in is chosen."""
_PER_THEME = 5
"""Fewest points a theme should have on average."""
_FINELY = 2
"""The first division has so many times the most themes."""
_ROUNDS = 8
"""Rounds of k-means for a fine division, whose groups are joined again anyway."""
_TRIES, _FEWER, _MANY = 6, 2, 2_000
"""Fine divisions whose curves are averaged, because one depends on chance; fewer from so many texts, whose
curves differ less."""


def modularity(ties: NDArray[np.float64], resolution: float) -> float:
    """Return how much more the groups of a graph are tied within than by chance.

    Parameters
    ----------
    ties : array, shape (groups, groups)
        Symmetric: sum of the ties between the points of two groups.
    resolution : float
        Weight of what chance would give.

    Returns
    -------
    float
        At most 1 (Newman & Girvan 2004; with resolution, Reichardt & Bornholdt 2006).

    Examples
    --------
    >>> modularity(np.array([[2.0, 0.0], [0.0, 2.0]]), resolution=1)
    0.5
    """
    share = ties / ties.sum()
    return float(np.trace(share) - resolution * np.square(share.sum(axis=1)).sum())


def joining(graph: csr_matrix, groups: Ints, count: int) -> NDArray[np.float64]:
    """Return how much modularity (resolution 1) would gain by joining two groups.

    Parameters
    ----------
    graph : sparse matrix, shape (n, n)
        Symmetric ties between points.
    groups : array of int64, shape (n,)
        Group of each point, from 0.
    count : int
        Number of groups.

    Returns
    -------
    array, shape (count, count)
        Half the gain, ``e_ij - a_i a_j`` with the share e of ties between two groups and a of those of one
        (Newman 2004); below 0 where they are better apart.

    Examples
    --------
    >>> pairs = csr_matrix(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]))
    >>> joining(pairs, np.array([0, 0, 1, 1]), 2).round(2).tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """
    share = _ties(graph, groups, count)
    share /= share.sum()
    alone = share.sum(axis=1)
    return np.asarray(share - alone[:, None] * alone)


def _ties(graph: csr_matrix, groups: Ints, count: int) -> NDArray[np.float64]:
    """Add up the ties between groups, shape (count, count)."""
    inside = member(groups, count)
    return np.asarray((inside.T @ graph @ inside).toarray())


def number_of_themes(places: Neighbourhood, most: int, granularity: Granularity, seed: int) -> int:
    """Choose the number of themes.

    Parameters
    ----------
    places : Neighbourhood
        The texts.
    most : int
        Largest number to consider.
    granularity : str
        "few", "balanced" or "many".
    seed : int
        Start of the random choices.

    Returns
    -------
    int
        2 to `most`, and at most one for every five texts.
    """
    points = len(places.axes)
    most = max(2, min(most, points // _PER_THEME))
    finely = min(_FINELY * most, max(2, points // 3))
    curves: defaultdict[int, list[float]] = defaultdict(list)
    for attempt in range(_TRIES if points < _MANY else _FEWER):
        fine = group(places.axes, finely, seed + attempt, starts=1, rounds=_ROUNDS)
        for ties in _joined_step_by_step(places.axes, places.graph, fine):
            if 2 <= len(ties) <= most:
                curves[len(ties)].append(modularity(ties, _RESOLUTION[granularity]))
    quality = {number: math.fsum(values) / len(values) for number, values in curves.items()}
    return _best(quality, _LIKED[granularity])


def _best(quality: Mapping[int, float], liked: int) -> int:
    """Return the number nearest to the liked one, in ratio, among those that are good enough; 2 without
    any."""
    best = max(quality.values(), default=0.0)
    good = [number for number, value in quality.items() if value >= best - (1 - _GOOD_ENOUGH) * abs(best)]
    return min(good, key=lambda number: (abs(math.log(number / liked)), number), default=2)


def _joined_step_by_step(points: Floats, graph: csr_matrix, groups: Ints) -> Iterator[NDArray[np.float64]]:
    """Yield the ties between groups, and again after each joining of the two nearest ones."""
    count = int(groups.max()) + 1
    ties = _ties(graph, groups, count)
    sizes = np.bincount(groups).astype(np.float64)
    middles = np.asarray(member(groups, count).T @ points) / sizes[:, None]
    while True:
        yield ties
        if len(ties) <= 2:
            return
        one, other = _nearest_pair(middles, sizes)
        middles[one] = (middles[one] * sizes[one] + middles[other] * sizes[other]) / (
            sizes[one] + sizes[other]
        )
        sizes[one] += sizes[other]
        ties[one] += ties[other]
        ties[:, one] += ties[:, other]
        middles, sizes = np.delete(middles, other, 0), np.delete(sizes, other)
        ties = np.delete(np.delete(ties, other, 0), other, 1)


def _nearest_pair(middles: NDArray[np.float64], sizes: NDArray[np.float64]) -> tuple[int, int]:
    """Return the two groups whose joining spreads them least, by Ward's criterion."""
    squares = np.einsum("ij,ij->i", middles, middles)
    distance = squares[:, None] + squares - 2 * (middles @ middles.T)
    cost = distance * (sizes[:, None] * sizes) / (sizes[:, None] + sizes)
    np.fill_diagonal(cost, np.inf)
    one, other = divmod(int(cost.argmin()), len(sizes))
    return min(one, other), max(one, other)
