"""The board from other sides through the API: codes, map, groups, quotes, offices, comparisons, runs."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update

from survey import changes
from survey.board import Change
from survey.db import Database
from survey.jobs import worker
from survey.models import AuditRow, Comment, Edit, MapPoint, Office, Person, Run, Study
from survey.services import studies
from tests.boards import add_comments, add_run
from tests.boards import decide as decided
from tests.earlier_study import add_earlier
from tests.people import Cast
from tests.views.test_api import HOME, Program, check_problem, token_of
from tests.views.test_api_decisions import decide, revision, rows


@pytest.fixture
def planner(client: FlaskClient, database: Database, study: Study, cast: Cast) -> Program:
    """A program of the planner, over the small study with its board."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, session.merge(study))
    return Program(client, token_of(database, cast.planner))


def json_of(program: Program, path: str, **query: Any) -> dict[str, Any]:
    reply = program.get(f"{HOME}/{path}", **query)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


def on_board(database: Database, *wanted: Change) -> None:
    with database.writing() as session:
        decided(session, studies.by_slug(session, "it-plan"), *wanted)


def test_before_the_first_run_there_is_nothing_to_look_at(
    client: FlaskClient, database: Database, cast: Cast
) -> None:
    program = Program(client, token_of(database, cast.planner))
    for path in ("codes", "map", "groups", "quotes", "codebook", "comparison?old=run:1", "runs/1/difference"):
        assert program.get(f"{HOME}/{path}").status_code == 404, path
    for path in ("offices", "comparisons", "samples"):
        assert json_of(program, path)["items"] == []


def test_codes_across_the_themes(planner: Program) -> None:
    assert json_of(planner, "codes")["items"] == []
    decide(planner, "axis", name="Scope", codes=[{"name": "City"}, {"name": "County"}])
    decide(planner, "code", axis=1, code=2, comments=["a2", "a4"])
    (table,) = json_of(planner, "codes")["items"]
    assert table["axis"]["name"] == "Scope"
    assert table["totals"] == [{"code": 1, "comments": 0}, {"code": 2, "comments": 2}]
    coded = {row["theme"]: (row["counts"][1]["comments"], row["comments"]) for row in table["rows"]}
    assert coded == {1: (1, 6), 2: (1, 4), 3: (0, 2), None: (1, 4)}


def test_comments_come_with_notes_and_codes(planner: Program) -> None:
    decide(planner, "axis", name="Scope", codes=[{"name": "City"}])
    decide(planner, "code", axis=1, code=1, comments=["a2"])
    edit = decide(planner, "note", text="Who said that?", comment="a2")["number"]
    comments = {one["id"]: one for one in json_of(planner, "themes/1/comments")["items"]}
    (note,) = comments["a2"]["notes"]
    assert (note["text"], note["edit"], note["by"]) == ("Who said that?", edit, "planner@office.example")
    assert comments["a2"]["codes"] == [{"axis": 1, "code": 1}]
    assert (comments["a1"]["notes"], comments["a1"]["codes"]) == ([], [])


def test_the_map_has_the_themes_of_now(planner: Program, database: Database) -> None:
    assert json_of(planner, "map")["points"] == []
    with database.writing() as session:
        run = session.scalars(select(Run.id)).one()
        points = [("a1", 0.1), ("a3", 0.2), ("a4", 0.3), ("n4", 0.4)]
        rows = [{"run_id": run, "comment_id": id, "x": x, "y": 0.5} for id, x in points]
        session.execute(insert(MapPoint), rows)
    decide(planner, "move", to=3, comments=["a1"], **{"from": 1})
    decide(planner, "off-topic", comments=["n4"])
    found = json_of(planner, "map")["points"]
    assert [(point["x"], point["theme"]) for point in found] == [(0.1, 3), (0.2, 2), (0.3, None)]


def test_groups_are_compared(planner: Program, database: Database, study: Study) -> None:
    found = json_of(planner, "groups")
    assert [(one["name"], one["comments"]) for one in found["audiences"]] == [
        ("Academia", 4),
        ("Nonprofits", 4),
        ("Tech", 4),
    ]
    only = {row["theme"]: row["cells"] for row in found["rows"]}[3]
    assert [cell["comments"] for cell in only] == [0, 0, 2]
    # Nobody else raised it, so that its lift has no number, nor an upper end.
    assert (only[2]["lift"], only[2]["high"], only[2]["verdict"]) == (None, None, "too few to say")
    assert [cell["audience"] for cell in only] == [one["id"] for one in found["audiences"]]


