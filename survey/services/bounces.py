"""Mail that came back: who is not reached and why, putting the address right, reading what servers report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.errors import NotFound, Refusal
from survey.mail import DOMAIN, LOCAL_PART, MOST_REASON, plain_line
from survey.models import Delivery, Invitee, Mailing, Survey
from survey.services import audit, deliveries, mailings

MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Report:
    """One address that a server could not deliver to, and its reason."""

    email: str
    reason: str


def of_survey(session: Session, survey: Survey) -> list[Invitee]:
    """People whom mail does not reach."""
    query = select(Invitee).where(Invitee.survey_id == survey.id, Invitee.state == "bounced")
    return list(session.scalars(query.order_by(Invitee.name, Invitee.email, Invitee.id)))


def person_of(session: Session, survey: Survey, invitee_id: str) -> Invitee:
    """One of them; raise `NotFound` for anybody else."""
    found = session.get(Invitee, invitee_id[:32])
    if found is None or found.survey_id != survey.id or found.state != "bounced":
        raise NotFound
    return found


def put_right(session: Session, survey: Survey, person: Invitee, email: str, *, by: str) -> Mailing | None:
    """Give a person another address, and send the mailing that came back once more.

    Returns that mailing; None when there is none, so that the person waits for the next invitation.
    """
    person.email, person.state, person.note = _checked(session, survey, person, email), "listed", ""
    mailing = _came_back(session, person)
    session.flush()
    if mailing is None or survey.state != "open":
        audit.record(session, by, "mailings.address", survey.slug)
        return None
    one = session.get_one(Delivery, (mailing.id, person.id))
    one.state, one.tries, one.reason = "waiting", 0, ""
    session.flush()
    mailings.go_on(session, survey, mailing, by=by, why="address")
    return mailing


def _checked(session: Session, survey: Survey, person: Invitee, email: str) -> str:
    email = email.strip()
    local, _at, domain = email.rpartition("@")
    if not LOCAL_PART.fullmatch(local) or not DOMAIN.fullmatch(domain) or len(email) > 254:
        raise Refusal(_("Type an e-mail address in full, such as name@city.example."))
    same = select(Invitee.id).where(
        Invitee.survey_id == survey.id, func.lower(Invitee.email) == email.lower(), Invitee.id != person.id
    )
    if session.scalar(same.limit(1)):
        raise Refusal(_("Somebody else on the list has this address already."))
    return email


def _came_back(session: Session, person: Invitee) -> Mailing | None:
    """The newest mailing that this person was to get and did not."""
    query = select(Mailing).join(Delivery, Delivery.mailing_id == Mailing.id)
    mine = (
        Delivery.invitee_id == person.id,
        Mailing.kind != "letter",
        Delivery.state.in_(("refused", "sent")),
    )
    return session.scalar(query.where(*mine).order_by(Mailing.id.desc()).limit(1))


def read_report(data: bytes) -> list[Report]:
    """What a delivery status notification (RFC 3464) says of addresses that failed for good.

    Raises `Refusal` when the file is no such notification.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("The file is too large to be a message that came back.")
    parts = [part for part in message_from_bytes(data).walk() if part.get_content_type() == STATUS]
    if not parts:
        raise Refusal("This is no report of mail that came back: it has no part message/delivery-status.")
    return [report for part in parts for report in _failed(part)]


STATUS = "message/delivery-status"


def _failed(part: Message) -> Iterator[Report]:
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message) or str(block.get("Action", "")).strip().lower() != "failed":
            continue
        address = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
        said = str(block.get("Diagnostic-Code") or block.get("Status") or "")
        yield Report(address.partition(";")[2].strip(" <>\t\r\n"), plain_line(re.sub(r"^\s*smtp;", "", said)))


def take_in(session: Session, reports: list[Report], *, by: str) -> int:
    """Mark the people of these addresses, in every survey that wrote to them; returns how many."""
    marked = 0
    for report in reports:
        mine = (func.lower(Invitee.email) == report.email.lower(), Invitee.state == "sent")
        for person in session.scalars(select(Invitee).where(*mine)):
            deliveries.mark_bounced(session, person.id, report.reason[:MOST_REASON])
            marked += 1
    audit.record(session, by, "mailings.bounced", "mail", reports=len(reports), people=marked)
    return marked
