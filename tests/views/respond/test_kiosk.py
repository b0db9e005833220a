"""A shared computer: nothing of one person is left for the next, and no GET writes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from survey.db import Database
from survey.models import Draft, Study
from survey.views.respond import carried, kiosk
from tests.services.answering import document, publish, statements
from tests.views.respond.browsing import ROAD, Browser, count
from tests.views.respond.test_returning import code_on


@pytest.fixture
def kiosk_survey(database: Database, study: Study) -> int:
    raw = document(results={"en": "In June at millbrook.example/results."})
    return publish(database, study, raw, kiosk_minutes=5)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets time pass."""
    now, passed = carried.moment, {"seconds": 0}
    for module in (carried, kiosk):
        monkeypatch.setattr(module, "moment", lambda: now() + passed["seconds"])
    return lambda seconds: passed.update(seconds=passed["seconds"] + seconds)


def cookies(browser: Browser) -> str:
    return " ".join(f"{cookie.key}={cookie.value}" for cookie in browser.client._cookies.values())


def test_finish_and_clear_leaves_nothing(browser: Browser, database: Database, kiosk_survey: int) -> None:
    browser.to_check()
    assert "Finish and clear" in browser.text
    browser.post("/clear")
    assert browser.place == ROAD
    assert "Start now" in browser.text
    assert (count(database), count(database, Draft)) == (0, 0)
    assert "draft" not in cookies(browser)
    for path in ("/pages/1", "/pages/2", "/check", "/stop", "/sent"):
        browser.get(path)
        assert "More buses" not in browser.text
        assert "checked" not in browser.text


def test_the_button_stands_on_every_page_of_a_begun_survey_and_only_there(
    browser: Browser, kiosk_survey: int
) -> None:
    assert "Finish and clear" not in browser.get().text
    browser.to_check()
    for path in ("", "/pages/1", "/check", "/stop", "/resume"):
        assert browser.get(path).text.count("Finish and clear") == 1
        assert 'data-kiosk="300"' in browser.text
        assert browser.reply.headers["Cache-Control"] == "no-store"
    browser.post("/send")
    assert "Finish and clear" in browser.text


def test_an_ordinary_survey_has_no_clock(browser: Browser, survey_id: int) -> None:
    browser.to_check()
    for path in ("", "/pages/1", "/check", "/stop", "/resume"):
        assert "data-kiosk" not in browser.get(path).text


def test_the_next_person_can_answer_at_once_and_sees_no_receipt(
    browser: Browser, database: Database, kiosk_survey: int
) -> None:
    receipts = []
    for _ in range(3):
        browser.to_check().post("/send")
        assert browser.place == ROAD + "/sent"
        assert "In June at millbrook.example/results." in browser.text
        receipts += re.findall(r'class="receipt"[^>]*>([^<]+)', browser.text)
        assert browser.get("/sent").place == ROAD, "it is shown once"
        assert "sent" not in cookies(browser)
        assert not any(receipt in browser.text for receipt in receipts)
    assert len(set(receipts)) == 3
    assert (count(database), count(database, Draft)) == (3, 0)


def test_a_double_click_stores_one_all_the_same(
    browser: Browser, database: Database, kiosk_survey: int
) -> None:
    browser.to_check()
    check, jar = browser.reply, dict(browser.client._cookies)
    browser.post("/send")
    browser.client._cookies, browser.reply = jar, check
    assert browser.post("/send").place == ROAD + "/sent"
    assert count(database) == 1


def test_no_field_is_filled_in_by_the_browser(browser: Browser, database: Database, study: Study) -> None:
    publish(database, study, document("page"), mode="confidential", kiosk_minutes=5)
    browser.get().post().post("/pages/1", q__ease="easy")
    assert browser.place == ROAD + "/pages/2"
    assert 'autocomplete="off"' in browser.text
    assert set(re.findall(r'autocomplete="([^"]*)"', browser.text)) == {"off"}


def test_the_language_of_one_person_is_not_that_of_the_next(browser: Browser, kiosk_survey: int) -> None:
    browser.get("?lang=es")
    browser.post()
    assert "¿Qué tan fácil es?" in browser.text
    browser.post("/clear")
    assert browser.title.startswith("IT plan survey")


