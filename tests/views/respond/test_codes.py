"""Surveys that ask for a code: getting in, sending once, and clear pages for all who cannot."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask
from sqlalchemy import select

from survey.db import Database
from survey.models import Attempt, Ballot, Invitee, Respondent, Response, Study, Survey
from survey.services import invitees, live
from survey.spoken_codes import grouped
from survey.views.respond.codes import MOST_WRONG
from tests.fixtures import SECRET
from tests.services.answering import document, publish
from tests.services.inviting import codes, invite, people
from tests.views.respond.browsing import ROAD, Browser, count
from tests.views.studio import text_of

RIGHT_SHAPE = "2" * 12  # passes the check character, and belongs to nobody


@pytest.fixture
def code(database: Database, study: Study) -> str:
    survey_id = invite(database, study, people(8))
    return codes(database, survey_id)["Person 0003"]


def let_in(browser: Browser, code: str) -> Browser:
    return browser.get("/code").post("/code", code=code)


def answer(browser: Browser) -> Browser:
    """From the start page to the receipt."""
    browser.post()
    for number, name in enumerate(("ease", "better", "people", "well"), start=1):
        browser.post(f"/pages/{number}", **{f"q__{name}": "easy" if name == "ease" else ""})
    assert browser.place == ROAD + "/check"
    return browser.post("/send")


def test_the_start_page_asks_for_a_code_first(browser: Browser, code: str) -> None:
    assert browser.get().place == ROAD + "/code"
    assert "Your code" in browser.text
    assert let_in(browser, code).place == ROAD
    assert "Your answers are anonymous" in browser.text


@pytest.mark.parametrize("way", [str.lower, grouped, lambda c: "-".join(c), lambda c: f" {c[:6]}\t{c[6:]} "])
def test_a_code_may_be_typed_in_many_ways(browser: Browser, code: str, way: object) -> None:
    assert let_in(browser, way(code)).place == ROAD  # type: ignore[operator]


def test_an_answer_with_a_code_is_stored_without_it(browser: Browser, database: Database, code: str) -> None:
    answer(let_in(browser, code))
    assert browser.place == ROAD + "/sent"
    assert (count(database), count(database, Ballot)) == (1, 7)
    with database.reading() as session:
        row = session.scalars(select(Response)).one()
        assert code not in str([getattr(row, column.key) for column in Response.__table__.columns])
        assert (row.respondent_id, row.received_at) == (None, None)


def test_looking_at_a_link_uses_no_code_up_and_writes_nothing(
    browser: Browser, database: Database, code: str
) -> None:
    for _look in range(3):
        assert browser.get(f"/code#{code}").reply.status_code == 200
    assert count(database, Ballot) == 8
    answer(let_in(browser, code))
    assert count(database) == 1


def test_the_link_keeps_the_code_behind_the_number_sign(database: Database, study: Study) -> None:
    survey_id = invite(database, study, people(5))
    with database.reading() as session:
        survey = session.get_one(Survey, survey_id)
        person = session.scalars(select(Invitee).limit(1)).one()
        link = invitees.link_of(SECRET, survey, person, "https://survey.city.example/")
        path, _sign, code = link.partition("#")
        assert path == "https://survey.city.example/answer/it-survey/code"
        assert code == invitees.code_of(SECRET, survey, person).replace(" ", "")
        survey.access = "once"
        assert invitees.link_of(SECRET, survey, person) == "/answer/it-survey"


def test_a_slip_is_said_at_once_and_keeps_what_was_typed(browser: Browser, code: str) -> None:
    swapped = code[:-2] + code[-1] + code[-2] if code[-1] != code[-2] else code[1:] + code[0]
    page = let_in(browser, swapped)
    assert page.reply.status_code == 422
    assert f'value="{swapped}"' in page.text
    assert "changed places" in text_of(page.reply)
    assert let_in(browser, "").reply.status_code == 422


def test_a_used_code_gets_a_clear_page_and_no_second_answer(
    app: Flask, browser: Browser, database: Database, code: str
) -> None:
    answer(let_in(browser, code))
    page = let_in(Browser(app.test_client()), code)
    assert page.reply.status_code == 422
    assert "Each code can be used once" in page.text
    assert "there is nothing more to do" in page.text
    assert count(database) == 1


def test_a_code_that_was_used_meanwhile_keeps_what_was_typed(
    app: Flask, browser: Browser, database: Database, code: str
) -> None:
    first, second = browser, Browser(app.test_client())
    let_in(first, code)
    let_in(second, code).post()
    second.post("/pages/1", q__ease="easy").post("/pages/2", q__better="More buses at night, please")
    second.post("/pages/3", q__people="").post("/pages/4", q__well="")
    answer(first)
    page = second.get("/check").post("/send")
    assert page.reply.status_code == 410
    assert "Answers were sent with your code already" in page.text
    assert "More buses at night, please" in page.text
    assert count(database) == 1


def test_a_lost_reply_and_a_retry_end_on_the_receipt(browser: Browser, database: Database, code: str) -> None:
    let_in(browser, code).post()
    for number, name in enumerate(("ease", "better", "people", "well"), start=1):
        browser.post(f"/pages/{number}", **{f"q__{name}": "easy" if name == "ease" else ""})
    check, cookies = browser.reply, dict(browser.client._cookies)
    browser.post("/send", follow=False)
    browser.reply, browser.client._cookies = check, cookies  # the reply was lost, and its cookies with it
    assert browser.post("/send").place == ROAD + "/sent"
    assert "Your receipt" in browser.text
    assert (count(database), count(database, Ballot)) == (1, 7)


def test_a_browser_that_lost_its_code_is_asked_again_and_keeps_its_answers(
    browser: Browser, database: Database, code: str
) -> None:
    let_in(browser, code).post()
    browser.post("/pages/1", q__ease="easy").post("/pages/2", q__better="Kept")
    browser.post("/pages/3", q__people="").post("/pages/4", q__well="")
    browser.client.delete_cookie("ticket", path=ROAD)
    assert browser.post("/send").place == ROAD + "/code"
    assert "Your answers are kept" in browser.text
    assert "Go on where you stopped" in browser.post("/code", code=code).text
    assert browser.get("/check").post("/send").place == ROAD + "/sent"
    assert count(database) == 1


def test_another_code_on_the_same_browser_finds_nothing_of_the_first(
    browser: Browser, database: Database, study: Study
) -> None:
    survey_id = invite(database, study, people(8))
    first, second, third, *_rest = codes(database, survey_id).values()
    let_in(browser, first).post()
    browser.post("/pages/1", q__ease="easy").post("/pages/2", q__better="A secret of the first")
    let_in(browser, second)
    assert "Go on where you stopped" not in browser.text
    answer(browser)
    assert "A secret" not in browser.text
    assert let_in(browser, third).place == ROAD, "the receipt of the second is no bar"
    answer(browser)
    assert count(database) == 2


def test_a_forged_cookie_lets_nobody_in(browser: Browser, database: Database, code: str) -> None:
    browser.client.set_cookie("ticket", f'["code", "{code}"].xxx', path=ROAD)
    assert browser.get().place == ROAD + "/code"


def test_a_ticket_is_for_one_survey(browser: Browser, database: Database, study: Study, code: str) -> None:
    let_in(browser, code)
    cookie = browser.client.get_cookie("ticket", path=ROAD)
    assert cookie is not None
    invite(database, study, people(5), slug="other")
    browser.client.set_cookie("ticket", cookie.value, path="/answer/other")
    reply = browser.client.get("/answer/other", follow_redirects=True)
    assert reply.request.path == "/answer/other/code"


def test_guessing_is_slowed_down_by_a_hash_that_names_nobody(
    browser: Browser, database: Database, code: str
) -> None:
    browser.get("/code")
    for _guess in range(MOST_WRONG):
        assert browser.post("/code", code=RIGHT_SHAPE).reply.status_code == 422
    page = browser.post("/code", code=code)
    assert (page.reply.status_code, "Wait 15 minutes" in page.text) == (429, True)
    with database.reading() as session:
        keys = session.scalars(select(Attempt.key)).all()
    assert len(keys) == 1
    assert re.fullmatch(r"[0-9a-f]{64}", keys[0])


def test_right_codes_and_slips_are_not_counted(browser: Browser, database: Database, code: str) -> None:
    for _try in range(3):
        let_in(browser, code)
        let_in(browser, code[:-1])
    assert count(database, Attempt) == 0


def test_no_code_reaches_a_log(browser: Browser, code: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    let_in(browser, code)
    let_in(browser, RIGHT_SHAPE)
    answer(let_in(browser, code))
    assert code not in caplog.text
    assert RIGHT_SHAPE not in caplog.text


def test_changing_the_language_keeps_what_was_typed(browser: Browser, code: str) -> None:
    page = browser.get("/code").post("/code", code="half a co", language="es")
    assert 'value="half a co"' in page.text
    assert 'lang="es"' in page.text


def test_a_code_says_who_answers_a_confidential_survey_and_nobody_is_asked(
    browser: Browser, database: Database, study: Study
) -> None:
    survey_id = invite(database, study, people(3), mode="confidential")
    mine = codes(database, survey_id)["Person 0001"]
    page = let_in(browser, mine)
    assert "reminders go only to those who have not answered" in page.text
    answer(browser)
    assert browser.place == ROAD + "/sent"
    with database.reading() as session:
        assert session.scalars(select(Respondent.name)).all() == ["Person 0001"]
        assert session.scalars(select(Invitee.name).where(Invitee.answered)).all() == ["Person 0001"]
    assert "Each code can be used once" in let_in(browser, mine).text
    assert "not one of this survey" in let_in(browser, RIGHT_SHAPE).text


def test_once_and_open_need_no_code(app: Flask, browser: Browser, database: Database, study: Study) -> None:
    publish(database, study, document())
    assert browser.get("/code").place == ROAD
    answer(browser.get())
    assert browser.get().place == ROAD + "/sent"
    with database.writing() as session:
        session.scalars(select(Survey)).one().access = "open"
    live.forget_all()
    assert browser.get().place == ROAD
    answer(browser)
    answer(browser.get())
    assert count(database) == 3


def test_a_survey_that_is_closed_says_so_instead_of_asking(
    browser: Browser, database: Database, study: Study
) -> None:
    invite(database, study, people(5))
    with database.writing() as session:
        session.scalars(select(Survey)).one().state = "closed"
    live.forget_all()
    page = browser.get("/code")
    assert "This survey is closed" in page.text


def test_who_comes_when_it_is_full_is_told_before_typing(
    browser: Browser, app: Flask, database: Database, study: Study
) -> None:
    publish(database, study, document(), closing_number=1)
    late = Browser(app.test_client())
    late.get().post().post("/pages/1", q__ease="easy").post("/pages/2", q__better="Too late, but kept here")
    answer(browser.get())
    page = late.get("/pages/3")
    assert (page.reply.status_code, "as many answers as it can take" in page.text) == (200, True)
    assert "Too late, but kept here" in page.text
    page = Browser(app.test_client()).get()
    assert "as many answers as it can take" in page.text
    assert count(database) == 1


def test_who_makes_a_choice_that_is_full_is_told_politely_and_keeps_the_text(
    browser: Browser, app: Flask, database: Database, study: Study
) -> None:
    publish(database, study, document(), quotas=[{"question": "ease", "choice": "easy", "most": 1}])
    late = Browser(app.test_client()).get().post()
    late.post("/pages/1", q__ease="easy").post("/pages/2", q__better="My long thoughts on buses")
    late.post("/pages/3", q__people="").post("/pages/4", q__well="")
    answer(browser.get())
    late.post("/send")
    assert late.reply.status_code == 410
    words = text_of(late.reply)
    assert "How easy is it to do city business online? Easy" in words
    assert "My long thoughts on buses" in words
    late.get("/pages/1?change=1").post("/pages/1?change=1", q__ease="hard")
    assert late.get("/check").post("/send").place == ROAD + "/sent"
    assert count(database) == 2


def test_who_makes_a_choice_that_is_full_is_told_at_once(
    browser: Browser, app: Flask, database: Database, study: Study
) -> None:
    publish(database, study, document(), quotas=[{"question": "ease", "choice": "easy", "most": 1}])
    answer(browser.get())
    page = Browser(app.test_client()).get().post().post("/pages/1", q__ease="easy")
    assert (page.reply.status_code, "as many people as we can take" in text_of(page.reply)) == (410, True)
    assert page.get("/pages/1").post("/pages/1", q__ease="hard").place == ROAD + "/pages/2"
