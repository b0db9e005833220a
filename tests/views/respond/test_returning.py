"""Coming back with a code on another device: found, refused, throttled; two devices lose no text."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from survey.dates import now
from survey.db import Database
from survey.models import Attempt, Draft, Study
from survey.services import live
from survey.spoken_codes import ALPHABET, spell
from tests.services.answering import document, publish, statements
from tests.views.respond.browsing import ROAD, Browser, count, one_response

NOT_FOUND = "We find no answers with this code"


@pytest.fixture
def other(app: Flask) -> Browser:
    """Another device."""
    return Browser(app.test_client())


def code_on(browser: Browser) -> str:
    match = re.search(r'class="return-code"[^>]*>([^<]+)<', browser.text)
    assert match, browser.text
    return match[1]


def stopped(browser: Browser) -> str:
    """Answer two questions and stop; returns the code."""
    browser.get().post().post("/pages/1", q__ease="easy")
    browser.post("/pages/2", answer="More buses", go="stop")
    assert browser.place == ROAD + "/stop"
    return code_on(browser)


def test_stopping_shows_a_code_and_until_when(browser: Browser, survey_id: int) -> None:
    code = stopped(browser)
    assert re.fullmatch(f"[{ALPHABET}]{{4}} [{ALPHABET}]{{4}} [{ALPHABET}]{{4}}", code)
    assert "24 hours" in browser.text
    assert re.search(r"That is until \w+day, \w+ \d+, \d{4}, \d+:00\s[AP]M\.", browser.text)
    assert code_on(browser.get("/stop")) == code, "the same when it is looked at again"


def test_the_author_may_allow_fourteen_days(browser: Browser, database: Database, study: Study) -> None:
    publish(database, study, document(), draft_hours=336)
    stopped(browser)
    assert "14 days" in browser.text
    with database.reading() as session:
        left = session.scalars(select(Draft.expires_at)).one() - now()
    assert timedelta(days=13, hours=23) < left < timedelta(days=14, hours=2)
    header = next(
        c for c in browser.post("", follow=False).reply.headers.getlist("Set-Cookie") if "draft" in c
    )
    assert int(re.findall(r"Max-Age=(\d+)", header)[0]) > 14 * 86400


@pytest.mark.parametrize("way", ["{}", " {} ", "lower", "dashes", "joined"])
def test_another_device_goes_on_and_sends(
    browser: Browser, other: Browser, database: Database, survey_id: int, way: str
) -> None:
    code = stopped(browser)
    ways = {"lower": code.lower(), "dashes": code.replace(" ", "-"), "joined": code.replace(" ", "")}
    other.get().post("/resume", code=ways.get(way, way.format(code)))
    assert other.place == ROAD + "/pages/3"
    assert "Your answers are here again" in other.text
    assert other.get("/pages/2").shown_text == "More buses"
    other.post("/pages/3").post("/pages/4").post("/send")
    assert other.place == ROAD + "/sent"
    assert one_response(database) == {"ease": "easy", "better": "More buses"}
    assert browser.get("/check").place == ROAD + "/sent", "the first device is told"
    assert (count(database), count(database, Draft)) == (1, 0)


def test_sending_from_both_stores_one(
    browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    other.get().post("/resume", code=code).post("/pages/3").post("/pages/4")
    browser.post().get("/check")
    other.post("/send")
    browser.post("/send")
    assert browser.place == other.place == ROAD + "/sent"
    receipts = {re.findall(r'class="receipt"[^>]*>([^<]+)', one.text)[0] for one in (browser, other)}
    assert len(receipts) == 1
    assert count(database) == 1


@pytest.mark.parametrize("end", ["sent", "deleted", "over"])
def test_the_code_ends_with_the_draft(
    browser: Browser, other: Browser, database: Database, survey_id: int, end: str
) -> None:
    code = stopped(browser)
    if end == "sent":
        browser.post().post("/pages/3").post("/pages/4").post("/send")
    elif end == "deleted":
        browser.post("/clear")
    else:
        with database.writing() as session:
            session.execute(update(Draft).values(expires_at=now() - timedelta(minutes=1)))
    other.get().post("/resume", code=code)
    assert other.reply.status_code == 422
    assert NOT_FOUND in other.text
    assert "More buses" not in other.text


def test_the_code_of_another_survey_finds_nothing(
    browser: Browser, other: Browser, database: Database, study: Study, survey_id: int
) -> None:
    publish(database, study, document(), slug="second")
    code = stopped(browser)
    other.get("/resume")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', other.text)[0]
    sent = {"csrf_token": token, "code": code, "end": "1"}
    reply = other.client.post("/answer/second/resume", data=sent)
    assert reply.status_code == 422
    assert NOT_FOUND in reply.text


def test_a_misheard_code_is_said_at_once_and_counts_as_no_try(
    browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    wrong = next(letter for letter in ALPHABET if letter != code[0]) + code[1:]
    other.get("/resume")
    for _ in range(15):
        other.post("/resume", code=wrong)
        assert other.reply.status_code == 422
        assert "One letter or digit is not right" in other.text
        assert f'value="{wrong}"' in other.text
        assert other.title.startswith("Error: ")
    assert 'href="#code"' in other.text
    assert 'aria-invalid="true"' in other.text
    assert count(database, Attempt) == 0
    assert other.post("/resume", code=code).place == ROAD + "/pages/3"


def test_guessing_ends_after_ten_codes_and_what_was_typed_stays(
    app: Flask, browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    other.get("/resume")
    for n in range(10):
        assert other.post("/resume", code=spell(bytes([n]) * 16)).reply.status_code == 422
    other.post("/resume", code=code)
    assert other.reply.status_code == 429, "from then on not even the right one"
    assert other.reply.headers["Retry-After"] == "900"
    assert f'value="{code}"' in other.text
    assert "Wait 15 minutes" in other.text
    elsewhere = Browser(app.test_client())
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.5"
    assert elsewhere.get("/resume").post("/resume", code=code).place == ROAD + "/pages/3"
    with database.reading() as session:
        assert not any("127" in key[:4] for key in session.scalars(select(Attempt.key)))


def test_a_library_with_one_address_is_not_shut_out(app: Flask, browser: Browser, survey_id: int) -> None:
    code = stopped(browser)
    for _ in range(15):
        guest = Browser(app.test_client())
        assert guest.get("/resume").post("/resume", code=code).place == ROAD + "/pages/3"


def test_own_answers_on_the_other_device_are_not_lost_without_asking(
    browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    other.get().post().post("/pages/1", q__ease="hard")
    other.get("/resume").post("/resume", code=code)
    assert "This browser holds other answers" in other.text
    assert count(database, Draft) == 2
    other.post("/resume", code=code, replace="1")
    assert other.place == ROAD + "/pages/3"
    assert count(database, Draft) == 1
    assert other.get("/pages/2").shown_text == "More buses"


def test_two_devices_at_the_same_page_lose_no_text(
    browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    browser.get("/pages/2")
    seen = re.findall(r'name="seen" value="([^"]+)"', browser.text)[0]
    other.get().post("/resume", code=code).get("/pages/2")
    other.post("/pages/2", answer="Trains", seen=re.findall(r'name="seen" value="([^"]+)"', other.text)[0])
    assert other.place == ROAD + "/pages/3"
    browser.post("/pages/2", answer="Trams", seen=seen)
    assert browser.reply.status_code == 409
    assert "changed on another device" in browser.text
    assert "Trains" in browser.text
    assert browser.shown_text == "Trams"
    with database.reading() as session:
        assert session.scalars(select(Draft.typed)).one()["q-better"] == ["Trains"], "nothing was overwritten"
    seen = re.findall(r'name="seen" value="([^"]+)"', browser.text)[0]
    browser.post("/pages/2", answer="Trams and trains", seen=seen)
    assert browser.place == ROAD + "/pages/3"
    assert other.get("/pages/2").shown_text == "Trams and trains"


def test_two_devices_at_different_pages_add_up(browser: Browser, other: Browser, survey_id: int) -> None:
    code = stopped(browser)
    other.get().post("/resume", code=code).post("/pages/4", q__well="Libraries")
    browser.post("/pages/3", q__people="2")
    assert browser.get("/pages/4").shown_text == "Libraries"
    assert 'value="2"' in other.get("/pages/3").text


def test_one_page_surveys_are_guarded_too(
    browser: Browser, other: Browser, database: Database, study: Study
) -> None:
    publish(database, study, document("page"))
    browser.get().post().post("/pages/1", q__ease="easy", answer="Buses", go="stop")
    code = code_on(browser)
    other.get().post("/resume", code=code).get("/pages/1")
    seen = re.findall(r'name="seen" value="([^"]+)"', other.text)[0]
    browser.get("/pages/1").post("/pages/1", q__ease="easy", answer="Trains", seen=seen)
    other.post("/pages/1", q__ease="easy", answer="Trams", seen=seen)
    assert other.reply.status_code == 409
    assert "Trains" in other.text


def test_what_is_typed_after_the_other_device_sent_comes_back(
    browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    browser.post()
    other.get().post("/resume", code=code).post("/pages/3").post("/pages/4").post("/send")
    browser.post("/pages/4", q__well="The libraries are wonderful")
    assert browser.reply.status_code == 409
    assert "sent from another device" in browser.text
    assert "The libraries are wonderful" in browser.text
    assert browser.get("/sent").place == ROAD + "/sent"
    assert (count(database), count(database, Draft)) == (1, 0)


def test_leaving_a_device_keeps_the_answers_for_the_code(
    browser: Browser, other: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    browser.post("/leave")
    assert "Your code leads to them" in browser.text
    assert "Go on where you stopped" not in browser.text
    assert browser.get("/pages/2").place == ROAD
    assert other.get().post("/resume", code=code).place == ROAD + "/pages/3"


def test_there_is_no_code_for_nothing(browser: Browser, database: Database, survey_id: int) -> None:
    browser.get().post().get("/stop")
    assert "nothing to keep yet" in browser.text
    browser.post("/stop")
    assert browser.place == ROAD + "/stop"
    assert count(database, Draft) == 0


def test_a_draft_without_a_code_can_be_given_one(browser: Browser, other: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").get("/stop")
    assert "return-code" not in browser.text
    code = code_on(browser.post("/stop"))
    assert other.get().post("/resume", code=code).place == ROAD + "/pages/2"


def test_a_browser_without_cookies_is_told_so(app: Flask, survey_id: int) -> None:
    client = app.test_client(use_cookies=False)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get(ROAD + "/resume").text)[0]
    reply = client.post(ROAD + "/resume", data={"csrf_token": token, "code": "x", "end": "1"})
    assert reply.status_code == 400
    assert "does not keep cookies" in reply.text


def test_other_sites_cannot_put_their_draft_under_a_person(
    browser: Browser, other: Browser, survey_id: int
) -> None:
    code = stopped(browser)
    other.get("/resume")
    reply = other.client.post(ROAD + "/resume", data={"code": code, "end": "1"})
    assert reply.status_code == 400
    assert "draft=" not in str(reply.headers)


def test_looking_writes_nothing_and_a_code_is_in_no_address(
    browser: Browser, database: Database, survey_id: int
) -> None:
    code = stopped(browser)
    with statements(database) as seen:
        for path in ("/stop", "/resume", ""):
            browser.get(path)
    assert [s for s in seen if not s.startswith(("BEGIN", "SELECT"))] == []
    assert code.split()[0] not in browser.reply.request.url
    assert browser.get("/stop").reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("typed", ["\0", "%", "'; DROP TABLE draft; --", "x" * 5000, "\ud83d", "٣" * 12])
def test_whatever_is_typed_as_a_code_gets_a_sentence(browser: Browser, survey_id: int, typed: str) -> None:
    body = typed.encode("utf-8", "surrogatepass")
    browser.get("/resume")
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.text)[0]
    reply = browser.client.post(ROAD + "/resume", data={"csrf_token": token, "code": body, "end": "1"})
    assert reply.status_code == 422
    assert "There is a problem" in reply.text


def test_a_closed_survey_says_so(browser: Browser, other: Browser, database: Database, study: Study) -> None:
    publish(database, study, document())
    code = stopped(browser)
    other.get("/resume")
    with database.writing() as session:
        session.execute(text("UPDATE survey SET state = 'closed'"))
    live.forget("it-survey")
    assert other.post("/resume", code=code).reply.status_code == 410
    assert "This survey is closed" in other.text
