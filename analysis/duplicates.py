"""Duplicates: the same text sent again, or nearly the same, and comments counted with and without them.

Two texts are near duplicates when the Jaccard similarity of their sets of three-word shingles is 0.8 or more
(Broder 1997).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.near import near
from analysis.pairs import Ints, grouped
from analysis.shingles import Different


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Texts that say the same."""

    positions: tuple[int, ...]
    """Positions of the texts, in input order; two or more."""
    exact: bool
    """All have the same words in the same order; otherwise some differ a little."""


class Group(Protocol):
    """Comments that belong together: a `DuplicateGroup`, or an `analysis.campaigns.Campaign`."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Positions of the comments, in input order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Every comment counted both ways: each one, and each group once."""

    group: Ints
    """For each comment, in input order, the number of its group (from 0, in the order given), or -1."""
    once: NDArray[np.float64]
    """For each comment its weight when a group counts once: 1 / size of its group, or 1 outside of groups.
    Summed over any set of comments it gives how many different things they say."""

    @property
    def all(self) -> int:
        """Number of comments when each one counts."""
        return len(self.once)

    @property
    def different(self) -> int:
        """Number of comments when each group counts once."""
        return round(float(self.once.sum()))


def duplicates(texts: Sequence[str], similarity: float = 0.8) -> tuple[DuplicateGroup, ...]:
    """Group texts that are equal or nearly so.

    Parameters
    ----------
    texts : sequence of str
        Any texts. Capitals, blanks and punctuation do not count; texts without any sign are never duplicates.
    similarity : float
        Least Jaccard similarity of two near duplicates, above 0 and at most 1. Texts further apart may share
        a group through one that is near both. Of pairs just similar enough one in 200 is missed, and more
        where thousands are similar but not near; of more similar pairs fewer.

    Returns
    -------
    tuple of DuplicateGroup
        In the order of their first texts; each text is in one group at most.

    Raises
    ------
    ValueError
        When `similarity` is out of range.

    Examples
    --------
    >>> duplicates(["Fix the road!", "fix the road", "Open the library", "   "])
    (DuplicateGroup(positions=(0, 1), exact=True),)
    """
    different = Different(texts)
    groups = grouped(np.arange(len(different.words)), near(different, similarity))
    found = (DuplicateGroup(different.positions(rows), exact=len(rows) == 1) for rows in groups)
    several = (group for group in found if len(group.positions) > 1)
    return tuple(sorted(several, key=lambda group: group.positions))


def counts(groups: Iterable[Group], texts: int) -> Counts:
    """Count comments both ways: each one, and each group of duplicates or each campaign once.

    Parameters
    ----------
    groups : iterable of DuplicateGroup or Campaign
        Groups without a comment in common, as `duplicates` and `analysis.campaigns.campaigns` return them.
    texts : int
        Number of comments that the groups were found in, 0 or more.

    Returns
    -------
    Counts
        Arrays of shape (texts,).

    Raises
    ------
    ValueError
        When a position is not among the texts, or in two groups.

    Examples
    --------
    >>> both = counts([DuplicateGroup((0, 2), exact=True)], 4)
    >>> both.once.tolist(), both.group.tolist(), both.all, both.different
    ([0.5, 1.0, 0.5, 1.0], [0, -1, 0, -1], 4, 3)
    """
    group, once = np.full(texts, -1, dtype=np.int64), np.ones(texts)
    for number, found in enumerate(groups):
        places = np.array(found.positions, dtype=np.int64)
        if (places < 0).any() or (places >= texts).any():
            raise ValueError(
                f"A group holds a position that is not among {texts} texts: give the number of all."
            )
        if (group[places] >= 0).any() or len(set(found.positions)) < len(places):
            raise ValueError("A text is in two groups: give groups without a text in common.")
        group[places], once[places] = number, 1 / max(1, len(places))
    return Counts(group, once)
