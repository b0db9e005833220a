"""Offices that answer for themes, and the people who see their page."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.db import Base
from survey.models.people import Person


class Office(Base):
    """An office of the city as a study names it, such as that of the chief administrator."""

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("study_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    people: Mapped[list[OfficePerson]] = relationship(back_populates="office", cascade="all, delete-orphan")


class OfficePerson(Base):
    """This person sees the page of this office."""

    __tablename__ = "office_person"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    office: Mapped[Office] = relationship(back_populates="people")
    person: Mapped[Person] = relationship()