def test_a_draft_without_a_code_does_not_stay_on_the_server(
    browser: Browser, database: Database, kiosk_survey: int
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").get("/stop")
    assert "kept for 1 hour," in browser.text
    cookie = next(
        c for c in browser.post("", follow=False).reply.headers.getlist("Set-Cookie") if "draft" in c
    )
    assert int(re.findall(r"Max-Age=(\d+)", cookie)[0]) <= 2 * 3600


def test_a_code_takes_the_answers_home(
    app: Flask, browser: Browser, database: Database, kiosk_survey: int
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/2", answer="More buses", go="stop")
    code = code_on(browser)
    assert "24 hours" in browser.text
    assert f'action="{ROAD}/leave"' in browser.text, "clearing does not delete what was stopped"
    browser.post("/leave")
    assert "draft" not in cookies(browser)
    assert "Go on where you stopped" not in browser.text
    home = Browser(app.test_client())
    assert home.get("/resume").post("/resume", code=code).get("/pages/2").shown_text == "More buses"


def test_whoever_comes_after_a_left_computer_begins_afresh(
    browser: Browser, database: Database, kiosk_survey: int, clock: Any
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/2", answer="More buses")
    assert "Go on where you stopped" in browser.get().text
    clock(301)
    assert "Go on where you stopped" not in browser.get().text
    browser.post()
    assert browser.place == ROAD + "/pages/1"
    assert "checked" not in browser.text
    assert browser.get("/pages/2").shown_text == ""
    with database.reading() as session:
        assert session.scalars(select(Draft.typed)).all() == [
            {"q-ease": ["easy"], "q-better": ["More buses"]}
        ], "nobody can find it, and its hour is nearly over"


def test_slow_writers_keep_everything(browser: Browser, kiosk_survey: int, clock: Any) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    clock(1500)
    browser.post("/pages/2", answer="It took me long to write this")
    assert browser.place == ROAD + "/pages/3"
    assert browser.get("/pages/2").shown_text == "It took me long to write this"
    assert 'value="easy" checked' in browser.get("/pages/1").text


REFRESH = re.compile(r'<noscript><meta http-equiv="refresh" content="(\d+);url=([^"]+)"></noscript>')


def test_without_javascript_a_page_to_read_warns_and_then_forgets(
    browser: Browser, database: Database, kiosk_survey: int, clock: Any
) -> None:
    browser.to_check()
    seconds, url = REFRESH.findall(browser.text)[0]
    assert (seconds, url) == ("240", ROAD + "/away")
    with statements(database) as seen:
        browser.get("/away")
        assert "Are you still there?" in browser.text
        assert "More buses" not in browser.text
        seconds, url = REFRESH.findall(browser.text)[0]
        assert seconds == "60"
        path = url.removeprefix(ROAD).replace("&amp;", "&")
        assert "More buses" in browser.get("/check").text, "going on is possible all the while"
        browser.get(path)
        assert browser.place == ROAD + "/away", "nobody is thrown out before the minute is over"
        clock(60)
        browser.get(path)
        assert browser.place == ROAD
        assert "holds no answers now" in browser.text
        assert "draft" not in cookies(browser)
        assert browser.get("/check").place == ROAD
    assert [s for s in seen if not s.startswith(("BEGIN", "SELECT"))] == []


def test_a_page_with_fields_never_leaves_by_itself(browser: Browser, kiosk_survey: int) -> None:
    browser.get().post()
    assert not REFRESH.search(browser.text)
    assert "cannot clear itself" in browser.text
    assert not REFRESH.search(browser.get("/resume").text)


@pytest.mark.parametrize("forged", ["x", "a.b.c", "s." + "A" * 32 + ".1.1.x", "é"])
def test_other_sites_cannot_make_a_computer_forget(
    browser: Browser, kiosk_survey: int, clock: Any, forged: str
) -> None:
    strange = Browser(browser.client.application.test_client())
    strange.get().post().post("/pages/1", q__ease="easy").get("/away")
    not_mine = REFRESH.findall(strange.text)[0][1].removeprefix(ROAD)
    browser.to_check()
    clock(3600)
    for path in (f"/away?warned={forged}", not_mine):
        browser.get(path)
        assert "More buses" in browser.get("/check").text


def test_an_ordinary_survey_forgets_nothing_by_an_address(browser: Browser, survey_id: int) -> None:
    browser.to_check().get("/away")
    assert browser.place == ROAD
    assert "More buses" in browser.get("/check").text
