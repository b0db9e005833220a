"""What the comments themselves teach about their words, in any language: two views of each text.

Latent semantic analysis of TF-IDF (Deerwester et al. 1990): texts
that share words are close. Words by the company they keep: positive pointwise mutual information with
smoothed contexts, reduced by a singular value decomposition (Levy, Goldberg & Dagan 2015); a text is the
TF-IDF weighted sum of its words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.linalg import LinearOperator, eigsh

from analysis.arrays import Floats, Ints, unit
from analysis.corpus import Corpus
from analysis.types import NothingToGroup

_WINDOW = 10
"""Words up to this far apart keep each other company."""
_CONTEXT_POWER = 0.75
"""Flattens the frequency of contexts, so that rare words do not attract too much (Levy et al. 2015, section
3.2)."""
_FEWEST_AXES, _MOST_AXES = 30, 100
_RARE_PER = 4000
"""A word must occur in two texts, and in one more for each further so many texts beyond twice as many."""
_DENSE = 200
"""Up to so many texts or words all axes are computed; that is quicker than looking for the leading ones."""


@dataclass(frozen=True)
class Space:
    """A fitted space, into which any text of the study can be put."""

    columns: Ints
    """Shape (vocabulary,): stems of the corpus that count."""
    rarity: Floats
    """Shape (vocabulary,): inverse document frequency."""
    words: Floats
    """Shape (vocabulary, axes): latent semantic axes."""
    company: Floats
    """Shape (vocabulary, axes): word vectors by the company they keep."""

    def views(self, counts: csr_matrix) -> list[Floats]:
        """Return both views of texts, given the counts of all stems; rows of length one or zero."""
        found = weigh(csr_matrix(counts[:, self.columns]), self.rarity)
        return [unit(np.asarray(found @ axes)) for axes in (self.words, self.company)]


def weigh(counts: csr_matrix, rarity: Floats) -> csr_matrix:
    """Return TF-IDF: one plus the logarithm of each count, times rarity; rows of length one or zero.

    Parameters
    ----------
    counts : sparse matrix, shape (texts, vocabulary)
        How often each word stands in each text.
    rarity : array, shape (vocabulary,)
        Inverse document frequency.

    Returns
    -------
    sparse matrix of float32, shape (texts, vocabulary)
    """
    found = csr_matrix(counts, dtype=np.float32, copy=True)
    found.data = (1 + np.log(found.data)) * rarity[found.indices]
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    found.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(found.indptr)).astype(np.float32)
    return found


def fit_space(corpus: Corpus, sample: int, seed: int) -> Space:
    """Learn the space from texts.

    Parameters
    ----------
    corpus : Corpus
        The study.
    sample : int
        The space is learnt from so many texts, the first ones.
    seed : int
        Start of the decompositions.

    Returns
    -------
    Space
        With as many axes per view as the square root of the number of texts, 30 to 100.

    Raises
    ------
    NothingToGroup
        When no word occurs in two texts.
    """
    counts = csr_matrix(corpus.counts[:sample])
    texts = counts.shape[0]
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(frequency >= max(2, texts // _RARE_PER))
    if not len(columns):
        raise NothingToGroup(
            f"The {texts:,} different comments share no words: there is nothing to group them by."
        )
    rarity = (np.log((1 + texts) / (1 + frequency[columns])) + 1).astype(np.float32)
    found = weigh(csr_matrix(counts[:, columns]), rarity)
    axes = min(_MOST_AXES, max(_FEWEST_AXES, math.isqrt(texts)))
    company = word_association(*_sequences(corpus, texts, columns), len(columns))
    _, latent = decompose(found, axes, seed)
    power, own = decompose(company, axes, seed)
    return Space(columns, rarity, latent, own * power)


def _sequences(corpus: Corpus, texts: int, columns: Ints) -> tuple[Ints, Ints]:
    """Return all words that count, of all texts in one row, and the text each one stands in."""
    number = np.full(len(corpus.stems), -1, dtype=np.int64)
    number[columns] = np.arange(len(columns))
    tokens = number[corpus.tokens[: corpus.starts[texts]]]
    owner = np.repeat(np.arange(texts), np.diff(corpus.starts[: texts + 1]))
    known = tokens >= 0
    return tokens[known], owner[known]


def decompose(matrix: csr_matrix, axes: int, seed: int) -> tuple[Floats, Floats]:
    """Return the leading singular values and right singular vectors, by Lanczos' method on the Gram matrix.

    Parameters
    ----------
    matrix : sparse matrix, shape (n, m)
        Any.
    axes : int
        How many; fewer come back from a smaller matrix.
    seed : int
        Start of the search.

    Returns
    -------
    array, shape (axes,)
        Singular values, largest first.
    array, shape (m, axes)
        Vectors of length one.

    Examples
    --------
    >>> values, vectors = decompose(csr_matrix(np.diag([3.0, 2.0, 1.0])), axes=2, seed=0)
    >>> values.round(3).tolist(), np.abs(vectors).round(3).argmax(axis=0).tolist()
    ([3.0, 2.0], [0, 1])
    """
    if min(matrix.shape) <= max(_DENSE, axes):
        _, values, right = np.linalg.svd(matrix.toarray(), full_matrices=False)
        return values[:axes].astype(np.float32), np.asarray(right[:axes].T, dtype=np.float32)
    size = matrix.shape[1]
    gram = LinearOperator((size, size), matvec=lambda vector: matrix.T @ (matrix @ vector), dtype=np.float32)
    start = np.random.default_rng(seed).uniform(0.5, 1.5, size).astype(np.float32)
    squares, vectors = eigsh(gram, axes, v0=start, tol=1e-3)
    order = np.argsort(-squares, kind="stable")
    return np.sqrt(np.maximum(squares[order], 0)).astype(np.float32), vectors[:, order].astype(np.float32)


def word_association(tokens: Ints, texts: Ints, size: int) -> csr_matrix:
    """Return how much more often words stand near each other than by chance.

    Parameters
    ----------
    tokens : array of int64, shape (tokens,)
        Word numbers in order.
    texts : array of int64, shape (tokens,)
        Number of the text each stands in.
    size : int
        Number of different words.

    Returns
    -------
    sparse matrix of float32, shape (size, size)
        Positive pointwise mutual information, in nats; symmetric windows, contexts to the power 0.75.

    Examples
    --------
    >>> tokens, texts = np.array([0, 1, 0, 1, 2, 3]), np.array([0, 0, 1, 1, 2, 2])
    >>> word_association(tokens, texts, 4).toarray().round(2)[0].tolist()
    [0.0, 1.159999966621399, 0.0, 0.0]
    """
    pairs = [
        (tokens[:-distance][near], tokens[distance:][near])
        for distance in range(1, min(_WINDOW, len(tokens) - 1) + 1)
        for near in [texts[:-distance] == texts[distance:]]
    ]
    first = np.concatenate([a for a, _ in pairs]) if pairs else np.zeros(0, dtype=np.int64)
    second = np.concatenate([b for _, b in pairs]) if pairs else np.zeros(0, dtype=np.int64)
    near = coo_matrix((np.ones(len(first), dtype=np.float32), (first, second)), shape=(size, size)).tocsr()
    near = csr_matrix(near + near.T)
    frequency = np.asarray(near.sum(axis=1)).ravel()
    context = frequency**_CONTEXT_POWER
    row = np.repeat(np.arange(size), np.diff(near.indptr))
    near.data = np.log(near.data * context.sum() / (frequency[row] * context[near.indices]))
    near.data = np.maximum(near.data, 0).astype(np.float32)
    near.eliminate_zeros()
    return near
