"""Answering a survey, as a browser does it: the whole road, its side roads, and what people try."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Comment, Draft, Respondent, Response, Study, Survey
from survey.services import live
from tests.services.answering import DAY, document, publish, statements

ROAD = "/answer/it-survey"
ANSWERS = {"ease": "easy", "better": "More buses", "people": "", "well": ""}


class Browser:
    """A browser that fills in the forms of the page it is on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.reply: TestResponse = client.get("/sign-in")

    @property
    def text(self) -> str:
        return self.reply.text

    @property
    def place(self) -> str:
        return self.reply.request.path

    @property
    def title(self) -> str:
        match = re.search(r"<title>(.*?)</title>", self.text)
        assert match
        return match[1]

    @property
    def shown_text(self) -> str:
        """What stands in the text field of the page, as a browser reads it."""
        match = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", self.text, re.DOTALL)
        assert match
        return match[1]

    def get(self, path: str = "", **kwargs: Any) -> Browser:
        self.reply = self.client.get(ROAD + path, follow_redirects=True, **kwargs)
        return self

    def post(self, path: str = "", follow: bool = True, **fields: Any) -> Browser:
        names = {"answer": "q-better"}
        data = {names.get(name, name.replace("__", "-")): value for name, value in fields.items()}
        match = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert match, self.text
        sent = {"csrf_token": match[1], **data, "end": "1"}
        self.reply = self.client.post(ROAD + path, data=sent, follow_redirects=follow)
        return self

    def to_check(self) -> Browser:
        """Answer the survey of four questions, as far as the check page."""
        self.get().post()
        for number, name in enumerate(("ease", "better", "people", "well"), start=1):
            self.post(
                f"/pages/{number}", **{f"q__{name}": {"ease": "easy", "better": "More buses"}.get(name, "")}
            )
        assert self.place == ROAD + "/check", self.text
        return self


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    return Browser(client)


@pytest.fixture
def survey_id(database: Database, study: Study) -> int:
    return publish(database, study, document())


