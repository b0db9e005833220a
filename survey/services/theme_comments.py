"""The comments of a theme as people read them: by page, audience and prompt, with what else they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, literal, not_, select, union_all
from sqlalchemy.orm import Session

from survey.board import Board, BoardTheme
from survey.models import Comment, Placement, Study
from survey.services.board import conditions
from survey.services.comments import PAGE_SIZE, Filter
from survey.services.ids import is_one_of

REJECTED_ONLY = "only in rejected themes"
PARKED_ONLY = "only in parked themes"
TAKEN_OUT = "taken out by a person"
OFF_TOPIC = "off the topic"
LATE = "came after the themes were found"
FITS_NOWHERE = "fits nowhere"


@dataclass(frozen=True, slots=True)
class CommentQuery:
    """Which comments to show: of a theme, with None of no live theme, or all of them."""

    theme: BoardTheme | None
    filter: Filter = field(default_factory=Filter)
    page: int = 1
    all: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one comment stands: its themes, who put it there, why it is in no live theme."""

    themes: tuple[BoardTheme, ...]
    by_person: bool
    reason: str | None

    @property
    def live(self) -> tuple[BoardTheme, ...]:
        return tuple(theme for theme in self.themes if theme.is_live)


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """A comment where it stands; `weight`, 0 to 1, says how well it fits where the machine put it."""

    comment: Comment
    standing: Standing
    weight: float


@dataclass(frozen=True, slots=True)
class CommentPage:
    """One page of comments, page `number` of `of`; `total` on all pages."""

    rows: tuple[PlacedComment, ...]
    number: int
    of: int
    total: int


Found = list[tuple[int | None, str | None]]
"""What the machine said of one comment: candidates, or a reason for none."""


def theme_comments(session: Session, study: Study, board: Board, query: CommentQuery) -> CommentPage:
    """One page of comments: those a person put there first, then the most typical ones."""
    wanted = _wanted(session, study, board, query).subquery()
    chosen = select(Comment, wanted.c.weight).join(wanted, wanted.c.id == Comment.id)
    chosen = chosen.where(*conditions(session, board.log, query.filter))
    counted = chosen.with_only_columns(Comment.id).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, query.page), pages)
    ordered = chosen.order_by(wanted.c.weight.desc(), Comment.id)
    rows = session.execute(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    found = placements(session, board, [comment.id for comment, _weight in rows])
    placed = (PlacedComment(comment, standing(board, comment.id, found), weight) for comment, weight in rows)
    return CommentPage(tuple(placed), number, pages, total)


def _wanted(session: Session, study: Study, board: Board, query: CommentQuery) -> Any:
    if query.all:
        return select(Comment.id.label("id"), literal(0.0).label("weight")).where(
            Comment.study_id == study.id
        )
    if query.theme:
        return _of_theme(session, board, query.theme)
    return _of_none(session, study, board)


def ids_of(session: Session, study: Study, board: Board, query: CommentQuery) -> list[str]:
    """The ids of all comments that a query shows, those of one theme first the most typical."""
    wanted = _wanted(session, study, board, query).subquery()
    chosen = select(Comment.id).join(wanted, wanted.c.id == Comment.id)
    chosen = chosen.where(*conditions(session, board.log, query.filter))
    return list(session.scalars(chosen.order_by(wanted.c.weight.desc(), Comment.id)))


def _of_theme(session: Session, board: Board, theme: BoardTheme) -> Any:
    known = is_one_of(session, Placement.comment_id, board.moved.keys() | board.off_topic)
    by_machine = (
        select(Placement.comment_id.label("id"), func.max(Placement.weight).label("weight"))
        .where(Placement.run_id == board.run, Placement.candidate_id.in_(theme.parts))
        .where(not_(known))
        .group_by(Placement.comment_id)
    )
    members = set(theme.members)
    by_person = {id for id, themes in board.moved.items() if not members.isdisjoint(themes)}
    return union_all(by_machine, _by_person(session, by_person - board.off_topic))


def _of_none(session: Session, study: Study, board: Board) -> Any:
    live = {theme.id for theme in board.live}
    parts = [candidate for candidate, theme in board.home.items() if theme in live]
    known = is_one_of(session, Comment.id, board.moved.keys() | board.off_topic)
    in_live = select(Placement.comment_id).where(
        Placement.run_id == board.run, Placement.candidate_id.in_(parts)
    )
    by_machine = select(Comment.id.label("id"), literal(0.0).label("weight")).where(
        Comment.study_id == study.id, Comment.id.not_in(in_live), not_(known)
    )
    by_person = {id for id, themes in board.moved.items() if not themes & live}
    return union_all(by_machine, _by_person(session, by_person | board.off_topic))


def _by_person(session: Session, comments: Collection[str]) -> Any:
    # Above every weight of the machine, so that they come first.
    first = literal(2.0).label("weight")
    return select(Comment.id.label("id"), first).where(is_one_of(session, Comment.id, comments))


def placements(session: Session, board: Board, comments: Iterable[str] | None = None) -> Mapping[str, Found]:
    """What the machine said of these comments, or of all comments of the run."""
    columns = (Placement.comment_id, Placement.candidate_id, Placement.reason)
    query = select(*columns).where(Placement.run_id == board.run)
    if comments is not None:
        query = query.where(is_one_of(session, Placement.comment_id, list(comments)))
    found: dict[str, Found] = defaultdict(list)
    for comment, candidate, reason in session.execute(query):
        found[comment].append((candidate, reason))
    return found


def standing(board: Board, comment: str, found: Mapping[str, Found]) -> Standing:
    """Where a comment stands on the board."""
    rows = found.get(comment, [])
    themes = board.themes_of(comment, [candidate for candidate, _reason in rows if candidate is not None])
    by_person = comment in board.moved
    if comment in board.off_topic:
        return Standing((), True, OFF_TOPIC)
    if any(theme.is_live for theme in themes):
        return Standing(themes, by_person, None)
    return Standing(themes, by_person, _reason(themes, by_person, rows))


def _reason(themes: tuple[BoardTheme, ...], by_person: bool, rows: Found) -> str:
    if themes:
        return PARKED_ONLY if any(theme.is_open for theme in themes) else REJECTED_ONLY
    if by_person:
        return TAKEN_OUT
    return rows[0][1] or FITS_NOWHERE if rows else LATE


def quotes(session: Session, board: Board, most: int) -> dict[int, tuple[Comment, ...]]:
    """For each theme up to `most` typical comments, of different audiences where there are such."""
    wanted = {comment for theme in board.themes for comment in theme.quotes}
    there = {c.id: c for c in session.scalars(select(Comment).where(Comment.id.in_(wanted)))}
    return {
        theme.id: _varied([there[id] for id in theme.quotes if id in there])[:most] for theme in board.themes
    }


def _varied(comments: list[Comment]) -> tuple[Comment, ...]:
    """The first comment of each audience, then the others, each in the order given."""
    first = {comment.audience_id: comment for comment in reversed(comments)}
    return tuple(sorted(comments, key=lambda comment: first[comment.audience_id] is not comment))
