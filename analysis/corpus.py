"""The comments as different texts: each text counts once, however often it was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Ints
from analysis.languages import resolve
from analysis.stopwords import stop_words
from analysis.text import spans, words
from analysis.types import Comment, NothingToGroup, Reason, TooFew

_TOO_COMMON = 0.25
"""In a language without a stop list, words in more than this share of its comments are treated as stop
words."""
_ENOUGH = 20
"""Comments of a language before its common words can be told from its subjects."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Different texts in an order of their own, so that nothing depends on the order or the ids of the
    comments."""

    documents: tuple[str, ...]
    """The different texts as stems separated by blanks, sorted."""
    rows: Ints
    """Shape (comments,): position in `documents` of each comment; -1 for a comment without content words."""
    examples: Ints
    """Shape (documents,): position of one comment with that text (of several spellings the first by
    alphabet)."""
    languages: tuple[str, ...]
    """Language of each comment."""
    reasons: tuple[Reason | None, ...]
    """For each comment without content words, why; None for the others."""


def read(comments: Sequence[Comment], minimum: int) -> Corpus:
    """Turn comments into a corpus.

    Parameters
    ----------
    comments : sequence of Comment
        In any order.
    minimum : int
        Fewest usable comments.

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
    >>> corpus.documents, corpus.rows.tolist(), corpus.reasons
    (('bike lane', 'bus'), [1, 1, 0, -1], (None, None, None, 'too short'))
    """
    languages = resolve([comment.text for comment in comments], [comment.language for comment in comments])
    stems = _content(comments, languages)
    _check(stems, minimum)
    documents = tuple(sorted({text for text in stems if text}))
    if len(documents) == 1:
        raise NothingToGroup(
            f"All {sum(map(bool, stems)):,} comments say the same: there is nothing to group."
        )
    position = {text: number for number, text in enumerate(documents)}
    rows = np.array([position.get(text, -1) for text in stems], dtype=np.int64)
    return Corpus(
        documents=documents,
        rows=rows,
        examples=_examples(comments, rows, len(documents)),
        languages=tuple(languages),
        reasons=tuple(
            None if text else _reason(comment.text, language)
            for comment, text, language in zip(comments, stems, languages, strict=True)
        ),
    )


def _content(comments: Sequence[Comment], languages: Sequence[str]) -> list[str]:
    """Return the stems of each comment, separated by blanks."""
    texts = [
        " ".join(word.stem for word in words(comment.text, language))
        for comment, language in zip(comments, languages, strict=True)
    ]
    for language in sorted(set(languages)):
        if not stop_words(language):
            _drop_common(texts, [row for row, other in enumerate(languages) if other == language])
    return texts


def _drop_common(texts: list[str], rows: Sequence[int]) -> None:
    """Take the words that most comments of a language share out of them."""
    if len(rows) < _ENOUGH:
        return
    different = {texts[row] for row in rows}
    frequency = Counter(stem for text in different for stem in set(text.split()))
    common = {stem for stem, times in frequency.items() if times > _TOO_COMMON * len(different)}
    if len(different) < _ENOUGH or not common:
        return
    for row in rows:
        texts[row] = " ".join(stem for stem in texts[row].split() if stem not in common)


def _check(stems: Sequence[str], minimum: int) -> None:
    usable = sum(map(bool, stems))
    if stems and not usable:
        raise NothingToGroup(f"None of the {len(stems):,} comments has words to group by.")
    if usable < minimum:
        comments = "1 comment is" if usable == 1 else f"{usable} comments are"
        raise TooFew(f"{comments} too few: {minimum} are needed")


def _examples(comments: Sequence[Comment], rows: Ints, documents: int) -> Ints:
    chosen = np.full(documents, -1, dtype=np.int64)
    for number, row in enumerate(rows):
        if row >= 0 and (chosen[row] < 0 or _spelling(comments[number]) < _spelling(comments[chosen[row]])):
            chosen[row] = number
    return chosen


def _spelling(comment: Comment) -> tuple[str, str, str, str]:
    return comment.text, comment.language or "", comment.id, comment.audience or ""


def _reason(text: str, language: str) -> Reason:
    return "no content words" if spans(text, language) else "too short"
