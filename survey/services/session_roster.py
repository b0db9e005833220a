"""Who is at a session: numbers and roles; names, where somebody keeps them, apart from everything else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from survey.errors import Refusal
from survey.models import GroupSession, Note, RosterEntry, RosterName, Study
from survey.services import audit
from survey.services.sessions import line, require_seen, table_of

MOST_PEOPLE = 500
ROLE_LENGTH = 100
NAME_LENGTH = 200


class NotThatMany(Refusal):
    """The roster cannot have so many people."""


@dataclass(frozen=True)
class Seat:
    """Somebody on the roster as typed: a role and a table."""

    role: str = ""
    table: int = 1


def set_roster(
    session: Session,
    study: Study,
    meeting: GroupSession,
    wanted: Mapping[int, Seat],
    *,
    people: int | None = None,
    seen: int,
    by: str,
) -> None:
    """Change roles and tables by the numbers of people, and how many there are: P1 to P`people`.

    New ones are spread over the tables. Nothing that somebody typed goes with a number that becomes smaller:
    `NotThatMany` says what is in the way. Raises `Stale` when somebody else changed the session meanwhile.
    """
    require_seen(meeting, seen)
    people = len(meeting.roster) if people is None else people
    _check_number(session, meeting, people)
    _check_what_goes(session, meeting, wanted, people)
    there = {entry.number: entry for entry in meeting.roster}
    entries = [there.get(number) or _new(number, people, meeting) for number in range(1, people + 1)]
    for entry in entries:
        if seat := wanted.get(entry.number):
            entry.role, entry.table_number = line(seat.role, ROLE_LENGTH), _table(seat, meeting)
    meeting.roster = entries
    _stored(session, study, meeting, by)


def _new(number: int, people: int, meeting: GroupSession) -> RosterEntry:
    return RosterEntry(number=number, role="", table_number=table_of(number, people, meeting.tables))


def _check_number(session: Session, meeting: GroupSession, people: int) -> None:
    if not 0 <= people <= MOST_PEOPLE:
        raise NotThatMany(_("A session can have at most %(most)s people.", most=MOST_PEOPLE))
    spoke = session.scalar(select(func.max(Note.speaker)).where(Note.session_id == meeting.id)) or 0
    if people < spoke:
        raise NotThatMany(_("P%(number)s is named in notes. Keep at least that many people.", number=spoke))


def _check_what_goes(
    session: Session, meeting: GroupSession, wanted: Mapping[int, Seat], people: int
) -> None:
    """Raise `NotThatMany` when a role, stored or just typed, or a name would go without anybody saying so."""
    roles = {entry.number: entry.role for entry in meeting.roster}
    roles |= {number: seat.role.strip() for number, seat in wanted.items()}
    _refuse_to_lose(
        [number for number, role in roles.items() if role and number > people],
        _("With so few people these roles would be lost: %(who)s. Empty them first."),
    )
    _refuse_to_lose(
        [number for number in names(session, meeting) if number > people],
        _("With so few people these names would be lost: %(who)s. Empty them on the page “Names” first."),
    )


def _refuse_to_lose(numbers: Collection[int], words: str) -> None:
    if numbers:
        raise NotThatMany(words % {"who": ", ".join(f"P{number}" for number in sorted(numbers))})


def _table(seat: Seat, meeting: GroupSession) -> int:
    if not 1 <= seat.table <= meeting.tables:
        raise Refusal(_("Give each person a table from 1 to %(most)s.", most=meeting.tables))
    return seat.table


def _stored(session: Session, study: Study, meeting: GroupSession, by: str) -> None:
    flag_modified(meeting, "tables")  # the rows of the roster are another table's: this counts as a change
    session.flush()
    audit.record(session, by, "sessions.roster", study.slug, meeting=meeting.id, people=len(meeting.roster))


def names(session: Session, meeting: GroupSession) -> dict[int, str]:
    """The names that are kept, by the numbers of the people."""
    query = select(RosterEntry.number, RosterName.name).join(
        RosterName, RosterName.entry_id == RosterEntry.id
    )
    rows = session.execute(query.where(RosterEntry.session_id == meeting.id).order_by(RosterEntry.number))
    return dict(rows.all())


def set_names(
    session: Session, study: Study, meeting: GroupSession, wanted: Mapping[int, str], *, by: str
) -> None:
    """Keep names by the numbers of the people; an empty one is forgotten. The audit is not told them."""
    for entry in meeting.roster:
        if entry.number in wanted:
            _keep(session, entry, line(wanted[entry.number], NAME_LENGTH))
    session.flush()
    audit.record(session, by, "sessions.names", study.slug, meeting=meeting.id)


def _keep(session: Session, entry: RosterEntry, name: str) -> None:
    kept = session.get(RosterName, entry.id)
    if kept and not name:
        session.delete(kept)
    elif kept:
        kept.name = name
    elif name:
        session.add(RosterName(entry_id=entry.id, name=name))


def forget_names(session: Session, study: Study, meeting: GroupSession, *, by: str) -> None:
    """Delete all names of the roster."""
    mine = select(RosterEntry.id).where(RosterEntry.session_id == meeting.id)
    session.execute(delete(RosterName).where(RosterName.entry_id.in_(mine)))
    audit.record(session, by, "sessions.forget_names", study.slug, meeting=meeting.id)
