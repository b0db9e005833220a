"""Published versions of a survey: what changed from one to the next, who answered which, and going back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import publishing
from survey.document import Document, parse
from survey.errors import NotFound, Refusal
from survey.models import AuditRow, Response, Survey, Version
from survey.questions import OneChoice, Question
from survey.services import surveys
from survey.services.response_counts import FEWEST

RESTORED = "surveys.version-restore"


@dataclass(frozen=True)
class Told:
    """A version, what changed against the one before, and how many responses belong to it, in words."""

    version: Version
    changes: list[str]
    responses: str
    is_latest: bool


def history(session: Session, survey: Survey) -> list[Told]:
    """The versions of a survey, newest first."""
    versions = list(survey.versions)
    documents = [parse(version.document) for version in versions]
    told = counts_in_words(_counts(session, survey), survey.mode == "anonymous")
    found = [
        Told(
            version,
            publishing.changes(documents[at - 1], documents[at]) if at else [],
            told[version.number],
            version is versions[-1],
        )
        for at, version in enumerate(versions)
    ]
    return found[::-1]


def _counts(session: Session, survey: Survey) -> dict[int, int]:
    """How many responses each version has, by its number."""
    query = (
        select(Response.version_id, func.count())
        .where(Response.survey_id == survey.id, Response.apart.is_(None))
        .group_by(Response.version_id)
    )
    counted: dict[int, int] = dict(session.execute(query).all())
    return {version.number: counted.get(version.id, 0) for version in survey.versions}


def counts_in_words(counts: Mapping[int, int], anonymous: bool) -> dict[int, str]:
    """How many responses each version has, so that nobody of an anonymous survey can be picked out.

    All responses of a survey together are shown elsewhere. So when what is hidden adds up to fewer than
    `FEWEST`, taking the shown ones off the total would tell it: one more version is then hidden.
    """
    if not anonymous:
        return {number: _responses(count) for number, count in counts.items()}
    few = {number for number, count in counts.items() if count < FEWEST}
    hidden = set(few)
    for number in sorted(counts.keys() - few, key=lambda number: counts[number]):
        if not hidden or sum(counts[one] for one in hidden) >= FEWEST:
            break
        hidden.add(number)
    words = {True: _("fewer than %(fewest)s responses", fewest=FEWEST)}
    words[False] = _("%(fewest)s responses or more", fewest=FEWEST)
    return {
        number: str(words[number in few]) if number in hidden else _responses(count)
        for number, count in counts.items()
    }


def _responses(count: int) -> str:
    return str(ngettext("%(num)s response", "%(num)s responses", count))


def of_number(survey: Survey, number: int) -> Version:
    """A version of a survey; raise `NotFound` when there is none of that number."""
    for version in survey.versions:
        if version.number == number:
            return version
    raise NotFound


def as_draft(document: Document) -> Document:
    """A published document as the draft it was made of: without ties to the study."""
    freed = (
        replace(page, questions=tuple(map(_without_audiences, page.questions))) for page in document.pages
    )
    return publishing.freeze(replace(document, pages=tuple(freed)), publishing.NO_TIES)


def _without_audiences(question: Question) -> Question:
    """Choices that publishing made of the study's audiences are left out: it makes them again."""
    if not isinstance(question, OneChoice) or not question.audiences:
        return question
    made = all(choice.id == f"a{choice.audience_id}" for choice in question.choices)
    return replace(question, choices=()) if made else question


def restore(session: Session, survey: Survey, number: int, *, by: str, seen: int) -> int:
    """Make a version the draft again; returns the number of the audit row, for `undo`.

    The row keeps the draft that was there where no version has it.
    """
    document = as_draft(parse(of_number(survey, number).document))
    before = surveys.draft(survey)
    if before == document:
        raise Refusal(_("The questions are as in version %(number)s already.", number=number))
    known = any(as_draft(parse(version.document)) == before for version in survey.versions)
    kept = {} if known else {"before": before.to_dict()}
    row = surveys.save_document(
        session, survey, document, by=by, seen=seen, action=RESTORED, version=number, **kept
    )
    return row.number


def replaced(session: Session, survey: Survey, number: int) -> AuditRow:
    """The audit row of a restoring that replaced unpublished changes; raise `NotFound` for anything else."""
    row = session.get(AuditRow, number) if 0 < number < 2**31 else None
    if row is None or row.action != RESTORED or row.object != survey.slug or "before" not in row.details:
        raise NotFound
    return row


def undo(session: Session, survey: Survey, number: int, *, by: str, seen: int) -> None:
    """Bring the draft back that a restoring replaced."""
    row = replaced(session, survey, number)
    surveys.save_document(
        session, survey, row.details["before"], by=by, seen=seen, action="surveys.version-undo", of=number
    )
