"""Pages of invitations: the list of people by hand and from a file, rates, limits, codes to hand out."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import AuditRow, Ballot, Invitee, Membership, Person, Study, Survey
from survey.services import live
from survey.spoken_codes import understand
from tests.fixtures import login, post, token
from tests.people import Cast
from tests.services.answering import submit
from tests.services.inviting import add, codes, people, ticket
from tests.views.studio import HOSTILE, SURVEY, make_survey, revision, send, text_of

PEOPLE, IMPORT = f"{SURVEY}/people", f"{SURVEY}/people/import"
FILE = (
    "Name;E-mail;Department;Address\nAna Díaz;ana@city.example;Parks;1 Main St\n"
    "Bob;bob@city.example;Parks;\nana diaz;ANA@city.example;Roads;\nCid;cid@;Roads;\n\nDee;;Roads;2 Oak St\n"
)


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def with_codes(database: Database, study: Study, mode: str = "anonymous") -> int:
    """The survey "services", published, which asks for codes."""
    make_survey(database, study, mode=mode, publish=True)
    with database.writing() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == "services")).one()
        survey.access = "code"
        number = survey.id
    live.forget_all()
    return number


def choose(client: FlaskClient, content: str | bytes, name: str = "people.csv") -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    form = {"csrf_token": token(client, IMPORT), "file": (io.BytesIO(data), name), "end": "1"}
    return client.post(IMPORT, data=form, content_type="multipart/form-data")


COLUMNS = {"name": "Name", "email": "E-mail", "unit": "Department", "address": "Address"}


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(Invitee.name)))


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))


def test_people_of_a_file_are_looked_at_before_they_are_taken(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    reply = choose(facilitator, FILE)
    assert reply.status_code == 303
    page = text_of(facilitator.get(reply.location))
    assert "3 people taken" in page
    assert "2 rows left out" in page
    assert "1 empty row" in page
    assert "Line 4 is the same person as line 2 (same e-mail)" in page
    assert "Line 5 has “cid@”, which cannot be an e-mail address" in page
    assert names(database) == [], "looking stores nothing"
    again = post(facilitator, reply.location, {**COLUMNS, "unit": "", "go": "look"})
    assert again.status_code == 200
    stored = post(facilitator, reply.location, {**COLUMNS, "go": "take"})
    assert (stored.status_code, stored.location) == (303, PEOPLE)
    assert names(database) == ["Ana Díaz", "Bob", "Dee"]
    page = text_of(facilitator.get(PEOPLE))
    assert "3 people are on the list now" in page
    with database.reading() as session:
        (row,) = session.scalars(select(AuditRow).where(AuditRow.action == "invitees.import"))
        assert row.details == {"taken": 3, "left_out": 2}
    gone = post(facilitator, reply.location, {**COLUMNS, "go": "take"}, follow_redirects=True)
    assert "not here any more" in text_of(gone)
    assert len(names(database)) == 3


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "p.csv", "The file is empty"),
        ("name,email\n", "p.csv", "no rows under it"),
        (b"%PDF-1.4", "p.pdf", "a PDF document"),
        ('name\n"open\nMore\n', "p.csv", "quotation mark"),
        (b"PK\x03\x04broken", "p.xlsx", "Excel"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    facilitator: FlaskClient, database: Database, study: Study, content: str | bytes, name: str, sentence: str
) -> None:
    make_survey(database, study)
    reply = choose(facilitator, content, name)
    assert (reply.status_code, sentence in text_of(reply)) == (422, True)


def test_a_list_without_names_says_so(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make_survey(database, study)
    page = facilitator.get(choose(facilitator, "a,b\n1,2\n").location)
    assert "Choose the column with the names" in text_of(page)


def test_bad_bytes_and_hostile_words_are_only_words(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    row = '"' + HOSTILE.replace('"', '""') + '",h@city.example\n'
    data = ("name,email\nZoë Ögürt çé ñ,z@city.example\n" + row).encode() + b"Jos\xe9,j@city.example\n"
    reply = choose(facilitator, data)
    assert "1 unreadable character" in text_of(facilitator.get(reply.location))
    stored = post(facilitator, reply.location, {"name": "name", "email": "email", "go": "take"})
    assert stored.status_code == 303
    page = facilitator.get(PEOPLE)
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text


def test_a_person_is_added_changed_and_removed_and_that_is_taken_back(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    ana = {"name": "Ana", "email": "ana@city.example", "address": "1 Main St\r\nTown", "unit": "Parks"}
    assert post(facilitator, f"{PEOPLE}/new", {**ana, "language": "es"}).status_code == 303
    person = only(database)
    assert (person.address, person.language, person.state) == ("1 Main St\nTown", "es", "listed")
    seen = seen_of(facilitator, person.id)
    changed = post(facilitator, f"{PEOPLE}/{person.id}", {**ana, "name": "Ana B.", "seen": seen})
    assert changed.status_code == 303
    assert post(facilitator, f"{PEOPLE}/{person.id}/remove").status_code == 303
    assert names(database) == []
    page = facilitator.get(PEOPLE)
    assert "“Ana B.” was taken off the list" in text_of(page)
    kept = re.search(r'name="removed" value="([^"]+)"', page.text)
    assert kept
    assert "taken off" not in facilitator.get(PEOPLE).text, "the name is kept nowhere after that page"
    assert post(facilitator, f"{PEOPLE}/restore", {"removed": kept[1]}).status_code == 303
    assert only(database).id == person.id
    again = post(facilitator, f"{PEOPLE}/restore", {"removed": kept[1]}, follow_redirects=True)
    assert "on the list again" in text_of(again)
    assert post(facilitator, f"{PEOPLE}/restore", {"removed": kept[1][:-2]}).status_code == 404
    written = [action for action in actions(database) if action.startswith("invitees.")]
    assert written == [f"invitees.{name}" for name in ("add", "change", "remove", "restore")]
    with database.reading() as session:
        details = str([(row.object, row.details) for row in session.scalars(select(AuditRow))])
    assert "Ana" not in details
    assert "ana@" not in details


def only(database: Database) -> Invitee:
    with database.reading() as session:
        return session.scalars(select(Invitee)).one()


def seen_of(client: FlaskClient, person: str) -> str:
    match = re.search(r'name="seen"[^>]*value="([^"]+)"', client.get(f"{PEOPLE}/{person}").text)
    assert match
    return match[1]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Type a name, an e-mail or an address"),
        ({"name": "Ana", "email": "ana@city"}, "Type the e-mail address in full"),
        ({"name": "x" * 201}, "Use at most 200 characters"),
        ({"name": "Ana", "language": "Spanish!"}, "as a tag"),
        ({"name": "Ana", "email": "bob@CITY.example"}, "on the list already"),
        ({"name": "A\x00na"}, "cannot be stored"),
    ],
)
def test_what_cannot_be_on_the_list_is_said_and_kept_in_the_form(
    facilitator: FlaskClient, database: Database, study: Study, fields: dict[str, str], sentence: str
) -> None:
    make_survey(database, study)
    post(facilitator, f"{PEOPLE}/new", {"name": "Bob", "email": "bob@city.example"})
    reply = post(facilitator, f"{PEOPLE}/new", fields)
    assert (reply.status_code, sentence in text_of(reply)) == (422, True)
    assert all(value in reply.text for value in fields.values() if "\x00" not in value)
    assert names(database) == ["Bob"]


def test_two_who_change_one_person_do_not_overwrite_each_other(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    post(facilitator, f"{PEOPLE}/new", {"name": "Ana"})
    person = only(database)
    seen = seen_of(facilitator, person.id)
    post(facilitator, f"{PEOPLE}/{person.id}", {"name": "First", "seen": seen})
    stale = post(facilitator, f"{PEOPLE}/{person.id}", {"name": "Second", "seen": seen})
    assert (stale.status_code, names(database)) == (409, ["First"])
    assert "Second" in stale.text
    assert "First" in text_of(stale)


def test_the_list_is_searched_and_has_pages(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    number = with_codes(database, study)
    add(database, number, people(120, "Parks") + people(10, "Roads", 500))
    page = text_of(facilitator.get(PEOPLE))
    assert "130 people" in page
    assert "Page 1 of 3" in page
    found = text_of(facilitator.get(f"{PEOPLE}?text=person0503+roads"))
    assert "1 person" in found
    assert "10 people" in text_of(facilitator.get(f"{PEOPLE}?unit=Roads"))
    assert "Nobody fits" in text_of(facilitator.get(f"{PEOPLE}?text=%25"))
    for odd in ("page=0", "page=99999999999", "text=%00", "unit=none", "page=x"):
        assert facilitator.get(f"{PEOPLE}?{odd}").status_code == 200


def test_only_permitted_staff_see_the_list(
    client: FlaskClient, cast: Cast, database: Database, study: Study
) -> None:
    make_survey(database, study)
    for person, status in ((cast.planner, 403), (cast.administrator, 403), (cast.auditor, 403)):
        browser = client.application.test_client()
        login(browser, person)
        assert browser.get(PEOPLE).status_code == status
    assert client.application.test_client().get(PEOPLE).status_code == 302


def test_a_small_anonymous_list_is_refused_and_the_page_says_why(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    with_codes(database, study)
    reply = post(facilitator, f"{PEOPLE}/new", {"name": "Ana"})
    assert (reply.status_code, "fewer than 5 people" in text_of(reply)) == (422, True)
    file = choose(facilitator, "name\nA\nB\n")
    reply = post(facilitator, file.location, {"name": "name", "go": "take"})
    assert (reply.status_code, "fewer than 5 people" in text_of(reply)) == (422, True)
    assert names(database) == []


def test_removing_somebody_from_an_anonymous_list_shows_not_whether_they_answered(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    number = with_codes(database, study)
    add(database, number, people(6))
    mine = codes(database, number)
    with database.reading() as session:
        ids = {p.name: p.id for p in session.scalars(select(Invitee))}
    post(facilitator, f"{PEOPLE}/{ids['Person 0001']}/remove")
    with database.reading() as session:
        assert len(session.scalars(select(Ballot.id)).all()) == 6
    answer_with(database, mine["Person 0001"])


def answer_with(database: Database, code: str) -> None:
    with database.reading() as session:
        found = ticket(session, code, "services")
    with database.writing() as session:
        submit(session, code, {"ease": "easy"}, slug="services", ticket=found)


def test_rates_are_shown_by_unit_and_never_small(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    number = with_codes(database, study)
    assert "Nobody is invited yet" in text_of(facilitator.get(f"{SURVEY}/invitations"))
    add(database, number, people(12, "Parks") + people(8, "Roads", 100) + people(3, "Health", 200))
    everybody = list(codes(database, number).items())
    for _name, code in [one for one in everybody if one[0] < "Person 0004"]:
        answer_with(database, code)
    page = text_of(facilitator.get(f"{SURVEY}/invitations"))
    assert "Fewer than 5 have answered" in page
    for _name, code in [one for one in everybody if one[0] >= "Person 0004"]:
        answer_with(database, code)
    page = facilitator.get(f"{SURVEY}/invitations")
    assert "Health" not in page.text
    assert "Other units together" in page.text
    assert page.text.count("<svg") >= 2


def test_a_limit_is_set_shown_and_taken_away(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study, publish=True)
    page = f"{SURVEY}/invitations"
    assert (
        send(facilitator, database, "/invitations/quotas", {"choice": "ease/easy", "most": "2"}).status_code
        == 303
    )
    assert "How easy is it? – Easy" in text_of(facilitator.get(page))
    for wrong in (
        {"choice": "ease/easy", "most": "3"},
        {"choice": "", "most": "3"},
        {"choice": "ease/hard", "most": "0"},
        {"choice": "ease/hard", "most": "x"},
        {"choice": "gone/hard", "most": "1"},
    ):
        assert send(facilitator, database, "/invitations/quotas", wrong).status_code == 422
    stale = post(
        facilitator, f"{page}/quotas", {"revision": revision(database) - 1, "choice": "ease/hard", "most": 1}
    )
    assert stale.status_code == 409
    assert (
        send(facilitator, database, "/invitations/quotas/remove", {"choice": "ease/easy"}).status_code == 303
    )
    with database.reading() as session:
        assert session.scalars(select(Survey.quotas)).one() == []
    assert actions(database)[-2:] == ["surveys.quotas"] * 2


SETTINGS = {"title.en": "City services", "layout": "question", "mode": "anonymous", "audience": ""}


def test_who_can_answer_is_a_setting_and_fixed_for_an_anonymous_survey_once_it_is_published(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    wanted = {**SETTINGS, "access": "code", "closing_number": "200"}
    assert send(facilitator, database, "/settings", wanted).status_code == 303
    with database.reading() as session:
        survey = session.scalars(select(Survey)).one()
        assert (survey.access, survey.closing_number) == ("code", 200)
    add_people(facilitator, 6)
    assert send(facilitator, database, "/publish").status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(Ballot.id)).all()) == 6
    refused = send(facilitator, database, "/settings", {**wanted, "access": "once"})
    assert (refused.status_code, "cannot change any more" in text_of(refused)) == (422, True)
    for wrong in ({"closing_number": "0"}, {"closing_number": "many"}, {"access": "none"}):
        assert send(facilitator, database, "/settings", {**wanted, **wrong}).status_code == 422


def add_people(client: FlaskClient, number: int) -> None:
    for at in range(number):
        assert post(client, f"{PEOPLE}/new", {"name": f"Person {at}"}).status_code == 303


def test_a_survey_with_too_small_a_list_is_not_published(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make_survey(database, study)
    send(facilitator, database, "/settings", {**SETTINGS, "access": "code"})
    add_people(facilitator, 3)
    reply = send(facilitator, database, "/publish")
    assert (reply.status_code, "fewer than 5 people" in text_of(reply)) == (422, True)


def test_codes_to_hand_out_are_shown_for_an_hour_and_stored_nowhere(
    facilitator: FlaskClient, database: Database, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_codes(database, study)
    reply = post(facilitator, f"{SURVEY}/invitations/codes", {"number": "30", "unit": "Parks"})
    assert reply.status_code == 303
    page = facilitator.get(reply.location)
    shown = re.findall(r'class="receipt"[^>]*><b>([^<]+)</b>', page.text)
    assert len(set(shown)) == 30
    rows = list(
        csv.reader(io.StringIO(facilitator.get(reply.location + "&format=csv").text.lstrip("\ufeff")))
    )
    assert [row[0] for row in rows[1:]] == shown
    assert rows[1][1] == f"http://localhost/answer/services/code#{understand(shown[0])}"
    answer_with(database, understand(shown[7]))
    with database.reading() as session:
        assert len(session.scalars(select(Ballot.id)).all()) == 29
        everything = str([tuple(row) for row in session.execute(select(Ballot.__table__))])
        everything += str([row.details for row in session.scalars(select(AuditRow))])
    assert not [code for code in shown if understand(code) in everything]
    assert "codes.make" in actions(database)
    monkeypatch.setattr("survey.services.code_sheets.SECONDS", -1)
    late = facilitator.get(reply.location, follow_redirects=True)
    assert "cannot be shown any more" in text_of(late)


def test_codes_are_for_who_made_them(
    facilitator: FlaskClient, database: Database, study: Study, cast: Cast
) -> None:
    with_codes(database, study)
    reply = post(facilitator, f"{SURVEY}/invitations/codes", {"number": "5", "unit": ""})
    with database.writing() as session:
        other = session.get_one(Person, cast.planner.id)
        other.roles = ["facilitator"]
        assert session.get(Membership, (other.id, study.id))
    browser = login(facilitator.application.test_client(), cast.planner)
    assert browser.get(reply.location).status_code == 404


@pytest.mark.parametrize("fields", [{"number": "4"}, {"number": "5001"}, {"number": "x"}, {"number": ""}])
def test_a_number_of_codes_that_cannot_be_is_refused(
    facilitator: FlaskClient, database: Database, study: Study, fields: dict[str, Any]
) -> None:
    with_codes(database, study)
    assert post(facilitator, f"{SURVEY}/invitations/codes", fields).status_code == 422


def test_codes_without_names_are_for_anonymous_surveys(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    with_codes(database, study, "confidential")
    reply = post(facilitator, f"{SURVEY}/invitations/codes", {"number": "5"})
    assert (reply.status_code, "anonymous surveys" in text_of(reply)) == (422, True)
