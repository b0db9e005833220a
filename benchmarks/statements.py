"""SQL statements that the product needs for one response, counted within the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

import survey
from benchmarks.browser import Fields, Reply
from benchmarks.roads import ours
from survey import db
from survey.config import Settings
from survey.services import live
from tests.support.server import SECRET

# How transactions begin and end, and how a connection is set up: not work of the road itself.
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


class Inside:
    """A browser within the process of the application."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> Reply:
        """Load a page."""
        return self._reply(self.client.get(path))

    def post(self, path: str, fields: Fields) -> Reply:
        """Send a form."""
        form: dict[str, list[str]] = {}
        for name, value in fields:
            form.setdefault(name, []).append(value)
        return self._reply(self.client.post(path, data=form))

    def _reply(self, answer: Any) -> Reply:
        return Reply(answer.status_code, urlsplit(answer.headers.get("Location", "")).path, answer.text)


@contextmanager
def recorded(*engines: Engine) -> Iterator[list[str]]:
    """The statements that engines run meanwhile, without what begins and ends transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            seen.append(" ".join(statement.split()))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def count(url: str, slug: str, *, forgetful: bool = False) -> dict[str, list[str]]:
    """The statements of each step of one response, in a process that has answered before.

    `forgetful` makes it look the survey up at every step, as a process does that is asked less than once a
    second; otherwise what it knows about the survey is still fresh.
    """
    database = db.connect(url)
    app = survey.create_app(
        Settings(
            database_url=url, secret_key=SECRET, worker="separate", form_seconds=0, responses_address=100_000
        ),
        database,
    )
    for _ in ours(slug)(Inside(app.test_client())):
        pass
    found: dict[str, list[str]] = {}
    road = ours(slug)(Inside(app.test_client()))
    with recorded(database.read, database.write) as seen:
        while True:
            if forgetful:
                live.forget(slug)
            step = next(road, None)
            if step is None:
                break
            found[step[0]] = seen.copy()
            seen.clear()
    database.dispose()
    return found
