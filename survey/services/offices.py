"""Offices that answer for themes: naming them, and who sees the page of each."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey.board import Board, BoardTheme
from survey.board.kinds.base import one_line
from survey.errors import NotFound, Refusal
from survey.models import Office, OfficePerson, Person, Study
from survey.permissions import PERMISSIONS, STUDY_STAFF
from survey.services import audit, studies
from survey.services.studies import is_slug, suggest_slug

NAME_LENGTH = 200
MOST_OFFICES = 100
SEE = PERMISSIONS["see own office"].roles


def of_study(session: Session, study: Study) -> list[Office]:
    """The offices of a study by name, each with its people."""
    query = select(Office).where(Office.study_id == study.id)
    with_people = selectinload(Office.people).joinedload(OfficePerson.person)
    return sorted(session.scalars(query.options(with_people)), key=lambda office: office.name.casefold())


def get(session: Session, study: Study, slug: str) -> Office:
    """An office of a study; raise `NotFound` when there is none of that short name."""
    # What cannot be a short name is not asked for: PostgreSQL fails over a NUL.
    wanted = select(Office).where(Office.study_id == study.id, Office.slug == slug)
    office = session.scalar(wanted) if is_slug(slug) else None
    if office is None:
        raise NotFound
    return office


def with_id(session: Session, study: Study, office_id: int | None) -> Office | None:
    """An office of a study by its id, None for none; raise `NotFound` for one of another study."""
    if office_id is None:
        return None
    found = next((office for office in of_study(session, study) if office.id == office_id), None)
    if found is None:
        raise NotFound
    return found


def add(session: Session, study: Study, name: str, *, by: str) -> Office:
    """Name an office; the study's row must be locked."""
    there = of_study(session, study)
    name = _checked(name, there)
    if len(there) >= MOST_OFFICES:
        raise Refusal(_("A study can have at most %(most)s offices.", most=MOST_OFFICES))
    taken = {office.slug for office in there}
    office = Office(study_id=study.id, slug=suggest_slug(name, taken.__contains__), name=name)
    session.add(office)
    session.flush()
    audit.record(session, by, "offices.add", study.slug, office=office.slug, name=name)
    return office


def _checked(name: str, others: Sequence[Office]) -> str:
    name = one_line(name)
    if not name:
        raise Refusal(_("Type the name of the office."))
    if len(name) > NAME_LENGTH:
        raise Refusal(
            _(
                "The name has %(length)s characters. Use %(most)s or fewer.",
                length=len(name),
                most=NAME_LENGTH,
            )
        )
    if any(other.name.casefold() == name.casefold() for other in others):
        raise Refusal(_("There is an office “%(name)s” already. Choose another name.", name=name))
    return name


def rename(session: Session, study: Study, office: Office, name: str, *, by: str) -> None:
    """Give an office another name; its address stays. The study's row must be locked."""
    before = office.name
    office.name = _checked(name, [other for other in of_study(session, study) if other is not office])
    session.flush()
    audit.record(
        session, by, "offices.rename", study.slug, office=office.slug, before=before, name=office.name
    )


def remove(session: Session, study: Study, office: Office, board: Board | None, *, by: str) -> None:
    """Take an office off the list; raise `Refusal` while it answers for a theme."""
    theme = next(iter(themes_of(office, board)), None)
    if theme is not None:
        raise Refusal(
            _(
                "“%(office)s” answers for “%(theme)s”. Give that theme to another office first.",
                office=office.name,
                theme=theme.name,
            )
        )
    session.delete(office)
    session.flush()
    audit.record(session, by, "offices.remove", study.slug, office=office.slug, name=office.name)


def themes_of(office: Office, board: Board | None) -> list[BoardTheme]:
    """The themes that an office answers for, in the order of the board, rejected ones too."""
    return [theme for theme in board.themes if theme.office == office.id] if board else []


def shown_to(office: Office, board: Board | None) -> list[BoardTheme]:
    """The themes on the page of an office: a sub-theme stands under its theme where that is there too."""
    mine = [theme for theme in themes_of(office, board) if theme.is_open]
    there = {theme.id for theme in mine}
    return [theme for theme in mine if theme.parent not in there]


def add_person(session: Session, study: Study, office: Office, email: str, *, by: str) -> Person:
    """Let a person with an account see the page of an office."""
    email = one_line(email).lower()
    person = session.scalar(select(Person).where(Person.email == email)) if email else None
    if person is None or not person.active:
        raise Refusal(
            _(
                "Nobody with the e-mail “%(email)s” can sign in. Ask an administrator for an account with "
                "the role Office, then add it here.",
                email=email[:100],
            )
        )
    if SEE.isdisjoint(person.roles):
        raise Refusal(
            _("%(email)s lacks the role Office. Ask an administrator to give it.", email=person.email)
        )
    if session.get(OfficePerson, (office.id, person.id)):
        raise Refusal(_("%(email)s sees this page already.", email=person.email))
    office.people.append(OfficePerson(person=person))
    session.flush()
    audit.record(session, by, "offices.add-person", study.slug, office=office.slug, email=person.email)
    return person


def remove_person(session: Session, study: Study, office: Office, person_id: int, *, by: str) -> None:
    """Let a person not see the page of an office any more."""
    held = next((one for one in office.people if one.person_id == person_id), None)
    if held is None:
        raise NotFound
    email = held.person.email
    office.people.remove(held)
    session.flush()
    audit.record(session, by, "offices.remove-person", study.slug, office=office.slug, email=email)


def mine(session: Session, person: Person) -> list[tuple[Study, Office]]:
    """The offices that a person belongs to, with their studies, newest study first."""
    query = (
        select(Study, Office)
        .join(Office, Office.study_id == Study.id)
        .join(OfficePerson, OfficePerson.office_id == Office.id)
        .where(OfficePerson.person_id == person.id)
    )
    return [
        (study, office) for study, office in session.execute(query.order_by(Study.id.desc(), Office.name))
    ]


def for_person(session: Session, person: Person, slug: str, office_slug: str) -> tuple[Study, Office]:
    """An office that a person belongs to, or of a study that staff works on; raise `NotFound` otherwise.

    That somebody may see all studies counts for nothing without a role that works on studies.
    """
    for study, office in mine(session, person):
        if (study.slug, office.slug) == (slug, office_slug):
            return study, office
    if STUDY_STAFF.isdisjoint(person.roles):
        raise NotFound
    study = studies.for_person(session, person, slug)
    return study, get(session, study, office_slug)
