"""Whether one more answer is taken, and on whose behalf: codes, quotas, closing at a number.

All of it in the transaction that stores the answer. The row of the survey is held first, then the ballot or
the invited person: whoever makes ballots or closes the survey takes them in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from survey.errors import Refusal
from survey.models import Invitee, Survey
from survey.services import ballots, invitees, quotas
from survey.services.live import LiveSurvey

INVITEE, SURVEY = (cast(Table, model.__table__) for model in (Invitee, Survey))
# Staff who type a sheet of paper or somebody's words on the phone have seen that it comes from a person.
FROM_STAFF = frozenset({"paper", "phone", "import"})

HELD = select(SURVEY.c.access, SURVEY.c.ballot_round, SURVEY.c.closing_number, SURVEY.c.quotas).where(
    SURVEY.c.id == bindparam("survey")
)
# With a limit one answer waits for the other, so that both are counted; without, they only keep the survey
# from being closed. The key stays free for rows that refer to it.
ALONE, TOGETHER = HELD.with_for_update(key_share=True), HELD.with_for_update(read=True)
MARK = (
    update(INVITEE)
    .where(
        INVITEE.c.id == bindparam("person"),
        INVITEE.c.survey_id == bindparam("survey"),
        INVITEE.c.answered.is_(False),
    )
    .values(answered=True)
    .returning(INVITEE.c.name, INVITEE.c.email, INVITEE.c.address, INVITEE.c.unit)
)


class NoCode(Refusal):
    """This survey asks for a code, and none came."""

    def __init__(self) -> None:
        super().__init__(_("This survey asks for a code. Type the code of your letter or e-mail."))


class UnknownCode(Refusal):
    """A code that is none of this survey's."""

    def __init__(self) -> None:
        super().__init__(_("This code is not one of this survey. Look at it again, and type all of it."))


class UsedCode(Refusal):
    """With this code answers were sent already."""

    def __init__(self) -> None:
        super().__init__(_("Answers were sent with this code already. Each code can be used once."))


@dataclass(frozen=True)
class Ticket:
    """With what somebody was let in: the code of a ballot, or the id of an invited person; and the key."""

    secret: str = field(repr=False)
    code: str = field(default="", repr=False)
    invitee: str = ""

    def ballot(self, survey_id: int, round: int) -> str:
        """The name of its ballot in that round."""
        return ballots.name(self.secret, survey_id, self.code, round)


@dataclass(frozen=True)
class Admitted:
    """What the code of an answer says: the unit it comes from; who answers, where the mode has a place."""

    unit: str = ""
    name: str = ""
    email: str = ""


def ticket_for(session: Session, secret: str, survey: LiveSurvey, code: str) -> Ticket:
    """What a code (as `spoken_codes.understand` gives it) lets in with; stores nothing.

    Raises `UsedCode` or `UnknownCode`. Of an anonymous survey nobody can tell these apart, as a used ballot
    is gone: what passes the check character is then taken for used.
    """
    if survey.mode != "anonymous":
        return Ticket(secret, invitee=_invited(session, secret, survey, code))
    ticket = Ticket(secret, code)
    round = session.execute(HELD, {"survey": survey.id}).one().ballot_round
    if not ballots.is_unused(session, survey.id, ticket.ballot(survey.id, round)):
        raise UsedCode
    return ticket


def _invited(session: Session, secret: str, survey: LiveSurvey, code: str) -> str:
    found = invitees.with_code(session, secret, survey.id, code)
    if found is None:
        raise UnknownCode
    person, has_answered = found
    if has_answered:
        raise UsedCode
    return person


def admit(
    session: Session, survey: LiveSurvey, answers: Mapping[str, Any], ticket: Ticket | None, source: str
) -> Admitted:
    """Take the ballot, or mark the person as having answered; nothing of it lasts unless all is stored.

    Raises `NoCode`, `UsedCode` or `quotas.Full`.
    """
    limited = survey.closing_number is not None or bool(survey.quotas)
    if survey.access != "code" and not limited:
        return Admitted()
    held = session.execute(ALONE if limited else TOGETHER, {"survey": survey.id}).one()
    quotas.check(session, survey.id, held.closing_number, held.quotas, answers)
    if held.access != "code":
        return Admitted()
    if ticket is None:
        if source in FROM_STAFF:
            return Admitted()
        raise NoCode
    return (
        _by_ballot(session, survey, ticket, held.ballot_round)
        if ticket.code
        else _by_name(session, survey, ticket)
    )


def _by_ballot(session: Session, survey: LiveSurvey, ticket: Ticket, round: int) -> Admitted:
    unit = ballots.use(session, survey.id, ticket.ballot(survey.id, round))
    if unit is None:
        raise UsedCode
    return Admitted(unit)


def _by_name(session: Session, survey: LiveSurvey, ticket: Ticket) -> Admitted:
    person = session.execute(MARK, {"person": ticket.invitee, "survey": survey.id}).one_or_none()
    if person is None:
        raise UsedCode
    unit = person.unit if survey.mode == "identified" or _is_large(session, survey, person.unit) else ""
    return Admitted(unit, person.name or person.email or person.address, person.email)


def _is_large(session: Session, survey: LiveSurvey, unit: str) -> bool:
    """Whether a unit is large enough that it may stand beside answers."""
    query = select(func.count()).where(INVITEE.c.survey_id == survey.id, INVITEE.c.unit == unit)
    return bool(unit) and (session.scalar(query) or 0) >= ballots.FEWEST
