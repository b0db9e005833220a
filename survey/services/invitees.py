"""People who are invited to a survey: finding, adding, changing and removing them, and the code of each.

A code is computed from the key and the person's random id whenever it is needed, and stored nowhere. Whether
somebody has answered is kept only where answers bear names; of an anonymous survey nobody can know.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Table, func, insert, or_, select
from sqlalchemy.orm import Session

from survey import spoken_codes
from survey.errors import NotFound, Refusal, Stale
from survey.formats.people_in import LONGEST, PersonDetails, is_email
from survey.languages import canonical
from survey.models import Invitee, Survey
from survey.questions.settings import UNSTORABLE
from survey.services import audit, ballots
from survey.services.ballots import NewBallot, keyed_hash

INVITEE = cast(Table, Invitee.__table__)
# The person with a code is found by computing everybody's, so a list has an end.
MOST_PEOPLE = 50_000
PAGE = 50
DETAILS = ("name", "email", "address", "unit", "language")
STANDING = ("state", "mailings", "last_day", "note", "answered")
ORDER = (Invitee.unit, Invitee.name, Invitee.email, Invitee.id)


@dataclass(frozen=True)
class Listed:
    """A page of the list."""

    people: list[Invitee]
    found: int
    number: int
    of: int


def code_of(secret: str, survey: Survey, invitee: Invitee) -> str:
    """The code of a person as it is shown, in groups."""
    return spoken_codes.grouped(code_of_id(secret, survey.id, invitee.id))


def code_of_id(secret: str, survey_id: int, invitee_id: str) -> str:
    """The same in one piece."""
    return spoken_codes.spell(_digest(secret, survey_id, invitee_id))


def _digest(secret: str, survey_id: int, invitee_id: str) -> bytes:
    return keyed_hash(secret, f"invitation:{survey_id}:{invitee_id}")


def with_code(session: Session, secret: str, survey_id: int, code: str) -> tuple[str, bool] | None:
    """Who has this code, and whether they have answered; everybody's is computed, as none is stored."""
    number = spoken_codes.number(code)
    query = select(INVITEE.c.id, INVITEE.c.answered).where(INVITEE.c.survey_id == survey_id)
    for id, answered in session.execute(query):
        if int.from_bytes(_digest(secret, survey_id, id)) % spoken_codes.SPACE == number:
            return id, answered
    return None


def link_of(secret: str, survey: Survey, invitee: Invitee, root: str = "") -> str:
    """Where this person answers; `root` is the address of the site, such as https://survey.city.example."""
    code = code_of_id(secret, survey.id, invitee.id) if survey.access == "code" else ""
    return link_with(survey, code, root)


def link_with(survey: Survey, code: str, root: str = "") -> str:
    """The address that brings a code along.

    The code stands behind a number sign: browsers keep that part to themselves, so it reaches no log of ours
    or of anybody between, and no page that is visited next. A program that looks at links in mail cannot use
    it up: it opens a page with a form, and only sending the form does anything.
    """
    start = f"{root.rstrip('/')}/answer/{survey.slug}"
    return f"{start}/code#{code}" if code else start


def everyone(session: Session, survey: Survey) -> list[Invitee]:
    """All who are invited, in the order in which they are shown."""
    return list(session.scalars(select(Invitee).where(Invitee.survey_id == survey.id).order_by(*ORDER)))


def total(session: Session, survey: Survey) -> int:
    """How many are invited."""
    return session.scalar(select(func.count()).where(Invitee.survey_id == survey.id)) or 0


