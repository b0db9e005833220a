"""Double coding through the API: drawn, coded, compared, settled; and blind, also for an attacker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from survey.db import Database
from survey.jobs import worker
from survey.models import Coding, Membership, Study
from survey.services.codings import Given
from tests.boards import COMMENTS
from tests.factories import World
from tests.people import Cast
from tests.samples import (  # noqa: F401 (fixtures)
    code,
    count,
    draw,
    drawn,
    finish,
    themes,
)
from tests.views.test_api import HOME, OPERATIONS, Program, check_problem, filled, token_of
from tests.views.test_api_decisions import revision, rows

SAMPLES = f"{HOME}/samples"
SECRET = "Only the second coder said so."


@pytest.fixture
def planner(client: FlaskClient, database: Database, drawn: list[int], cast: Cast) -> Program:  # noqa: F811
    """A program of the planner, the first of both coders of sample 1."""
    return Program(client, token_of(database, cast.planner))


@pytest.fixture
def facilitator(client: FlaskClient, database: Database, drawn: list[int], cast: Cast) -> Program:  # noqa: F811
    """A program of the facilitator, the second coder."""
    return Program(client, token_of(database, cast.facilitator))


def json_of(program: Program, path: str, **query: Any) -> dict[str, Any]:
    reply = program.get(path, **query)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_a_sample_is_drawn(planner: Program, database: Database, cast: Cast) -> None:
    people = [cast.facilitator.email, cast.planner.email.upper()]
    before = rows(database)
    reply = planner.post(SAMPLES, {"size": 10, "coders": people, "seed": 3, "hide_context": True})
    assert reply.status_code == 201, reply.text
    assert rows(database) == (before[0], before[1] + 1)
    sample = reply.json["sample"]  # type: ignore[index]
    assert (sample["number"], sample["state"], sample["seed"], sample["place"]) == (2, "coding", 3, 2)
    assert [coder["email"] for coder in sample["coders"]] == [cast.facilitator.email, cast.planner.email]
    assert [theme["name"] for theme in reply.json["themes"]][0] == "internet; home"  # type: ignore[index]
    listed = json_of(planner, SAMPLES)
    assert [one["number"] for one in listed["items"]] == [2, 1]
    assert listed["items"][0] == sample
    assert {one["email"] for one in listed["people"]} == {cast.facilitator.email, cast.planner.email}
    mine = json_of(planner, f"{SAMPLES}/2/codes")["items"]
    assert all(one["audience"] is None and one["prompt"] is None for one in mine)
    assert any(one["audience"] for one in json_of(planner, f"{SAMPLES}/1/codes")["items"])


def test_samples_that_cannot_be_drawn(planner: Program, database: Database, cast: Cast) -> None:
    good = {"size": 10, "coders": [cast.facilitator.email, cast.planner.email]}
    before = rows(database)
    for change in (
        {"size": 9},
        {"size": 15},
        {"size": 501},
        {"coders": [cast.planner.email]},
        {"coders": [cast.planner.email] * 2},
        {"coders": [cast.planner.email, cast.other_planner.email]},
        {"coders": [cast.planner.email, "nobody@office.example"]},
        {"coders": [cast.planner.email, "\x00"]},
        {"per_page": 2},
        {"seed": -1},
        {"extra": 1},
    ):
        assert planner.post(SAMPLES, {**good, **change}).status_code == 422, change
    assert rows(database) == before


def test_codes_are_put_and_read_by_their_coder(planner: Program, database: Database) -> None:
    address = f"{SAMPLES}/1/codes/3"
    assert json_of(planner, address)["said"] is None
    before = rows(database)
    said = {"themes": [3, 1], "unsure": True, "note": "Both.\n"}
    for _time in range(2):
        reply = planner.put(address, said)
        assert reply.status_code == 200, reply.text
        assert reply.json["said"] == {**said, "note": "Both."}  # type: ignore[index]
    assert rows(database) == (before[0], before[1] + 2)
    assert planner.put(address, {"themes": []}).json["said"]["themes"] == []  # type: ignore[index]
    whole = json_of(planner, f"{SAMPLES}/1/codes")
    assert whole["items"][2] == json_of(planner, address)
    assert json_of(planner, f"{SAMPLES}/1")["sample"]["coders"][0]["coded"] == 1
    for position, body, status in (
        (99, {"themes": []}, 404),
        (0, {"themes": []}, 404),
        (3, {"themes": [99]}, 422),
        (3, {}, 422),
        (3, {"themes": [], "note": "\x00"}, 422),
        (3, {"themes": [], "note": "x" * 2_001}, 422),
        (3, {"themes": [], "place": 2}, 422),
    ):
        assert planner.put(f"{SAMPLES}/1/codes/{position}", body).status_code == status, body
    assert count(database, Coding) == 1


def everything(program: Program, world: World) -> dict[str, tuple[int, str]]:
    """All that can be read, of both samples."""
    found = {}
    for operation in OPERATIONS.values():
        if operation.method == "GET" and "job" not in operation.path:
            for sample in (1, 2, 3):
                path = filled(operation, World({**world.values, "sample": sample, "position": 1}))
                reply = program.get(path, **{"old": "run:1"} if operation.must else {})
                found[path] = (reply.status_code, reply.text)
    return found


def test_nobody_reads_what_the_other_said_before_both_have_finished(
    client: FlaskClient, database: Database, world: World, cast: Cast
) -> None:
    """Whatever the second coder says, the first coder's programs read the very same."""
    draw(database, cast, size=10)
    planner = Program(client, token_of(database, cast.planner))
    seen = []
    for theme in (1, 2):
        said = Given((theme,), note=f"{SECRET} {theme}")
        code(database, 2, lambda _id, said=said: said, 3)  # type: ignore[misc]
        seen.append(everything(planner, world))
    assert seen[0] == seen[1]
    assert SECRET not in json.dumps(seen)
    assert f"{SAMPLES}/3/codes" in seen[0]
    # Nor when the other has finished.
    finish(database, 2, 3)
    assert SECRET not in json.dumps(everything(planner, world))
    for path in ("disagreements", "disagreements?page=2"):
        assert planner.get(f"{SAMPLES}/3/{path}").status_code == 404
    settle = {"how": "second", "seen_revision": revision(planner)}
    assert planner.post(f"{SAMPLES}/3/disagreements/1/settle", settle).status_code == 404
    assert planner.post(f"{SAMPLES}/3/compare", {}).status_code == 422
    assert json_of(planner, f"{SAMPLES}/3")["agreement"] is None
    assert planner.post(f"{SAMPLES}/3/finish", {}).status_code == 422


