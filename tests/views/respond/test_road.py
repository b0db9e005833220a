"""The whole road, as a browser goes it: start, questions, check, send, receipt."""

from __future__ import annotations

import re

import pytest

from survey.db import Database
from survey.models import Comment, Draft, Study
from tests.services.answering import document, publish
from tests.views.respond.browsing import ROAD, Browser, count, one_response


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
    title = {"en": "IT plan survey", "fa": "نظرسنجی", "ar": "استبيان"}
    publish(database, study, document(languages=["en", "fa", "ar"], title=title))
    assert '<h1 lang="fa" dir="rtl">نظرسنجی</h1>' in browser.get("?lang=fa").text
    assert "<h1>استبيان</h1>" in browser.get("?lang=ar").text, "the page itself is in Arabic"
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
