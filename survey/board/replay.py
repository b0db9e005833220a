"""Applying decisions one after the other, before anything is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from survey.board import kinds
from survey.board.rules import in_force
from survey.board.state import State
from survey.board.types import Decision


def replay(decisions: Iterable[Decision]) -> State:
    """Apply decisions in force, oldest first."""
    state = State()
    for decision in decisions:
        kinds.of(decision).apply(decision, state)
    return state


def names_twice(decisions: Iterable[Decision]) -> frozenset[str]:
    """The names, without regard to case, that several open themes have after all decisions."""
    state = replay(in_force(decisions))
    there = (state.themes[number] for number in state.on_board())
    names = Counter(theme.name.casefold() for theme in there if theme.state != "rejected")
    return frozenset(name for name, count in names.items() if count > 1)
