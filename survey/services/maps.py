"""The map of a board: where its comments lie, in the themes that they are in now."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.board import Board
from survey.map_picture import Dot, Island
from survey.models import MapPoint, Placement


def dots(session: Session, board: Board) -> list[Dot]:
    """The comments on the map of the run; those in no live theme have none. One query."""
    best = (Placement.run_id == MapPoint.run_id) & (Placement.comment_id == MapPoint.comment_id)
    rows = session.execute(
        select(MapPoint.comment_id, MapPoint.x, MapPoint.y, Placement.candidate_id)
        .outerjoin(Placement, best & (Placement.rank == 1))
        .where(MapPoint.run_id == board.run)
        .order_by(MapPoint.comment_id)
    )
    place = {theme.id: number for number, theme in enumerate(board.live)}
    top = {theme.id: theme.parent if theme.parent in place else theme.id for theme in board.live}
    found = []
    for comment, x, y, candidate in rows:
        if comment in board.off_topic:
            continue
        numbers = board.numbers_of(comment, [] if candidate is None else [candidate])
        live = sorted((number for number in numbers if number in place), key=place.__getitem__)
        found.append(Dot(x, y, top[live[0]] if live else None))
    return found


def islands(board: Board) -> list[Island]:
    """The themes of the map, in the order of the board."""
    return [Island(theme.id, theme.name) for theme in board.top]


def has_map(session: Session, board: Board) -> bool:
    """Whether the run of the board has a map: runs of earlier releases have none."""
    count = select(func.count()).select_from(MapPoint).where(MapPoint.run_id == board.run)
    return bool(session.scalar(count))
