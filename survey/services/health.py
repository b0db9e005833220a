"""Whether the database answers."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session


def ping(session: Session) -> None:
    """Ask the database for nothing; raises SQLAlchemy's `OperationalError` when it is not there."""
    session.execute(select(1))
