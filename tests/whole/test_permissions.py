"""The permission table against every route and role: who may gets in, who may not gets 403, strangers sign in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey import permissions
from survey.db import Database
from survey.models import AuditRow
from tests.factories import World
from tests.fixtures import login, post
from tests.people import Cast, Member


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
            permission = permissions.needed(app, rule.endpoint)
            assert permission is not None, rule.rule
            url = app.url_for(rule.endpoint, **{name: world.values[name] for name in rule.arguments})
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                found.append(Visit(rule, method, url, permission))
    return found


def status(app: Flask, visit: Visit, person: Member | None) -> int:
    client = app.test_client()
    if person is not None:
        login(client, person)
    if visit.method == "GET":
        return client.get(visit.url).status_code
    return post(client, visit.url, {}).status_code


def test_every_route_for_every_role(app: Flask, world: World, cast: Cast) -> None:
    people = {"facilitator": cast.facilitator, "planner": cast.planner}
    people |= {"administrator": cast.administrator, "auditor": cast.auditor}
    for visit in visits(app, world):
        if visit.permission.roles == permissions.ANYONE:
            continue
        for role, person in people.items():
            if role in visit.permission.roles:
                continue
            assert status(app, visit, person) == 403, f"{role} {visit.method} {visit.url}"


def test_strangers_see_only_what_is_for_anyone(app: Flask, world: World) -> None:
    for visit in visits(app, world):
        found = status(app, visit, None)
        if visit.permission.roles == permissions.ANYONE:
            assert found != 401, visit.url
            assert found < 500, visit.url
        elif visit.method == "GET":
            assert found == 302, visit.url
        else:
            assert found == 401, visit.url


def test_allowed_pages_open(app: Flask, world: World, cast: Cast) -> None:
    for visit in visits(app, world):
        if visit.method != "GET":
            continue
        for member in (cast.facilitator, cast.planner, cast.administrator, cast.auditor):
            if not visit.permission.roles.isdisjoint({*member.roles, "anyone"}):
                found = status(app, visit, member)
                assert found in (200, 302, 303), f"{member.email} {visit.url} {found}"


def test_people_of_another_study_find_nothing(app: Flask, world: World, cast: Cast) -> None:
    for visit in visits(app, world):
        if "slug" in visit.rule.arguments and "planner" in visit.permission.roles:
            assert status(app, visit, cast.other_planner) == 404, f"{visit.method} {visit.url}"


def test_wrong_methods_and_ids_are_refused_in_words(app: Flask, world: World, cast: Cast) -> None:
    client = login(app.test_client(), cast.planner)
    for url in (
        "/studies/no-such",
        "/studies/it-plan/themes/999999",
        "/studies/it-plan/themes/x",
        "/studies/%00",
    ):
        reply = client.get(url)
        assert reply.status_code == 404, url
        assert "<h1>" in reply.text
    assert client.get("/sign-out").status_code == 405


def audit_rows(database: Database) -> int:
    with database.reading() as session:
        return session.query(AuditRow).count()


@pytest.mark.parametrize("role", ["facilitator", "planner"])
def test_every_change_by_staff_is_written_down_once(
    app: Flask, world: World, cast: Cast, database: Database, role: str
) -> None:
    """Each staff form that is taken writes one audit row; a refused one writes none."""
    person: Member = getattr(cast, role)
    client = login(app.test_client(), person)
    taken = []
    for endpoint, form in world.forms.items():
        if permissions.needed(app, endpoint).roles.isdisjoint(person.roles):  # type: ignore[union-attr]
            continue
        before = audit_rows(database)
        reply = post(client, form.url, form.data)
        if reply.status_code == 303:
            taken.append(endpoint)
            assert audit_rows(database) == before + 1, endpoint
        else:
            assert audit_rows(database) == before, f"{endpoint} {reply.status_code}"
    assert taken


def test_every_changing_staff_route_has_a_form_in_the_test_above(app: Flask, world: World) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and not (permissions.needed(app, rule.endpoint).roles & {"anyone"})  # type: ignore[union-attr]
    }
    elsewhere = {"account.account", "account.sign_out", "admin.new_person", "admin.update_person"}
    assert changing - elsewhere - world.reading == set(world.forms)
