"""Drafts: what was typed so far, kept on the server and found by a random cookie.

The token of the cookie is stored nowhere as it is (`returning` says what a code to come back adds). The draft
and the response that comes of it are named by two keyed hashes of it, so the database alone cannot tell which
draft became which response.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import Refusal
from survey.models import Draft
from survey.questions.settings import UNSTORABLE
from survey.services.live import LiveSurvey

DRAFT = cast(Table, Draft.__table__)
# An INSERT that knows ON CONFLICT, which both databases have and the portable statement lacks.
INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
MOST_CHARACTERS = 1_000_000
SWEEP_SECONDS = 60
_next_sweep = 0.0

Typed = dict[str, list[str]]

# Statements are built once: building one costs more than running it.
IS_CURRENT = (
    DRAFT.c.id == bindparam("draft"),
    DRAFT.c.survey_id == bindparam("survey"),
    DRAFT.c.expires_at > bindparam("moment"),
)
FIND = select(DRAFT.c.typed).where(*IS_CURRENT)
LOCK = FIND.with_for_update()
TAKE = delete(DRAFT).where(*IS_CURRENT).returning(DRAFT.c.typed)


@dataclass(frozen=True)
class Keys:
    """The names of a draft and of its response, both derived from one token that only the browser keeps."""

    draft: str
    response: str

    @classmethod
    def of(cls, secret: str, survey_id: int, token: str) -> Keys:
        """The keys for a token within a survey."""
        return cls(
            _hash(secret, f"draft:{survey_id}:{token}"), _hash(secret, f"response:{survey_id}:{token}")
        )


def _hash(secret: str, text: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()[:32]


def new_token() -> str:
    """A token nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


def find(session: Session, survey: LiveSurvey, keys: Keys, *, lock: bool = False) -> Typed | None:
    """What was typed, or None when there is no draft or its time is over."""
    typed: Typed | None = session.scalar(LOCK if lock else FIND, current(survey, keys))
    return typed


def take(session: Session, survey: LiveSurvey, keys: Keys) -> Typed | None:
    """What was typed; the draft is gone when the transaction commits. Of two at once, one gets it."""
    typed: Typed | None = session.scalar(TAKE, current(survey, keys))
    return typed


def current(survey: LiveSurvey, keys: Keys) -> dict[str, Any]:
    """What `IS_CURRENT` needs to know."""
    return {"draft": keys.draft, "survey": survey.id, "moment": now()}


def save(session: Session, survey: LiveSurvey, keys: Keys, typed: Typed, hours: int) -> None:
    """Keep what was typed as the whole draft, for so many hours from now."""
    _check(typed)
    row = {
        "id": keys.draft,
        "survey_id": survey.id,
        "version_id": survey.version_id,
        "typed": typed,
        "expires_at": round_up(now() + timedelta(hours=hours)),
    }
    session.execute(_save(dialect_of(session)), row)


@cache
def _save(dialect: str) -> Any:
    statement = INSERTS[dialect](DRAFT)
    new = {name: statement.excluded[name] for name in ("survey_id", "version_id", "typed", "expires_at")}
    return statement.on_conflict_do_update(index_elements=["id"], set_=new)


def add(session: Session, survey: LiveSurvey, keys: Keys, typed: Typed, hours: int) -> Typed:
    """Keep what was typed on one page beside what was typed on others; returns all of it."""
    whole = (find(session, survey, keys, lock=True) or {}) | typed
    save(session, survey, keys, whole, hours)
    return whole


def drop(session: Session, keys: Keys) -> None:
    """Delete a draft."""
    session.execute(delete(DRAFT).where(DRAFT.c.id == keys.draft))


def drop_expired(session: Session) -> None:
    """Delete all drafts whose time is over."""
    session.execute(delete(DRAFT).where(DRAFT.c.expires_at <= now()))


def sweep(session: Session) -> None:
    """`drop_expired`, at most once a minute in a process: for a call in passing."""
    global _next_sweep
    if time.monotonic() >= _next_sweep:
        _next_sweep = time.monotonic() + SWEEP_SECONDS
        drop_expired(session)


def round_up(moment: datetime) -> datetime:
    """The next full hour, so that a draft does not tell the minute somebody came."""
    full = moment.replace(minute=0, second=0, microsecond=0)
    return full if full == moment else full + timedelta(hours=1)


def dialect_of(session: Session) -> str:
    """Which of `INSERTS` a session needs."""
    return session.get_bind().dialect.name


def _check(typed: Mapping[str, list[str]]) -> None:
    texts = [text for values in typed.values() for text in values]
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise Refusal(_("That is more text than a survey can take. Make your answers shorter."))
    # A NUL is kept until the question refuses it; half a surrogate pair cannot even be written down.
    if any(UNSTORABLE.search(text.replace("\0", "")) for text in texts):
        raise Refusal(_("There is a character in your text that cannot be stored. Type the text again."))
