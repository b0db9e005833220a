"""What participants do on their phones: type notes, put dots on notes. Nobody is named."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal
from survey.models import GroupSession, Note, NoteVote
from survey.services import notes
from survey.services.notes import Typed
from survey.services.session_live import may_dot
from survey.services.sessions import hold, require_open

MOST_CHARACTERS = 2000
DOTS = 3
"""How many dots a participant may put on the notes of a prompt."""


def add(session: Session, meeting: GroupSession, typed: Typed) -> tuple[Note, bool]:
    """Store what a participant typed; with False what was stored under its key before."""
    hold(session, meeting)
    if there := notes.sent_before(session, meeting, typed.key):
        return there, False
    notes.readable(typed.text, MOST_CHARACTERS)
    note = notes.made(session, meeting, typed)
    note.source = "phone"
    session.add(note)
    session.flush()
    return note, True


def on_prompt(session: Session, meeting: GroupSession, prompt_id: int | None) -> list[Note]:
    """The notes that stand under a prompt, in the order in which they came."""
    query = select(Note).where(Note.session_id == meeting.id, Note.struck.is_(False))
    query = query.where(Note.prompt_id.is_not_distinct_from(prompt_id))
    return list(session.scalars(query.order_by(Note.position, Note.id)))


def dots(session: Session, meeting: GroupSession, prompt_id: int | None, voter: str) -> frozenset[str]:
    """The notes that stand under a prompt and that somebody put a dot on."""
    return frozenset(_dots(session, meeting, prompt_id, voter))


def _dots(session: Session, meeting: GroupSession, prompt_id: int | None, voter: str) -> Sequence[str]:
    # A struck note is not listed, so nobody could take a dot away from it: the dot is free for another note.
    query = select(NoteVote.note_id).join(Note, Note.id == NoteVote.note_id)
    query = query.where(Note.session_id == meeting.id, Note.prompt_id.is_not_distinct_from(prompt_id))
    query = query.where(Note.struck.is_(False), NoteVote.voter == voter)
    return session.scalars(query.order_by(NoteVote.note_id)).all()


def dot(session: Session, meeting: GroupSession, note_id: str, voter: str) -> None:
    """Put a dot on a note, or take it away again; raise `Refusal` when all dots are used."""
    hold(session, meeting)
    require_open(meeting)
    if not may_dot(meeting):
        raise Refusal(_("Dots are closed now."))
    note = notes.get(session, meeting, note_id)
    if note.struck:
        raise NotFound
    there = session.get(NoteVote, (note.id, voter))
    if there is None and len(_dots(session, meeting, note.prompt_id, voter)) >= DOTS:
        raise Refusal(_("You have used your %(dots)s dots. Take one away first.", dots=DOTS))
    if there is None:
        session.add(NoteVote(note_id=note.id, voter=voter))
    else:
        session.delete(there)
    session.flush()
    notes.count(session, note, 1 if there is None else -1)
