"""Who is invited, ballots, and what was sent.

Three stores that never meet (trust): people (`invitee`), ballots and responses. A ballot holds a keyed hash
of a code, and nothing that leads to a person without the key, which is not in the database.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.dates import Moment
from survey.db import Base


class Invitee(Base):
    """Somebody who is invited to a survey. `answered` is kept only where answers bear names.

    `last_day` is the day of the latest mailing; `note` says why mail came back.
    """

    __tablename__ = "invitee"
    __table_args__ = (
        CheckConstraint("state IN ('listed', 'sent', 'bounced', 'stopped')", name="state_known"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(20), default="listed")
    mailings: Mapped[int] = mapped_column(default=0)
    last_day: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    answered: Mapped[bool] = mapped_column(default=False)


class Ballot(Base):
    """The right to answer once. No more columns than these: each could be used to find the person."""

    __tablename__ = "ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    unit: Mapped[str] = mapped_column(String(200), default="")


class Mailing(Base):
    """An invitation or a reminder that was sent, or letters that were printed: words and counts, no names."""

    __tablename__ = "mailing"
    __table_args__ = (CheckConstraint("kind IN ('invitation', 'reminder', 'letter')", name="kind_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)


class KeyedSheet(Base):
    """A paper sheet that one person has typed and a second one is to type again; empty once it is stored."""

    __tablename__ = "keyed_sheet"
    __table_args__ = (
        CheckConstraint("state IN ('first', 'differs', 'stored')", name="state_known"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    number: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    typed: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    first_by: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(20), default="first")
