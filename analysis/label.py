"""Names and keywords: what is said in one theme more than in the others, in the words people used."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from analysis.text import Word, words

Phrase = tuple[str, ...]
"""One to three stems."""

_PHRASES = 3
_WORTH = 0.15
"""A further phrase is added when it scores at least this, relative to the first."""
_PHRASE_BONUS = 1.6
"""Two words say more than one: the factor by which a phrase may be less telling and still be preferred."""
_FULLER = 0.25
"""A word is shown in a set phrase ("rush hour" for "hour") when at least this share of its texts in the theme
have it."""
_SIGNIFICANT = 6.63
"""Log-likelihood ratio above which a link is not by chance (chi-square, one degree of freedom, p < 0.01)."""
_LONGEST = 40
_JOINED = re.compile(r"[\w\s'’-]*")
_JOINERS = frozenset({"of", "de", "del", "du", "des", "da", "das", "do", "dos"})
_SENTENCE_END = ".!?\n:;"


@dataclass
class Tally:
    """How often each phrase occurs, in how many texts of each theme, and how people wrote it."""

    texts: dict[Phrase, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """Per phrase and theme, the number of texts."""
    forms: dict[Phrase, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Per phrase, its spellings."""
    sizes: Counter[int] = field(default_factory=Counter)
    """Texts per theme."""

    def add(self, text: str, language: str, theme: int, stems: Container[str]) -> None:
        """Count the given stems of one text of a theme."""
        self.sizes[theme] += 1
        seen = set()
        raised = text.isupper()
        found = [word for word in words(text, language) if word.stem in stems]
        for phrase, start, end in _candidates(text, found):
            written = _as_written(text, start, end)
            self.forms[phrase][written.lower() if raised else written] += 1
            seen.add(phrase)
        for phrase in seen:
            self.texts[phrase][theme] += 1

    def written(self, phrase: Phrase) -> str:
        """Return the usual spelling of a phrase: the commonest, whatever its capitals, then its commonest
        capitals."""
        forms = self.forms[phrase]
        folded: Counter[str] = Counter()
        for form, times in forms.items():
            folded[form.lower()] += times
        usual = min(folded, key=lambda form: (-folded[form], form))
        return min(
            (form for form in forms if form.lower() == usual),
            key=lambda form: (-forms[form], form != usual, form),
        )


def _candidates(text: str, found: Sequence[Word]) -> Iterator[tuple[Phrase, int, int]]:
    """Yield single words, pairs side by side or joined as in "cost of living", and three words in a row."""
    for number, word in enumerate(found):
        yield (word.stem,), word.start, word.end
        pair = found[number : number + 2]
        if len(pair) == 2 and _side_by_side(text, *pair) and _is_phrase(text, pair):
            yield tuple(part.stem for part in pair), word.start, pair[-1].end
        triple = found[number : number + 3]
        if len(triple) == 3 and triple[2].position - word.position == 2 and _is_phrase(text, triple):
            yield tuple(part.stem for part in triple), word.start, triple[-1].end


def _side_by_side(text: str, first: Word, second: Word) -> bool:
    distance = second.position - first.position
    return distance == 1 or (distance == 2 and text[first.end : second.start].strip().lower() in _JOINERS)


def _is_phrase(text: str, parts: Sequence[Word]) -> bool:
    start, end = parts[0].start, parts[-1].end
    different = len({part.stem for part in parts}) == len(parts)
    return different and end - start <= _LONGEST and _JOINED.fullmatch(text, start, end) is not None


def _as_written(text: str, start: int, end: int) -> str:
    """Return a piece of text without the capital that only the start of a sentence gave it."""
    piece = " ".join(unicodedata.normalize("NFKC", text[start:end]).split())
    before = text[max(0, start - 3) : start].rstrip(" \"'“”‘’([-*•\t\r")
    first = (start < 3 and not before) or before[-1:] in tuple(_SENTENCE_END)
    return piece.lower() if first and piece[1:].islower() else piece


def names(tally: Tally, themes: int) -> list[str]:
    """Name every theme by the phrases that set it apart, each phrase used once.

    Parameters
    ----------
    tally : Tally
        Filled with texts of themes 0 to `themes` - 1.
    themes : int
        Number of themes.

    Returns
    -------
    list of str
        One to three phrases each, separated by "; "; all different.

    Examples
    --------
    >>> tally, stems = Tally(), {"free", "public", "wifi", "park", "fix", "bike", "lane"}
    >>> for theme, text in enumerate(["Free public wi-fi in parks", "Fix the bike lane"]):
    ...     for _ in range(3):
    ...         tally.add(text, "en", theme, stems)
    >>> names(tally, 2)
    ['free public wi-fi; parks', 'bike lane; fix']
    """
    scored = sorted(
        (
            (_score(tally, phrase, theme), phrase, theme)
            for phrase in tally.texts
            for theme in tally.texts[phrase]
        ),
        key=lambda item: (-item[0], -len(item[1]), item),
    )
    containing = _phrases_by_stem(tally)
    chosen: list[list[Phrase]] = [[] for _ in range(themes)]
    best: dict[int, float] = {}
    taken: set[Phrase] = set()
    for score, phrase, theme in scored:
        if score <= 0 or phrase in taken or len(chosen[theme]) == _PHRASES:
            continue
        known = {stem for other in chosen[theme] for stem in other}
        if score >= _WORTH * best.setdefault(theme, score) and not known & set(phrase):
            fuller = _fuller(tally, containing, phrase, theme)
            shown = phrase if fuller in taken or known & set(fuller) else fuller
            chosen[theme].append(shown)
            taken |= {phrase, shown}
    found = [phrases or _commonest(tally, theme, taken) for theme, phrases in enumerate(chosen)]
    return _distinct(["; ".join(tally.written(phrase) for phrase in phrases) for phrases in found])


