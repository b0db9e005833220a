"""Taking what a participant says of draft themes: whole, once, and without anything that says who it was."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from flask_babel import gettext as _
from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.board.kinds.base import several_lines
from survey.errors import Refusal
from survey.models import MemberCheck, MemberCheckAnswer
from survey.services.member_marks import MARKS

ANSWER = cast(Table, MemberCheckAnswer.__table__)
INSERTS: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
MOST_MISSING = 5_000
CODE = re.compile(r"[A-Za-z0-9_-]{22}")
Outcome = Literal["stored", "again", "other"]


@dataclass(frozen=True)
class Said:
    """What somebody marked, by the number of each theme as text, and what is missing."""

    marks: Mapping[str, str]
    missing: str


def new_key() -> str:
    """The name of one answer before it is sent: 128 random bits."""
    return secrets.token_urlsafe(16)


def is_key(key: str) -> bool:
    """Whether this can be a code or a key: nothing else is asked of the database."""
    return CODE.fullmatch(key) is not None


def by_code(session: Session, code: str) -> MemberCheck | None:
    """The check with that address."""
    return session.scalar(select(MemberCheck).where(MemberCheck.code == code)) if is_key(code) else None


def read(check: MemberCheck, marked: Mapping[int, str], missing: str) -> Said:
    """What was sent, `marked` by place in the list; raise `Refusal` when it is nothing, or too long."""
    marks = {str(row["id"]): marked.get(place, "") for place, row in enumerate(check.themes)}
    said = Said({id: mark for id, mark in marks.items() if mark in MARKS}, several_lines(missing))
    if len(said.missing) > MOST_MISSING:
        raise Refusal(
            _(
                "Your text has %(length)s characters. Use %(most)s or fewer.",
                length=len(said.missing),
                most=MOST_MISSING,
            )
        )
    if not said.marks and not said.missing:
        raise Refusal(_("Mark at least one point, or write what is missing."))
    return said


def take(session: Session, check: MemberCheck, id: str, said: Said, day: date) -> Outcome:
    """Store an answer once. The same sent again is no harm; another one under its key is not taken."""
    row = {"id": id, "check_id": check.id, "marks": dict(said.marks), "missing": said.missing, "day": day}
    statement = INSERTS[session.get_bind().dialect.name](ANSWER).values(row).on_conflict_do_nothing()
    if session.execute(statement.returning(ANSWER.c.id)).first():
        return "stored"
    there = session.get_one(MemberCheckAnswer, id)
    return "again" if Said(there.marks, there.missing) == said else "other"


def answer_id(secret: str, check: MemberCheck, key: str) -> str:
    """The id of an answer: a keyed hash, so that the table alone fits no address in anybody's history."""
    return hmac.digest(secret.encode(), f"member check:{check.id}:{key}".encode(), "sha256").hex()[:32]


def is_sent(session: Session, id: str) -> bool:
    """Whether the answer arrived."""
    return session.get(MemberCheckAnswer, id) is not None
