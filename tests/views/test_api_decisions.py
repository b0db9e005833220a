"""Deciding through the API: every kind, both sides of a stale decision, runs and jobs, wrong bodies."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.board.kinds import KINDS
from survey.db import Database
from survey.models import AuditRow, Edit, Study
from survey.services import board as boards
from survey.services import studies
from survey.views.api.kinds import SENDABLE
from tests.boards import board_of
from tests.factories import World
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.test_api import HOME, Program, check_problem, token_of

DECISIONS = f"{HOME}/decisions"


@pytest.fixture
def planner(client: FlaskClient, database: Database, world: World, cast: Cast) -> Program:
    """A program of the planner, in a study with something of everything."""
    return Program(client, token_of(database, cast.planner))


def revision(program: Program) -> int:
    reply = program.get(f"{HOME}/themes").json
    assert reply
    return int(reply["revision"])


def decide(program: Program, kind: str, **members: Any) -> dict[str, Any]:
    """Decide on the newest board."""
    reply = program.post(DECISIONS, {"kind": kind, "seen_revision": revision(program), **members})
    assert reply.status_code == 201, reply.text
    decided: dict[str, Any] = reply.json
    return decided


def rows(database: Database) -> tuple[int, int]:
    """How many decisions and audit rows there are."""
    with database.reading() as session:
        edits = session.scalar(select(func.count()).select_from(Edit)) or 0
        return edits, session.scalar(select(func.count()).select_from(AuditRow)) or 0


def part(name: str, *comments: str) -> dict[str, Any]:
    return {"name": name, "comments": list(comments)}


NOTE: tuple[str, dict[str, Any]] = ("note", {"text": "Ask the library.", "theme": 4})
# One of each kind, in an order in which all can be done on the board of `tests.boards`.
ROAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("accept", {"theme": 1}),
    ("park", {"theme": 3}),
    ("reopen", {"theme": 3}),
    ("rename", {"theme": 1, "name": " Reliable \t internet "}),
    ("describe", {"theme": 1, "definition": "At home,\nand in libraries.", "example": "“Ours is slow.”"}),
    ("order", {"theme": 3, "order": [3, 2, 1]}),
    ("create", {"name": "Libraries", "comments": ["a4", "n4"]}),
    ("create", {"name": "Trains"}),
    ("move", {"from": 1, "to": 2, "comments": ["a1", "n1"]}),
    ("move", {"from": None, "to": 1, "comments": ["late"]}),
    ("assign", {"placed": [{"comment": "x1", "themes": [1, 2]}]}),
    ("pin", {"comments": ["t2"]}),
    ("release", {"comments": ["t2"]}),
    ("off-topic", {"comments": ["t3"]}),
    ("on-topic", {"comments": ["t3"]}),
    NOTE,
    ("note", {"text": "Who said that?", "comment": "a2"}),
    ("axis", {"name": "Tone", "codes": [{"name": "City"}, {"name": "County"}]}),
    ("axis", {"axis": 1, "name": "Scope 2", "codes": [{"code": 2, "name": "County"}, {"name": "State"}]}),
    ("code", {"axis": 1, "code": 2, "comments": ["a1", "a2"]}),
    ("quote", {"comment": "a1", "state": "cleared", "spans": [[0, 7]]}),
    ("quote", {"comment": "a1", "state": "refused"}),
    ("nest", {"theme": 4, "under": 1}),
    ("nest", {"theme": 4, "under": None}),
    (
        "split",
        {"theme": 2, "parts": [{"name": "Phone", "comments": ["a3"]}, {"name": "Web", "comments": ["t4"]}]},
    ),
    ("merge", {"into": 1, "from": [3]}),
    ("reject", {"theme": 5}),
)


def test_every_kind_can_be_sent_and_is_written_down_once(planner: Program, database: Database) -> None:
    first = revision(planner) + 1
    for kind, members in ROAD:
        before = rows(database)
        decided = decide(planner, kind, **members)
        assert rows(database) == (before[0] + 1, before[1] + 1), kind
        assert decided["number"] == decided["revision"]
        for theme in decided["themes"]:
            shown = planner.get(f"{HOME}/themes/{theme['id']}").json
            assert shown == {"revision": decided["revision"], "theme": theme}
    last = first + len(ROAD) - 1
    assert decide(planner, "unnote", edit=first + ROAD.index(NOTE))
    assert decide(planner, "undo", edit=last)["themes"][0]["state"] == "new"
    assert decide(planner, "redo", edit=last)["themes"][0]["state"] == "rejected"
    # Offices and comparisons have tests of their own.
    tried = {kind for kind, _ in ROAD} | {"unnote", "undo", "redo", "office", "confirm"}
    assert tried == SENDABLE.keys()
    # Runs come onto the board at an address of their own.
    assert KINDS.keys() - tried == {"apply"}


def test_what_is_decided_is_on_the_board(planner: Program, database: Database, study: Study) -> None:
    decided = decide(planner, "merge", into=1, **{"from": [2]})
    assert [theme["id"] for theme in decided["themes"]] == [1]
    assert decided["gone"] == [2]
    assert decided["themes"][0]["size"] == 8
    assert planner.get(f"{HOME}/themes/2").json["theme"]["id"] == 1  # type: ignore[index]
    placed = planner.get(f"{HOME}/themes/1/comments").json
    assert placed
    with database.reading() as session:
        board = board_of(session, studies.by_slug(session, study.slug))
    assert placed["total"] == board.find(1).size == 8  # type: ignore[union-attr]
    history = planner.get(DECISIONS).json["items"]  # type: ignore[index]
    assert history[0]["told"] == "Merged “phone; services” into “internet; home”"
    assert history[0]["by"] == "planner@office.example"


def test_the_comments_of_a_decision_are_told(planner: Program) -> None:
    number = decide(planner, "move", comments=["a1", "n1"], to=2, **{"from": 1})["number"]
    reply = planner.get(f"{DECISIONS}/{number}").json
    assert reply
    assert reply["decision"]["comments"] == 2
    assert reply["comments"] == [{"comment": "a1", "themes": [2]}, {"comment": "n1", "themes": [2]}]
    stands = {row["id"]: row for row in planner.get(f"{HOME}/themes/2/comments").json["items"]}  # type: ignore[index]
    assert (stands["a1"]["by_person"], stands["a1"]["weight"]) == (True, None)
    assert (stands["t4"]["by_person"], stands["t4"]["weight"]) == (False, 0.9)


def test_unplaced_comments_have_reasons(planner: Program) -> None:
    reply = planner.get(f"{HOME}/unplaced").json
    assert reply
    reasons = {row["id"]: row["reason"] for row in reply["items"]}
    assert reasons["a4"] == "too short"
    assert reasons["late"] == "came after the themes were found"


def test_what_is_so_already_is_not_done_twice(planner: Program, database: Database) -> None:
    body = {"kind": "accept", "theme": 1, "seen_revision": revision(planner)}
    assert planner.post(DECISIONS, body).status_code == 201
    before = rows(database)
    again = planner.post(DECISIONS, body)
    assert again.status_code == 200
    seen = body["seen_revision"] + 1
    assert again.json == {"number": None, "revision": seen, "themes": [], "gone": []}
    assert rows(database) == before


def test_a_stale_decision_gets_both_sides_and_can_be_sent_again(planner: Program, database: Database) -> None:
    seen = revision(planner)
    decide(planner, "rename", theme=1, name="Internet for all")
    before = rows(database)
    wanted = {"kind": "rename", "theme": 1, "name": "Fast internet", "seen_revision": seen}
    reply = planner.post(DECISIONS, wanted)
    assert reply.status_code == 409
    problem = check_problem(reply)
    assert problem["wanted"] == "Renamed “Internet for all” to “Fast internet”"
    assert [side["details"]["name"] for side in problem["since"]] == ["Internet for all"]
    assert (problem["revision"], problem["can_still"]) == (seen + 1, True)
    assert rows(database) == before
    assert planner.post(DECISIONS, {**wanted, "seen_revision": problem["revision"]}).status_code == 201
    assert planner.post(DECISIONS, {"kind": "accept", "theme": 2, "seen_revision": seen}).status_code == 201


def test_a_page_and_a_program_see_each_other(
    planner: Program, client: FlaskClient, database: Database, cast: Cast
) -> None:
    seen = revision(planner)
    login(client, cast.planner)
    post(client, "/studies/it-plan/themes/1/accept", {"revision": str(seen)})
    reply = planner.post(DECISIONS, {"kind": "reject", "theme": 1, "seen_revision": seen})
    assert reply.status_code == 409
    assert check_problem(reply)["since"][0]["told"] == "Accepted “internet; home”"


WRONG: tuple[tuple[dict[str, Any], int, str | None, str], ...] = (
    ({"kind": "explode"}, 422, "/kind", "Use one of these: accept"),
    ({"theme": 1}, 422, "/", "“kind” is missing"),
    ({"kind": "accept"}, 422, "/", "“theme” is missing"),
    ({"kind": "accept", "theme": 1, "extra": 1}, 422, "/", "no “extra” here"),
    ({"kind": "accept", "theme": "1"}, 422, "/theme", "a whole number"),
    ({"kind": "accept", "theme": 1.5}, 422, "/theme", "a whole number"),
    ({"kind": "accept", "theme": True}, 422, "/theme", "a whole number"),
    ({"kind": "accept", "theme": 2**63}, 422, "/theme", "The most is"),
    ({"kind": "rename", "theme": 1, "name": ""}, 422, "/name", "The least is 1"),
    ({"kind": "rename", "theme": 1, "name": "\x00"}, 422, "/name", "cannot be stored"),
    ({"kind": "note", "theme": 1, "text": "\ud800"}, 422, "/text", "cannot be stored"),
    ({"kind": "pin", "comments": []}, 422, "/comments", "The least is 1"),
    ({"kind": "pin", "comments": ["a1", "'; --"]}, 422, "/comments/1", "the form that the description"),
    ({"kind": "rename", "theme": 1, "name": "Phone; Services"}, 422, None, "Another theme is called"),
    ({"kind": "rename", "theme": 1, "name": "\t"}, 422, None, "needs a name"),
    ({"kind": "merge", "into": 1, "from": [1]}, 422, None, "cannot be merged with itself"),
    ({"kind": "accept", "theme": 99}, 404, None, "no such theme"),
    ({"kind": "pin", "comments": ["nobody"]}, 404, None, "no such theme, comment"),
    ({"kind": "office", "theme": 1, "office": 99}, 404, None, "no such"),
    (
        {"kind": "quote", "comment": "a1", "state": "cleared", "spans": [[5, 5]]},
        422,
        None,
        "[start, end]",
    ),
    (
        {"kind": "quote", "comment": "a1", "state": "cleared", "spans": [[0, 900]]},
        422,
        None,
        "characters",
    ),
    (
        {"kind": "quote", "comment": "a1", "state": "cleared", "spans": [[1]]},
        422,
        "/spans/0",
        "least is 2",
    ),
    ({"kind": "axis", "name": "x", "codes": [{"code": 5, "name": "y"}]}, 422, None, "new codes none"),
    ({"kind": "undo", "edit": 99}, 404, None, "decision in this study"),
    ({"kind": "code", "axis": 7, "code": 1, "comments": ["a1"]}, 404, None, "code"),
    ({"kind": "axis", "axis": 7, "name": "x", "codes": [{"name": "y"}]}, 404, None, "code"),
)


def test_a_wrong_decision_is_refused_in_words_and_nothing_is_stored(
    planner: Program, database: Database
) -> None:
    before = rows(database)
    for members, status, at, words in WRONG:
        reply = planner.post(DECISIONS, {"seen_revision": 1, **members})
        assert reply.status_code == status, (members, reply.text)
        assert words in reply.text, members
        assert check_problem(reply).get("errors", [{"at": None}])[0]["at"] == at, members
    assert rows(database) == before


GOOD = b'{"kind": "accept", "theme": 1, "seen_revision": 1}'


BODIES: tuple[tuple[bytes, dict[str, str], int], ...] = (
    (GOOD, {"Content-Type": "text/plain"}, 415),
    (GOOD, {}, 415),
    (b"kind=accept&theme=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    (GOOD[:-1], {"Content-Type": "application/json"}, 400),
    (b"", {"Content-Type": "application/json"}, 400),
    (b"\xff\xfe", {"Content-Type": "application/json"}, 400),
    (b"[" * 100_000, {"Content-Type": "application/json"}, 400),
    (GOOD.replace(b"1}", b"NaN}"), {"Content-Type": "application/json"}, 400),
    (GOOD.replace(b"1}", b"9" * 5_000 + b"}"), {"Content-Type": "application/json"}, 400),
    (GOOD.replace(b"1}", b"1e999}"), {"Content-Type": "application/json"}, 422),
    (b"null", {"Content-Type": "application/json"}, 422),
    (b'"' + b"x" * 300_000 + b'"', {"Content-Type": "application/json"}, 413),
    (GOOD.replace(b"1}", b"1.0}"), {"Content-Type": "application/json; charset=utf-8"}, 201),
)


def test_bodies_that_are_not_json_or_not_whole(planner: Program) -> None:
    for data, headers, status in BODIES:
        reply = planner.client.post(DECISIONS, data=data, headers={**planner.headers, **headers})
        assert reply.status_code == status, (data[:60], reply.text)
        if status >= 400:
            check_problem(reply)


def test_a_body_that_was_cut_is_not_taken_for_whole(planner: Program) -> None:
    """gunicorn hands on what came, with the length that was announced."""
    for length in (len(GOOD) + 50, None):
        environ = {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(length or "")}
        environ |= {"HTTP_AUTHORIZATION": planner.headers["Authorization"]}
        reply = planner.client.post(DECISIONS, input_stream=BytesIO(GOOD), environ_overrides=environ)
        assert reply.status_code == 400, reply.text
        assert "did not arrive whole" in reply.text


def test_before_the_first_run_the_board_is_empty_and_nothing_can_be_decided(
    client: FlaskClient, database: Database, cast: Cast
) -> None:
    program = Program(client, token_of(database, cast.planner))
    reply = program.get(f"{HOME}/themes").json
    assert reply
    assert (reply["revision"], reply["run"], reply["themes"]) == (0, None, [])
    assert program.get(DECISIONS).json["items"] == []  # type: ignore[index]
    assert program.get(f"{HOME}/themes/1").status_code == 404
    body = {"kind": "accept", "theme": 1, "seen_revision": 0}
    assert program.post(DECISIONS, body).status_code == 404


def test_a_failed_decision_leaves_no_half(planner: Program, database: Database, study: Study) -> None:
    """A split whose second part is not possible stores nothing of the first."""
    before = rows(database)
    parts = [part("A", "a3"), part("a", "t4")]
    body = {"kind": "split", "theme": 2, "parts": parts, "seen_revision": revision(planner)}
    assert planner.post(DECISIONS, body).status_code == 422
    assert rows(database) == before
    with database.reading() as session:
        assert boards.newest_revision(session, session.merge(study)) == body["seen_revision"]
    assert json.dumps(planner.get(DECISIONS).json).count('"split"') == 0
