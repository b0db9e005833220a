"""Releases: what the public sees of a frozen summary, chosen part by part and approved by a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base
from survey.models.study import Study
from survey.models.summary import Summary

RELEASE_STATES = ("draft", "asked", "approved", "withdrawn")


class Release(Base):
    """One frozen public state of results.

    While "draft" or "asked" (for approval) its choices can change; approving freezes `document` (canonical
    JSON, compressed; `sha256` of the JSON itself, before that of what approval was asked for), which from
    `release_at` on is public. `parts` says what is shown: {"themes": [ids], "questions": [ids], "crosses":
    [ids], "heard": [...], ...}; `words` the title and introduction by language. Who prepared it, changed it
    last or asked for approval cannot approve it. A withdrawn one keeps its place, with a note.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        CheckConstraint("state IN ('draft', 'asked', 'approved', 'withdrawn')", name="state_known"),
        CheckConstraint("approved_by IS NULL OR approved_by <> made_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="draft")
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    release_at: Mapped[datetime | None] = mapped_column(Moment)
    document: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(254))
    asked_by: Mapped[str | None] = mapped_column(String(254))
    approved_by: Mapped[str | None] = mapped_column(String(254))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[str | None] = mapped_column(String(254))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=0)
    study: Mapped[Study] = relationship()
    summary: Mapped[Summary] = relationship()

    __mapper_args__ = {"version_id_col": revision}