def test_nobody_codes_for_another(
    client: FlaskClient, planner: Program, facilitator: Program, database: Database, cast: Cast
) -> None:
    code(database, 2, lambda _id: Given((1,), note=SECRET))
    finish(database, 2)
    # The other's codes are at no address of one's own, and those who do not code have none.
    assert SECRET not in planner.get(f"{SAMPLES}/1/codes").text
    assert planner.get(f"{SAMPLES}/1/codes?place=2").status_code == 422
    assert facilitator.put(f"{SAMPLES}/1/codes/1", {"themes": []}).status_code == 422
    assert SECRET in facilitator.get(f"{SAMPLES}/1/codes").text
    read_only = Program(client, token_of(database, cast.planner, ("read",)))
    assert read_only.put(f"{SAMPLES}/1/codes/1", {"themes": []}).status_code == 403
    for member in (cast.other_planner, cast.administrator):
        stranger = Program(client, token_of(database, member))
        assert stranger.get(f"{SAMPLES}/1/codes").status_code in (403, 404)
        assert stranger.put(f"{SAMPLES}/1/codes/1", {"themes": []}).status_code in (403, 404)
        assert stranger.post(f"{SAMPLES}/1/finish", {}).status_code in (403, 404)


def test_a_planner_who_does_not_code_reads_no_codes(
    client: FlaskClient, planner: Program, database: Database, cast: Cast, study: Study
) -> None:
    with database.writing() as session:
        session.add(Membership(person_id=cast.other_planner.id, study_id=study.id))
    third = Program(client, token_of(database, cast.other_planner))
    code(database, 1, lambda _id: Given((1,), note=SECRET))
    page = json_of(third, f"{SAMPLES}/1")
    assert (page["sample"]["place"], page["agreement"]) == (None, None)
    assert SECRET not in json.dumps(page)
    assert third.get(f"{SAMPLES}/1/codes").status_code == 404
    assert third.put(f"{SAMPLES}/1/codes/1", {"themes": []}).status_code == 404
    assert third.post(f"{SAMPLES}/1/finish", {}).status_code == 404


