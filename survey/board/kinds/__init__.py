"""The kinds of decisions: a class each says what it needs and alters, when it is refused, what it does."""

from __future__ import annotations

from survey.board.kinds import comments, joins, names, notes, runs, states, turns
from survey.board.kinds.base import EVERYTHING, Kind
from survey.board.types import Change

__all__ = ["EVERYTHING", "KINDS", "Kind", "of"]

KINDS: dict[str, Kind] = {
    kind.NAME: kind
    for module in (runs, states, names, joins, comments, notes, turns)
    for kind in module.KINDS
}


def of(change: Change) -> Kind:
    """The kind of a change."""
    return KINDS[change.kind]
