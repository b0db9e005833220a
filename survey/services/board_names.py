"""The board as a run is given it: themes by names of their own, and what people placed under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey.board import Board, BoardTheme, in_force, replay
from survey.services.standings import Where


def names_of(board: Board) -> dict[int, str]:
    """The name of each theme; where a rejected one shares it with another, a number is put to it."""
    names: dict[int, str] = {}
    for theme in board.themes:
        names[theme.id] = _free(theme, names.values())
    return names


def _free(theme: BoardTheme, taken: Iterable[str]) -> str:
    used, name, number = set(taken), theme.name, 2
    while name in used:
        name, number = f"{theme.name} ({number})", number + 1
    return name


def by_people(board: Board, where: Where, names: Mapping[int, str]) -> dict[str, tuple[str, ...]]:
    """Per comment that people placed the names of its themes; none for what is off the topic."""
    placed = {c: tuple(names[t] for t, _weight in where.get(c, ())) for c in sorted(board.moved)}
    return placed | dict.fromkeys(sorted(board.off_topic), ())


def decided_themes(board: Board) -> frozenset[int]:
    """The themes that somebody decided about."""
    records = replay(in_force(board.log)).themes
    return frozenset(theme.id for theme in board.themes if records[theme.id].touched)
