"""From scores to placements: one theme, sometimes two, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Floats, Ints

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """When a text has a second theme, and when it has none."""

    second: float = 0.9
    """A second theme scores at least this, relative to the first."""
    far: float = 0.2
    """A text fits nowhere when its best theme stands out from the others less than this, relative to the
    usual."""
    alone: float = 0.0
    """The same where there is but one theme: relative to the usual score; 0 to place every text."""
    most_nowhere: float = 0.1
    """At most this share fits nowhere; among many vague comments the clearer ones are still placed."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where texts belong."""

    first: Ints
    """Shape (texts,): theme of each text, -1 for none."""
    second: Ints
    """Shape (texts,): second theme, -1 for none."""
    best: Ints
    """Shape (texts,): the theme that fits best, also for texts that fit nowhere."""
    weights: Floats
    """Shape (texts, 2): scores of the first and the second theme, 0 to 1."""

    def members(self, theme: int) -> Ints:
        """Return the texts whose first theme this is, best first."""
        texts = np.flatnonzero(self.first == theme)
        return texts[np.lexsort((texts, -self.weights[texts, 0].round(4)))]

    def ordered(self, texts: Ints) -> Assigned:
        """Return the same in the order of texts, given which text stands in each row."""
        order = np.argsort(texts, kind="stable")
        return Assigned(self.first[order], self.second[order], self.best[order], self.weights[order])


def joined(parts: Sequence[Assigned]) -> Assigned:
    """Return all texts, one part after the other."""
    return Assigned(
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.second for part in parts]),
        np.concatenate([part.best for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def assign(
    scores: Floats,
    known: NDArray[np.bool_],
    rule: Rule,
    first: Ints | None = None,
    alone: Floats | None = None,
) -> Assigned:
    """Decide on themes.

    Parameters
    ----------
    scores : array, shape (texts, themes)
        How well each text fits each theme.
    known : array of bool, shape (texts,)
        False for a text of which nothing is known; it fits nowhere.
    rule : Rule
        When there are two, and when none.
    first : array of int64, shape (texts,), optional
        First themes found by grouping, where that did not go by these scores; -1 for the others.
    alone : array, shape (texts, themes), optional
        Scores of each text without the help of its neighbours, which say whether it fits anywhere; `scores`
        by default.

    Returns
    -------
    Assigned

    Examples
    --------
    >>> scores = np.array([[0.9, 0.1], [0.5, 0.48], [0.1, 0.8]], dtype=np.float32)
    >>> found = assign(scores, np.ones(3, dtype=bool), Rule(far=0))
    >>> found.first.tolist(), found.second.tolist()
    ([0, 0, 1], [-1, 1, -1])
    """
    texts, themes = scores.shape
    rows = np.arange(texts)
    best = scores.argmax(axis=1)
    if first is not None:
        best = np.where(first >= 0, first, best)
    top = scores[rows, best]
    if themes == 1:
        if rule.alone:
            known = known & (top >= _threshold(top[known], replace(rule, far=rule.alone)))
        nobody = np.full(texts, NOWHERE)
        return Assigned(np.where(known, 0, NOWHERE), nobody, best, _weights(top, np.zeros_like(top)))
    others = scores.copy()
    others[rows, best] = -np.inf
    next_best = others.argmax(axis=1)
    runner_up = scores[rows, next_best]
    own = scores if alone is None else alone
    stands_out = _stands_out(own, own[rows, best])
    placed = known & (stands_out >= _threshold(stands_out[known], rule))
    both = placed & (runner_up >= rule.second * top)
    return Assigned(
        first=np.where(placed, best, NOWHERE),
        second=np.where(both, next_best, NOWHERE),
        best=best,
        # A group may hold a text that is a little more like another: what comes first weighs no less.
        weights=_weights(top, np.minimum(top, runner_up)),
    )


def _stands_out(scores: Floats, top: Floats) -> Floats:
    """Return how far the score of the first theme is above the mean of the others."""
    return np.asarray(top - (scores.sum(axis=1) - top) / (scores.shape[1] - 1))


def _threshold(stands_out: Floats, rule: Rule) -> float:
    if not len(stands_out):
        return 0.0
    return float(min(rule.far * np.quantile(stands_out, 0.5), np.quantile(stands_out, rule.most_nowhere)))


def _weights(first: Floats, second: Floats) -> Floats:
    return np.clip(np.stack([first, second], axis=1), 0, 1).astype(np.float32)
