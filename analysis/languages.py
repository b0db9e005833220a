"""Which language a comment is in, by the stop words it uses and the script it is written in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from analysis.stopwords import LANGUAGES, stop_words
from analysis.text import base_language, fold

UNKNOWN = "und"
"""The standard tag for an undetermined language: no stop list and no stemmer."""

_LETTERS = re.compile(r"[^\W\d_]+")
_READ = 400
"""Characters to look at: more would not change the guess."""
_ONE_IN = 8
"""A language shows when at least one word in so many is a stop word of it."""
_SCRIPTS = {"CYRILLIC": "ru", "ARABIC": "ar"}


def likely(text: str) -> list[str]:
    """Return the languages a comment may be in.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Of "en", "es", "fr" and "pt" those whose stop words occur most, usually one; "ru" or "ar" by script;
        "und" for any other script; none when a text in Latin letters gives no sign.

    Examples
    --------
    >>> likely("We need more buses on the weekend"), likely("Necesitamos más autobuses los sábados")
    (['en'], ['es'])
    >>> likely("公共交通很慢"), likely("parking")
    (['und'], [])
    """
    found = [word.lower() for word in _LETTERS.findall(text[:_READ])]
    if not found:
        return []
    script = unicodedata.name(found[0][0], "").split(" ")[0]
    if script != "LATIN":
        return [_SCRIPTS.get(script, UNKNOWN)]
    plain = [fold(word) for word in found]
    hits = {language: sum(word in stop_words(language) for word in plain) for language in LANGUAGES}
    most = max(hits.values())
    enough = most >= max(1, len(found) // _ONE_IN)
    return [language for language in LANGUAGES if enough and hits[language] == most]


def resolve(texts: Sequence[str], given: Sequence[str | None]) -> list[str]:
    """Settle one language per comment.

    A comment that could be in two languages goes with the one more of the others are in, and so does one that
    gives no sign. Without any sign in the whole study it counts as English when nearly all words are plain
    ASCII, and otherwise as unknown.

    Parameters
    ----------
    texts : sequence of str
        The comments.
    given : sequence of str or None
        Language tags, where they are known.

    Returns
    -------
    list of str
        Two-letter codes, or "und", in the order of `texts`.

    Examples
    --------
    >>> resolve(["parking", "The bus is late", "Il n'y a pas de bus"], [None, None, "fr-CA"])
    ['en', 'en', 'fr']
    """
    possible = [[base_language(tag)] if tag else likely(text) for text, tag in zip(texts, given, strict=True)]
    seen = Counter(languages[0] for languages in possible if len(languages) == 1)
    fallback = _usual(seen, [text for text, languages in zip(texts, possible, strict=True) if not languages])
    return [
        min(languages, key=lambda language: -seen[language]) if languages else fallback
        for languages in possible
    ]


def _usual(seen: Counter[str], silent: Sequence[str]) -> str:
    """Return the language for comments that give no sign: the most frequent, if enough comments show one."""
    best = min(seen, key=lambda language: (-seen[language], language), default="en")
    if not silent or seen[best] * 10 >= len(silent):
        return best
    words = [word for text in silent for word in _LETTERS.findall(text[:_READ])]
    return "en" if sum(map(str.isascii, words)) >= 0.95 * len(words) else UNKNOWN
