"""The decisions of a study as people read them: who, when, what, with the names that themes had then."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.board import Change, Decision
from survey.changes import themes_named
from survey.dates import now
from survey.models import Candidate, Edit, Run, Study
from survey.services.board import to_decision


@dataclass(frozen=True, slots=True)
class Line:
    """One decision with the names of its themes at that moment; `undoes` is what an undoing takes back."""

    decision: Decision
    run: int
    names: dict[int, str]
    undoes: Line | None = None
    undone: bool = False


def lines(session: Session, study: Study, wanted: Change | None = None) -> list[Line]:
    """All decisions of a study, newest first; before them, what somebody wants to decide."""
    runs = dict(session.execute(select(Run.id, Run.number).where(Run.study_id == study.id)).all())
    labels = select(Candidate.id, Candidate.label).join(Run).where(Run.study_id == study.id)
    names = dict(session.execute(labels).all())
    edits = session.scalars(select(Edit).where(Edit.study_id == study.id).order_by(Edit.number))
    decisions = [(to_decision(edit), runs[edit.run_id]) for edit in edits]
    if wanted:
        decisions.append(
            (Decision(wanted.kind, wanted.details, len(decisions) + 1, "", now()), max(runs.values()))
        )
    return _told(decisions, names)[::-1]


def _told(decisions: list[tuple[Decision, int]], names: dict[int, str]) -> list[Line]:
    undone = {decision.details["edit"] for decision, _run in decisions if decision.kind == "undo"}
    told: dict[int, Line] = {}
    for decision, run in decisions:
        before = told.get(decision.details["edit"]) if decision.kind == "undo" else None
        then = {theme: names[theme] for theme in themes_named(decision)}
        told[decision.number] = Line(decision, run, then, before, decision.number in undone)
        if decision.kind == "rename":
            names[decision.details["theme"]] = decision.details["name"]
        elif before and before.decision.kind == "rename":
            names |= before.names
    return list(told.values())
