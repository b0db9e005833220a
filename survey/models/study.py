"""A study, the audiences it listens to and the prompts it puts to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base

PROMPT_KINDS = ("strength", "improvement", "aspiration", "other")


class Study(Base):
    """One consultation. `demo` marks invented content on every page that shows it.

    `fewest_counted` is how many people a number that leaves the house must at least stand for, and
    `fewest_quoted` from how many on a group is named beside a quote; both are fixed once people were asked.
    """

    __tablename__ = "study"
    __table_args__ = (
        CheckConstraint("fewest_counted >= 3", name="fewest_counted_enough"),
        CheckConstraint("fewest_quoted >= 3", name="fewest_quoted_enough"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    demo: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
    # The study of an earlier year that this one is compared with.
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("study.id", ondelete="SET NULL"))
    fewest_counted: Mapped[int] = mapped_column(default=5, server_default="5")
    fewest_quoted: Mapped[int] = mapped_column(default=10, server_default="10")
    revision: Mapped[int] = mapped_column(default=0)
    audiences: Mapped[list[Audience]] = relationship(
        back_populates="study", order_by="(Audience.position, Audience.id)", cascade="all, delete-orphan"
    )
    prompts: Mapped[list[Prompt]] = relationship(
        back_populates="study", order_by="(Prompt.position, Prompt.id)", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}


class Audience(Base):
    """A group the study listens to. `people` is how many took part, where that is known.

    `pooled` is set once a summary counted it together with others, because it was too small to be shown:
    taking it out of them later would tell what it said.
    """

    __tablename__ = "audience"
    __table_args__ = (
        UniqueConstraint("study_id", "name"),
        CheckConstraint("people IS NULL OR people >= 0", name="people_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    people: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    pooled: Mapped[bool] = mapped_column(default=False, server_default=false())
    study: Mapped[Study] = relationship(back_populates="audiences")


class Prompt(Base):
    """What people were asked. `kind` is strength, improvement, aspiration or other."""

    __tablename__ = "prompt"
    __table_args__ = (UniqueConstraint("study_id", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    kind: Mapped[str] = mapped_column(String(20), default="other")
    position: Mapped[int] = mapped_column(default=0)
    study: Mapped[Study] = relationship(back_populates="prompts")
