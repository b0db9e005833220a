"""The agenda of a session: which prompts, in which order, for how long."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal, Stale
from survey.models import GroupSession, Prompt, Study
from survey.permissions import may
from survey.security import may as i_may
from survey.services import sessions as service
from survey.services.audiences import Asked
from survey.views.sessions import bp
from survey.views.sessions.shared import ONE, done, me, meeting_of, session_page
from survey.web import db

USUAL_MINUTES = 20


@dataclass(frozen=True)
class Row:
    """A prompt with what is typed beside it."""

    prompt: Prompt
    on: bool
    minutes: str


def usual_words() -> list[Asked]:
    """The three questions that the six focus groups of the model were asked, in our words."""
    return [
        Asked(_("What works well today, and what should we build on?"), "strength"),
        Asked(_("What should we focus on and improve?"), "improvement"),
        Asked(_("What should we aspire to?"), "aspiration"),
    ]


@bp.get(f"{ONE}/agenda")
@may("run sessions")
def agenda(slug: str, session_id: int) -> ResponseReturnValue:
    """The prompts of the study, those on the agenda first."""
    study, meeting = meeting_of(slug, session_id)
    return _page(study, meeting, _stored(study, meeting))


def _page(
    study: Study, meeting: GroupSession, rows: list[Row], code: int = 200, **problem: str
) -> ResponseReturnValue:
    missing = service.missing_kinds(study)
    on = {item.prompt_id for item in meeting.agenda}
    used = any(prompt.id in on for prompt in service.usual_prompts(study))
    usual = not used and (not missing or i_may("edit studies"))
    return session_page(
        "sessions/agenda.html", study, meeting, code, rows=rows, usual=usual, missing=missing, **problem
    )


def _stored(study: Study, meeting: GroupSession) -> list[Row]:
    there = [Row(item.prompt, True, str(item.minutes or "")) for item in meeting.agenda]
    on = {item.prompt_id for item in meeting.agenda}
    return there + [Row(prompt, False, "") for prompt in study.prompts if prompt.id not in on]


def _typed(study: Study) -> list[Row]:
    """The rows as they stand in the form, after the button "up" or "down" was pressed."""
    known = {str(prompt.id): prompt for prompt in study.prompts}
    listed = [key for key in dict.fromkeys(request.form.getlist("row")) if key in known]
    listed += [key for key in known if key not in listed]
    ticked, moved = set(request.form.getlist("on")), request.form.get("move", "").partition(":")
    if moved[0] in listed:
        _move(listed, moved[0], -1 if moved[2] == "up" else 1)
    return [Row(known[key], key in ticked, request.form.get(f"minutes-{key}", "")) for key in listed]


def _move(listed: list[str], key: str, step: int) -> None:
    here = listed.index(key)
    there = min(max(here + step, 0), len(listed) - 1)
    listed.insert(there, listed.pop(here))


@bp.post(f"{ONE}/agenda")
@may("run sessions")
def set_agenda(slug: str, session_id: int) -> ResponseReturnValue:
    """Store the agenda; a button that moves a prompt stores what was typed with it."""
    study, meeting = meeting_of(slug, session_id)
    rows, seen = _typed(study), request.form.get("revision", -1, type=int)
    try:
        wanted = [(row.prompt.id, _minutes(row.minutes)) for row in rows if row.on]
        service.set_agenda(db(), study, meeting, wanted, seen=seen, by=me())
    except Stale as stale:
        return _page(study, meeting, rows, 409, stale=str(stale))
    except Refusal as refusal:
        db().rollback()
        study, meeting = meeting_of(slug, session_id)
        return _page(study, meeting, _typed(study), 422, problem=str(refusal), field=_wrong(rows))
    moved = request.form.get("move", "").partition(":")[0]
    if moved:
        return done(_("Moved and saved."), ".agenda", meeting, slug, _anchor=f"prompt-{moved[:12]}")
    return done(_("The agenda is saved."), ".session", meeting, slug)


def _minutes(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise Refusal(_("Type the minutes as a whole number, or leave the field empty."))
    return int(typed[:9])


def _wrong(rows: list[Row]) -> str:
    """The field to put right: the first with minutes that cannot be."""
    for row in rows:
        typed = row.minutes.strip()
        good = typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= service.MOST_MINUTES
        if row.on and typed and not good:
            return f"minutes-{row.prompt.id}"
    return "agenda"


@bp.post(f"{ONE}/agenda/usual")
@may("run sessions")
def usual_agenda(slug: str, session_id: int) -> ResponseReturnValue:
    """Start from strength, improvement and aspiration; new prompts need the right to edit the study."""
    study, meeting = meeting_of(slug, session_id)
    if service.missing_kinds(study) and not i_may("edit studies"):
        abort(403)
    try:
        service.start_as_usual(db(), study, meeting, usual_words(), USUAL_MINUTES, by=me())
    except Refusal as refusal:
        db().rollback()
        study, meeting = meeting_of(slug, session_id)
        rows = _stored(study, meeting)
        return _page(study, meeting, rows, 422, problem=str(refusal), field="agenda")
    return done(_("The agenda has three prompts now."), ".agenda", meeting, slug)