def test_quotes_are_redacted_as_they_were_cleared(planner: Program, database: Database) -> None:
    text = "I'm Jane Doe, call 215-555-0123 about the slow internet."
    with database.writing() as session:
        session.execute(update(Comment).where(Comment.id == "a1").values(text=text))

    def quote() -> dict[str, Any]:
        (item,) = json_of(planner, "quotes", theme=1)["items"]
        return next(one for one in item["quotes"] if one["comment"] == "a1")

    found = quote()
    assert (found["state"], found["by"]) == ("open", None)
    assert "Jane" not in found["text"]
    assert "215" not in found["text"]
    assert {one["kind"] for one in found["personal"]} == {"name", "phone"}
    decide(planner, "quote", comment="a1", state="cleared", spans=[[4, 12]])
    found = quote()
    assert found["text"] == "I'm […], call 215-555-0123 about the slow internet."
    assert (found["spans"], found["by"]) == ([{"start": 4, "end": 12}], "planner@office.example")
    decide(planner, "quote", comment="a1", state="refused")
    assert quote()["state"] == "refused"
    every = json_of(planner, "quotes")["items"]
    assert [item["theme"] for item in every] == [1, 2, 3]
    assert "a1" not in [one["comment"] for one in every[0]["quotes"]]
    assert planner.get(f"{HOME}/quotes?theme=99").status_code == 404
    assert planner.get(f"{HOME}/quotes?theme=0").status_code == 422


def test_offices_are_named_and_answer_for_themes(
    planner: Program, client: FlaskClient, database: Database, cast: Cast
) -> None:
    before = rows(database)
    made = planner.post(f"{HOME}/offices", {"name": " Library \t service "})
    assert made.status_code == 201
    assert (made.json["name"], made.json["themes"]) == ("Library service", [])  # type: ignore[index]
    assert rows(database) == (before[0], before[1] + 1)
    decide(planner, "office", theme=2, office=made.json["id"])  # type: ignore[index]
    (office,) = json_of(planner, "offices")["items"]
    assert (office["slug"], office["themes"], office["people"]) == ("library-service", [2], [])
    for body in ({}, {"name": ""}, {"name": " "}, {"name": "x" * 201}, {"name": "LIBRARY service"}):
        assert planner.post(f"{HOME}/offices", body).status_code == 422, body
    assert planner.post(f"{HOME}/offices", {"name": "a\0b"}).status_code == 422
    facilitator = Program(client, token_of(database, cast.facilitator))
    assert facilitator.post(f"{HOME}/offices", {"name": "Other"}).status_code == 403
    assert len(facilitator.get(f"{HOME}/offices").json["items"]) == 1  # type: ignore[index]


def compare(planner: Program, database: Database, old: str) -> dict[str, Any]:
    assert planner.post(f"{HOME}/jobs", {"kind": "compare", "old": old}).status_code == 202
    assert planner.get(f"{HOME}/comparison", old=old).status_code == 404, "not yet done"
    worker.drain(database)
    return json_of(planner, "comparison", old=old)


def test_what_became_of_themes_is_read_and_confirmed(planner: Program, database: Database) -> None:
    on_board(database, changes.merge(1, [2]))
    found = compare(planner, database, "run:1")
    merged = next(one for one in found["changes"] if one["kind"] == "merged")
    assert (merged["old"], merged["new"], merged["shared"], merged["settled"]) == ([1, 2], [1], 8, False)
    assert (found["basis"], found["new"]["revision"], found["old"]["revision"]) == ("comments", 2, None)
    confirm = {"against": "run:1", "change": "merged", "old": [1, 2], "new": [1]}
    before = rows(database)
    assert decide(planner, "confirm", **confirm)["number"] == 3
    assert rows(database) == (before[0] + 1, before[1] + 1)
    again = json_of(planner, "comparison", old="run:1", new="board")
    merged = next(one for one in again["changes"] if one["kind"] == "merged")
    assert (merged["settled"], merged["as_suggested"]) == (True, True)
    (said,) = merged["confirmed"]
    assert (said["edit"], said["old"], said["new"]) == (3, ["internet; home", "phone; services"], [1])
    assert json_of(planner, "comparisons")["items"] == [{"old": "run:1", "new": "board", "state": "done"}]
    decide(planner, "undo", edit=3)
    again = json_of(planner, "comparison", old="run:1")
    assert not any(one["confirmed"] for one in again["changes"])


