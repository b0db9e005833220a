"""Alembic's entry point. The connection is given by `survey.migrate`; there is no alembic.ini."""

from __future__ import annotations

from alembic import context

import survey.models  # noqa: F401  (registers every table)
from survey.dates import Moment
from survey.db import Base


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our moments as plain columns, so that a migration never imports today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
