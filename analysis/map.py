"""A map of the comments: one spot a comment, one island a theme, like beside like."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.arrays import Floats
from analysis.corpus import Corpus, read
from analysis.layout import lay_out
from analysis.map_places import arrange
from analysis.types import Comment, NothingToGroup, Vectors
from analysis.vectors import backend

LEAST = 5
"""Comments of each theme on a map, if it has as many."""
_SECOND = 0.4
"""What a further theme of a comment counts, beside its first one."""
_LEARNT_FROM = 20_000
"""Where texts lie is learnt from so many."""


@dataclass(frozen=True, slots=True)
class MapOptions:
    """How to draw a map. Ranges are checked when the options are made."""

    most: int = 1500
    """Most comments on the map, 1 to 5,000: the work grows with the square of it."""
    seed: int = 0
    """Start of every random choice, 0 to 4,294,967,295. The same seed gives the same map."""
    vectors: str | Vectors = "table"
    """Word vectors, as in `Options.vectors`."""

    def __post_init__(self) -> None:
        """Refuse values out of range, with a sentence that says what to give."""
        for name, least, most in (("most", 1, 5000), ("seed", 0, 2**32 - 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise ValueError(f"{name} must be a whole number from {least} to {most:,}, not {value!r}.")


@dataclass(frozen=True, slots=True)
class Spot:
    """A comment on the map."""

    id: str
    """`Comment.id`."""
    theme: int | None
    """Number of its first theme; None when it is in none."""
    x: float
    """From the left, 0 to 1, to four decimals."""
    y: float
    """From the top, 0 to 1, to four decimals."""


def layout(
    comments: Sequence[Comment],
    placements: Sequence[Sequence[int]],
    options: MapOptions | None = None,
) -> tuple[Spot, ...]:
    """Lay comments out on a map, so that themes are islands and what is alike lies near.

    Beyond `MapOptions.most` comments the map shows a sample: at least five of each theme, and beyond that as
    many of each as its share is, those in no theme included. Distances have no unit: what is near is alike,
    but what is far apart may be more or less so.

    Parameters
    ----------
    comments : sequence of Comment
        In any order, which does not change the map.
    placements : sequence of sequences of int
        For each comment the numbers of its themes, first one first; () for none.
    options : MapOptions, optional
        How many, seed and vectors.

    Returns
    -------
    tuple of Spot
        By theme, comments of none last. Comments that have neither a theme nor content words are left out:
        nothing says where they would lie. Where no words are shared at all, themes alone decide.

    Raises
    ------
    ValueError
        When there is not one entry in `placements` for each comment.

    Examples
    --------
    >>> texts = ["Mend the road", "The road has holes", "Holes in our road", "Trains are late"]
    >>> texts += ["Late trains again", "Why are trains late?"]
    >>> notes = [Comment(str(number), text) for number, text in enumerate(texts)]
    >>> spots = layout(notes, [(1,), (1,), (1,), (2,), (2,), ()])
    >>> sorted((spot.id, spot.theme) for spot in spots)
    [('0', 1), ('1', 1), ('2', 1), ('3', 2), ('4', 2), ('5', None)]
    >>> all(0 <= spot.x <= 1 and 0 <= spot.y <= 1 for spot in spots)
    True
    """
    if len(placements) != len(comments):
        raise ValueError(f"{len(comments):,} comments need as many placements, not {len(placements):,}.")
    options = options or MapOptions()
    # One thread: sums in another order would differ in their last digits, and places with them.
    with threadpool_limits(limits=1):
        try:
            corpus: Corpus | None = read(comments, 1)
        except NothingToGroup:
            corpus = None
        shown = _sample(comments, placements, corpus, options)
        if not shown:
            return ()
        themes = sorted({theme for position in shown for theme in placements[position]})
        points = _points(comments, corpus, shown, options)
        places = arrange(points, _weights([placements[p] for p in shown], themes), options.seed)
    spots = [
        Spot(comments[p].id, placements[p][0] if placements[p] else None, *map(float, place))
        for p, place in zip(shown, places.round(4), strict=True)
    ]
    return tuple(sorted(spots, key=lambda spot: (spot.theme is None, spot.theme or 0)))


def _sample(
    comments: Sequence[Comment],
    placements: Sequence[Sequence[int]],
    corpus: Corpus | None,
    options: MapOptions,
) -> list[int]:
    """Return the positions of the comments to show, in an order that chance and not the input gave."""
    silent = corpus.rows < 0 if corpus else np.ones(len(comments), dtype=bool)
    drawn = sorted(
        (_chance(comments[position], options.seed), position)
        for position, placed in enumerate(placements)
        if placed or not silent[position]
    )
    order = [position for _, position in drawn]
    if len(order) <= options.most:
        return order
    return sorted(order, key=_turns(order, placements).__getitem__)[: options.most]


def _turns(order: Sequence[int], placements: Sequence[Sequence[int]]) -> dict[int, tuple[int, float, int]]:
    """Return when the turn of each comment comes: a few of every theme, then each by its share."""
    sizes = Counter(next(iter(placements[position]), None) for position in order)
    met: Counter[int | None] = Counter()
    seen: Counter[int | None] = Counter()
    turns = {}
    for number, position in enumerate(order):
        themes: Sequence[int | None] = placements[position] or (None,)
        rank = min(met[theme] for theme in themes)
        met.update(themes)
        share = (seen[themes[0]] + 0.5) / sizes[themes[0]]
        seen[themes[0]] += 1
        turns[position] = (min(rank, LEAST), share, number)
    return turns


def _chance(comment: Comment, seed: int) -> bytes:
    """Return a number by chance that is a comment's own, whichever place it has among the others."""
    said = "\0".join((str(seed), comment.text, comment.id, comment.audience or "", comment.language or ""))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _weights(placements: Sequence[Sequence[int]], themes: Sequence[int]) -> NDArray[np.float64]:
    """Return how much each comment belongs to each theme, rows adding up to one or zero."""
    column = {theme: number for number, theme in enumerate(themes)}
    weights = np.zeros((len(placements), len(themes)))
    for row, placed in enumerate(placements):
        for rank, theme in enumerate(placed):
            weights[row, column[theme]] = _SECOND if rank else 1
    return np.asarray(weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9))


def _points(
    comments: Sequence[Comment], corpus: Corpus | None, shown: Sequence[int], options: MapOptions
) -> Floats:
    """Return where the comments lie among all texts, rows of zeros where nothing says so."""
    nowhere = np.zeros((len(shown), 1), dtype=np.float32)
    if corpus is None:
        return nowhere
    try:
        laid = lay_out(comments, corpus, backend(options.vectors), _LEARNT_FROM, options.seed)
    except NothingToGroup:
        return nowhere
    rows = corpus.rows[list(shown)]
    found = laid.points(rows[rows >= 0])
    points = np.zeros((len(shown), found.shape[1]), dtype=np.float32)
    points[rows >= 0] = found
    return points
