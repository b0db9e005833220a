"""From a text to words: tokens with their place in the text, and stems."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from Stemmer import Stemmer

from analysis.pieces import PLAIN_WORD, WORD, pieces, readable
from analysis.spelling import arabic_root, fold, plain, without_fleeting_vowel, without_particles
from analysis.stopwords import is_stop_word

__all__ = [
    "LONGEST_WORD",
    "STEMMED",
    "Word",
    "base_language",
    "fold",
    "runs",
    "spans",
    "stem",
    "stems_of",
    "words",
]

_FIRST_SYLLABIC = "\u1100"
"""From here on in Unicode (Korean, Khmer, Chinese, ...) a single sign can be a word."""
LONGEST_WORD = 40
"""Longer runs of letters are pasted noise, not words."""

_STEMMERS = {
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
STEMMED = frozenset(_STEMMERS) | {"ar"}
"""Languages whose inflected words are counted together."""
# Frequent in what cities hear, and cut in two by the stemmer ("bus" but "buse").
_IRREGULAR = {"buses": "bus", "busses": "bus", "children": "child", "women": "woman", "men": "man"}
_FOLDED = frozenset(_STEMMERS) - {"ru"} | {"ht"}
_CODES = {
    "ara": "ar",
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "hat": "ht",
    "khm": "km",
    "kor": "ko",
    "nb": "no",
    "nn": "no",
    "por": "pt",
    "rus": "ru",
    "spa": "es",
    "vie": "vi",
    "zho": "zh",
    "chi": "zh",
}


class Word(NamedTuple):
    """A word with a subject of its own, and where it stands."""

    stem: str
    """What all its forms have in common; the key under which it is counted."""
    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset just past its last character; in Korean, before its particles."""
    position: int
    """Its number among all words of the text, stop words included."""


def base_language(language: str) -> str:
    """Return the two-letter code at the head of a language tag.

    Three-letter codes of the main languages are turned into theirs.

    Examples
    --------
    >>> base_language("pt-BR"), base_language("EN_us"), base_language("hat")
    ('pt', 'en', 'ht')
    """
    head = re.split("[-_]", language.strip().lower(), maxsplit=1)[0]
    return _CODES.get(head, head)


@cache
def _stemmer(language: str) -> Stemmer | None:
    return Stemmer(_STEMMERS[language]) if language in _STEMMERS else None


def stem(word: str, language: str) -> str:
    """Return the stem of a word, or an empty string when the word carries no subject.

    Parameters
    ----------
    word : str
        One word in lower case.
    language : str
        Two-letter code; a language without a stemmer keeps its words as they are, Korean without particles.

    Returns
    -------
    str
        Empty for stop words, single letters of an alphabet, one- and two-digit numbers, and runs longer than
        40 characters.

    Examples
    --------
    >>> stem("libraries", "en"), stem("bibliotecas", "es"), stem("the", "en")
    ('librari', 'bibliotec', '')
    """
    # What is too long never gets as far as being remembered.
    return "" if len(word) > 2 * LONGEST_WORD else _stem(word, language)


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    word = word.replace("’", "'").replace("-", "")
    if word.endswith("'s"):
        word = word[:-2]
    if _is_too_short(word) or len(word) > LONGEST_WORD or is_stop_word(word, language):
        return ""
    found = _root(word, language)
    return "" if found != word and language == "ko" and is_stop_word(found, language) else sys.intern(found)


def _is_too_short(word: str) -> bool:
    return (len(word) < 2 and word < _FIRST_SYLLABIC) or (word.isdigit() and len(word) < 3)


def _root(word: str, language: str) -> str:
    """Return what all forms of a word have in common."""
    if language == "ko":
        return without_particles(word)
    if language == "ar":
        return arabic_root(plain(word, language))
    if language == "ru":
        word = without_fleeting_vowel(word.replace("ё", "е"))
    if language == "en":
        word = _IRREGULAR.get(word, word)
    stemmer = _stemmer(language)
    found = str(stemmer.stemWord(word)) if stemmer else plain(word, language) if language == "vi" else word
    return fold(found) if language in _FOLDED else found


def _normal(text: str) -> str:
    """Return a text in lower case, with one spelling for letters that look alike ("ﬁ" and "fi")."""
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.lower()


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, stop words included.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        In the order of the text, in lower case and normal form NFKC; apostrophes and hyphens inside a run
        stay, web and e-mail addresses are left out.

    Examples
    --------
    >>> runs("L'école, wi-fi & me@city.gov!")
    ["l'école", 'wi-fi']
    """
    text = readable(_normal(text))
    return (PLAIN_WORD if text.isascii() else WORD).findall(text)


def stems_of(run: str, language: str) -> tuple[str, ...]:
    """Return the stems of one run of letters.

    Parameters
    ----------
    run : str
        As returned by `runs`.
    language : str
        Two-letter code.

    Returns
    -------
    tuple of str
        None for a stop word, several for a compound or for words written without spaces.

    Examples
    --------
    >>> stems_of("l'école", "fr"), stems_of("self-driving", "en"), stems_of("the", "en")
    (('ecol',), ('self', 'drive'), ())
    >>> stems_of("公交车很慢", "zh")
    ('公交', '交车', '慢')
    """
    stems = (stem(run[start:end], language) for start, end in pieces(run, language))
    return tuple(found for found in stems if found)


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return start and end of every word of a text, stop words included.

    Examples
    --------
    >>> [("Free wi-fi, please!")[a:b] for a, b in spans("Free wi-fi, please!", "en")]
    ['Free', 'wi-fi', 'please']
    >>> [("l'école")[a:b] for a, b in spans("l'école", "fr")]
    ['l', 'école']
    """
    return _spans(_in_place(text), language)


def _spans(text: str, language: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        begin = match.start()
        found.extend((begin + start, begin + end) for start, end in pieces(match.group(), language))
    return found


def _in_place(text: str) -> str:
    """Return a text as `runs` reads it, as far as every character keeps its place."""
    normal = _normal(text)
    same = len(normal) == len(text) and (text.isascii() or all(len(_normal(sign)) == 1 for sign in set(text)))
    return readable(normal if same else text)


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
    placed = _in_place(text)
    found = []
    for position, (start, end) in enumerate(_spans(placed, language)):
        key = stem(_normal(placed[start:end]), language)
        if key:
            cut = language == "ko" and placed.startswith(key, start)
            found.append(Word(key, start, start + len(key) if cut else end, position))
    return found
