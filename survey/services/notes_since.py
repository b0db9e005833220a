"""What changed on the live screen since a page was shown, cheap to ask for every few seconds."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlalchemy.orm import Session

from survey.models import GroupSession, Note

Mark = tuple[int, int, int]
"""Place, revision and votes of a note: it changes with what is shown of the note."""
MOST_AT_ONCE = 200


def fingerprint(session: Session, meeting: GroupSession) -> str:
    """A word that changes whenever anything on the live screen does.

    Revisions and votes are weighted by place, so that one vote less here and one more there is seen, too.
    """
    place = cast(Note.position, BigInteger)
    seen = Note.revision + Note.votes * 1000
    counted = select(func.count(), func.sum(seen), func.sum(seen * place), func.sum(seen * place * place))
    sums = session.execute(counted.where(Note.session_id == meeting.id)).one()
    return "-".join(str(number or 0) for number in (meeting.revision, *sums))


def marks(session: Session, meeting: GroupSession, table: int | None) -> list[Mark]:
    """The mark of each note of a table, of all tables for None."""
    query = select(Note.position, Note.revision, Note.votes).where(_of(meeting, table))
    return [(place, seen, votes) for place, seen, votes in session.execute(query.order_by(Note.position))]


def shown(
    session: Session, meeting: GroupSession, table: int | None, after: int = 0, also: Collection[int] = ()
) -> list[Note]:
    """The notes of a table after a place, in order, and those in some places before it."""
    wanted = Note.position > after
    if also:
        wanted = wanted | Note.position.in_(sorted(also)[:MOST_AT_ONCE])
    query = select(Note).where(_of(meeting, table), wanted)
    return list(session.scalars(query.order_by(Note.position, Note.id)))


def _of(meeting: GroupSession, table: int | None) -> ColumnElement[bool]:
    """What was typed on phones belongs to no table, and stands at each."""
    mine = Note.session_id == meeting.id
    return mine if table is None else mine & ((Note.table_number == table) | (Note.source == "phone"))