def count(database: Database, model: type = Response) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def one_response(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return session.scalars(select(Response.answers)).one()


def test_the_whole_road(browser: Browser, database: Database, survey_id: int) -> None:
    browser.get()
    assert browser.title == "IT plan survey - City of Example"
    for words in (
        "Four questions",
        "about 5 minutes",
        "anonymous",
        "next five years",
        "555 0100",
        "Start now",
    ):
        assert words in browser.text
    browser.post()
    assert browser.place == ROAD + "/pages/1"
    assert browser.title == (
        "How easy is it to do city business online? (Question 1 of 4) - IT plan survey - City of Example"
    )
    browser.to_check()
    assert "Nothing is sent yet" in browser.text
    for words in ("Easy", "More buses", "Not answered", "Change"):
        assert words in browser.text
    assert count(database) == 0
    browser.post("/send")
    assert browser.place == ROAD + "/sent"
    assert re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", browser.text)
    assert "We publish what we heard in June." in browser.text
    assert one_response(database) == {"ease": "easy", "better": "More buses"}
    assert (count(database, Comment), count(database, Draft)) == (1, 0)


def test_going_back_after_sending_shows_no_answers(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check().post("/send")
    for path in ("", "/pages/2", "/check", "/stop"):
        browser.get(path)
        assert browser.place == ROAD + "/sent"
        assert "already sent" in browser.text
        assert "More buses" not in browser.text
    browser.post("/pages/2", answer="again")
    assert browser.place == ROAD + "/sent"
    assert count(database) == 1


def test_an_error_keeps_what_was_typed_and_says_what_to_do(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1")
    assert browser.reply.status_code == 422
    assert browser.title.startswith("Error: ")
    assert '<a href="#q-ease">Choose one of the answers.</a>' in browser.text
    assert 'id="q-ease-error"' in browser.text
    assert 'aria-invalid="true"' in browser.text
    long = "é" * 5001
    browser.post("/pages/1", q__ease="easy").post("/pages/2", answer=long)
    assert browser.reply.status_code == 422
    assert "Your answer has 5,001 characters. The most is 5,000: make it 1 shorter." in browser.text
    assert browser.shown_text == long


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


def test_pages_come_back_as_they_were_left(browser: Browser, survey_id: int) -> None:
    browser.to_check().get("/pages/2")
    assert browser.shown_text == "More buses"
    assert 'value="easy" checked' in browser.get("/pages/1").text


def test_change_leads_back_to_the_check(browser: Browser, survey_id: int) -> None:
    browser.to_check().get("/pages/2?change=1").post("/pages/2?change=1", answer="Fewer forms")
    assert browser.place == ROAD + "/check"
    assert "Fewer forms" in browser.text


def test_back_and_stop_keep_what_was_typed_without_asking(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    browser.post("/pages/2", answer="x" * 5001, go="back")
    assert browser.place == ROAD + "/pages/1"
    browser.get("/pages/3").post("/pages/3", q__people="none", go="stop")
    assert browser.place == ROAD + "/stop"
    assert "24 hours" in browser.text
    browser.post()
    assert browser.place == ROAD + "/pages/4", "the first page that was not seen"
    assert browser.get("/pages/2").shown_text == "x" * 5001
    assert 'value="none"' in browser.get("/pages/3").text


def test_coming_back_offers_to_go_on_or_to_delete(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").get()
    assert "Go on where you stopped" in browser.text
    browser.post("/clear")
    assert "holds no answers" in browser.text
    assert "Start now" in browser.text
    assert count(database, Draft) == 0


def test_another_person_can_answer_on_the_same_browser(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.to_check().post("/send").post("/clear")
    assert browser.place == ROAD
    assert "Start now" in browser.text
    browser.to_check().post("/send")
    assert count(database) == 2


def test_missing_answers_are_listed_and_nothing_is_sent(
    browser: Browser, database: Database, survey_id: int
) -> None:
    browser.get().post().get("/pages/2").post("/pages/2", answer="only this").get("/check")
    assert browser.title.startswith("Error: ")
    assert "/pages/1?change=1#q-ease" in browser.text
    assert "Send my answers" not in browser.text
    browser.get("/pages/2").post("/send")
    assert browser.place == ROAD + "/check"
    assert (count(database), count(database, Draft)) == (0, 1)


def test_the_language_changes_and_the_text_stays(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").post(
        "/pages/2", answer="half a sent", language="es"
    )
    assert browser.place == ROAD + "/pages/2"
    assert browser.shown_text == "half a sent"
    assert browser.title.endswith("Encuesta del plan - City of Example")
    assert '<span lang="en" dir="ltr">' in browser.text or 'h1 lang="en" dir="ltr"' in browser.text
    assert "¿Qué tan fácil es?" in browser.get("/pages/1").text


def test_the_language_can_be_asked_for_in_the_address(browser: Browser, survey_id: int) -> None:
    assert "Encuesta del plan" in browser.get("?lang=es").text
    assert "Encuesta del plan" in browser.get().text
    assert "IT plan survey" in browser.get("?lang=en").text
    assert "IT plan survey" in browser.get("?lang=zz").text


def test_words_from_right_to_left_are_marked(browser: Browser, database: Database, study: Study) -> None:
    raw = document(languages=["en", "ar"], title={"en": "IT plan survey", "ar": "استبيان"})
    publish(database, study, raw)
    assert '<h1 lang="ar" dir="rtl">استبيان</h1>' in browser.get("?lang=ar").text
    assert 'lang="ar" dir="rtl">العربية</a>' in browser.get("?lang=en").text


def test_all_on_one_page(browser: Browser, database: Database, study: Study) -> None:
    publish(database, study, document("page"))
    browser.get().post()
    assert count(database, Draft) == 0, "nothing is stored before something is typed"
    browser.post("/pages/1", q__people="none")
    assert browser.reply.status_code == 422
    assert browser.text.count('<li><a href="#q-') == 2
    browser.post("/pages/1", q__ease="easy", answer="One page")
    assert browser.place == ROAD + "/check"
    browser.post("/send")
    assert one_response(database) == {"ease": "easy", "better": "One page"}


def test_one_page_costs_five_statements_and_one_a_second_for_the_survey(
    browser: Browser, database: Database, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(database, study, document("page"))
    monkeypatch.setattr(live, "CACHE_SECONDS", 60.0)
    browser.get().post()  # the survey is read, expired drafts are swept away
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


FORGED = ["", "n.x", "s." + "a" * 31 + "é", "s." + "a" * 3000, "{}", "n." + "'" * 32]


def test_a_forged_cookie_is_as_good_as_none(browser: Browser, survey_id: int) -> None:
    for value in FORGED:
        browser.client.set_cookie("draft", value.encode("utf-8").decode("latin-1"), path=ROAD)
        assert browser.get("/pages/1").place == ROAD
        assert browser.get("/check").place == ROAD


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


HOSTILE = [
    "=1+1",
    "@SUM(A1:A9)",
    "\u202eright to left\u202c",
    "\x01\x1b[31mred",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE response; --",
    "{{ 7*7 }}{% raw %}",
    "%(name)s %s %d",
    "\n first line is empty",
    "  spaces  ",
    "\\u0000 \\x00",
    "👩‍👩‍👧 ẞ ﷽",
]


def test_hostile_text_is_stored_word_for_word(browser: Browser, database: Database, study: Study) -> None:
    questions = [{"id": f"q{n}", "type": "long_text", "label": {"en": "?"}} for n in range(len(HOSTILE))]
    publish(database, study, document("page", questions=questions))
    browser.get().post().post("/pages/1", **{f"q-q{n}": text for n, text in enumerate(HOSTILE)})
    assert "<script>alert" not in browser.text
    assert "<img src=x" not in browser.text
    browser.get("/pages/1").post("/pages/1", **{f"q-q{n}": text for n, text in enumerate(HOSTILE)}).post(
        "/send"
    )
    assert list(one_response(database).values()) == HOSTILE
    with database.reading() as session:
        assert sorted(session.scalars(select(Comment.text))) == sorted(HOSTILE)


def test_a_nul_is_refused_with_the_text_kept(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/2", answer="before\0after")
    assert browser.reply.status_code == 422
    assert "cannot be stored" in browser.text
    assert "before\0after" in browser.text
    assert browser.get("/pages/2").reply.status_code == 200
    assert browser.get("/check").reply.status_code == 200


BODIES = [
    b"q-better=%ED%A0%80&end=1",
    b"q-better=%FF%FE&end=1",
    b"q-better=\xff\xfe&end=1",
    b"q-better=a&q-better=b&end=1",
    b"q-better[]=a&q-better.x=1&end=1",
    b"&&&=&end=1",
    b"q-better=" + quote_plus("é" * 40_000).encode()[:200_000] + b"&end=1",
    b"&".join(b"field%d=x" % n for n in range(5000)) + b"&end=1",
    b"language=%00&end=1",
    b"language=xx&go=nowhere&end=1",
    b"language=en&language=es&end=1",
]


def test_no_form_breaks_a_page(browser: Browser, survey_id: int) -> None:
    browser.get().post()
    match = re.search(r'name="csrf_token" value="([^"]+)"', browser.text)
    assert match
    for page, body in product((1, 2, 3, 4), BODIES):
        reply = browser.client.post(
            f"{ROAD}/pages/{page}",
            data=b"csrf_token=" + match[1].encode() + b"&" + body,
            content_type="application/x-www-form-urlencoded",
        )
        assert reply.status_code in (303, 400, 422)
        assert browser.get(f"/pages/{page}").reply.status_code == 200
    assert browser.get("/check").reply.status_code == 200


UNKNOWN = [("one", "z"), ("several", "z"), ("scale", "99"), ("scale", "x" * 9999)]


@pytest.mark.parametrize(("kind", "value"), UNKNOWN)
def test_unknown_choices_are_refused(
    browser: Browser, database: Database, study: Study, kind: str, value: str
) -> None:
    choices = {"choices": [{"id": "a", "label": {"en": "A"}}]}
    types: dict[str, dict[str, Any]] = {
        "one": {"type": "one_choice", **choices},
        "several": {"type": "several_choices", **choices},
        "scale": {"type": "scale", "low": {"en": "Low"}, "high": {"en": "High"}},
    }
    publish(database, study, document(questions=[{"id": "x", "label": {"en": "Which?"}, **types[kind]}]))
    browser.get().post().post("/pages/1", q__x=value)
    assert browser.reply.status_code == 422


def test_a_body_that_is_too_large_comes_back_with_its_text(browser: Browser, survey_id: int) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    text = "start of it " + "x" * 300_000
    browser.post("/pages/2", answer=text)
    assert browser.reply.status_code == 413
    assert text in browser.text


A = [{"id": "a", "label": {"en": "A"}}]
EVERYTHING = [
    {"id": "hello", "type": "statement", "label": {"en": "Hello"}, "help": {"en": "Read this"}},
    {"id": "short", "type": "short_text", "label": {"en": "Short?"}},
    {"id": "long", "type": "long_text", "label": {"en": "Long?"}},
    {"id": "one", "type": "one_choice", "label": {"en": "One?"}, "choices": A},
    {"id": "several", "type": "several_choices", "label": {"en": "Several?"}, "choices": A},
    {"id": "scale", "type": "scale", "label": {"en": "Scale?"}, "low": {"en": "Low"}, "high": {"en": "High"}},
    {"id": "number", "type": "number", "label": {"en": "Number?"}, "unit": {"en": "miles"}, "decimals": 1},
    {"id": "date", "type": "date", "label": {"en": "Date?"}},
]


@pytest.mark.parametrize("layout", ["question", "pages", "page"])
def test_every_type_in_every_layout(browser: Browser, database: Database, study: Study, layout: str) -> None:
    publish(database, study, document(layout, questions=EVERYTHING))
    answers = {"q-short": "s", "q-long": "l", "q-one": "a", "q-several": ["a"], "q-scale": "dk"}
    answers |= {"q-number": "2,5", "q-date.day": "3", "q-date.month": "2", "q-date.year": "2024"}
    browser.get().post()
    for _ in range(len(EVERYTHING)):
        if browser.place.endswith("/check"):
            break
        assert len(browser.text) < 40_000
        assert browser.text.count("<h1") == 1
        names = set(re.findall(r'name="(q-[^"]+)"', browser.text))
        browser.post(browser.place.removeprefix(ROAD), **{name: answers[name] for name in names})
    assert "February 3, 2024" in browser.text
    browser.post("/send")
    stored = one_response(database)
    assert [stored[q["id"]] for q in EVERYTHING[1:]] == ["s", "l", "a", ["a"], "dk", 2.5, "2024-02-03"]


def test_looking_writes_nothing(browser: Browser, database: Database, survey_id: int) -> None:
    browser.to_check()
    with statements(database) as seen:
        for path in ("", "/pages/2", "/check", "/stop", "/sent"):
            browser.get(path)
    assert [s for s in seen if not s.startswith(("BEGIN", "SELECT"))] == []
