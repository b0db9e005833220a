"""Which language a comment is in: by its script, by the stop words it uses, and otherwise by py3langid.

A script of one language decides alone. In Latin letters stop words decide where they are clear: they are
quick, and easy to explain. The rest, mostly comments of a few words, goes to py3langid (Lui & Baldwin 2012,
"langid.py: an off-the-shelf language identification tool", with a later model for 139 languages), whose odds
are weighed with the languages that the rest of the study is in.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from heapq import nsmallest
from math import fsum
from typing import TYPE_CHECKING

from analysis.signs import LATIN, signs_in
from analysis.stopwords import LANGUAGES
from analysis.text import STEMMED, base_language, runs
from analysis.types import Map

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

Odds = Mapping[str, float]
"""Probability of each language for one comment; empty when it gives no sign at all."""

UNKNOWN = "und"
"""The standard tag for an undetermined language: no stop list and no stemmer."""

_READ = 150
"""Characters to look at: more would not change the guess."""
_BLOCK = 5_000
"""Comments whose script and stop words are looked at together, here or elsewhere."""
_LIBRARY_READ = 60
"""Characters the library looks at: it takes time for each, and is sure of itself before that."""

_ENOUGH = 2
"""Different stop words of a language from which they may decide for it."""
_ONE_IN = 5
"""One in so many of the different words must be a stop word of that language, and one in so many of these
must set it apart from the next language."""
_PER_SIGN = 3.0
"""How many times likelier one stop word makes its language where the library decides."""
_RARE, _RAREST = 0.02, 0.004
"""Least share that a main language, and any other, is taken to have in a study: the library must be so much
surer of a language that nobody else writes in."""
_LEAST = 0.002
"""Probability that the library is taken to leave for any language."""
_NEARLY_ALL = 0.9
"""Share from which the study's language needs fewer stop words, and the library is not asked."""
_SURE = 0.5
"""Probability from which a comment counts as showing its language."""
_TELLING = 10
"""At least one in so many comments must show its language to speak for the others."""

_OWN_SCRIPT = frozenset(LANGUAGES) - set(LATIN)
_SCRIPT = re.compile(
    "(?P<latin>[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]+)"
    "|(?P<ru>[\u0400-\u052f]+)"
    "|(?P<ar>[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+)"
    "|(?P<ko>[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+)"
    "|(?P<km>[\u1780-\u17ff]+)"
    "|(?P<zh>[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
    rf"|(?P<{UNKNOWN}>[^\W\d_])"
)
_WEIGHTS = {"ko": 3, "zh": 3}
"""Letters that one sign of a script stands for, where it is not one."""
# Letters that Ukrainian, Persian, Urdu and Japanese use all the time, and the language of the script never.
_FOREIGN = {
    "ru": re.compile("[іїєґўјљњћђ]", re.IGNORECASE),
    "ar": re.compile("[\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06cc\u06d2]"),
    "zh": re.compile("[\u3040-\u30ff]"),
}
_FOREIGN_IN = 25
"""One of them in so many letters tells the other language; fewer are slips, or names."""
_VIETNAMESE_IN = 4
"""Words in which one letter that only Vietnamese has is enough; otherwise two are needed."""
_VIETNAMESE = re.compile("[ơưƠƯ\u1ea0-\u1eb7\u1eba-\u1ecb\u1ece-\u1ef1]")

_RELATIVES = {"nn": "no", "gcf": "ht", "gcr": "ht", "pcm": "en"}
"""Close relatives that the library tells apart: Nynorsk, the Creoles of the Antilles, Nigerian Pidgin."""
_NONE = "zxx"
"""The library's name for numbers, codes and the like."""
_USED = STEMMED | set(LANGUAGES)
"""Languages that have a stemmer or a stop list of ours; the others are not told apart."""
_MANY, _TOO_FEW = 2_000, 0.01
"""In a study of so many comments, nearly all in one language, a share of no more than this that is left open
goes with that language: the library takes longer to load than all the rest does."""
_READ_FOR_WORDS = 5_000
"""Comments whose words make the vocabulary of a study's main language, at most."""
_OTHERS = ("tr", "pl", "tl", "id", "sq", "sw", "so", "hr", "cs", "uz", "ha", "yo")
"""Languages in Latin letters that are told apart only to be left alone."""


