"""Notes of a session: stored once however often they are sent; changed, struck, voted for, made comments."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import Comment, GroupSession, Note, NoteVote, Study
from survey.questions.settings import UNSTORABLE
from survey.services import audit
from survey.services.sessions import require_open

KEY = re.compile(r"[0-9a-f]{32}")
MOST_CHARACTERS = 5000
MOST_BY_PHONE = 2000
MOST_NOTES = 20_000
DOTS = 3
"""How many dots a participant may put on the notes of a prompt."""


@dataclass(frozen=True)
class Typed:
    """A note as it is typed. `key` is random and made where it is typed; without a prompt it is parked."""

    key: str
    text: str
    prompt_id: int | None = None
    speaker: int | None = None
    table: int = 1


def new_key() -> str:
    """A key for a note that a page without script sends."""
    return secrets.token_hex(16)


def of_session(session: Session, meeting: GroupSession, after: int = 0) -> list[Note]:
    """The notes of a session in the order in which they came; those after a position."""
    query = select(Note).where(Note.session_id == meeting.id, Note.position > after)
    return list(session.scalars(query.order_by(Note.position, Note.id)))


def fingerprint(session: Session, meeting: GroupSession) -> str:
    """A word that changes whenever anything on the live screen does: cheap to ask for every few seconds."""
    counted = select(func.count(), func.sum(Note.revision), func.sum(Note.votes))
    notes, revisions, votes = session.execute(counted.where(Note.session_id == meeting.id)).one()
    return f"{meeting.revision}-{notes}-{revisions or 0}-{votes or 0}"


def add(session: Session, study: Study, meeting: GroupSession, typed: Typed, *, by: str) -> tuple[Note, bool]:
    """Store a note; with False the one that was stored under its key before.

    Raises `Refusal` when the session is not open or the note cannot be kept.
    """
    if not KEY.fullmatch(typed.key):
        raise Refusal(_("The note has no key. Load the page again and type the note once more."))
    hold(session, meeting)
    if there := session.get(Note, typed.key):
        if there.session_id != meeting.id:
            raise NotFound
        return there, False
    require_open(meeting)
    note = _made(session, meeting, typed, by)
    session.add(note)
    session.flush()
    audit.record(session, by, "notes.add", study.slug, meeting=meeting.id, note=note.id)
    return note, True


def hold(session: Session, meeting: GroupSession) -> None:
    """Let notes of a session come one after the other, so that each has a position of its own."""
    session.execute(select(GroupSession.id).where(GroupSession.id == meeting.id).with_for_update())


def _made(session: Session, meeting: GroupSession, typed: Typed, by: str) -> Note:
    last = session.scalar(select(func.max(Note.position)).where(Note.session_id == meeting.id)) or 0
    if last >= MOST_NOTES:
        raise Refusal(_("A session can have at most %(most)s notes.", most=MOST_NOTES))
    return Note(
        id=typed.key,
        session_id=meeting.id,
        prompt_id=_prompt(meeting, typed.prompt_id),
        table_number=_table(meeting, typed.table),
        speaker=_speaker(meeting, typed.speaker),
        position=last + 1,
        text=readable(typed.text, MOST_CHARACTERS),
        made_by=by,
        made_at=now(),
    )


def readable(text: str, most: int) -> str:
    """The text of a note as it is stored; raise `Refusal` when there is none, or it cannot be."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Refusal(_("Type the note first."))
    if UNSTORABLE.search(text):
        raise Refusal(_("There is a character in this text that cannot be stored. Type the text again."))
    if len(text) > most:
        raise Refusal(
            _(
                "The note has %(length)s characters. The most is %(most)s: make it shorter.",
                length=len(text),
                most=most,
            )
        )
    return text


def _prompt(meeting: GroupSession, prompt_id: int | None) -> int | None:
    if prompt_id is not None and prompt_id not in {item.prompt_id for item in meeting.agenda}:
        raise Refusal(_("Choose a prompt of the agenda."))
    return prompt_id


def _table(meeting: GroupSession, table: int) -> int:
    if not 1 <= table <= meeting.tables:
        raise Refusal(_("Choose one of the tables."))
    return table


def _speaker(meeting: GroupSession, number: int | None) -> int | None:
    if number is not None and number not in {entry.number for entry in meeting.roster}:
        raise Refusal(_("Nobody on the roster has this number."))
    return number


def get(session: Session, meeting: GroupSession, note_id: str) -> Note:
    """A note of a session; raise `NotFound` for any other."""
    note = session.get(Note, note_id) if KEY.fullmatch(note_id) else None
    if note is None or note.session_id != meeting.id:
        raise NotFound
    return note


