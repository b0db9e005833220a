"""What the tests of the pages of double coding share: addresses, browsers, the words of a page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import AuditRow, Coding
from tests.fixtures import login
from tests.people import Cast

SAMPLES = "/studies/it-plan/samples"
CODE = f"{SAMPLES}/1/code"
SECRET = "Only the planner thinks so"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast) -> FlaskClient:
    return login(client, cast.planner)


@pytest.fixture
def facilitator(app: Flask, cast: Cast) -> FlaskClient:
    return login(app.test_client(), cast.facilitator)


def text_of(reply: TestResponse) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.text.split("<main")[1])))


def audit_rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def wish(cast: Cast, **more: object) -> dict[str, object]:
    usual = {"size": "12", "first": cast.planner.id, "second": cast.facilitator.id, "per_page": "1"}
    return {**usual, "by_audience": "y", "by_theme": "y", "seed": "5", **more}


def codes(position: int, *ticked: int, **more: object) -> dict[str, object]:
    """The fields of one comment, as a coder's browser would send them."""
    sent: dict[str, object] = {"position": position, f"themes-{position}": list(ticked)}
    if not ticked:
        sent[f"none-{position}"] = "1"
    return sent | {f"{name}-{position}": value for name, value in more.items()} | {"go": "on"}


def stored(database: Database) -> dict[tuple[int, int], tuple[list[int], bool, str]]:
    with database.reading() as session:
        found = session.scalars(select(Coding))
        return {(c.place, c.position): (c.themes, c.unsure, c.note) for c in found}
