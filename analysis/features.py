"""From texts to points: two views of each text, joined.

One view is latent semantic analysis of TF-IDF (Deerwester et al. 1990): texts that share words are close. The
other learns from the comments themselves which words keep the same company: positive pointwise mutual
information with smoothed contexts, reduced by a singular value decomposition (Levy, Goldberg & Dagan 2015); a
text is the TF-IDF weighted sum of its words. Both are scaled to length one and set side by side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, diags
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

from analysis.arrays import Floats, Ints
from analysis.types import NothingToGroup

_WINDOW = 10
"""Words up to this far apart keep each other company."""
_CONTEXT_POWER = 0.75
"""Flattens the frequency of contexts, so that rare words do not attract too much (Levy et al. 2015, section
3.2)."""
_FEWEST_AXES, _MOST_AXES = 20, 100
_RARE_PER = 4000
"""A word must occur in two texts, and in one more for each further so many texts beyond twice as many."""


@dataclass(frozen=True, slots=True)
class Space:
    """A fitted space, into which any text of the study can be put."""

    counter: CountVectorizer
    """Knows the vocabulary."""
    weights: TfidfTransformer
    """Knows how rare each word is."""
    words: NDArray[np.float64]
    """Shape (vocabulary, axes): latent semantic axes."""
    company: NDArray[np.float64]
    """Shape (vocabulary, axes): word vectors by the company they keep."""

    def points(self, documents: Sequence[str]) -> Floats:
        """Put texts into the space.

        Parameters
        ----------
        documents : sequence of str
            Stems separated by blanks.

        Returns
        -------
        array of float32, shape (documents, 2 * axes)
            Rows of length one, or zero for a text that shares no word with the others.
        """
        found = self.weights.transform(self.counter.transform(documents))
        views = [normalize(found @ axes) for axes in (self.words, self.company)]
        return np.asarray(normalize(np.hstack(views)), dtype=np.float32)


def fit_space(documents: Sequence[str], seed: int) -> Space:
    """Learn the space from texts.

    Parameters
    ----------
    documents : sequence of str
        Different texts, as stems separated by blanks.
    seed : int
        Start of the randomised decompositions.

    Returns
    -------
    Space
        With as many axes per view as the square root of the number of texts, 20 to 100.

    Raises
    ------
    NothingToGroup
        When no word occurs in two texts.

    Examples
    --------
    >>> space = fit_space(["bus late", "late bus stop", "open librari", "librari open late"], seed=0)
    >>> space.points(["bus stop", "zebra"]).any(axis=1).tolist()
    [True, False]
    """
    counter = CountVectorizer(
        tokenizer=str.split, token_pattern=None, lowercase=False, min_df=max(2, len(documents) // _RARE_PER)
    )
    try:
        counts = counter.fit_transform(documents)
    except ValueError:
        raise NothingToGroup(
            f"The {len(documents):,} different comments share no words: there is nothing to group them by."
        ) from None
    weights = TfidfTransformer(sublinear_tf=True)
    found = weights.fit_transform(counts)
    axes = min(_MOST_AXES, max(_FEWEST_AXES, math.isqrt(len(documents))))
    company = word_association(_sequences(documents, counter.vocabulary_), len(counter.vocabulary_))
    _, _, latent = _decompose(found, axes, seed)
    left, strength, _ = _decompose(company, axes, seed)
    return Space(counter, weights, latent.T, left * strength)


def _decompose(matrix: csr_matrix, axes: int, seed: int) -> Any:
    return randomized_svd(matrix, min(axes, *matrix.shape), n_iter=7, random_state=seed)


def _sequences(documents: Sequence[str], vocabulary: dict[str, int]) -> tuple[Ints, Ints]:
    """Return all known words of all texts in one row, and the text each one stands in."""
    known = [
        (vocabulary[stem], text)
        for text, document in enumerate(documents)
        for stem in document.split()
        if stem in vocabulary
    ]
    flat = np.array(known, dtype=np.int64).reshape(-1, 2)
    return flat[:, 0], flat[:, 1]


def word_association(sequences: tuple[Ints, Ints], size: int) -> csr_matrix:
    """Return how much more often words stand near each other than by chance.

    Parameters
    ----------
    sequences : pair of int arrays, shape (tokens,)
        Word numbers in order, and the number of the text each stands in.
    size : int
        Number of different words.

    Returns
    -------
    sparse matrix of float64, shape (size, size)
        Positive pointwise mutual information, in nats; symmetric windows, contexts to the power 0.75.

    Examples
    --------
    >>> tokens, texts = np.array([0, 1, 0, 1, 2, 3]), np.array([0, 0, 1, 1, 2, 2])
    >>> word_association((tokens, texts), 4).toarray().round(2)[0].tolist()
    [0.0, 1.16, 0.0, 0.0]
    """
    tokens, texts = sequences
    near = csr_matrix((size, size))
    for distance in range(1, min(_WINDOW, len(tokens) - 1) + 1):
        together = texts[:-distance] == texts[distance:]
        pairs = tokens[:-distance][together], tokens[distance:][together]
        near = near + coo_matrix((np.ones(len(pairs[0])), pairs), shape=(size, size)).tocsr()
    near = near + near.T
    frequency = np.asarray(near.sum(axis=1)).ravel()
    context = frequency**_CONTEXT_POWER
    with np.errstate(divide="ignore"):
        expected = diags(1 / np.where(frequency > 0, frequency, np.inf)) @ near
        ratio = expected @ diags(context.sum() / np.where(context > 0, context, np.inf))
    ratio = csr_matrix(ratio)
    ratio.data = np.maximum(np.log(ratio.data), 0)
    ratio.eliminate_zeros()
    return ratio
