"""What merges and splits teach where no theme has a name yet: texts put together are moved to one place
before they are grouped, and a group whose texts were told apart is divided between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.arrays import Floats, Ints, unit
from analysis.cluster import refine
from analysis.corpus import Corpus
from analysis.decisions import Decisions
from analysis.types import Comment


def unite(
    comments: Sequence[Comment], corpus: Corpus, fitted: Ints, axes: Floats, decisions: Decisions
) -> Floats:
    """Move texts that were put together to their middle.

    Parameters
    ----------
    comments, corpus
        The study.
    fitted : array of int64, shape (n,)
        Documents.
    axes : array, shape (n, d)
        Their places.
    decisions : Decisions
        With groups put together.

    Returns
    -------
    array, shape (n, d)
        The places, moved.
    """
    if not decisions.together:
        return axes
    rows = _rows(comments, corpus, fitted, {comment for group in decisions.together for comment in group})
    moved = axes.copy()
    for group in decisions.together:
        here = sorted({rows[comment] for comment in group if comment in rows})
        if here:
            moved[here] = unit(axes[here].mean(axis=0, keepdims=True))
    return moved


def divide(
    comments: Sequence[Comment],
    corpus: Corpus,
    fitted: Ints,
    axes: Floats,
    groups: Ints,
    decisions: Decisions,
) -> Ints:
    """Divide the groups whose texts were told apart.

    Parameters
    ----------
    comments, corpus, fitted, axes, decisions
        See `unite`.
    groups : array of int64, shape (n,)
        Group of each text, from 0 without gaps.

    Returns
    -------
    array of int64, shape (n,)
        One group more for each that was divided: the texts told apart lie on its two sides, and the others
        go with the nearer one.
    """
    if not decisions.apart:
        return groups
    rows = _rows(comments, corpus, fitted, {comment for pair in decisions.apart for comment in pair})
    ties: defaultdict[int, defaultdict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for pair in decisions.apart:
        one, other = (rows.get(comment, -1) for comment in pair)
        if min(one, other) >= 0 and one != other and groups[one] == groups[other]:
            ties[int(groups[one])][one].add(other)
            ties[int(groups[one])][other].add(one)
    found = groups.copy()
    for group in sorted(ties):
        sides = _sides(ties[group])
        middles = np.stack([axes[side].mean(axis=0) for side in sides])
        inside = np.flatnonzero(groups == group)
        fixed = np.select([np.isin(inside, side) for side in sides], [0, 1], -1)
        halves, _ = refine(axes[inside], middles, fixed)
        found[inside[halves == 1]] = found.max() + 1
    return found


def _sides(ties: Mapping[int, set[int]]) -> tuple[list[int], list[int]]:
    """Give each text the other side from those it was told apart from, as far as two sides go."""
    side: dict[int, int] = {}
    for start in sorted(ties):
        waiting = [] if start in side else [start]
        side.setdefault(start, 0)
        while waiting:
            text = waiting.pop()
            for other in sorted(ties[text] - side.keys()):
                side[other] = 1 - side[text]
                waiting.append(other)
    return [text for text in side if side[text] == 0], [text for text in side if side[text] == 1]


def _rows(comments: Sequence[Comment], corpus: Corpus, fitted: Ints, wanted: set[str]) -> dict[str, int]:
    """Return the row among the fitted documents of each comment that is there."""
    row_of = np.full(len(corpus) + 1, -1)
    row_of[fitted] = np.arange(len(fitted))
    rows = row_of[corpus.rows]
    return {
        comment.id: int(row)
        for comment, row in zip(comments, rows.tolist(), strict=True)
        if row >= 0 and comment.id in wanted
    }
