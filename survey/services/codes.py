"""The second way of coding: axes such as scope, and how they lie across the themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey import changes
from survey.board import Axis, Board, BoardTheme, Change
from survey.errors import NotFound
from survey.services.theme_comments import placements


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One theme against the codes of an axis: `counts` in the order of the codes, `coded` with any code."""

    theme: BoardTheme | None
    counts: tuple[int, ...]
    coded: int
    size: int


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Themes against codes; the last row holds the comments in no live theme."""

    axis: Axis
    rows: tuple[CrossRow, ...]
    totals: tuple[int, ...]
    coded: int


def new_axis(board: Board, name: str, lines: str) -> Change:
    """Define an axis; one code a line."""
    number = 1 + max((d.details["axis"] for d in board.log if d.kind == "axis"), default=0)
    return changes.axis(number, name, enumerate(_lines(lines), start=1))


def changed_axis(board: Board, axis: Axis, name: str, names: Mapping[int, str], lines: str) -> Change:
    """Rename an axis and its codes; a code without a name is taken away, lines are added."""
    kept = [(code, names.get(code, "")) for code in axis.codes if names.get(code, "").strip()]
    used = (c["code"] for d in board.log if d.kind == "axis" for c in _codes_of(d, axis.id))
    first = 1 + max(used, default=0)
    return changes.axis(axis.id, name, [*kept, *enumerate(_lines(lines), start=first)])


def _codes_of(change: Change, axis: int) -> Sequence[Mapping[str, int]]:
    return change.details["codes"] if change.details["axis"] == axis else ()


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def coded(axis: Axis, code: int | None, comments: Iterable[str]) -> Change:
    """Give comments a code of an axis; None takes it away."""
    if code is not None and code not in axis.codes:
        raise NotFound
    return changes.code(axis.id, code, comments, axis.codes[code] if code is not None else "")


def find(board: Board, number: int) -> Axis:
    """An axis of the board, or `NotFound`."""
    axis = board.axis(number)
    if axis is None:
        raise NotFound
    return axis


def cross_table(session: Session, board: Board, axis: Axis) -> CrossTable:
    """How the coded comments of each theme are spread over the codes, in one query.

    A comment in several themes counts in each; sub-themes count for the theme above them, once.
    """
    codes = board.codes.get(axis.id, {})
    found = placements(session, board, codes)
    groups = {theme.id: theme.parent or theme.id for theme in board.live}
    counts: dict[int | None, Counter[int]] = {theme.id: Counter() for theme in board.top} | {None: Counter()}
    for comment, code in codes.items():
        candidates = [candidate for candidate, _reason in found.get(comment, ()) if candidate is not None]
        numbers = board.numbers_of(comment, candidates)
        into: set[int | None] = {groups[number] for number in numbers if number in groups}
        for group in into & counts.keys() or {None}:
            counts[group][code] += 1
    rows = [_row(axis, theme, counts[theme.id], theme.size) for theme in board.top]
    rows.append(_row(axis, None, counts[None], board.unplaced))
    totals = Counter(codes.values())
    return CrossTable(axis, tuple(rows), tuple(totals[code] for code in axis.codes), totals.total())


def _row(axis: Axis, theme: BoardTheme | None, counts: Counter[int], size: int) -> CrossRow:
    return CrossRow(theme, tuple(counts[code] for code in axis.codes), counts.total(), size)
