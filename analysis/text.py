"""From a text to words: tokens with their place in the text, and stems."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from nltk.stem.snowball import SnowballStemmer

from analysis.stopwords import stop_words

_SHORT_PART = 2
LONGEST_WORD = 40
"""Longer runs of letters are pasted noise, not words."""

_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
# Frequent in what cities hear, and cut in two by the stemmer ("bus" but "buse").
_IRREGULAR = {"buses": "bus", "busses": "bus", "children": "child", "women": "woman", "men": "man"}
_FOLDED = frozenset(_STEMMERS) - {"ar", "ru"}

# Marks are no letters to Python, yet Khmer, Hindi and Arabic words contain them.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    "\u0980-\u0983\u09bc-\u09d7\u0a01-\u0a71\u0abc-\u0acd\u0b3c-\u0b57\u0bbe-\u0bd7"
    "\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3e-\u0d57\u0dca-\u0ddf\u0e31-\u0e4e\u0eb1-\u0ecd"
    "\u102b-\u103e\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff"
)
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|['’-](?=[^\W_]))*")
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class Word(NamedTuple):
    """A word with a subject of its own, and where it stands."""

    stem: str
    """What all its forms have in common; the key under which it is counted."""
    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset just past its last character."""
    position: int
    """Its number among all words of the text, stop words included."""


def fold(word: str) -> str:
    """Take the accents off a word.

    Examples
    --------
    >>> fold("opinión")
    'opinion'
    """
    if word.isascii():
        return word
    return "".join(mark for mark in unicodedata.normalize("NFKD", word) if not unicodedata.combining(mark))


def base_language(language: str) -> str:
    """Return the two-letter code at the head of a language tag.

    Examples
    --------
    >>> base_language("pt-BR"), base_language("EN_us")
    ('pt', 'en')
    """
    return re.split("[-_]", language.strip().lower(), maxsplit=1)[0]


@cache
def _stemmer(language: str) -> SnowballStemmer | None:
    return SnowballStemmer(_STEMMERS[language]) if language in _STEMMERS else None


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a word, or an empty string when the word carries no subject.

    Parameters
    ----------
    word : str
        One word in lower case.
    language : str
        Two-letter code; a language without a stemmer keeps its words as they are.

    Returns
    -------
    str
        Empty for stop words, single Latin letters, one- and two-digit numbers, and runs longer than 40
        characters.

    Examples
    --------
    >>> stem("libraries", "en"), stem("bibliotecas", "es"), stem("the", "en")
    ('librari', 'bibliotec', '')
    """
    word = word.replace("’", "'").replace("-", "")
    if word.endswith("'s"):
        word = word[:-2]
    plain = fold(word)
    too_short = len(word) < 2 or (word.isdigit() and len(word) < 3)
    if too_short or len(word) > LONGEST_WORD or plain in stop_words(language):
        return ""
    if language == "en":
        word = _IRREGULAR.get(word, word)
    stemmer = _stemmer(language)
    if stemmer is None:
        return sys.intern(word)
    found = str(stemmer.stem(word))
    return sys.intern(fold(found) if language in _FOLDED else found)


def _chunks(text: str) -> list[tuple[int, int]]:
    """Return the spans between blanks, without web and e-mail addresses (in linear time, whatever the
    text)."""
    spans = (match.span() for match in re.finditer(r"\S+", text))
    return [span for span in spans if not _is_address(text[span[0] : span[1]])]


def _is_address(chunk: str) -> bool:
    return "://" in chunk or chunk.lower().startswith("www.") or 0 < chunk.find("@") < len(chunk) - 1


def _pieces(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """Cut one run of letters where its language cuts words."""
    run = text[start:end]
    if _UNSPACED.search(run):
        # No spaces to go by: overlapping pairs of characters are the usual stand-in for words.
        return [(start + i, start + i + 2) for i in range(max(1, end - start - 1))]
    separators = _separators(run, language)
    cuts = [start - 1, *(start + i for i, letter in enumerate(run) if letter in separators), end]
    return [(a + 1, b) for a, b in pairwise(cuts)]


def _separators(run: str, language: str) -> str:
    """Return the signs that cut this run: "l'eau" is two words in French, "don't" one in English.

    An English hyphen joins short parts ("wi-fi", "e-mail") and parts long ones ("self-driving").
    """
    if language != "en":
        return "'’-"
    return "-" if min(map(len, run.split("-"))) > _SHORT_PART else ""


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return start and end of every word of a text, stop words included.

    Examples
    --------
    >>> [("Free wi-fi, please!")[a:b] for a, b in spans("Free wi-fi, please!", "en")]
    ['Free', 'wi-fi', 'please']
    >>> [("l'école")[a:b] for a, b in spans("l'école", "fr")]
    ['l', 'école']
    """
    found = []
    for begin, stop in _chunks(text):
        for match in _WORD.finditer(text, begin, stop):
            found.extend(_pieces(text, *match.span(), language))
    return found


def words(text: str, language: str = "en") -> list[Word]:
    """Return the words of a text that carry a subject.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        Two-letter code.

    Returns
    -------
    list of Word
        In the order of the text; empty when there is nothing but stop words, numbers and signs.

    Examples
    --------
    >>> [word.stem for word in words("The libraries are closing early.", "en")]
    ['librari', 'close', 'earli']
    """
    found = []
    for position, (start, end) in enumerate(spans(text, language)):
        key = stem(unicodedata.normalize("NFKC", text[start:end]).lower(), language)
        if key:
            found.append(Word(key, start, end, position))
    return found
