"""A mailing on its way: which person is next, and what became of it, one short transaction at a time.

Mail cannot be taken back and a server can die at any moment, so one side has to be chosen. Nobody gets a
mailing twice: that it goes to the server is written down before it does (`claim`), and whoever is found in
that state by the next worker is "unsure" and waits for a person to decide. So a mail may be missing, and
the page says whose.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from survey.models import Delivery, Invitee, Mailing, Survey

# A worker that was given up for lost and comes back knows better than "unsure" what became of its mail.
IN_HAND = ("sending", "unsure")


def mark_broken(session: Session, mailing_id: int) -> None:
    """Nobody knows what became of what an earlier worker had in hand."""
    held = (Delivery.mailing_id == mailing_id, Delivery.state == "sending")
    session.execute(update(Delivery).where(*held).values(state="unsure"))


def next_of(session: Session, mailing_id: int, most_tries: int, limit: int) -> list[str]:
    """Who is next, among those that were tried so often or less."""
    waiting = (Delivery.mailing_id == mailing_id, Delivery.state == "waiting", Delivery.tries <= most_tries)
    query = select(Delivery.invitee_id).where(*waiting).order_by(Delivery.tries, Delivery.invitee_id)
    return list(session.scalars(query.limit(limit)))


def claim(session: Session, mailing: Mailing, survey: Survey, invitee_id: str) -> Invitee | None:
    """Take one person's mail in hand. None when it is no longer to be sent, or somebody else has it."""
    if not _move(session, mailing.id, invitee_id, "waiting", state="sending", tries=Delivery.tries + 1):
        return None
    person = session.get_one(Invitee, invitee_id)
    if _still_wanted(person, mailing, survey):
        return person
    _move(session, mailing.id, invitee_id, "sending", state="skipped")
    return None


def _still_wanted(person: Invitee, mailing: Mailing, survey: Survey) -> bool:
    if not person.email or person.state in ("stopped", "bounced"):
        return False
    return not (mailing.kind == "reminder" and survey.mode != "anonymous" and person.answered)


def settle_sent(session: Session, mailing_id: int, invitee_id: str, day: date) -> None:
    """The server took it."""
    if _move(session, mailing_id, invitee_id, *IN_HAND, state="sent", reason=""):
        values = {"state": "sent", "mailings": Invitee.mailings + 1, "last_day": day, "note": ""}
        person = (Invitee.id == invitee_id, Invitee.state != "stopped")
        session.execute(update(Invitee).where(*person).values(**values))


def settle_refused(session: Session, mailing_id: int, invitee_id: str, reason: str) -> None:
    """The server will never take it: the address is wrong, or closed."""
    if _move(session, mailing_id, invitee_id, *IN_HAND, state="refused", reason=reason):
        mark_bounced(session, invitee_id, reason)


def mark_bounced(session: Session, invitee_id: str, reason: str) -> None:
    """Mail does not reach this person; the list says why."""
    person = (Invitee.id == invitee_id, Invitee.state != "stopped")
    session.execute(update(Invitee).where(*person).values(state="bounced", note=reason))


def settle_unsure(session: Session, mailing_id: int, invitee_id: str) -> None:
    """The line broke while the text was handed over."""
    _move(session, mailing_id, invitee_id, "sending", state="unsure")


def put_back(session: Session, mailing_id: int, invitee_id: str, reason: str, *, counted: bool) -> None:
    """The server did not take it for now. `counted` is False when it did not even look at it."""
    tries = Delivery.tries if counted else Delivery.tries - 1
    _move(session, mailing_id, invitee_id, "sending", state="waiting", tries=tries, reason=reason)


def give_up(session: Session, mailing_id: int, tries: int) -> None:
    """What the server did not take so often is left for another day."""
    waiting = (Delivery.mailing_id == mailing_id, Delivery.state == "waiting", Delivery.tries >= tries)
    session.execute(update(Delivery).where(*waiting).values(state="later"))


def hand_out(session: Session, mailing_id: int, day: date) -> None:
    """Letters are printed for all at once."""
    mine = select(Delivery.invitee_id).where(Delivery.mailing_id == mailing_id)
    session.execute(
        update(Invitee)
        .where(Invitee.id.in_(mine), Invitee.state == "listed")
        .values(state="sent")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Invitee)
        .where(Invitee.id.in_(mine))
        .values(mailings=Invitee.mailings + 1, last_day=day)
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Delivery).where(Delivery.mailing_id == mailing_id).values(state="sent"))


def totals(session: Session, mailing_id: int) -> dict[str, int]:
    """How many people a mailing stands how with."""
    query = select(Delivery.state, func.count()).where(Delivery.mailing_id == mailing_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(Delivery.state))}


def _move(session: Session, mailing_id: int, invitee_id: str, *states: str, **values: Any) -> bool:
    """Change one delivery that stands in one of these states; False when it stands in another."""
    one = (Delivery.mailing_id == mailing_id, Delivery.invitee_id == invitee_id, Delivery.state.in_(states))
    query = update(Delivery).where(*one).values(**values).execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", session.execute(query)).rowcount == 1
