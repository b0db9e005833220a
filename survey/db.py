"""The database layer: two engines over one database, one that cannot write and one that locks first.

A GET runs on the reading engine, where SQLite has `query_only` on and PostgreSQL opens READ ONLY
transactions. Everything else runs on the writing engine, whose SQLite transactions begin with the write
lock (`BEGIN IMMEDIATE`): a transaction that reads first and asks for the lock later loses updates or fails.
On PostgreSQL, what two people may change together locks its study row first (`lock`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Session

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_SECONDS = 30


class Base(DeclarativeBase):
    """All tables. Constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(naming_convention=NAMES)


@dataclass(frozen=True)
class Database:
    """One database with its reading and its writing engine."""

    read: Engine
    write: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write."""
        with Session(self.read) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on an error."""
        with Session(self.write) as session, session.begin():
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.write.dialect.name == "sqlite"

    def dispose(self) -> None:
        """Close all connections."""
        self.read.dispose()
        self.write.dispose()


def connect(url: str) -> Database:
    """Open a database by its URL; the folder of an SQLite file is made when it is missing."""
    if make_url(url).get_backend_name() == "sqlite":
        _make_folder(url)
        return Database(_sqlite(url, reading=True), _sqlite(url, reading=False))
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, **_json()}
    return Database(
        create_engine(url, execution_options={"postgresql_readonly": True}, **options),
        create_engine(url, **options),
    )


def _json() -> dict[str, Any]:
    return {"json_serializer": partial(json.dumps, ensure_ascii=False, separators=(",", ":"))}


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if path:
        folder = Path(path).parent
        folder.mkdir(parents=True, exist_ok=True)
        # The file holds every answer: it is made readable for its owner only.
        if not Path(path).exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _sqlite(url: str, *, reading: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **_json())

    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if reading:
            connection.execute("PRAGMA query_only=ON")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    return engine
