"""Sessions: planning a meeting of one audience, its agenda and roster; opening, ending and reopening it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import AgendaItem, GroupSession, Note, RosterEntry, RosterName, Study
from survey.questions.settings import UNSTORABLE
from survey.services import audit
from survey.services.audiences import audience_of

MOST_TABLES = 50
MOST_PEOPLE = 500
MOST_MINUTES = 600
TEXT_LENGTH = 200
ROLE_LENGTH = 100
CODE_BYTES = 9


@dataclass(frozen=True)
class Plan:
    """A session as it is typed. `prompts` are ids of prompts of the study with their minutes, in order."""

    audience_id: int
    title: str = ""
    place: str = ""
    starts_at: datetime | None = None
    tables: int = 1
    prompts: Sequence[tuple[int, int | None]] = ()


@dataclass(frozen=True)
class Seat:
    """Somebody on the roster as typed: a role, a table, and a name that is kept apart."""

    role: str = ""
    table: int = 1
    name: str = ""


@dataclass(frozen=True)
class Listed:
    """A session in the list, with how many notes and people it has."""

    meeting: GroupSession
    notes: int
    people: int


def of_study(session: Session, study: Study) -> list[Listed]:
    """The sessions of a study, the next or latest ones first."""
    query = select(GroupSession).where(GroupSession.study_id == study.id)
    query = query.options(selectinload(GroupSession.agenda), selectinload(GroupSession.roster))
    meetings = session.scalars(query.order_by(GroupSession.starts_at.desc().nulls_first(), GroupSession.id))
    counted = select(Note.session_id, func.count()).where(Note.struck.is_(False)).group_by(Note.session_id)
    notes = dict(row._tuple() for row in session.execute(counted))
    return [Listed(one, notes.get(one.id, 0), len(one.roster)) for one in meetings]


def get(session: Session, study: Study, session_id: int) -> GroupSession:
    """A session of a study; raise `NotFound` for one of another study."""
    meeting = session.get(GroupSession, session_id)
    if meeting is None or meeting.study_id != study.id:
        raise NotFound
    return meeting


def by_code(session: Session, code: str) -> GroupSession:
    """The open session that participants join under a code; raise `NotFound` for any other."""
    if not code or len(code) > 40 or not code.isascii() or not code.isprintable():
        raise NotFound
    meeting = session.scalar(select(GroupSession).where(GroupSession.join_code == code))
    if meeting is None:
        raise NotFound
    return meeting


def add(session: Session, study: Study, plan: Plan, *, by: str) -> GroupSession:
    """Plan a session."""
    audience = audience_of(study, plan.audience_id)
    meeting = GroupSession(study_id=study.id, audience_id=audience.id, made_by=by, made_at=now())
    _set(meeting, study, plan)
    session.add(meeting)
    session.flush()
    if audience.people:
        meeting.roster = [RosterEntry(number=place) for place in range(1, min(audience.people, 30) + 1)]
        session.flush()
    audit.record(session, by, "sessions.add", study.slug, meeting=meeting.id, audience=audience.name)
    return meeting


def change(session: Session, study: Study, meeting: GroupSession, plan: Plan, *, seen: int, by: str) -> None:
    """Change what was planned; raise `Stale` when somebody else did meanwhile."""
    require_seen(meeting, seen)
    _require(meeting, "planned", "open")
    if plan.audience_id != meeting.audience_id and _has_notes(session, meeting):
        raise Refusal(_("There are notes of this group already. Plan another session for the other group."))
    meeting.audience_id = audience_of(study, plan.audience_id).id
    _set(meeting, study, plan)
    session.flush()
    audit.record(session, by, "sessions.change", study.slug, meeting=meeting.id)


def require_seen(meeting: GroupSession, seen: int) -> None:
    """Raise `Stale` when the session is not what this person saw."""
    if meeting.revision != seen:
        raise Stale(_("Somebody else changed this session in the meantime. Look at both versions."))


def _set(meeting: GroupSession, study: Study, plan: Plan) -> None:
    if not 1 <= plan.tables <= MOST_TABLES:
        raise Refusal(_("Give a number of tables from 1 to %(most)s.", most=MOST_TABLES))
    if plan.starts_at is not None and not 2000 <= plan.starts_at.year <= 2200:
        raise Refusal(_("Give a year from 2000 to 2200."))
    meeting.title, meeting.place = line(plan.title, TEXT_LENGTH), line(plan.place, TEXT_LENGTH)
    meeting.starts_at, meeting.tables = plan.starts_at, plan.tables
    _set_agenda(meeting, study, plan.prompts)


def _set_agenda(meeting: GroupSession, study: Study, wanted: Iterable[tuple[int, int | None]]) -> None:
    known = {prompt.id: prompt for prompt in study.prompts}
    there = {item.prompt_id: item for item in meeting.agenda}
    items = []
    for place, (prompt_id, minutes) in enumerate(dict(wanted).items()):
        if prompt_id not in known:
            raise NotFound
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            raise Refusal(_("Give from 1 to %(most)s minutes, or none.", most=MOST_MINUTES))
        item = there.get(prompt_id) or AgendaItem(prompt_id=prompt_id)
        item.minutes, item.position = minutes, place
        items.append(item)
    meeting.agenda = items
    if meeting.on_now is not None and meeting.on_now not in {item.prompt_id for item in items}:
        meeting.on_now = None


def line(text: str, most: int) -> str:
    """A line of text as it is stored; raise `Refusal` when it cannot be."""
    plain = " ".join(text.split())
    if UNSTORABLE.search(plain):
        raise Refusal(_("There is a character in this text that cannot be stored. Type the text again."))
    if len(plain) > most:
        raise Refusal(_("Use at most %(most)s characters.", most=most))
    return plain


def seats(session: Session, meeting: GroupSession) -> list[tuple[RosterEntry, str]]:
    """The roster with the names that were kept."""
    ids = [entry.id for entry in meeting.roster]
    query = select(RosterName.entry_id, RosterName.name).where(RosterName.entry_id.in_(ids))
    names = dict(row._tuple() for row in session.execute(query))
    return [(entry, names.get(entry.id, "")) for entry in meeting.roster]


def set_roster(
    session: Session, study: Study, meeting: GroupSession, wanted: Sequence[Seat], *, seen: int, by: str
) -> None:
    """Put a roster in the place of the old one: the seats are numbered in order.

    Who has spoken stays: a roster cannot be made shorter than the highest number that notes name.
    """
    require_seen(meeting, seen)
    if len(wanted) > MOST_PEOPLE:
        raise Refusal(_("A session can have at most %(most)s people.", most=MOST_PEOPLE))
    spoke = session.scalar(select(func.max(Note.speaker)).where(Note.session_id == meeting.id)) or 0
    if len(wanted) < spoke:
        raise Refusal(_("P%(number)s is named in notes. Keep at least that many people.", number=spoke))
    there = {entry.number: entry for entry in meeting.roster}
    meeting.roster = [
        _seated(there.get(number) or RosterEntry(number=number), seat, meeting.tables)
        for number, seat in enumerate(wanted, start=1)
    ]
    session.flush()
    _set_names(session, meeting, wanted)
    audit.record(session, by, "sessions.roster", study.slug, meeting=meeting.id, people=len(wanted))


def _seated(entry: RosterEntry, seat: Seat, tables: int) -> RosterEntry:
    if not 1 <= seat.table <= tables:
        raise Refusal(_("Give each person a table from 1 to %(most)s.", most=tables))
    entry.role, entry.table_number = line(seat.role, ROLE_LENGTH), seat.table
    return entry


def _set_names(session: Session, meeting: GroupSession, wanted: Sequence[Seat]) -> None:
    for entry, seat in zip(meeting.roster, wanted, strict=True):
        name, kept = line(seat.name, TEXT_LENGTH), session.get(RosterName, entry.id)
        if kept and not name:
            session.delete(kept)
        elif kept:
            kept.name = name
        elif name:
            session.add(RosterName(entry_id=entry.id, name=name))
    session.flush()


def forget_names(session: Session, study: Study, meeting: GroupSession, *, by: str) -> None:
    """Delete all names of the roster."""
    for entry in meeting.roster:
        if kept := session.get(RosterName, entry.id):
            session.delete(kept)
    session.flush()
    audit.record(session, by, "sessions.forget_names", study.slug, meeting=meeting.id)


def delete(session: Session, study: Study, meeting: GroupSession, *, by: str) -> None:
    """Delete a session nobody typed anything in."""
    if _has_notes(session, meeting):
        raise Refusal(_("This session has notes, so it stays. Strike notes that should not count."))
    audit.record(session, by, "sessions.delete", study.slug, meeting=meeting.id)
    session.delete(meeting)
    session.flush()


def _has_notes(session: Session, meeting: GroupSession) -> bool:
    return session.scalar(select(Note.id).where(Note.session_id == meeting.id).limit(1)) is not None


def open_it(session: Session, study: Study, meeting: GroupSession, *, by: str) -> None:
    """Begin, or begin again: notes can be typed."""
    _require(meeting, "planned", "ended")
    meeting.state = "open"
    if meeting.starts_at is None:
        meeting.starts_at = now()
    if meeting.on_now is None and meeting.agenda:
        meeting.on_now = meeting.agenda[0].prompt_id
    session.flush()
    audit.record(session, by, "sessions.open", study.slug, meeting=meeting.id)


def require_open(meeting: GroupSession) -> None:
    """Raise `Refusal` when notes cannot be typed now."""
    if meeting.state == "planned":
        raise Refusal(_("The session has not begun yet. Begin it first."))
    if meeting.state == "ended":
        raise Refusal(_("The session has ended. Reopen it to type more notes."))


def _require(meeting: GroupSession, *states: str) -> None:
    if meeting.state not in states:
        words = {
            "planned": _("The session has not begun yet. Begin it first."),
            "open": _("The session is under way already."),
            "ended": _("The session has ended. Reopen it first."),
        }
        raise Refusal(words[meeting.state])


def set_phones(session: Session, study: Study, meeting: GroupSession, *, on: bool, by: str) -> None:
    """Let participants type notes on their phones, or stop that; a new code each time it is switched on."""
    meeting.join_code = secrets.token_urlsafe(CODE_BYTES) if on else None
    session.flush()
    audit.record(session, by, "sessions.phones", study.slug, meeting=meeting.id, on=on)


def discuss(session: Session, study: Study, meeting: GroupSession, prompt_id: int | None, *, by: str) -> None:
    """Say which prompt is being discussed; its timer starts when it is started."""
    require_open(meeting)
    if prompt_id is not None and prompt_id not in {item.prompt_id for item in meeting.agenda}:
        raise NotFound
    meeting.on_now, meeting.timer_ends_at = prompt_id, None
    session.flush()
    audit.record(session, by, "sessions.discuss", study.slug, meeting=meeting.id, prompt=prompt_id)


def time(session: Session, study: Study, meeting: GroupSession, minutes: int, *, by: str) -> None:
    """Start the timer of what is discussed (0: stop it); while it runs, minutes are added to it."""
    require_open(meeting)
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refusal(_("Give from 1 to %(most)s minutes, or none.", most=MOST_MINUTES))
    begins = max(now(), meeting.timer_ends_at or now())
    meeting.timer_ends_at = begins + timedelta(minutes=minutes) if minutes else None
    session.flush()
    audit.record(session, by, "sessions.timer", study.slug, meeting=meeting.id, minutes=minutes)


def planned_minutes(meeting: GroupSession) -> int:
    """How many minutes are planned for what is discussed; 5 where nothing is."""
    found = next((item.minutes for item in meeting.agenda if item.prompt_id == meeting.on_now), None)
    return found or 5
