"""Blind double coding: a drawn sample of comments that two people code, each without seeing the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base
from survey.models.comment import Comment
from survey.models.people import Person

SAMPLE_STATES = ("coding", "finished")


class Sample(Base):
    """Comments drawn to be coded, and the themes to code with as they stood then.

    `themes` is frozen: number, name and codebook entry of each. `agreement` is written once, when both coders
    have finished; settling what they disagree on never changes it.
    """

    __tablename__ = "sample"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        CheckConstraint("state IN ('coding', 'finished')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    number: Mapped[int]
    seed: Mapped[int]
    size: Mapped[int]
    per_page: Mapped[int] = mapped_column(default=1)
    hide_context: Mapped[bool] = mapped_column(default=False)
    themes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default="coding")
    agreement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)
    coders: Mapped[list[SampleCoder]] = relationship(
        order_by="SampleCoder.place", lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": revision}


class SampleCoder(Base):
    """One of the two people who code a sample; `finished_at` ends what they can change."""

    __tablename__ = "sample_coder"
    __table_args__ = (
        UniqueConstraint("sample_id", "person_id"),
        CheckConstraint("place IN (1, 2)", name="two_places"),
    )

    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    person: Mapped[Person] = relationship(lazy="joined")


class SampleItem(Base):
    """One comment of a sample. Positions are in random order; one is missing where a comment was taken away.

    `settled` says what was decided where the coders disagreed: how, which themes, by whom, when, and the
    number of the decision on the board, if it made one.
    """

    __tablename__ = "sample_item"
    __table_args__ = (UniqueConstraint("sample_id", "comment_id"),)

    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    comment_id: Mapped[str] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE", onupdate="CASCADE"), index=True
    )
    settled: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    comment: Mapped[Comment] = relationship(lazy="joined")


class Coding(Base):
    """What one coder gave one comment: theme numbers, the main one first; none means "none of these"."""

    __tablename__ = "coding"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sample_id", "position"], ["sample_item.sample_id", "sample_item.position"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["sample_id", "place"], ["sample_coder.sample_id", "sample_coder.place"], ondelete="CASCADE"
        ),
    )

    sample_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    themes: Mapped[list[int]] = mapped_column(JSON)
    unsure: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
