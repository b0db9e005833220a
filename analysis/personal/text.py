"""What the finders of personal data share: a text made plain, with the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Kind = Literal["email", "phone", "address", "ssn", "card", "url", "handle", "name"]
"""What a datum is."""

# Marks and signs without a width of their own: they would stand between the digits of a pasted number.
_UNSEEN = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANKS, _DASHES, _QUOTES = "\t\u00a0\u3000", "\u2212\u30fc", "\u2018\u2019\u02bc\u00b4`"
_PLAIN_LETTERS = dict(zip("øØłŁđĐæÆœŒıŋ", "oOlLdDaAoOin", strict=True))
_FARTHEST = 5
"""Signs within which `told` looks for what stands before the blanks before a place."""


class Found(NamedTuple):
    """A datum in a plain text."""

    start: int
    """Offset of its first character."""
    end: int
    """Offset just past its last character."""
    kind: Kind
    """What it is."""
    certain: bool = True
    """False when a person has to look at it."""


class Plain(NamedTuple):
    """A text with plain digits, dashes, blanks and letters, one character for each that can be seen."""

    text: str
    """What the rules read."""
    places: list[int] | None
    """Offset in the original of each character and of the end; None when nothing was left out."""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of a span in the original text."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def _plain(letter: str) -> str:
    """Return what a character stands for, always as one character."""
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(letter)
    if kind == "Zs" or letter in _BLANKS:
        return " "
    if kind == "Pd" or letter in _DASHES:
        return "-"
    if letter in _QUOTES:
        return "'"
    return _PLAIN_LETTERS.get(letter) or _without_accent(letter, kind)


def _without_accent(letter: str, kind: str) -> str:
    if kind == "No":
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    return parts[0] if parts[0].isascii() and all(map(unicodedata.combining, parts[1:])) else letter


class _Table(dict[int, str]):
    """Plain characters by code point, worked out when first met; only what changes is kept."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = letter if letter.isascii() and letter not in _BLANKS + "`" else _plain(letter)
        if plain != letter or letter.isascii():
            self[code] = plain
        return plain


_TABLE = _Table()


def plain(text: str) -> Plain:
    """Make a text plain: the rules need to know one kind of digit, dash, blank and letter only.

    Parameters
    ----------
    text : str
        Any text, lone surrogates included.

    Returns
    -------
    Plain
        Takes time in proportion to the length of the text.

    Examples
    --------
    >>> plain("n\u00ba ٢١٥–٥٥٥").text, plain("José").text
    ('no 215-555', 'Jose')
    >>> plain("2\u200b1").places
    [0, 2, 3]
    """
    if text.isascii():
        return Plain(text.translate(_TABLE) if "\t" in text or "`" in text else text, None)
    places = None
    if _UNSEEN.search(text):
        unseen = {match.start() for match in _UNSEEN.finditer(text)}
        places = [place for place in range(len(text) + 1) if place not in unseen]
        text = _UNSEEN.sub("", text)
    return Plain(text.translate(_TABLE), places)


_WORD = re.compile("[a-z\u0400-\u04ff]+")


def words_of(text: str) -> set[str]:
    """Return the different words of a plain text in small letters, by which most rules need not be tried.

    Examples
    --------
    >>> sorted(words_of("Jane's phone"))
    ['jane', 'phone', 's']
    """
    return set(_WORD.findall(text.lower()))


def listed(words: str) -> frozenset[str]:
    """Return the words of a text that is a list of them.

    Examples
    --------
    >>> sorted(listed("call text"))
    ['call', 'text']
    """
    return frozenset(words.split())


def before(pattern: re.Pattern[str], text: str, start: int, reach: int = 40) -> bool:
    r"""Tell whether a pattern that ends in ``\Z`` holds for what stands before a place.

    Examples
    --------
    >>> before(re.compile(r"call \Z"), "please call 311", 12)
    True
    """
    return pattern.search(text, max(0, start - reach), start) is not None


def told(pattern: re.Pattern[str], text: str, start: int, reach: int = 40) -> bool:
    r"""Do as `before` for a pattern of words: quicker where a number stands before, which no word can be.

    Examples
    --------
    >>> told(re.compile(r"call \Z"), "please call 311", 12)
    True
    """
    last = start - 1
    while last >= 0 and start - last < _FARTHEST and text[last] == " ":
        last -= 1
    return last >= 0 and not text[last].isdigit() and before(pattern, text, start, reach)


class Spans:
    """Data that do not overlap: what is added first stays."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: list[Found] = []

    def __iter__(self) -> Iterator[Found]:
        """Go through the data in the order of the text."""
        return iter(self._found)

    def add(self, more: Iterable[Found]) -> None:
        """Add each datum that overlaps none that is there.

        Examples
        --------
        >>> spans = Spans()
        >>> spans.add([Found(3, 9, "phone"), Found(8, 12, "ssn"), Found(0, 3, "name")])
        >>> [found.kind for found in spans]
        ['name', 'phone']
        """
        for found in more:
            place = bisect(self._found, found)
            clear_before = place == 0 or self._found[place - 1].end <= found.start
            clear_after = place == len(self._found) or found.end <= self._found[place].start
            if clear_before and clear_after:
                self._found.insert(place, found)
