"""What the machine found (never changed) and what people decided (never changed either)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base

RUN_KINDS = ("discover", "place")


class Run(Base):
    """One theme discovery. `manifest` holds what repeats it: input hash, options, seed, versions.

    `kind` is "discover", or "place" when comments were only sorted into the themes of the board.
    `board_revision` is the state of the board whose decisions it was given.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20), default="discover")
    board_revision: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int] = mapped_column(BigInteger)
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
    """A theme as the machine found it. `by_audience` counts its comments per audience id ("" for none).

    `goes_on` is the number of the theme of the board that it goes on from; None for a new one.
    """

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
    goes_on: Mapped[int | None]
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


class MapPoint(Base):
    """Where a comment of a run lies on the map; `x` and `y` are from 0 to 1. Large runs show a sample."""

    __tablename__ = "map_point"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[str] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True, index=True
    )
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)


class Edit(Base):
    """One human decision, numbered within its study, made while the board stood on a run.

    Undoing is an edit that names the one it undoes; redoing likewise.
    """

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


class EditComment(Base):
    """A comment that an edit decides about; `themes` are the numbers of its themes after that, if it says."""

    __tablename__ = "edit_comment"
    __table_args__ = ({"sqlite_with_rowid": False},)

    edit_id: Mapped[int] = mapped_column(ForeignKey("edit.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[str] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True, index=True
    )
    themes: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
