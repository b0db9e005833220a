"""Staff accounts: making them, signing in, what they may see."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import Membership, Person, SignIn, Study
from survey.models.people import ROLES
from survey.services import audit

PASSWORD_LENGTH = 12
MOST_PASSWORD = 200
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
# Checked when the e-mail is unknown, so that both answers take the same time.
NOBODY = HASHER.hash(secrets.token_urlsafe(16))


def add(
    session: Session, email: str, roles: Iterable[str], password: str, *, name: str = "", by: str
) -> Person:
    """Make an account; raise `Refusal` when the e-mail is taken or something is not right."""
    email = email.strip().lower()
    roles = sorted(set(roles))
    _check(email, roles, password)
    if session.scalar(select(Person).where(Person.email == email)):
        raise Refusal(_("%(email)s has an account already.", email=email))
    person = Person(
        email=email, name=name or email.split("@")[0], roles=roles, password_hash=HASHER.hash(password)
    )
    session.add(person)
    session.flush()
    audit.record(session, by, "people.add", email, roles=roles)
    return person


def _check(email: str, roles: list[str], password: str) -> None:
    if not re.fullmatch(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}", email):
        raise Refusal(
            _("“%(email)s” is not an e-mail address. It needs the form name@office.example.", email=email)
        )
    _check_roles(roles)
    check_password(password)


def _check_roles(roles: list[str]) -> None:
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Refusal(_("Choose at least one role out of: %(roles)s.", roles=", ".join(ROLES)))


def check_password(password: str) -> None:
    """Raise `Refusal` for a password that is too short or too long to be hashed safely."""
    if not PASSWORD_LENGTH <= len(password) <= MOST_PASSWORD:
        raise Refusal(
            _(
                "A password needs %(least)s to %(most)s characters. Three or four words do well.",
                least=PASSWORD_LENGTH,
                most=MOST_PASSWORD,
            )
        )


def give_studies(session: Session, person: Person, slugs: Iterable[str]) -> None:
    """Make a person a member of these studies; of all, now and later, when none is named.

    An account that only sees the page of its office works on no study, unless one is named.
    """
    wanted = list(slugs)
    person.all_studies = not wanted and person.roles != ["office"]
    for slug in wanted:
        study = session.scalar(select(Study).where(Study.slug == slug))
        if study is None:
            raise Refusal(_("There is no study “%(slug)s”.", slug=slug))
        session.merge(Membership(person_id=person.id, study_id=study.id))


def authenticate(session: Session, email: str, password: str) -> Person | None:
    """The active person with this e-mail and password, or None; takes as long for unknown e-mails."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    try:
        HASHER.verify(person.password_hash if person else NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return person if person and person.active else None


def set_password(session: Session, person: Person, old: str, new: str) -> None:
    """Change one's own password and sign out all browsers."""
    if authenticate(session, person.email, old) is None:
        raise Refusal(_("The old password is not right."))
    check_password(new)
    person.password_hash = HASHER.hash(new)
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    audit.record(session, person.email, "people.password", person.email)


def update(session: Session, person_id: int, roles: Iterable[str], active: bool, *, by: Person) -> Person:
    """Change roles or switch an account on or off; nobody can do it to themselves."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    if person.id == by.id:
        raise Refusal(_("You cannot change your own account. Ask another administrator."))
    wanted = sorted(set(roles))
    _check_roles(wanted)
    person.roles, person.active = wanted, active
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    audit.record(session, by.email, "people.update", person.email, roles=wanted, active=active)
    return person


def everyone(session: Session) -> list[Person]:
    """All accounts, by e-mail."""
    return list(session.scalars(select(Person).order_by(Person.email)))


def start_sign_in(session: Session, person: Person, hours: int) -> str:
    """Start a signed-in browser; returns its token, which is stored nowhere. Old rows are cleared away."""
    session.execute(delete(SignIn).where(SignIn.started_at < now() - timedelta(hours=hours)))
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hash_token(token), person_id=person.id, started_at=now()))
    audit.record(session, person.email, "sign-in", person.email)
    return token


def signed_in(session: Session, token: str, hours: int) -> Person | None:
    """Whose browser this is, while the sign-in lasts and the account is active."""
    row = session.get(SignIn, hash_token(token))
    if row is None or row.started_at < now() - timedelta(hours=hours) or not row.person.active:
        return None
    return row.person


def end_sign_in(session: Session, token: str, by: str) -> None:
    """Sign one browser out."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(token)))
    audit.record(session, by, "sign-out", by)


def hash_token(token: str) -> str:
    """SHA-256 is enough for a token of 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
