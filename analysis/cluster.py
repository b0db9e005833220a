"""From points to groups: the graph of neighbours, a walk on it, k-means in the space of that walk.

Every text is tied to its nearest neighbours. Texts between which a random walk on these ties goes to and fro
easily are close in the diffusion map of the graph (Coifman & Lafon 2006): the leading eigenvectors of its
normalised adjacency, each weighed by a power of its eigenvalue. That is spectral clustering (Ng, Jordan &
Weiss 2002) with the weak axes turned down. k-means groups the texts there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, eigsh

from analysis.arrays import Floats, Ints, unit
from analysis.types import Map

NEIGHBOURS = 20
_RANKS = (5, 10, 20)
"""A tie counts once for each of these that its rank lies within, divided by that number: near neighbours
count more, and no single number of neighbours decides."""
CLOSE = 10
"""Neighbours to average a point with."""
AXES = 40
_STEPS, _FADED = 4.0, 0.06
"""Least length of the walk, the power of the eigenvalues, and the weight that the last axis is to fade to."""
_DENSE = 200
"""Up to so many points all eigenvectors are computed; that is quicker than looking for the leading ones."""
_BLOCK = 1_000
"""Rows compared at a time: bounds the memory for similarities, whatever the number of points."""
_PILE = 24
"""Columns in a pile, see `_largest`."""
_ROUNDS = 30
"""Most rounds of k-means; few take half as many."""


def neighbour_count(points: int) -> int:
    """Return how many neighbours to look at: a fifth of the points, 1 to 20."""
    return max(1, min(NEIGHBOURS, points // 5, points - 1))


def nearest(
    points: Floats, others: Floats, count: int, itself: bool = False, spread_out: Map = map
) -> tuple[Ints, Floats]:
    """Find the nearest neighbours by cosine similarity.

    Parameters
    ----------
    points : array, shape (n, d)
        Rows of length one.
    others : array, shape (m, d)
        Rows of length one, among which to look.
    count : int
        Neighbours to find, 1 to m (m - 1 when `itself`).
    itself : bool
        `points` are `others`: no point is its own neighbour.
    spread_out : callable
        Like the built-in `map`; blocks of points are independent.

    Returns
    -------
    array of int64, shape (n, count)
        Rows of `others`, nearest first; ties go to the lower number.
    array of float32, shape (n, count)
        Their similarities, -1 to 1.

    Examples
    --------
    >>> corners = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    >>> nearest(corners, corners, 1, itself=True)[0].ravel().tolist()
    [1, 0, 1]
    """
    found = np.empty((len(points), count), dtype=np.int64)
    similarity = np.empty((len(points), count), dtype=np.float32)
    starts = range(0, len(points), _BLOCK)
    blocks = spread_out(partial(_nearest_of_block, points, others, count, itself), starts)
    for start, (rows, values) in zip(starts, blocks, strict=True):
        found[start : start + len(rows)], similarity[start : start + len(rows)] = rows, values
    return found, similarity


def _nearest_of_block(
    points: Floats, others: Floats, count: int, itself: bool, start: int
) -> tuple[Ints, Floats]:
    likeness = points[start : start + _BLOCK] @ others.T
    rows = np.arange(len(likeness))
    if itself:
        likeness[rows, start + rows] = -np.inf
    best = np.sort(_largest(likeness, count), axis=1)
    values = np.take_along_axis(likeness, best, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1), np.take_along_axis(values, order, axis=1)


def _largest(values: Floats, count: int) -> Ints:
    """Return the columns of the largest values of each row, in any order.

    The columns are dealt into piles. No pile outside the `count` with the highest tops can hold one of the
    largest values, so only these piles are looked through: ten times quicker than to look at all.
    """
    rows, columns = values.shape
    piles = columns // _PILE
    if piles < 2 * count:
        return np.argpartition(-values, count - 1, axis=1)[:, :count]
    dealt = piles * _PILE
    tops = values[:, :dealt].reshape(rows, _PILE, piles).max(axis=1)
    best = np.argpartition(-tops, count - 1, axis=1)[:, :count]
    looked_at = (best[:, None, :] + np.arange(0, dealt, piles)[None, :, None]).reshape(rows, -1)
    left = np.broadcast_to(np.arange(dealt, columns), (rows, columns - dealt))
    looked_at = np.hstack([looked_at, left])
    order = np.argpartition(-np.take_along_axis(values, looked_at, axis=1), count - 1, axis=1)[:, :count]
    return np.take_along_axis(looked_at, order, axis=1)


@dataclass(frozen=True)
class Neighbourhood:
    """Points with their ties."""

    neighbours: Ints
    """Shape (n, k): the nearest points of each, nearest first."""
    similarity: Floats
    """Shape (n, k): how alike they are."""
    seed: int
    """Start of the search for eigenvectors."""

    @cached_property
    def graph(self) -> csr_matrix:
        """Shape (n, n): symmetric, how strongly points are tied."""
        return tie(self.neighbours, self.similarity)

    @cached_property
    def axes(self) -> Floats:
        """Shape (n, up to 40): place of each point in the diffusion map, rows of length one."""
        return diffusion(self.graph, self.seed)

    def average(self, values: Floats) -> Floats:
        """Return the mean direction of each point and its nearest ten neighbours, of values of shape (n,
        d)."""
        total = values.copy()
        for column in self.neighbours.T[:CLOSE]:
            total += values[column]
        return unit(total)


def neighbourhood(points: Floats, seed: int, spread_out: Map = map) -> Neighbourhood:
    """Tie points to their neighbours and lay them out by these ties.

    Parameters
    ----------
    points : array, shape (n, d)
        Rows of length one; n at least 2.
    seed : int
        Start of the search for eigenvectors.
    spread_out : callable
        Like the built-in `map`.

    Returns
    -------
    Neighbourhood
    """
    found = nearest(points, points, neighbour_count(len(points)), itself=True, spread_out=spread_out)
    return Neighbourhood(*found, seed)


def tie(neighbours: Ints, similarity: Floats) -> csr_matrix:
    """Return the symmetric graph in which every point is tied to its neighbours by similarity and rank.

    Parameters
    ----------
    neighbours, similarity : arrays, shape (n, k)
        As `nearest` gives them; similarities below 0.001 count as that.

    Returns
    -------
    sparse matrix, shape (n, n)
        Weights of both directions added up.
    """
    points, count = neighbours.shape
    starts = np.arange(0, points * count + 1, count)
    by_rank = sum((np.arange(count) < rank) / rank for rank in _RANKS)
    weights = (np.maximum(similarity, 1e-3).astype(np.float64) * by_rank).ravel()
    graph = csr_matrix((weights, neighbours.ravel(), starts), shape=(points, points))
    return csr_matrix(graph + graph.T)


def diffusion(graph: csr_matrix, seed: int, axes: int = AXES) -> Floats:
    """Lay points out by a walk on the graph.

    Parameters
    ----------
    graph : sparse matrix, shape (n, n)
        Symmetric, every point tied.
    seed : int
        Start of the search for eigenvectors.
    axes : int
        How many at most.

    Returns
    -------
    array of float32, shape (n, up to `axes`)
        Rows of length one.
    """
    strength = np.sqrt(np.asarray(graph.sum(axis=1)).ravel())
    walk = csr_matrix(diags(1 / strength) @ graph @ diags(1 / strength))
    if walk.shape[0] <= max(_DENSE, axes + 1):
        values, vectors = np.linalg.eigh(walk.toarray())
    else:
        values, vectors = _leading(walk, strength, *connected_components(walk, directed=False), seed, axes)
    order = np.argsort(-values, kind="stable")[:axes]
    return unit(vectors[:, order] * np.maximum(values[order], 0) ** _steps(float(values[order[-1]])))


def _steps(weakest: float) -> float:
    """Return how far to walk: the farther, the finer the ties are, so that the last axis fades."""
    return max(_STEPS, math.log(_FADED) / math.log(weakest)) if 0 < weakest < 1 - 1e-6 else _STEPS


def _leading(
    walk: csr_matrix, strength: NDArray[np.float64], parts: int, part: NDArray[np.int32], seed: int, axes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the leading eigenvalues and eigenvectors, given the parts that nothing ties together.

    Each part has the eigenvalue 1 of its own. The search for eigenvectors starts from one vector and finds
    one of those that share a value, so these are written down, and searched beside.
    """
    random = np.random.default_rng(seed)
    if parts >= axes:
        # More parts than axes: each gets a direction by chance.
        return np.ones(axes), strength[:, None] * random.standard_normal((parts, axes))[part]
    known = np.zeros((len(part), parts))
    known[np.arange(len(part)), part] = strength
    known /= np.sqrt(np.square(known).sum(axis=0))
    beside = LinearOperator(
        walk.shape, matvec=lambda vector: walk @ vector - known @ (known.T @ vector), dtype=np.float64
    )
    start = random.uniform(0.5, 1.5, len(part))
    values, vectors = eigsh(beside, axes - parts, v0=start, tol=1e-3, which="LA")
    return np.concatenate([np.ones(parts), values]), np.hstack([known, vectors])


