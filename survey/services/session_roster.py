"""Who is at a session: numbers and roles; names, where somebody keeps them, apart from everything else."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True)
class Seat:
    """Somebody on the roster as typed: a role and a table."""

    role: str = ""
    table: int = 1


def set_people(session: Session, study: Study, meeting: GroupSession, people: int, *, by: str) -> None:
    """Have so many people on the roster, P1 and on; new ones are spread over the tables.

    Who has spoken stays: a roster cannot be made shorter than the highest number that notes name.
    """
    _check_number(session, meeting, people)
    there = {entry.number: entry for entry in meeting.roster}
    meeting.roster = [
        there.get(number)
        or RosterEntry(number=number, role="", table_number=table_of(number, people, meeting.tables))
        for number in range(1, people + 1)
    ]
    _stored(session, study, meeting, by)


def _check_number(session: Session, meeting: GroupSession, people: int) -> None:
    if not 0 <= people <= MOST_PEOPLE:
        raise Refusal(_("A session can have at most %(most)s people.", most=MOST_PEOPLE))
    spoke = session.scalar(select(func.max(Note.speaker)).where(Note.session_id == meeting.id)) or 0
    if people < spoke:
        raise Refusal(_("P%(number)s is named in notes. Keep at least that many people.", number=spoke))


def set_roster(
    session: Session, study: Study, meeting: GroupSession, wanted: Mapping[int, Seat], *, seen: int, by: str
) -> None:
    """Change roles and tables of people by their numbers; raise `Stale` when somebody else did meanwhile."""
    require_seen(meeting, seen)
    for entry in meeting.roster:
        if seat := wanted.get(entry.number):
            entry.role, entry.table_number = line(seat.role, ROLE_LENGTH), _table(seat, meeting)
    _stored(session, study, meeting, by)


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
