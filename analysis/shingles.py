"""Texts as sets of shingles: runs of three words, by which they are compared (Broder 1997)."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from analysis.pairs import Hashes, Ints

SHINGLE = 3
"""Words in a shingle."""

_AT_ONCE = 1_000_000
"""Shingles compared at a time: bounds the memory."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD, _ASCII_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+"), re.compile(r"\w+", re.ASCII)
_STRETCH = re.compile(r"\s+|\S{1,200}")
_ODD = np.uint64(0x9E3779B97F4A7C15)


class Different:
    """All texts that differ, by their words; one row each, in the order of their first copies.

    Examples
    --------
    >>> texts = Different(["Fix the road!", "fix the road", "Fix the road now", " "])
    >>> texts.positions(np.array([0, 1])), texts.copies.tolist(), texts.words.tolist()
    ((0, 1, 2), [2, 1], [3, 4])
    >>> texts.sizes.tolist(), texts.shared(np.array([0]), np.array([1])).tolist()
    ([3, 4], [3])
    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Read the words of texts; those without any sign have no row."""
        copies: defaultdict[str, list[int]] = defaultdict(list)
        for position, text in enumerate(texts):
            copies[_key(text)].append(position)
        copies.pop("", None)
        self.places = list(copies.values())
        """For each row the positions of its copies."""
        self.copies = np.array([len(places) for places in self.places], dtype=np.int64)
        """Number of copies of each row."""
        self.shingles, self.starts = _shingles(copies)
        """Shingles of all rows, one a word, and where each row starts (and the last one ends)."""
        self.words = np.diff(self.starts)
        """Number of words of each row."""

    def positions(self, rows: Ints) -> tuple[int, ...]:
        """Return the positions of all copies of the texts, in input order."""
        return tuple(sorted(place for row in rows.tolist() for place in self.places[row]))

    @cached_property
    def sets(self) -> csr_array[Any, tuple[int, int]]:
        """Shingles of each row without repeats, sorted."""
        columns = (self.shingles >> np.uint64(1)).astype(np.int64)
        ones = np.ones(len(columns), dtype=np.int8)
        made = csr_array((ones, columns, self.starts.copy()), shape=(len(self.words), 2**63 - 1))
        made.sum_duplicates()
        return made

    @cached_property
    def sizes(self) -> Ints:
        """Number of different shingles of each row."""
        return np.diff(self.sets.indptr).astype(np.int64)

    def shared(self, first: Ints, second: Ints) -> Ints:
        """Return how many shingles each pair of rows has in common."""
        ends = np.cumsum(self.sizes[first] + self.sizes[second])
        parts = np.flatnonzero(np.diff(ends // _AT_ONCE)) + 1
        return np.concatenate(
            [
                np.diff(self.sets[one].multiply(self.sets[other]).indptr)
                for one, other in zip(np.split(first, parts), np.split(second, parts), strict=True)
            ]
        ).astype(np.int64)


def _key(text: str) -> str:
    """Return the words of a text; of a text without words, its signs."""
    if text.isascii():
        return " ".join(_ASCII_WORD.findall(text.lower())) or "".join(text.split())
    # In stretches: marks without end on one letter take the square of their number to put in order.
    plain = "".join(unicodedata.normalize("NFKC", part) for part in _STRETCH.findall(text)).lower()
    return " ".join(_WORD.findall(plain)) or "".join(plain.split())


def _shingles(texts: Iterable[str]) -> tuple[Hashes, Ints]:
    """Return one number per shingle, text after text, and where each text starts (and the last one ends)."""
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers) + 1)
    tokens, lengths = array("Q"), array("q", [0])
    for text in texts:
        found = [numbers[word] for word in text.split(" ")]
        # Padding gives short texts a shingle, and every text as many as it has words.
        tokens.extend([0] * (SHINGLE - 1) + found)
        lengths.append(len(found))
    padded, sizes = np.array(tokens, dtype=np.uint64), np.array(lengths, dtype=np.int64)
    mixed = np.zeros(max(0, len(padded) - SHINGLE + 1), dtype=np.uint64)
    for offset in range(SHINGLE):
        mixed = scramble(mixed + padded[offset : len(mixed) + offset])
    starts = np.cumsum(sizes)
    text_of = np.repeat(np.arange(len(sizes) - 1), sizes[1:])
    return mixed[np.arange(starts[-1]) + (SHINGLE - 1) * text_of], starts


def scramble(values: Hashes) -> Hashes:
    """Spread numbers over all 64 bits.

    Parameters
    ----------
    values : ndarray of uint64
        Any numbers.

    Returns
    -------
    ndarray of uint64
        Of the same shape; different where they differ. This is the finaliser of splitmix64 (Steele, Lea and
        Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014).

    Examples
    --------
    >>> scramble(np.array([0, 1], dtype=np.uint64)).tolist()
    [16294208416658607535, 10451216379200822465]
    """
    values = values + _ODD
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
