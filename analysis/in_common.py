"""What the old themes and the new ones of a comparison have in common: their comments and their words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.sides import IN_LABEL, Side, ThemeView, weighed

Basis = Literal["comments", "words"]
Numbers = NDArray[np.float64]
Places = tuple[int, ...]
"""Some of the old themes (rows) or of the new ones (columns)."""

SAME_COMMENTS = 0.5
"""Share of the smaller side's ids that the other must hold to be compared by comments."""
BY_CHANCE, SURE = 0.1, 4.0
"""Association of two groupings of the same ids (Cramér's V, less what chance gives: Bergsma 2013), and errors
of it, below which ids are taken for line numbers: these stand in for ids and name other comments in two
different files. Two runs of the same comments come far above."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a change is suggested. With several themes on a side, they are taken together."""

    shared: int
    """Comments in common; 0 when compared by words."""
    of_old: float
    """Share of the old themes' comments that are in the new ones, 0 to 1, of comments known to both sides."""
    of_new: float
    """Share of the new themes' comments that were in the old ones, 0 to 1."""
    jaccard: float
    """Comments in common over comments in either, 0 to 1."""
    likeness: float
    """Cosine similarity of their words, 0 to 1; of two themes that have vectors, the mean of both."""
    basis: Basis
    """What the suggestion rests on."""


class InCommon:
    """What is known of each old theme (rows) together with each new one (columns).

    Examples
    --------
    >>> old = Side((ThemeView(1, "bus", members=set("abcd")), ThemeView(2, "tram", members=set("efg"))))
    >>> common = InCommon(old, Side((ThemeView(1, "transit", members=set("abcdexyz")),)), "comments")
    >>> common.into.tolist(), common.came_from.tolist()
    ([[1.0], [1.0]], [[0.8], [0.2]])
    """

    def __init__(self, old: Side, new: Side, basis: Basis | None) -> None:
        """Count and measure; without `basis` find out what to go by."""
        # In an order that no numbering of the themes changes, so that nothing below depends on it.
        self.old, self.new = sorted(old.themes, key=_content), sorted(new.themes, key=_content)
        sides = _everything(old), _everything(new)
        self.known = sides[0] & sides[1]
        """Ids of the comments that both sides have."""
        self.held = [self.known.intersection(theme.members) for theme in self.old]
        """Of each old theme, those of its comments that both sides have."""
        self.came = [self.known.intersection(theme.members) for theme in self.new]
        """The same of each new theme."""
        shared = _shared(self.held, self.came)
        self.basis: Basis = basis or _basis(len(self.known), min(map(len, sides)), shared)
        """What to go by."""
        held, came = _lengths(self.held)[:, np.newaxis], _lengths(self.came)[np.newaxis]
        self.into = shared / np.maximum(held, 1)
        """Share of each old theme's comments that are in each new one."""
        self.came_from = shared / np.maximum(came, 1)
        """Share of each new theme's comments that were in each old one."""
        self.jaccard = shared / np.maximum(held + came - shared, 1)
        """Jaccard similarity of their comments."""
        self.bags = _bags(self.old, self.new)
        """Weight of each word (columns) in each theme (rows), old and new."""
        self.likeness = _likeness(self.old, self.new, self.bags)
        """Similarity of their words, and of their vectors where all have some."""

    @property
    def strength(self) -> Numbers:
        """How near each old theme is to each new one, by what to go by."""
        return self.jaccard if self.basis == "comments" else self.likeness

    def evidence(self, rows: Places, columns: Places) -> Evidence:
        """Return the numbers for old themes and new ones, each side taken together.

        Parameters
        ----------
        rows, columns : tuple of int
            Places in `old` and `new`; () for none.

        Returns
        -------
        Evidence
            Shares to four decimals.
        """
        likeness = self._likeness_of(rows, columns)
        if self.basis == "words":
            return Evidence(0, 0.0, 0.0, 0.0, likeness, "words")
        before = frozenset[str]().union(*(self.held[row] for row in rows))
        after = frozenset[str]().union(*(self.came[column] for column in columns))
        shared = len(before & after)
        return Evidence(
            shared=shared,
            of_old=_share(shared, len(before)),
            of_new=_share(shared, len(after)),
            jaccard=_share(shared, len(before | after)),
            likeness=likeness,
            basis="comments",
        )

    def _likeness_of(self, rows: Places, columns: Places) -> float:
        if not rows or not columns:
            return 0.0
        if len(rows) == len(columns) == 1:
            return round(float(self.likeness[rows[0], columns[0]]), 4)
        before = self.bags[0][list(rows)].sum(axis=0, keepdims=True)
        after = self.bags[1][list(columns)].sum(axis=0, keepdims=True)
        return round(float(_cosines(before, after)[0, 0]), 4)


