"""The order of themes: which stand together in a list, and all themes once one of them has moved."""

from __future__ import annotations

from survey.board import Board, BoardTheme

STEPS = {"up": -1, "down": 1}


def beside(board: Board, theme: BoardTheme) -> list[BoardTheme]:
    """The themes that it can change places with, itself among them, in order.

    Accepted themes stand before suggested ones, those of a single audience apart, sub-themes in their parent:
    a place among others would not be seen.
    """
    return [other for other in board.themes if _list_of(other) == _list_of(theme)]


def _list_of(theme: BoardTheme) -> tuple[object, ...]:
    return theme.state, theme.parent, theme.parent is None and theme.only_one_audience


def moved(board: Board, theme: BoardTheme, place: int) -> list[int]:
    """The numbers of all themes once one stands at a place, from 1 on, among those beside it.

    A place beyond the ends is the first or the last.
    """
    numbers = [other.id for other in board.themes if other.id != theme.id]
    others = [other.id for other in beside(board, theme) if other.id != theme.id]
    place = min(max(place, 1), len(others) + 1) - 1
    if not others:
        return [other.id for other in board.themes]
    at = numbers.index(others[place]) if place < len(others) else numbers.index(others[-1]) + 1
    return [*numbers[:at], theme.id, *numbers[at:]]


def stepped(board: Board, theme: BoardTheme, step: str) -> list[int]:
    """The same once it has gone one place "up" or "down"."""
    here = [other.id for other in beside(board, theme)].index(theme.id) + 1
    return moved(board, theme, here + STEPS[step])
