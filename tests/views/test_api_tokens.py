"""Tokens of the API on the page of one's account: made, shown once, revoked; no more than one may hold."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.db import Database
from survey.models import ApiToken, AuditRow
from survey.services import tokens
from tests.factories import World
from tests.fixtures import login, post
from tests.people import Cast
from tests.views.test_api import TODAY, Program, token_of


def made_on_page(client: FlaskClient, **more: Any) -> str:
    data = {"name": "Monthly report", "scopes": ["read"], "study": "", "days": "90", **more}
    reply = post(client, "/account/tokens", data, follow_redirects=True)
    found = re.search(r'value="(tl_[A-Za-z0-9_-]{43})"', reply.text)
    assert found, reply.text
    return found[1]


def test_a_token_is_shown_once_and_works(app: Flask, world: World, cast: Cast, database: Database) -> None:
    browser = login(app.test_client(), cast.planner)
    secret = made_on_page(browser)
    again = browser.get("/account/tokens").text
    assert secret not in again
    assert secret[:8] in again
    assert "Monthly report" in again
    assert Program(app.test_client(), secret).get("/api/v1/studies").status_code == 200
    with database.reading() as session:
        kept = session.scalars(select(ApiToken)).one()
        assert secret not in json.dumps([kept.token_hash, kept.prefix, kept.name])
        assert (kept.expires_on - TODAY).days in (90, 91)
        row = session.scalars(select(AuditRow).where(AuditRow.action == "tokens.make")).one()
        assert secret not in json.dumps(row.details)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Give the token a name"),
        ({"name": "x" * 101}, "100 characters"),
        ({"name": "a\0b"}, "cannot be stored"),
        ({"scopes": []}, "at least one thing"),
        ({"scopes": ["everything"]}, "not a valid choice"),
        ({"study": "other"}, "Not a valid choice"),
        ({"days": "100000"}, "Not a valid choice"),
    ],
)
def test_a_wrong_token_is_not_made(
    client: FlaskClient, cast: Cast, database: Database, change: dict[str, Any], words: str
) -> None:
    login(client, cast.planner)
    data = {"name": "x", "scopes": ["read"], "study": "", "days": "90", **change}
    reply = post(client, "/account/tokens", data)
    assert reply.status_code == 422
    assert words in reply.text
    with database.reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_revoking_ends_a_token_at_once(app: Flask, world: World, cast: Cast, database: Database) -> None:
    browser = login(app.test_client(), cast.planner)
    secret = made_on_page(browser)
    number = re.search(r'name="token" value="(\d+)"', browser.get("/account/tokens").text)
    assert number
    stranger = login(app.test_client(), cast.facilitator)
    post(stranger, "/account/tokens/revoke", {"token": number[1]})
    program = Program(app.test_client(), secret)
    assert program.get("/api/v1/studies").status_code == 200
    assert post(browser, "/account/tokens/revoke", {"token": number[1]}).status_code == 303
    assert program.get("/api/v1/studies").status_code == 401
    assert secret[:8] not in browser.get("/account/tokens").text
    post(browser, "/account/tokens/revoke", {"token": number[1]})
    with database.reading() as session:
        actions = list(session.scalars(select(AuditRow.action)))
    assert (actions.count("tokens.make"), actions.count("tokens.revoke")) == (1, 1)


def test_nobody_has_more_tokens_than_they_can_look_over(
    client: FlaskClient, cast: Cast, database: Database
) -> None:
    for _ in range(tokens.MOST_TOKENS):
        token_of(database, cast.planner)
    login(client, cast.planner)
    reply = post(client, "/account/tokens", {"name": "x", "scopes": ["read"], "study": "", "days": "7"})
    assert reply.status_code == 422
    assert "Revoke one" in reply.text
