"""Exact and near duplicates: the same text sent again, and texts that share nearly all their word triples.

Two texts are near duplicates when the Jaccard similarity of their sets of three-word shingles is 0.8 or more
(Broder 1997). Pairs to compare come from MinHash signatures in bands (Leskovec, Rajaraman & Ullman, *Mining
of Massive Datasets*, chapter 3); each is then checked on its shingles, so that a pair found is a pair that
holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_SHINGLE = 3
_BANDS, _ROWS = 16, 4
"""At similarity 0.8 a pair shares no band, and is missed, once in 5,000 times; 64 hash functions in all."""
_BATCH = 20_000
"""Texts signed at a time: bounds the memory."""
_BUCKET = 50
"""In larger buckets every text is compared with the first and the one before only."""
_WORD = re.compile(r"\w+")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SEED = 20_190_101


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Texts that say the same."""

    positions: tuple[int, ...]
    """Positions of the texts, in input order; two or more."""
    exact: bool
    """All have the same words in the same order; otherwise some differ a little."""


def duplicates(texts: Sequence[str], similarity: float = 0.8) -> tuple[DuplicateGroup, ...]:
    """Group texts that are equal or nearly so.

    Parameters
    ----------
    texts : sequence of str
        Any texts. Capitals, blanks and punctuation do not count; texts without any sign are never duplicates.
    similarity : float
        Least Jaccard similarity of two near duplicates, above 0 and at most 1. Texts further apart may share
        a group through one that is near both.

    Returns
    -------
    tuple of DuplicateGroup
        In the order of their first texts; each text is in one group at most.

    Raises
    ------
    ValueError
        When `similarity` is out of range.

    Examples
    --------
    >>> duplicates(["Fix the road!", "fix the road", "Open the library", "   "])
    (DuplicateGroup(positions=(0, 1), exact=True),)
    """
    if not 0 < similarity <= 1:
        raise ValueError(f"similarity must be above 0 and at most 1, not {similarity!r}.")
    copies: defaultdict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(texts):
        key = _key(text)
        if key:
            copies[key].append(position)
    different = list(copies)
    joined = _join(len(different), _near_pairs(different, similarity))
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for number, key in enumerate(different):
        groups[joined[number]].append(key)
    found = (
        DuplicateGroup(tuple(sorted(p for key in keys for p in copies[key])), exact=len(keys) == 1)
        for keys in groups.values()
    )
    return tuple(
        sorted((group for group in found if len(group.positions) > 1), key=lambda group: group.positions)
    )


def _key(text: str) -> str:
    """Return the words of a text; of a text without words, its signs."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return " ".join(_WORD.findall(plain)) or "".join(plain.split())


def _near_pairs(texts: Sequence[str], similarity: float) -> Iterator[tuple[int, int]]:
    """Yield pairs of near duplicates, each perhaps several times over."""
    shingles, starts = _shingles(texts)
    checked: set[tuple[int, int]] = set()
    for band in _bands(shingles, starts):
        for pair in _candidates(band):
            if pair not in checked:
                checked.add(pair)
                if _jaccard(shingles, starts, *pair) >= similarity:
                    yield pair


def _shingles(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    """Return one number per shingle, text after text, and where each text starts (and the last one ends)."""
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers) + 1)
    tokens: list[int] = []
    lengths = []
    for text in texts:
        found = [numbers[word] for word in text.split(" ")]
        # Padding gives short texts a shingle, and every text as many as it has words.
        tokens += [0] * (_SHINGLE - 1) + found
        lengths.append(len(found))
    padded = np.array(tokens, dtype=np.uint64)
    mixed = np.zeros(max(0, len(padded) - _SHINGLE + 1), dtype=np.uint64)
    for offset in range(_SHINGLE):
        mixed = _scramble(mixed + padded[offset : len(mixed) + offset])
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    text_of = np.repeat(np.arange(len(texts)), lengths)
    return mixed[np.arange(starts[-1]) + (_SHINGLE - 1) * text_of], starts


def _scramble(values: Hashes) -> Hashes:
    """Spread numbers over all 64 bits (the finaliser of splitmix64)."""
    values = values + _ODD
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _bands(shingles: Hashes, starts: NDArray[np.int64]) -> Iterator[Hashes]:
    """Yield, band by band, one number per text: equal when the texts agree on the band."""
    random = np.random.default_rng(_SEED)
    factors = random.integers(1, 2**63, size=(_BANDS, _ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    texts = len(starts) - 1
    for band in factors:
        key = np.zeros(texts, dtype=np.uint64)
        for first in range(0, texts, _BATCH):
            last = min(first + _BATCH, texts)
            part = shingles[starts[first] : starts[last]]
            for factor in band:
                # The high bits of a product are mixed best; the low ones would order all factors alike.
                lowest = np.minimum.reduceat(
                    (part * factor) >> np.uint64(16), starts[first:last] - starts[first]
                )
                key[first:last] = _scramble(key[first:last] + lowest)
        yield key


def _candidates(band: Hashes) -> Iterator[tuple[int, int]]:
    """Yield pairs of texts that agree on a band."""
    order = np.argsort(band, kind="stable")
    edges = np.flatnonzero(np.diff(band[order])) + 1
    bounds = np.concatenate([[0], edges, [len(order)]])
    for index in np.flatnonzero(np.diff(bounds) > 1):
        bucket = order[bounds[index] : bounds[index + 1]].tolist()
        for place, text in enumerate(bucket):
            others = bucket[:place] if len(bucket) <= _BUCKET else {bucket[0], bucket[place - 1]}
            yield from ((other, text) for other in others if other < text)


def _jaccard(shingles: Hashes, starts: NDArray[np.int64], one: int, other: int) -> float:
    first = set(shingles[starts[one] : starts[one + 1]].tolist())
    second = set(shingles[starts[other] : starts[other + 1]].tolist())
    return len(first & second) / len(first | second)


def _join(texts: int, pairs: Iterator[tuple[int, int]]) -> list[int]:
    """Return for each text the first one it is tied to, directly or through others."""
    parent = list(range(texts))

    def root(text: int) -> int:
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return [root(text) for text in range(texts)]
