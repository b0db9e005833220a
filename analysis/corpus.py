"""The comments as different texts: each text counts once, however often it was sent.

Everything is counted in numbers from here on, so that a million comments fit: a comment is a row of stems,
and equal rows are one document. Documents stand in an order of their own (by a hash of their words), so that
nothing depends on the order or the ids of the comments, and a sample of the first ones stays the same when
more come in.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analysis.arrays import Ints
from analysis.languages import resolve
from analysis.stopwords import stop_words
from analysis.text import runs, stems_of
from analysis.types import Comment, Map, NothingToGroup, Reason, TooFew

_TOO_COMMON = 0.25
"""In a language without a stop list, words in more than this share of its comments are treated as stop
words."""
_ENOUGH = 20
"""Comments of a language before its common words can be told from its subjects."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Corpus:
    """Different texts, as counts of stems."""

    stems: tuple[str, ...]
    """The vocabulary, sorted."""
    counts: csr_matrix
    """Shape (documents, stems): how often each stem stands in each text."""
    tokens: Ints
    """The stems of all texts in order, text after text."""
    starts: Ints
    """Shape (documents + 1,): where each text starts in `tokens`."""
    rows: Ints
    """Shape (comments,): document of each comment; -1 for a comment without content words."""
    copies: Ints
    """Shape (documents,): comments with that text."""
    examples: Ints
    """Shape (documents,): position of one comment with that text (of several spellings the first by
    alphabet)."""
    languages: tuple[str, ...]
    """Language of each comment."""
    reasons: tuple[Reason | None, ...]
    """For each comment without content words, why; None for the others."""
    words: tuple[tuple[str, str], ...]
    """Every word as it was written, in lower case, with the language of the comments it stands in; stop words
    included."""
    said: Ints
    """The words of all comments in order, comment after comment."""
    said_from: Ints
    """Shape (comments + 1,): where each comment starts in `said`."""

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.examples)

    def spoken(self, documents: Ints) -> csr_matrix:
        """Return how often each of `words` stands in the examples of documents, shape (documents, words)."""
        flat, starts = take(self.said, self.said_from, self.examples[documents])
        return count(flat, starts, len(self.words))

    def stems_in(self, document: int) -> set[str]:
        """Return the stems of one document."""
        part = self.tokens[self.starts[document] : self.starts[document + 1]]
        return {self.stems[stem] for stem in part}


class _Numbers(dict[str, int]):
    """Numbers for the words of one language, given when a word is first met."""

    def __init__(self, language: str, words: list[tuple[str, str]]) -> None:
        self._language = language
        self._words = words

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self._words)
        self._words.append((word, self._language))
        return number


def read(comments: Sequence[Comment], minimum: int, spread_out: Map = map) -> Corpus:
    """Turn comments into a corpus.

    Parameters
    ----------
    comments : sequence of Comment
        In any order.
    minimum : int
        Fewest usable comments.
    spread_out : callable
        Like the built-in `map`.

    Returns
    -------
    Corpus

    Raises
    ------
    TooFew
        When fewer than `minimum` comments have content words.
    NothingToGroup
        When no comment has any, or all say the same.

    Examples
    --------
    >>> texts = ["More buses", "more buses!", "Bike lanes", "?"]
    >>> corpus = read([Comment(str(number), text) for number, text in enumerate(texts)], minimum=2)
    >>> corpus.stems, len(corpus), int(corpus.copies[corpus.rows[0]]), corpus.reasons
    (('bike', 'bus', 'lane'), 2, 2, (None, None, None, 'too short'))
    """
    given = [comment.language for comment in comments]
    languages = resolve([comment.text for comment in comments], given, spread_out)
    words, found, starts = _number(comments, languages)
    vocabulary, tokens, bounds = _stem(words, found, starts, languages)
    lengths = np.diff(bounds)
    usable = lengths > 0
    _check(len(comments), int(usable.sum()), minimum)
    rows, first = _documents(vocabulary, tokens, bounds)
    if len(first) == 1:
        raise NothingToGroup(f"All {int(usable.sum()):,} comments say the same: there is nothing to group.")
    flat, positions = take(tokens, bounds, first)
    return Corpus(
        stems=vocabulary,
        counts=count(flat, positions, len(vocabulary)),
        tokens=flat,
        starts=positions,
        rows=rows,
        copies=np.bincount(rows[rows >= 0], minlength=len(first)),
        examples=_examples(comments, rows, first),
        languages=tuple(languages),
        reasons=_reasons(usable, np.diff(starts)),
        words=tuple(words),
        said=found,
        said_from=starts,
    )


def _number(
    comments: Sequence[Comment], languages: Sequence[str]
) -> tuple[list[tuple[str, str]], Ints, Ints]:
    """Return the different words with their languages, the words of all comments, and where each starts."""
    words: list[tuple[str, str]] = []
    numbers = {language: _Numbers(language, words) for language in sorted(set(languages))}
    found, starts = array("i"), array("q", [0])
    for comment, language in zip(comments, languages, strict=True):
        found.extend(map(numbers[language].__getitem__, runs(comment.text)))
        starts.append(len(found))
    # By alphabet: sums over words in another order would differ in their last digits.
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), dtype=np.int32)
    rank[order] = np.arange(len(words))
    ranked = rank[np.frombuffer(found, dtype=np.int32)]
    return [words[number] for number in order], ranked, np.array(starts, dtype=np.int64)


