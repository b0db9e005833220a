"""Sessions for tests: a study with groups and prompts, a session that is open, a note as it is typed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.models import GroupSession, Study
from survey.services import audiences, notes, session_roster, sessions, studies
from survey.services.audiences import Asked, Group
from survey.services.notes import Typed
from survey.services.session_roster import Seat
from survey.services.sessions import Plan

BY = "facilitator@office.example"
GROUPS = ("Academia", "Companies", "Nonprofits", "Civic technologists", "Services", "Operations")
PROMPTS = (
    Asked("What works well?", "strength"),
    Asked("What should we improve?", "improvement"),
    Asked("What should we aspire to?", "aspiration"),
)


def prepare(session: Session, study: Study, people: int | None = 5) -> Study:
    """Six groups and three prompts."""
    mine = studies.by_slug(session, study.slug)
    audiences.put_in(mine, [Group(name, people) for name in GROUPS], PROMPTS)
    session.flush()
    return mine


def begin(session: Session, study: Study, group: int = 0, tables: int = 1) -> GroupSession:
    """An open session of one of the groups; P1 is a teacher."""
    meeting = sessions.add(session, study, Plan(study.audiences[group].id, tables=tables), by=BY)
    seats = {1: Seat("teacher")}
    session_roster.set_roster(session, study, meeting, seats, seen=meeting.revision, by=BY)
    sessions.open_it(session, study, meeting, by=BY)
    return meeting


def typed(text: str, prompt: int | None = None, speaker: int | None = None, table: int = 1) -> Typed:
    """A note with a key of its own."""
    return Typed(notes.new_key(), text, prompt, speaker, table)
