"""Sessions: planning a meeting of one audience; opening, ending and reopening it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.models import AgendaItem, Comment, GroupSession, Note, Prompt, RosterEntry, Study
from survey.questions.settings import UNSTORABLE
from survey.services import audit
from survey.services.audiences import Asked, audience_of, checked_prompt, put_in

MOST_TABLES = 50
MOST_MINUTES = 600
TEXT_LENGTH = 200
USUAL = ("strength", "improvement", "aspiration")
SEATED_AT_ONCE = 30
"""An audience with more people than that does not sit in one session."""


@dataclass(frozen=True)
class Plan:
    """A session as it is typed."""

    audience_id: int
    title: str = ""
    place: str = ""
    starts_at: datetime | None = None
    tables: int = 1


Agenda = Sequence[tuple[int, int | None]]
"""Ids of prompts of the study with the minutes planned for each, in order."""


@dataclass(frozen=True)
class Listed:
    """A session in the list, with how many notes and people it has."""

    meeting: GroupSession
    notes: int
    people: int


def days(session: Session, study: Study) -> dict[int, date]:
    """The day of each session that has a time, by its id.

    Comments have it in the time zone of the office; a session without comments has that of UTC.
    """
    began = select(GroupSession.id, GroupSession.starts_at).where(GroupSession.study_id == study.id)
    found = {id: at.date() for id, at in session.execute(began) if at is not None}
    said = select(Comment.session_id, func.min(Comment.day)).where(Comment.study_id == study.id)
    kept = session.execute(said.group_by(Comment.session_id)).all()
    return found | {id: day for id, day in kept if id in found and day is not None}


def of_study(session: Session, study: Study) -> list[Listed]:
    """The sessions of a study: those without a time first, then the latest ones."""
    query = select(GroupSession).where(GroupSession.study_id == study.id)
    query = query.options(selectinload(GroupSession.agenda), selectinload(GroupSession.roster))
    query = query.order_by(GroupSession.starts_at.desc().nulls_first(), GroupSession.id.desc())
    counted = select(Note.session_id, func.count()).join(GroupSession, GroupSession.id == Note.session_id)
    counted = counted.where(GroupSession.study_id == study.id, Note.struck.is_(False))
    notes = dict(session.execute(counted.group_by(Note.session_id)).all())
    return [Listed(one, notes.get(one.id, 0), len(one.roster)) for one in session.scalars(query)]


def get(session: Session, study: Study, session_id: int) -> GroupSession:
    """A session of a study; raise `NotFound` for one of another study."""
    meeting = session.get(GroupSession, session_id)
    if meeting is None or meeting.study_id != study.id:
        raise NotFound
    return meeting


def add(session: Session, study: Study, plan: Plan, *, by: str) -> GroupSession:
    """Plan a session, with all prompts of the study on its agenda and a seat for each known person."""
    audience = audience_of(study, plan.audience_id)
    meeting = GroupSession(study_id=study.id, audience_id=audience.id, made_by=by, made_at=now())
    _set(meeting, plan)
    meeting.agenda = [AgendaItem(prompt_id=one.id, position=n) for n, one in enumerate(study.prompts)]
    if audience.people and audience.people <= SEATED_AT_ONCE:
        meeting.roster = [
            RosterEntry(number=number, table_number=table_of(number, audience.people, plan.tables))
            for number in range(1, audience.people + 1)
        ]
    session.add(meeting)
    session.flush()
    audit.record(session, by, "sessions.add", study.slug, meeting=meeting.id, audience=audience.name)
    return meeting


def table_of(number: int, people: int, tables: int) -> int:
    """The table of a person when all are spread over the tables in the order of their numbers."""
    return (number - 1) * tables // people + 1


def change(session: Session, study: Study, meeting: GroupSession, plan: Plan, *, seen: int, by: str) -> None:
    """Change what was planned; raise `Stale` when somebody else did meanwhile."""
    require_seen(meeting, seen)
    _require(meeting, "planned", "open")
    audience = audience_of(study, plan.audience_id)
    if audience.id != meeting.audience_id and _has_notes(session, meeting):
        raise Refusal(_("There are notes of this group already. Plan another session for the other group."))
    used = session.scalar(select(func.max(Note.table_number)).where(Note.session_id == meeting.id)) or 1
    if plan.tables < used:
        raise Refusal(_("There are notes of table %(number)s. Keep at least that many tables.", number=used))
    meeting.audience_id = audience.id
    _set(meeting, plan)
    for entry in meeting.roster:
        entry.table_number = min(entry.table_number, plan.tables)
    session.flush()
    audit.record(session, by, "sessions.change", study.slug, meeting=meeting.id)


def require_seen(meeting: GroupSession, seen: int) -> None:
    """Raise `Stale` when the session is not what this person saw."""
    if meeting.revision != seen:
        raise Stale(_("Somebody else changed this session while you were typing."))


def _set(meeting: GroupSession, plan: Plan) -> None:
    if not 1 <= plan.tables <= MOST_TABLES:
        raise Refusal(_("Give a number of tables from 1 to %(most)s.", most=MOST_TABLES))
    if plan.starts_at is not None and not 2000 <= plan.starts_at.year <= 2200:
        raise Refusal(_("Give a year from 2000 to 2200."))
    meeting.title, meeting.place = line(plan.title, TEXT_LENGTH), line(plan.place, TEXT_LENGTH)
    meeting.starts_at, meeting.tables = plan.starts_at, plan.tables


def line(text: str, most: int) -> str:
    """A line of text as it is stored; raise `Refusal` when it cannot be."""
    plain = " ".join(text.split())
    if UNSTORABLE.search(plain):
        raise Refusal(_("There is a character in this text that cannot be stored. Type the text again."))
    if len(plain) > most:
        raise Refusal(_("Use at most %(most)s characters.", most=most))
    return plain


def set_agenda(
    session: Session, study: Study, meeting: GroupSession, wanted: Agenda, *, seen: int, by: str
) -> None:
    """Put an agenda in the place of the old one; raise `Stale` when somebody else changed the session."""
    require_seen(meeting, seen)
    _require(meeting, "planned", "open")
    meeting.agenda = _items(meeting, study, wanted)
    if meeting.on_now is not None and meeting.on_now not in {item.prompt_id for item in meeting.agenda}:
        meeting.on_now = meeting.timer_ends_at = None
    flag_modified(meeting, "tables")  # the rows of the agenda are another table's: this counts as a change
    session.flush()
    audit.record(session, by, "sessions.agenda", study.slug, meeting=meeting.id, prompts=len(wanted))


def _items(meeting: GroupSession, study: Study, wanted: Iterable[tuple[int, int | None]]) -> list[AgendaItem]:
    known = {prompt.id for prompt in study.prompts}
    there = {item.prompt_id: item for item in meeting.agenda}
    items = []
    for place, (prompt_id, minutes) in enumerate(dict(wanted).items()):
        if prompt_id not in known:
            raise NotFound
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            raise Refusal(_("Give from 1 to %(most)s minutes, or none.", most=MOST_MINUTES))
        item = there.get(prompt_id) or AgendaItem(prompt_id=prompt_id)
        item.minutes, item.position = minutes, place
        items.append(item)
    return items


def start_as_usual(
    session: Session, study: Study, meeting: GroupSession, words: Iterable[Asked], minutes: int, *, by: str
) -> None:
    """Ask for strengths, improvements and aspirations: with prompts of the study, else with new ones.

    Those on the agenda keep their minutes: a page that was opened earlier still has the button.
    """
    _require(meeting, "planned", "open")
    put_in(study, (), [checked_prompt(asked) for asked in words if asked.kind in missing_kinds(study)])
    session.flush()
    kept = {item.prompt_id: item.minutes for item in meeting.agenda}
    wanted = [(prompt.id, kept.get(prompt.id) or minutes) for prompt in usual_prompts(study)]
    set_agenda(session, study, meeting, wanted, seen=meeting.revision, by=by)


def usual_prompts(study: Study) -> list[Prompt]:
    """The first prompt of each of the usual kinds that the study has."""
    firsts = {prompt.kind: prompt for prompt in reversed(study.prompts)}
    return [firsts[kind] for kind in USUAL if kind in firsts]


def missing_kinds(study: Study) -> list[str]:
    """Which of the usual kinds no prompt of the study has."""
    there = {prompt.kind for prompt in study.prompts}
    return [kind for kind in USUAL if kind not in there]


def delete(session: Session, study: Study, meeting: GroupSession, *, by: str) -> None:
    """Delete a session nobody typed anything in."""
    if _has_notes(session, meeting):
        raise Refusal(_("This session has notes, so it stays. Strike notes that should not count."))
    audit.record(session, by, "sessions.delete", study.slug, meeting=meeting.id)
    session.delete(meeting)
    session.flush()


def _has_notes(session: Session, meeting: GroupSession) -> bool:
    return session.scalar(select(Note.id).where(Note.session_id == meeting.id).limit(1)) is not None


def open_it(session: Session, study: Study, meeting: GroupSession, *, by: str) -> None:
    """Begin, or begin again: notes can be typed."""
    _require(meeting, "planned", "ended")
    meeting.state = "open"
    if meeting.starts_at is None:
        meeting.starts_at = now()
    if meeting.on_now is None and meeting.agenda:
        meeting.on_now = meeting.agenda[0].prompt_id
    session.flush()
    audit.record(session, by, "sessions.open", study.slug, meeting=meeting.id)


def hold(session: Session, meeting: GroupSession) -> None:
    """Let what is written in a session come one after the other, and see it as it is now."""
    session.flush()
    session.refresh(meeting, with_for_update=True)


def require_open(meeting: GroupSession) -> None:
    """Raise `Refusal` when notes cannot be typed now."""
    if meeting.state == "planned":
        raise Refusal(_("The session has not begun yet. Begin it first."))
    if meeting.state == "ended":
        raise Refusal(_("The session has ended. Reopen it to type more notes."))


def _require(meeting: GroupSession, *states: str) -> None:
    if meeting.state not in states:
        words = {
            "planned": _("The session has not begun yet. Begin it first."),
            "open": _("The session is under way already."),
            "ended": _("The session has ended. Reopen it first."),
        }
        raise Refusal(words[meeting.state])
