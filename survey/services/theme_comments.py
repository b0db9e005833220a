"""The comments of a theme as people read them: by page, audience and prompt, with what else they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, literal, not_, select, union_all
from sqlalchemy.orm import Session

from survey.board import Board, BoardTheme, Decision, in_force, kinds
from survey.errors import NotFound
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
    """A comment where it stands; `weight`, 0 to 1, says how well it fits where the machine put it.

    `decided` is the last decision about where it belongs, if a person made one.
    """

    comment: Comment
    standing: Standing
    weight: float
    decided: Decision | None = None


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
    return CommentPage(_placed(session, board, dict(rows)), number, pages, total)


def one_comment(session: Session, study: Study, board: Board, id: str) -> PlacedComment:
    """A single comment where it stands; raise `NotFound` for one of another study."""
    # PostgreSQL fails over a NUL.
    comment = session.get(Comment, id) if "\0" not in id else None
    if comment is None or comment.study_id != study.id:
        raise NotFound
    best = select(func.max(Placement.weight)).where(
        Placement.run_id == board.run, Placement.comment_id == id, Placement.candidate_id.is_not(None)
    )
    return _placed(session, board, {comment: session.scalar(best) or 0.0})[0]


def _placed(session: Session, board: Board, weights: Mapping[Comment, float]) -> tuple[PlacedComment, ...]:
    ids = {comment.id for comment in weights}
    found, decided = placements(session, board, ids), placed_by(board, ids)
    return tuple(
        PlacedComment(comment, standing(board, comment.id, found), weight, decided.get(comment.id))
        for comment, weight in weights.items()
    )


def placed_by(board: Board, comments: Collection[str]) -> Mapping[str, Decision]:
    """The last decision in force about where each of these comments belongs, if a person made one."""
    last: dict[str, Decision] = {}
    for decision in in_force(board.log):
        if decision.kind == "off-topic" or kinds.of(decision).places(decision):
            last |= {comment: decision for comment, _themes in decision.comments if comment in comments}
    there = board.moved.keys() | board.off_topic
    return {comment: decision for comment, decision in last.items() if comment in there}


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


def quotes(
    session: Session, board: Board, most: int, filter: Filter | None = None
) -> dict[int, tuple[Comment, ...]]:
    """For each theme up to `most` typical comments, of different audiences where there are such.

    With a filter, the most typical of those that it leaves in.
    """
    found = _filtered_quotes(session, board, filter, most) if filter else _stored_quotes(session, board)
    return {theme.id: _varied(found[theme.id])[:most] for theme in board.themes}


def _stored_quotes(session: Session, board: Board) -> Mapping[int, list[Comment]]:
    wanted = {comment for theme in board.themes for comment in theme.quotes}
    there = {c.id: c for c in session.scalars(select(Comment).where(Comment.id.in_(wanted)))}
    return {theme.id: [there[id] for id in theme.quotes if id in there] for theme in board.themes}


def _filtered_quotes(
    session: Session, board: Board, filter: Filter, most: int
) -> Mapping[int, list[Comment]]:
    place = func.row_number().over(
        partition_by=Placement.candidate_id, order_by=(Placement.weight.desc(), Placement.comment_id)
    )
    ranked = (
        select(Placement.comment_id, Placement.candidate_id, place.label("place"))
        .join(Comment, Comment.id == Placement.comment_id)
        .where(Placement.run_id == board.run, *conditions(session, board.log, filter))
        .subquery()
    )
    few = select(Comment, ranked.c.candidate_id).join(ranked, ranked.c.comment_id == Comment.id)
    found: dict[int, list[Comment]] = defaultdict(list)
    for comment, candidate in session.execute(few.where(ranked.c.place <= 2 * most).order_by(ranked.c.place)):
        if candidate in board.home:
            found[board.home[candidate]].append(comment)
    return {theme.id: _still_there(board, theme, found) for theme in board.themes}


def _still_there(board: Board, theme: BoardTheme, found: Mapping[int, list[Comment]]) -> list[Comment]:
    """The comments of a theme and its sub-themes, without those that people placed elsewhere."""
    known = board.moved.keys() | board.off_topic
    listed = dict.fromkeys(comment for member in theme.members for comment in found.get(member, ()))
    return [
        comment
        for comment in listed
        if comment.id not in known or not board.numbers_of(comment.id, ()).isdisjoint(theme.members)
    ]


def _varied(comments: list[Comment]) -> tuple[Comment, ...]:
    """The first comment of each audience, then the others, each in the order given."""
    first = {comment.audience_id: comment for comment in reversed(comments)}
    return tuple(sorted(comments, key=lambda comment: first[comment.audience_id] is not comment))
