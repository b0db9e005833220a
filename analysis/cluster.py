"""From points to groups: neighbours, smoothing, k-means."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

from analysis.arrays import Floats, Ints

NEIGHBOURS = 10
_ROUNDS = 2
_BLOCK = 1_000
"""Rows compared at a time: bounds the memory for similarities, whatever the number of points."""


def neighbour_count(points: int) -> int:
    """Return how many neighbours to look at: a tenth of the points, 1 to 10."""
    return max(1, min(NEIGHBOURS, points // 10))


def nearest(points: Floats, others: Floats, count: int, itself: bool = False) -> Ints:
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

    Returns
    -------
    array of int64, shape (n, count)
        Rows of `others`, nearest first; ties go to the lower number.

    Examples
    --------
    >>> corners = np.array([[1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    >>> nearest(corners, corners, 1, itself=True).ravel().tolist()
    [1, 0, 1]
    """
    found = np.empty((len(points), count), dtype=np.int64)
    for start in range(0, len(points), _BLOCK):
        likeness = points[start : start + _BLOCK] @ others.T
        rows = np.arange(len(likeness))
        if itself:
            likeness[rows, start + rows] = -np.inf
        best = np.sort(np.argpartition(-likeness, count - 1, axis=1)[:, :count], axis=1)
        order = np.argsort(-np.take_along_axis(likeness, best, axis=1), axis=1, kind="stable")
        found[start : start + len(rows)] = np.take_along_axis(best, order, axis=1)
    return found


def smooth(points: Floats, neighbours: Ints) -> Floats:
    """Average each point with its neighbours, twice, which draws groups together and fills short comments
    out.

    Parameters
    ----------
    points : array, shape (n, d)
        Rows of length one.
    neighbours : array of int64, shape (n, k)
        Rows of `points`.

    Returns
    -------
    array, shape (n, d)
        Rows of length one.
    """
    for _ in range(_ROUNDS):
        total = points.copy()
        for column in neighbours.T:
            total += points[column]
        points = normalize(total)
    return points


def group(points: Floats, groups: int, seed: int, starts: int) -> Ints:
    """Divide points into groups by k-means.

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

    Returns
    -------
    array of int64, shape (n,)
        Group of each point: 0, 1, ... without gaps.

    Examples
    --------
    >>> group(np.array([[0.0], [0.1], [5.0]]), 2, seed=0, starts=1).tolist() in ([0, 0, 1], [1, 1, 0])
    True
    """
    with warnings.catch_warnings():
        # Raised when fewer points differ than groups are asked for, which is answered by making fewer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = KMeans(min(groups, len(points)), n_init=starts, random_state=seed).fit_predict(points)
    return np.unique(found, return_inverse=True)[1].astype(np.int64)


def centres(points: Floats, groups: Ints) -> Floats:
    """Return the middle of each group, scaled to length one.

    Parameters
    ----------
    points : array, shape (n, d)
        Points.
    groups : array of int64, shape (n,)
        Group of each point, from 0 without gaps.

    Returns
    -------
    array, shape (groups, d)
        Rows of length one.
    """
    sums = np.zeros((int(groups.max()) + 1, points.shape[1]), dtype=np.float64)
    np.add.at(sums, groups, points)
    return np.asarray(normalize(sums), dtype=np.float32)
