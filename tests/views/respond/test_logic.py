"""Rules on the road: what is asked, what is kept, what is sent, without JavaScript and in every layout."""

from __future__ import annotations

from typing import Any

import pytest

from survey.db import Database
from survey.models import Draft, Study
from tests.services.answering import CHOICES, document, publish, text
from tests.views.respond.browsing import ROAD, Browser, one_response

IS_HARD = {"question": "ease", "op": "=", "value": "hard"}
ASKED: list[dict[str, Any]] = [
    {"id": "ease", "type": "one_choice", "label": text("How easy is it?"), "choices": CHOICES},
    {
        "id": "why",
        "type": "long_text",
        "label": text("Why is it ${ease}?", "¿Por qué es ${ease}?"),
        "show_if": IS_HARD,
        "optional": True,
    },
    {"id": "well", "type": "long_text", "label": text("What works well?"), "optional": True},
]


@pytest.fixture(params=["question", "pages", "page"])
def ruled(request: pytest.FixtureRequest, database: Database, study: Study) -> str:
    publish(database, study, document(request.param, ASKED))
    return str(request.param)


def test_a_hidden_question_is_passed_by_in_every_layout(
    browser: Browser, database: Database, ruled: str
) -> None:
    browser.get().post().post("/pages/1", q__ease="easy")
    if ruled == "question":
        assert browser.place == ROAD + "/pages/3"
        browser.post("/pages/3", q__well="")
    else:
        browser.post(browser.place.removeprefix(ROAD), q__well="")
    assert browser.place == ROAD + "/check"
    assert "Why is it" not in browser.text
    browser.post("/send")
    assert one_response(database) == {"ease": "easy"}


def test_an_answer_stands_in_the_words_of_a_later_question(browser: Browser, ruled: str) -> None:
    browser.get().post().post("/pages/1", q__ease="hard")
    assert browser.place == ROAD + "/pages/2"
    assert "Why is it \u2068Hard\u2069?" in browser.text
    browser.get("/pages/2?lang=es")
    assert "¿Por qué es \u2068Difícil\u2069?" in browser.text


def test_what_a_new_way_passes_by_is_kept_said_and_not_sent(
    browser: Browser, database: Database, study: Study
) -> None:
    publish(database, study, document("question", ASKED))
    browser.get().post().post("/pages/1", q__ease="hard").post("/pages/2", q__why="It takes an hour")
    browser.post("/pages/3", q__well="The library")
    assert browser.place == ROAD + "/check"
    browser.get("/pages/1?change=1").post("/pages/1?change=1", q__ease="easy")
    assert browser.place == ROAD + "/check"
    assert "What you wrote there will not be sent" in browser.text
    with database.reading() as session:
        assert "It takes an hour" in str(session.query(Draft.typed).scalar())
    browser.get("/pages/1?change=1").post("/pages/1?change=1", q__ease="hard")
    assert "It takes an hour" in browser.text
    assert "will not be sent" not in browser.text
    browser.get("/pages/1?change=1").post("/pages/1?change=1", q__ease="easy").post("/send")
    assert browser.place == ROAD + "/sent"
    assert one_response(database) == {"ease": "easy", "well": "The library"}


def test_a_change_that_asks_something_new_leads_there(
    browser: Browser, database: Database, study: Study
) -> None:
    publish(database, study, document("question", ASKED))
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/3", q__well="")
    browser.post("/pages/1?change=1", q__ease="hard")
    assert browser.place == ROAD + "/pages/2"


def test_answers_to_hidden_questions_are_not_taken(
    browser: Browser, database: Database, study: Study
) -> None:
    publish(database, study, document("question", ASKED))
    browser.get().post().post("/pages/1", q__ease="easy").post("/pages/2", q__why="forced in")
    browser.get("/pages/3").post("/pages/3", q__well="")
    assert browser.place == ROAD + "/check"
    browser.post("/send")
    assert one_response(database) == {"ease": "easy"}


def test_a_hidden_page_leads_on(browser: Browser, database: Database, study: Study) -> None:
    publish(database, study, document("question", ASKED))
    browser.get().post().post("/pages/1", q__ease="easy").get("/pages/2")
    assert browser.place == ROAD + "/pages/3"
    browser.post("/pages/3", go="back")
    assert browser.place == ROAD + "/pages/1"


def test_saving_a_screen_keeps_what_is_hidden_on_it(
    browser: Browser, database: Database, study: Study
) -> None:
    asked = [ASKED[0], {**ASKED[1], "label": text("Why?")}, ASKED[2]]
    publish(database, study, document("pages", asked))
    browser.get().post().post("/pages/1", q__ease="hard")
    browser.post("/pages/2", q__why="kept", q__well="fine")
    browser.post("/pages/1?change=1", q__ease="easy")
    browser.post("/pages/2?change=1", q__well="better")
    browser.post("/pages/1?change=1", q__ease="hard")
    assert browser.place == ROAD + "/check"
    assert "kept" in browser.text


def test_what_was_typed_is_shown_as_text_when_it_is_piped(
    browser: Browser, database: Database, study: Study
) -> None:
    name = {"id": "name", "type": "short_text", "label": text("Street?")}
    well = {**ASKED[2], "label": text("What works well in ${name}?")}
    publish(database, study, document("question", [name, well]))
    browser.get().post().post("/pages/1", q__name="<script>alert(1)</script>\u202e{{77*77}}${name}")
    assert "&lt;script&gt;" in browser.text
    assert "<script>alert" not in browser.text
    assert "5929" not in browser.text


def test_when_nothing_is_left_to_ask_the_check_says_so(
    browser: Browser, database: Database, study: Study
) -> None:
    gone = {"question": "nobody", "is": "answered"}
    publish(database, study, document("question", [{**ASKED[2], "show_if": gone}]))
    browser.get().post()
    assert browser.reply.status_code == 200
