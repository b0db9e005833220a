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
    return session_page("sessions/roster.html", study, meeting, code, typed=typed, **problem)


@bp.post(f"{ONE}/people")
@may("run sessions")
def set_people(slug: str, session_id: int) -> ResponseReturnValue:
    """Say how many people come: P1 to P5 in one step."""
    study, meeting = meeting_of(slug, session_id)
    typed = request.form.get("people", "").strip()
    people = int(typed[:9]) if typed.isascii() and typed.isdigit() else -1
    problem = _("Type how many people come as a whole number.") if people < 0 else ""
    problem = problem or attempt(lambda: service.set_people(db(), study, meeting, people, by=me()))
    if problem:
        return _page(*meeting_of(slug, session_id), 422, problem=problem, field="people")
    said = ngettext("%(num)s person is on the roster.", "%(num)s people are on the roster.", people)
    return done(said, ".roster", meeting, slug)


@bp.post(f"{ONE}/roster")
@may("run sessions")
def set_roster(slug: str, session_id: int) -> ResponseReturnValue:
    """Store roles and tables."""
    study, meeting = meeting_of(slug, session_id)
    seen = request.form.get("revision", -1, type=int)
    try:
        service.set_roster(db(), study, meeting, _seats(meeting), seen=seen, by=me())
    except Stale as stale:
        return _page(study, meeting, 409, stale=str(stale))
    except Refusal as refusal:
        problem, field = str(refusal), _wrong(meeting)
        db().rollback()
        return _page(*meeting_of(slug, session_id), 422, problem=problem, field=field)
    return done(_("The roster is saved."), ".session", meeting, slug)


def _seats(meeting: GroupSession) -> Mapping[int, Seat]:
    """The seats of the form; one that is not in it stays as it is."""
    typed = request.form
    numbers = [entry.number for entry in meeting.roster if f"role-{entry.number}" in typed]
    tables = {number: typed.get(f"table-{number}", 1, type=int) for number in numbers}
    return {number: Seat(typed.get(f"role-{number}", ""), tables[number]) for number in numbers}


def _wrong(meeting: GroupSession) -> str:
    """The field to put right."""
    for number, seat in _seats(meeting).items():
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
