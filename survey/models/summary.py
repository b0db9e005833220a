"""Frozen summaries: what was taken away, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from survey.dates import Moment
from survey.db import Base


class Summary(Base):
    """One frozen state of a study's board with its comments; every file is written from `document`.

    `document` is the canonical JSON, compressed with zlib; `sha256` is of the JSON itself. `ledger`
    is every table of people that it shows, as the gate let it through: later summaries must not be subtracted
    from it (`analysis.disclose`).
    """

    __tablename__ = "summary"
    __table_args__ = (UniqueConstraint("study_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    board_revision: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    ledger: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(Moment)
