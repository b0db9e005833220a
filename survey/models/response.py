"""Responses and unfinished drafts.

These tables must not tell who answered, or in which order. So: random keys, no row number (SQLite's
`WITHOUT ROWID`; an ordinary table keeps the order of arrival), the day and never the time, and no column
that could join an anonymous response to a person. The check constraint holds the last one in the database.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.dates import Moment
from survey.db import Base


class Respondent(Base):
    """Who answered, for confidential and identified surveys only."""

    __tablename__ = "respondent"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")


class Response(Base):
    """One submission, whole or not at all. The primary key is derived from the submission key.

    `source` is how it came, `unit` the part of the organisation it came from where that is known and large
    enough, `apart` why it waits for a person to look at it (None: it counts; "kept:..." once a person has
    decided that it does not).
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint(
            "mode <> 'anonymous' OR (respondent_id IS NULL AND received_at IS NULL)",
            name="anonymous_has_no_person",
        ),
        CheckConstraint("source IN ('web', 'paper', 'phone', 'api', 'import')", name="source_known"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    mode: Mapped[str] = mapped_column(String(20))
    day: Mapped[date]
    language: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    respondent_id: Mapped[str | None] = mapped_column(ForeignKey("respondent.id", ondelete="SET NULL"))
    source: Mapped[str] = mapped_column(String(20), default="web", server_default="web")
    unit: Mapped[str] = mapped_column(String(200), default="", server_default="")
    apart: Mapped[str | None] = mapped_column(String(20))


class Draft(Base):
    """An unfinished response, found again by a random cookie of which only a keyed hash is kept.

    `expires_at` is rounded up to a full hour so that the row does not tell when somebody began. `code` is a
    keyed hash of the short code that finds it from another device, and behind it the token, locked with that
    code (`services/returning.py`).
    """

    __tablename__ = "draft"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    typed: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    code: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
