"""The names of those who decided: decisions hold e-mail addresses, which stay when an account goes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import Person


def names(session: Session) -> Mapping[str, str]:
    """The name of each member of staff by e-mail address."""
    return {email: name for email, name in session.execute(select(Person.email, Person.name)) if name}
