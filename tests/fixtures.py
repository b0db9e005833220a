"""Fixtures of the application: databases of both kinds, the app over them, the cast, signed-in clients."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey import create_app, db, migrate
from survey.config import Settings
from survey.models import Study
from survey.services import live, studies
from survey.web import Throughline
from tests.people import PASSWORD, Cast, Member, make_cast

SECRET = "tests-only-0123456789-abcdefghijklmnop"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite"
    database = db.connect(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.write.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[db.Database]:
    """The PostgreSQL database of this test run, migrated."""
    database = db.connect(postgres_url)
    migrate.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[db.Database]:
    """An empty, migrated database of each kind."""
    live.forget_all()
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        database = db.connect(f"sqlite:///{path}")
        yield database
        database.dispose()
    else:
        database = request.getfixturevalue("migrated_postgres")
        empty(database)
        yield database


def empty(database: db.Database) -> None:
    """Delete every row; quicker than TRUNCATE on small tables."""
    with database.write.begin() as connection:
        for table in reversed(db.Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def session(database: db.Database) -> Iterator[Session]:
    """A writing session, rolled back at the end unless the test commits."""
    with Session(database.write) as session:
        yield session


@pytest.fixture
def test_settings(database: db.Database) -> Settings:
    """Settings over the test's database. Jobs wait until the test runs them; tests are faster than people."""
    url = database.write.url.render_as_string(hide_password=False)
    return Settings(
        database_url=url, secret_key=SECRET, worker="separate", office="City of Example", form_seconds=0
    )


@pytest.fixture(scope="session")
def made_app(migrated_sqlite: Path) -> Throughline:
    """One application for the run: its routes and templates take a quarter of a second to make."""
    database = db.connect(f"sqlite:///{migrated_sqlite}")
    app = create_app(Settings(database_url=f"sqlite:///{migrated_sqlite}", secret_key=SECRET), database)
    database.dispose()
    app.testing = False  # error pages must be the ones that people see
    assert isinstance(app, Throughline)
    return app


@pytest.fixture
def app(made_app: Throughline, test_settings: Settings, database: db.Database) -> Flask:
    """The application over the test's database. What it holds besides these two never changes."""
    made_app.survey_settings, made_app.database = test_settings, database
    return made_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not signed in."""
    return app.test_client()


@pytest.fixture
def study(database: db.Database) -> Study:
    """The study "it-plan" (and a study "other" beside it)."""
    with Session(database.write, expire_on_commit=False) as session, session.begin():
        studies.add(session, "other", "Another study", by="tests")
        return studies.add(session, "it-plan", "IT Strategic Plan", by="tests")


@pytest.fixture
def cast(database: db.Database, study: Study) -> Cast:
    """The named people, members of "it-plan" except the other planner."""
    with database.writing() as session:
        other = studies.by_slug(session, "other")
        return make_cast(session, session.merge(study), other)


def token(client: FlaskClient, url: str) -> str:
    """The CSRF token of a page."""
    page = client.get(url, follow_redirects=True).text
    match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert match, f"no form on {url}"
    return match[1]


def post(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, *, page: str = "", **kwargs: Any
) -> TestResponse:
    """Send a form as a browser does: with the token of a page and the end marker."""
    sent = {"csrf_token": token(client, page or "/sign-in"), **(data or {}), "end": "1"}
    return client.post(url, data=sent, **kwargs)


def login(client: FlaskClient, person: Member) -> FlaskClient:
    """Sign somebody of the cast in."""
    reply = post(client, "/sign-in", {"email": person.email, "password": PASSWORD})
    assert reply.status_code == 303, reply.text
    return client
