"""Coming back on another device, by a code that people can read out; and two devices at one draft.

The code is made from the token in the browser by a keyed hash, so it can be shown again and is stored
nowhere. The draft keeps two things in one column: a keyed hash of the code, by which it is found, and the
token, locked with a key made from code and secret. Who has the database learns neither. Both go with the
draft when it is sent, deleted or its time is over: from then on a code on a slip of paper opens nothing, and
joins nobody to a response, not even for who has database, secret and slip (but for backups made in between).

How hard it is to guess: there are 19 to the power of 11 codes (46.7 bits), and an address has ten wrong ones
in 15 minutes. With 1,000 codes of a survey open for all of 14 days, one address finds one of them with a
chance of 1 in 8 million, and 10,000 addresses together with a chance of 1 in 860.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey import spoken_codes
from survey.dates import now
from survey.services.drafts import DRAFT, IS_CURRENT, Keys, Typed, current, round_up
from survey.services.live import LiveSurvey

MOST_TRIES = 10
HASH_LENGTH = 32


def code_of(secret: str, survey: LiveSurvey, token: str) -> str:
    """The code of a draft: always the same one."""
    return spoken_codes.spell(_digest(secret, "code", survey, token))


def give_code(
    session: Session, survey: LiveSurvey, keys: Keys, token: str, secret: str, hours: int
) -> datetime | None:
    """Let the code of a draft find it from now on, and keep it for so many hours; None without a draft."""
    new = {
        "code": _lock(secret, survey, code_of(secret, survey, token), token),
        "expires_at": round_up(now() + timedelta(hours=hours)),
    }
    statement = update(DRAFT).where(*IS_CURRENT).values(new).returning(DRAFT.c.expires_at)
    until: datetime | None = session.scalar(statement, current(survey, keys))
    return until


def until(session: Session, survey: LiveSurvey, keys: Keys) -> tuple[datetime, bool] | None:
    """Until when a draft is kept, and whether a code finds it; None without a draft."""
    row = session.execute(select(DRAFT.c.expires_at, DRAFT.c.code).where(*IS_CURRENT), current(survey, keys))
    found = row.one_or_none()
    return (found.expires_at, found.code is not None) if found else None


def find_token(session: Session, survey: LiveSurvey, code: str, secret: str) -> str | None:
    """The token of the draft that a code belongs to, for the browser of another device."""
    query = select(DRAFT.c.code).where(
        DRAFT.c.survey_id == survey.id,
        DRAFT.c.expires_at > now(),
        DRAFT.c.code.startswith(_name(secret, survey, code)),
    )
    locked = session.scalar(query)
    return _unlock(secret, survey, code, locked) if locked else None


def seal_of(typed: Mapping[str, list[str]], fields: Iterable[str]) -> str:
    """A short name of what stands in some fields, for a page to bring back: it tells what the page showed."""
    stands = [[name, typed[name]] for name in sorted(fields) if any(typed.get(name, ()))]
    return hashlib.sha256(json.dumps(stands).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def collides(before: Typed, new: Typed, seen: str) -> bool:
    """Whether another device wrote in these fields since a page showed them, and wrote something else."""
    there = seal_of(before, new)
    return there not in (seen, seal_of(new, new), seal_of({}, ()))


def _lock(secret: str, survey: LiveSurvey, code: str, token: str) -> str:
    """What the draft keeps: the name of the code, and the token as nobody without the code can read it."""
    return _name(secret, survey, code) + urlsafe_b64encode(_turned(secret, survey, code, token)).decode()


def _unlock(secret: str, survey: LiveSurvey, code: str, locked: str) -> str:
    return urlsafe_b64encode(_turned(secret, survey, code, locked[HASH_LENGTH:])).decode()


def _turned(secret: str, survey: LiveSurvey, code: str, text: str) -> bytes:
    """24 bytes with a key that serves for this one token: locking and unlocking are the same."""
    key = _digest(secret, "lock", survey, code)
    return bytes(a ^ b for a, b in zip(urlsafe_b64decode(text), key, strict=False))


def _name(secret: str, survey: LiveSurvey, code: str) -> str:
    return _digest(secret, "name", survey, code).hex()[:HASH_LENGTH]


def _digest(secret: str, what: str, survey: LiveSurvey, text: str) -> bytes:
    return hmac.digest(secret.encode(), f"return {what}:{survey.id}:{text}".encode(), "sha256")
