"""The board of a study: computing it from runs and edits, and adding a decision to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, insert, not_, select
from sqlalchemy.orm import Session

from survey import board as boards
from survey.board import Board, Change, Decision, Discovery, kinds
from survey.board.kinds.base import comment_ids, themes_in
from survey.board.rules import TURNS
from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import Comment, Edit, EditComment, Run, Study
from survey.services import audit
from survey.services.comments import NONE, Filter
from survey.services.ids import is_one_of
from survey.services.placements import discovery


class Overtaken(Stale):
    """Somebody decided about the same thing since this person looked.

    `since` are those decisions; `can_still` says whether the change could be made on the board as it is now.
    """

    def __init__(self, board: Board, since: Sequence[Decision], *, can_still: bool = False) -> None:
        super().__init__("The board has changed since you looked at it. Nothing was stored.")
        self.board, self.since, self.can_still = board, tuple(since), can_still


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
    return state.board(state.decision(_ready(board, state, change), by=""))


def decide(session: Session, study: Study, change: Change, seen_revision: int, by: str) -> Board:
    """Make a decision that follows from the board of `seen_revision`; the study's row must be locked.

    What is so already is not done twice. Raises `Overtaken` when somebody else decided about the same thing
    meanwhile, `Refusal` when the change makes no sense, `NotFound` for an unknown theme or comment.
    """
    state = _require(session, study, change)
    board = state.board()
    if _is_done(board, change):
        return board
    if change.kind in TURNS:
        _check_turn(board, change, seen_revision)
        return _make(session, state, change, by)
    _check_fresh(board, state, change, seen_revision)
    return _make(session, state, _ready(board, state, change), by)


def _make(session: Session, state: _State, change: Change, by: str) -> Board:
    decision = state.decision(change, by)
    record(session, state.run, decision)
    run = _applied([*state.decisions, decision])
    if run != state.run.number:
        study = session.get_one(Study, state.run.study_id)
        after = load(session, study)
        assert after is not None
        return after
    return state.board(decision)


def _require(session: Session, study: Study, change: Change) -> _State:
    state = _state(session, study, decisions_of(session, study), comment_ids(change))
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
    rows = select(EditComment.edit_id, EditComment.comment_id, EditComment.themes).join(Edit)
    for edit_id, comment, themes in session.execute(rows.where(Edit.study_id == study.id)):
        held[edit_id].append((comment, None if themes is None else tuple(themes)))
    edits = session.scalars(select(Edit).where(Edit.study_id == study.id).order_by(Edit.number))
    return [replace(to_decision(edit), comments=tuple(sorted(held[edit.id]))) for edit in edits]


def to_decision(edit: Edit) -> Decision:
    """An edit as the plain value the board is computed from, without its comments."""
    change = Change(edit.kind, edit.details)
    return Decision.of(change, edit.number, edit.made_by, edit.made_at, edit.run_id)


def _is_done(board: Board, change: Change) -> bool:
    if change.kind not in TURNS:
        return kinds.of(change).is_done(change, board)
    # The same button pressed twice: the last thing said of that decision is what is wanted.
    said = [d.kind for d in board.log if d.kind in TURNS and d.details == change.details]
    return bool(said) and said[-1] == change.kind


def _check_fresh(board: Board, state: _State, change: Change, seen: int) -> None:
    """Refuse a decision about something that others decided about since."""
    needed = themes_in(kinds.of(change).needs(change))
    missing = {theme for theme in needed if board.find(theme) is None}
    if not missing <= board.merged.keys():
        raise NotFound
    if since := list(_newer(board, change, seen)):
        raise Overtaken(board, since, can_still=not missing and _can(board, state, change))
    if missing:
        raise Overtaken(board, list(_that_took(board, missing)))


def _newer(board: Board, change: Change, seen: int) -> Iterator[Decision]:
    """Decisions after `seen` that alter the same thing; undoing alters what it undoes."""
    by_number = {decision.number: decision for decision in board.log}
    for decision in board.log:
        altered = by_number[decision.details["edit"]] if decision.kind in TURNS else decision
        if decision.number > seen and boards.collide(altered, change):
            yield decision


def _that_took(board: Board, missing: Collection[int]) -> Iterator[Decision]:
    """The decisions after which themes were not there any more."""
    for decision in boards.in_force(board.log):
        if decision.kind == "merge" and not set(decision.details["from"]).isdisjoint(missing):
            yield decision


def _can(board: Board, state: _State, change: Change) -> bool:
    try:
        _ready(board, state, change)
    except (Refusal, NotFound):
        return False
    return True


def _ready(board: Board, state: _State, change: Change) -> Change:
    """The change with numbers for new themes and the new place of each comment, once it was checked."""
    kind = kinds.of(change)
    kind.check(change, board)
    if change.kind == "apply":
        return change
    change = kind.numbered(change, board.next_number)
    current = _current(board, state, change)
    source = change.details.get("from")
    if change.kind in ("move", "create") and source is not None:
        _check_there(board, source, current)
    if not kind.places(change):
        return change
    placed = (
        (comment, tuple(sorted(kind.after(change, board, current[comment], given))))
        for comment, given in change.comments
    )
    return replace(change, comments=tuple(placed))


def _current(board: Board, state: _State, change: Change) -> dict[str, frozenset[int]]:
    """Where the comments of a change are now; raise `NotFound` for one of another study."""
    wanted = comment_ids(change)
    if not wanted <= state.found.placed.keys():
        raise NotFound
    return {comment: board.numbers_of(comment, state.found.placed[comment].candidates) for comment in wanted}


def _check_there(board: Board, source: int, current: dict[str, frozenset[int]]) -> None:
    theme = board.find(source)
    members = set(theme.members) if theme else set()
    if any(members.isdisjoint(themes) for themes in current.values()):
        if len(current) == 1:
            raise Refusal(_("The comment is not in that theme any more. Load the page again."))
        raise Refusal(
            _("Some of these comments are not in that theme any more. Load the page again, then choose them.")
        )


def _check_turn(board: Board, change: Change, seen: int) -> None:
    """What can be undone or done again; a decision that others build on must wait for them."""
    number = change.details["edit"]
    wanted = next((d for d in board.log if d.number == number and d.kind not in TURNS), None)
    if wanted is None or wanted is board.log[0]:
        raise NotFound
    undone = all(d.number != number for d in boards.in_force(board.log))
    if undone != (change.kind == "redo"):
        raise Refusal(_("That has been undone already.") if undone else _("That stands already."))
    if change.kind == "undo":
        blocking = boards.above(board.log, number)
    else:
        blocking = list(boards.blocking_redo(board.log, number))
    if any(decision.number > seen for decision in blocking):
        raise Overtaken(board, [decision for decision in blocking if decision.number > seen])
    if blocking:
        raise Refusal(
            _("Later decisions build on this one. Undo those first: you find them in the list of decisions.")
            if change.kind == "undo"
            else _("Other decisions about the same thing were made since. Decide anew instead.")
        )


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
