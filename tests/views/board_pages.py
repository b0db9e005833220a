"""Steps that the tests of the board's pages share."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey.board import Board
from survey.db import Database
from survey.models import AuditRow, Study
from tests.boards import add_comments, add_run, board_of
from tests.fixtures import login, post
from tests.people import Cast

BOARD = "/studies/it-plan/themes"


@pytest.fixture
def planner(client: FlaskClient, cast: Cast, database: Database, study: Study) -> FlaskClient:
    """A planner in front of a small study whose themes were found."""
    with database.writing() as session:
        add_comments(session, study)
        add_run(session, study)
    return login(client, cast.planner)


def board(database: Database) -> Board:
    """The board as it is stored now."""
    with Session(database.read) as session:
        return board_of(session, session.scalars(select(Study).where(Study.slug == "it-plan")).one())


def audited(database: Database) -> int:
    """How many decisions the audit knows, without the coming of the run."""
    decided = AuditRow.action.like("themes.%"), AuditRow.action != "themes.apply"
    with Session(database.read) as session:
        return len(session.scalars(select(AuditRow).where(*decided)).all())


def decide(
    client: FlaskClient, path: str, data: dict[str, Any] | None = None, *, seen: int | None = None
) -> TestResponse:
    """Send a form of the board as somebody who sees its newest state, or that of revision `seen`."""
    newest = client.get(f"{BOARD}/revision").get_json()["revision"]
    return post(client, BOARD + path, {"revision": newest if seen is None else seen, **(data or {})})


def words(reply: TestResponse) -> str:
    """The text of a page as people read it, blanks as one."""
    return " ".join(html.fromstring(reply.text).text_content().split())


def text(client: FlaskClient, path: str) -> str:
    """The source of a page of the board, with its entities as letters."""
    reply = client.get(BOARD + path)
    assert reply.status_code == 200, path
    return unescape(reply.text)
