"""Pages of mailings: writing, looking, trying, sending, stopping, printing, and the way out for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import inspect, select

from survey import create_app
from survey.config import Settings
from survey.db import Database
from survey.jobs import worker
from survey.models import Delivery, Invitee, Job, Mailing, Study, Survey
from survey.qr import qr_of
from survey.services import addressed, deliveries, invitees, studies
from tests import sheets
from tests.fixtures import SECRET, login, post
from tests.people import Cast
from tests.support import smtp
from tests.views.studio import HOSTILE, audits, make_survey, text_of

BASE = "/studies/it-plan/surveys/travel"
MAILINGS = f"{BASE}/mailings"
WORDS = {
    "subject.en": "Please: {title}",
    "text.en": "Hello {name}, open {link}",
    "subject.ar": "",
    "text.ar": "",
}


@pytest.fixture
def mail_server() -> Iterator[smtp.Post]:
    with smtp.serving() as served:
        yield served


@pytest.fixture
def app(database: Database, mail_server: smtp.Post) -> Flask:
    """The application with a mail server."""
    url = database.write.url.render_as_string(hide_password=False)
    where = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_tls": "none"}
    settings = Settings(
        database_url=url, secret_key=SECRET, worker="separate", smtp_from="City <s@c.example>", **where
    )
    app = create_app(settings, database)
    app.testing = False
    return app


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.facilitator)


def make(database: Database, study: Study, *people: str, **columns: Any) -> None:
    values = {"access": "code", **columns}
    with database.writing() as session:
        survey = sheets.make(session, studies.by_slug(session, study.slug), **values)
        sheets.invite(session, survey, *people)


def send(client: FlaskClient, url: str, data: dict[str, Any] | None = None) -> Any:
    return post(client, url, {"revision": 0, **(data or {})})


def write(client: FlaskClient, kind: str = "invitation", **words: str) -> str:
    """Write a mailing; returns its address."""
    reply = send(client, f"{MAILINGS}/new?kind={kind}", {**WORDS, "whom": "all", **words})
    assert reply.status_code == 303, text_of(reply)
    return str(reply.location)


def rows(database: Database, model: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.scalars(select(model).order_by(*inspect(model).primary_key)))


def totals(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return deliveries.totals(session, session.scalars(select(Mailing.id)).one())


def test_an_invitation_is_written_looked_at_tried_and_sent(
    facilitator: FlaskClient,
    database: Database,
    study: Study,
    cast: Cast,
    mail_server: smtp.Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(database, study, "ana@x.example", "bob@x.example")
    page = facilitator.get(f"{MAILINGS}/new?kind=invitation")
    assert "You are invited: {title}" in page.text
    one = write(facilitator)
    look = text_of(facilitator.get(one))
    assert "Please: Getting around the city" in look
    assert "Hello Sample Person, open http://localhost/answer/travel/code#" in look
    assert "It goes to 2 people" in look
    before = audits(database)
    assert send(facilitator, f"{one}/test").status_code == 303
    assert mail_server.to == [cast.facilitator.email]
    assert audits(database) == before + 1
    assert (totals(database), [p.state for p in rows(database, Invitee)]) == ({}, ["listed"] * 2)
    assert send(facilitator, f"{one}/send").location == one
    assert audits(database) == before + 2
    assert "0 of 2" in text_of(facilitator.get(one))
    for name, value in {
        "SECRET_KEY": SECRET,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_server.port),
        "SMTP_TLS": "none",
        "SMTP_FROM": "City <s@c.example>",
        "SMTP_PER_MINUTE": "100000",
    }.items():
        monkeypatch.setenv(f"SURVEY_{name}", value)
    worker.drain(database)
    assert sorted(mail_server.to[1:]) == ["ana@x.example", "bob@x.example"]
    assert "Taken by the mail server 2 people" in text_of(facilitator.get(one))
    assert send(facilitator, f"{one}/send").status_code == 422


def test_the_mail_of_a_test_comes_when_the_server_is_away_too_as_a_sentence(
    facilitator: FlaskClient, database: Database, study: Study, mail_server: smtp.Post
) -> None:
    make(database, study, "ana@x.example")
    mail_server.on_to = lambda _to: "550 not you"
    one = write(facilitator)
    send(facilitator, f"{one}/test")
    assert "did not take it: 550 not you" in text_of(facilitator.get(one))


def test_reminders_of_anonymous_surveys_say_that_everybody_gets_them(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, "ana@x.example")
    assert "A reminder goes to everybody" in text_of(facilitator.get(f"{MAILINGS}/new?kind=reminder"))
    one = write(facilitator, "reminder")
    assert "Everybody we invited gets this reminder" in text_of(facilitator.get(one))


def test_reminders_of_other_surveys_do_not(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, "ana@x.example", mode="confidential")
    assert "only to people who have not answered" in text_of(facilitator.get(f"{MAILINGS}/new?kind=reminder"))
    assert "Everybody we invited" not in text_of(facilitator.get(write(facilitator, "reminder")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"text.en": "Hello"}, "Put {link} into the text"),
        ({"text.en": "{link} {mail}"}, "{mail} cannot be filled in"),
        ({"text.en": ""}, "Write a subject and a text"),
        ({"text.en": "{link}" + "x" * 6000}, "at most 5000 characters"),
        ({"text.en": "{link}\0"}, "cannot be stored"),
        ({"whom": "strangers"}, ""),
    ],
)
def test_what_has_to_be_put_right_comes_back_with_everything_typed(
    facilitator: FlaskClient, database: Database, study: Study, words: dict[str, str], said: str
) -> None:
    make(database, study, "ana@x.example")
    reply = send(facilitator, f"{MAILINGS}/new?kind=invitation", {**WORDS, "whom": "all", **words})
    assert reply.status_code == 422
    assert said in text_of(reply)
    assert "Please: {title}" in reply.text
    assert rows(database, Mailing) == []


def test_two_people_who_change_one_text(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make(database, study, "ana@x.example")
    one = write(facilitator)
    page = facilitator.get(f"{one}/edit").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    form = {**WORDS, "whom": "all", "seen": seen[1]}
    assert send(facilitator, f"{one}/edit", {**form, "subject.en": "First"}).status_code == 303
    late = send(facilitator, f"{one}/edit", {**form, "subject.en": "Second"})
    assert late.status_code == 409
    assert "Second" in late.text
    assert "First" in late.text
    assert rows(database, Mailing)[0].words["subject"]["en"] == "First"


def test_hostile_words_are_words(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make(database, study, "ana@x.example")
    one = write(facilitator, **{"text.en": HOSTILE + "{link}", "subject.en": HOSTILE})
    assert "<script>alert" not in facilitator.get(one).text


def test_stopping_and_going_on(facilitator: FlaskClient, database: Database, study: Study) -> None:
    make(database, study, "ana@x.example")
    one = write(facilitator)
    send(facilitator, f"{one}/send")
    before = audits(database)
    assert send(facilitator, f"{one}/stop").status_code == 303
    assert audits(database) == before + 1
    assert [job.state for job in rows(database, Job)] == ["cancelled"]
    assert "1 person has not been sent it yet" in text_of(facilitator.get(one))
    assert send(facilitator, f"{one}/send").status_code == 303
    assert [job.state for job in rows(database, Job)] == ["cancelled", "waiting"]


def test_people_of_whom_nobody_knows_are_listed_and_sent_to_again_on_wish(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, "ana@x.example")
    one = write(facilitator)
    send(facilitator, f"{one}/send")
    send(facilitator, f"{one}/stop")
    with database.writing() as session:
        session.scalars(select(Delivery)).one().state = "unsure"
    assert "ana@x.example" in (page := text_of(facilitator.get(one)))
    assert "some may get it twice" in page
    assert send(facilitator, f"{one}/send", {"again": "refused"}).status_code == 422
    assert send(facilitator, f"{one}/send", {"again": "unsure"}).status_code == 303
    assert totals(database) == {"waiting": 1}


def test_mail_that_came_back_is_listed_and_put_right(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    with database.writing() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        (gone,) = sheets.invite(session, survey, "anna@x.example", state="bounced", note="550 no such user")
    assert "550 no such user" in facilitator.get(MAILINGS).text
    url = f"{MAILINGS}/came-back/{gone}"
    wrong = send(facilitator, url, {"email": "anna"})
    assert (wrong.status_code, "in full" in text_of(wrong), 'value="anna"' in wrong.text) == (422, True, True)
    assert send(facilitator, url, {"email": "ana@x.example"}).status_code == 303
    assert [(p.email, p.state) for p in rows(database, Invitee)] == [("ana@x.example", "listed")]
    assert send(facilitator, url, {"email": "ana@x.example"}).status_code == 404


def test_mailings_of_other_surveys_are_not_found(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study, "ana@x.example")
    one = write(facilitator).rsplit("/", 1)[1]
    make_survey(database, study, publish=True)
    assert facilitator.get(f"/studies/it-plan/surveys/services/mailings/{one}").status_code == 404
    assert facilitator.get(f"{MAILINGS}/new?kind=spam").status_code == 404


def test_planners_see_no_addresses(client: FlaskClient, cast: Cast, database: Database, study: Study) -> None:
    make(database, study, "ana@x.example")
    assert login(client, cast.planner).get(MAILINGS).status_code == 403


# Letters


def test_letters_carry_each_persons_code_as_words_and_as_a_square(
    facilitator: FlaskClient, database: Database, study: Study
) -> None:
    make(database, study)
    with database.writing() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        sheets.invite(session, survey, "", name="Ana <b>", address="1 Main Street\nPhiladelphia")
        sheets.invite(session, survey, "", name="Omar", address="2 Main Street", language="ar")
    one = write(facilitator, "letter", **{"text.ar": "{link}", "subject.ar": "دعوة"})
    send(facilitator, f"{one}/send")
    page = html.fromstring(facilitator.get(f"{one}/letters").text)
    letters = page.xpath("//article")
    assert sorted(letter.get("dir") for letter in letters) == ["ltr", "rtl"]
    assert not page.xpath("//*[@style]")
    with database.reading() as session:
        survey = session.scalars(select(Survey).where(Survey.slug == "travel")).one()
        for person in session.scalars(select(Invitee)):
            letter = next(one for one in letters if person.name in one.text_content())
            link = invitees.link_of(SECRET, survey, person, "http://localhost/")
            assert letter.xpath(".//p[@class='code']")[0].text_content() == invitees.code_of(
                SECRET, survey, person
            )
            assert read_square(letter.xpath(".//svg/@viewbox")[0], letter.xpath(".//path/@d")[0]) == link
            assert person.address in letter.xpath(".//p[@class='window']")[0].text_content()
    assert "Ana &lt;b&gt;" in facilitator.get(f"{one}/letters").text


def read_square(box: str, path: str) -> str:
    """What a reader of such squares sees when the path is drawn."""
    side = int(box.split()[2])
    drawn = np.full((side, side), 255, dtype=np.uint8)
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        drawn[int(y), int(x) : int(x) + int(wide)] = 0
    (found,) = zxingcpp.read_barcodes(np.kron(drawn, np.ones((6, 6), dtype=np.uint8)))
    return str(found.text)


@pytest.mark.parametrize("text", ["https://s.example/answer/a/code#7WJFRF8F858W", "x"])
def test_squares_are_read_back(text: str) -> None:
    made = qr_of(text)
    assert read_square(f"0 0 {made.side} {made.side}", made.path) == text


# The way out


def test_a_link_alone_takes_nobody_off_the_list(app: Flask, database: Database, study: Study) -> None:
    make(database, study, "ana@x.example")
    (person,) = rows(database, Invitee)
    url = f"/stop/{addressed.stop_token(SECRET, person.id)}"
    client = app.test_client()
    page = client.get(url)
    assert "Getting around the city" in text_of(page)
    assert "ana" not in page.text.lower().replace("language", "")
    assert rows(database, Invitee)[0].state == "listed"
    assert client.post(url).status_code == 400
    assert post(client, url, {}, page=url).status_code == 303
    assert rows(database, Invitee)[0].state == "stopped"
    assert "no more mail about this survey" in text_of(client.get(url))
    assert client.get("/stop/made-up.token").status_code == 404
