"""Reads WordNet 3.0 as Debian's package `wordnet-base` lays it out (wndb(5), senseidx(5))."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILES = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
"""The files of synsets, in the order in which they are read, and the letter of each part of speech."""
SENSES = {"n": ("1",), "v": ("2",), "a": ("3", "5"), "r": ("4",)}
"""The numbers by which the counts of senses name parts of speech; 5: an adjective that hangs on another."""

_MARKER = re.compile(r"\([^)]{0,9}\)")
_BEFORE_EXAMPLE = re.compile(r';\s*(?=")')


class NoWordNet(ValueError):
    """WordNet is not where it was looked for, or not WordNet."""


@dataclass(frozen=True)
class Synset:
    """Words that mean the same."""

    words: tuple[str, ...]
    """The words, commonest first, with spaces and without markers such as "(p)"."""
    gloss: str
    """Definition and examples, as printed in WordNet."""
    related: tuple[str, ...]
    """Keys of the synsets it points to, in WordNet's order."""

    @property
    def definition(self) -> str:
        """The gloss up to the first semicolon."""
        return self.gloss.split(";")[0].strip()

    def sentences(self) -> Iterator[str]:
        """Give "words: definition", and each example of three words or more."""
        definition, *examples = _BEFORE_EXAMPLE.split(self.gloss)
        yield f"{', '.join(self.words[:3])}: {definition.strip()}"
        for example in examples:
            bare = example.strip(' ;"')
            if len(bare.split()) >= 3:
                yield bare


@dataclass(frozen=True)
class WordNet:
    """All synsets, and how often each word was met."""

    synsets: dict[str, Synset]
    """By key: letter of the part of speech and place in its file."""
    counts: Counter[tuple[str, str]]
    """How often a word was met in WordNet's tagged texts, as (word, number of the part of speech)."""

    def count(self, word: str, part: str) -> int:
        """Return how often a word was met as that part of speech."""
        return sum(self.counts[word, number] for number in SENSES[part])

    def words(self, part: str) -> set[str]:
        """Return all words of a part of speech."""
        return {word for key, synset in self.synsets.items() if key[0] == part for word in synset.words}


def read(folder: Path) -> WordNet:
    """Read the four files of synsets and the counts.

    Raises
    ------
    NoWordNet
        When a file is missing or a line is not laid out as WordNet's are.
    """
    try:
        synsets = {key: synset for name in FILES for key, synset in _synsets(folder, name)}
        return WordNet(synsets, _counts(folder / "cntlist.rev"))
    except OSError as error:
        raise NoWordNet(
            f"There is no {error.filename}: install Debian's package wordnet-base,"
            " or give its folder with --wordnet."
        ) from None


def _synsets(folder: Path, name: str) -> Iterator[tuple[str, Synset]]:
    path = folder / f"data.{name}"
    for number, line in enumerate(path.read_text(encoding="latin-1").split("\n"), start=1):
        # The licence at the top is indented.
        if line and not line.startswith(" "):
            try:
                yield FILES[name] + line.split(maxsplit=1)[0], _synset(line)
            except (ValueError, IndexError):
                raise NoWordNet(f"Line {number} of {path} is not laid out as WordNet's are.") from None


def _synset(line: str) -> Synset:
    head, gloss = line.split("|", 1)
    fields = head.split()
    pointers = 4 + 2 * int(fields[3], 16)
    words = [_MARKER.sub("", word).replace("_", " ") for word in fields[4:pointers:2]]
    starts = range(pointers + 1, pointers + 1 + 4 * int(fields[pointers]), 4)
    related = [fields[start + 2][0] + fields[start + 1] for start in starts]
    return Synset(tuple(words), gloss.strip(), tuple(related))


def _counts(path: Path) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for number, line in enumerate(path.read_text(encoding="latin-1").splitlines(), start=1):
        try:
            sense, _, count = line.split()
            word, place = sense.split("%")
            counts[word.replace("_", " "), place[0]] += int(count)
        except (ValueError, IndexError):
            raise NoWordNet(f"Line {number} of {path} is not laid out as WordNet's are.") from None
    return counts
