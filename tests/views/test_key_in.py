"""Typing in sheets: once, whole, by one person or two, with no trace of who did it where that was said."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select, text

from survey.dates import today
from survey.db import Database
from survey.models import AuditRow, Ballot, Comment, KeyedSheet, Membership, Person, Response, Study, Survey
from survey.services import invitees, key_in, live, sealing, studies, surveys
from tests import sheets
from tests.fixtures import SECRET, login, post
from tests.people import Cast, Member, password_hash
from tests.views.studio import audits, text_of

DESK = "/studies/it-plan/surveys/travel/key-in"
SHEET = {"number": "7", "source": "paper", "language": "en", **sheets.ANSWERS}
DAY = today("UTC")


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


@pytest.fixture
def colleague(app: Flask, database: Database, study: Study, cast: Cast) -> FlaskClient:
    """A second facilitator."""
    with database.writing() as session:
        person = Person(
            email="second@office.example", name="Second", roles=["facilitator"], password_hash=password_hash()
        )
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, study_id=study.id))
        member = Member(person.id, person.email, ("facilitator",))
    return login(app.test_client(), member)


def make(database: Database, study: Study, **columns: Any) -> int:
    with database.writing() as session:
        survey = sheets.make(session, studies.by_slug(session, study.slug), **columns)
        number = survey.id
    live.forget("travel")
    return number


def send(client: FlaskClient, url: str = DESK, **changed: Any) -> Any:
    return post(client, url, {**SHEET, **changed})


def responses(database: Database) -> list[Response]:
    with database.reading() as session:
        return list(session.scalars(select(Response)))


def keyed(database: Database) -> list[KeyedSheet]:
    with database.reading() as session:
        return list(session.scalars(select(KeyedSheet)))


def test_a_sheet_is_stored_and_the_next_one_asked_for(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    before = audits(database)
    reply = send(facilitator, number="007", source="phone", language="ar")
    assert reply.status_code == 303, text_of(reply)
    (stored,) = responses(database)
    assert (stored.source, stored.language, stored.day, stored.mode) == ("phone", "ar", DAY, "anonymous")
    assert stored.answers["often"] == "c1"
    assert stored.answers["first"] == ["c1", "c2", "c3"]
    with database.reading() as session:
        assert session.scalars(select(Comment.text)).all() == ["More shade at the stops."]
    assert audits(database) == before + 1
    page = html.fromstring(facilitator.get(reply.location).text)
    number = page.xpath("//input[@id='number']")[0]
    assert (number.get("value"), "autofocus" in number.attrib) == ("008", True)
    chosen = page.xpath("//option[@selected]/@value")
    assert chosen[:2] == ["phone", "ar"]


def test_the_page_has_every_question_with_its_number_on_paper(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    page = html.fromstring(facilitator.get(DESK).text)
    words = " ".join(page.xpath("//form//*[contains(@class,'question')]//text()"))
    for at, question in enumerate(sheets.QUESTIONS[1:], start=1):
        name = question["label"]["en"].replace("${stop}", "…")
        assert f"{at}. {name}" in words
    assert len(page.xpath("//h1")) == 1


def test_what_is_wrong_comes_back_with_everything_typed(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    reply = send(facilitator, number="", **{"q-years": "many", "q-more": "Kept words"})
    assert reply.status_code == 422
    page = text_of(reply)
    assert "Type the number of the sheet" in page
    assert "Type a number in digits" in page
    assert "Kept words" in reply.text
    assert responses(database) == keyed(database) == []


@pytest.mark.parametrize("number", ["x" * 41, "7\0", "\ud800".encode("utf-8", "surrogatepass")])
def test_numbers_that_cannot_be_kept_are_refused(
    facilitator: FlaskClient, database: Database, study: Study, number: Any
) -> None:
    make(database, study)
    assert send(facilitator, number=number).status_code in (303, 422)
    assert all("\0" not in sheet.number for sheet in keyed(database))


def test_the_same_sheet_twice_is_said(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make(database, study)
    assert send(facilitator, number="A 7").status_code == 303
    reply = send(facilitator, number=" a  7 ")
    assert reply.status_code == 422
    assert "Sheet A 7 was typed in already" in text_of(reply)
    assert len(responses(database)) == 1


def test_two_people_who_type_one_sheet_at_once_store_it_once(
    app: Flask, facilitator: FlaskClient, colleague: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    replies: list[int] = []
    both = [
        threading.Thread(target=lambda c=client: replies.append(send(c).status_code))  # type: ignore[misc]
        for client in (facilitator, colleague)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(replies) in ([303, 303], [303, 422])
    assert len(responses(database)) == len(keyed(database)) == 1


def test_answers_to_questions_that_are_not_asked_are_said_before_they_are_left_out(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    reply = send(facilitator, **{"q-bus": "no"})
    assert reply.status_code == 422
    assert "Answered, but not asked" in text_of(reply)
    assert "How often do you take it?" in text_of(reply)
    assert responses(database) == []
    assert send(facilitator, **{"q-bus": "no", "drop": "1"}).status_code == 303
    (stored,) = responses(database)
    assert not {"often", "stop", "happy"} & stored.answers.keys()


# Two people


def test_a_sheet_that_two_people_read_alike_is_stored_once(
    facilitator: FlaskClient, colleague: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    assert send(facilitator, twice="1").status_code == 303
    assert (responses(database), [sheet.state for sheet in keyed(database)]) == ([], ["first"])
    again = send(facilitator)
    assert (again.status_code, "Somebody else has to" in text_of(again)) == (422, True)
    assert "Type it again" in colleague.get(DESK).text
    assert send(colleague).status_code == 303
    assert len(responses(database)) == 1
    (sheet,) = keyed(database)
    assert (sheet.state, sheet.typed, sheet.first_by) == ("stored", {}, "")


def test_two_readings_are_shown_side_by_side_and_one_is_chosen(
    facilitator: FlaskClient, colleague: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    send(facilitator, twice="1")
    other = {"q-often": "c2", "q-years": "21"}
    reply = send(colleague, **other)
    assert reply.status_code == 422
    page = text_of(reply)
    assert "Every day" in page
    assert "Every week" in page
    assert responses(database) == []
    fields = dict(html.fromstring(reply.text).forms[0].fields)
    sent = {name: value.removeprefix("\n") for name, value in fields.items() if value is not None}
    assert (sent["q-often"], sent["number"]) == ("c2", "7")
    half = post(colleague, DESK, {**SHEET, **other, "pick-often": "first", "settle": "1"})
    assert (half.status_code, "Choose what stands on the sheet" in text_of(half)) == (422, True)
    picks = {"pick-often": "first", "pick-years": "second", "settle": "1"}
    assert post(colleague, DESK, {**SHEET, **other, **picks}).status_code == 303
    (stored,) = responses(database)
    assert (stored.answers["often"], stored.answers["years"]) == ("c1", 21)


def test_neither_reading_leads_back_to_the_form(
    facilitator: FlaskClient, colleague: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    send(facilitator, twice="1")
    reply = send(colleague, **{"q-years": "21", "form": "1"})
    assert (reply.status_code, 'value="21"' in reply.text) == (422, True)
    assert responses(database) == []


def test_what_one_person_typed_can_be_thrown_away(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    send(facilitator, twice="1")
    (sheet,) = keyed(database)
    assert post(facilitator, f"{DESK}/{sheet.id}/forget").status_code == 303
    assert keyed(database) == []
    assert post(facilitator, f"{DESK}/{sheet.id}/forget").status_code == 404


# What was promised


def test_nothing_joins_an_anonymous_answer_to_whoever_typed_it(
    facilitator: FlaskClient, database: Database, study: Study, cast: Cast
) -> None:
    make(database, study)
    send(facilitator)
    with database.reading() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc())).first()
        assert row is not None
        assert (row.action, row.by, row.details) == (
            "key-in.store",
            cast.facilitator.email,
            {"source": "paper"},
        )
        (response,), (sheet,) = responses(database), keyed(database)
        told = json.dumps([sheet.typed, sheet.first_by, response.answers], default=str)
        assert cast.facilitator.email not in told
        if not database.is_sqlite:
            transactions = [
                session.scalar(
                    text(f"SELECT xmin::text FROM {table} ORDER BY xmin::text::bigint DESC LIMIT 1")
                )
                for table in ("response", "audit_row", "keyed_sheet")
            ]
            assert transactions[0] not in transactions[1:]


def test_closing_an_anonymous_survey_leaves_nothing_of_its_sheets(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    send(facilitator, twice="1")
    send(facilitator, number="8")
    with database.writing() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        surveys.close(session, survey, by="tests")
    sealing.compact(database)
    assert keyed(database) == []
    assert "closed and sealed" in text_of(facilitator.get(DESK))
    assert send(facilitator, number="9").status_code >= 400
    assert len(responses(database)) == 1


def test_a_machine_that_stops_between_answer_and_note_loses_and_doubles_nothing(
    facilitator: FlaskClient, database: Database, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(database, study)

    def stop(*_args: object, **_more: object) -> None:
        raise RuntimeError("the machine stops")

    with monkeypatch.context() as broken:
        broken.setattr(key_in, "finish", stop)
        assert send(facilitator).status_code == 500
    assert (len(responses(database)), keyed(database)) == (1, [])
    reply = send(facilitator)
    assert reply.status_code == 303
    assert "typed in already" in text_of(facilitator.get(reply.location))
    assert (len(responses(database)), [sheet.state for sheet in keyed(database)]) == (1, ["stored"])


# Codes, days, names, versions


def test_a_code_on_the_sheet_uses_its_ballot_up(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    survey_id = make(database, study, access="code")
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        people = sheets.invite(session, survey, *(f"p{at}@x.example" for at in range(20)))
        invitees.give_first_ballots(session, SECRET, survey)
        code = invitees.code_of_id(SECRET, survey_id, people[0])
    live.forget("travel")
    wrong = send(facilitator, code="ABC")
    assert (wrong.status_code, responses(database)) == (422, [])
    assert 'value="ABC"' in wrong.text
    assert send(facilitator, code=code.lower()).status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ballot)) == 19
    used = send(facilitator, number="8", code=code)
    assert (used.status_code, "sent with this code already" in text_of(used)) == (422, True)
    assert send(facilitator, number="8", code="").status_code == 303
    assert len(responses(database)) == 2


def test_a_sheet_that_comes_after_the_last_day_counts_for_that_day(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, closes_on=DAY - timedelta(days=3))
    assert send(facilitator).status_code == 303
    assert responses(database)[0].day == DAY - timedelta(days=3)


def test_a_survey_that_has_not_begun_takes_no_sheet(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, opens_on=DAY + timedelta(days=3))
    assert send(facilitator).status_code == 422
    assert responses(database) == []


def test_an_identified_survey_asks_for_the_name_on_the_sheet(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, mode="identified")
    assert "Your name" in facilitator.get(DESK).text
    assert send(facilitator).status_code == 422
    assert send(facilitator, **{"q-_name": "Ana", "q-_email": ""}).status_code == 303
    assert responses(database)[0].respondent_id is not None


def test_a_sheet_of_an_earlier_version_is_typed_as_that(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    survey_id = make(database, study)
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        changed = sheets.document()
        changed["pages"][1]["questions"] = [q for q in changed["pages"][1]["questions"] if q["id"] != "years"]
        surveys.save_document(session, survey, changed, by="tests")
        surveys.publish(session, survey, by="tests")
        first = survey.versions[0].id
    live.forget("travel")
    assert "How many years" not in facilitator.get(DESK).text
    assert "How many years" in facilitator.get(f"{DESK}?version=1").text
    reply = send(facilitator, f"{DESK}?version=1")
    assert (reply.status_code, "version=1" in reply.location) == (303, True)
    assert [(one.version_id, one.answers["years"]) for one in responses(database)] == [(first, 12)]


def test_planners_type_nothing_in(client: FlaskClient, cast: Cast, database: Database, study: Study) -> None:
    make(database, study)
    planner = login(client, cast.planner)
    assert planner.get(DESK).status_code == 403
    assert send(planner).status_code == 403


def test_a_draft_takes_no_sheet(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make(database, study, publish=False)
    assert "not published yet" in text_of(facilitator.get(DESK))
    assert 400 <= send(facilitator).status_code < 500
