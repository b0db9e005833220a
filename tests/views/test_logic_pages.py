"""Rules in the builder: made line by line, put together, taken apart, checked, by people who collide."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.models import Study, Survey
from survey.services import surveys
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.studio import CHOICE, SURVEY, TEXT, audits, draft, make_survey, revision, send, text_of

CHOICES = CHOICE["choices"]
ASKED: dict[str, dict[str, Any]] = {
    "ease": CHOICE,
    "used": {"id": "used", "type": "several_choices", "label": {"en": "Used?"}, "choices": CHOICES},
    "age": {"id": "age", "type": "number", "label": {"en": "Age?"}},
    "day": {"id": "day", "type": "date", "label": {"en": "Day?"}},
    "hour": {"id": "hour", "type": "time", "label": {"en": "Hour?"}},
    "name": {"id": "name", "type": "short_text", "label": {"en": "Name?"}},
    "yes": {"id": "yes", "type": "yes_no", "label": {"en": "Yes?"}},
    "grid": {
        "id": "grid",
        "type": "matrix",
        "label": {"en": "Grid?"},
        "choices": CHOICES,
        "rows": [{"id": "r1", "label": {"en": "Row one"}}],
    },
    "rank": {"id": "rank", "type": "ranking", "label": {"en": "Rank?"}, "choices": CHOICES},
    "end": TEXT | {"id": "end"},
}
RULE = "/logic/question.end"


@pytest.fixture
def facilitator(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    make_survey(database, study)
    with database.writing() as session:
        found = session.scalars(select(Survey).where(Survey.slug == "services")).one()
        pages = [{"id": "p1", "title": None, "questions": list(ASKED.values())}]
        surveys.save_document(session, found, {**found.document, "pages": pages}, by="tests")
    return login(client, cast.facilitator)


def rule(database: Database) -> Any:
    return draft(database)["pages"][0]["questions"][-1]["show_if"]


LINES: list[tuple[str, dict[str, Any], Any]] = [
    ("ease", {"how": "any", "values": "hard"}, {"question": "ease", "op": "=", "value": "hard"}),
    (
        "ease",
        {"how": "any", "values": ["easy", "hard"]},
        {
            "any": [
                {"question": "ease", "op": "=", "value": "easy"},
                {"question": "ease", "op": "=", "value": "hard"},
            ]
        },
    ),
    ("ease", {"how": "none", "values": "hard"}, {"not": {"question": "ease", "op": "=", "value": "hard"}}),
    ("used", {"how": "all", "values": "hard"}, {"question": "used", "op": "includes", "value": "hard"}),
    (
        "used",
        {"how": "count", "count.order": ">=", "count.value": "2"},
        {"question": "used", "of": "count", "op": ">=", "value": 2},
    ),
    (
        "age",
        {"how": "compare", "compare.order": "<", "compare.value": "1,5"},
        {"question": "age", "op": "<", "value": 1.5},
    ),
    (
        "day",
        {"how": "compare", "compare.order": ">", "compare.value": "2026-05-31"},
        {"question": "day", "op": ">", "value": "2026-05-31"},
    ),
    (
        "hour",
        {"how": "compare", "compare.order": ">", "compare.value": "2 pm"},
        {"question": "hour", "op": ">", "value": "14:00"},
    ),
    (
        "name",
        {"how": "contains", "contains.value": "Elm"},
        {"question": "name", "op": "contains", "value": "Elm"},
    ),
    (
        "name",
        {"how": "length", "length.order": ">", "length.value": "3"},
        {"question": "name", "of": "length", "op": ">", "value": 3},
    ),
    ("yes", {"how": "answered"}, {"question": "yes", "is": "answered"}),
    ("yes", {"how": "unanswered"}, {"not": {"question": "yes", "is": "answered"}}),
    (
        "grid",
        {"how": "any", "part": "r1", "values": "hard"},
        {"question": "grid", "part": "r1", "op": "=", "value": "hard"},
    ),
    (
        "rank",
        {"how": "compare", "part": "hard", "compare.order": "=", "compare.value": "1"},
        {"question": "rank", "part": "hard", "op": "=", "value": 1},
    ),
]


@pytest.mark.parametrize(("asked", "typed", "expected"), LINES, ids=lambda value: str(value)[:30])
def test_every_kind_of_line_can_be_made(
    facilitator: FlaskClient, database: Database, asked: str, typed: dict[str, Any], expected: Any
) -> None:
    assert facilitator.get(f"{SURVEY}{RULE}/{asked}").status_code == 200
    before = audits(database)
    reply = send(facilitator, database, f"{RULE}/{asked}", typed)
    assert reply.status_code == 303, text_of(reply)
    assert rule(database) == expected
    assert audits(database) == before + 1
    assert facilitator.get(SURVEY + RULE).status_code == 200


def test_lines_are_turned_put_together_and_taken_apart(facilitator: FlaskClient, database: Database) -> None:
    for asked, typed, _expected in (LINES[0], LINES[5], LINES[10]):
        send(facilitator, database, f"{RULE}/{asked}", typed)
    parts = [LINES[0][2], LINES[5][2], LINES[10][2]]
    assert rule(database) == {"all": parts}
    steps: list[tuple[dict[str, Any], Any]] = [
        ({"do": "any"}, {"any": parts}),
        ({"do": "group-every", "part": ["1", "2"]}, {"any": [parts[0], {"all": parts[1:]}]}),
        ({"do": "turn", "part": "0"}, {"any": [{**parts[0], "op": "!="}, {"all": parts[1:]}]}),
        ({"do": "ungroup", "part": "1"}, {"any": [{**parts[0], "op": "!="}, *parts[1:]]}),
        ({"do": "remove", "part": ["0", "1"]}, parts[2]),
        ({"do": "clear"}, None),
    ]
    for typed, expected in steps:
        assert send(facilitator, database, RULE, typed).status_code == 303
        assert rule(database) == expected


@pytest.mark.parametrize(
    ("asked", "typed", "words"),
    [
        ("ease", {"how": "any"}, "Tick at least one"),
        ("ease", {"how": "any", "values": "purple"}, "Tick at least one"),
        ("age", {"how": "compare", "compare.value": "1e309"}, "smaller number"),
        ("age", {"how": "compare", "compare.value": "many"}, "number in digits"),
        ("day", {"how": "compare", "compare.value": "2026-02-30"}, "no such day"),
        ("name", {"how": "contains"}, "Type what"),
        ("name", {"how": "contains", "contains.value": "x" * 501}, "at most 500"),
        ("grid", {"how": "any", "part": "r9", "values": "hard"}, "which part"),
    ],
)
def test_a_line_that_lacks_something_comes_back(
    facilitator: FlaskClient, database: Database, asked: str, typed: dict[str, Any], words: str
) -> None:
    before = audits(database)
    reply = send(facilitator, database, f"{RULE}/{asked}", typed)
    assert (reply.status_code, rule(database), audits(database)) == (422, None, before)
    assert words in text_of(reply)


def test_only_earlier_questions_can_be_asked_about(facilitator: FlaskClient, database: Database) -> None:
    assert facilitator.get(f"{SURVEY}/logic/question.ease").status_code == 200
    assert facilitator.get(f"{SURVEY}/logic/question.ease/end").status_code == 404
    assert send(facilitator, database, "/logic/question.ease/end", {"how": "answered"}).status_code == 404
    for place in (
        "question.gone",
        "choice.ease.gone",
        "choice.ease",
        "page.p9",
        "word",
        "choice.end.x",
        "..",
    ):
        assert facilitator.get(f"{SURVEY}/logic/{place}").status_code == 404


def test_a_stale_rule_is_not_stored(facilitator: FlaskClient, database: Database) -> None:
    old = revision(database)
    send(facilitator, database, f"{RULE}/ease", LINES[0][1])
    path = f"{SURVEY}{RULE}"
    assert post(facilitator, path, {"revision": old, "do": "clear"}).status_code == 409
    reply = post(facilitator, f"{path}/name", {"revision": old, "how": "contains", "contains.value": "mine"})
    assert reply.status_code == 409
    assert "mine" in reply.text
    assert rule(database) == LINES[0][2]


def test_buttons_without_ticks_and_unknown_buttons(facilitator: FlaskClient, database: Database) -> None:
    send(facilitator, database, f"{RULE}/ease", LINES[0][1])
    for do in ("remove", "turn", "ungroup", "group-any"):
        assert send(facilitator, database, RULE, {"do": do, "part": "99"}).status_code == 422
    assert send(facilitator, database, RULE, {"do": "explode"}).status_code == 400
    assert send(facilitator, database, RULE, {}).status_code == 400


def test_pages_and_choices_have_rules_and_the_overview_tells_all(
    facilitator: FlaskClient, database: Database
) -> None:
    send(facilitator, database, f"{RULE}/ease", LINES[0][1])
    send(facilitator, database, "/logic/choice.used.hard/ease", LINES[0][1])
    page = text_of(facilitator.get(f"{SURVEY}/logic"))
    assert "Asked if “How easy is it?” is “Hard”" in page
    assert "offered if “How easy is it?” is “Hard”" in page
    assert "every question can be reached" in page


def test_a_rule_that_cannot_work_stops_publishing(facilitator: FlaskClient, database: Database) -> None:
    send(facilitator, database, f"{RULE}/ease", LINES[0][1])
    send(facilitator, database, "/questions/ease/delete")
    page = text_of(facilitator.get(f"{SURVEY}/publish"))
    assert "not there any more" in page
    assert "Publish and open" not in page
