"""What the tests of the studio share: a survey in "it-plan", and posting a form as its page would send it."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import AuditRow, Study, Survey
from survey.services import studies, surveys
from tests.fixtures import post

HOSTILE = "<script>alert(1)</script> “{{ 7*7 }}” 'x' & \u202e"
SURVEY = "/studies/it-plan/surveys/services"
TEXT = {"id": "better", "type": "long_text", "label": {"en": "What could be better?"}, "optional": True}
CHOICE = {
    "id": "ease",
    "type": "one_choice",
    "label": {"en": "How easy is it?"},
    "choices": [{"id": "easy", "label": {"en": "Easy"}}, {"id": "hard", "label": {"en": "Hard"}}],
}


def make_survey(database: Database, study: Study, *, mode: str = "anonymous", publish: bool = False) -> None:
    """The survey "services": two pages, one question each."""
    with database.writing() as session:
        mine = studies.by_slug(session, study.slug)
        survey = surveys.add(session, mine, "services", "City services", mode, by="tests")
        pages = [
            {"id": "p1", "title": {"en": "First"}, "questions": [CHOICE]},
            {"id": "p2", "title": None, "questions": [TEXT]},
        ]
        surveys.save_document(session, survey, {**survey.document, "pages": pages}, by="tests")
        if publish:
            surveys.publish(session, survey, by="tests")


def revision(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(Survey.revision).where(Survey.slug == "services")).one()


def send(
    client: FlaskClient, database: Database, path: str, data: dict[str, Any] | None = None
) -> TestResponse:
    """Send a form of the builder with the revision the page would carry."""
    return post(client, f"{SURVEY}{path}", {"revision": revision(database), **(data or {})})


def draft(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return session.scalars(select(Survey.document).where(Survey.slug == "services")).one()


def questions(database: Database) -> list[list[str]]:
    """The ids of the draft's questions, page by page."""
    return [[q["id"] for q in page["questions"]] for page in draft(database)["pages"]]


def audits(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def text_of(reply: TestResponse) -> str:
    """The words of a page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.text)))
