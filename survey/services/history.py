"""The decisions of a study as people read them: who, when, what, with the names that themes had then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Board, BoardTheme, Change, Decision, in_force, kinds
from survey.board.kinds.base import themes_in
from survey.board.rules import TURNS, undoable
from survey.dates import now
from survey.models import Run, Study


@dataclass(frozen=True, slots=True)
class Line:
    """One decision with the names of its themes at that moment; `turns` is what an undo or redo speaks of."""

    decision: Decision
    names: dict[int, str]
    turns: Line | None = None
    undone: bool = False
    run: int = 0
    can_undo: bool = False

    @property
    def themes(self) -> frozenset[int]:
        """The themes that it speaks of."""
        if self.turns:
            return self.turns.themes
        kind = kinds.of(self.decision)
        things = kind.needs(self.decision) | kind.creates(self.decision)
        return frozenset(themes_in(things))


def lines(session: Session, study: Study, board: Board, wanted: Change | None = None) -> list[Line]:
    """All decisions of a study, newest first; before them, what somebody wants to decide."""
    runs = dict(session.execute(select(Run.id, Run.number).where(Run.study_id == study.id)).all())
    decisions = list(board.log)
    if wanted:
        decisions.append(Decision.of(wanted, board.revision + 1, "", now(), board.run))
    free = undoable(board.log)
    return [_with_run(line, runs, free) for line in reversed(told(decisions))]


def _with_run(line: Line, runs: dict[int, int], free: frozenset[int]) -> Line:
    number = line.decision.number
    run = runs.get(line.decision.run, 0)
    return Line(line.decision, line.names, line.turns, line.undone, run, number in free)


def of_theme(found: Iterable[Line], theme: BoardTheme, board: Board) -> list[Line]:
    """The lines about a theme, those about what was merged into it, too."""
    numbers = {number for number, now in board.merged.items() if now == theme.id} | {theme.id}
    return [line for line in found if not numbers.isdisjoint(line.themes) and line.decision.kind != "apply"]


def last(board: Board, number: int) -> Line:
    """The decision of that number as a line."""
    return next(line for line in told(board.log) if line.decision.number == number)


def told(decisions: Iterable[Decision]) -> list[Line]:
    """Decisions with the names that themes had just before each."""
    decisions = list(decisions)
    undone = {d.number for d in decisions if d.kind not in TURNS} - {d.number for d in in_force(decisions)}
    names: dict[int, str] = {}
    lines: dict[int, Line] = {}
    for decision in decisions:
        about = lines.get(decision.details["edit"]) if decision.kind in TURNS else None
        lines[decision.number] = Line(
            decision, dict(_before(decision, names)), about, decision.number in undone
        )
        if about is None:
            names |= kinds.of(decision).renames(decision)
        elif decision.kind == "undo":
            given = kinds.of(about.decision).renames(about.decision)
            names |= {number: about.names[number] for number in given if number in about.names}
        else:
            names |= kinds.of(about.decision).renames(about.decision)
    return list(lines.values())


def _before(decision: Decision, names: dict[int, str]) -> Iterable[tuple[int, str]]:
    kind = kinds.of(decision)
    for number in themes_in(kind.needs(decision)) + list(kind.renames(decision)):
        if number in names:
            yield number, names[number]
