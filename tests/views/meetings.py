"""What the tests of session pages share: the study with an open session in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Comment, GroupSession, Note, Study
from survey.services import session_live, sessions, studies
from tests.fixtures import post, token
from tests.services.meeting import BY, begin, prepare

SESSIONS = "/studies/it-plan/sessions"


def make_open(database: Database, study: Study, *, tables: int = 1) -> int:
    """An open session of the study "it-plan"; returns its id."""
    with database.writing() as session:
        return begin(session, prepare(session, study), tables=tables).id


def let_phones_in(database: Database, number: int, *, dots: bool = False) -> str:
    """Switch phones on; returns the code."""
    with database.writing() as session:
        plan = studies.by_slug(session, "it-plan")
        meeting = sessions.get(session, plan, number)
        session_live.set_phones(session, plan, meeting, on=True, dots=dots, by=BY)
        return session_live.code_of(meeting) or ""


def notes_of(database: Database) -> list[Note]:
    with database.reading() as session:
        return list(session.scalars(select(Note).order_by(Note.position)))


def comments_of(database: Database) -> list[Comment]:
    with database.reading() as session:
        return list(session.scalars(select(Comment).order_by(Comment.position)))


def meeting_of(database: Database, number: int) -> GroupSession:
    """The session with its agenda and group read."""
    with database.reading() as session:
        loaded = (selectinload(GroupSession.agenda), joinedload(GroupSession.audience))
        return session.get_one(GroupSession, number, options=loaded)


class Sender:
    """Sends many forms with the token of one page, which is quicker than a page for each."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.token = client, token(client, "/account")

    def __call__(self, url: str, data: dict[str, Any] | None = None, *, json: bool = False) -> TestResponse:
        fields = {"csrf_token": self.token, **(data or {}), "end": "1"}
        kind = "application/x-www-form-urlencoded"
        body = urlencode(fields, doseq=True, errors="surrogatepass")
        headers = {"Accept": "application/json"} if json else {}
        return self.client.post(url, data=body, content_type=kind, headers=headers)


def send_json(client: FlaskClient, url: str, data: dict[str, Any]) -> TestResponse:
    """Send a form as the script does."""
    return post(client, url, data, headers={"Accept": "application/json"})
