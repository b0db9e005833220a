"""A browser that fills in forms, and what it left in the database."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from survey.db import Database
from survey.models import Response

ROAD = "/answer/it-survey"
ANSWERS = {"ease": "easy", "better": "More buses", "people": "", "well": ""}


class Browser:
    """A browser that fills in the forms of the page it is on."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.reply: TestResponse = client.get("/sign-in")

    @property
    def text(self) -> str:
        return self.reply.text

    @property
    def place(self) -> str:
        return self.reply.request.path

    @property
    def title(self) -> str:
        match = re.search(r"<title>(.*?)</title>", self.text)
        assert match
        return match[1]

    @property
    def shown_text(self) -> str:
        """What stands in the text field of the page, as a browser reads it."""
        match = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", self.text, re.DOTALL)
        assert match
        return match[1]

    def get(self, path: str = "", **kwargs: Any) -> Browser:
        self.reply = self.client.get(ROAD + path, follow_redirects=True, **kwargs)
        return self

    def post(self, path: str = "", follow: bool = True, **fields: Any) -> Browser:
        names = {"answer": "q-better"}
        data = {names.get(name, name.replace("__", "-")): value for name, value in fields.items()}
        match = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert match, self.text
        sent = {"csrf_token": match[1], **data, "end": "1"}
        self.reply = self.client.post(ROAD + path, data=sent, follow_redirects=follow)
        return self

    def to_check(self) -> Browser:
        """Answer the survey of four questions, as far as the check page."""
        self.get().post()
        for number, name in enumerate(("ease", "better", "people", "well"), start=1):
            self.post(
                f"/pages/{number}", **{f"q__{name}": {"ease": "easy", "better": "More buses"}.get(name, "")}
            )
        assert self.place == ROAD + "/check", self.text
        return self


def count(database: Database, model: type = Response) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def one_response(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        return session.scalars(select(Response.answers)).one()