def test_from_coding_to_settling(planner: Program, facilitator: Program, database: Database) -> None:
    there = [one["position"] for one in json_of(planner, f"{SAMPLES}/1/codes")["items"]]
    assert len(there) == len(COMMENTS)
    for position in there:
        assert planner.put(f"{SAMPLES}/1/codes/{position}", {"themes": [1]}).status_code == 200
        said = {"themes": [2] if position <= 2 else [1], "note": SECRET}
        assert facilitator.put(f"{SAMPLES}/1/codes/{position}", said).status_code == 200
    assert planner.post(f"{SAMPLES}/1/finish", {}).json["sample"]["state"] == "coding"  # type: ignore[index]
    assert planner.put(f"{SAMPLES}/1/codes/1", {"themes": [2]}).status_code == 422
    reply = facilitator.post(f"{SAMPLES}/1/finish", {})
    assert reply.json["sample"]["state"] == "comparing"  # type: ignore[index]
    assert planner.get(f"{SAMPLES}/1/disagreements").status_code == 404, "not yet compared"
    again = planner.post(f"{SAMPLES}/1/compare", {})
    assert (again.status_code, again.json["state"]) == (202, "waiting")  # type: ignore[index]
    worker.drain(database)
    page = json_of(facilitator, f"{SAMPLES}/1")
    assert page["sample"]["state"] == "compared"
    assert page["agreement"]["same"]["value"] == pytest.approx(12 / 14)
    listed = json_of(facilitator, f"{SAMPLES}/1/disagreements")
    assert (listed["total"], [one["position"] for one in listed["items"]]) == (2, [1, 2])
    assert listed["items"][0]["second"] == {"themes": [2], "unsure": False, "note": SECRET}
    check_settling(planner, facilitator, database)


def check_settling(planner: Program, facilitator: Program, database: Database) -> None:
    """Both comments are settled: one as the second coder said, one not at all."""
    address, seen = f"{SAMPLES}/1/disagreements", revision(planner)
    for body in (
        {"how": "third", "seen_revision": seen},
        {"how": "first"},
        {"how": "own", "seen_revision": seen},
    ):
        assert planner.post(f"{address}/1/settle", body).status_code == 422, body
    assert planner.post(f"{address}/3/settle", {"how": "first", "seen_revision": seen}).status_code == 422
    assert planner.post(f"{address}/99/settle", {"how": "first", "seen_revision": seen}).status_code == 404
    assert facilitator.post(f"{address}/1/settle", {"how": "left", "seen_revision": seen}).status_code == 403
    before = rows(database)
    left = planner.post(f"{address}/2/settle", {"how": "left", "seen_revision": seen})
    assert (left.status_code, left.json["number"]) == (200, None)  # type: ignore[index]
    assert rows(database) == (before[0], before[1] + 1)
    comment = json_of(planner, address)["items"][0]["comment"]
    pin = {"kind": "assign", "placed": [{"comment": comment, "themes": [3]}], "seen_revision": seen}
    assert planner.post(f"{HOME}/decisions", pin).status_code == 201
    before = rows(database)
    stale = planner.post(f"{address}/1/settle", {"how": "second", "seen_revision": seen})
    assert stale.status_code == 409
    problem = check_problem(stale)
    assert [one["kind"] for one in problem["since"]] == ["assign"]
    assert rows(database) == before
    body = {"how": "second", "seen_revision": problem["revision"]}
    settled = planner.post(f"{address}/1/settle", body)
    assert settled.status_code == 201, settled.text
    assert rows(database) == (before[0] + 1, before[1] + 1)
    here = json_of(planner, address)["items"][0]["settled"]
    assert (here["how"], here["edit"], here["undone"]) == ("second", problem["revision"] + 1, False)
    undo = {"kind": "undo", "edit": here["edit"], "seen_revision": here["edit"]}
    assert planner.post(f"{HOME}/decisions", undo).status_code == 201
    assert json_of(planner, address)["items"][0]["settled"]["undone"] is True
