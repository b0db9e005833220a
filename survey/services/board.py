"""The board of a study: computing it from runs and edits, and adding a decision to them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Text, cast, func, insert, not_, select
from sqlalchemy.orm import Session

from survey import board as boards
from survey.board import Board, Change, Decision, Discovery
from survey.board.deciding import Overtaken, prepare, ready
from survey.board.kinds.base import comment_ids
from survey.board.rules import TURNS
from survey.dates import now
from survey.errors import NotFound
from survey.models import Comment, Edit, EditComment, Run, Study
from survey.services import audit
from survey.services.comments import NONE, Filter
from survey.services.ids import is_one_of
from survey.services.placements import discovery

__all__ = [
    "Overtaken",
    "conditions",
    "decide",
    "decisions_of",
    "load",
    "newest_revision",
    "preview",
    "record",
    "run_of_board",
    "runs_of",
    "to_decision",
]
LONGEST_ID = 32


@dataclass(frozen=True, slots=True)
class _State:
    """What the board is computed from."""

    run: Run
    decisions: list[Decision]
    found: Discovery

    def board(self, *more: Decision) -> Board:
        return boards.build(self.found, [*self.decisions, *more])

    def decision(self, change: Change, by: str) -> Decision:
        return Decision.of(change, self.decisions[-1].number + 1, by, now(), self.run.id)


def runs_of(session: Session, study: Study) -> list[Run]:
    """All theme discoveries of a study, newest first."""
    return list(session.scalars(select(Run).where(Run.study_id == study.id).order_by(Run.number.desc())))


def run_of_board(session: Session, study: Study) -> Run | None:
    """The run that the board stands on: the one that came onto it last."""
    turns = select(Edit).where(Edit.study_id == study.id, Edit.kind.in_(("apply", *TURNS)))
    applied = boards.in_force(to_decision(edit) for edit in session.scalars(turns.order_by(Edit.number)))
    number = next((d.details["run"] for d in reversed(applied) if d.kind == "apply"), None)
    return session.scalar(select(Run).where(Run.study_id == study.id, Run.number == number))


def load(session: Session, study: Study, filter: Filter | None = None) -> Board | None:
    """The board over its run; None when themes were not looked for yet.

    With a filter, sizes and breadth count the comments that it leaves in.
    """
    decisions = decisions_of(session, study)
    state = _state(session, study, decisions, filter=filter)
    return state.board() if state else None


def preview(session: Session, study: Study, change: Change) -> Board:
    """The board as a change would make it, without making it; raises as `decide` does."""
    state = _require(session, study, change)
    board = state.board()
    wanted = ready(board, state.found.placed, change, board.revision)
    return _after(session, state, state.decision(wanted, by=""))


def decide(session: Session, study: Study, change: Change, seen_revision: int, by: str) -> Board:
    """Make a decision that follows from the board of `seen_revision`; the study's row must be locked.

    What is so already is not done twice. Raises `Overtaken` when somebody else decided about the same thing
    meanwhile, `Refusal` when the change makes no sense, `NotFound` for an unknown theme or comment.
    """
    state = _require(session, study, change)
    board = state.board()
    wanted = prepare(board, state.found.placed, change, seen_revision)
    if wanted is None:
        return board
    decision = state.decision(wanted, by)
    after = _after(session, state, decision)
    record(session, state.run, decision)
    return after


def _after(session: Session, state: _State, decision: Decision) -> Board:
    """The board with one more decision, which may put another run onto it."""
    decisions = [*state.decisions, decision]
    if _applied(decisions) == state.run.number:
        return state.board(decision)
    other = _state(session, session.get_one(Study, state.run.study_id), decisions)
    if other is None:
        raise NotFound
    return other.board()


def _require(session: Session, study: Study, change: Change) -> _State:
    wanted = comment_ids(change)
    if not all(id.isascii() and id.isprintable() and len(id) <= LONGEST_ID for id in wanted):
        raise NotFound  # PostgreSQL fails on text with a NUL, and the drivers on half a letter
    state = _state(session, study, decisions_of(session, study), wanted)
    if state is None:
        raise NotFound
    return state


def _state(
    session: Session,
    study: Study,
    decisions: list[Decision],
    wanted: Collection[str] = (),
    filter: Filter | None = None,
) -> _State | None:
    number = _applied(decisions)
    run = session.scalar(select(Run).where(Run.study_id == study.id, Run.number == number))
    if run is None:
        return None
    named = boards.placing(decisions) | set(wanted)
    only = conditions(session, decisions, filter) if filter else []
    return _State(run, decisions, discovery(session, run, named, only))


def conditions(session: Session, decisions: Sequence[Decision], filter: Filter) -> list[ColumnElement[bool]]:
    """A filter as conditions on `Comment`, also where it asks for codes that people gave."""
    found = list(filter.conditions())
    if filter.axis is not None:
        codes = boards.replay(boards.in_force(decisions)).codes.get(filter.axis, {})
        wanted = [c for c, code in codes.items() if filter.code in (None, NONE, code)]
        coded = is_one_of(session, Comment.id, wanted)
        found.append(not_(coded) if filter.code == NONE else coded)
    return found


def _applied(decisions: Sequence[Decision]) -> int | None:
    """The number of the run that the board stands on."""
    standing = boards.in_force(d for d in decisions if d.kind in ("apply", *TURNS))
    return next((d.details["run"] for d in reversed(standing) if d.kind == "apply"), None)


def decisions_of(session: Session, study: Study) -> list[Decision]:
    """All decisions about a study, oldest first, in two queries."""
    held: dict[int, list[tuple[str, tuple[int, ...] | None]]] = defaultdict(list)
    # As text, because many comments of a decision have the same themes: each is read once.
    themes = cast(EditComment.themes, Text)
    rows = select(EditComment.edit_id, EditComment.comment_id, themes).join(Edit)
    for edit_id, comment, listed in session.execute(rows.where(Edit.study_id == study.id)):
        held[edit_id].append((comment, _numbers(listed)))
    columns = (Edit.id, Edit.kind, Edit.details, Edit.number, Edit.made_by, Edit.made_at, Edit.run_id)
    edits = session.execute(select(*columns).where(Edit.study_id == study.id).order_by(Edit.number))
    return [
        Decision(kind, details, tuple(sorted(held[id])), number, by, at, run)
        for id, kind, details, number, by, at, run in edits
    ]


@lru_cache(maxsize=4_096)
def _numbers(listed: str | None) -> tuple[int, ...] | None:
    return None if listed is None else tuple(json.loads(listed))


def to_decision(edit: Edit) -> Decision:
    """An edit as the plain value the board is computed from, without its comments."""
    change = Change(edit.kind, edit.details)
    return Decision.of(change, edit.number, edit.made_by, edit.made_at, edit.run_id)


def record(session: Session, run: Run, decision: Decision) -> None:
    """Store a decision with its comments, and write it into the audit."""
    edit = Edit(study_id=run.study_id, run_id=run.id, number=decision.number, kind=decision.kind)
    edit.details, edit.made_by, edit.made_at = dict(decision.details), decision.by, decision.at
    session.add(edit)
    session.flush()
    rows = [{"edit_id": edit.id, "comment_id": c, "themes": themes} for c, themes in decision.comments]
    if rows:
        session.execute(insert(EditComment), rows)
    slug = session.get_one(Study, run.study_id).slug
    told = _without_words(decision)
    audit.record(session, decision.by, f"themes.{decision.kind}", slug, number=decision.number, **told)


def _without_words(decision: Decision) -> dict[str, object]:
    """What the audit says: names and notes may quote a comment, so they stay out of it."""
    told: dict[str, object] = {}
    for key, value in decision.details.items():
        listed = value if isinstance(value, list) else [value]
        if all(isinstance(part, int | None) for part in listed):
            told[key] = value
    if decision.comments:
        told["comments"] = len(decision.comments)
    return told


def newest_revision(session: Session, study: Study) -> int:
    """The number of the last decision; 0 when there is none."""
    return session.scalar(select(func.max(Edit.number)).where(Edit.study_id == study.id)) or 0
