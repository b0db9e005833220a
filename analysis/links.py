"""Which old themes and which new ones belong to one change.

A theme is in one change only. Where an old theme was split and one of its parts also took in another theme,
the ties between themes are taken from the strongest down, and one that would link a split to a merger is left
out: the theme goes with its strongest partner, and what is left is matched one to one, or is dropped or new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.in_common import InCommon, Numbers, Places

Linked = tuple[Places, Places]
"""Rows and columns that belong to one change."""
Flags = NDArray[np.bool_]

MOST = 0.5
"""A theme went into another, or came from it, with at least half of its comments."""
LEAK = 0.05
"""Less than one comment in twenty is a leak, and makes no part of a merger or a split."""
ALIKE = 0.25
"""Least Jaccard similarity of a theme that continues: two in five comments in common when sizes are equal.
With five themes, chance gives about 0.11."""
ALIKE_WORDS = 0.25
"""Least likeness, by words, of a theme that continues. Unlike themes rarely come above 0.15, since words that
many themes use hardly count."""
NEARLY_AS_GOOD = 0.6
"""By words, a second partner counts when it is at least so much of the likeness to the first."""


def links(common: InCommon) -> list[Linked]:
    """Link every old theme and every new one to its partners, or to nobody.

    Parameters
    ----------
    common : InCommon
        The themes, in order.

    Returns
    -------
    list of pairs of tuples of int
        Places of old themes and of new ones; every place is in one pair. Pairs with old themes come first, in
        the order of their first ones, then those without.

    Examples
    --------
    >>> from analysis.sides import Side, ThemeView
    >>> old = Side((ThemeView(1, "bus", members=set("abcd")), ThemeView(2, "tram", members=set("efg"))))
    >>> links(InCommon(old, Side((ThemeView(1, "transit", members=set("abcdefg")),)), "comments"))
    [((0, 1), (0,))]
    """
    found = [linked for linked in _stars(common) if _holds_together(common, *linked)]
    rows = _without(range(len(common.old)), (row for linked in found for row in linked[0]))
    columns = _without(range(len(common.new)), (column for linked in found for column in linked[1]))
    pairs = _one_to_one(common, rows, columns)
    found += [((row,), (column,)) for row, column in pairs]
    found += [((row,), ()) for row in _without(rows, (row for row, _ in pairs))]
    found += [((), (column,)) for column in _without(columns, (column for _, column in pairs))]
    return sorted(found, key=lambda linked: (not linked[0], linked))


def _without(places: Iterable[int], taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [place for place in places if place not in gone]


def _ties(common: InCommon) -> Flags:
    """Return which old theme went into which new one, or gave it most of what it has."""
    if not common.old or not common.new:
        return np.zeros(common.strength.shape, dtype=np.bool_)
    return _ties_by_comments(common) if common.basis == "comments" else _ties_by_words(common.likeness)


def _ties_by_comments(common: InCommon) -> Flags:
    into, came_from = common.into, common.came_from
    went = _foremost(into, common.jaccard) & (into >= MOST) & (came_from >= LEAK)
    came = _foremost(came_from.T, common.jaccard.T).T & (came_from >= MOST) & (into >= LEAK)
    return np.asarray(went | came)


def _ties_by_words(alike: Numbers) -> Flags:
    went = _foremost(alike, alike) & (alike >= NEARLY_AS_GOOD * alike.max(axis=0, keepdims=True))
    came = _foremost(alike.T, alike.T).T & (alike >= NEARLY_AS_GOOD * alike.max(axis=1, keepdims=True))
    return np.asarray((alike >= ALIKE_WORDS) & (went | came))


def _foremost(table: Numbers, strength: Numbers) -> Flags:
    """Mark the largest number of each row; of equal ones the strongest, then the first."""
    order = np.lexsort((-strength, -table), axis=1)
    marked = np.zeros(table.shape, dtype=np.bool_)
    np.put_along_axis(marked, order[:, :1], True, axis=1)
    return marked


def _stars(common: InCommon) -> Iterator[Linked]:
    """Yield mergers and splits: ties around one theme, the strongest first, no theme in two."""
    strength, likeness = common.strength, common.likeness
    ties = np.argwhere(_ties(common)).tolist()
    ties.sort(key=lambda tie: (-strength[tie[0], tie[1]], -likeness[tie[0], tie[1]], tie))
    news: defaultdict[int, set[int]] = defaultdict(set)
    olds: defaultdict[int, set[int]] = defaultdict(set)
    for row, column in ties:
        joins_merger = not news[row] and all(len(news[other]) == 1 for other in olds[column])
        joins_split = not olds[column] and all(len(olds[other]) == 1 for other in news[row])
        if joins_merger or joins_split:
            news[row].add(column)
            olds[column].add(row)
    yield from ((tuple(sorted(olds[column])), (column,)) for column in sorted(olds) if len(olds[column]) > 1)
    yield from (((row,), tuple(sorted(news[row]))) for row in sorted(news) if len(news[row]) > 1)


def _holds_together(common: InCommon, rows: Places, columns: Places) -> bool:
    """Check that the themes around one theme make up most of it."""
    if common.basis == "words":
        return True
    evidence = common.evidence(rows, columns)
    return (evidence.of_new if len(rows) > 1 else evidence.of_old) >= MOST


def _one_to_one(common: InCommon, rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, int]]:
    """Match what is left so that the matches together are strongest."""
    # Here, because importing it takes longer than most comparisons.
    from scipy.optimize import linear_sum_assignment

    least = ALIKE if common.basis == "comments" else ALIKE_WORDS
    strength = common.strength[np.ix_(rows, columns)]
    strength = np.where(strength >= least, strength, 0.0)
    pairs = np.stack(linear_sum_assignment(strength, maximize=True), axis=1).tolist()
    return [(rows[row], columns[column]) for row, column in pairs if strength[row, column] > 0]
