"""The migrations make the models' schema, there and back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from survey import db, migrate
from tests.support.postgres import fresh_postgres_database


@pytest.fixture(params=["sqlite", "postgres"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[db.Database]:
    """A database without any table."""
    if request.param == "sqlite":
        database = db.connect(f"sqlite:///{tmp_path}/blank.sqlite")
        yield database
        database.dispose()
        return
    with fresh_postgres_database() as url:
        database = db.connect(url)
        yield database
        database.dispose()


def test_up_down_up_and_models_equal_migrations(blank: db.Database) -> None:
    migrate.upgrade(blank)
    migrate.check(blank)
    names = set(inspect(blank.read).get_table_names())
    migrate.downgrade(blank, "base")
    assert set(inspect(blank.read).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(blank)
    assert (
        set(inspect(blank.read).get_table_names()) == names == {*db.Base.metadata.tables, "alembic_version"}
    )


def test_a_database_without_schema_is_refused_with_the_command_that_helps(blank: db.Database) -> None:
    with pytest.raises(migrate.WrongSchema, match="survey db upgrade"):
        migrate.require_current(blank)
    migrate.upgrade(blank)
    migrate.require_current(blank)
