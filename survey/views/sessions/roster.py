"""Who is at a session: numbers, roles and tables; names on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.errors import Refusal, Stale
from survey.models import GroupSession, Study
from survey.permissions import may
from survey.services import session_roster as service
from survey.services.session_roster import Seat
from survey.services.sessions import line
from survey.views.sessions import bp
from survey.views.sessions.shared import ONE, attempt, done, me, meeting_of, session_page
from survey.web import db


@bp.get(f"{ONE}/roster")
@may("run sessions")
def roster(slug: str, session_id: int) -> ResponseReturnValue:
    """Numbers, roles and tables."""
    return _page(*meeting_of(slug, session_id))


def _page(study: Study, meeting: GroupSession, code: int = 200, **problem: str) -> ResponseReturnValue:
    typed = request.form if code != 200 else {}
    rows = _rows(meeting) | (_typed_seats() if typed else {})
    shown = {"rows": sorted(rows.items()), "people": typed.get("people", len(meeting.roster)), **problem}
    return session_page("sessions/roster.html", study, meeting, code, **shown)


def _rows(meeting: GroupSession) -> dict[int, Seat]:
    return {entry.number: Seat(entry.role, entry.table_number) for entry in meeting.roster}


def _typed_seats() -> dict[int, Seat]:
    """The seats of the form, also those that somebody else took off the roster meanwhile."""
    typed = request.form
    numbers = [number for number in range(1, service.MOST_PEOPLE + 1) if f"role-{number}" in typed]
    return {n: Seat(typed[f"role-{n}"], typed.get(f"table-{n}", 1, type=int)) for n in numbers}


@bp.post(f"{ONE}/people")
@may("run sessions")
def set_people(slug: str, session_id: int) -> ResponseReturnValue:
    """Say how many people come while nobody is on the roster: P1 to P5 in one step."""
    return _save(slug, session_id)


@bp.post(f"{ONE}/roster")
@may("run sessions")
def set_roster(slug: str, session_id: int) -> ResponseReturnValue:
    """Store roles, tables and how many people come."""
    return _save(slug, session_id)


def _save(slug: str, session_id: int) -> ResponseReturnValue:
    study, meeting = meeting_of(slug, session_id)
    seen, before = request.form.get("revision", -1, type=int), len(meeting.roster)
    try:
        people, seats = _people(before), _typed_seats()
        service.set_roster(db(), study, meeting, seats, people=people, seen=seen, by=me())
    except Stale as stale:
        return _page(study, meeting, 409, stale=str(stale))
    except Refusal as refusal:
        field = "people" if isinstance(refusal, service.NotThatMany) else _wrong(meeting)
        db().rollback()
        return _page(*meeting_of(slug, session_id), 422, problem=str(refusal), field=field)
    if people <= before:
        return done(_("The roster is saved."), ".session", meeting, slug)
    # Whoever is new has no role yet, so the page is shown again.
    said = ngettext("%(num)s person is on the roster.", "%(num)s people are on the roster.", people)
    return done(said, ".roster", meeting, slug)


def _people(before: int) -> int:
    """How many people come, as typed."""
    typed = request.form.get("people", str(before)).strip()
    if not (typed.isascii() and typed.isdigit()):
        raise service.NotThatMany(_("Type how many people come as a whole number."))
    return int(typed[:9])


def _wrong(meeting: GroupSession) -> str:
    """The field to put right."""
    for number, seat in _typed_seats().items():
        if not 1 <= seat.table <= meeting.tables:
            return f"table-{number}"
        try:
            line(seat.role, service.ROLE_LENGTH)
        except Refusal:
            return f"role-{number}"
    return "people"


@bp.get(f"{ONE}/names")
@may("run sessions")
def names(slug: str, session_id: int) -> ResponseReturnValue:
    """The names that somebody keeps, which stand nowhere else."""
    return _names(*meeting_of(slug, session_id))


def _names(study: Study, meeting: GroupSession, problem: str = "", field: str = "") -> ResponseReturnValue:
    kept = service.names(db(), meeting)
    typed = request.form if problem else {}
    shown = {"names": kept, "problem": problem, "field": field, "typed": typed}
    return session_page("sessions/names.html", study, meeting, 422 if problem else 200, **shown)


@bp.post(f"{ONE}/names")
@may("run sessions")
def set_names(slug: str, session_id: int) -> ResponseReturnValue:
    """Keep names."""
    study, meeting = meeting_of(slug, session_id)
    typed = {one.number: request.form.get(f"name-{one.number}") for one in meeting.roster}
    wanted = {number: name for number, name in typed.items() if name is not None}
    if problem := attempt(lambda: service.set_names(db(), study, meeting, wanted, by=me())):
        study, meeting = meeting_of(slug, session_id)
        return _names(study, meeting, problem, _wrong_name(wanted))
    return done(_("The names are kept, on this page only."), ".names", meeting, slug)


def _wrong_name(wanted: Mapping[int, str]) -> str:
    for number, name in wanted.items():
        try:
            line(name, service.NAME_LENGTH)
        except Refusal:
            return f"name-{number}"
    return ""


@bp.post(f"{ONE}/names/delete")
@may("run sessions")
def forget_names(slug: str, session_id: int) -> ResponseReturnValue:
    """Delete all names."""
    study, meeting = meeting_of(slug, session_id)
    service.forget_names(db(), study, meeting, by=me())
    return done(_("All names of this session are deleted."), ".names", meeting, slug)