def page(session: Session, survey: Survey, words: str, unit: str | None, number: int) -> Listed:
    """One page of those in whose name, e-mail, address or unit all the words are; of one unit if named."""
    wanted: list[ColumnElement[bool]] = [Invitee.survey_id == survey.id]
    columns = (Invitee.name, Invitee.email, Invitee.address, Invitee.unit)
    for word in words.split()[:10]:
        wanted += [or_(*(column.icontains(word, autoescape=True) for column in columns))]
    if unit is not None:
        wanted.append(Invitee.unit == unit)
    found = session.scalar(select(func.count()).where(*wanted)) or 0
    pages = max(1, -(-found // PAGE))
    number = min(max(1, number), pages)
    query = select(Invitee).where(*wanted).order_by(*ORDER).limit(PAGE).offset((number - 1) * PAGE)
    return Listed(list(session.scalars(query)), found, number, pages)


def units(session: Session, survey: Survey) -> dict[str, int]:
    """How many are invited, by unit."""
    query = select(Invitee.unit, func.count()).where(Invitee.survey_id == survey.id)
    return dict(session.execute(query.group_by(Invitee.unit).order_by(Invitee.unit)).all())


def find(session: Session, survey: Survey, invitee_id: str) -> Invitee:
    """One person of this survey; raise `NotFound` for another survey's."""
    query = select(Invitee).where(Invitee.id == invitee_id, Invitee.survey_id == survey.id)
    person = session.scalar(query) if invitee_id.isalnum() else None
    if person is None:
        raise NotFound
    return person


def details_of(person: Invitee) -> PersonDetails:
    """What the list says about somebody."""
    return PersonDetails(**{name: getattr(person, name) for name in DETAILS})


def marks(session: Session, survey: Survey, *, but: str = "") -> set[str]:
    """By what the people on the list are found again, without one of them."""
    rows = session.execute(
        select(*(INVITEE.c[name] for name in DETAILS)).where(
            INVITEE.c.survey_id == survey.id, INVITEE.c.id != but
        )
    )
    return {mark for row in rows for mark in PersonDetails(*row).marks()}


def fingerprint(person: Invitee) -> str:
    """What a page remembers of the person it shows, to notice that somebody else changed it."""
    plain = json.dumps(asdict(details_of(person)), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def add(session: Session, secret: str, survey: Survey, details: PersonDetails, *, by: str) -> Invitee:
    """Put one person on the list; raise `Refusal` when the list cannot take them."""
    ballots.hold(session, survey)
    _check(details, marks(session, survey))
    (new,) = _insert(session, secret, survey, [details])
    audit.record(session, by, "invitees.add", survey.slug)
    return session.get_one(Invitee, new)


def take(
    session: Session, secret: str, survey: Survey, people: Sequence[PersonDetails], *, by: str, left_out: int
) -> None:
    """Put the people of a file on the list, all or none."""
    if not people:
        raise Refusal(_("There is nobody in the file who could be put on the list."))
    ballots.hold(session, survey)
    _insert(session, secret, survey, people)
    audit.record(session, by, "invitees.import", survey.slug, taken=len(people), left_out=left_out)


def _insert(session: Session, secret: str, survey: Survey, people: Sequence[PersonDetails]) -> list[str]:
    """Add rows, and the ballots that go with them; returns the ids."""
    _check_open(survey)
    if total(session, survey) + len(people) > MOST_PEOPLE:
        raise Refusal(
            _("A survey can invite at most %(most)s people. Make a second survey.", most=MOST_PEOPLE)
        )
    ids = [secrets.token_hex(16) for _person in people]
    rows = zip(ids, people, strict=True)
    values = [{"id": id, "survey_id": survey.id, **_columns(person)} for id, person in rows]
    session.execute(insert(INVITEE), values)
    _give_ballots(session, secret, survey, zip(ids, (person.unit for person in people), strict=True))
    return ids


def _columns(person: PersonDetails) -> dict[str, str]:
    """Quicker than `asdict`, which a list of 50,000 notices."""
    return {name: getattr(person, name) for name in DETAILS}


def _check_open(survey: Survey) -> None:
    if survey.sealed or survey.state == "closed":
        raise Refusal(_("The survey is closed, so nobody new could answer."))


def give_first_ballots(session: Session, secret: str, survey: Survey) -> None:
    """Make the ballots of everybody on the list, when an anonymous survey is published for the first time."""
    if not ballots.are_used_by(survey):
        return
    query = select(INVITEE.c.id, INVITEE.c.unit).where(INVITEE.c.survey_id == survey.id)
    _give_ballots(session, secret, survey, session.execute(query))


def _give_ballots(session: Session, secret: str, survey: Survey, people: Iterable[tuple[str, str]]) -> None:
    if not ballots.are_used_by(survey):
        return
    new = [NewBallot(code_of_id(secret, survey.id, id), unit) for id, unit in people]
    if new and not secret:
        raise Refusal(_("Codes are made with the secret key of the site. Set SURVEY_SECRET_KEY."))
    if new:
        ballots.add(session, secret, survey, new)


def update(
    session: Session, survey: Survey, person: Invitee, details: PersonDetails, *, by: str, seen: str
) -> None:
    """Change what the list says; raise `Stale` when `seen` is not the person's fingerprint.

    The ballot of an anonymous survey keeps its unit: changing that would show whether it was used. A new
    e-mail address may be right where the old one was not.
    """
    if seen != fingerprint(person):
        raise Stale(_("Somebody else changed this person since you opened the page."))
    _check(details, marks(session, survey, but=person.id))
    if details.email != person.email and person.state == "bounced":
        person.state, person.note = "listed", ""
    for name in DETAILS:
        setattr(person, name, getattr(details, name))
    session.flush()
    audit.record(session, by, "invitees.change", survey.slug)


def remove(session: Session, survey: Survey, person: Invitee, *, by: str) -> dict[str, Any]:
    """Take a person off the list; returns what `restore` needs, which is kept in no table.

    The code of an anonymous survey stays good: taking its ballot away would show whether it was used.
    """
    kept: dict[str, Any] = {name: getattr(person, name) for name in ("id", *DETAILS, *STANDING)}
    kept |= {"last_day": str(person.last_day or ""), "survey": survey.id}
    kept["ballot"] = ballots.are_used_by(survey)
    session.delete(person)
    session.flush()
    audit.record(session, by, "invitees.remove", survey.slug)
    return kept


def restore(session: Session, secret: str, survey: Survey, kept: Mapping[str, Any], *, by: str) -> Invitee:
    """Put a person back as they were, with the same code."""
    if kept["survey"] != survey.id:
        raise NotFound
    ballots.hold(session, survey)
    if session.get(Invitee, kept["id"]) is not None:
        raise Refusal(_("This person is on the list again."))
    _check(PersonDetails(**{name: kept[name] for name in DETAILS}), marks(session, survey))
    person = Invitee(survey_id=survey.id, **{name: kept[name] for name in ("id", *DETAILS, *STANDING)})
    person.last_day = date.fromisoformat(kept["last_day"]) if kept["last_day"] else None
    session.add(person)
    session.flush()
    if not kept["ballot"]:
        _give_ballots(session, secret, survey, [(person.id, person.unit)])
    audit.record(session, by, "invitees.restore", survey.slug)
    return person


def _check(details: PersonDetails, known: set[str]) -> None:
    """Raise `Refusal` for somebody who cannot be invited, or is on the list already."""
    if not (details.name or details.email or details.address):
        raise Refusal(_("Type a name, an e-mail or an address."))
    if details.email and not is_email(details.email):
        raise Refusal(_("Type the e-mail address in full, such as name@city.example."))
    if any(len(getattr(details, name)) > most for name, most in LONGEST.items()):
        raise Refusal(_("One of these texts is too long. Make it shorter."))
    if details.language and canonical(details.language) != details.language:
        raise Refusal(_("Type the language as a tag, such as en or es, or leave it empty."))
    if UNSTORABLE.search("".join(getattr(details, name) for name in DETAILS)):
        raise Refusal(_("There is a character in the text that cannot be stored. Type it again."))
    if not known.isdisjoint(details.marks()):
        raise Refusal(_("This person is on the list already: same e-mail, or same name and address."))
