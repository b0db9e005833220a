"""The board: themes and placements as they stand, from what the machine found and what people decided."""

from __future__ import annotations

from survey.board.build import build, next_number, placing
from survey.board.replay import names_twice, replay
from survey.board.rules import above, blocking_redo, collide, in_force
from survey.board.types import (
    ENTRY,
    ORDER,
    Axis,
    Board,
    BoardTheme,
    Change,
    Confirmed,
    Decision,
    Discovery,
    Found,
    Note,
    Placed,
    QuoteState,
    ThemeState,
)

__all__ = [
    "ENTRY",
    "ORDER",
    "Axis",
    "Board",
    "BoardTheme",
    "Change",
    "Confirmed",
    "Decision",
    "Discovery",
    "Found",
    "Note",
    "Placed",
    "QuoteState",
    "ThemeState",
    "above",
    "blocking_redo",
    "build",
    "collide",
    "in_force",
    "names_twice",
    "next_number",
    "placing",
    "replay",
]
