"""What everybody in the room sees of a session: the prompt that is on now, its timer, the way in by phone."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.models import AgendaItem, GroupSession, Study
from survey.services import audit
from survey.services.sessions import MOST_MINUTES, require_open

USUAL_MINUTES = 10
"""Offered for a prompt for which no time is planned."""
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0 and o, no 1, i and l: a code is read from a wall and typed on a phone."""
CODE = re.compile(r"[a-z0-9]{8}")


def discuss(session: Session, study: Study, meeting: GroupSession, prompt_id: int, *, by: str) -> None:
    """Say which prompt is on now, for everybody; its timer stands still until it is started."""
    require_open(meeting)
    if prompt_id not in {item.prompt_id for item in meeting.agenda}:
        raise NotFound
    if prompt_id != meeting.on_now:
        meeting.on_now, meeting.timer_ends_at = prompt_id, None
    session.flush()
    audit.record(session, by, "sessions.discuss", study.slug, meeting=meeting.id, prompt=prompt_id)


def on_now(meeting: GroupSession) -> AgendaItem | None:
    """The item of the agenda that is on now."""
    return next((item for item in meeting.agenda if item.prompt_id == meeting.on_now), None)


def planned_minutes(meeting: GroupSession) -> int:
    """How many minutes are planned for what is on now."""
    item = on_now(meeting)
    return (item and item.minutes) or USUAL_MINUTES


def set_timer(session: Session, study: Study, meeting: GroupSession, minutes: int, *, by: str) -> None:
    """Start the timer of what is on now (0: stop it); while it runs, the minutes are added to it."""
    require_open(meeting)
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refusal(_("Give from 1 to %(most)s minutes, or none.", most=MOST_MINUTES))
    begins = max(now(), meeting.timer_ends_at or now())
    meeting.timer_ends_at = begins + timedelta(minutes=minutes) if minutes else None
    session.flush()
    audit.record(session, by, "sessions.timer", study.slug, meeting=meeting.id, minutes=minutes)


def seconds_left(meeting: GroupSession) -> int | None:
    """How many seconds the timer has left, 0 when time is up; None while there is no timer."""
    if meeting.timer_ends_at is None:
        return None
    return max(0, round((meeting.timer_ends_at - now()).total_seconds()))


def set_phones(
    session: Session, study: Study, meeting: GroupSession, *, on: bool, dots: bool = False, by: str
) -> None:
    """Let participants type notes on their phones and maybe put dots, or stop that.

    The address stays while it is on; each time it is switched on anew it is another one.
    """
    meeting.join_code = (meeting.join_code or new_code()) if on else None
    meeting.phones_dot = on and dots
    session.flush()
    audit.record(session, by, "sessions.phones", study.slug, meeting=meeting.id, on=on, dots=on and dots)


def new_code() -> str:
    """Eight signs that can be read aloud: some 850 thousand million codes, of which a few are in use."""
    return "".join(secrets.choice(SIGNS) for _place in range(8))


def code_of(meeting: GroupSession) -> str | None:
    """The code in the address for phones, in two halves that are easy to read; None while they are off."""
    return f"{meeting.join_code[:4]}-{meeting.join_code[4:]}" if meeting.join_code else None


def may_dot(meeting: GroupSession) -> bool:
    """Whether participants may put dots on notes."""
    return meeting.join_code is not None and meeting.phones_dot


def by_code(session: Session, typed: str) -> GroupSession:
    """The session that participants join under a code, however it is typed; raise `NotFound` for none."""
    code = re.sub(r"[\s-]", "", typed[:40]).lower()
    if not CODE.fullmatch(code):
        raise NotFound
    meeting = session.scalar(select(GroupSession).where(GroupSession.join_code == code))
    if meeting is None:
        raise NotFound
    return meeting
