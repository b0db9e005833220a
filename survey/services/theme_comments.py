"""The comments of a theme as people read them: by page, audience and prompt, with what else they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from survey.board import Board, BoardTheme
from survey.models import Comment, Placement, Study
from survey.services.comments import PAGE_SIZE, Filter

REJECTED_ONLY = "only in rejected themes"
TAKEN_OUT = "taken out by a person"
LATE = "came after the themes were found"
FITS_NOWHERE = "fits nowhere"


@dataclass(frozen=True, slots=True)
class CommentQuery:
    """Which comments to show: of a theme, or with None of no live theme."""

    theme: BoardTheme | None
    filter: Filter = field(default_factory=Filter)
    page: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one comment stands: its themes, who put it there, why it is in no live theme."""

    themes: tuple[BoardTheme, ...]
    by_person: bool
    reason: str | None

    @property
    def live(self) -> tuple[BoardTheme, ...]:
        return tuple(theme for theme in self.themes if theme.state != "rejected")


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
    wanted = (_of_theme(board, query.theme) if query.theme else _of_none(study, board)).subquery()
    chosen = select(Comment, wanted.c.weight).join(wanted, wanted.c.id == Comment.id)
    chosen = chosen.where(*query.filter.conditions())
    counted = chosen.with_only_columns(Comment.id).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, query.page), pages)
    ordered = chosen.order_by(wanted.c.weight.desc(), Comment.id)
    rows = session.execute(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    found = placements(session, board, [comment.id for comment, _weight in rows])
    placed = (PlacedComment(comment, standing(board, comment.id, found), weight) for comment, weight in rows)
    return CommentPage(tuple(placed), number, pages, total)


def _of_theme(board: Board, theme: BoardTheme) -> Any:
    by_machine = (
        select(Placement.comment_id.label("id"), func.max(Placement.weight).label("weight"))
        .where(Placement.run_id == board.run, Placement.candidate_id.in_(theme.parts))
        .where(Placement.comment_id.not_in(board.moved))
        .group_by(Placement.comment_id)
    )
    return union_all(by_machine, _by_person(id for id, themes in board.moved.items() if theme.id in themes))


def _of_none(study: Study, board: Board) -> Any:
    live = {theme.id for theme in board.live}
    parts = [part for theme in board.live for part in theme.parts]
    in_live = select(Placement.comment_id).where(
        Placement.run_id == board.run, Placement.candidate_id.in_(parts)
    )
    by_machine = select(Comment.id.label("id"), literal(0.0).label("weight")).where(
        Comment.study_id == study.id, Comment.id.not_in(in_live), Comment.id.not_in(board.moved)
    )
    return union_all(by_machine, _by_person(id for id, themes in board.moved.items() if not themes & live))


def _by_person(comments: Iterable[str]) -> Any:
    # Above every weight of the machine, so that they come first.
    first = literal(2.0).label("weight")
    return select(Comment.id.label("id"), first).where(Comment.id.in_(list(comments)))


def placements(session: Session, board: Board, comments: Iterable[str] | None = None) -> Mapping[str, Found]:
    """What the machine said of these comments, or of all comments of the run."""
    columns = (Placement.comment_id, Placement.candidate_id, Placement.reason)
    query = select(*columns).where(Placement.run_id == board.run)
    if comments is not None:
        query = query.where(Placement.comment_id.in_(list(comments)))
    found: dict[str, Found] = defaultdict(list)
    for comment, candidate, reason in session.execute(query):
        found[comment].append((candidate, reason))
    return found


def standing(board: Board, comment: str, found: Mapping[str, Found]) -> Standing:
    """Where a comment stands on the board."""
    rows = found.get(comment, [])
    themes = board.themes_of(comment, [candidate for candidate, _reason in rows if candidate is not None])
    by_person = comment in board.moved
    if any(theme.state != "rejected" for theme in themes):
        return Standing(themes, by_person, None)
    return Standing(themes, by_person, _reason(themes, by_person, rows))


def _reason(themes: tuple[BoardTheme, ...], by_person: bool, rows: Found) -> str:
    if themes:
        return REJECTED_ONLY
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
