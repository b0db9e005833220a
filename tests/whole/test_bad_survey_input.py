"""Bad input to surveys that no other test holds: it gets a clear sentence, and nothing is lost."""

from __future__ import annotations

import json
import time
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from survey import cli
from survey.db import Database
from survey.models import Draft, Response, Study, Survey
from survey.questions import from_document
from tests.fixtures import login, token
from tests.people import Cast
from tests.services.answering import document, publish, text
from tests.views.respond.browsing import ROAD, Browser
from tests.views.test_api import Program, token_of
from tests.views.test_api_surveys import SURVEYS
from tests.views.test_survey_files import NEW

SOON = 5.0  # seconds, on a busy machine; each of these takes a fraction of one
MANY = 10_000
FORM = "multipart/form-data"
ASKED: list[dict[str, Any]] = [
    {"id": "well", "type": "long_text", "label": text("What works well?"), "optional": True},
    {"id": "more", "type": "several_choices", "label": text("Which?"), "choices": [], "optional": True},
]
ASKED[1]["choices"] = [{"id": id, "label": text(id.upper())} for id in "abc"]


def count(database: Database, model: type = Response) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# Many fields.


@pytest.fixture
def browser(client: FlaskClient, database: Database, study: Study) -> Browser:
    """A respondent at a survey on one page, who has typed something already."""
    publish(database, study, document("page", ASKED))
    return Browser(client).get().post().post("/pages/1", q__well="The library")


def flood(name: str = "f{}") -> list[tuple[str, str]]:
    return [(name.format(n), "x") for n in range(MANY)]


def send(browser: Browser, fields: list[tuple[str, str]], *, in_parts: bool = False) -> None:
    """Send a form of these fields."""
    whole = [("csrf_token", token(browser.client, ROAD + "/pages/1")), *fields, ("end", "1")]
    data, kind = urlencode(whole).encode(), "application/x-www-form-urlencoded"
    if in_parts:
        boundary, data = encode_multipart(dict(whole))
        kind = f"{FORM}; boundary={boundary}"
    path = ROAD + "/pages/1"
    browser.reply = browser.client.post(path, data=data, content_type=kind, follow_redirects=True)


def test_ten_thousand_fields_that_nobody_asked_for_are_passed_by(
    browser: Browser, database: Database
) -> None:
    started = time.perf_counter()
    send(browser, [("q-well", "The library, still"), ("q-more", "b"), *flood()])
    assert time.perf_counter() - started < SOON
    assert browser.place == ROAD + "/check"
    assert "The library, still" in browser.text
    with database.reading() as session:
        typed = session.scalars(select(Draft.typed)).one()
    assert {name: values for name, values in typed.items() if values} == {
        "q-well": ["The library, still"],
        "q-more": ["b"],
    }


def test_ten_thousand_answers_to_one_question_are_put_right_by_a_person(
    browser: Browser, database: Database
) -> None:
    started = time.perf_counter()
    send(browser, [("q-well", "The library"), *flood("q-well")])
    assert time.perf_counter() - started < SOON
    assert browser.reply.status_code == 422
    assert "There are 10001 answers here. Leave one." in browser.text
    assert "The library" in browser.text
    send(browser, [("q-well", "One"), *(("q-more", "abc"[n % 3]) for n in range(MANY))])
    assert browser.place == ROAD + "/check"
    browser.post("/send")
    with database.reading() as session:
        assert session.scalars(select(Response.answers)).one() == {"well": "One", "more": ["a", "b", "c"]}


def test_ten_thousand_parts_of_a_form_with_files_are_refused_in_words(
    browser: Browser, database: Database
) -> None:
    started = time.perf_counter()
    send(browser, [("q-well", "Changed"), *flood()], in_parts=True)
    assert time.perf_counter() - started < SOON
    assert browser.reply.status_code == 413
    assert "your text is still there" in browser.text
    assert browser.get("/check").reply.status_code == 200
    assert "The library" in browser.text


def test_more_text_than_a_form_may_hold_comes_back_to_copy(browser: Browser) -> None:
    send(browser, [("q-well", "The bus line " * 20), *((name, "x" * 30) for name, _x in flood())])
    assert browser.reply.status_code == 413
    assert "The bus line" in unescape(browser.text)
    browser.get("/check")
    assert "The library" in browser.text


# Large and hostile definitions.

HUGE = {"id": "p1", "title": None, "questions": [{**ASKED[0], "id": f"q{n}"} for n in range(MANY)]}
LOOP = {
    "id": "p1",
    "title": None,
    "questions": [
        {**ASKED[0], "id": "one", "show_if": {"question": "two", "is": "answered"}},
        {**ASKED[0], "id": "two", "show_if": {"question": "one", "is": "answered"}},
    ],
}


def deep(levels: int) -> str:
    """A rule nested so deep, as JSON."""
    return '{"not":' * levels + '{"question":"well","is":"answered"}' + "}" * levels


def as_file(page: Any) -> bytes:
    return json.dumps({**document(), "pages": [page]}).encode()


