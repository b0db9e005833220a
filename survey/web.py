"""The Flask class of the application: one database session per request, committed before the reply."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey.config import Settings
from survey.db import Database

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Throughline(Flask):
    """Flask with our settings and database on it."""

    survey_settings: Settings
    database: Database

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, then commit. A reply that says "stored" exists only after the commit."""
        reply = super().dispatch_request()
        session: Session | None = g.get("session")
        if session is not None and request.method not in SAFE:
            session.commit()
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


def close_session(_error: BaseException | None = None) -> None:
    """Give the connection back; what was not committed is rolled back."""
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
