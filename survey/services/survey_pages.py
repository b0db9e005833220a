"""Pages of a survey's draft: taken away and put back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey import building
from survey.building import RemovedPage
from survey.errors import NotFound
from survey.models import AuditRow, Survey
from survey.services import surveys

REMOVED = "surveys.page-remove"


def remove(
    session: Session, survey: Survey, page_id: str, *, with_questions: bool, by: str, seen: int
) -> int:
    """Take a page away; returns the number of the audit row that keeps it, for `restore`."""
    document, gone = building.remove_page(surveys.draft(survey), page_id, with_questions=with_questions)
    row = surveys.save_document(
        session, survey, document, by=by, seen=seen, action=REMOVED, id=page_id, **gone.to_dict()
    )
    return row.number


def removed(session: Session, survey: Survey, number: int) -> RemovedPage:
    """The page that an audit row keeps; raise `NotFound` when that row is about something else."""
    row = session.get(AuditRow, number) if 0 < number < 2**31 else None
    if row is None or row.action != REMOVED or row.object != survey.slug or "page" not in row.details:
        raise NotFound
    return RemovedPage.from_dict(row.details)


def restore(session: Session, survey: Survey, number: int, *, by: str) -> RemovedPage:
    """Put a page back where it stood."""
    gone = removed(session, survey, number)
    document = building.restore_page(surveys.draft(survey), gone)
    surveys.save_document(session, survey, document, by=by, action="surveys.page-restore", id=gone.page.id)
    return gone
