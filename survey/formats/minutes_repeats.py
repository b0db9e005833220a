"""Which texts say what was there already: word for word, or nearly so, in time that grows with the text only.

Two texts are nearly the same when the Jaccard similarity of their sets of three-word shingles is 0.8 or more,
as where themes are found. Candidates are found by the least of their hashes (MinHash), and compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal
from zlib import crc32

Repeat = Literal["", "here", "there", "near"]
SIMILAR = 0.8
SHINGLE = 3
# Each makes another order of the hashes. One in 600 pairs that are just similar has no least in common.
ORDERS = (0x00000000, 0x5BD1E995, 0xC2B2AE35, 0x9E3779B9)
MOST_COMPARED = 4
MASK = 2**32 - 1
WORD = re.compile(r"\w+")


def repeats(texts: Sequence[str], there: Iterable[str], *, near: bool = True) -> list[Repeat]:
    """For each text whether it repeats one: of `there`, an earlier one here, or one of both nearly.

    Without `near`, only the same words in the same order count.
    """
    finder = _Finder(texts, near)
    for other in there:
        finder.meet(other)
    return finder.found


class _Finder:
    """Holds the texts of the file; those that are there already go past it one by one."""

    def __init__(self, texts: Sequence[str], near: bool) -> None:
        self.texts, self.near = texts, near
        self.found: list[Repeat] = [""] * len(texts)
        self.exact: dict[str, list[int]] = {}
        self.least: dict[tuple[int, int], list[int]] = {}
        self.sizes = [0] * len(texts)
        for place, text in enumerate(texts):
            self._add(place, text)

    def _add(self, place: int, text: str) -> None:
        same = self.exact.setdefault(_plain(text), [])
        same.append(place)
        if len(same) > 1:
            self.found[place] = "here"
        elif self.near:
            self._compare(place, text)

    def _compare(self, place: int, text: str) -> None:
        mine = shingles(text)
        self.sizes[place] = len(mine)
        keys = list(_least(mine))
        if any(self._is_near(other, mine) for other in self._candidates(keys)):
            self.found[place] = "near"
        for key in keys:
            held = self.least.setdefault(key, [])
            if len(held) < MOST_COMPARED:
                held.append(place)

    def meet(self, other: str) -> None:
        """Mark what repeats a text that is there already."""
        same = self.exact.get(_plain(other))
        for place in same or ():
            self.found[place] = "there"
        if same:
            self.exact[_plain(other)] = []  # marked; many comments that are all the same cost no more
        if not self.near:
            return
        mine = shingles(other)
        for place in self._candidates(list(_least(mine))):
            if not self.found[place] and self._is_near(place, mine):
                self.found[place] = "near"

    def _candidates(self, keys: list[tuple[int, int]]) -> Iterator[int]:
        seen: set[int] = set()
        for key in keys:
            for place in self.least.get(key, ()):
                if place not in seen:
                    seen.add(place)
                    yield place

    def _is_near(self, place: int, mine: frozenset[int]) -> bool:
        # Sets of very different sizes are not alike: a long text is not taken apart for each short one.
        if min(len(mine), self.sizes[place]) < SIMILAR * max(len(mine), self.sizes[place]):
            return False
        theirs = shingles(self.texts[place])
        shared = len(mine & theirs)
        return shared >= SIMILAR * (len(mine) + len(theirs) - shared)


def _plain(text: str) -> str:
    return " ".join(text.split())


def shingles(text: str) -> frozenset[int]:
    """The hashes of every three words that follow each other; of a shorter text, of all its words."""
    words = WORD.findall(text.casefold())
    if len(words) <= SHINGLE:
        # Signs that are no letters are compared as they are.
        return frozenset((crc32((" ".join(words) or _plain(text)).encode("utf-8", "surrogatepass")),))
    hashes = [crc32(word.encode("utf-8", "surrogatepass")) for word in words]
    triples = zip(hashes, hashes[1:], hashes[2:], strict=False)
    return frozenset((a * 0x9E3779B1 + b * 0x85EBCA77 + c * 0xC2B2AE3D) & MASK for a, b, c in triples)


def _least(hashes: frozenset[int]) -> Iterator[tuple[int, int]]:
    for order in ORDERS:
        yield order, min(map(order.__xor__, hashes))
