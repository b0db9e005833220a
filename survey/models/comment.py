"""Comments: pieces of free text to be themed, and the imports that brought some of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base
from survey.models.study import Audience, Prompt

CHANNELS = ("survey", "session", "import", "paper")


class CommentImport(Base):
    """One file of comments that was taken in, with its report."""

    __tablename__ = "comment_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Comment(Base):
    """One comment. Its text never changes.

    Keys are random and SQLite keeps no row numbers, because comments of an anonymous survey must not give
    the order of arrival away. Imported rows keep their place in the file in `position`,
    notes of a session their place in it; `speaker` is the number or role of who said it there, never a name.
    """

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_study_import", "study_id", "import_id", "position"),
        Index("ix_comment_response", "response_id"),
        Index("ix_comment_session", "session_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id"))
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("prompt.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("comment_import.id", ondelete="CASCADE"))
    response_id: Mapped[str | None] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE", onupdate="CASCADE")
    )
    session_id: Mapped[int | None] = mapped_column(ForeignKey("group_session.id", ondelete="SET NULL"))
    channel: Mapped[str] = mapped_column(String(40))
    wave: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(20))
    day: Mapped[date | None]
    position: Mapped[int | None]
    source_id: Mapped[str | None] = mapped_column(String(200))
    speaker: Mapped[str | None] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    audience: Mapped[Audience | None] = relationship(lazy="joined")
    prompt: Mapped[Prompt | None] = relationship(lazy="joined")
