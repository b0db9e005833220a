"""The cast: the named people that tests speak of. All have the same password."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from survey.models import Membership, Person, Study

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Member:
    """One of the cast, as plain values that outlive a database session."""

    id: int
    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """Everyone. `other_planner` works on another study only."""

    facilitator: Member
    planner: Member
    other_planner: Member
    administrator: Member
    auditor: Member

    def all(self) -> tuple[Member, ...]:
        return (self.facilitator, self.planner, self.other_planner, self.administrator, self.auditor)


@cache
def password_hash() -> str:
    """Hashing and checking cost 30 ms by design; this one is cheap, for everybody signs in all the time."""
    return PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)


def make_cast(session: Session, study: Study, other_study: Study) -> Cast:
    """Insert the cast: members of the study, except the other planner."""
    roles = {
        "facilitator": study,
        "planner": study,
        "other_planner": other_study,
        "administrator": None,
        "auditor": None,
    }
    return Cast(**{name: _add(session, name, home) for name, home in roles.items()})


def _add(session: Session, name: str, study: Study | None) -> Member:
    role = name.removeprefix("other_")
    person = Person(email=f"{name}@office.example", name=name, roles=[role], password_hash=password_hash())
    session.add(person)
    session.flush()
    if study is not None:
        session.add(Membership(person_id=person.id, study_id=study.id))
    return Member(person.id, person.email, (role,))