def _commonest(tally: Tally, theme: int, taken: Container[Phrase]) -> list[Phrase]:
    """Return what most texts of a theme say, where nothing sets it apart from the others."""
    said = [phrase for phrase, texts in tally.texts.items() if texts[theme] and phrase not in taken]
    found: list[Phrase] = []
    for phrase in sorted(said, key=lambda phrase: (-tally.texts[phrase][theme], -len(phrase), phrase)):
        if not {stem for other in found for stem in other} & set(phrase):
            found.append(phrase)
        if len(found) == _PHRASES:
            break
    return found


def _phrases_by_stem(tally: Tally) -> dict[str, list[Phrase]]:
    found = defaultdict(list)
    for phrase in tally.texts:
        for stem in phrase if len(phrase) > 1 else ():
            found[stem].append(phrase)
    return found


def _fuller(tally: Tally, containing: dict[str, list[Phrase]], phrase: Phrase, theme: int) -> Phrase:
    """Return the set phrase in which a single word mostly stands in this theme, or the word itself."""
    if len(phrase) > 1:
        return phrase
    enough = max(2, _FULLER * tally.texts[phrase][theme])
    total = sum(tally.sizes.values())
    candidates = [
        longer
        for longer in containing.get(phrase[0], [])
        if tally.texts[longer][theme] >= enough and _belongs_together(tally, longer, total)
    ]
    return min(
        candidates, key=lambda longer: (-tally.texts[longer][theme], -len(longer), longer), default=phrase
    )


def _score(tally: Tally, phrase: Phrase, theme: int) -> float:
    """Score a phrase for a theme by the log-likelihood ratio (Dunning 1993) of its texts here against
    elsewhere."""
    here, everywhere = tally.texts[phrase][theme], sum(tally.texts[phrase].values())
    size, total = tally.sizes[theme], sum(tally.sizes.values())
    if here * total <= everywhere * size or (here < 2 <= size):
        return 0.0
    score = likelihood_ratio(here, everywhere, size, total)
    return score * _PHRASE_BONUS if len(phrase) > 1 and _belongs_together(tally, phrase, total) else score


def _belongs_together(tally: Tally, phrase: Phrase, total: int) -> bool:
    """Tell a set phrase from words that happen to meet."""
    first, rest = phrase[:-1], phrase[-1:]
    together = sum(tally.texts[phrase].values())
    one, other = (max(together, sum(tally.texts[part].values())) for part in (first, rest))
    # Words so common that most texts hold both, though rarely side by side, do not make a phrase.
    return one + other - together <= total and likelihood_ratio(together, one, other, total) > _SIGNIFICANT


def likelihood_ratio(both: int, first: int, second: int, total: int) -> float:
    """Return how far two events are from independent, as a log-likelihood ratio.

    Parameters
    ----------
    both, first, second, total : int
        Texts with both, with the first, with the second, and all texts.

    Returns
    -------
    float
        0 or more; above 6.63 chance is an unlikely explanation.

    Examples
    --------
    >>> round(likelihood_ratio(10, 12, 15, 100), 1)
    35.3
    """
    table = ((both, first - both), (second - both, total - first - second + both))
    rows, columns = (first, total - first), (second, total - second)
    parts = (
        seen * math.log(seen * total / (rows[j] * columns[i]))
        for j, row in enumerate(table)
        for i, seen in enumerate(row)
        if seen > 0
    )
    return max(0.0, 2 * math.fsum(parts))


def _distinct(labels: Sequence[str]) -> list[str]:
    """Give every theme a label of its own."""
    seen: Counter[str] = Counter()
    found = []
    for label in labels:
        plain = label or "other comments"
        seen[plain] += 1
        found.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return found


def keywords(tally: Tally, theme: int, most: int) -> tuple[str, ...]:
    """Return the words that mark a theme, by class-based TF-IDF (Grootendorst 2022), best first.

    Parameters
    ----------
    tally : Tally
        Filled with the texts of all themes.
    theme : int
        Number of the theme.
    most : int
        Most words to return.

    Returns
    -------
    tuple of str
        In the usual spelling, never stems.
    """
    weights = {}
    for phrase, texts in tally.texts.items():
        if len(phrase) == 1 and texts[theme]:
            everywhere = sum(texts.values()) / len(tally.sizes)
            weights[phrase] = texts[theme] * math.log1p(tally.sizes[theme] / everywhere)
    best = sorted(weights, key=lambda phrase: (-weights[phrase], phrase))
    return tuple(dict.fromkeys(tally.written(phrase) for phrase in best[:most]))
