"""The permission table against every route and role: who may not gets 403, strangers are sent to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from survey import permissions
from survey.views.api.contract import OPERATIONS
from tests.factories import World
from tests.fixtures import login, post
from tests.people import Cast

# These want a token: tests/views/test_api.py goes through them in the same way.
OPERATIONS_OF_API = {f"api.{name}" for name in OPERATIONS}
MISSING = {"/static/survey.000000000000.css"}


@dataclass(frozen=True)
class Visit:
    """One route, filled in with the ids of things that exist."""

    rule: Rule
    method: str
    url: str
    permission: permissions.Permission


def visits(app: Flask, world: World) -> list[Visit]:
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in OPERATIONS_OF_API:
                continue
            permission = permissions.needed(app, rule.endpoint)
            assert permission is not None, rule.rule
            url = app.url_for(rule.endpoint, **{name: world.values[name] for name in rule.arguments})
            methods = sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
            found += [Visit(rule, method, url, permission) for method in methods]
    return found


def status(client: FlaskClient, visit: Visit) -> int:
    if visit.method == "GET":
        return client.get(visit.url).status_code
    return post(client, visit.url, {}).status_code


def test_every_route_for_every_role(app: Flask, world: World, cast: Cast) -> None:
    for member in (cast.facilitator, cast.planner, cast.administrator, cast.auditor):
        client = login(app.test_client(), member)
        for visit in visits(app, world):
            if visit.permission.roles.isdisjoint({*member.roles, "anyone"}):
                assert status(client, visit) == 403, f"{member.email} {visit.method} {visit.url}"


def test_strangers_see_only_what_is_for_anyone(app: Flask, world: World) -> None:
    for visit in visits(app, world):
        found = status(app.test_client(), visit)
        if visit.permission.roles == permissions.ANYONE:
            assert found != 401, visit.url
            assert found < 500, visit.url
        elif visit.method == "GET":
            assert found == 302, visit.url
        else:
            assert found == 401, visit.url


def test_allowed_pages_open(app: Flask, world: World, cast: Cast) -> None:
    for member in (cast.facilitator, cast.planner, cast.administrator, cast.auditor):
        client = login(app.test_client(), member)
        for visit in visits(app, world):
            allowed = not visit.permission.roles.isdisjoint({*member.roles, "anyone"})
            if visit.method == "GET" and allowed and visit.url not in MISSING:
                assert status(client, visit) in (200, 302, 303), f"{member.email} {visit.url}"


def test_people_of_another_study_find_nothing(app: Flask, world: World, cast: Cast) -> None:
    client = login(app.test_client(), cast.other_planner)
    for visit in visits(app, world):
        if "slug" in visit.rule.arguments and "planner" in visit.permission.roles:
            assert status(client, visit) == 404, f"{visit.method} {visit.url}"


def test_wrong_methods_and_ids_are_refused_in_words(app: Flask, world: World, cast: Cast) -> None:
    client = login(app.test_client(), cast.planner)
    for url in (
        "no-such",
        "it-plan/themes/999999",
        f"it-plan/themes/{2**63}",
        "it-plan/themes/x",
        "%00",
        "x" * 3000,
    ):
        reply = client.get(f"/studies/{url}")
        assert reply.status_code == 404, url
        assert "<h1>" in reply.text
    assert client.get("/sign-out").status_code == 405
