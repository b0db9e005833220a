"""What the room sees on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from survey.models import Note
from survey.permissions import may
from survey.qr import qr_of
from survey.services import notes_phone, session_live
from survey.views.sessions import bp
from survey.views.sessions.holding import phone_address
from survey.views.sessions.shared import ONE, meeting_of, session_page
from survey.web import db

COLUMNS, LETTERS, VOTES = 2, 46, 5
HEIGHT, LINE, GAP = 134, 10, 6
"""The wall never scrolls. Its letters grow with the screen (see session.css): a column always holds 13 lines
of about 46 letters, or 5 fewer beside votes, and more than half a line goes between two notes."""
TITLE, TITLE_LINES = 60, 4
"""Of a long prompt a line holds 60 letters; more lines than four take room from the notes."""


@bp.get(f"{ONE}/projector")
@may("run sessions")
def projector(slug: str, session_id: int) -> ResponseReturnValue:
    """The prompt that is on now, its timer and its notes, in very large letters and without controls."""
    study, meeting = meeting_of(slug, session_id)
    by_votes = request.args.get("order") == "votes"
    notes = notes_phone.on_prompt(db(), meeting, meeting.on_now)
    notes.sort(key=lambda note: (-note.votes if by_votes else 0, -note.position))
    now = session_live.on_now(meeting)
    held = how_many(notes, now.prompt.text if now else "")
    address = phone_address(session_live.code_of(meeting)) if meeting.state == "open" else ""
    shown: dict[str, Any] = {
        "now": now,
        "left": session_live.seconds_left(meeting),
        "notes": notes[:held],
        "hidden": len(notes) - held,
        "order": "votes" if by_votes else "time",
        "address": address,
        "qr": qr_of(address) if address else None,
    }
    return session_page("sessions/projector.html", study, meeting, **shown)


def how_many(notes: Sequence[Note], title: str = "") -> int:
    """How many of the notes the wall holds, one column after the other; the first is always on it."""
    height = HEIGHT - LINE * max(0, _lines(title, TITLE) - TITLE_LINES)
    used = 0
    for held, note in enumerate(notes):
        need = GAP + LINE * _lines(note.text, LETTERS - VOTES if note.votes else LETTERS)
        left = height - used % height
        used += need if need <= left or need > height else left + need  # broken only where no column holds it
        if used > COLUMNS * height:
            return max(1, held)
    return len(notes)


def _lines(text: str, letters: int) -> int:
    return sum(max(1, len(wrap(line, letters))) for line in text.splitlines())
