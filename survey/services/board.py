"""The board of a study: computing it from a run and the edits, and adding a decision to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import board as boards
from survey import changes
from survey.board import Board, Change, Decision, Discovery
from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import Candidate, Edit, Run, Study
from survey.services import audit
from survey.services.placements import discovery


class Overtaken(Stale):
    """Somebody decided about the same thing since this person looked, or themes were found again.

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
    revision: int

    def board(self, *more: Decision) -> Board:
        return boards.build(self.found, [*self.decisions, *more], self.revision)

    def decision(self, change: Change, by: str) -> Decision:
        return Decision(change.kind, change.details, self.revision + 1, by, now())


def runs_of(session: Session, study: Study) -> list[Run]:
    """All theme discoveries of a study, newest first."""
    return list(session.scalars(select(Run).where(Run.study_id == study.id).order_by(Run.number.desc())))


def run_of_board(session: Session, study: Study) -> Run | None:
    """The run that the board stands on: the one that was chosen, else the newest."""
    query = select(Run).where(Run.study_id == study.id)
    if study.board_run is not None:
        query = query.where(Run.number == study.board_run)
    return session.scalar(query.order_by(Run.number.desc()).limit(1))


def use_run(session: Session, study: Study, number: int, by: str) -> Run:
    """Let the board stand on another run; decisions stay with the run they were made on."""
    run = session.scalar(select(Run).where(Run.study_id == study.id, Run.number == number))
    if run is None:
        raise NotFound
    study.board_run = number
    audit.record(session, by, "themes.use-run", study.slug, run=number)
    return run


def decided_run(session: Session, study: Study) -> Run | None:
    """The run of the board, if people decided anything on it."""
    run = run_of_board(session, study)
    if run is None or session.scalar(select(Edit.id).where(Edit.run_id == run.id).limit(1)) is None:
        return None
    return run


def keep_decided(session: Session, study: Study) -> None:
    """Before a new run is stored: a board that people worked on stays until they choose the new run."""
    run = decided_run(session, study)
    study.board_run = run.number if run else None


def load(session: Session, study: Study) -> Board | None:
    """The board over its run; None when themes were not looked for yet."""
    run = run_of_board(session, study)
    return _state(session, run).board() if run else None


def preview(session: Session, study: Study, change: Change) -> Board:
    """The board as a change would make it, without making it; raises as `decide` does."""
    state = _state(session, _require_run(session, study), change)
    changes.check(state.board(), change)
    return state.board(state.decision(change, by=""))


def decide(session: Session, study: Study, change: Change, seen_revision: int, by: str) -> Board:
    """Make a decision that follows from the board of `seen_revision`; the study's row must be locked.

    What is so already is not done twice. Raises `Overtaken` when somebody else decided about the same thing
    meanwhile, `Refusal` when the change makes no sense, `NotFound` for an unknown theme or comment.
    """
    state = _state(session, _require_run(session, study), change)
    board = state.board()
    if _is_done(board, state, change):
        return board
    _check(session, board, state, change, seen_revision)
    decision = state.decision(change, by)
    _record(session, state.run, decision)
    return state.board(decision)


def _require_run(session: Session, study: Study) -> Run:
    run = run_of_board(session, study)
    if run is None:
        raise NotFound
    return run


def _state(session: Session, run: Run, *wanted: Change) -> _State:
    edits = session.scalars(select(Edit).where(Edit.run_id == run.id).order_by(Edit.number))
    decisions = [to_decision(edit) for edit in edits]
    revision = session.scalar(select(func.max(Edit.number)).where(Edit.study_id == run.study_id)) or 0
    named = boards.comments_named([*decisions, *wanted])
    return _State(run, decisions, discovery(session, run, named), revision)


def to_decision(edit: Edit) -> Decision:
    """An edit as the plain value the board is computed from."""
    return Decision(edit.kind, edit.details, edit.number, edit.made_by, edit.made_at)  # type: ignore[arg-type]


def _is_done(board: Board, state: _State, change: Change) -> bool:
    if change.kind == "undo":
        return any(done.kind == "undo" and done.details == change.details for done in state.decisions)
    return changes.is_done(board, change)


def _check(session: Session, board: Board, state: _State, change: Change, seen: int) -> None:
    if change.kind == "undo":
        return _check_undo(board, state, change)
    missing = {theme for theme in changes.themes_named(change) if board.find(theme) is None}
    if not missing <= _ever_found(session, state.run):
        raise NotFound
    if collisions := list(_newer(state, changes.touches(change), seen)):
        raise Overtaken(board, collisions, can_still=_can(board, change))
    try:
        changes.check(board, change)
    except (Refusal, NotFound) as refused:
        since = list(_newer(state, changes.themes_named(change), seen))
        if since or missing:
            raise Overtaken(board, since) from refused
        raise
    if change.kind == "move":
        changes.check_comment(board, state.found, change)
    return None


def _check_undo(board: Board, state: _State, change: Change) -> None:
    """Only the last decision can be undone, and only by someone who saw that it is the last one."""
    number = change.details["edit"]
    if all(decision.number != number for decision in state.decisions):
        raise NotFound
    if board.last_edit is None or board.last_edit.number != number:
        raise Overtaken(board, [d for d in boards.in_force(state.decisions) if d.number > number])


def _newer(state: _State, things: frozenset[int | str] | frozenset[int], seen: int) -> Iterator[Decision]:
    """Decisions after `seen` that touch one of these themes or comments; undoing touches what it undoes."""
    by_number = {decision.number: decision for decision in state.decisions}
    for decision in state.decisions:
        altered = by_number[decision.details["edit"]] if decision.kind == "undo" else decision
        if decision.number > seen and not changes.touches(altered).isdisjoint(things):
            yield decision


def _can(board: Board, change: Change) -> bool:
    try:
        changes.check(board, change)
    except (Refusal, NotFound):
        return False
    return True


def _ever_found(session: Session, run: Run) -> set[int]:
    """The themes of all runs of the study, those that were merged too."""
    themes = select(Candidate.id).join(Run).where(Run.study_id == run.study_id)
    return set(session.scalars(themes))


def _record(session: Session, run: Run, decision: Decision) -> None:
    edit = Edit(study_id=run.study_id, run_id=run.id, number=decision.number, kind=decision.kind)
    edit.details, edit.made_by, edit.made_at = dict(decision.details), decision.by, decision.at
    session.add(edit)
    session.flush()
    slug = session.get_one(Study, run.study_id).slug
    # The name of a theme may quote a comment, so it stays out of the audit.
    told = {key: value for key, value in decision.details.items() if key != "name"}
    audit.record(session, decision.by, f"themes.{decision.kind}", slug, number=decision.number, **told)
