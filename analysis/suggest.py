"""Which comments to read next: those whose reading teaches most about the ones that are still unsure.

Reading a comment makes the placement of those like it surer. How much surer follows from the ridge
regression that places them (`analysis.teach`), before anybody knows the answer: this is transductive
experimental design (Yu, Bi & Tresp 2006). Here every comment counts the more, the less sure its own placement
is so far. Typical comments of each subject come first that way, then those between two themes, and hardly
ever two of a kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.arrays import Floats, Ints, unit
from analysis.corpus import read
from analysis.find import lay_ground, teach
from analysis.known import gather
from analysis.types import Comment, Options, Progress

_LOOKED_AT = 5_000
"""Texts to choose from and to be unsure about, at most."""
_STIFFNESS = 1.0
"""As in `analysis.teach`."""


def suggest_next(
    comments: Sequence[Comment],
    options: Options | None = None,
    count: int = 20,
    *,
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Name the comments whose reading would help most.

    Parameters
    ----------
    comments : sequence of Comment
        Two or more with words that carry a subject.
    options : Options, optional
        With the decisions made so far; none are needed to begin with.
    count : int
        How many to name, 1 or more; fewer come back when fewer are undecided.
    progress : callable, optional
        See `analysis.discover`.

    Returns
    -------
    tuple of str
        Ids, the most helpful first. Each has another text, and none was decided about.

    Raises
    ------
    ValueError
        When `count` is below 1.
    TooFew, NothingToGroup
        See `analysis.discover`.

    Examples
    --------
    >>> texts = ["Open the library", "Library hours are short", "Holes in the road", "Mend the road"]
    >>> notes = [Comment(str(number), text) for number, text in enumerate(texts)]
    >>> sorted(suggest_next(notes, count=2)) in [["0", "2"], ["0", "3"], ["1", "2"], ["1", "3"]]
    True
    """
    if count < 1:
        raise ValueError(f"count must be a whole number of 1 or more, not {count!r}.")
    options = options or Options()
    options.decisions.check()
    report = progress or (lambda share, message: None)
    with threadpool_limits(limits=1):
        report(0.0, "Reading the comments")
        corpus = read(comments, 2)
        known = gather(comments, corpus, options)
        report(0.3, "Learning the words")
        ground = lay_ground(comments, corpus, options, known.documents, taught=True)
        if known.count:
            teacher, points = teach(ground, known)
            unsure = _unsure(teacher.scores(points))
        else:
            points = unit(np.hstack([ground.points, ground.smooth]))
            unsure = np.ones(len(points))
        report(0.7, "Comparing the comments")
        decided = known.decided[ground.fitted]
        rows = np.union1d(np.flatnonzero(~decided)[:_LOOKED_AT], np.flatnonzero(decided)[:_LOOKED_AT])
        chosen = _choose(points[rows], unsure[rows], decided[rows], count)
    return tuple(comments[corpus.examples[ground.fitted[row]]].id for row in rows[chosen])


def _unsure(scores: Floats) -> NDArray[np.float64]:
    """Return 1 for a text between two themes, and less the clearer its theme is."""
    if scores.shape[1] == 1:
        return np.ones(len(scores))
    best = np.sort(scores, axis=1)
    margin = (best[:, -1] - best[:, -2]).astype(np.float64)
    return np.asarray(np.exp(-margin * 2 / max(float(np.median(margin)), 1e-9)))


def _choose(points: Floats, unsure: NDArray[np.float64], decided: NDArray[np.bool_], count: int) -> Ints:
    """Choose, one after the other, the text that takes most doubt away, given those read and those chosen."""
    doubt = _doubt_left(points, decided)
    free = ~decided
    chosen: list[int] = []
    while len(chosen) < count and free.any():
        gain = (unsure @ np.square(doubt)) / (np.diag(doubt) + _STIFFNESS)
        best = int(np.where(free, gain, -1.0).argmax())
        chosen.append(best)
        free[best] = False
        _read(doubt, best)
    return np.array(chosen, dtype=np.int64)


def _doubt_left(points: Floats, decided: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the covariance of all texts, given the answers to those that were decided: all read at once."""
    doubt = (points @ points.T).astype(np.float64)
    if not decided.any():
        return doubt
    among = doubt[np.ix_(decided, decided)] + _STIFFNESS * np.eye(int(decided.sum()))
    return np.asarray(doubt - doubt[:, decided] @ np.linalg.solve(among, doubt[decided]))


def _read(doubt: NDArray[np.float64], row: int) -> None:
    """Take away the doubt that reading one text takes away: the covariance of all, given its answer."""
    doubt -= np.outer(doubt[:, row], doubt[row]) / (doubt[row, row] + _STIFFNESS)
