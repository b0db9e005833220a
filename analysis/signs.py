"""Signs of languages in Latin letters: the stop words that tell one from another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cache

from analysis.spelling import fold
from analysis.stopwords import stop_words

_SPACED = ("en", "es", "fr", "pt", "vi", "ht")
"""Those of the main languages that are written in Latin letters."""
_CONTRACTED = "s t m d ll re ve"
"""What follows an English apostrophe; unlisted, "people's" would count as French."""
_ELSEWHERE = {
    "da": "og det er på ikke til som med vi af jeg mere flere skal har",
    "de": "der das und ist nicht wir mit für auf ein eine einen zu den dem von mehr sind sich werden auch",
    "fi": "ja on ei se että kun myös mutta ovat enemmän",
    "hu": "az és nem hogy egy több kell vagy ezt",
    "it": "il di che per non gli della nel sono più una con le alla dei ci anche questo",
    "nl": "het een voor niet zijn er maar ook naar wij meer moet geen dat deze op aan",
    "no": "og det er på ikke til som med vi av jeg mer flere skal har",
    "ro": "nu este mai pentru cu să din sunt care pe",
    "sv": "och att är på inte för som med vi det mer fler ska har",
    "pl": "na się nie jest są więcej że dla jak przez",
    "tl": "ng ang mga sa na namin po kung para hindi ay",
    "tr": "ve bir bu için çok daha var değil ile",
}
"""A few common words of languages without a stop list, so that they are not taken for one that has."""
LATIN = (*_SPACED, *_ELSEWHERE)
"""The languages whose signs are counted."""


@cache
def _signs() -> dict[str, int]:
    """Return for each stop word the languages that have it, one byte for each language of `LATIN`."""
    signs: defaultdict[str, int] = defaultdict(int)
    for place, language in enumerate(LATIN):
        listed = set(fold(_ELSEWHERE.get(language, "")).split()) | stop_words(language)
        for word in listed.union(_CONTRACTED.split() if language == "en" else ()):
            signs[word] += 1 << (8 * place)
    return dict(signs)


@cache
def _listed() -> frozenset[str]:
    return frozenset(_signs())


def signs_in(words: Set[str]) -> bytes:
    """Count the words that are signs of a language.

    Parameters
    ----------
    words : set of str
        Different words in lower case, at most a few hundred.

    Returns
    -------
    bytes
        Length `len(LATIN)`: how many of the words, as they are, without accents or in parts, are common words
        of each language, in the order of `LATIN`.

    Examples
    --------
    >>> counts = signs_in({"the", "bus", "is", "très", "d'une"})
    >>> {language: count for language, count in zip(LATIN, counts) if count > 1}
    {'en': 3, 'fr': 3}
    """
    signs, listed = _signs(), words & _listed()
    # One sum adds up all the counters at once: fewer words are read than a byte can count.
    total = sum(map(signs.__getitem__, listed)) + sum(map(signs.__getitem__, _other_forms(words - listed)))
    return total.to_bytes(len(LATIN), "little")


def _other_forms(words: Iterable[str]) -> Iterable[str]:
    """Yield the stop words that words are without their accents, or are made of ("qu'il")."""
    for word in words:
        if not (word.isascii() and word.isalpha()):
            yield from _listed().intersection(re.split("['’-]", fold(word)))