def likely(text: str) -> list[str]:
    """Return the languages a comment may be in, by its script and its stop words alone.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        One language when script or stop words are clear; "und" for a script of other languages; several, the
        likeliest first, when stop words leave a doubt; none when there is no sign.

    Examples
    --------
    >>> likely("We need more buses on the weekend"), likely("Queremos más árboles en las plazas")
    (['en'], ['es'])
    >>> likely("公共交通很慢"), likely("parking")
    (['zh'], [])
    """
    script = _by_script(text)
    if script:
        return [script]
    words = set(runs(text[:_READ]))
    counts = signs_in(words)
    clear = _clear(counts, len(words))
    ranked = sorted(zip(counts, LATIN, strict=True), key=lambda item: (-item[0], item[1]))
    return [clear] if clear else [language for count, language in ranked if count and language in _USED]


def _by_script(text: str) -> str | None:
    """Return the language that the letters of a text tell; None for plain Latin letters, or no letters."""
    if text.isascii():
        return None
    text = unicodedata.normalize("NFC", text[:_READ])
    letters: Counter[str] = Counter()
    for match in _SCRIPT.finditer(text):
        script = match.lastgroup or UNKNOWN
        letters[script] += (match.end() - match.start()) * _WEIGHTS.get(script, 1)
    most = max(letters, key=lambda script: (letters[script], script), default="latin")
    if most == "latin":
        own = len(_VIETNAMESE.findall(text))
        return "vi" if own > 1 or own * _VIETNAMESE_IN > text.count(" ") + 1 else None
    foreign = len(_FOREIGN[most].findall(text)) if most in _FOREIGN else 0
    return UNKNOWN if foreign * _FOREIGN_IN > letters[most] else most


def _clear(counts: bytes, words: int) -> str | None:
    """Return the language that stop words decide for, None when they leave a doubt."""
    second, best = sorted(counts)[-2:]
    if best < max(_ENOUGH, words / _ONE_IN) or best - second < max(_ENOUGH, best / _ONE_IN):
        return None
    language = LATIN[counts.index(best)]
    return language if language in _USED else UNKNOWN


@cache
def _library() -> LanguageIdentifier:
    # Imported when first needed: the model takes half a second to unpack. It lies in the package.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*sorted(_USED - _OWN_SCRIPT), *_RELATIVES, *_OTHERS, _NONE])
    return identifier


def _odds(text: str) -> Odds:
    """Return the probability of each language that the library sees in a text, helped by stop words."""
    words = set(runs(text[:_READ]))
    if not any(map(str.isalpha, "".join(words))):
        return {}
    counts = dict(zip(LATIN, signs_in(words), strict=True))
    most = _PER_SIGN ** max(counts.values())
    odds: dict[str, float] = {}
    for label, probability in _library().rank(text[:_LIBRARY_READ]):
        if odds and probability * most < _LEAST:
            break
        language = _code(label)
        # Of languages that are not told apart the likeliest counts: together they would seem likely always.
        odds[language] = max(odds.get(language, 0.0), probability * _PER_SIGN ** counts.get(label, 0))
    if max(odds, key=odds.__getitem__) == _NONE:
        return {}
    total = fsum(odds.values())
    return {language: part / total for language, part in odds.items() if language != _NONE}


def _code(label: str) -> str:
    """Return our code for a language of the library."""
    return _RELATIVES.get(label, label if label in _USED or label == _NONE else UNKNOWN)


def resolve(texts: Sequence[str], given: Sequence[str | None], spread_out: Map = map) -> list[str]:
    """Settle one language per comment.

    Where script and stop words do not decide, a language counts the more the more of the other comments are
    in it, so that a few odd words do not make a comment foreign; a comment without any sign goes with most of
    the others. The result depends on which comments there are, not on their order.

    Parameters
    ----------
    texts : sequence of str
        The comments.
    given : sequence of str or None
        Language tags, where they are known; "und" counts as not known.
    spread_out : callable
        Like the built-in `map`; script and stop words of a comment do not depend on the others.

    Returns
    -------
    list of str
        Two-letter codes, or "und", in the order of `texts`.

    Examples
    --------
    >>> resolve(["parking", "The bus is late", "Il n'y a pas de bus"], [None, None, "fr-CA"])
    ['en', 'en', 'fr']
    """
    settled = [language for block in spread_out(_settled_all, _blocks(texts, given)) for language in block]
    main = _main(Counter(filter(None, settled)))
    if main:
        large = len(settled) >= _MANY
        common = _vocabulary(text for text, language in zip(texts, settled, strict=True) if language == main)
        settled = [
            language or _beside(text, main, common, large)
            for text, language in zip(texts, settled, strict=True)
        ]
        if large and settled.count(None) <= _TOO_FEW * len(settled):
            return [language or main for language in settled]
    open_texts = Counter(text for text, language in zip(texts, settled, strict=True) if language is None)
    odds = {text: _odds(text) for text in open_texts}
    shares = _shares(Counter(filter(None, settled)), open_texts, odds)
    chosen = {text: _choose(odds[text], shares) for text in open_texts}
    return [language or chosen[text] for text, language in zip(texts, settled, strict=True)]


