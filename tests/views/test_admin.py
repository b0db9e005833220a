"""Accounts and audit: made, changed, switched off, and written down."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.models import AuditRow, Person
from tests.fixtures import PASSWORD, login, post
from tests.people import Cast

NEW = {
    "email": "New@Office.example",
    "name": "",
    "roles": "planner",
    "password": "twelve letters at least",
    "studies": "",
}


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.number)))


def test_a_new_person_can_sign_in(client: FlaskClient, app: Flask, cast: Cast, database: Database) -> None:
    reply = post(login(client, cast.administrator), "/people/new", NEW)
    assert reply.status_code == 303
    assert "new@office.example" in client.get("/people").text
    fresh = app.test_client()
    assert (
        post(fresh, "/sign-in", {"email": "new@office.example", "password": NEW["password"]}).status_code
        == 303
    )
    assert fresh.get("/studies").status_code == 200
    assert actions(database).count("people.add") == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "planner@office.example"}, "has an account already"),
        ({"email": "no address"}, "not an e-mail address"),
        ({"password": "short"}, "12 to 200"),
        ({"roles": ""}, "at least one role"),
        ({"studies": "no-such-study"}, "There is no study"),
        ({"email": "<script>alert(1)</script>@x"}, "&lt;script&gt;"),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_stored(
    client: FlaskClient, cast: Cast, database: Database, change: dict[str, str], words: str
) -> None:
    login(client, cast.administrator)
    before = len(actions(database))
    reply = post(client, "/people/new", {k: v for k, v in {**NEW, **change}.items() if v})
    assert reply.status_code == 422 if "script" not in str(change) else reply.status_code in (303, 422)
    if reply.status_code == 422:
        assert words in reply.text
        assert len(actions(database)) == before


def test_switching_off_signs_out_at_once(client: FlaskClient, app: Flask, cast: Cast) -> None:
    victim = login(app.test_client(), cast.planner)
    login(client, cast.administrator)
    assert post(client, f"/people/{cast.planner.id}", {"roles": "planner"}).status_code == 303
    assert victim.get("/studies").status_code == 302
    assert post(victim, "/sign-in", {"email": cast.planner.email, "password": PASSWORD}).status_code == 422


def test_nobody_changes_their_own_roles(client: FlaskClient, cast: Cast, database: Database) -> None:
    login(client, cast.administrator)
    post(client, f"/people/{cast.administrator.id}", {"roles": ["administrator", "planner"], "active": "y"})
    with database.reading() as session:
        assert session.get_one(Person, cast.administrator.id).roles == ["administrator"]
    assert "your own account" in client.get("/people").text


def test_roles_and_refusals_are_in_the_language_of_the_page(client: FlaskClient, cast: Cast) -> None:
    login(client, cast.administrator)
    assert "Administrador(a)" in client.get("/account?lang=es").text
    post(client, f"/people/{cast.administrator.id}", {"roles": "planner"})
    page = client.get("/people").text
    assert "Usted no puede cambiar su propia cuenta." in page
    assert "Su propia cuenta: Administrador(a)." in page


def test_an_unknown_person_is_not_found(client: FlaskClient, cast: Cast) -> None:
    assert post(login(client, cast.administrator), "/people/99999", {"roles": "planner"}).status_code == 404


def test_the_audit_page_shows_who_did_what(client: FlaskClient, cast: Cast) -> None:
    post(login(client, cast.administrator), "/people/new", NEW)
    page = login(client, cast.auditor).get("/audit").text
    assert "people.add" in page
    assert cast.administrator.email in page
    assert client.get("/audit?page=99999").status_code == 200
    assert client.get("/audit?page=x").status_code == 200


@pytest.mark.parametrize("path", ["/people", "/people/new"])
def test_only_administrators_see_accounts(client: FlaskClient, cast: Cast, path: str) -> None:
    for member in (cast.facilitator, cast.planner, cast.auditor):
        assert login(client, member).get(path).status_code == 403


def test_a_changed_password_signs_the_other_browsers_out(client: FlaskClient, app: Flask, cast: Cast) -> None:
    other = login(app.test_client(), cast.planner)
    login(client, cast.planner)
    wrong = post(client, "/account", {"old": "not this one", "new": "a longer new password"})
    assert (wrong.status_code, "old password is not right" in wrong.text) == (422, True)
    reply = post(client, "/account", {"old": PASSWORD, "new": "a longer new password"})
    assert reply.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
