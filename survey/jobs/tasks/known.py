"""What the board knows, as the analysis takes it in: the decisions of people, and where comments stand.

Themes that people decided about are named: the machine keeps their names, and returns them whatever their
state, rejected ones too. The others are suggestions of the run before: they go on while comments bear them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import analysis
from survey.board import Board
from survey.services.board_names import by_people, decided_themes, names_of
from survey.services.standings import Where


@dataclass(frozen=True)
class Known:
    """What a discovery is given, and which theme of the board each name is."""

    decisions: analysis.Decisions
    earlier: analysis.Earlier | None
    numbers: Mapping[str, int]

    def goes_on(self, theme: analysis.Theme) -> int | None:
        """The theme of the board that a theme found goes on from; None for a new one."""
        return self.numbers.get(theme.label) if theme.named else theme.earlier


NOTHING = Known(analysis.Decisions(), None, {})


def known(board: Board, where: Where, *, afresh: bool = False) -> Known:
    """All decisions, and the suggestions of the board unless one starts afresh.

    What belongs to a theme that people decided about is kept in any case: they decided about it as they saw
    it.
    """
    names = names_of(board)
    named = decided_themes(board)
    placed = by_people(board, where, names)
    kept = named if afresh else names.keys()
    standing = {c: tuple(t for t, _weight in themes if t in kept) for c, themes in where.items()}
    earlier = analysis.Earlier(
        {comment: themes for comment, themes in standing.items() if themes},
        {number: names[number] for number in kept},
    )
    return Known(
        analysis.Decisions.of(placed, themes=[names[t.id] for t in board.themes if t.id in named]),
        earlier if earlier.placements else None,
        {name: number for number, name in names.items()},
    )


def examples(board: Board, where: Where, *, every: bool) -> Known:
    """What "place the rest like these" goes by: the themes that people put comments into.

    With `every` comment to be placed anew, also the other open themes, by their names.
    """
    names = names_of(board)
    open_themes = [names[theme.id] for theme in board.open] if every else []
    decisions = analysis.Decisions.of(by_people(board, where, names), themes=open_themes)
    return Known(decisions, None, {name: number for number, name in names.items()})