def _blocks(texts: Sequence[str], given: Sequence[str | None]) -> Iterator[list[tuple[str, str | None]]]:
    """Yield as much of the comments as is looked at, with their tags, some thousands at a time."""
    for start in range(0, len(texts), _BLOCK):
        part = slice(start, start + _BLOCK)
        yield [(text[:_READ], tag) for text, tag in zip(texts[part], given[part], strict=True)]


def _settled_all(block: Sequence[tuple[str, str | None]]) -> list[str | None]:
    return [_settled(text, tag) for text, tag in block]


def _settled(text: str, tag: str | None) -> str | None:
    """Return the language that is given, or that script and stop words are clear about."""
    language = base_language(tag) if tag else UNKNOWN
    if language not in ("", UNKNOWN):
        return language
    script = _by_script(text)
    if script:
        return script
    words = set(runs(text[:_READ]))
    return _clear(signs_in(words), len(words))


def _main(seen: Counter[str]) -> str | None:
    """Return the language in Latin letters that nearly all comments are in, if there is one."""
    language, times = seen.most_common(1)[0] if seen else (UNKNOWN, 0)
    return language if times > _NEARLY_ALL * seen.total() and language in LATIN else None


def _vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of some of these texts: the first by alphabet, so that order does not matter."""
    return frozenset(word for text in nsmallest(_READ_FOR_WORDS, texts) for word in runs(text[:_READ]))


def _beside(text: str, main: str, common: Set[str], large: bool) -> str | None:
    """Return the language of a text among others that are nearly all in one; None when there is no telling.

    One stop word is enough of a sign when the other words go with it: known words with the main language and,
    in a large study that knows many words, unknown ones with another.
    """
    words = set(runs(text[:_READ]))
    counts = signs_in(words)
    most = max(counts)
    leads = LATIN[counts.index(most)] if most and counts.count(most) == 1 else None
    known = len(words & common)
    if leads == main or (words and 2 * known >= len(words) and counts[LATIN.index(main)] == most):
        return main
    return (leads if leads in _USED else UNKNOWN) if large and leads and 5 * known <= len(words) else None


def _shares(seen: Counter[str], open_texts: Counter[str], odds: Mapping[str, Odds]) -> dict[str, float]:
    """Return the share of each language among the comments that show theirs, likeliest first.

    Where hardly any does, they count as English when nearly all words are plain ASCII, as unknown otherwise.
    """
    silent = 0
    for text, times in open_texts.items():
        sure = [language for language, probability in odds[text].items() if probability > _SURE]
        seen.update(dict.fromkeys(sure, times))
        silent += 0 if sure else times
    total = seen.total()
    if not total or total * _TELLING < silent:
        return {_by_letters(open_texts): 1.0}
    return {
        language: seen[language] / total for language in sorted(seen, key=lambda name: (-seen[name], name))
    }


def _by_letters(texts: Iterable[str]) -> str:
    words = [word for text in texts for word in runs(text[:_READ])]
    return "en" if sum(map(str.isascii, words)) >= 0.95 * len(words) else UNKNOWN


def _choose(odds: Odds, shares: Mapping[str, float]) -> str:
    """Return the likeliest language of a comment in its study."""

    def weight(language: str) -> float:
        least = _RARE if language in LANGUAGES else _RAREST
        return odds.get(language, _LEAST) * max(shares.get(language, 0.0), least)

    return max(dict.fromkeys([next(iter(shares)), *odds]), key=weight)
