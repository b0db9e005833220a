"""The theme table of a bundle: one row for each theme of a board, the same bytes for the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from survey.board import Board, BoardTheme, ThemeState
from survey.formats import table_csv
from survey.formats.bundle import Audience

COLUMNS = ("id", "name", "state", "parent", "size", "audiences_k", "audiences_of", "low", "high")
STATES: Mapping[ThemeState, str] = {
    "accepted": "accepted",
    "new": "suggested",
    "parked": "parked",
    "rejected": "rejected",
}


def themes_csv(board: Board, audiences: Sequence[Audience]) -> bytes:
    """Return the table: the themes in the order of the board, then what is in none of them, then the whole.

    The last column counts the comments of no known group.
    """
    keys = [*(audience.key for audience in audiences), ""]
    header = (*COLUMNS, *(f"comments: {audience.name}" for audience in audiences), "comments of no group")
    return b"".join(table_csv.pieces(header, _rows(board, keys)))


def _rows(board: Board, keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for theme in board.themes:
        yield [*_facts(theme), *(str(theme.by_audience.get(key, 0)) for key in keys)]
    yield _rest("in no theme", board.unplaced, [""] * len(keys))
    yield _rest("all comments", board.comments, [str(board.totals.get(key, 0)) for key in keys])


def _facts(theme: BoardTheme) -> Iterator[str]:
    breadth = theme.breadth
    yield from (str(theme.id), theme.name, STATES[theme.state])
    yield "" if theme.parent is None else str(theme.parent)
    yield from map(str, (theme.size, breadth.k, breadth.of, breadth.low, breadth.high))


def _rest(what: str, size: int, counts: Sequence[str]) -> Sequence[str]:
    return ["", "", what, "", str(size), "", "", "", "", *counts]