def _stem(
    words: Sequence[tuple[str, str]], found: Ints, starts: Ints, languages: Sequence[str]
) -> tuple[tuple[str, ...], Ints, Ints]:
    """Replace words by their stems; one word may have none or several."""
    parts = [stems_of(word, language) for word, language in words]
    _drop_common(parts, words, found, starts, languages)
    vocabulary = tuple(sorted({stem for stems in parts for stem in stems}))
    number = {stem: row for row, stem in enumerate(vocabulary)}
    flat = np.array([number[stem] for stems in parts for stem in stems], dtype=np.int64)
    sizes = np.array([len(stems) for stems in parts], dtype=np.int64)
    return vocabulary, *_expand(flat, sizes, found, starts)


def _expand(flat: Ints, sizes: Ints, found: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Write the stems of every word in the place of the word."""
    if not len(found):
        return np.zeros(0, dtype=np.int64), np.zeros(len(starts), dtype=np.int64)
    lengths = sizes[found]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    begins = np.concatenate([[0], np.cumsum(sizes)])[:-1][found]
    tokens = flat[np.repeat(begins - ends[:-1], lengths) + np.arange(ends[-1])]
    return tokens, ends[starts]


def _drop_common(
    parts: list[tuple[str, ...]],
    words: Sequence[tuple[str, str]],
    found: Ints,
    starts: Ints,
    languages: Sequence[str],
) -> None:
    """Empty the words that most comments of a language without a stop list share."""
    for language in sorted(set(languages)):
        own = np.array([other == language for other in languages])
        if stop_words(language) or own.sum() < _ENOUGH:
            continue
        texts = [
            frozenset(found[a:b].tolist()) for a, b in zip(starts[:-1][own], starts[1:][own], strict=True)
        ]
        different = set(texts)
        if len(different) < _ENOUGH:
            continue
        numbers, times = np.unique([word for text in different for word in text], return_counts=True)
        for word in numbers[times > _TOO_COMMON * len(different)]:
            parts[int(word)] = ()


def _check(comments: int, usable: int, minimum: int) -> None:
    if comments and not usable:
        raise NothingToGroup(f"None of the {comments:,} comments has words to group by.")
    if usable < minimum:
        said = "1 comment is" if usable == 1 else f"{usable} comments are"
        raise TooFew(f"{said} too few: {minimum} are needed")


def _documents(vocabulary: Sequence[str], tokens: Ints, bounds: Ints) -> tuple[Ints, Ints]:
    """Return the document of each comment, and for each document a comment that holds it.

    Equal rows of stems have equal hashes; that two different ones have is not to be expected below some
    billions of comments (64 bits).
    """
    hashes = _hashes(_hash_words(vocabulary), tokens, bounds)
    rows = np.full(len(bounds) - 1, -1, dtype=np.int64)
    usable = np.flatnonzero(np.diff(bounds) > 0)
    _, first, document = np.unique(hashes[usable], return_index=True, return_inverse=True)
    rows[usable] = document
    return rows, usable[first]


def _hash_words(words: Iterable[str]) -> NDArray[np.uint64]:
    raw = b"".join(
        hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words
    )
    return np.frombuffer(raw, dtype="<u8").astype(np.uint64)


def _hashes(of_word: NDArray[np.uint64], tokens: Ints, bounds: Ints) -> NDArray[np.uint64]:
    """Return a hash of each row of words that depends on their order."""
    lengths = np.diff(bounds)
    place = np.arange(len(tokens)) - np.repeat(bounds[:-1], lengths)
    mixed = of_word[tokens] * (_MULTIPLIER * (place.astype(np.uint64) * np.uint64(2) + np.uint64(1)))
    mixed ^= mixed >> np.uint64(29)
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    total = (sums[bounds[1:]] - sums[bounds[:-1]]) * _MULTIPLIER
    return np.asarray(total ^ (total >> np.uint64(32)))


def take(tokens: Ints, bounds: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Return the tokens of the chosen rows, and where each row starts."""
    lengths = np.diff(bounds)[chosen]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    flat = tokens[np.repeat(bounds[:-1][chosen] - starts[:-1], lengths) + np.arange(starts[-1])]
    return flat, starts


def count(tokens: Ints, starts: Ints, size: int) -> csr_matrix:
    """Return how often each of `size` tokens stands in each row."""
    found = csr_matrix(
        (np.ones(len(tokens), dtype=np.float32), tokens, starts), shape=(len(starts) - 1, size)
    )
    found.sum_duplicates()
    return found


def _examples(comments: Sequence[Comment], rows: Ints, first: Ints) -> Ints:
    """Return for each document the comment whose spelling comes first by alphabet."""
    chosen = first.copy()
    copied = np.bincount(rows[rows >= 0], minlength=len(first)) > 1
    for number in np.flatnonzero((rows >= 0) & copied[rows]).tolist():
        if _spelling(comments[number]) < _spelling(comments[chosen[rows[number]]]):
            chosen[rows[number]] = number
    return chosen


def _spelling(comment: Comment) -> tuple[str, str, str, str]:
    return comment.text, comment.language or "", comment.id, comment.audience or ""


def _reasons(usable: NDArray[np.bool_], words: Ints) -> tuple[Reason | None, ...]:
    return tuple(
        None if content else "no content words" if number else "too short"
        for content, number in zip(usable.tolist(), words.tolist(), strict=True)
    )
