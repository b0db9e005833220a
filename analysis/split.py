"""Parts of a theme: how it could be split in two to four."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from analysis.arrays import Floats, Ints, unit
from analysis.choose import modularity
from analysis.cluster import Neighbourhood, centres, group, neighbourhood
from analysis.corpus import Corpus, read
from analysis.describe import LONGEST_READ
from analysis.find import lay_ground
from analysis.label import Tally, keywords, names
from analysis.quotes import pick
from analysis.types import Comment, Options

FEWEST, MOST = 2, 4
_STARTS = 10
_RESOLUTION = 0.5
"""Below 1, modularity favours larger parts: a theme is split where it comes apart, not as often as it may."""
_CENTRED = 0.8
"""Share of what the whole theme has in common that is taken out before its parts are looked for."""
_READ_FOR_NAMES = 300
"""Texts per part to take names and keywords from, at most."""
_TEXTS = 4
"""Fewest different texts that can be split."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a theme."""

    label: str
    """One to three phrases that tell it from the other parts, separated by "; "."""
    keywords: tuple[str, ...]
    """Words more frequent here than in the other parts, best first."""
    quotes: tuple[str, ...]
    """Ids of typical comments, most typical first, spread over audiences."""
    comments: tuple[str, ...]
    """Ids of all comments of the part, in input order."""


def split(
    comments: Sequence[Comment],
    members: Collection[str],
    options: Options | None = None,
    parts: int | None = None,
) -> tuple[Part, ...]:
    """Propose parts of a theme.

    Parameters
    ----------
    comments : sequence of Comment
        All comments of the study: what words mean is learnt from all of them.
    members : collection of str
        Ids of the comments of the theme.
    options : Options, optional
        Vectors, seed, and how many keywords and quotes to give.
    parts : int, optional
        2 to 4; chosen by modularity when not given.

    Returns
    -------
    tuple of Part
        Largest first; every member is in exactly one. Comments without content words go with the largest.

    Raises
    ------
    ValueError
        When `parts` is out of range, or the theme has fewer than four different texts.

    Examples
    --------
    >>> texts = ["Mend the road", "The road has holes", "Holes in our road", "Trains are late"]
    >>> texts += ["Late trains again", "Why are trains late?"]
    >>> notes = [Comment(str(number), text) for number, text in enumerate(texts)]
    >>> [sorted(part.comments) for part in split(notes, {"0", "1", "2", "3", "4", "5"}, parts=2)]
    [['0', '1', '2'], ['3', '4', '5']]
    """
    options = options or Options()
    if parts is not None and not FEWEST <= parts <= MOST:
        raise ValueError(f"A theme is split in {FEWEST} to {MOST} parts, not {parts}.")
    with threadpool_limits(limits=1):
        corpus = read(comments, 2)
        wanted = frozenset(members)
        inside = [position for position, comment in enumerate(comments) if comment.id in wanted]
        documents = np.unique(corpus.rows[inside][corpus.rows[inside] >= 0])
        ground = lay_ground(comments, corpus, options, documents)
        rows = np.flatnonzero(np.isin(ground.fitted, documents))
        if len(rows) < _TEXTS:
            raise ValueError(f"This theme has too few different comments to be split: {_TEXTS} are needed.")
        shared = _CENTRED * ground.points[rows].mean(axis=0)
        points = unit(ground.points[rows] - shared)
        groups = _parts(neighbourhood(points, options.seed), parts, options.seed)
        middles = centres(points, groups)
        likeness = np.concatenate(
            [unit(part - shared) @ middles.T for _, part in ground.layout.blocks(documents)]
        )
        column = np.full(len(corpus), -1)
        column[documents] = likeness.argmax(axis=1)
        column[ground.fitted[rows]] = groups
        return _described(comments, corpus, inside, _Divided(documents, column[documents], likeness), options)


@dataclass(frozen=True)
class _Divided:
    """Documents of a theme in parts."""

    documents: Ints
    """Shape (n,)."""
    parts: Ints
    """Shape (n,): part of each."""
    likeness: Floats
    """Shape (n, parts)."""

    def members(self, part: int) -> Ints:
        """Return the documents of one part, most typical first."""
        rows = np.flatnonzero(self.parts == part)
        return self.documents[rows[np.argsort(-self.likeness[rows, part], kind="stable")]]


def _parts(places: Neighbourhood, parts: int | None, seed: int) -> Ints:
    """Divide texts in two to four groups, into as many as hang together best."""
    tried = [
        group(places.axes, number, seed, _STARTS)
        for number in ([parts] if parts else range(FEWEST, MOST + 1))
    ]
    return max(tried, key=lambda groups: _quality(places, groups))


def _quality(places: Neighbourhood, groups: Ints) -> float:
    count = int(groups.max()) + 1
    member = (groups[:, None] == np.arange(count)).astype(np.float64)
    return modularity(member.T @ (places.graph @ member), _RESOLUTION)


def _described(
    comments: Sequence[Comment], corpus: Corpus, inside: Sequence[int], divided: _Divided, options: Options
) -> tuple[Part, ...]:
    by_alphabet = sorted(inside, key=lambda position: (comments[position].text, comments[position].id))
    example = {int(corpus.rows[position]): position for position in reversed(by_alphabet)}
    part_of = dict(zip(divided.documents.tolist(), divided.parts.tolist(), strict=True))
    sizes = Counter(part_of[row] for row in corpus.rows[inside].tolist() if row in part_of)
    order = sorted(sizes, key=lambda part: (-sizes[part], part))
    held: list[list[str]] = [[] for _ in order]
    for position in inside:
        held[part_of.get(int(corpus.rows[position]), order[0])].append(comments[position].id)
    tally, typical = Tally(), []
    for number, part in enumerate(order):
        here = [(document, example[document]) for document in divided.members(part).tolist()]
        typical.append([comments[position] for _, position in here])
        for document, position in here[:_READ_FOR_NAMES]:
            stems = corpus.stems_in(document)
            tally.add(comments[position].text[:LONGEST_READ], corpus.languages[position], number, stems)
    return tuple(
        Part(
            label,
            keywords(tally, number, options.keywords),
            pick(typical[number], options.quotes),
            tuple(held[part]),
        )
        for number, (part, label) in enumerate(zip(order, names(tally, len(order)), strict=True))
    )
