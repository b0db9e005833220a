"""Near duplicates among many texts, found with MinHash signatures in bands.

See Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3. Each pair that agrees on a band
is checked on its shingles, so that a pair found is a pair that holds; every text is checked against a fixed
number of others, so that the time grows with the number of texts whatever they say.
"""

from __future__ import annotations

import numpy as np

from analysis.pairs import Hashes, Ints, Pairs, beside, join, repeated
from analysis.shingles import Different, scramble

_BATCH = 2_000
"""Texts signed at a time: their numbers fit into the processor's cache."""
_MISSED, _MOST_HASHES = 0.005, 64
"""Share of pairs, just similar enough, that may agree on no band; and hash functions to spend on it."""
_NEIGHBOURS = 3
"""Texts before it in its bucket, and the bucket's first, that each text is compared with."""
_SEED = 20_190_101


def near(different: Different, similarity: float) -> Ints:
    """Return for each text the first one it is near to, directly or through others.

    Parameters
    ----------
    different : Different
        The texts.
    similarity : float
        Least Jaccard similarity of two near duplicates, above 0 and at most 1.

    Returns
    -------
    ndarray of int64, shape (rows,)
        Its own row for a text that is near to no earlier one.

    Raises
    ------
    ValueError
        When `similarity` is out of range.

    Examples
    --------
    >>> letter = "please keep our library open on sundays as our children read there"
    >>> near(Different([letter, "fix the road", letter + " thanks"]), 0.8).tolist()
    [0, 1, 0]
    """
    if not 0 < similarity <= 1:
        raise ValueError(f"similarity must be above 0 and at most 1, not {similarity!r}.")
    rows = len(different.words)
    joined = np.arange(rows)
    bands = _bands(different, similarity) if rows > 1 else np.zeros((0, rows), dtype=np.uint64)
    for number, band in enumerate(bands):
        first, second = _neighbours(band, bands[number - 1])
        apart = joined[first] != joined[second]
        first, second = near_only(different, first[apart], second[apart], similarity)
        joined = join(joined, joined[first], joined[second])
    return joined


def _shape(similarity: float) -> tuple[int, int]:
    """Return bands and rows per band: the most rows, and so the fewest pairs in vain, that miss few pairs."""
    best = (_MOST_HASHES, 1)
    for rows in range(1, 9):
        missed = max(1 - similarity**rows, 1e-9)
        bands = int(np.ceil(np.log(_MISSED) / np.log(missed)))
        if bands * rows <= _MOST_HASHES:
            best = (bands, rows)
    return best


def _bands(different: Different, similarity: float) -> Hashes:
    """Return one number per band (rows of the array) and text: equal when the texts agree on the band."""
    bands, rows = _shape(similarity)
    random = np.random.default_rng(_SEED)
    factors = random.integers(0, 2**31, size=(bands, rows), dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    starts, texts = different.starts, len(different.words)
    keys = np.zeros((bands, texts), dtype=np.uint64)
    for first in range(0, texts, _BATCH):
        last = min(first + _BATCH, texts)
        # Half of the bits are enough to order by, and twice as fast.
        part = (different.shingles[starts[first] : starts[last]] >> np.uint64(32)).astype(np.uint32)
        bounds, product = starts[first:last] - starts[first], np.empty_like(part)
        for key, band in zip(keys[:, first:last], factors, strict=True):
            for factor in band:
                np.multiply(part, factor, out=product)
                key[:] = scramble(key + np.minimum.reduceat(product, bounds))
    return keys


def _neighbours(band: Hashes, other: Hashes) -> Pairs:
    """Return pairs of texts that agree on a band; in large buckets those first that agree on another too."""
    order = np.argsort(band, kind="stable")
    order = order[repeated(band[order])]
    order = order[np.lexsort((other[order], band[order]))]
    return beside(band[order], order, _NEIGHBOURS)


def near_only(different: Different, first: Ints, second: Ints, similarity: float) -> Pairs:
    """Keep the pairs that are near duplicates.

    Parameters
    ----------
    different : Different
        The texts.
    first, second : ndarray of int64, shape (pairs,)
        Rows to compare.
    similarity : float
        Least Jaccard similarity, above 0 and at most 1.

    Returns
    -------
    pair of ndarrays of int64
        Those that hold, in the same order.

    Examples
    --------
    >>> texts = Different(["fix the road", "fix the road now", "open the library"])
    >>> first, second = near_only(texts, np.array([0, 0]), np.array([1, 2]), 0.7)
    >>> first.tolist(), second.tolist()
    ([0], [1])
    """
    # Sets that differ much in size cannot be near, and a huge one would be compared in vain many times.
    sizes = different.sizes[first], different.sizes[second]
    possible = np.minimum(*sizes) >= similarity * np.maximum(*sizes)
    first, second = first[possible], second[possible]
    shared = different.shared(first, second)
    near = shared / (different.sizes[first] + different.sizes[second] - shared) >= similarity
    return first[near], second[near]
