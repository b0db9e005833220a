"""The preview: the respondents' own pages, tried with real answers and rules, and nothing of it kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Comment, Draft, Response, Study
from survey.services import studies, surveys
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import HOSTILE, SURVEY, audits, draft, revision, text_of

BY = "tests"
WAY = {
    "id": "way",
    "type": "one_choice",
    "label": {"en": "How did you ask?", "es": "¿Cómo preguntó?"},
    "choices": [
        {"id": "phone", "label": {"en": "Phone", "es": "Teléfono"}},
        {"id": "none", "label": {"en": "I did not", "es": "No pregunté"}},
    ],
}
EASY = {
    "id": "easy",
    "type": "several_choices",
    "label": {"en": "You asked by ${way}. What was easy?", "es": "¿Qué fue fácil?"},
    "optional": True,
    "choices": [
        {"id": "a", "label": {"en": "All", "es": "Todo"}},
        {"id": "b", "label": {"en": "Something", "es": "Algo"}},
    ],
    "show_if": {"question": "way", "op": "=", "value": "phone"},
}
WORDS = {
    "id": "words",
    "type": "long_text",
    "label": {"en": "In your words?", "es": "¿En sus palabras?"},
    "optional": True,
}
DOCUMENT: dict[str, Any] = {
    "title": {"en": "Asking us", "es": "Preguntar"},
    "thanks": {"en": "Thank you very much."},
    "languages": ["en", "es"],
    "pages": [
        {"id": "p1", "title": None, "questions": [WAY]},
        {"id": "p2", "title": None, "questions": [EASY], "show_if": {"question": "way", "is": "answered"}},
        {"id": "p3", "title": None, "questions": [WORDS]},
    ],
}


@pytest.fixture
def author(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    with database.writing() as session:
        surveys.add(
            session, studies.by_slug(session, study.slug), "services", "Asking us", by=BY, document=DOCUMENT
        )
    return login(client, cast.facilitator)


def kept(database: Database) -> list[int]:
    with database.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Comment, Draft, Response)
        ]


def form_of(reply: TestResponse) -> dict[str, list[str]]:
    """What a browser would send of the form with the answers, its buttons left out."""
    (form,) = html.fromstring(reply.text).xpath("//form[@id='answers']")
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return {name: values for name, values in sent.items() if name not in ("csrf_token", "end")}


def press(client: FlaskClient, reply: TestResponse, path: str = "/preview/0", **typed: Any) -> TestResponse:
    """Fill in the form of a page and send it; `go` presses another button."""
    return post(
        client,
        f"{SURVEY}{path}",
        {**form_of(reply), **{name.replace("q_", "q-"): v for name, v in typed.items()}},
    )


def begin(client: FlaskClient) -> TestResponse:
    return post(client, f"{SURVEY}/preview/0")


def test_the_whole_way_with_answers_that_nobody_keeps(author: FlaskClient, database: Database) -> None:
    before = (draft(database), audits(database), revision(database))
    first = author.get(f"{SURVEY}/preview/0")
    assert "Start now" in text_of(first)
    assert "Preview. Nothing is stored." in text_of(first)
    way = begin(author)
    assert "How did you ask?" in text_of(way)
    easy = press(author, way, q_way="phone")
    assert "You asked by \u2068Phone\u2069. What was easy?" in text_of(easy), "earlier answers are put in"
    words = press(author, easy, q_easy=["a", "b"])
    assert "In your words?" in text_of(words)
    assert "So far every question was asked." in text_of(words)
    check = press(author, words, q_words="Long\nand hostile " + HOSTILE)
    page = text_of(check)
    assert all(part in page for part in ("Check your answers", "Phone", "All; Something", "Long and hostile"))
    assert "<script>alert(1)" not in check.text
    sent = press(author, check)
    assert "Your answers are sent" in text_of(sent)
    assert "Thank you very much." in text_of(sent)
    assert "q-words" not in sent.text, "what was typed ends here"
    assert (draft(database), audits(database), revision(database)) == before
    assert kept(database) == [0, 0, 0]


def test_what_is_passed_by_is_told_with_its_rule(author: FlaskClient) -> None:
    words = press(author, begin(author), q_way="none")
    page = text_of(words)
    assert "In your words?" in page
    assert "1 question was passed by" in page
    assert "Asked only if “How did you ask?” is “Phone”." in page
    nothing = text_of(author.get(f"{SURVEY}/preview/3"))
    assert "The page is shown only if “How did you ask?” is answered." in nothing


def test_an_answer_that_is_not_asked_for_any_more_is_told(author: FlaskClient) -> None:
    easy = press(author, begin(author), q_way="phone")
    words = press(author, easy, q_easy="b")
    again = press(author, words, go="1")
    assert 'value="phone" checked' in re.sub(r"\s+", " ", again.text)
    other = press(author, again, q_way="none")
    assert "What you typed at “You asked by ${way}. What was easy?” will not be sent." in text_of(other)
    back = press(author, press(author, other, go="1"), q_way="phone")
    assert re.search(r'value="b" checked', back.text), "it was carried along"


def test_a_problem_is_told_on_the_same_page_and_nothing_typed_is_lost(author: FlaskClient) -> None:
    wrong = press(author, begin(author))
    assert wrong.status_code == 422
    assert "Choose one of the answers." in text_of(wrong)
    assert "<title>Preview: Error: " in wrong.text
    check = press(author, press(author, begin(author), go="4"))
    assert "Choose one of the answers." in text_of(check), "nothing is sent while an answer is missing"
    assert "Go to the first problem" in text_of(check)


def test_back_stop_and_language_keep_what_was_typed(author: FlaskClient) -> None:
    easy = press(author, begin(author), q_way="phone")
    back = press(author, easy, q_easy="a", go="back")
    assert "How did you ask?" in text_of(back)
    stop = press(author, easy, q_easy="a", go="stop")
    assert "The preview stores nothing." in text_of(stop)
    assert re.search(r'value="a" checked', stop.text)
    spanish = press(author, easy, q_easy="b", language="es")
    assert "¿Qué fue fácil?" in text_of(spanish)
    assert "Volver" in text_of(spanish) or "Atrás" in text_of(spanish), "the buttons, too"
    assert re.search(r'value="b" checked', spanish.text)
    assert "Preview. Nothing is stored." in text_of(spanish), "the author's own words stay in theirs"
    on = press(author, spanish)
    assert "¿En sus palabras?" in text_of(on)
    assert "Surveys" in text_of(author.get("/studies/it-plan/surveys")), "and the author's pages, too"


def test_each_language_can_be_looked_at(author: FlaskClient) -> None:
    assert "¿Cómo preguntó?" in text_of(author.get(f"{SURVEY}/preview/1?language=es"))
    assert "How did you ask?" in text_of(author.get(f"{SURVEY}/preview/1?language=xx"))


@pytest.mark.parametrize(("look", "sandboxed"), [("phone", False), ("plain", True)])
def test_phone_and_no_javascript_stand_in_a_frame(author: FlaskClient, look: str, sandboxed: bool) -> None:
    page = author.get(f"{SURVEY}/preview/1?look={look}&language=es")
    (frame,) = html.fromstring(page.text).xpath("//iframe")
    assert (frame.get("sandbox") == "allow-forms allow-same-origin") == sandboxed
    assert "allow-scripts" not in page.text
    inside = author.get(frame.get("src"))
    assert "¿Cómo preguntó?" in text_of(inside)
    assert "Back to the questions" not in text_of(inside), "the bar stands around the frame"
    for reply in (page, inside):
        assert "frame-ancestors 'self'" in reply.headers["Content-Security-Policy"]
        assert "frame-src 'self'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_only_the_preview_may_stand_in_a_frame(author: FlaskClient) -> None:
    for path in (
        SURVEY,
        f"{SURVEY}/versions",
        f"{SURVEY}/library",
        "/studies/it-plan/surveys",
        "/",
        "/account",
    ):
        reply = author.get(path)
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"], path
        assert "frame-src" not in reply.headers["Content-Security-Policy"], path
        assert reply.headers["X-Frame-Options"] == "DENY", path


def test_a_version_is_shown_as_it_was(author: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        survey = surveys.of_studies(session, [studies.by_slug(session, "it-plan").id])[0]
        surveys.publish(session, survey, by=BY)
        changed = {**survey.document, "pages": survey.document["pages"][2:]}
        surveys.save_document(session, survey, changed, by=BY)
    assert "How did you ask?" not in text_of(author.get(f"{SURVEY}/preview/1"))
    path = "/versions/1/1"
    shown = author.get(SURVEY + path)
    assert "How did you ask?" in text_of(shown)
    assert "Version 1 as it was shown." in text_of(shown)
    on = press(author, shown, path, q_way="phone")
    assert "What was easy?" in text_of(on)
    assert kept(database) == [0, 0, 0]
    for wrong in ("/versions/2/1", "/versions/0/0", "/versions/1/9"):
        assert author.get(SURVEY + wrong).status_code == 404


def test_bad_input_is_answered_with_a_page(author: FlaskClient) -> None:
    assert author.get(f"{SURVEY}/preview/5").status_code == 404
    bad: list[dict[str, Any]] = [
        {"at": "-1"},
        {"at": "99"},
        {"at": "9" * 50},
        {"at": "x", "go": "99999999999"},
        {"at": "1", "go": "²"},
        {"at": "1", "q-way": ["phone", "none"]},
        {"at": "1", "q-way": "tram"},
        {"at": "1", "q-way": "a\x00"},
        {"at": "1", "spoken": "xx", "language": "yy"},
        {"at": "2", "q-easy": ["1e309"] * 3},
    ]
    for data in bad:
        reply = post(author, f"{SURVEY}/preview/1", data)
        assert reply.status_code in (200, 404, 422), data
    assert post(author, f"{SURVEY}/preview/77").status_code == 404


def test_a_survey_without_questions_says_so(author: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        survey = surveys.of_studies(session, [studies.by_slug(session, "it-plan").id])[0]
        surveys.save_document(
            session,
            survey,
            {
                **survey.document,
                "pages": DOCUMENT["pages"][:0] + [{"id": "p", "title": None, "questions": []}],
            },
            by=BY,
        )
    assert "no question yet" in author.get(f"{SURVEY}/preview/0").text
    assert post(author, f"{SURVEY}/preview/0").status_code == 404


def test_a_named_survey_asks_for_the_name_in_the_preview_too(author: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        survey = surveys.of_studies(session, [studies.by_slug(session, "it-plan").id])[0]
        survey.mode = "identified"
    name = author.get(f"{SURVEY}/preview/4")
    assert "Your name" in text_of(name)
    assert press(author, name, "/preview/4").status_code == 422
    assert "Check your answers" in text_of(press(author, name, "/preview/4", **{"q-_name": "Ada"}))
