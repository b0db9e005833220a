"""Points for the texts of a study: all views joined, a block of texts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from analysis.arrays import Floats, Ints, unit
from analysis.corpus import Corpus, count
from analysis.features import Space, fit_space
from analysis.table import LANGUAGES, Table
from analysis.text import runs, stems_of
from analysis.types import Comment, NothingToGroup, Vectors

BLOCK = 20_000
"""Texts laid out at a time: bounds the memory."""
_CENTRED = 0.8
"""Share of the mean of all texts that is taken out of their word vectors: what all have in common tells none
apart."""
_COMMON = 0.3
"""A word that this share of the comments use counts half as much as a rare one (smooth inverse frequency;
Arora, Liang & Ma 2017)."""
_OWN, _OWN_PER = 0.1, 0.7
"""Weight of either view learnt from the comments, beside word vectors of weight 1, and how much it grows
with the likeness of the comments. The more they are about one subject, the less the general meaning of words
tells them apart."""


class Meaning(Protocol):
    """Vectors by the general meaning of words, rows of length one or zero."""

    def documents(self, documents: Ints) -> Floats:
        """Return the vectors of documents, shape (documents, d)."""
        ...

    def texts(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of other texts, shape (texts, d)."""
        ...


@dataclass(frozen=True)
class _ByTable:
    """Sums of word vectors, with the words that many comments use turned down."""

    corpus: Corpus
    table: Table
    vectors: Floats
    """Shape (words, d): of the words of the corpus, turned down."""

    @classmethod
    def of(cls, corpus: Corpus, table: Table, sample: int) -> _ByTable:
        served = [word if language in LANGUAGES else "" for word, language in corpus.words]
        spoken = corpus.spoken(np.arange(min(sample, len(corpus))))
        share = np.bincount(spoken.indices, minlength=len(served)) / spoken.shape[0]
        weights = (_COMMON / (_COMMON + share)).astype(np.float32)
        return cls(corpus, table, table.words(served) * weights[:, None])

    def documents(self, documents: Ints) -> Floats:
        return unit(np.asarray(self.corpus.spoken(documents) @ self.vectors))

    def texts(self, texts: Sequence[str]) -> Floats:
        return self.table.vectors(texts)


@dataclass(frozen=True)
class _ByModel:
    """Vectors of another back end."""

    comments: Sequence[Comment]
    corpus: Corpus
    backend: Vectors
    seen: dict[int, Floats] = field(default_factory=dict)
    """Vectors of the documents asked about first, which come again and which a model is slow to read."""

    def documents(self, documents: Ints) -> Floats:
        new = [document for document in documents.tolist() if document not in self.seen]
        examples = self.corpus.examples[new].tolist() if new else []
        found = dict(zip(new, self.texts([self.comments[example].text for example in examples]), strict=True))
        if not self.seen:
            self.seen.update(found)
        return np.stack([found[row] if row in found else self.seen[row] for row in documents.tolist()])

    def texts(self, texts: Sequence[str]) -> Floats:
        return _directions(self.backend.vectors(texts), len(texts)) if texts else np.zeros((0, 0), np.float32)


def _directions(rows: object, count: int) -> Floats:
    """Return what a back end gave as rows of length one or zero, whatever their scale."""
    try:
        found = np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.zeros(0)
    if found.ndim != 2 or found.shape[0] != count or not found.shape[1] or not np.isfinite(found).all():
        raise ValueError(f"The back end of sentence vectors must give {count} equal rows of finite numbers.")
    largest = np.abs(found).max(axis=1, keepdims=True)
    return unit(found / np.where(largest > 0, largest, 1))


@dataclass(frozen=True)
class Layout:
    """Where the texts of a study lie."""

    corpus: Corpus
    space: Space | None
    """What the comments themselves teach; None when they share no words."""
    meaning: Meaning | None
    """The general meaning of their words; None without."""
    middle: Floats
    """Shape (axes of meaning,): what is taken out of these vectors."""
    own: float
    """Weight of either view learnt from the comments."""

    def points(self, documents: Ints) -> Floats:
        """Return the points of documents.

        Parameters
        ----------
        documents : array of int64, shape (n,)
            Which.

        Returns
        -------
        array of float32, shape (n, d)
            Rows of length one, or zero for a text that has nothing in common with the others.
        """
        own = [] if self.space is None else self.space.views(self.corpus.counts[documents])
        return self._join(own, None if self.meaning is None else self.meaning.documents(documents))

    def texts(self, texts: Sequence[str], language: str) -> Floats:
        """Return the points of other texts in a language, such as names of themes; shape (texts, d)."""
        number = {stem: row for row, stem in enumerate(self.corpus.stems)}
        found = [
            [number[stem] for run in runs(text) for stem in stems_of(run, language) if stem in number]
            for text in texts
        ]
        flat = np.array([stem for stems in found for stem in stems], dtype=np.int64)
        starts = np.cumsum([0, *map(len, found)])
        own = [] if self.space is None else self.space.views(count(flat, starts, len(number)))
        return self._join(own, None if self.meaning is None else self.meaning.texts(texts))

    def _join(self, own: Sequence[Floats], meaning: Floats | None) -> Floats:
        views = [self.own * view for view in own]
        if meaning is not None:
            known = meaning.any(axis=1, keepdims=True)
            views.append(unit(np.where(known, meaning - self.middle, 0)))
        return unit(np.hstack(views))

    def blocks(self, documents: Ints) -> Iterator[tuple[Ints, Floats]]:
        """Yield documents and their points, a block at a time."""
        for start in range(0, len(documents), BLOCK):
            part = documents[start : start + BLOCK]
            yield part, self.points(part)


def lay_out(
    comments: Sequence[Comment], corpus: Corpus, backend: Vectors | None, sample: int, seed: int
) -> Layout:
    """Learn where texts lie.

    Parameters
    ----------
    comments : sequence of Comment
        In input order.
    corpus : Corpus
        The same comments as texts.
    backend : Vectors or None
        Where general word vectors come from.
    sample : int
        The layout is learnt from so many texts, the first ones.
    seed : int
        Start of the random choices.

    Returns
    -------
    Layout

    Raises
    ------
    NothingToGroup
        When the comments share no words and no back end knows them.
    """
    meaning: Meaning | None = None
    if isinstance(backend, Table):
        meaning = _ByTable.of(corpus, backend, sample)
    elif backend is not None:
        meaning = _ByModel(comments, corpus, backend)
    known = None if meaning is None else meaning.documents(np.arange(min(sample, len(corpus))))
    if known is None or not known.any():
        return Layout(corpus, fit_space(corpus, sample, seed), None, np.zeros(0, dtype=np.float32), 1.0)
    middle = known[known.any(axis=1)].mean(axis=0)
    try:
        space = fit_space(corpus, sample, seed)
    except NothingToGroup:
        space = None
    return Layout(corpus, space, meaning, _CENTRED * middle, _OWN + _OWN_PER * float(middle @ middle))
