"""A reply says "stored" only when it is, and reaches the person even when the database goes away."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.publish import open_surveys
from benchmarks.roads import ours
from benchmarks.statements import Inside
from benchmarks.surveys import all_on_one_page
from survey import web
from survey.db import Database
from survey.models import Response


def fail(database: Database, _connection: object) -> None:
    assert database.write.dialect.dbapi is not None
    raise database.write.dialect.dbapi.OperationalError("the server closed the connection")


def stored(database: Database) -> int:
    with Session(database.read) as session:
        return session.scalar(select(func.count()).select_from(Response)) or 0


def test_a_failed_commit_leaves_no_receipt_behind_and_the_next_try_stores(
    app: Flask, database: Database
) -> None:
    open_surveys(database, {"measured": all_on_one_page()})
    browser = Inside(app.test_client())
    road = ours("measured")(browser)
    page = next(reply for name, reply in road if name == "GET check")
    csrf_token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    form = [("csrf_token", csrf_token), ("end", "1")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database.write.dialect, "do_commit", partial(fail, database))
        assert browser.post("/answer/measured/send", form).status == 503
    assert stored(database) == 0
    assert browser.get("/answer/measured/check").status == 200, "told that everything was sent already"
    assert browser.post("/answer/measured/send", form).location == "/answer/measured/sent"
    assert stored(database) == 1


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_database_that_goes_away_after_the_view_does_not_take_the_reply_along(
    app: Flask, database: Database
) -> None:
    with app.test_request_context("/"):
        backend = web.db().scalar(text("SELECT pg_backend_pid()"))
        with database.write.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
        web.close_session()
        assert web.db().scalar(text("SELECT 1")) == 1
