"""Questions that were taken out of a survey, kept in the audit so that they can be put back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey import building
from survey.errors import NotFound
from survey.models import AuditRow, Survey
from survey.services.surveys import draft, save_document

REMOVED = "surveys.question-remove"


def remove(session: Session, survey: Survey, question_id: str, *, by: str, seen: int) -> int:
    """Take a question out; returns the number of the audit row that keeps it, for `restore`."""
    document, removed = building.remove(draft(survey), question_id)
    return save_document(
        session, survey, document, by=by, seen=seen, action=REMOVED, **removed.to_dict()
    ).number


def find(session: Session, survey: Survey, number: int) -> building.Removed:
    """The question that an audit row keeps; raise `NotFound` when that row is about something else."""
    row = session.get(AuditRow, number) if 0 < number < 2**31 else None
    if row is None or row.action != REMOVED or row.object != survey.slug:
        raise NotFound
    return building.Removed.from_dict(row.details)


def restore(session: Session, survey: Survey, number: int, *, by: str) -> building.Removed:
    """Put a question back where it stood."""
    removed = find(session, survey, number)
    document = building.restore(draft(survey), removed)
    save_document(session, survey, document, by=by, action="surveys.question-restore", id=removed.question.id)
    return removed
