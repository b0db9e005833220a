"""Studies: making them and finding those a person works on."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import Membership, Person, Study
from survey.services import audit

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slugify(title: str) -> str:
    """A URL word from a title: "IT Plan 2026!" -> "it-plan-2026"; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_text))[:60].strip("-")


def add(session: Session, slug: str, title: str, *, by: str, description: str = "", demo: bool = False) -> Study:
    """Make a study; raise `Refusal` when its short name is taken or not usable in a URL."""
    if not SLUG.fullmatch(slug) or len(slug) > 80:
        raise Refusal(f"“{slug}” cannot be used in an address. Use small letters, digits and single hyphens.")
    if not title.strip():
        raise Refusal("A study needs a title.")
    if session.scalar(select(Study.id).where(Study.slug == slug)):
        raise Refusal(f"There is a study “{slug}” already. Choose another short name.")
    study = Study(slug=slug, title=title.strip()[:200], description=description, demo=demo, made_at=now())
    session.add(study)
    session.flush()
    audit.record(session, by, "studies.add", slug, title=study.title)
    return study


def visible_to(session: Session, person: Person) -> list[Study]:
    """The studies a person works on, newest first."""
    query = select(Study).order_by(Study.made_at.desc(), Study.id.desc())
    if not person.all_studies:
        query = query.join(Membership, Membership.study_id == Study.id).where(Membership.person_id == person.id)
    return list(session.scalars(query))


def for_person(session: Session, person: Person, slug: str, *, lock: bool = False) -> Study:
    """A study this person works on; raise `NotFound` otherwise.

    `lock` holds the study's row until the transaction ends, so that decisions of two people follow one
    another on PostgreSQL too (SQLite's transactions hold the write lock already).
    """
    query = select(Study).where(Study.slug == slug)
    study = session.scalar(query.with_for_update() if lock else query)
    if study is None or not (person.all_studies or _is_member(session, person, study)):
        raise NotFound
    return study


def _is_member(session: Session, person: Person, study: Study) -> bool:
    return session.get(Membership, (person.id, study.id)) is not None


def by_slug(session: Session, slug: str) -> Study:
    """The study of that short name, for the command line; raise `Refusal` naming it when there is none."""
    study = session.scalar(select(Study).where(Study.slug == slug))
    if study is None:
        raise Refusal(f"There is no study “{slug}”.")
    return study
