"""How runs come onto the board: the first by itself, later ones when a planner says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board, Change, Decision
from survey.board.kinds.base import NAME_LENGTH
from survey.dates import now
from survey.errors import NotFound
from survey.models import Run, Study
from survey.services import board as boards


def come_first(session: Session, study: Study, run: Run, by: str) -> None:
    """Put a run onto the board of a study that has none; otherwise it waits beside it."""
    if boards.newest_revision(session, study) == 0:
        change = onto(None, run)
        boards.record(session, run, Decision.of(change, 1, by, now(), run.id))


def run_of(session: Session, study: Study, number: int) -> Run:
    """A run of a study; raise `NotFound` when there is none of that number."""
    run = session.scalar(select(Run).where(Run.study_id == study.id, Run.number == number))
    if run is None:
        raise NotFound
    return run


def onto(board: Board | None, run: Run) -> Change:
    """The change that puts a run onto the board.

    A candidate that goes on from a theme of the board becomes that theme, or what it was merged into; a run
    that was on the board before gives the same themes as then; the others are new themes.
    """
    goes_on = {candidate.number: candidate.goes_on for candidate in run.candidates}
    themes = dict(_known(board, goes_on)) | _as_before(board, run.number)
    fresh = [candidate for candidate in run.candidates if candidate.number not in themes]
    first = board.next_number if board else 1
    themes |= {candidate.number: first + place for place, candidate in enumerate(fresh)}
    taken = [theme.name for theme in board.themes] if board else []
    names = dict(zip((themes[c.number] for c in fresh), _free(taken, (c.label for c in fresh)), strict=True))
    return changes.apply(run.number, themes, names)


def _known(board: Board | None, goes_on: Mapping[int, int | None]) -> Iterator[tuple[int, int]]:
    for candidate, theme in goes_on.items():
        if board and theme is not None and theme in board.merged:
            yield candidate, board.merged[theme]


def _as_before(board: Board | None, number: int) -> dict[int, int]:
    for decision in reversed(board.log if board else ()):
        if decision.kind == "apply" and decision.details["run"] == number:
            return {int(candidate): theme for candidate, theme in decision.details["themes"].items()}
    return {}


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
