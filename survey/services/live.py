"""Published surveys as respondents meet them: found by short name, parsed once per version, kept a moment."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.errors import NotFound
from survey.models import Study, Survey, Version

CACHE_SECONDS = 1.0
MOST_DOCUMENTS = 100

Status = Literal["open", "not_yet", "closed"]


@dataclass(frozen=True)
class LiveSurvey:
    """A published survey with its newest version. `demo` marks invented content."""

    id: int
    slug: str
    study_id: int
    version_id: int
    document: Document
    mode: str
    state: str
    opens_on: date | None
    closes_on: date | None
    audience_id: int | None
    demo: bool
    study_slug: str
    access: str = "once"
    draft_hours: int | None = None
    kiosk_minutes: int | None = None
    closing_number: int | None = None
    quotas: Sequence[Mapping[str, Any]] = ()
    ballot_round: int = 0


_found: dict[str, tuple[float, LiveSurvey]] = {}
# A version's document never changes. The moment it was published tells it from another database's.
_documents: dict[tuple[int, datetime], Document] = {}


def find(session: Session, slug: str) -> LiveSurvey:
    """The published survey of that name, at most a second old; raise `NotFound` when there is none."""
    until, survey = _found.get(slug, (0.0, None))
    if survey is None or until < time.monotonic():
        survey = _load(session, slug)
        _found[slug] = (time.monotonic() + CACHE_SECONDS, survey)
    return survey


def forget(slug: str) -> None:
    """See a survey afresh: for whoever changes it. Other processes follow within a second."""
    _found.pop(slug, None)


def forget_all() -> None:
    """See every survey afresh: for a process that changes to another database."""
    _found.clear()
    _documents.clear()


def status(survey: LiveSurvey, today: date) -> Status:
    """Whether it takes answers on that day of the office."""
    if survey.state != "open" or (survey.closes_on and survey.closes_on < today):
        return "closed"
    return "not_yet" if survey.opens_on and survey.opens_on > today else "open"


def _load(session: Session, slug: str) -> LiveSurvey:
    query = (
        select(
            Survey.id,
            Survey.study_id,
            Version.id,
            Version.published_at,
            Survey.mode,
            Survey.state,
            Survey.opens_on,
            Survey.closes_on,
            Survey.audience_id,
            Study.demo,
            Study.slug,
            Survey.access,
            Survey.draft_hours,
            Survey.kiosk_minutes,
            Survey.closing_number,
            Survey.quotas,
            Survey.ballot_round,
        )
        .join(Version, Version.survey_id == Survey.id)
        .join(Study, Study.id == Survey.study_id)
        .where(Survey.slug == slug, Survey.state != "draft")
        .order_by(Version.number.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    survey_id, study_id, version_id, published_at, *rest = row
    document = _document(session, version_id, published_at)
    return LiveSurvey(survey_id, slug, study_id, version_id, document, *rest)


def _document(session: Session, version_id: int, published_at: datetime) -> Document:
    key = (version_id, published_at)
    if key not in _documents:
        if len(_documents) >= MOST_DOCUMENTS:
            _documents.clear()
        _documents[key] = parse(session.scalar(select(Version.document).where(Version.id == version_id)))
    return _documents[key]
