"""The sessions of a study: the list, planning one, changing and deleting it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal, Stale
from survey.models import GroupSession, Study
from survey.pages import page
from survey.permissions import may
from survey.services import sessions as service
from survey.views.sessions import bp
from survey.views.sessions.forms import PlanForm, fields_of
from survey.views.sessions.holding import overview
from survey.views.sessions.shared import ONE, attempt, done, me, meeting_of, study_of
from survey.web import db


@bp.get("/studies/<slug>/sessions")
@may("run sessions")
def sessions(slug: str) -> ResponseReturnValue:
    """The sessions of a study."""
    study = study_of(slug)
    listed = service.of_study(db(), study)
    return page("sessions/sessions.html", study=study, tab="sessions", listed=listed)


@bp.route("/studies/<slug>/sessions/new", methods=["GET", "POST"])
@may("run sessions")
def plan_session(slug: str) -> ResponseReturnValue:
    """Plan a session."""
    study, form = study_of(slug), PlanForm()
    form.offer(study)
    if not form.validate_on_submit():
        return _form(study, form)
    try:
        meeting = service.add(db(), study, form.plan(), by=me())
    except Refusal as refusal:
        db().rollback()
        form.day.errors = [str(refusal)]
        return _form(study_of(slug), form)
    flash(_("The session is planned. Look at its agenda and at who comes."))
    return redirect(url_for(".session", slug=slug, session_id=meeting.id), 303)


@bp.route(f"{ONE}/change", methods=["GET", "POST"])
@may("run sessions")
def change_session(slug: str, session_id: int) -> ResponseReturnValue:
    """Change group, title, place, time or tables."""
    study, meeting = meeting_of(slug, session_id)
    form = PlanForm(data=fields_of(meeting))
    form.offer(study)
    if not form.validate_on_submit():
        return _form(study, form, meeting)
    try:
        service.change(db(), study, meeting, form.plan(), seen=_seen(), by=me())
    except Stale as stale:
        form.revision.data = meeting.revision
        return _form(study, form, meeting, 409, stale=str(stale))
    except Refusal as refusal:
        db().rollback()
        form.audience.errors = [str(refusal)]
        return _form(*_again(slug, session_id, form))
    return done(_("Saved."), ".session", meeting, slug)


def _again(slug: str, session_id: int, form: PlanForm) -> tuple[Study, PlanForm, GroupSession]:
    study, meeting = meeting_of(slug, session_id)
    return study, form, meeting


def _seen() -> int:
    """The revision of the session that the page was made of; -1, which none is, where it is missing."""
    return request.form.get("revision", -1, type=int)


def _form(
    study: Study, form: PlanForm, meeting: GroupSession | None = None, code: int = 0, stale: str = ""
) -> ResponseReturnValue:
    code = code or (422 if form.errors else 200)
    shown = {"study": study, "tab": "sessions", "form": form, "meeting": meeting, "stale": stale}
    return page("sessions/plan.html", code, **shown)


@bp.post(f"{ONE}/delete")
@may("run sessions")
def delete_session(slug: str, session_id: int) -> ResponseReturnValue:
    """Delete a session nobody typed anything in."""
    study, meeting = meeting_of(slug, session_id)
    if problem := attempt(lambda: service.delete(db(), study, meeting, by=me())):
        return overview(slug, session_id, problem)
    flash(_("The session is deleted."))
    return redirect(url_for(".sessions", slug=slug), 303)