def _content(theme: ThemeView) -> tuple[Any, ...]:
    return -theme.size, -len(theme.members), theme.label, theme.keywords, min(theme.members, default="")


def _everything(side: Side) -> frozenset[str]:
    return side.comments.union(*(theme.members for theme in side.themes))


def _lengths(sets: Sequence[Collection[str]]) -> Numbers:
    return np.array([len(one) for one in sets], dtype=np.float64)


def _shared(held: Sequence[frozenset[str]], came: Sequence[frozenset[str]]) -> Numbers:
    """Count the comments of each old theme in each new one."""
    homes: defaultdict[str, list[int]] = defaultdict(list)
    for place, members in enumerate(came):
        for member in members:
            homes[member].append(place)
    table = np.zeros((len(held), len(came)))
    for row, members in zip(table, held, strict=True):
        for place, number in Counter(home for member in members for home in homes[member]).items():
            row[place] = number
    return table


def _basis(known: int, smaller: int, shared: Numbers) -> Basis:
    """Go by comments when ids stand for the same comments on both sides."""
    enough = smaller > 0 and known >= SAME_COMMENTS * smaller
    return "comments" if enough and _more_than_chance(shared) else "words"


def _more_than_chance(shared: Numbers) -> bool:
    """Tell whether old themes and new ones go together."""
    table = shared[shared.any(axis=1)][:, shared.any(axis=0)]
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    if not freedom:
        return True  # one theme on a side goes with anything, so chance cannot be told
    total = table.sum()
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / total
    square = ((table - expected) ** 2 / expected).sum()
    most = total * (min(table.shape) - 1)
    return bool(square - freedom >= max(BY_CHANCE**2 * most, SURE * np.sqrt(2 * freedom)))


def _bags(old: Sequence[ThemeView], new: Sequence[ThemeView]) -> tuple[Numbers, Numbers]:
    """Return the words of each theme (rows), the ones that few themes use weighing most."""
    bags = [
        {**(theme.words or weighed(theme.label, theme.keywords, "en")), _as_word(theme): IN_LABEL}
        for theme in [*old, *new]
    ]
    places = {stem: place for place, stem in enumerate(sorted({stem for bag in bags for stem in bag}))}
    table = np.zeros((len(bags), len(places)))
    for row, bag in zip(table, bags, strict=True):
        row[[places[stem] for stem in bag]] = list(bag.values())
    used = np.maximum((table > 0).sum(axis=0), 1)
    table = table * np.log1p(len(bags) / used)
    return table[: len(old)], table[len(old) :]


def _as_word(theme: ThemeView) -> str:
    """Return a label as if it were a word, which no word is: two themes of one name are much alike."""
    return "; ".join(sorted(theme.phrases)) + ";"


def _likeness(old: Sequence[ThemeView], new: Sequence[ThemeView], bags: tuple[Numbers, Numbers]) -> Numbers:
    likeness = _cosines(*bags)
    vectors = [theme.vector for theme in (*old, *new) if theme.vector is not None]
    if len(vectors) < max(1, len(old) + len(new)) or len(set(map(len, vectors))) > 1:
        return likeness
    points = np.array(vectors, dtype=np.float64)
    points -= points.mean(axis=0) if len(points) > 3 else 0  # all themes of a city look alike until centred
    return (likeness + np.clip(_cosines(points[: len(old)], points[len(old) :]), 0, 1)) / 2


def _cosines(first: Numbers, second: Numbers) -> Numbers:
    lengths = np.linalg.norm(first, axis=1)[:, np.newaxis] * np.linalg.norm(second, axis=1)
    return np.asarray(np.minimum(first @ second.T / np.where(lengths > 0, lengths, 1), 1.0))


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), 4)
