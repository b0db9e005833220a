"""The API from outside: tokens and what they may do, errors, pages of lists, limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey import changes, permissions
from survey.dates import now
from survey.db import Database
from survey.jobs import worker
from survey.models import ApiToken, Comment, Person, Study
from survey.models.token import SCOPES
from survey.services import comparisons, people, studies, tokens
from survey.views.api import limits
from survey.views.api.contract import OPERATIONS, Operation
from survey.views.api.document import document
from tests.boards import add_run, decide
from tests.factories import World
from tests.fixtures import login
from tests.people import Cast, Member

TODAY = now().date()
EVERYTHING = (
    changes.note("Ask the library.", theme=1),
    changes.note("Who said that?", comment="a1"),
    changes.axis(1, "Scope", [(1, "City"), (2, "County")]),
    changes.code(1, 2, ["a1"], "County"),
    changes.quote("a1", "cleared", [(0, 3)]),
    changes.confirm("run:2", "continued", ["internet; home"], [1]),
)
"""Decisions after which most members of answers hold something."""
HOME = "/api/v1/studies/it-plan"


def token_of(database: Database, member: Member, scopes: tuple[str, ...] = SCOPES, study: str = "") -> str:
    """A new token of somebody of the cast, with its limit before it: ids come again from test to test."""
    limits.counted = limits.Counted()
    with database.writing() as session:
        person = session.get_one(Person, member.id)
        only = studies.by_slug(session, study) if study else None
        return tokens.make(session, person, tokens.Wanted("tests", scopes, only), TODAY).secret


def may_do_all(database: Database, *members: Member) -> None:
    """Let them do all that a program may."""
    with database.writing() as session:
        for member in members:
            session.get_one(Person, member.id).roles = ["planner", "facilitator"]


@dataclass(frozen=True)
class Program:
    """A client that sends a token and nothing else, and checks each answer against the description."""

    client: FlaskClient
    secret: str

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._looked_at(self.client.get(path, query_string=query or None, headers=self.headers))

    def post(self, path: str, body: Any) -> TestResponse:
        return self._looked_at(self.client.post(path, json=body, headers=self.headers))

    def put(self, path: str, body: Any) -> TestResponse:
        return self._looked_at(self.client.put(path, json=body, headers=self.headers))

    def delete(self, path: str) -> TestResponse:
        return self._looked_at(self.client.delete(path, headers=self.headers))

    def send(self, path: str, data: bytes, media_type: str = "text/csv") -> TestResponse:
        headers = {**self.headers, "Content-Type": media_type}
        return self._looked_at(self.client.post(path, data=data, headers=headers))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    def _looked_at(self, reply: TestResponse) -> TestResponse:
        assert reply.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in reply.headers
        if reply.status_code >= 400:
            check_problem(reply)
        return reply


def check_problem(reply: TestResponse) -> dict[str, Any]:
    """An error is a problem document that says its status and how to put it right."""
    assert reply.mimetype == "application/problem+json", reply.text
    problem: dict[str, Any] = reply.get_json(force=True)
    assert problem["status"] == reply.status_code
    assert problem["type"].startswith("urn:throughline:problem:")
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.fixture
def planner(client: FlaskClient, database: Database, world: World, cast: Cast) -> Program:
    """A program of the planner, in a study with something of everything."""
    return Program(client, token_of(database, cast.planner))


# Who gets in.


def test_without_a_token_that_works_there_is_nothing(planner: Program) -> None:
    secret = planner.secret
    for header in ("", "Bearer", "Bearer ", "Bearer tl_no", f"Basic {secret}", secret, f"Bearer x {secret}"):
        reply = planner.client.get("/api/v1/studies", headers={"Authorization": header} if header else {})
        assert reply.status_code == 401, header
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
        check_problem(reply)


def test_a_signed_in_browser_is_nobody_to_the_api(client: FlaskClient, world: World, cast: Cast) -> None:
    login(client, cast.planner)
    assert client.get("/studies").status_code == 200
    for operation in OPERATIONS.values():
        path = filled(operation, world)
        reply = client.open(path, method=operation.method, json={} if operation.body else None)
        assert reply.status_code == 401, path
        check_problem(reply)


def test_an_expired_token_is_refused_the_day_after(planner: Program, database: Database) -> None:
    with database.writing() as session:
        session.scalars(select(ApiToken)).one().expires_on = TODAY
    assert planner.get("/api/v1/studies").status_code == 200
    with database.writing() as session:
        session.scalars(select(ApiToken)).one().expires_on = TODAY - timedelta(days=1)
    assert planner.get("/api/v1/studies").status_code == 401


def test_a_token_ends_with_the_account_and_follows_its_roles(
    planner: Program, database: Database, cast: Cast
) -> None:
    assert planner.get(f"{HOME}/comments").status_code == 200
    change_person(database, cast, ["auditor"], active=True)
    assert planner.get(f"{HOME}/comments").status_code == 403
    change_person(database, cast, ["planner"], active=False)
    assert planner.get(f"{HOME}/comments").status_code == 401


def change_person(database: Database, cast: Cast, roles: list[str], *, active: bool) -> None:
    with database.writing() as session:
        by = session.get_one(Person, cast.administrator.id)
        people.update(session, cast.planner.id, roles, active, by=by)


def filled(operation: Operation, world: World) -> str:
    """The address of an operation, with the ids of things that exist: sample 2 is compared."""
    values = {"run": 1, "sample": 2, **world.values}
    return "/api/v1" + operation.path.format(**{name: values[name] for name in operation.parameters})


@pytest.fixture
def compared(database: Database, study: Study, world: World) -> None:
    """A second run, and a comparison of the board with it."""
    with database.writing() as session:
        add_run(session, session.merge(study), 2)
        comparisons.start(session, session.merge(study), "run:2", "board", "tests")
    worker.drain(database)


@pytest.mark.usefixtures("compared")
def test_permissions_hold_for_every_operation_and_role(
    app: Flask, database: Database, world: World, cast: Cast
) -> None:
    client = app.test_client()
    for member in (cast.facilitator, cast.planner, cast.administrator, cast.auditor):
        program = Program(client, token_of(database, member))
        for operation in OPERATIONS.values():
            roles = permissions.PERMISSIONS[operation.permission].roles
            reply = ask(program, operation, world)
            if roles.isdisjoint(member.roles):
                assert reply.status_code == 403, (member.email, operation)
            else:
                expected = (404,) if operation.method == "DELETE" else (200, 422)
                assert reply.status_code in expected, (member.email, operation, reply.text)


def ask(program: Program, operation: Operation, world: World) -> TestResponse:
    """Read; or send what is refused, so that nothing is changed."""
    path = filled(operation, world)
    if operation.method == "GET":
        return program.get(path, **{"old": "run:2"} if operation.must else {})
    if operation.method == "DELETE":
        return program.delete(re.sub(r"\d+$", "999999", path))
    if operation.takes:
        return program.send(path, b"no codebook")
    return (program.put if operation.method == "PUT" else program.post)(path, {"no": "such"})


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_does_what_its_scopes_say_and_no_more(
    client: FlaskClient, database: Database, world: World, cast: Cast, scope: str
) -> None:
    may_do_all(database, cast.planner)
    program = Program(client, token_of(database, cast.planner, (scope,)))
    for operation in OPERATIONS.values():
        status = ask(program, operation, world).status_code
        assert (status == 403) == (scope not in operation.scopes), operation


def test_people_of_another_study_find_nothing(
    client: FlaskClient, database: Database, world: World, cast: Cast
) -> None:
    may_do_all(database, cast.planner, cast.other_planner)
    for secret in (
        token_of(database, cast.other_planner),
        token_of(database, cast.planner, study="other"),
    ):
        program = Program(client, secret)
        for operation in OPERATIONS.values():
            if "slug" not in operation.parameters:
                continue
            if operation.method == "GET":
                there = filled(operation, world) + ("?old=run:1" if operation.must else "")
                missing = program.get(there.replace("it-plan", "no-such-study"))
                reply = program.get(there)
                assert reply.status_code == 404, operation
                assert reply.text == missing.text


def test_the_list_of_studies_holds_those_of_the_token(
    client: FlaskClient, database: Database, world: World, cast: Cast
) -> None:
    def listed(**more: Any) -> list[str]:
        reply = Program(client, token_of(database, cast.planner, **more)).get("/api/v1/studies")
        return [study["slug"] for study in reply.json["items"]]  # type: ignore[index]

    assert listed() == ["it-plan"]
    assert listed(study="it-plan") == ["it-plan"]
    assert listed(study="other") == []


def test_a_token_of_a_study_goes_with_the_study(database: Database, world: World, cast: Cast) -> None:
    token_of(database, cast.planner, study="other")
    with database.writing() as session:
        session.delete(studies.by_slug(session, "other"))
    with database.reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


# What comes in.


WRONG_QUERIES = (
    ("page=0", "least is 1"),
    ("page=x", "a whole number"),
    ("page=1&page=2", "once"),
    ("paeg=1", "no parameter “paeg”"),
    ("audience=-1", "least is 0"),
    (f"audience={2**31}", "most is"),
    ("audience=1.5", "a whole number"),
    (f"text={'x' * 201}", "most is 200"),
    ("text=a%00b", "cannot be stored"),
)


def test_wrong_parameters_are_told_apart(planner: Program) -> None:
    for query, words in WRONG_QUERIES:
        reply = planner.get(f"{HOME}/comments?{query}")
        assert reply.status_code == 422, query
        assert words in reply.text


def test_wrong_addresses_and_methods(planner: Program) -> None:
    for path in ("/api/", "/api/v1/no", "/api/v2/studies", f"{HOME}/themes/999999", f"{HOME}/themes/x"):
        assert planner.get(path).status_code == 404, path
    reply = planner.client.delete("/api/v1/studies", headers=planner.headers)
    assert reply.status_code == 405
    assert "GET" in reply.headers["Allow"]
    check_problem(reply)


# What comes out.


def test_comments_come_in_pages_and_each_once(planner: Program, database: Database, study: Study) -> None:
    with database.writing() as session:
        for number in range(120):
            session.add(Comment(id=f"m{number}", study_id=study.id, channel="paper", language="es", text="x"))
    seen, path = [], f"{HOME}/comments"
    while path:
        reply = planner.get(path).json
        assert reply
        assert len(reply["items"]) <= 50
        seen += [comment["id"] for comment in reply["items"]]
        path = reply["next"]
    with database.reading() as session:
        assert sorted(seen) == sorted(session.scalars(select(Comment.id).where(Comment.study_id == study.id)))
    assert reply["total"] == len(seen)
    beyond = planner.get(f"{HOME}/comments", page=99).json
    assert beyond
    assert (beyond["items"], beyond["next"]) == ([], None)


def test_comments_are_filtered(planner: Program, database: Database, study: Study, world: World) -> None:
    with database.writing() as session:
        session.add(Comment(id="es1", study_id=study.id, channel="paper", language="es", text="Más ÁRBOLES"))

    def ids(**query: Any) -> set[str]:
        reply = planner.get(f"{HOME}/comments", **query).json
        assert reply
        return {comment["id"] for comment in reply["items"]}

    assert ids(language="es") == ids(channel="paper") == ids(text="más") == {"es1"}
    assert ids(audience=world.values["audience_id"]) == {"a1", "a2", "a3", "a4"}
    assert {"x1", "es1"} <= ids(audience=0)
    assert ids(prompt=world.values["prompt_id"], audience=world.values["audience_id"]) == {"a1", "a3"}


@pytest.mark.usefixtures("compared")
def test_every_answer_is_as_described_and_no_member_is_undescribed(
    planner: Program, database: Database, study: Study, world: World, cast: Cast
) -> None:
    may_do_all(database, cast.planner)
    world.values["run"] = 2
    with database.writing() as session:
        decide(session, study, *EVERYTHING)
    whole = closed(document("1"))
    for operation in OPERATIONS.values():
        if operation.method == "GET":
            reply = ask(planner, operation, world)
            assert reply.status_code == 200, (operation, reply.text)
            schema = {"$ref": f"#/components/schemas/{operation.answer}", "components": whole["components"]}
            Draft202012Validator(schema).validate(reply.json)


def closed(value: Any) -> Any:
    """The same schemas, but objects have no members beyond those described."""
    if isinstance(value, list):
        return [closed(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    more = {"additionalProperties": False} if value.get("type") == "object" and "properties" in value else {}
    return {name: closed(inner) for name, inner in {**more, **value}.items()}


def test_a_token_has_its_limit_and_is_told_when_to_come_back(
    client: FlaskClient, database: Database, world: World, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_REQUESTS", 5)
    monkeypatch.setattr(limits, "counted", limits.Counted())
    one, other = (Program(client, token_of(database, cast.planner)) for _ in range(2))
    replies = [one.get("/api/v1/studies") for _ in range(7)]
    assert [reply.status_code for reply in replies] in ([200] * 5 + [429] * 2, [200] * 7)
    if replies[-1].status_code == 429:
        assert 1 <= int(replies[-1].headers["Retry-After"]) <= limits.WINDOW_SECONDS
    assert other.get("/api/v1/studies").status_code == 200


def test_the_windows_of_the_limit_follow_one_another() -> None:
    counted = limits.Counted()
    assert [counted.add(1, 10.0), counted.add(1, 20.0), counted.add(2, 30.0)] == [1, 2, 1]
    assert counted.add(1, limits.WINDOW_SECONDS + 1.0) == 1
