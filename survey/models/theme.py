"""What the machine found (never changed) and what people decided (never changed either)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base


class Run(Base):
    """One theme discovery. `manifest` holds what repeats it: input hash, options, seed, versions."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    number: Mapped[int]
    seed: Mapped[int]
    comments: Mapped[int]
    unplaced: Mapped[int]
    totals: Mapped[dict[str, int]] = mapped_column(JSON)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
    candidates: Mapped[list[Candidate]] = relationship(
        back_populates="run", order_by="Candidate.number", cascade="all, delete-orphan"
    )


class Candidate(Base):
    """A theme as the machine found it. `by_audience` counts its comments per audience id ("" for none)."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(300))
    keywords: Mapped[list[str]] = mapped_column(JSON)
    size: Mapped[int]
    by_audience: Mapped[dict[str, int]] = mapped_column(JSON)
    stability: Mapped[float | None] = mapped_column(Float)
    quotes: Mapped[list[str]] = mapped_column(JSON)
    run: Mapped[Run] = relationship(back_populates="candidates")


class Placement(Base):
    """Where the machine put a comment: a row for each candidate, or one row with the reason for "nowhere"."""

    __tablename__ = "placement"
    __table_args__ = (
        Index("ix_placement_candidate", "candidate_id"),
        UniqueConstraint("run_id", "comment_id", "candidate_id"),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[str] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True, index=True
    )
    rank: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    weight: Mapped[float] = mapped_column(Float, default=0.0)
    reason: Mapped[str | None] = mapped_column(String(60))


class Edit(Base):
    """One human decision, numbered within its study. Undoing is an edit that names the one it undoes."""

    __tablename__ = "edit"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
