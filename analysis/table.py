"""The table of word vectors that comes with the library: 128 numbers for each of some 30,000 pieces of words.

A word is cut into the longest pieces that the table knows (WordPiece; Wu et al. 2016, section 4.1) and is the
sum of their vectors; a text is the sum of its words. `docs/word-vectors.md` tells how the table was taught.
The numbers are one byte each, with one scale per piece, and are mapped from the file when first asked for:
processes share them, and nothing but numpy is needed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats
from analysis.spelling import fold

LANGUAGES = frozenset({"en"})
"""Languages whose words the table knows."""

_FOLDER = Path(__file__).parent / "data"
_PART = re.compile(r"[^\W_]+")
_LONGEST = 60
"""Longer runs of letters are noise, not words."""
_REMEMBERED = 200_000
"""Words whose pieces are kept in mind."""
_FILES = {"pieces.txt", "scales.npy", "vectors.npy"}


class DamagedTable(ValueError):
    """The file of word vectors is not the one that was shipped."""


@dataclass(frozen=True)
class Table:
    """Word vectors."""

    pieces: dict[str, int]
    """Row of each piece; pieces that go on a word begin with ``##``."""
    numbers: NDArray[np.int8]
    """Shape (pieces, d), from -127 to 127."""
    scales: NDArray[np.float32]
    """Shape (pieces,): what 1 stands for in each row."""
    name: str = "table"
    """What the manifest calls it."""
    _known: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    @property
    def axes(self) -> int:
        """Numbers per vector."""
        return int(self.numbers.shape[1])

    def cut(self, word: str) -> tuple[int, ...]:
        """Return the rows of the pieces of one word in lower case; none for a word of unknown letters."""
        found = self._known.get(word)
        if found is None:
            found = tuple(row for part in _PART.findall(fold(word)) for row in self._longest_first(part))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            if len(word) <= _LONGEST:
                self._known[word] = found
        return found

    def _longest_first(self, part: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(part) <= _LONGEST:
            mark = "##" if start else ""
            ends = range(len(part), start, -1)
            end = next((end for end in ends if mark + part[start:end] in self.pieces), None)
            if end is None:
                return []
            found.append(self.pieces[mark + part[start:end]])
            start = end
        return found

    def words(self, words: Sequence[str]) -> Floats:
        """Return the vector of each word, the sum of its pieces.

        Parameters
        ----------
        words : sequence of str
            In lower case.

        Returns
        -------
        array of float32, shape (words, d)
            Not scaled: common words are short. Zero for a word of unknown letters.
        """
        found = np.zeros((len(words), self.axes), dtype=np.float32)
        rows = [self.cut(word) for word in words]
        owner = np.repeat(np.arange(len(words)), [len(row) for row in rows])
        flat = np.array([row for word in rows for row in word], dtype=np.int64)
        np.add.at(found, owner, self.numbers[flat] * self.scales[flat, None])
        return found

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return the vector of each text, the sum of its words.

        Parameters
        ----------
        texts : sequence of str
            Any texts.

        Returns
        -------
        array of float32, shape (texts, d)
            Rows of length one, or zero for a text without a known word.

        Examples
        --------
        >>> bus, tram, soup = load().vectors(["the bus is late", "trams never on time", "tomato soup"])
        >>> bool(bus @ tram > 0.2 > bus @ soup)
        True
        """
        found = np.zeros((len(texts), self.axes), dtype=np.float32)
        for row, text in enumerate(texts):
            found[row] = self.words(_PART.findall(text.lower())).sum(axis=0)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@cache
def load() -> Table:
    """Return the table, read on the first call.

    Raises
    ------
    DamagedTable
        When a file is missing or has been changed.
    """
    try:
        expected = _checksums()
        for name in sorted(_FILES):
            _check(name, expected.get(name, ""))
        pieces = _read("pieces.txt").split("\n")[:-1]
        numbers = np.load(_FOLDER / "vectors.npy", mmap_mode="r")
        scales = np.load(_FOLDER / "scales.npy").astype(np.float32)
    except OSError as error:
        raise DamagedTable(
            f"The word vectors are missing ({error.filename}): install Throughline again."
        ) from None
    return Table({piece: row for row, piece in enumerate(pieces)}, numbers, scales)


def checksum() -> str:
    """Return the SHA-256 of the numbers of the table."""
    return _checksums()["vectors.npy"]


def _checksums() -> dict[str, str]:
    """Return the checksum of each file by its name."""
    lines = (_FOLDER / "SHA256SUMS").read_text(encoding="ascii", errors="replace").split("\n")
    return {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _check(name: str, checksum: str) -> None:
    """Compare a file with its checksum: a changed number would change themes without a word."""
    if hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest() != checksum:
        raise DamagedTable(f"The word vectors are damaged ({name}): install Throughline again.")
