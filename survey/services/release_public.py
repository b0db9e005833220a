"""What was released, for everybody: nothing before its time, nothing of studies that released nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal
from survey.formats.release import PublicRelease
from survey.models import Release, Study, Survey, Version
from survey.services import release_content
from survey.services.studies import is_slug

MOST_IN_FEED = 50


def _is_out(at: datetime) -> ColumnElement[bool]:
    """Released by that moment. One withdrawn before its time never was."""
    was_out = and_(Release.state == "withdrawn", Release.withdrawn_at >= Release.release_at)
    return and_(Release.release_at <= at, or_(Release.state == "approved", was_out))


def of_study(session: Session, slug: str, at: datetime) -> list[Release]:
    """The releases of a study that are out or were, the latest first; one query, whatever there is."""
    query = (
        select(Release)
        .join(Study, Study.id == Release.study_id)
        .where(Study.slug == (slug if is_slug(slug) else ""), _is_out(at))
        .order_by(Release.release_at.desc(), Release.number.desc())
    )
    return list(session.scalars(query))


def latest(there: list[Release]) -> Release | None:
    """The one to show: the latest that still stands, else the latest that was withdrawn."""
    return next((one for one in there if one.state == "approved"), there[0] if there else None)


def numbered(there: list[Release], number: int) -> Release:
    """The release of that number; raise `NotFound` for one that is not out."""
    found = next((one for one in there if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def newer(there: list[Release], release: Release) -> Release | None:
    """A later one that stands in place of this one."""
    found = latest(there)
    return found if found is not release and found is not None and found.state == "approved" else None


def has_survey(session: Session, slug: str) -> bool:
    """Whether people were ever asked in a study: then they may be told that nothing was released yet."""
    query = (
        select(Version.id)
        .join(Survey, Survey.id == Version.survey_id)
        .join(Study, Study.id == Survey.study_id)
        .where(Study.slug == (slug if is_slug(slug) else ""))
    )
    return session.scalar(query.order_by(Version.id).limit(1)) is not None


def all_latest(session: Session, at: datetime) -> list[tuple[Release, PublicRelease]]:
    """What stands of each study, the latest first; what was tampered with is left out."""
    query = select(Release).where(Release.state == "approved", _is_out(at))
    rows = session.scalars(query.order_by(Release.release_at.desc(), Release.id.desc()))
    by_study: dict[int, Release] = {}
    for release in rows:
        by_study.setdefault(release.study_id, release)
    return list(readable(by_study.values()))


def all_out(session: Session, at: datetime) -> list[Release]:
    """The releases of all studies that are out or were, the latest first, as many as a feed holds."""
    query = select(Release).where(_is_out(at)).order_by(Release.release_at.desc(), Release.id.desc())
    return list(session.scalars(query.limit(MOST_IN_FEED)))


def is_anything_out(session: Session, at: datetime) -> bool:
    """Whether the list of results has anything."""
    query = select(Release.id).where(Release.state == "approved", _is_out(at))
    return session.scalar(query.limit(1)) is not None


def readable(releases: Iterable[Release]) -> Iterator[tuple[Release, PublicRelease]]:
    """Each release that is whole, with its document."""
    for release in releases:
        try:
            yield release, release_content.read(release)
        except Refusal:
            continue
