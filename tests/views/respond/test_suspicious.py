"""Programs that fill in forms: stored, set apart, thanked like everybody; nothing about anybody is kept."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey import create_app
from survey.config import Settings
from survey.db import Base, Database
from survey.models import Comment, Draft, Response
from survey.services import suspicion
from survey.views.respond import carried
from tests.fixtures import SECRET
from tests.views.respond.browsing import ROAD, Browser, count
from tests.views.respond.test_returning import stopped


@pytest.fixture
def app(test_settings: Settings, database: Database) -> Flask:
    """The application as it is shipped: with an eye on haste."""
    return create_app(replace(test_settings, form_seconds=3, responses_address=5), database)


@pytest.fixture(autouse=True)
def _no_counts_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspicion, "tally", suspicion.Tally())
    monkeypatch.setattr(suspicion.reason, "__defaults__", (suspicion.tally,))


@pytest.fixture(autouse=True)
def minutes(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets time pass; else it stands still, so that a busy machine does not look like a person."""
    start, passed = carried.moment(), {"now": 0}
    monkeypatch.setattr(carried, "moment", lambda: start + passed["now"])
    return lambda number: passed.update(now=passed["now"] + int(number * 60))


def reasons(database: Database) -> list[str | None]:
    with database.reading() as session:
        return list(session.scalars(select(Response.apart)))


def test_a_form_sent_at_once_is_stored_apart_and_thanked(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check().post("/send")
    assert browser.place == ROAD + "/sent"
    assert "Your receipt" in browser.text
    assert "apart" not in browser.text
    assert reasons(database) == ["quick"]
    assert (count(database), count(database, Comment), count(database, Draft)) == (1, 0, 0)


def test_a_person_who_takes_a_minute_is_counted(
    browser: Browser, database: Database, survey_id: int, minutes: Any
) -> None:
    browser.to_check()
    minutes(1)
    browser.post("/send")
    assert reasons(database) == [None]
    assert count(database, Comment) == 1


@pytest.mark.parametrize("where", ["/pages/2", "/send"])
def test_the_hidden_field_sets_apart_wherever_it_is_filled_in(
    browser: Browser, database: Database, survey_id: int, minutes: Any, where: str
) -> None:
    browser.to_check()
    minutes(5)
    if where != "/send":
        browser.get(where).post(where, answer="Buy pills", homepage="http://pills.example").get("/check")
        browser.post("/send")
    else:
        browser.post("/send", homepage="x")
    assert browser.place == ROAD + "/sent"
    assert reasons(database) == ["hidden_field"]
    with database.reading() as session:
        assert "homepage" not in str(session.scalars(select(Response.answers)).one())


def test_the_hidden_field_is_hidden_from_everybody(browser: Browser, survey_id: int) -> None:
    browser.to_check()
    for path in ("/pages/2", "/check"):
        part = browser.get(path).text.split('<p hidden aria-hidden="true">')[1].split("</p>")[0]
        assert 'tabindex="-1"' in part
        assert 'autocomplete="off"' in part
        assert "Leave this field empty" in part


def forged(token: str, state: str = "s") -> list[str]:
    """Cookies that say the form is an hour old."""
    old = carried.Carried(token, state, carried.moment() - 3600)
    good = carried.seal(old, SECRET)
    return [
        f"{state}.{token}",
        f"{state}.{token}.{old.begun}",
        f"{state}.{token}.0",
        good[:-3] + "AAA",
        carried.seal(old, SECRET[::-1]),
        good.replace(str(old.begun), str(old.begun - 9)),
    ]


@pytest.mark.parametrize("number", range(6))
def test_nobody_can_forge_the_age_of_a_form(
    browser: Browser, database: Database, survey_id: int, number: int
) -> None:
    browser.to_check()
    cookie = next(c for c in browser.client._cookies.values() if c.key == "draft")
    token = cookie.value.split(".")[1]
    browser.client.set_cookie("draft", forged(token)[number], path=ROAD)
    browser.post("/send")
    assert reasons(database) in ([], ["quick"])


def test_saving_pages_does_not_make_a_form_younger(
    browser: Browser, database: Database, survey_id: int, minutes: Any
) -> None:
    browser.get().post()
    minutes(1)
    browser.to_check().post("/send")
    assert reasons(database) == [None], "what counts is the first start"


def test_whoever_comes_back_with_a_code_took_their_time(
    app: Flask, browser: Browser, database: Database, survey_id: int, minutes: Any
) -> None:
    code = stopped(browser)
    other = Browser(app.test_client())
    other.get("/resume").post("/resume", code=code).post("/pages/3").post("/pages/4").post("/send")
    assert reasons(database) == [None]


def test_a_library_is_never_shut_out_and_beyond_its_number_set_apart(
    app: Flask, database: Database, survey_id: int, minutes: Any
) -> None:
    for _ in range(7):
        guest = Browser(app.test_client())
        guest.to_check()
        minutes(0.5)
        assert guest.post("/send").place == ROAD + "/sent"
    assert sorted(reasons(database), key=str) == [None] * 5 + ["many"] * 2


def test_nothing_about_the_sender_is_stored_or_logged(
    app: Flask, database: Database, survey_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(app.test_client())
    browser.client.environ_base |= {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "PryBot/9.9"}
    browser.to_check().post("/send", homepage="x")
    with database.reading() as session:
        tables = [session.execute(table.select()).all() for table in Base.metadata.sorted_tables]
        row = session.scalars(select(Response)).one()
    assert (row.received_at, row.respondent_id, row.apart) == (None, None, "hidden_field")
    for trace in ("203.0.113.77", "PryBot"):
        assert trace not in str(tables)
        assert trace not in caplog.text
