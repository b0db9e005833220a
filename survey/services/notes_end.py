"""The end of a session: what was noted becomes comments of its audience."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.models import Comment, GroupSession, Note, Study
from survey.services import audit
from survey.services.sessions import hold, require_open


def end(session: Session, study: Study, meeting: GroupSession, timezone: str, *, by: str) -> int:
    """End a session: each note that is not struck becomes a comment of its audience; returns how many did.

    What became a comment before does not become another one.
    """
    hold(session, meeting)
    require_open(meeting)
    fresh = waiting(session, meeting)
    rows = [_comment(meeting, note, timezone) for note in fresh]
    if rows:
        session.execute(insert(Comment), rows)
    for note, row in zip(fresh, rows, strict=True):
        note.comment_id = row["id"]
    meeting.state, meeting.timer_ends_at = "ended", None
    session.flush()
    audit.record(session, by, "sessions.end", study.slug, meeting=meeting.id, comments=len(rows))
    return len(rows)


def waiting(session: Session, meeting: GroupSession) -> list[Note]:
    """The notes that become comments when the session ends."""
    query = select(Note).where(Note.session_id == meeting.id)
    query = query.where(Note.struck.is_(False), Note.comment_id.is_(None))
    return list(session.scalars(query.order_by(Note.position, Note.id)))


def _comment(meeting: GroupSession, note: Note, timezone: str) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "study_id": meeting.study_id,
        "audience_id": meeting.audience_id,
        "prompt_id": note.prompt_id,
        "session_id": meeting.id,
        "channel": "session",
        "day": (meeting.starts_at or note.made_at).astimezone(ZoneInfo(timezone)).date(),
        "position": note.position,
        "speaker": speaker(meeting, note.speaker),
        "text": note.text,
    }


def speaker(meeting: GroupSession, number: int | None) -> str | None:
    """Who said it, as a comment keeps it: "P3", or "P3, teacher" where a role is known. Never a name."""
    if number is None:
        return None
    role = next((entry.role for entry in meeting.roster if entry.number == number), "")
    return f"P{number}, {role}" if role else f"P{number}"