def group(points: Floats, groups: int, seed: int, starts: int, rounds: int = _ROUNDS) -> Ints:
    """Divide points into groups by k-means (Lloyd 1982) from spread-out starts (Arthur & Vassilvitskii 2007).

    Parameters
    ----------
    points : array, shape (n, d)
        Points.
    groups : int
        Groups to make, 1 or more; fewer are made when fewer points differ.
    seed : int
        Start of the random choices.
    starts : int
        Attempts, of which the best is kept.
    rounds : int
        Most rounds of each.

    Returns
    -------
    array of int64, shape (n,)
        Group of each point: 0, 1, ... without gaps.

    Examples
    --------
    >>> group(np.array([[0.0], [0.1], [5.0]]), 2, seed=0, starts=1).tolist() in ([0, 0, 1], [1, 1, 0])
    True
    """
    random = np.random.default_rng(seed)
    nobody = points[:0]
    attempts = [refine(points, spread(points, nobody, groups, random), rounds=rounds) for _ in range(starts)]
    best = min(range(starts), key=lambda number: attempts[number][1])
    return attempts[best][0]


def spread(points: Floats, middles: Floats, groups: int, random: np.random.Generator) -> Floats:
    """Add starting points to those given, each with a probability that grows with its distance from them.

    Parameters
    ----------
    points : array, shape (n, d)
        Points.
    middles : array, shape (k, d)
        Where groups start already; may be none.
    groups : int
        How many to have in all; fewer when fewer points differ.
    random : Generator
        Chance.

    Returns
    -------
    array, shape (groups, d)
        Those given first.
    """
    squares = np.einsum("ij,ij->i", points, points)
    chosen = list(middles) or [points[int(random.integers(len(points)))]]
    distance = np.full(len(points), np.inf)
    waiting = list(chosen)
    while True:
        for middle in waiting:
            distance = np.minimum(distance, np.maximum(squares - 2 * (points @ middle) + middle @ middle, 0))
        total = np.cumsum(distance, dtype=np.float64)
        if len(chosen) >= groups or total[-1] <= 1e-6 * len(points):
            return np.stack(chosen)
        row = int(np.searchsorted(total, random.uniform(0, total[-1]), side="right"))
        waiting = [points[min(row, len(points) - 1)]]
        chosen += waiting


