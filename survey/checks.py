"""What `survey doctor` looks at: each check says what it found and, when it must be mended, how."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from survey import i18n, mail, migrate
from survey.config import Settings, SettingsError
from survey.db import Database, connect
from survey.errors import Refusal
from survey.jobs import cluster
from survey.resources import PACKAGE

FINE, LOOK, WRONG = "ok", "look", "WRONG"
OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRES = 13
LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `state` is FINE, LOOK (it works, but) or WRONG (mend it)."""

    name: str
    state: str
    words: str


def all_of(settings: Settings) -> Iterator[Check]:
    """All checks, in the order in which things are mended."""
    yield _python()
    yield _secret(settings)
    yield from _database(settings)
    yield _worker(settings)
    if settings.dask_scheduler:
        yield _cluster(settings.dask_scheduler)
    yield _mail(settings)
    yield _disk(settings)
    yield _translations()


def _python() -> Check:
    state = FINE if sys.version_info >= OLDEST_PYTHON else WRONG
    return Check("Python", state, f"{platform.python_version()}; 3.11 or later is needed.")


def _secret(settings: Settings) -> Check:
    try:
        settings.require_secret()
    except SettingsError as error:
        return Check("Secret key", WRONG, str(error))
    return Check("Secret key", FINE, "it is set and long enough.")


def _database(settings: Settings) -> Iterator[Check]:
    shown = make_url(settings.database_url).render_as_string()
    try:
        database = connect(settings.database_url)
        try:
            yield from _open_database(database, shown)
        finally:
            database.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        told = f"{shown} does not answer ({type(error).__name__}). "
        yield Check("Database", WRONG, told + "Check SURVEY_DATABASE_URL, and that the server runs.")


def _open_database(database: Database, shown: str) -> Iterator[Check]:
    with database.read.connect():
        yield Check("Database", FINE, f"{shown} answers.")
    yield _schema(database)
    yield _sqlite(database) if database.is_sqlite else _postgres(database)


def _schema(database: Database) -> Check:
    try:
        migrate.require_current(database)
    except migrate.WrongSchema as error:
        return Check("Schema", WRONG, str(error))
    return Check("Schema", FINE, "it is the one of this release.")


def _sqlite(database: Database) -> Check:
    with database.write.connect() as connection:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar_one()
    safe = mode == "wal" and synchronous == 2
    words = "write-ahead log, every commit reaches the disk."
    if not safe:
        words = f"journal mode {mode}, synchronous {synchronous}: put the file on a disk of this machine."
    return Check("SQLite", FINE if safe else WRONG, words)


def _postgres(database: Database) -> Check:
    with database.read.connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
        commits = connection.execute(text("SHOW synchronous_commit")).scalar_one()
    if version < OLDEST_POSTGRES:
        return Check("PostgreSQL", WRONG, f"version {version}; {OLDEST_POSTGRES} or later is needed.")
    if commits == "off":
        return Check("PostgreSQL", WRONG, "synchronous_commit is off: answers can be lost. Set it to on.")
    return Check("PostgreSQL", FINE, f"version {version}, every commit reaches the disk.")


def _worker(settings: Settings) -> Check:
    if settings.worker == "separate":
        return Check("Worker", LOOK, "SURVEY_WORKER is separate: keep `survey worker` running somewhere.")
    return Check("Worker", FINE, "started when there is work.")


def _cluster(scheduler: str) -> Check:
    try:
        cluster.require(scheduler)
    except Refusal as refusal:
        return Check("Dask", WRONG, str(refusal))
    return Check("Dask", FINE, f"{scheduler} answers; heavy arithmetic is lent to it.")


def _mail(settings: Settings) -> Check:
    if not settings.smtp_host:
        return Check("Mail", FINE, "no mail server is set; invitations can be printed as letters.")
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        with mail.line(settings):
            return Check("Mail", FINE, f"{where} answers and takes our sign-in ({settings.smtp_tls}).")
    except Refusal as refusal:
        return Check("Mail", WRONG, f"{where}: {refusal}")


def _disk(settings: Settings) -> Check:
    url = make_url(settings.database_url)
    place = Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else Path()
    free = shutil.disk_usage(place if place.exists() else Path()).free // 1_000_000
    words = f"{free:,} MB free; {LEAST_FREE_MB} MB or more should be."
    return Check("Disk", FINE if free >= LEAST_FREE_MB else WRONG, words)


def _translations() -> Check:
    wanted = [tag for tag in i18n.LANGUAGES if tag != "en"]
    missing = [
        tag for tag in wanted if not (PACKAGE / f"translations/{tag}/LC_MESSAGES/messages.mo").is_file()
    ]
    if missing:
        words = f"missing for {', '.join(missing)}: pages are in English. Install the package again."
        return Check("Translations", LOOK, words)
    return Check("Translations", FINE, f"{', '.join(i18n.LANGUAGES)}.")
