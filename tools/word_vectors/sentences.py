"""The text that the table is taught on: WordNet's own sentences, and others that we make of its words.

WordNet's glosses define; people who answer a survey complain, ask and wish. So its words are put into frames
of such sentences. Sense is not asked for: the teacher reads nonsense too, and says what each word adds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tools.word_vectors.wordnet import Synset, WordNet

FRAMES = (
    "We need more {n}.",
    "There should be {a} {n} in every neighborhood.",
    "I wish the city would {v} the {n}.",
    "{n} should be banned because {n2} matters more.",
    "Too much {n} and not enough {n2}.",
    "Please {v} the {n}.",
    "The {n} is too {a}.",
    "People have the right to {v}.",
    "It is {a} that {n} leads to {n2}.",
    "My biggest concern is the {n} near the {n2}.",
    "{n} would help {n2} and reduce {n3}.",
    "Will there be better {n} for {n2}?",
    "How can we {v} {n} without {n2}?",
    "I love the {n} but hate the {n2}.",
    "Nobody here can {v} because of {n}.",
    "{n} is important for our children.",
    "It costs too much to {v} a {n}.",
    "The government should not {v} {n}.",
    "What is the best way to {v} a {n}",
    "can you {v} my {n}",
    "i want to {v} {n} for my {n2}",
    "show me {a} {n}",
    "Staff do not {v} enough; {n} is missing.",
    "Invest in {n} and {n2}",
    "More {n}, less {n2}.",
    "{n}, {n2}, {n3}",
    "Our {n} works well, especially the {a} {n2}.",
    "We should {v} {n} since it causes {n2}",
    "{n} is a form of {n2}",
    "Without {n} there is no {n2}.",
)

_COMMON_NOUNS = 3_000
_FROM_ALL_NOUNS = 0.6
"""Share of nouns drawn from all of them; the others come from the commonest."""
_LONGEST_LIST = 10
_NEIGHBOURS = 6


@dataclass(frozen=True)
class Recipe:
    """How many sentences of our own making, and of what kind."""

    seed: int
    frames: int
    """Frames filled with words."""
    lemmas: tuple[int, int]
    """Words alone: from and up to which of them, in shuffled order."""
    lists: int = 25_000
    """Tries at keyword lists around one idea; those of fewer than three words are left out."""
    glosses: int = 20_000
    """Tries at pairs of related definitions."""


RECIPES = (Recipe(7, 45_000, (0, 25_000)), Recipe(8, 60_000, (25_000, 60_000)))


@dataclass(frozen=True)
class Vocabulary:
    """The words that go into frames: those met in WordNet's tagged texts."""

    nouns: list[str]
    """Commonest first."""
    verbs: list[str]
    adjectives: list[str]


def vocabulary(wordnet: WordNet) -> Vocabulary:
    """Return the words for frames: nouns in lower case met once, verbs and adjectives met twice."""
    nouns = [word for word in wordnet.words("n") if word.islower() and wordnet.count(word, "n") > 0]
    # Equally common ones go by the alphabet: a set has another order in each process.
    nouns.sort(key=lambda word: (-wordnet.count(word, "n"), word))
    verbs, adjectives = (
        sorted(word for word in wordnet.words(part) if wordnet.count(word, part) > 1) for part in "va"
    )
    return Vocabulary(nouns, verbs, adjectives)


def from_wordnet(wordnet: WordNet) -> list[str]:
    """Return every "words: definition" and every example."""
    return [sentence for synset in wordnet.synsets.values() for sentence in synset.sentences()]


def made(wordnet: WordNet, words: Vocabulary, recipe: Recipe) -> list[str]:
    """Return the sentences of our own making: the same for the same seed.

    Parameters
    ----------
    wordnet : WordNet
        Where words and their relations come from; adverbs are left out.
    words : Vocabulary
        What goes into frames.
    recipe : Recipe
        How many of each kind.
    """
    rng = Random(recipe.seed)
    synsets = {key: synset for key, synset in wordnet.synsets.items() if key[0] != "r"}
    first, last = recipe.lemmas
    return [
        *(_filled(rng, words) for _ in range(recipe.frames)),
        *_drawn(rng, synsets, recipe.lists, _list),
        *_drawn(rng, synsets, recipe.glosses, _pair),
        *_lemmas(rng, synsets)[first:last],
    ]


def everything(wordnet: WordNet) -> dict[str, list[str]]:
    """Return all that the table is taught on, by the name of its source, in the order of teaching."""
    words = vocabulary(wordnet)
    own = {f"made with seed {recipe.seed}": made(wordnet, words, recipe) for recipe in RECIPES}
    return {"from WordNet": from_wordnet(wordnet), **own}


def _filled(rng: Random, words: Vocabulary) -> str:
    # Every word is drawn, also those a frame has no place for: the sentences after it must not depend on it.
    frame = rng.choice(FRAMES)
    n, n2, n3 = (_noun(rng, words.nouns) for _ in range(3))
    return frame.format(n=n, n2=n2, n3=n3, v=rng.choice(words.verbs), a=rng.choice(words.adjectives))


def _noun(rng: Random, nouns: list[str]) -> str:
    return rng.choice(nouns if rng.random() < _FROM_ALL_NOUNS else nouns[:_COMMON_NOUNS])


Maker = Callable[[Random, dict[str, Synset], Synset], str | None]


def _drawn(rng: Random, synsets: dict[str, Synset], tries: int, maker: Maker) -> Iterator[str]:
    """Give what can be made of so many synsets drawn at random."""
    keys = list(synsets)
    for _ in range(tries):
        sentence = maker(rng, synsets, synsets[rng.choice(keys)])
        if sentence is not None:
            yield sentence


def _list(rng: Random, synsets: dict[str, Synset], synset: Synset) -> str | None:
    """Make a list of the words of a synset and one word of each of up to six others that it points to."""
    neighbours = rng.sample(synset.related, min(_NEIGHBOURS, len(synset.related)))
    found = [*synset.words, *(rng.choice(synsets[key].words) for key in neighbours if key in synsets)]
    if len(found) < 3:
        return None
    rng.shuffle(found)
    return " ".join(found[:_LONGEST_LIST])


def _pair(rng: Random, synsets: dict[str, Synset], synset: Synset) -> str | None:
    """Make one sentence of the definitions of a synset and one that it points to."""
    related = [synsets[key] for key in synset.related if key in synsets]
    if not related:
        return None
    other = rng.choice(related)
    words = f"{rng.choice(synset.words)} {rng.choice(other.words)}"
    return f"{words}: {synset.definition}; {other.definition}"


def _lemmas(rng: Random, synsets: dict[str, Synset]) -> list[str]:
    lemmas = sorted({word for synset in synsets.values() for word in synset.words})
    rng.shuffle(lemmas)
    return lemmas
