"""What the room sees on the wall."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from survey.permissions import may
from survey.qr import qr_of
from survey.services import notes_phone, session_live
from survey.views.sessions import bp
from survey.views.sessions.holding import phone_address
from survey.views.sessions.shared import ONE, meeting_of, session_page
from survey.web import db

MOST_NOTES = 60
"""More would not be read from a chair; the latest, or those with the most votes, are shown."""


@bp.get(f"{ONE}/projector")
@may("run sessions")
def projector(slug: str, session_id: int) -> ResponseReturnValue:
    """The prompt that is on now, its timer and its notes, in very large letters and without controls."""
    study, meeting = meeting_of(slug, session_id)
    by_votes = request.args.get("order") == "votes"
    notes = notes_phone.on_prompt(db(), meeting, meeting.on_now)
    notes.sort(key=lambda note: (-note.votes if by_votes else 0, -note.position))
    address = phone_address(session_live.code_of(meeting)) if meeting.state == "open" else ""
    shown: dict[str, Any] = {
        "now": session_live.on_now(meeting),
        "left": session_live.seconds_left(meeting),
        "notes": notes[:MOST_NOTES],
        "hidden": max(0, len(notes) - MOST_NOTES),
        "order": "votes" if by_votes else "time",
        "address": address,
        "qr": qr_of(address) if address else None,
    }
    return session_page("sessions/projector.html", study, meeting, **shown)
