"""Undoing and doing again. What they take back or bring back is worked out from all decisions."""

from __future__ import annotations

from survey.board.kinds.base import Kind, Names, Things
from survey.board.state import State
from survey.board.types import Board, Change, Decision


class _Turn(Kind):
    def needs(self, change: Change) -> Things:
        return frozenset()

    def check(self, change: Change, board: Board) -> None:
        """`survey.board.rules` decides."""

    def apply(self, decision: Decision, state: State) -> None:
        """Nothing: the decision it names is left out, or in."""

    def told(self, change: Change, names: Names) -> str:
        return ""


class Undo(_Turn):
    NAME = "undo"


class Redo(_Turn):
    NAME = "redo"


KINDS = (Undo(), Redo())
