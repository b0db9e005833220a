"""What goes into a report besides the board: words per theme, targets, cross tables, member checks, files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from survey.dates import Moment
from survey.db import Base

HEARD_BY = ("audience", "channel", "language", "unit")


class ThemeText(Base):
    """What a planner writes about a theme of the board: what it is about, what is under way, what is planned.

    The row with an empty `language` is in the study's own words; those of other languages also carry the
    theme's name in that language, for the public page.
    """

    __tablename__ = "theme_text"
    __table_args__ = (UniqueConstraint("study_id", "theme", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    theme: Mapped[int]
    language: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(300), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    underway: Mapped[str] = mapped_column(Text, default="")
    planned: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": revision}


class Target(Base):
    """What share of those heard a group should be, as the planner typed it in (0 to 1)."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("study_id", "by", "name"),
        CheckConstraint("share > 0 AND share <= 1", name="share_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    share: Mapped[float] = mapped_column(Float)


class CrossTable(Base):
    """A cross table that a facilitator asked for: a closed question by another one, or by unit or language.

    `down` and `across` are question ids of the survey; `across` may be "@unit", "@language" or "@source".
    """

    __tablename__ = "cross_table"
    __table_args__ = (UniqueConstraint("survey_id", "down", "across"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    down: Mapped[str] = mapped_column(String(60))
    across: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)


class MemberCheck(Base):
    """The draft themes of one audience, shown to its people under a link: did we understand you?

    `code` is the random part of the address. `themes` is frozen: id, name, and what it says.
    """

    __tablename__ = "member_check"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    themes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    open: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)


class MemberCheckAnswer(Base):
    """What one participant marked: {theme id: "yes" | "no"}, and what is missing. No person, no time."""

    __tablename__ = "member_check_answer"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("member_check.id", ondelete="CASCADE"), index=True)
    marks: Mapped[dict[str, str]] = mapped_column(JSON)
    missing: Mapped[str] = mapped_column(Text, default="")
    day: Mapped[date]


class MadeFile(Base):
    """A file that a job wrote, to be fetched for a while; its bytes lie in parts, so none is held whole."""

    __tablename__ = "made_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class MadeFilePart(Base):
    """A piece of a file, in order."""

    __tablename__ = "made_file_part"

    file_id: Mapped[int] = mapped_column(ForeignKey("made_file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary))
