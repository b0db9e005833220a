"""Surveys with people who are invited, and answering with their codes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.formats.people_in import PersonDetails
from survey.models import Invitee, Study, Survey
from survey.services import admission, invitees, live
from survey.services.admission import Ticket
from tests.fixtures import SECRET
from tests.services.answering import document, publish, submit

BY = "facilitator@office.example"


def people(number: int, unit: str = "", first: int = 0) -> list[PersonDetails]:
    """So many different people of one unit."""
    return [
        PersonDetails(f"Person {at:04}", f"person{at:04}@city.example", "", unit, "en")
        for at in range(first, first + number)
    ]


def invite(
    database: Database, study: Study, listed: list[PersonDetails], *, mode: str = "anonymous", **columns: Any
) -> int:
    """Publish the survey "it-survey" that asks for codes, and put people on its list."""
    survey_id = publish(database, study, document(), mode=mode, access="code", **columns)
    if listed:
        add(database, survey_id, listed)
    return survey_id


def add(database: Database, survey_id: int, listed: list[PersonDetails]) -> None:
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        invitees.take(session, SECRET, survey, listed, by=BY, left_out=0)
    live.forget_all()


def codes(database: Database, survey_id: int) -> dict[str, str]:
    """The code of each person, by name."""
    with database.reading() as session:
        rows = session.execute(select(Invitee.name, Invitee.id).where(Invitee.survey_id == survey_id))
        return {name: invitees.code_of_id(SECRET, survey_id, id) for name, id in rows}


def ticket(session: Session, code: str, slug: str = "it-survey") -> Ticket:
    return admission.ticket_for(session, SECRET, live.find(session, slug), code)


def answer(database: Database, code: str, answers: dict[str, Any], token: str = "") -> str:
    """Send answers with a code, as the page does: the code is looked up first, and used in the end."""
    with database.reading() as session:
        found = ticket(session, code)
    with database.writing() as session:
        return submit(session, token or f"token of {code}", answers, ticket=found)


def insert_people(session: Session, survey_id: int, rows: list[dict[str, Any]]) -> None:
    session.execute(insert(Invitee), [{"survey_id": survey_id, **row} for row in rows])