def change(
    session: Session, study: Study, meeting: GroupSession, note: Note, typed: Typed, *, seen: int, by: str
) -> None:
    """Change text, prompt or speaker; raise `Stale` when somebody else did meanwhile."""
    require_open(meeting)
    _require_free(note)
    if note.revision != seen:
        raise Stale(_("Somebody else changed this note in the meantime. Look at both versions."))
    note.text = readable(typed.text, MOST_CHARACTERS)
    note.prompt_id, note.speaker = _prompt(meeting, typed.prompt_id), _speaker(meeting, typed.speaker)
    session.flush()
    audit.record(session, by, "notes.change", study.slug, meeting=meeting.id, note=note.id)


def _require_free(note: Note) -> None:
    if note.comment_id:
        raise Refusal(_("This note is a comment by now, and comments do not change."))


def strike(
    session: Session, study: Study, meeting: GroupSession, note: Note, *, struck: bool, by: str
) -> None:
    """Strike a note, or take that back. It stays, and does not become a comment."""
    require_open(meeting)
    _require_free(note)
    note.struck = struck
    session.flush()
    audit.record(
        session,
        by,
        "notes.strike" if struck else "notes.restore",
        study.slug,
        meeting=meeting.id,
        note=note.id,
    )


def vote(
    session: Session, study: Study, meeting: GroupSession, note: Note, by_how_many: int, *, by: str
) -> None:
    """Count hands: one vote more, or one less."""
    require_open(meeting)
    if by_how_many not in (1, -1):
        raise Refusal(_("Add one vote, or take one away."))
    more = update(Note).where(Note.id == note.id, Note.votes + by_how_many >= 0)
    session.execute(more.values(votes=Note.votes + by_how_many))
    session.refresh(note)
    audit.record(session, by, "notes.vote", study.slug, meeting=meeting.id, note=note.id)


def from_phone(session: Session, meeting: GroupSession, key: str, text: str) -> Note:
    """Store what a participant typed, under the prompt that is discussed; nobody is named.

    Sent twice, it is stored once.
    """
    require_open(meeting)
    if not KEY.fullmatch(key):
        raise Refusal(_("The note has no key. Load the page again and type the note once more."))
    text = readable(text, MOST_BY_PHONE)
    hold(session, meeting)
    if there := session.get(Note, key):
        if there.session_id != meeting.id:
            raise NotFound
        return there
    note = _made(session, meeting, Typed(key, text, meeting.on_now), "")
    note.source = "phone"
    session.add(note)
    session.flush()
    return note


def dots(session: Session, meeting: GroupSession, voter: str) -> frozenset[str]:
    """The notes of a session that somebody put a dot on."""
    query = select(NoteVote.note_id).join(Note, Note.id == NoteVote.note_id)
    query = query.where(Note.session_id == meeting.id, NoteVote.voter == voter)
    return frozenset(session.scalars(query.order_by(NoteVote.note_id)))


def dot(session: Session, meeting: GroupSession, note: Note, voter: str) -> None:
    """Put a dot on a note, or take it away again; raise `Refusal` when all dots are used."""
    require_open(meeting)
    if note.struck:
        raise NotFound
    hold(session, meeting)
    there = session.get(NoteVote, (note.id, voter))
    if there is None and len(_dots_of_prompt(session, meeting, note.prompt_id, voter)) >= DOTS:
        raise Refusal(_("You have used your %(dots)s dots. Take one away first.", dots=DOTS))
    if there is None:
        session.add(NoteVote(note_id=note.id, voter=voter))
    else:
        session.delete(there)
    step = 1 if there is None else -1
    session.execute(update(Note).where(Note.id == note.id).values(votes=Note.votes + step))
    session.flush()


def _dots_of_prompt(
    session: Session, meeting: GroupSession, prompt_id: int | None, voter: str
) -> Sequence[str]:
    query = select(NoteVote.note_id).join(Note, Note.id == NoteVote.note_id)
    of_prompt = Note.prompt_id.is_not_distinct_from(prompt_id)
    return session.scalars(
        query.where(Note.session_id == meeting.id, of_prompt, NoteVote.voter == voter)
    ).all()


def end(session: Session, study: Study, meeting: GroupSession, timezone: str, *, by: str) -> int:
    """End a session: each note that is not struck becomes a comment of its audience; returns how many did.

    What became a comment before does not become another one.
    """
    hold(session, meeting)
    require_open(meeting)
    fresh = [note for note in of_session(session, meeting) if not note.struck and note.comment_id is None]
    rows = [_comment(meeting, note, timezone) for note in fresh]
    if rows:
        session.execute(insert(Comment), rows)
    for note, row in zip(fresh, rows, strict=True):
        note.comment_id = row["id"]
    meeting.state, meeting.timer_ends_at = "ended", None
    session.flush()
    audit.record(session, by, "sessions.end", study.slug, meeting=meeting.id, comments=len(rows))
    return len(rows)


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
