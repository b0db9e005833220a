"""What the tests of translations share: pages, their fields, files sent to them."""

from __future__ import annotations

import io

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.formats.translation_files import FORMATS
from survey.formats.translation_rows import Row, Sheet
from survey.models import AuditRow
from tests.fixtures import token
from tests.views.studio import SURVEY

LIST = "/translations"
ARABIC = "/translations/ar"
TITLE, LABEL, CHOICE = "survey.title", "question.ease.label", "question.ease.choices.easy"


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    reply = client.get(SURVEY + path)
    assert reply.status_code == 200, reply.text
    return html.fromstring(reply.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action)))


def upload(client: FlaskClient, data: bytes, name: str = "ar.csv", path: str = ARABIC) -> TestResponse:
    url = SURVEY + path
    form = {"csrf_token": token(client, url), "file": (io.BytesIO(data), name), "end": "1"}
    return client.post(url + "/upload", data=form, content_type="multipart/form-data")


def sheet(*rows: tuple[str, str, str], target: str = "ar") -> Sheet:
    return Sheet("en", target, tuple(Row(key, "", source, text) for key, source, text in rows))


def csv(*rows: tuple[str, str, str], target: str = "ar") -> bytes:
    return FORMATS["csv"].write(sheet(*rows, target=target))


def keys(client: FlaskClient, query: str = "") -> list[str]:
    fields = page(client, ARABIC + query).xpath("//*[starts-with(@name, 't-')]/@name")
    return [str(name).removeprefix("t-") for name in fields]