def test_what_cannot_be_confirmed(planner: Program, database: Database) -> None:
    compare_first = {"against": "run:1", "change": "continued", "old": [1], "new": [1]}
    body = {"kind": "confirm", "seen_revision": 1, **compare_first}
    assert "Compare with that side first" in planner.post(f"{HOME}/decisions", body).text
    on_board(database, changes.accept(3))
    compare(planner, database, "run:1")
    before = rows(database)
    for change, status in (
        ({"change": "merged"}, 422),
        ({"change": "open"}, 422),
        ({"old": [1, 2]}, 422),
        ({"old": [99]}, 404),
        ({"new": [99]}, 404),
        ({"against": "run:7"}, 422),
        ({"against": "study:other"}, 404),
        ({"against": "x"}, 422),
    ):
        assert planner.post(f"{HOME}/decisions", {**body, **change}).status_code == status, change
    assert rows(database) == before
    for query in ("", "?old=run:1&new=study:other", "?old=", "?old=run:1&old=run:2"):
        assert planner.get(f"{HOME}/comparison{query}").status_code == 422, query


def test_a_comparison_with_a_study_is_for_those_who_see_it(
    planner: Program, client: FlaskClient, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        add_earlier(session, session.get_one(Person, cast.planner.id))
    found = compare(planner, database, "study:it-2019")
    old = next(theme["id"] for theme in found["old"]["themes"] if theme["name"] == "internet; home")
    confirm = {"kind": "confirm", "against": "study:it-2019", "change": "continued", "old": [old], "new": [1]}
    narrow = Program(client, token_of(database, cast.planner, study="it-plan"))
    facilitator = Program(client, token_of(database, cast.facilitator))
    for program in (narrow, facilitator):
        assert program.get(f"{HOME}/comparison", old="study:it-2019").status_code == 404
        assert json_of(program, "comparisons")["items"] == []
    body = {**confirm, "seen_revision": revision(planner)}
    assert narrow.post(f"{HOME}/decisions", body).status_code == 404
    assert planner.post(f"{HOME}/decisions", body).status_code == 201


def test_a_run_says_what_it_would_change(planner: Program, database: Database, study: Study) -> None:
    with database.writing() as session:
        add_run(session, session.merge(study), 2, goes_on={1: 1, 2: 2})
    on_board(database, changes.rename(1, "Net"), changes.move("a1", 1, 2))
    found = json_of(planner, "runs/2/difference")
    assert (found["revision"], found["decisions"], found["kept"]) == (3, 2, 2)
    fates = {one["theme"]: one["fate"] for one in found["themes"]}
    assert fates == {1: "same", 2: "same", 3: "gone", 4: "new"}
    gone, new = ({one["theme"]: one for one in found["themes"]}[theme] for theme in (3, 4))
    assert (gone["before"]["size"], gone["after"]) == (2, None)
    assert (new["before"], new["after"]["size"]) == (None, 2)
    (way,) = new["joined"]["others"]
    assert (way["theme"], way["comments"]) == (3, 2)
    assert {one["id"] for one in new["joined"]["examples"]} == {"t2", "t3"}
    edits = rows(database)
    assert planner.get(f"{HOME}/runs/9/difference").status_code == 404
    assert rows(database) == edits, "reading stores nothing"
    reply = planner.post(f"{HOME}/runs/2/apply", {"seen_revision": found["revision"]})
    assert {theme["id"] for theme in reply.json["themes"]} >= {4}  # type: ignore[index]


def test_reading_leaves_no_trace(planner: Program, database: Database) -> None:
    before = rows(database)
    for path in ("codes", "map", "groups", "quotes", "offices", "codebook", "comparisons", "samples"):
        json_of(planner, path)
    assert rows(database) == before
    with database.reading() as session:
        assert session.scalars(select(Office)).all() == []
        assert len(session.scalars(select(Edit)).all()) == 1
        assert session.scalars(select(AuditRow).where(AuditRow.action == "offices.add")).all() == []
    check_problem(planner.get(f"{HOME}/map?page=2"))
