"""The Flask class of the application: one database session per request, committed before the reply."""

from __future__ import annotations

from copy import deepcopy
from typing import cast

from flask import Flask, current_app, g, request
from flask import session as page_cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map

from survey.config import Settings
from survey.db import Database

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Id(IntegerConverter):
    """`<int:...>` in an address: no larger than a key can be; a longer one is not found."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


class Throughline(Flask):
    """Flask with our settings and database on it."""

    survey_settings: Settings
    database: Database

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, then commit. A reply that says "stored" exists only after the commit.

        Nor may the page cookie say so when the commit failed: a receipt in it would have the respondent told
        on the next try that everything was sent. It goes back to what it was.
        """
        if request.method in SAFE:
            return super().dispatch_request()
        before = deepcopy(dict(page_cookie))
        try:
            reply = super().dispatch_request()
            _commit(g.get("session"))
        except Exception:
            page_cookie.clear()
            page_cookie.update(before)
            raise
        return reply


def app() -> Throughline:
    """The running application."""
    return cast(Throughline, current_app)


def settings() -> Settings:
    """Its settings."""
    return app().survey_settings


def db() -> Session:
    """The session of this request, opened when first asked for: reading for a GET, else writing."""
    if "session" not in g:
        database = app().database
        g.session = Session(database.read if request.method in SAFE else database.write)
    session: Session = g.session
    return session


def _commit(session: Session | None) -> None:
    """Commit. A connection on which that failed may be inside its transaction still: it is not used again."""
    if session is None:
        return
    try:
        session.commit()
    except DBAPIError:
        session.invalidate()
        raise


def close_session(_error: BaseException | None = None) -> None:
    """Give the connection back; what was not committed is rolled back.

    The reply is made by now, and must reach the person even if the database has gone away since.
    """
    session: Session | None = g.pop("session", None)
    if session is None:
        return
    try:
        session.close()
    except OperationalError:
        session.invalidate()
