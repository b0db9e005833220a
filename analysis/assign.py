"""From groups to placements: one theme, sometimes two, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from analysis.arrays import Floats, Ints
from analysis.cluster import NEIGHBOURS, centres, nearest

_SECOND = 0.97
"""A comment has a second theme when that is at least this near, relative to the first."""
_FAR = 0.5
"""A comment fits nowhere when its best theme stands out from the others less than this, relative to the
usual."""
_MOST_NOWHERE = 0.1
"""At most this share is called equally far from all; among many vague comments the clearer ones are still
placed."""
_ANCHORS = 5_000
_NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where texts belong."""

    first: Ints
    """Shape (texts,): group of each text, -1 for none."""
    second: Ints
    """Shape (texts,): second group, -1 for none."""
    likeness: Floats
    """Shape (texts, 2): cosine similarity to the middle of the first and second group, 0 to 1."""

    def members(self, group: int) -> Ints:
        """Return the texts whose first group this is, nearest to its middle first."""
        texts = np.flatnonzero(self.first == group)
        order = np.lexsort((texts, -self.likeness[texts, 0].round(4)))
        return texts[order]


def assign(points: Floats, smoothed: Floats, fitted: Ints, groups: Ints, seed: int) -> Assigned:
    """Place texts by their distance from the middle of each group.

    Parameters
    ----------
    points : array, shape (n, d)
        All texts, rows of length one, or zero for a text that has nothing in common with the others.
    smoothed : array, shape (m, d)
        Those texts from which the groups were made, after smoothing.
    fitted : array of int64, shape (m,)
        Their rows in `points`.
    groups : array of int64, shape (m,)
        Their groups.
    seed : int
        Start of the random choice of anchors.

    Returns
    -------
    Assigned
        For all n texts.
    """
    middles = centres(smoothed, groups)
    places = np.zeros_like(points)
    places[fitted] = smoothed
    rest = np.setdiff1d(np.flatnonzero(points.any(axis=1)), fitted)
    places[rest] = _as_if_smoothed(points, rest, smoothed, fitted, seed)
    likeness = np.clip(places @ middles.T, 0, 1)
    return _decide(likeness, np.asarray(points.any(axis=1)))


def _as_if_smoothed(points: Floats, rest: Ints, smoothed: Floats, fitted: Ints, seed: int) -> Floats:
    """Put texts from outside the sample where their neighbours in the sample went."""
    chosen = np.arange(len(fitted))
    if len(chosen) > _ANCHORS:
        chosen = np.sort(np.random.default_rng(seed).choice(chosen, _ANCHORS, replace=False))
    if not len(rest):
        return smoothed[:0]
    near = chosen[nearest(points[rest], points[fitted[chosen]], min(NEIGHBOURS, len(chosen)))]
    total = smoothed[near[:, 0]].copy()
    for column in near.T[1:]:
        total += smoothed[column]
    return np.asarray(normalize(total, copy=False))


def _decide(likeness: Floats, known: NDArray[np.bool_]) -> Assigned:
    texts, groups = likeness.shape
    rows = np.arange(texts)
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :2]
    best = np.take_along_axis(likeness, order, axis=1)
    if groups == 1:
        nobody = np.full(texts, _NOWHERE)
        return Assigned(np.where(known, 0, _NOWHERE), nobody, np.hstack([best, np.zeros_like(best)]))
    others = (likeness.sum(axis=1) - best[:, 0]) / (groups - 1)
    stands_out = best[:, 0] - others
    usual, lowest = np.quantile(stands_out[known], [0.5, _MOST_NOWHERE])
    placed = known & (stands_out >= min(_FAR * usual, lowest))
    both = placed & (best[:, 1] >= _SECOND * best[:, 0])
    return Assigned(
        first=np.where(placed, order[rows, 0], _NOWHERE),
        second=np.where(both, order[rows, 1], _NOWHERE),
        likeness=best,
    )
