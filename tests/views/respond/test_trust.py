"""Once, whole, only while open, for the right person: what must hold on the road."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Comment, Draft, Respondent, Study, Survey
from survey.services import drafts, live
from tests.services.answering import DAY, document, publish, statements
from tests.views.respond.browsing import ROAD, Browser, count, one_response


def test_a_double_click_and_a_lost_reply_end_on_the_receipt(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check()
    check = browser.reply
    cookies = dict(browser.client._cookies)
    first = browser.post("/send", follow=False).reply
    browser.client._cookies = cookies  # the reply was lost, and its cookies with it
    browser.reply = check
    second = browser.post("/send", follow=False).reply
    assert first.location == second.location == ROAD + "/sent"
    assert "Your receipt" in browser.get("/sent").text
    assert count(database) == 1


def test_a_lost_reply_and_a_look_around_end_on_the_receipt(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check()
    cookies = dict(browser.client._cookies)
    browser.post("/send")
    for path in ("/check", "/pages/2"):
        browser.client._cookies = dict(cookies)
        assert browser.get(path).place == ROAD + "/sent"
    assert count(database) == 1


def test_ten_at_once_make_one_response(
    app: Flask, browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check()
    match = re.search(r'name="csrf_token" value="([^"]+)"', browser.text)
    assert match
    header = "; ".join(f"{c.key}={c.value}" for c in browser.client._cookies.values())
    replies: list[TestResponse] = []

    def send() -> None:
        client = app.test_client(use_cookies=False)
        data = {"csrf_token": match[1], "end": "1"}
        replies.append(client.post(ROAD + "/send", data=data, headers={"Cookie": header}))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [reply.location for reply in replies] == [ROAD + "/sent"] * 10
    assert (count(database), count(database, Comment), count(database, Draft)) == (1, 1, 0)


def test_a_draft_written_after_sending_is_not_left_behind(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check()
    cookies = dict(browser.client._cookies)
    browser.post("/send")
    browser.client._cookies = dict(cookies)
    browser.reply = browser.client.get("/sign-in")
    browser.post("/pages/1", q__ease="hard").post("/send")
    assert browser.place == ROAD + "/sent"
    assert (one_response(database)["ease"], count(database, Draft)) == ("easy", 0)


def test_a_cut_request_stores_nothing_and_its_retry_everything(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    match = re.search(r'name="csrf_token" value="([^"]+)"', browser.text)
    assert match
    cut = browser.client.post(ROAD + "/pages/2", data={"csrf_token": match[1], "q-better": "half of the te"})
    assert cut.status_code == 400
    assert "half of the te" in cut.text
    with database.reading() as session:
        assert "q-better" not in session.scalars(select(Draft.typed)).one()
    browser.post("/pages/2", answer="half of the text, and the rest").get("/pages/2")
    assert browser.shown_text == "half of the text, and the rest"


def test_one_page_costs_five_statements_and_one_a_second_for_the_survey(
    browser: Browser, database: Database, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, study, document("page"))
    monkeypatch.setattr(live, "CACHE_SECONDS", 60.0)
    monkeypatch.setattr(drafts, "_next_sweep", float("inf"))  # expired drafts were swept away just now
    browser.get().post()  # the survey is read
    browser.client.delete_cookie("draft", path=ROAD)
    with statements(database) as seen:
        browser.get().post().post("/pages/1", q__ease="easy", answer="One", q__well="Two").post("/send")
    assert browser.place == ROAD + "/sent"
    assert [" ".join(s.split()[:2]) for s in seen if not s.startswith(("BEGIN", "COMMIT"))] == [
        "INSERT INTO",
        "SELECT draft.typed",
        "DELETE FROM",
        "INSERT INTO",
        "INSERT INTO",
    ]
    assert (count(database), count(database, Comment), count(database, Draft)) == (1, 2, 0)


def test_confidential_asks_who_but_does_not_insist(
    browser: Browser, database: Database, study: Study
) -> None:
    publish(database, study, document("page"), mode="confidential")
    assert "confidential" in browser.get().text
    browser.post().post("/pages/1", q__ease="easy")
    assert browser.place == ROAD + "/pages/2"
    assert 'autocomplete="name"' in browser.text
    assert browser.post("/pages/2", q___email="ana at home").reply.status_code == 422
    browser.post("/pages/2", q___name="Ana", q___email="ana@home.example").post("/send")
    with database.reading() as session:
        person = session.scalars(select(Respondent)).one()
        assert (person.name, person.email) == ("Ana", "ana@home.example")
    assert one_response(database) == {"ease": "easy"}


def test_identified_needs_a_name(browser: Browser, database: Database, study: Study) -> None:
    publish(database, study, document("page"), mode="identified")
    assert "kept with your name" in browser.get().text
    browser.post().post("/pages/1", q__ease="easy").post("/pages/2")
    assert browser.reply.status_code == 422
    browser.post("/pages/2", q___name="Ana").post("/send")
    assert (count(database), count(database, Respondent)) == (1, 1)


def test_anonymous_has_no_place_for_a_name(browser: Browser, survey_id: int) -> None:
    assert browser.get().post().get("/pages/5").reply.status_code == 404


def test_a_browser_without_cookies_is_told_so(app: Flask, survey_id: int) -> None:
    client = app.test_client(use_cookies=False)
    match = re.search(r'name="csrf_token" value="([^"]+)"', client.get(ROAD).text)
    assert match
    reply = client.post(ROAD, data={"csrf_token": match[1], "end": "1"})
    assert reply.status_code == 400
    assert "does not keep cookies" in reply.text
    assert client.get(ROAD + "/pages/1").location == ROAD


def test_starting_is_guarded_against_other_sites(browser: Browser, survey_id: int) -> None:
    browser.get()
    reply = browser.client.post(ROAD, data={"end": "1"})
    assert reply.status_code == 400
    assert "draft=" not in str(reply.headers)


def test_the_draft_cookie_is_for_this_survey_and_no_script(browser: Browser, survey_id: int) -> None:
    browser.get().post(follow=False)
    cookie = next(c for c in browser.reply.headers.getlist("Set-Cookie") if c.startswith("draft="))
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", f"Path={ROAD};"))


def close(database: Database, survey_id: int, **columns: Any) -> None:
    with database.writing() as session:
        session.execute(update(Survey).where(Survey.id == survey_id).values(columns or {"state": "closed"}))
    live.forget("it-survey")


def test_closed_while_typing_keeps_the_text_on_the_page(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/2", answer="Written before closing")
    close(database, survey_id)
    browser.post("/pages/4", q__well="Typed while it closed")
    assert browser.reply.status_code == 410
    assert "This survey is closed" in browser.text
    assert "Typed while it closed" in browser.text
    assert "Written before closing" in browser.text
    assert "Written before closing" in browser.get().text


def test_closed_before_sending_stores_nothing_and_keeps_the_text(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check()
    with database.writing() as session:  # another process closes it: the cache of this one is a moment behind
        session.execute(update(Survey).values(state="closed"))
    browser.post("/send")
    assert browser.reply.status_code == 410
    assert "More buses" in browser.text
    assert count(database) == 0


def test_dates_of_opening_and_closing(browser: Browser, database: Database, survey_id: int) -> None:
    close(database, survey_id, opens_on=DAY + timedelta(2))
    assert "not open yet" in browser.get().text
    assert browser.get("/pages/1").reply.status_code == 200
    close(database, survey_id, opens_on=None, closes_on=DAY - timedelta(2))
    assert "It took answers until" in browser.get().text


@pytest.mark.parametrize(
    "path", ["/answer/nothing", "/answer/it-survey/pages/99", "/answer/it-survey/pages/0"]
)
def test_what_is_not_there_is_not_found(browser: Browser, survey_id: int, path: str) -> None:
    browser.get().post()
    assert browser.client.get(path).status_code == 404


def test_an_expired_draft_is_replaced_by_what_is_typed_now(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    with database.writing() as session:
        session.execute(delete(Draft))
    browser.post("/pages/2", answer="Still here")
    assert "Their time" in browser.text or "time was over" in browser.text
    assert browser.get("/pages/2").shown_text == "Still here"
    assert browser.get("/check").title.startswith("Error: ")


def test_looking_writes_nothing(browser: Browser, database: Database, survey_id: int) -> None:
    browser.to_check()
    with statements(database) as seen:
        for path in ("", "/pages/2", "/check", "/stop", "/sent"):
            browser.get(path)
    assert [s for s in seen if not s.startswith(("BEGIN", "SELECT"))] == []