FILES: dict[str, tuple[bytes, str]] = {
    "ten thousand questions": (as_file(HUGE), "at most 1000 questions"),
    "a rule nested without end": (
        as_file({**LOOP, "show_if": "DEEP"}).replace(b'"DEEP"', deep(100_000).encode()),
        "nested",
    ),
    "a rule nested a little too deep": (
        as_file({**LOOP, "show_if": "DEEP"}).replace(b'"DEEP"', deep(11).encode()),
        "nested",
    ),
    "a number beyond numbers": (
        as_file({**LOOP, "show_if": {"question": "x", "op": "=", "value": 1e309}}),
        "numbers that JSON does not have",
    ),
    "not a number": (
        as_file({**LOOP, "show_if": {"question": "x", "op": "=", "value": float("nan")}}),
        "numbers that JSON does not have",
    ),
    "a number of a million digits": (
        as_file({**LOOP, "show_if": {"question": "x", "op": "=", "value": "DIGITS"}}).replace(
            b'"DIGITS"', b"9" * 1_000_000
        ),
        "numbers that JSON does not have",
    ),
    "half of a pair of surrogates": (as_file({**LOOP, "title": {"en": "\ud800"}}), "cannot be stored"),
    "the same key twice": (
        as_file(LOOP).replace(b'"id": "two"', b'"id": "two", "id": "one"'),
        "stands twice",
    ),
    "pages that are no list": (
        as_file(LOOP).replace(b'"pages": [', b'"pages": 5, "x": ['),
        "“x” is not part",
    ),
    "a list for a text": (as_file({**LOOP, "id": [[]]}), "An id needs"),
    "nothing": (b"", "is empty"),
    "zeros": (bytes(1_000_000), "look at line 1"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_definition_is_refused_by_page_command_and_api(
    name: str,
    app: Flask,
    cast: Cast,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data, says = FILES[name]
    file = tmp_path / "survey.json"
    file.write_bytes(data)
    facilitator = login(app.test_client(), cast.facilitator)
    started = time.perf_counter()
    sent_file = FileStorage(BytesIO(data), "survey.json")
    fields = {"csrf_token": token(facilitator, NEW), "file": sent_file, "format": "", "end": "1"}
    boundary, body = encode_multipart(fields)
    reply = facilitator.post(NEW, data=body, content_type=f"{FORM}; boundary={boundary}")
    assert reply.status_code == 422
    assert says in unescape(reply.text)
    program = Program(app.test_client(), token_of(database, cast.facilitator))
    sent = b'{"document":' + (data or b"?") + b"}"
    refused = program.send(SURVEYS, sent, "application/json")
    assert refused.status_code in (400, 413, 422)
    assert refused.mimetype == "application/problem+json"
    monkeypatch.setenv("SURVEY_DATABASE_URL", database.write.url.render_as_string(hide_password=False))
    assert cli.run(("import", "survey", "it-plan", str(file))) == 1
    said = "".join(capsys.readouterr())
    assert says in said
    assert "Traceback" not in said
    assert time.perf_counter() - started < SOON
    assert count(database, Survey) == 0


# Answers.


def test_ten_thousand_answers_through_the_api_are_refused_soon(
    app: Flask, cast: Cast, study: Study, database: Database
) -> None:
    publish(database, study, document("page", ASKED))
    program = Program(app.test_client(), token_of(database, cast.facilitator))
    started = time.perf_counter()
    answers = {"well": "The library", **dict(flood())}
    reply = program.post(f"{SURVEYS}/it-survey/responses", {"key": "key-number-1", "answers": answers})
    assert reply.status_code in (413, 422)
    assert time.perf_counter() - started < SOON
    assert count(database) == 0


def test_the_title_of_a_survey_shows_nobody_the_answer_of_another(
    app: Flask, study: Study, database: Database
) -> None:
    pages = [{"id": "one", "title": None, "questions": [ASKED[0]]}]
    pages.append({"id": "two", "title": None, "questions": [{**q, "id": f"{q['id']}2"} for q in ASKED]})
    publish(database, study, {**document("pages"), "title": text("About ${well}"), "pages": pages})
    for typed in ("The library", "Buses"):
        respondent = Browser(app.test_client()).get().post().post("/pages/1", q__well=typed)
        assert respondent.place == ROAD + "/pages/2"
        assert "The library" not in respondent.text


def test_an_answer_cannot_turn_the_sentence_that_names_it(
    app: Flask, study: Study, database: Database
) -> None:
    asked = [ASKED[0], {**ASKED[0], "id": "then", "label": text("So ${well} then?")}]
    publish(database, study, document("question", asked, thanks=text("Thanks for ${well}!")))
    respondent = Browser(app.test_client()).get().post().post("/pages/1", q__well="\u2069\u202eout")
    assert "So \u2068out\u2069 then?" in respondent.text
    respondent.post("/pages/2", q__then="").post("/send")
    assert "Thanks for …!" in respondent.text


def test_very_small_numbers_are_written_as_people_write_them() -> None:
    number: Any = from_document({"id": "x", "type": "number", "label": text("?"), "decimals": 6})
    assert number.read(number.as_typed(0.000001)) == 0.000001
    assert number.shown(0.000001, "en") == "0.000001"
