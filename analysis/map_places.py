"""Where the spots of a map lie: themes first, then the comments among and within them.

The centres of the themes are laid out by classical multidimensional scaling of their likeness (Torgerson
1952). Every comment starts at its themes and is then moved as t-SNE does (van der Maaten & Hinton 2008):
comments that are neighbours attract each other, all others repel. Starting from the themes keeps like themes
near each other, which t-SNE from chance would not (Kobak & Berens 2019). Ties between comments of different
themes are loosened and every comment is drawn to the middle of its theme, so that a theme is an island and
not only a tendency.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from scipy.spatial import cKDTree

from analysis.arrays import Floats, unit
from analysis.cluster import nearest, neighbour_count, tie

Places = NDArray[np.float64]
"""Shape (n, 2)."""

ASPECT = 1.5
"""Maps are drawn so many times as wide as high."""
_CENTRED = 0.8
"""Share of what all themes have in common that is taken out before they are compared."""
_ROUNDS, _CALM = 120, 40
"""Rounds of moving, and how many of them pull harder, so that what belongs together meets."""
_EARLY, _LATE = 6.0, 1.4
"""How much harder neighbours attract than t-SNE has it; above 1 throughout, islands stay dense."""
_ACROSS = 0.15
"""What is left of a tie between comments that share no theme."""
_HOME = 0.03
"""How strongly a comment is drawn to the middle of its theme."""
_SPAN = 20.0
"""Width of the first layout, in the units of t-SNE."""
_APART, _PUSHES = 0.62, 25
"""Share of its part of the picture that a spot has to itself, and rounds of pushing apart."""
_FAR_OUT, _MARGIN = 0.01, 0.03
"""Share of spots on each side that may lie farther out than the others by this share of the width at most."""
_STRETCH = 1.6
"""How much more one side may be stretched than the other to fill the picture."""
_GOLDEN = np.pi * (3 - np.sqrt(5))
_ROWS = 128
"""Rows moved at a time: their distances fit into the cache."""


def arrange(points: Floats, weights: NDArray[np.float64], seed: int) -> Places:
    """Lay comments out on a map.

    Parameters
    ----------
    points : array, shape (n, d)
        Rows of length one, or zero where nothing is known; n at least 1.
    weights : array, shape (n, themes)
        How much each comment belongs to each theme: rows add up to one, or to zero for comments of none.
    seed : int
        Start of the random choices.

    Returns
    -------
    array of float64, shape (n, 2)
        Places between 0 and 1, no two spots on top of each other.

    Examples
    --------
    >>> points = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
    >>> places = arrange(points, points.astype(np.float64), seed=0)
    >>> [bool(np.ptp(places[rows, 0]) < 0.5) for rows in (slice(0, 3), slice(3, 6))]
    [True, True]
    """
    ties = _ties(points, weights)
    places = _start(theme_centres(points, weights), weights, ties, seed)
    if ties.nnz:
        places = _move(places, ties, weights)
    return _fitted(_pushed(_fitted(_gathered(_turned(places))) * [ASPECT, 1.0]))


def theme_centres(points: Floats, weights: NDArray[np.float64]) -> Places:
    """Return where the centres of themes lie by their likeness, shape (themes, 2), about -1 to 1."""
    themes = weights.shape[1]
    middles = unit(weights.T @ points)
    apart = unit(middles - _CENTRED * middles.mean(axis=0)).astype(np.float64) if themes else middles
    squares = np.maximum(2 - 2 * (apart @ apart.T), 0)
    np.fill_diagonal(squares, 0)
    centre = np.eye(themes) - 1 / max(1, themes)
    values, vectors = np.linalg.eigh(-centre @ squares @ centre / 2)
    found = np.zeros((themes, 2))
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    found[:, : axes.shape[1]] = axes * _signs(axes)
    return np.asarray(found + 0.2 * _sunflower(themes))


def _sunflower(count: int) -> Places:
    """Return places spread over a disc of radius one, none twice (Vogel 1979)."""
    numbers = np.arange(count)
    radius = np.sqrt((numbers + 0.5) / max(1, count))
    return np.asarray(
        radius[:, None] * np.stack([np.cos(numbers * _GOLDEN), np.sin(numbers * _GOLDEN)], axis=1)
    )


def _signs(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sign that makes the largest entry of each axis positive: eigenvectors have none of their
    own."""
    if not axes.size:
        return np.ones(axes.shape[1])
    largest = np.abs(axes.round(9)).argmax(axis=0)
    return np.where(axes[largest, np.arange(axes.shape[1])] < 0, -1.0, 1.0)


def _ties(points: Floats, weights: NDArray[np.float64]) -> csr_matrix:
    """Return how strongly comments attract each other, shape (n, n), adding up to one."""
    known = np.flatnonzero(points.any(axis=1))
    size = len(points)
    if len(known) < 2:
        return csr_matrix((size, size))
    graph = tie(*nearest(points[known], points[known], neighbour_count(len(known)), itself=True)).tocoo()
    rows, columns = known[graph.row], known[graph.col]
    placed = np.asarray(weights.any(axis=1))
    shared = np.einsum("ij,ij->i", weights[rows], weights[columns]) > 0
    across = placed[rows] & placed[columns] & ~shared
    found = csr_matrix((np.where(across, _ACROSS, 1) * graph.data, (rows, columns)), shape=(size, size))
    strength = np.sqrt(np.maximum(np.asarray(found.sum(axis=1)).ravel(), 1e-12))
    even = csr_matrix(diags(1 / strength) @ found @ diags(1 / strength))
    return csr_matrix(even / even.sum())


