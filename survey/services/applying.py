"""How runs come onto the board: the first by itself, later ones when a planner says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, Change, Decision, in_force, replay
from survey.board.kinds.base import NAME_LENGTH
from survey.dates import now
from survey.errors import NotFound
from survey.models import Candidate, Run, Study
from survey.services import board as boards


def come_first(session: Session, study: Study, run: Run, by: str) -> None:
    """Put a run onto the board of a study that has none; otherwise it waits beside it."""
    if boards.newest_revision(session, study) == 0:
        change = onto(None, run)
        boards.record(session, run, Decision.of(change, 1, by, now(), run.id))


def run_of(session: Session, study: Study, number: int) -> Run:
    """A run of a study; raise `NotFound` when there is none of that number."""
    if not 0 <= number < 2**31:
        raise NotFound  # PostgreSQL fails on a number that its column cannot hold
    run = session.scalar(select(Run).where(Run.study_id == study.id, Run.number == number))
    if run is None:
        raise NotFound
    return run


def onto(board: Board | None, run: Run) -> Change:
    """The change that puts a run onto the board.

    A candidate that goes on from a theme of the board becomes that theme, or what it was merged into; a run
    that was on the board before gives the same themes as then; the others are new themes.
    """
    themes = dict(_known(board, run.candidates)) | _as_before(board, run.number)
    fresh = [candidate for candidate in run.candidates if candidate.number not in themes]
    first = board.next_number if board else 1
    themes |= {candidate.number: first + place for place, candidate in enumerate(fresh)}
    themes = {candidate.number: themes[candidate.number] for candidate in run.candidates}
    there = board.merged if board else {}
    # A theme is also new when the decision that made it was undone.
    new = {themes[c.number]: c.label for c in reversed(run.candidates) if themes[c.number] not in there}
    taken = _names_to_stay(board, themes.values()) if board else []
    numbers = sorted(new)
    names = dict(zip(numbers, _free(taken, (new[number] for number in numbers)), strict=True))
    return changes.apply(run.number, themes, names)


def applied(board: Board) -> Iterator[Decision]:
    """The decisions in force that put a run onto the board, oldest first."""
    return (decision for decision in in_force(board.log) if decision.kind == "apply")


def _known(board: Board | None, candidates: Iterable[Candidate]) -> Iterator[tuple[int, int]]:
    for candidate in candidates:
        if board and candidate.goes_on is not None and candidate.goes_on in board.merged:
            yield candidate.number, board.merged[candidate.goes_on]


def _as_before(board: Board | None, number: int) -> dict[int, int]:
    for decision in reversed(board.log if board else ()):
        if decision.kind == "apply" and decision.details["run"] == number:
            return {int(candidate): theme for candidate, theme in decision.details["themes"].items()}
    return {}


def _names_to_stay(board: Board, coming: Collection[int]) -> list[str]:
    """The names of themes that are on the board once a run came: decided about, or found by it."""
    records = replay(in_force(board.log)).themes
    found = {board.merged[number] for number in coming if number in board.merged}
    roots = {number for number, root in board.merged.items() if number == root}
    return [records[number].name for number in roots if records[number].touched or number in found]


def _free(taken: Iterable[str], labels: Iterable[str]) -> Iterator[str]:
    """Labels as names that no other theme has."""
    used = {name.casefold() for name in taken}
    for label in labels:
        name, count = label[:NAME_LENGTH], 2
        while name.casefold() in used:
            ending = f" ({count})"
            name, count = label[: NAME_LENGTH - len(ending)] + ending, count + 1
        used.add(name.casefold())
        yield name
