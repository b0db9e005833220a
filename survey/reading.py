"""How hard words are to read: syllables, reading grade (English), ease of reading (Spanish).

English: the Flesch-Kincaid grade, .39 words a sentence + 11.8 syllables a word - 15.59: the school year in
which most people can read a text. Spanish: the scale of Szigriszt, 206.84 - 62.3 syllables a word - words a
sentence, in the bands of INFLESZ. Other languages have no formula that we could stand behind: there we only
count words.

Syllables are counted by rules. In Spanish the spelling tells them. In English the rules agree with the CMU
dictionary of pronunciation for 98.8 % of the words of four city consultations; hyphenation patterns, which
others take for it, for 92.4 %, and they count 6 % too few.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…:;]+(?=\s|$)|\n+")
PIPED = re.compile(r"\$\{[^}]*\}")
# From very easy down, as INFLESZ names them; a text for everybody is "normal" at least.
BANDS = ((80, "very easy"), (65, "easy"), (55, "normal"), (40, "hard"))
HARDEST = "very hard"
LONG_WORD = 4
WRITTEN_TOGETHER = frozenset({"ja", "km", "lo", "my", "th", "zh"})

# Where English letters and syllables part: an e that is not spoken, vowels that are spoken one by one.
_SUFFIX = re.compile(
    r"(?<=[^aeiou])e(?=(?:ly|ments?|less|ness|ful|ty|things?|one|walks?|times?|where|days?|ways?)$)"
)
_SILENT = re.compile(r"(?:[^aeiouylr]|[aeiouy][lr])e$|[^aeiouytd]ed$|(?:[^aeiouyszxcgl]|[aeiouy]l)es$")
_LOUD_ES = re.compile(r"(?:sh|ch)es$")
_APART = re.compile(
    r"(?<![tscgx])i[ao](?!us)|[^q]u[ao]|eo(?!u|us|n\b|ple)|[aeiouy]ings?$|ism$|iers?$|iest$|(?<!q)uou"
    r"|[aeiou]y[aeiou]|[ds]nt$|cre[ai]t|eas?$"
)
_TOGETHER = re.compile(r"[aeiouy]+")
_STRONG = "aeoáéíóú"


@dataclass(frozen=True)
class Text:
    """Words in one language, and how hard they are."""

    text: str
    language: str

    @cached_property
    def words(self) -> list[str]:
        """Its words, numbers left out."""
        plain = PIPED.sub(" ", self.text)
        return [word for word in WORD.findall(plain) if any(letter.isalpha() for letter in word)]

    @cached_property
    def length(self) -> int:
        """How many words it has; where words are written together, half its letters."""
        if self.kind in WRITTEN_TOGETHER:
            return sum(map(str.isalpha, self.text)) // 2
        return len(self.words)

    @cached_property
    def sentences(self) -> int:
        """How many sentences it has, one at least."""
        return max(1, sum(bool(WORD.search(part)) for part in SENTENCE_END.split(self.text)))

    @property
    def kind(self) -> str:
        """The language without its country."""
        return self.language.split("-")[0]

    @cached_property
    def _rates(self) -> tuple[float, float]:
        count = len(self.words)
        return count / self.sentences, sum(syllables(word, self.kind) for word in self.words) / count

    @property
    def grade(self) -> float | None:
        """The school year in which most people can read it; None where there is no English to judge."""
        if self.kind != "en" or not self.words:
            return None
        length, per_word = self._rates
        return 0.39 * length + 11.8 * per_word - 15.59

    @property
    def ease(self) -> float | None:
        """How easily it reads, 100 the easiest; None where there is no Spanish to judge."""
        if self.kind != "es" or not self.words:
            return None
        length, per_word = self._rates
        return 206.84 - 62.3 * per_word - length

    @property
    def band(self) -> str:
        """The band of INFLESZ, for Spanish."""
        ease = self.ease
        return next((name for least, name in BANDS if ease is not None and ease > least), HARDEST)

    @property
    def long_words(self) -> list[str]:
        """The words with the most syllables, hardest first, each once."""
        counted = {word.casefold(): syllables(word, self.kind) for word in self.words if not word.isupper()}
        found = [word for word, count in counted.items() if count >= LONG_WORD]
        return sorted(found, key=lambda word: (-counted[word], word))


@lru_cache(20_000)
def syllables(word: str, language: str) -> int:
    """How many syllables a word has, one at least."""
    parts = re.sub(r"['’]", "", word.lower()).split("-")
    count = _spanish if language == "es" else _english
    return sum(count(part) for part in parts if len(part) > 1) or 1


def _english(word: str) -> int:
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    plain = _SUFFIX.sub("", plain)
    groups = len(_TOGETHER.findall(plain)) + len(_APART.findall(plain))
    loud = word.endswith(("é", "és")) or _LOUD_ES.search(plain)
    silent = bool(_SILENT.search(plain)) and not loud
    return max(1, groups - silent)


def _spanish(word: str) -> int:
    """Vowels that touch are one syllable, unless both are strong or a weak one carries the accent."""
    plain = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "k", word)
    plain = re.sub(r"y(?=[aeiouáéíóú])", "j", plain).replace("y", "i")
    groups: list[str] = re.findall(r"[aeiouáéíóúü]+", plain)
    return max(1, sum(1 + _hiatuses(group) for group in groups))


def _hiatuses(vowels: str) -> int:
    return sum(one in _STRONG and other in _STRONG for one, other in pairwise(vowels))
