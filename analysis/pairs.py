"""Pairs of rows that agree on a number, and the groups that pairs make."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pairs = tuple[Ints, Ints]
"""The first rows of the pairs, and the second ones."""


def repeated(values: Hashes) -> Flags:
    """Return which of the sorted values occur more than once.

    Examples
    --------
    >>> repeated(np.array([3, 3, 5], dtype=np.uint64)).tolist()
    [True, True, False]
    """
    same = np.zeros(len(values) + 1, dtype=np.bool_)
    same[1:-1] = values[1:] == values[:-1]
    return np.logical_or(same[1:], same[:-1])


def fresh(first: Hashes | Ints, second: Ints) -> Flags:
    """Return which pairs differ from the one before.

    Examples
    --------
    >>> fresh(np.array([1, 1, 1]), np.array([2, 2, 3])).tolist()
    [True, False, True]
    """
    differs = np.ones(len(first), dtype=np.bool_)
    differs[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return differs


def beside(values: Hashes, rows: Ints, steps: int) -> Pairs:
    """Pair each row with those a few places before it, and the first, of the same value.

    Parameters
    ----------
    values : ndarray of uint64, shape (n,)
        Sorted.
    rows : ndarray of int64, shape (n,)
        The row that has each value; it may have several.
    steps : int
        Places before it, 0 or more.

    Returns
    -------
    pair of ndarrays of int64
        The lower and the higher row of each pair, in order and without repeats.

    Examples
    --------
    >>> low, high = beside(np.array([5, 5, 5, 7], dtype=np.uint64), np.array([4, 2, 9, 1]), 1)
    >>> low.tolist(), high.tolist()
    ([2, 2, 4], [4, 9, 9])
    """
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])
    hub = np.repeat(rows[starts], np.diff(np.append(starts, len(values))))
    pairs = [(hub, rows)]
    for step in range(1, steps + 1):
        same = values[step:] == values[:-step]
        pairs.append((rows[:-step][same], rows[step:][same]))
    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    low, high = np.minimum(first, second), np.maximum(first, second)
    low, high = low[low < high], high[low < high]
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    kept = fresh(low, high)
    return low[kept], high[kept]


def join(joined: Ints, first: Ints, second: Ints) -> Ints:
    """Return for each row the first row it is tied to, directly or through others.

    Parameters
    ----------
    joined : ndarray of int64, shape (n,)
        The same by the ties so far: each row's own number when there are none.
    first, second : ndarray of int64, shape (m,)
        New ties, between rows that are first rows in `joined`.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> join(np.array([0, 1, 1, 3]), np.array([1]), np.array([3])).tolist()
    [0, 1, 1, 1]
    """
    if not len(first):
        return joined
    ties = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(len(joined),) * 2)
    labels = connected_components(ties, directed=False)[1]
    firsts = np.unique(labels, return_index=True)[1]
    return np.asarray(firsts[labels][joined], dtype=np.int64)


def grouped(rows: Ints, groups: Ints) -> Iterator[Ints]:
    """Yield the rows of each group, in the order of the groups' numbers.

    Examples
    --------
    >>> [part.tolist() for part in grouped(np.array([4, 5, 6]), np.array([2, 0, 2]))]
    [[5], [4, 6]]
    """
    order = np.argsort(groups, kind="stable")
    edges = np.flatnonzero(np.diff(groups[order])) + 1
    return (part for part in np.split(rows[order], edges) if len(part))
