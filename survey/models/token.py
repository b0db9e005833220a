"""Personal tokens of the API."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.dates import Moment
from survey.db import Base
from survey.models.people import Person
from survey.models.study import Study

SCOPES = ("read", "decide", "run", "build", "answer")


class ApiToken(Base):
    """What a program of one person shows to the API. Only a hash is kept; `prefix` tells tokens apart.

    A token of one study goes with that study: it must not become a token of all studies.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    person: Mapped[Person] = relationship(lazy="joined")
    study: Mapped[Study | None] = relationship(lazy="joined")
