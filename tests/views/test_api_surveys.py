"""Surveys through the API: the whole life of one, answers in and out, and what a program may not do."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.db import Database
from survey.models import AuditRow, Comment, Response, Study
from tests.people import Cast
from tests.services.answering import CHOICES, document, text
from tests.views.test_api import HOME, Program, check_problem, token_of
from tests.views.test_api import document as description  # noqa: F401  (the schemas are checked there)

SURVEYS = f"{HOME}/surveys"
IS_HARD = {"question": "ease", "op": "=", "value": "hard"}
ASKED: list[dict[str, Any]] = [
    {"id": "ease", "type": "one_choice", "label": text("How easy?"), "choices": CHOICES, "code": "Q1 ease"},
    {"id": "why", "type": "long_text", "label": text("Why?"), "show_if": IS_HARD},
    {"id": "people", "type": "number", "label": text("People?"), "optional": True, "min": 1},
    {
        "id": "used",
        "type": "several_choices",
        "label": text("Used?"),
        "choices": CHOICES,
        "optional": True,
    },
]


@pytest.fixture
def program(client: FlaskClient, database: Database, cast: Cast, study: Study) -> Program:
    return Program(client, token_of(database, cast.facilitator))


def make(program: Program, mode: str = "anonymous", **more: Any) -> dict[str, Any]:
    reply = program.post(
        SURVEYS, {"document": document("question", ASKED), "mode": mode, "slug": "mine", **more}
    )
    assert reply.status_code == 201, reply.text
    page: dict[str, Any] = reply.get_json()
    return page


def publish(program: Program, **more: Any) -> dict[str, Any]:
    page = make(program, **more)
    reply = program.post(f"{SURVEYS}/mine/publish", {"revision": page["survey"]["revision"]})
    assert reply.status_code == 200, reply.text
    return dict(reply.get_json())


def answer(program: Program, key: str, answers: dict[str, Any], **more: Any) -> Any:
    return program.post(f"{SURVEYS}/mine/responses", {"key": key, "answers": answers, **more})


def counted(database: Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_life_of_a_survey(program: Program, database: Database) -> None:
    before = counted(database, AuditRow)
    page = make(program)
    assert (page["survey"]["state"], page["survey"]["versions"]) == ("draft", 0)
    changed = {**page["document"], "minutes": 7}
    revision = page["survey"]["revision"]
    put = program.put(f"{SURVEYS}/mine/document", {"revision": revision, "document": changed})
    assert put.get_json()["document"]["minutes"] == 7
    stale = program.put(f"{SURVEYS}/mine/document", {"revision": revision, "document": changed})
    assert stale.status_code == 409
    revision = put.get_json()["survey"]["revision"]
    opened = program.post(f"{SURVEYS}/mine/publish", {"revision": revision}).get_json()
    assert (opened["survey"]["state"], opened["survey"]["versions"]) == ("open", 1)
    closed = program.post(f"{SURVEYS}/mine/close", {"revision": opened["survey"]["revision"]}).get_json()
    assert closed["survey"]["state"] == "closed"
    again = program.post(f"{SURVEYS}/mine/reopen", {"revision": closed["survey"]["revision"]})
    assert again.status_code == 422
    assert "sealed" in again.get_json()["detail"]
    assert counted(database, AuditRow) == before + 4
    assert [one["slug"] for one in program.get(SURVEYS).get_json()["items"]] == ["mine"]


def test_an_answer_is_stored_once_whole_and_as_the_pages_would(program: Program, database: Database) -> None:
    publish(program)
    given = {"Q1 ease": "hard", "why": "The form\r\nis long", "people": 3, "used": ["hard", "easy"]}
    first = answer(program, "key-number-1", given)
    assert (first.status_code, first.get_json()["stored"]) == (201, True)
    again = answer(program, "key-number-1", given)
    assert (again.status_code, again.get_json()["stored"]) == (200, False)
    assert again.get_json()["receipt"] == first.get_json()["receipt"]
    assert (counted(database, Response), counted(database, Comment)) == (1, 1)
    with database.reading() as session:
        row = session.scalars(select(Response)).one()
        assert row.source == "api"
        assert row.answers == {
            "ease": "hard",
            "why": "The form\nis long",
            "people": 3,
            "used": ["easy", "hard"],
        }


@pytest.mark.parametrize(
    ("answers", "at"),
    [
        ({"ease": "purple"}, "/answers/Q1 ease"),
        ({"ease": "hard"}, "/answers/why"),
        ({}, "/answers/Q1 ease"),
        ({"ease": "easy", "people": 0}, "/answers/people"),
        ({"ease": "easy", "people": "1e309"}, "/answers/people"),
        ({"ease": "easy", "people": [1]}, "/answers/people"),
        ({"ease": "easy", "used": {"a": 1}}, "/answers/used"),
        ({"ease": "easy", "nobody": 1}, "/answers/nobody"),
        ({"ease": True}, "/answers/Q1 ease"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_stored(
    program: Program, database: Database, answers: dict[str, Any], at: str
) -> None:
    publish(program)
    reply = answer(program, "key-number-1", answers)
    assert reply.status_code == 422
    assert at in [fault["at"] for fault in check_problem(reply)["errors"]]
    assert counted(database, Response) == 0


def test_answers_to_hidden_questions_are_not_stored(program: Program, database: Database) -> None:
    publish(program)
    assert answer(program, "key-number-1", {"ease": "easy", "why": "never asked"}).status_code == 201
    with database.reading() as session:
        assert session.scalars(select(Response.answers)).one() == {"ease": "easy"}


def test_names_go_where_the_mode_has_a_place_for_them(program: Program) -> None:
    publish(program, mode="identified")
    assert answer(program, "key-number-1", {"ease": "easy"}).status_code == 422
    assert answer(program, "key-number-1", {"ease": "easy"}, name="Ada").status_code == 201


def test_an_anonymous_survey_takes_no_name_and_tells_no_small_number(program: Program) -> None:
    publish(program)
    assert answer(program, "key-number-1", {"ease": "easy"}, name="Ada").status_code == 422
    for number in range(5):
        told = program.get(f"{SURVEYS}/mine").get_json()["survey"]["responses"]
        assert told is None
        answer(program, f"key-number-{number}", {"ease": "easy"})
    assert program.get(f"{SURVEYS}/mine").get_json()["survey"]["responses"] == 5


def test_answers_are_read_in_pages_and_as_a_table(program: Program) -> None:
    publish(program)
    answer(program, "key-number-1", {"ease": "hard", "why": '=HYPERLINK("x")', "used": ["easy", "hard"]})
    answer(program, "key-number-2", {"ease": "easy"}, language="es")
    page = program.get(f"{SURVEYS}/mine/responses").get_json()
    assert (page["total"], page["pages"], page["next"]) == (2, 1, None)
    rows = {row["language"]: row for row in page["items"]}
    assert rows["es"]["answers"] == {"Q1 ease": "easy"}
    assert set(rows["en"]) == {"version", "day", "language", "source", "unit", "answers"}
    file = program.get(f"{SURVEYS}/mine/responses", format="csv")
    table = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    english = next(row for row in table if row["language"] == "en")
    assert (english["Q1 ease"], english["used"], english["people"]) == ("Hard", "Easy; Hard", "")
    assert english["why"] == '\'=HYPERLINK("x")'


def test_a_survey_that_is_not_open_takes_no_answer(program: Program) -> None:
    make(program)
    reply = answer(program, "key-number-1", {"ease": "easy"})
    assert reply.status_code == 422
    assert "not published" in reply.get_json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": " "},
        {"document": {}},
        {"document": {"title": 5}},
        {"document": {"title": {"en": "T"}, "languages": ["en"], "pages": [{"id": "p", "questions": [1]}]}},
        {"title": "T", "mode": "secret"},
        {"title": "T", "slug": "Not A Slug"},
        {"title": "T", "more": 1},
    ],
)
def test_what_is_no_survey_is_refused_in_words(
    program: Program, database: Database, body: dict[str, Any]
) -> None:
    before = counted(database, AuditRow)
    assert program.post(SURVEYS, body).status_code == 422
    assert counted(database, AuditRow) == before


def test_planners_read_surveys_and_change_nothing(
    client: FlaskClient, database: Database, cast: Cast, program: Program
) -> None:
    revision = publish(program)["survey"]["revision"]
    planner = Program(client, token_of(database, cast.planner))
    assert planner.get(f"{SURVEYS}/mine").status_code == 200
    for path in (f"{SURVEYS}/mine/close", f"{SURVEYS}/mine/publish"):
        assert planner.post(path, {"revision": revision}).status_code == 403
    assert planner.get(f"{SURVEYS}/mine/responses").status_code == 403
    other = Program(client, token_of(database, cast.other_planner))
    assert other.get(f"{SURVEYS}/mine").status_code == 404


def test_a_token_does_only_what_it_was_made_for(
    client: FlaskClient, database: Database, cast: Cast, program: Program
) -> None:
    publish(program)
    reader = Program(client, token_of(database, cast.facilitator, ("read",)))
    assert answer(reader, "key-number-1", {"ease": "easy"}).status_code == 403
    writer = Program(client, token_of(database, cast.facilitator, ("answer",)))
    assert answer(writer, "key-number-1", {"ease": "easy"}).status_code == 201
    assert writer.get(f"{SURVEYS}/mine/responses").status_code == 403
