"""The database layer: a GET cannot write, a writer holds the lock first, nothing is lost between writers."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from survey import db
from survey.dates import now
from survey.models import Response, Study, Survey, Version


def test_a_reading_session_cannot_write(database: db.Database, study: Study) -> None:
    with database.reading() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(update(Study).values(title="changed"))


def test_read_then_write_loses_no_update(database: db.Database, study: Study) -> None:
    def work() -> None:
        for _ in range(10):
            with database.writing() as session:
                found = session.get(Study, study.id, with_for_update=True)
                assert found is not None
                found.description = str(int(found.description or 0) + 1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(Study, study.id).description == "80"


def test_an_error_rolls_the_whole_transaction_back(database: db.Database, study: Study) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        session.get_one(Study, study.id).title = "half done"
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.get_one(Study, study.id).title == study.title


def test_sqlite_is_durable_and_checks_foreign_keys(tmp_path: Path) -> None:
    database = db.connect(f"sqlite:///{tmp_path}/a/b.sqlite")
    with database.write.connect() as connection:
        values = {
            p: connection.exec_driver_sql(f"PRAGMA {p}").scalar()
            for p in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.dispose()
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert stat.S_IMODE((tmp_path / "a" / "b.sqlite").stat().st_mode) == 0o600


def test_moments_come_back_in_utc(database: db.Database, session: Session, study: Study) -> None:
    east = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    session.merge(study).made_at = east
    session.commit()
    assert session.get_one(Study, study.id).made_at == east.astimezone(UTC)
    assert session.get_one(Study, study.id).made_at.tzinfo is not None


def test_a_moment_without_time_zone_is_refused(session: Session, study: Study) -> None:
    session.merge(study).made_at = datetime(2026, 3, 1)  # noqa: DTZ001
    with pytest.raises(Exception, match="needs a time zone"):
        session.flush()


def test_the_database_itself_refuses_a_person_on_an_anonymous_response(
    session: Session, study: Study
) -> None:
    survey = Survey(study_id=study.id, slug="s", document={}, mode="anonymous")
    session.add(survey)
    session.flush()
    version = Version(survey_id=survey.id, number=1, document={}, published_at=now())
    session.add(version)
    session.flush()
    common = {
        "survey_id": survey.id,
        "version_id": version.id,
        "day": now().date(),
        "language": "en",
        "answers": {},
    }
    session.add(Response(id="0" * 32, mode="anonymous", received_at=now(), **common))
    with pytest.raises(IntegrityError):
        session.flush()


def test_tables_of_answers_keep_no_order_of_arrival(migrated_sqlite: Path) -> None:
    with sqlite3.connect(migrated_sqlite) as connection:
        for table in ("response", "comment", "draft", "placement"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                connection.execute(f"SELECT rowid FROM {table}")
    connection.close()