def refine(
    points: Floats, middles: Floats, fixed: Ints | None = None, rounds: int = _ROUNDS
) -> tuple[Ints, float]:
    """Move the middles of groups until nothing changes (Lloyd's algorithm).

    Parameters
    ----------
    points : array, shape (n, d)
        Points.
    middles : array, shape (k, d)
        Where the groups start.
    fixed : array of int64, shape (n,), optional
        Groups of points that were decided; -1 for the others.
    rounds : int
        When to stop in any case.

    Returns
    -------
    array of int64, shape (n,)
        Group of each point: 0, 1, ... without gaps; with `fixed`, numbers stay those of `middles`.
    float
        Sum of the squared distances from the middles, up to a constant.
    """
    found = np.full(len(points), -1, dtype=np.int64)
    for _ in range(rounds):
        distance = np.einsum("ij,ij->i", middles, middles) - 2 * (points @ middles.T)
        nearer = distance.argmin(axis=1)
        if fixed is not None:
            nearer = np.where(fixed >= 0, fixed, nearer)
        if np.array_equal(nearer, found):
            break
        found = nearer
        middles = _means(points, found, middles)
    cost = float(distance[np.arange(len(points)), found].sum())
    return (found if fixed is not None else np.unique(found, return_inverse=True)[1]), cost


def _means(points: Floats, groups: Ints, middles: Floats) -> Floats:
    """Return the mean of each group; a group without points keeps its middle."""
    sizes = np.bincount(groups, minlength=len(middles))
    sums = np.asarray(member(groups, len(middles)).T @ points)
    return np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], middles).astype(np.float32)


def member(groups: Ints, count: int) -> csr_matrix:
    """Return the matrix that says which group each point is in, shape (n, count)."""
    points = len(groups)
    return csr_matrix(
        (np.ones(points, dtype=np.float32), groups, np.arange(points + 1)), shape=(points, count)
    )


def centres(points: Floats, groups: Ints, count: int | None = None) -> Floats:
    """Return the middle of each group, scaled to length one.

    Parameters
    ----------
    points : array, shape (n, d)
        Points.
    groups : array of int64, shape (n,)
        Group of each point, from 0; -1 for points of none.
    count : int, optional
        Number of groups; the highest in use by default.

    Returns
    -------
    array, shape (groups, d)
        Rows of length one, or zero for a group without points.
    """
    count = int(groups.max()) + 1 if count is None else count
    inside = groups >= 0
    return unit(np.asarray(member(groups[inside], count).T @ points[inside]))
