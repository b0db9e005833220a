"""A survey and its published versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base
from survey.models.study import Audience, Study

MODES = ("anonymous", "confidential", "identified")
STATES = ("draft", "open", "closed")
# Who may answer: each browser once, each browser as often as it likes, or whoever has a code.
ACCESS = ("once", "open", "code")


class Survey(Base):
    """A questionnaire of a study. `document` is the draft being edited; answers go to a `Version`.

    The mode is fixed once the survey has been published: people were told it. `draft_hours` is how long an
    unfinished response is kept (None: as the settings say), `kiosk_minutes` after how long without a key a
    shared computer is cleared (None: never), `closing_number` how many responses are taken at most, `quotas`
    how many with one choice: [{"question": id, "choice": id, "most": number}]. `ballot_round` counts how
    often the ballots were written anew.
    """

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("mode IN ('anonymous', 'confidential', 'identified')", name="mode_known"),
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state_known"),
        CheckConstraint("access IN ('once', 'open', 'code')", name="access_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id", ondelete="SET NULL"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    mode: Mapped[str] = mapped_column(String(20), default="anonymous")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    sealed: Mapped[bool] = mapped_column(default=False)
    access: Mapped[str] = mapped_column(String(20), default="once", server_default="once")
    draft_hours: Mapped[int | None]
    kiosk_minutes: Mapped[int | None]
    closing_number: Mapped[int | None]
    quotas: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    ballot_round: Mapped[int] = mapped_column(default=0, server_default="0")
    revision: Mapped[int] = mapped_column(default=0)
    study: Mapped[Study] = relationship()
    audience: Mapped[Audience | None] = relationship()
    versions: Mapped[list[Version]] = relationship(
        back_populates="survey", order_by="Version.number", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}


class Version(Base):
    """A frozen, published state of a survey; its document never changes."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(Moment)
    survey: Mapped[Survey] = relationship(back_populates="versions")
