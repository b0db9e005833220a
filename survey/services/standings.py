"""Where every comment of a study stands on the board, all at once: for runs and for comparing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board
from survey.models import Placement

Where = Mapping[str, tuple[tuple[int, float], ...]]
"""Per comment that is in a theme the numbers of its themes with their weights, the main one first."""


def everywhere(session: Session, board: Board) -> Where:
    """The themes of all comments that are in one, rejected and parked themes too."""
    query = select(Placement.comment_id, Placement.candidate_id, Placement.weight)
    query = query.where(Placement.run_id == board.run, Placement.candidate_id.is_not(None))
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for comment, candidate, weight in session.execute(query.order_by(Placement.comment_id, Placement.rank)):
        if candidate is not None and candidate in board.home:
            found[comment].setdefault(board.home[candidate], weight)
    machine = {comment: tuple(themes.items()) for comment, themes in found.items()}
    decided = {**dict.fromkeys(board.moved, ()), **dict.fromkeys(board.off_topic, ())}
    return {c: t for c, t in {**machine, **decided, **_by_people(board)}.items() if t}


def _by_people(board: Board) -> Where:
    """In the order of the board: people do not say which theme is the main one."""
    place = {theme.id: number for number, theme in enumerate(board.themes)}
    return {
        comment: tuple((theme, 1.0) for theme in sorted(themes, key=place.__getitem__))
        for comment, themes in board.moved.items()
        if comment not in board.off_topic
    }
