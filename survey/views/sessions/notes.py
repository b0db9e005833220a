"""One note: changing, striking and voting for it."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal, Stale
from survey.models import GroupSession, Note, Study
from survey.permissions import may
from survey.services import notes as service
from survey.services.notes import Typed
from survey.views.sessions import bp
from survey.views.sessions.live import number_of, place_of, stepped, wants_json
from survey.views.sessions.shared import ONE, attempt, done, me, meeting_of, session_page
from survey.web import db

NOTE = f"{ONE}/notes/<note_id>"


@bp.get(NOTE)
@may("run sessions")
def note(slug: str, session_id: int, note_id: str) -> ResponseReturnValue:
    """One note, to change it, move it or strike it."""
    study, meeting = meeting_of(slug, session_id)
    return _page(study, meeting, service.get(db(), meeting, note_id))


def _page(
    study: Study, meeting: GroupSession, note: Note, code: int = 200, **problem: str
) -> ResponseReturnValue:
    typed = request.form if code != 200 else {}
    place = place_of(meeting)
    return session_page(
        "sessions/note.html", study, meeting, code, note=note, place=place, typed=typed, **problem
    )


@bp.post(NOTE)
@may("run sessions")
def change_note(slug: str, session_id: int, note_id: str) -> ResponseReturnValue:
    """Change text, speaker or prompt."""
    study, meeting = meeting_of(slug, session_id)
    there = service.get(db(), meeting, note_id)
    form = request.form
    typed = Typed(note_id, form.get("text", ""), number_of("prompt"), number_of("speaker"))
    seen = form.get("revision", -1, type=int)
    try:
        service.change(db(), study, meeting, there, typed, seen=seen, by=me())
    except Stale as stale:
        if wants_json():
            return jsonify(problem=str(stale), text=there.text, revision=there.revision), 409
        return _page(study, meeting, there, 409, stale=str(stale))
    except Refusal as refusal:
        db().rollback()
        if wants_json():
            return jsonify(problem=str(refusal)), 422
        study, meeting = meeting_of(slug, session_id)
        there = service.get(db(), meeting, note_id)
        return _page(study, meeting, there, 422, problem=str(refusal))
    if wants_json():
        return jsonify(done=True)
    return done(_("The note is changed."), ".live", meeting, slug, table=place_of(meeting).table)


@bp.post(f"{NOTE}/strike")
@may("run sessions")
def strike_note(slug: str, session_id: int, note_id: str) -> ResponseReturnValue:
    """Strike it, or take that back."""
    study, meeting = meeting_of(slug, session_id)
    there, struck = service.get(db(), meeting, note_id), request.form.get("struck") != "0"
    problem = attempt(lambda: service.strike(db(), study, meeting, there, struck=struck, by=me()))
    return stepped(slug, session_id, problem)


@bp.post(f"{NOTE}/vote")
@may("run sessions")
def vote(slug: str, session_id: int, note_id: str) -> ResponseReturnValue:
    """One vote more, or one less."""
    study, meeting = meeting_of(slug, session_id)
    there, step = service.get(db(), meeting, note_id), -1 if request.form.get("step") == "-1" else 1
    problem = attempt(lambda: service.vote(db(), study, meeting, there, step, by=me()))
    return stepped(slug, session_id, problem)
