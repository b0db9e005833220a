"""From a text to pieces: where words begin and end, in scripts with spaces and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from analysis.stopwords import stop_words

_SHORT_PART = 2

# Marks are no letters to Python, yet Khmer, Hindi and Arabic words contain them.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    "\u0980-\u0983\u09bc-\u09d7\u0a01-\u0a71\u0abc-\u0acd\u0b3c-\u0b57\u0bbe-\u0bd7"
    "\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3e-\u0d57\u0dca-\u0ddf\u0e31-\u0e4e\u0eb1-\u0ecd"
    "\u102b-\u103e\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff"
)
# Never goes back ("*+"), and so takes linear time; underscores are blanks by then.
WORD = re.compile(rf"\w[\w{_MARKS}]*+(?:['’-]\w[\w{_MARKS}]*+)*+")
"""A run of letters and digits, with the apostrophes and hyphens inside it."""
PLAIN_WORD = re.compile(r"[a-z0-9]++(?:['-][a-z0-9]++)*+")
"""The same for lower-case ASCII, at half the time."""
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED = re.compile(f"[{_NO_SPACES}]")
_SCRIPT_CHANGE = re.compile(f"[{_NO_SPACES}]++|[^{_NO_SPACES}]++")
# A letter with the marks and, in Khmer and Burmese, the letters written below it.
_CLUSTER = re.compile(rf".(?:[\u1039\u17d2]\w|[{_MARKS}])*+", re.DOTALL)
# Addresses end at a blank; in scripts without blanks also at the next letter or full-width sign.
_CHUNK = re.compile(f"[^\\s{_NO_SPACES}\u3000-\u303f\uff00-\uff65]++")


def readable(text: str) -> str:
    """Blank out web and e-mail addresses, and underscores.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as `text`, every other character in its place.

    Examples
    --------
    >>> readable("See www.city.gov/a_b for my_plan")
    'See                  for my plan'
    """
    if "@" in text or "://" in text or "www." in text:
        text = _CHUNK.sub(_without_address, text)
    return text.replace("_", " ")


def _without_address(chunk: re.Match[str]) -> str:
    found = chunk.group()
    return " " * len(found) if _is_address(found) else found


def _is_address(chunk: str) -> bool:
    return "://" in chunk or chunk.lstrip("(<[\"'").startswith("www.") or 0 < chunk.find("@") < len(chunk) - 1


def pieces(run: str, language: str) -> Iterator[tuple[int, int]]:
    """Cut one run of letters where its language cuts words.

    Parameters
    ----------
    run : str
        One match of `WORD`.
    language : str
        Two-letter code.

    Yields
    ------
    tuple of int
        Start and end of each piece, stop words included. In scripts without spaces pieces overlap: each pair
        of signs between two function words is one.

    Examples
    --------
    >>> list(pieces("l'école", "fr")), list(pieces("公交车很慢", "zh"))
    ([(0, 1), (2, 7)], [(0, 2), (1, 3), (3, 4), (4, 5)])
    """
    if run.isascii() or not _UNSPACED.search(run):
        yield from _parts(run, 0, len(run), language)
        return
    for same in _SCRIPT_CHANGE.finditer(run):
        cut = _unspaced if _UNSPACED.match(same.group()) else _parts
        yield from cut(run, *same.span(), language)


def _parts(run: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    separators = _separators(run[start:end], language)
    cuts = [start - 1, *(place for place in range(start, end) if run[place] in separators), end]
    return ((a + 1, b) for a, b in pairwise(cuts) if b > a + 1)


def _separators(run: str, language: str) -> str:
    """Return the signs that cut this run: "l'eau" is two words in French, "don't" one in English.

    An English hyphen joins short parts ("wi-fi", "e-mail") and parts long ones ("self-driving").
    """
    if language != "en":
        return "'’-"
    return "-" if min(map(len, run.split("-"))) > _SHORT_PART else ""


def _unspaced(run: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Cut Chinese, Khmer and the like at their function words, and the rest into pairs of signs."""
    pattern = _function_words(language)
    for match in pattern.finditer(run, start, end) if pattern else ():
        yield from _pairs(run, start, match.start())
        yield match.span()
        start = match.end()
    yield from _pairs(run, start, end)


def _pairs(run: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return overlapping pairs of signs, the usual stand-in for words where there are no spaces."""
    clusters = [match.span() for match in _CLUSTER.finditer(run, start, end)]
    return [(first[0], second[1]) for first, second in pairwise(clusters)] or clusters


@cache
def _function_words(language: str) -> re.Pattern[str] | None:
    """Return a pattern for the stop words of a language without spaces, longest first, on whole signs."""
    if language not in ("km", "zh"):
        return None
    listed = "|".join(sorted(stop_words(language), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<![\u1039\u17d2])(?:{listed})(?![{_MARKS}])")
