"""Sessions: a meeting of one audience, its agenda, who was there by role, and the notes typed in it.

Names are optional and stand in a table of their own (`roster_name`), which nothing that is exported reads.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base
from survey.models.study import Audience, Prompt, Study

SESSION_STATES = ("planned", "open", "ended")
NOTE_SOURCES = ("table", "phone", "minutes")


class GroupSession(Base):
    """A meeting of one audience. (SQLAlchemy has the name Session.)

    `tables` is at how many tables people sit, `join_code` the random part of the address under which
    participants type notes themselves (None: they may not), `phones_dot` whether they put dots on them, too,
    `on_now` the prompt that is being discussed, and `timer_ends_at` when its time is up.
    """

    __tablename__ = "group_session"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'ended')", name="state_known"),
        CheckConstraint("tables BETWEEN 1 AND 50", name="tables_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    tables: Mapped[int] = mapped_column(default=1)
    join_code: Mapped[str | None] = mapped_column(String(40), unique=True)
    phones_dot: Mapped[bool] = mapped_column(default=False)
    on_now: Mapped[int | None]
    timer_ends_at: Mapped[datetime | None] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)
    study: Mapped[Study] = relationship()
    audience: Mapped[Audience] = relationship()
    agenda: Mapped[list[AgendaItem]] = relationship(
        order_by="(AgendaItem.position, AgendaItem.id)", cascade="all, delete-orphan"
    )
    roster: Mapped[list[RosterEntry]] = relationship(
        order_by="RosterEntry.number", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}


class AgendaItem(Base):
    """A prompt of the study on the agenda of a session, with the minutes planned for it."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("session_id", "prompt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompt.id", ondelete="CASCADE"), index=True)
    minutes: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    prompt: Mapped[Prompt] = relationship(lazy="joined")


class RosterEntry(Base):
    """Somebody at a session: a number ("P3"), and a role if it is known ("teacher"). No name."""

    __tablename__ = "roster_entry"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    number: Mapped[int]
    role: Mapped[str] = mapped_column(String(100), default="")
    table_number: Mapped[int] = mapped_column(default=1)


class RosterName(Base):
    """The name of somebody on a roster, where the facilitator keeps one: read on one page, never exported."""

    __tablename__ = "roster_name"

    entry_id: Mapped[int] = mapped_column(ForeignKey("roster_entry.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Note(Base):
    """One line typed in a session. Its `id` is random, made where it is typed: sent twice, it is stored once.

    `position` orders the notes of a session as they arrived. Without a prompt it lies in the parking lot.
    `speaker` is the number of a roster entry. A struck note stays, and does not become a comment.
    When the session ends, each note becomes a comment (`comment_id`); from then on it does not change.
    """

    __tablename__ = "note"
    __table_args__ = (
        Index("ix_note_session_position", "session_id", "position"),
        CheckConstraint("source IN ('table', 'phone', 'minutes')", name="source_known"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id", ondelete="CASCADE"))
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("prompt.id", ondelete="SET NULL"), index=True)
    table_number: Mapped[int] = mapped_column(default=1)
    speaker: Mapped[int | None]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    votes: Mapped[int] = mapped_column(default=0)
    struck: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(20), default="table")
    comment_id: Mapped[str | None] = mapped_column(
        ForeignKey("comment.id", ondelete="SET NULL", onupdate="CASCADE"), index=True
    )
    made_by: Mapped[str] = mapped_column(String(254), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": revision}


class NoteVote(Base):
    """A dot that a participant put on a note by phone; `voter` is a keyed hash of a random cookie."""

    __tablename__ = "note_vote"
    __table_args__ = ({"sqlite_with_rowid": False},)

    note_id: Mapped[str] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
