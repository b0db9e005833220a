"""Two runs, or two waves, side by side: what became of each theme, with the evidence.

Two runs over mostly the same comments are compared by the comments their themes share; two waves of different
comments by the words of their themes. What is said is a suggestion with its numbers: people confirm.

Every rule reads the same from new to old: a comparison the other way round turns split into merged and new
into dropped. The rules are in `analysis.links`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analysis.compared_words import KINDS, Kind, sentence
from analysis.in_common import Basis, Evidence, InCommon, Places
from analysis.links import links
from analysis.sides import Side, ThemeView, from_document, from_result

__all__ = [
    "KINDS",
    "Change",
    "Comparison",
    "Evidence",
    "Side",
    "ThemeView",
    "compare",
    "from_document",
    "from_result",
]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one theme, or of several together."""

    kind: Kind
    """What happened."""
    old: tuple[int, ...]
    """Ids of the old themes, largest first; () for a new one."""
    new: tuple[int, ...]
    """Ids of the new themes, largest first; () for a dropped one."""
    evidence: Evidence
    """The numbers. For a dropped or a new theme, against `nearest`."""
    nearest: int | None
    """For a dropped or a new theme, the id of the theme on the other side that comes nearest; else None."""
    sentence: str
    """The same in plain words."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, compared."""

    basis: Basis
    """What the comparison rests on."""
    shared: int
    """Comments that both sides know."""
    changes: tuple[Change, ...]
    """Old themes from the largest down, then new ones. Every theme is in exactly one change."""

    def to_document(self) -> dict[str, Any]:
        """Return the comparison as plain values, ready for `json.dumps`.

        Returns
        -------
        dict
            Keys `basis`, `shared`, `counts` (changes per kind) and `changes`.

        Examples
        --------
        >>> side = Side((ThemeView(1, "buses", members={"a", "b"}),))
        >>> compare(side, side).to_document()["counts"]["continued"]
        1
        """
        kinds = Counter(change.kind for change in self.changes)
        return {
            "basis": self.basis,
            "shared": self.shared,
            "counts": {kind: kinds[kind] for kind in KINDS},
            "changes": [
                asdict(change) | {"old": list(change.old), "new": list(change.new)} for change in self.changes
            ],
        }


def compare(old: Side, new: Side, basis: Basis | None = None) -> Comparison:
    """Say what became of each theme.

    Parameters
    ----------
    old, new : Side
        The earlier and the later run or wave. The order of themes and their numbers do not matter.
    basis : {"comments", "words"}, optional
        What to go by. Without it: comments, when the sides share most of their ids and group them alike more
        than by chance would; else words.

    Returns
    -------
    Comparison
        Every old theme in exactly one change, and every new one.

    Raises
    ------
    ValueError
        When `basis` is neither.

    Examples
    --------
    >>> before = Side((ThemeView(1, "bus", members=set("abcd")), ThemeView(2, "tram", members=set("efg"))))
    >>> after = Side((ThemeView(1, "transit", members=set("abcdefg")),))
    >>> compare(before, after).changes[0].sentence
    '"bus" and "tram" were merged into "transit": 100 % of their comments are in it, and make up 100 % of it.'
    """
    if basis not in (None, "comments", "words"):
        raise ValueError(f'basis must be "comments" or "words", not {basis!r}.')
    common = InCommon(old, new, basis)
    changes = tuple(_change(common, *linked) for linked in links(common))
    return Comparison(common.basis, len(common.known), changes)


def _change(common: InCommon, rows: Places, columns: Places) -> Change:
    nearest = _nearest(common, rows, columns)
    # A dropped or new theme is told of beside the one that comes nearest.
    seen = rows or nearest, columns or nearest
    old, new = [common.old[row] for row in seen[0]], [common.new[column] for column in seen[1]]
    kind, evidence = _kind(common, rows, columns), common.evidence(*seen)
    return Change(
        kind=kind,
        old=tuple(theme.id for theme in old) if rows else (),
        new=tuple(theme.id for theme in new) if columns else (),
        evidence=evidence,
        nearest=(new if rows else old)[0].id if nearest else None,
        sentence=sentence(kind, (theme.label for theme in old), (theme.label for theme in new), evidence),
    )


def _kind(common: InCommon, rows: Places, columns: Places) -> Kind:
    if not columns:
        return "dropped"
    if not rows:
        return "new"
    if len(rows) > 1:
        return "merged"
    if len(columns) > 1:
        return "split"
    same = common.old[rows[0]].phrases == common.new[columns[0]].phrases
    return "continued" if same else "renamed"


def _nearest(common: InCommon, rows: Places, columns: Places) -> Places:
    """Return the partner that a dropped or new theme comes nearest to, if any comes near at all."""
    if rows and columns:
        return ()
    went = common.into[rows[0]] if rows else common.came_from[:, columns[0]]
    strength = common.strength[rows[0]] if rows else common.strength[:, columns[0]]
    order = np.lexsort((-strength, -went if common.basis == "comments" else -strength))
    return (int(order[0]),) if len(order) and strength[order[0]] > 0 else ()
