"""Personal tokens of the API: making, listing and revoking them, and finding whose one is."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import ApiToken, Person, Study
from survey.models.token import SCOPES
from survey.questions.settings import UNSTORABLE
from survey.services import audit
from survey.services.people import hash_token

# So that a token that was put somewhere by mistake is found by programs that look for such.
MARK = "tl_"
PREFIX_LENGTH = 8
NAME_LENGTH = 100
DEFAULT_DAYS = 90
MOST_DAYS = 366
MOST_TOKENS = 20


@dataclass(frozen=True)
class Wanted:
    """What a new token is to be: its name, what it may do, in which study (None: all), for how many days."""

    name: str
    scopes: Sequence[str]
    study: Study | None = None
    days: int = DEFAULT_DAYS


@dataclass(frozen=True)
class Made:
    """A new token with its secret, which is stored nowhere."""

    token: ApiToken
    secret: str


def make(session: Session, person: Person, wanted: Wanted, today: date) -> Made:
    """Make a token; raise `Refusal` when something about it is not right."""
    name = " ".join(wanted.name.split())
    _check(name, wanted)
    if _count_usable(session, person, today) >= MOST_TOKENS:
        raise Refusal(_("You have %(most)s tokens. Revoke one that you do not use.", most=MOST_TOKENS))
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=person.id,
        study_id=wanted.study.id if wanted.study else None,
        name=name,
        token_hash=hash_token(secret),
        prefix=secret[:PREFIX_LENGTH],
        scopes=[scope for scope in SCOPES if scope in wanted.scopes],
        made_at=now(),
        expires_on=today + timedelta(days=wanted.days),
    )
    session.add(token)
    session.flush()
    told = {"scopes": token.scopes, "expires_on": token.expires_on.isoformat()}
    told["study"] = wanted.study.slug if wanted.study else "all"
    audit.record(session, person.email, "tokens.make", token.prefix, **told)
    return Made(token, secret)


def _check(name: str, wanted: Wanted) -> None:
    if not name:
        raise Refusal(_("Give the token a name that says what uses it."))
    if len(name) > NAME_LENGTH:
        raise Refusal(_("The name is too long. Use at most %(most)s characters.", most=NAME_LENGTH))
    if UNSTORABLE.search(name):
        raise Refusal(_("There is a character in the text that cannot be stored. Type it again."))
    if not wanted.scopes or not set(wanted.scopes) <= set(SCOPES):
        raise Refusal(_("Choose at least one thing that the token may do."))
    if not 1 <= wanted.days <= MOST_DAYS:
        raise Refusal(_("A token works for 1 to %(most)s days.", most=MOST_DAYS))


def _count_usable(session: Session, person: Person, today: date) -> int:
    query = select(func.count()).select_from(ApiToken).where(ApiToken.person_id == person.id)
    return session.scalar(query.where(ApiToken.revoked_at.is_(None), ApiToken.expires_on >= today)) or 0


def of_person(session: Session, person: Person) -> list[ApiToken]:
    """The tokens of a person that were not revoked, newest first."""
    query = select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    return list(session.scalars(query.order_by(ApiToken.id.desc())))


def revoke(session: Session, person: Person, token_id: int) -> ApiToken:
    """End a token of this person at once; `NotFound` for the tokens of others and for one that has ended."""
    token = session.get(ApiToken, token_id)
    if token is None or token.person_id != person.id or token.revoked_at is not None:
        raise NotFound
    token.revoked_at = now()
    audit.record(session, person.email, "tokens.revoke", token.prefix)
    return token


def find(session: Session, secret: str, today: date) -> ApiToken | None:
    """The token with this secret while it works: not revoked, not expired, of an active person.

    What is looked up is a hash, so the time that takes tells nothing about the secrets that exist.
    """
    token = session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(secret)))
    if token is None or token.revoked_at is not None or token.expires_on < today or not token.person.active:
        return None
    return token