def _start(centres: Places, weights: NDArray[np.float64], ties: csr_matrix, seed: int) -> Places:
    """Put every comment at its themes, and those of none among their neighbours."""
    placed = np.asarray(weights.any(axis=1))
    sizes = np.sqrt(weights.sum(axis=0) / max(1, len(weights)))
    random = np.random.default_rng(seed)
    places = weights @ centres + random.normal(0, 0.25, (len(weights), 2)) * (weights @ sizes)[:, None]
    to_placed = csr_matrix(ties[np.flatnonzero(~placed)] @ diags(placed.astype(np.float64)))
    near = np.asarray(to_placed @ places)
    heard = np.asarray(to_placed.sum(axis=1)).reshape(-1, 1)
    middle = near / np.where(heard > 0, heard, 1)
    places[~placed] = np.where(heard > 0, middle, 0) + random.normal(0, 0.3, middle.shape)
    return np.asarray(places * _SPAN)


def _move(places: Places, ties: csr_matrix, weights: NDArray[np.float64]) -> Places:
    """Let neighbours attract and all others repel, with growing steps where a direction lasts (Jacobs
    1988)."""
    rate, speed, gain = max(50.0, len(places) / 3), np.zeros_like(places), np.ones_like(places)
    home = weights / np.maximum(weights.sum(axis=0), 1e-9)
    for number in range(_ROUNDS):
        pull = _EARLY if number < _CALM else _LATE
        slope = _slope(places, ties, pull) + _HOME * _homesick(places, weights, home) / len(places)
        gain = np.maximum(np.where(np.sign(slope) == np.sign(speed), gain * 0.8, gain + 0.2), 0.05)
        speed = (0.5 if number < _CALM else 0.8) * speed - rate * gain * slope
        places = places + speed
        places = places - places.mean(axis=0)
    return places


def _homesick(places: Places, weights: NDArray[np.float64], home: NDArray[np.float64]) -> Places:
    """Return how far each comment is from the middle of its themes."""
    return np.asarray(weights.sum(axis=1, keepdims=True) * places - weights @ (home.T @ places))


def _slope(places: Places, ties: csr_matrix, pull: float) -> Places:
    """Return the slope of the cost of t-SNE."""
    repelled, total = _repulsion(places.astype(np.float32))
    pairs = ties.tocoo()
    between = places[pairs.row] - places[pairs.col]
    force = pairs.data / (1 + np.einsum("ij,ij->i", between, between))
    attracted = _summed(pairs.row, force[:, None] * between, len(places))
    return np.asarray(4 * (pull * attracted - repelled / total))


def _summed(rows: NDArray[Any], values: Places, size: int) -> Places:
    """Add up the values of each row."""
    return np.stack([np.bincount(rows, values[:, axis], size) for axis in (0, 1)], axis=1)


def _repulsion(places: Floats) -> tuple[Places, float]:
    """Return the push of all others on each spot, and the sum of the nearness of all pairs."""
    squares = np.einsum("ij,ij->i", places, places)
    pushed, total = np.empty(places.shape), -float(len(places))
    for start in range(0, len(places), _ROWS):
        here = slice(start, start + _ROWS)
        near = places[here] @ places.T
        near *= -2
        near += (squares[here] + 1)[:, None]
        near += squares
        np.maximum(near, 1, out=near)
        np.reciprocal(near, out=near)
        total += float(near.sum(dtype=np.float64))
        near *= near
        pushed[here] = near.sum(axis=1)[:, None] * places[here] - near @ places
    return pushed, max(total, 1e-9)


def _turned(places: Places) -> Places:
    """Turn the map so that it is wider than high, the same way whatever the signs of its axes were."""
    centred = places - places.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    turned = centred @ vectors[:, ::-1]
    return np.asarray(turned * _signs(turned))


def _gathered(places: Places) -> Places:
    """Bring in the few that lie far out, for whom all others would have to move closer together."""
    low, high = np.quantile(places, [_FAR_OUT, 1 - _FAR_OUT], axis=0)
    return np.clip(places, low - _MARGIN * (high - low), high + _MARGIN * (high - low))


def _fitted(places: Places) -> Places:
    """Scale to 0 to 1, the longer side in full and the other one stretched a little at most."""
    low, high = places.min(axis=0), places.max(axis=0)
    span = (high - low) / [ASPECT, 1]
    span = np.maximum(span, max(float(span.max()) / _STRETCH, 1e-9))
    return np.asarray(np.clip((places - (low + high) / 2) / (span * [ASPECT, 1]) + 0.5, 0, 1))


def _pushed(places: Places) -> Places:
    """Push spots apart that lie on top of each other."""
    apart = _APART * np.sqrt(ASPECT / len(places))
    places = places + 1e-3 * apart * _sunflower(len(places))
    for _ in range(_PUSHES):
        pairs = cKDTree(places).query_pairs(apart, output_type="ndarray")
        if not len(pairs):
            break
        one, other = pairs[np.lexsort(pairs.T)].T
        between = places[one] - places[other]
        length = np.maximum(np.sqrt(np.einsum("ij,ij->i", between, between)), 1e-12)
        step = between * (0.25 * (apart - length) / length)[:, None]
        places = places + _summed(one, step, len(places)) - _summed(other, step, len(places))
    return places
