"""Notes of a session: stored once however often they are sent; changed, struck, voted for."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import GroupSession, Note, Study
from survey.questions.settings import UNSTORABLE
from survey.services import audit
from survey.services.sessions import hold, require_open

KEY = re.compile(r"[0-9a-f]{32}")
SPOKEN = re.compile(r"\s*(?:[pP]([0-9]{1,3})\s*:?|([0-9]{1,3})\s*:)\s+")
"""How a line says who spoke: "3: buses are late", "P3: ..." or "p3 ..."; "3:30" is a time of day."""
MOST_CHARACTERS = 5000
MOST_NOTES = 20_000


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


def spoken(meeting: GroupSession, text: str) -> tuple[int | None, str]:
    """Who speaks according to the beginning of a line, and the rest of it.

    A number that nobody on the roster has is part of the text, and so is one with nothing behind it.
    """
    found = SPOKEN.match(text)
    number = int(found[1] or found[2]) if found else None
    if found is None or number not in _numbers(meeting) or not text[found.end() :].strip():
        return None, text
    return number, text[found.end() :]


def _numbers(meeting: GroupSession) -> set[int]:
    return {entry.number for entry in meeting.roster}


def of_session(session: Session, meeting: GroupSession) -> list[Note]:
    """The notes of a session in the order in which they came."""
    query = select(Note).where(Note.session_id == meeting.id)
    return list(session.scalars(query.order_by(Note.position, Note.id)))


def add(session: Session, study: Study, meeting: GroupSession, typed: Typed, *, by: str) -> tuple[Note, bool]:
    """Store a note; with False the one that was stored under its key before.

    Raises `Refusal` when the session is not open or the note cannot be kept.
    """
    hold(session, meeting)
    if there := sent_before(session, meeting, typed.key):
        return there, False
    note = made(session, meeting, typed)
    note.made_by = by
    session.add(note)
    session.flush()
    audit.record(session, by, "notes.add", study.slug, meeting=meeting.id, note=note.id)
    return note, True


def sent_before(session: Session, meeting: GroupSession, key: str) -> Note | None:
    """The note that was stored under a key; the session must be held."""
    if not KEY.fullmatch(key):
        raise Refusal(_("The note has no key. Load the page again and type the note once more."))
    there = session.get(Note, key)
    if there is not None and there.session_id != meeting.id:
        raise NotFound
    return there


def made(session: Session, meeting: GroupSession, typed: Typed) -> Note:
    """A note in the next place; the session must be held."""
    require_open(meeting)
    text = readable(typed.text, MOST_CHARACTERS)
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
        text=text,
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


def _prompt(meeting: GroupSession, prompt_id: int | None, now: int | None = None) -> int | None:
    """The prompt, if it is on the agenda; `now` is one that may stay although it left the agenda."""
    if prompt_id not in {None, now, *(item.prompt_id for item in meeting.agenda)}:
        raise Refusal(_("Choose a prompt of the agenda."))
    return prompt_id


def _table(meeting: GroupSession, table: int) -> int:
    if not 1 <= table <= meeting.tables:
        raise Refusal(_("Choose one of the tables."))
    return table


def _speaker(meeting: GroupSession, number: int | None) -> int | None:
    if number is not None and number not in _numbers(meeting):
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
        raise Stale(_("Somebody else changed this note while you were typing."))
    note.text = readable(typed.text, MOST_CHARACTERS)
    note.prompt_id = _prompt(meeting, typed.prompt_id, note.prompt_id)
    note.speaker = _speaker(meeting, typed.speaker)
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
    action = "notes.strike" if struck else "notes.restore"
    audit.record(session, by, action, study.slug, meeting=meeting.id, note=note.id)


def vote(session: Session, study: Study, meeting: GroupSession, note: Note, step: int, *, by: str) -> None:
    """Count hands: one vote more (1), or one less (-1)."""
    require_open(meeting)
    if step not in (1, -1):
        raise Refusal(_("Add one vote, or take one away."))
    count(session, note, step)
    audit.record(session, by, "notes.vote", study.slug, meeting=meeting.id, note=note.id, step=step)


def count(session: Session, note: Note, step: int) -> None:
    """Add to the votes in the database itself, so that of many at once each counts; never below 0."""
    more = update(Note).where(Note.id == note.id, Note.votes + step >= 0)
    session.execute(more.values(votes=Note.votes + step).execution_options(synchronize_session=False))
    session.refresh(note)
