"""Typing in what people answered on paper or by phone."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import spoken_codes
from survey.errors import Closed, Refusal
from survey.models import KeyedSheet
from survey.path import Path
from survey.permissions import may
from survey.services import admission, responses
from survey.services import key_in as service
from survey.services.admission import Ticket
from survey.services.key_in import Sheet
from survey.services.responses import AlreadySent, Submission
from survey.views.respond import about_you
from survey.views.studio import bp
from survey.views.studio.key_in_desk import Desk
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import me, survey_of, survey_page, this_day
from survey.web import db, settings

KEY_IN = BUILDER + "/key-in"
NUMBER, CODE = "number", "code"


@bp.get(KEY_IN)
@may("key in answers")
def key_in(slug: str, survey_slug: str) -> ResponseReturnValue:
    """A sheet to be typed in."""
    survey = survey_of(slug, survey_slug)
    if survey.state != "open":
        return survey_page("studio/key_in_closed.html", survey)
    return Desk.of(survey).page()


@bp.post(KEY_IN)
@may("key in answers")
def save_sheet(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Store a sheet; or keep it for a second person; or say what has to be looked at."""
    survey = survey_of(slug, survey_slug)
    if survey.state != "open":
        raise Closed(_("The survey is not open, so no sheet can be typed in."))
    desk = Desk.of(survey)
    number, first = _number(desk), None
    try:
        first = service.first_typing(db(), survey, number, by=me()) if number else None
    except Refusal as refusal:
        desk.errors[NUMBER] = str(refusal)
    path = desk.path()
    if desk.errors or path.problems or "form" in request.form:
        return desk.page(422, path.problems)
    if path.dropped and "drop" not in request.form:
        return desk.page(422, dropped=path.dropped)
    return _second(desk, number, first, path) if first else _first(desk, number, path)


def _number(desk: Desk) -> str:
    try:
        return service.clean_number(desk.value(NUMBER))
    except Refusal as refusal:
        desk.errors[NUMBER] = str(refusal)
        return ""


def _first(desk: Desk, number: str, path: Path) -> ResponseReturnValue:
    if not desk.twice:
        return _store(desk, number, path)
    sheet = Sheet(number, desk.source, desk.language, _asked_only(desk, path))
    service.keep_first(db(), desk.survey, desk.live, sheet, by=me())
    flash(_("Sheet %(number)s waits for a second person to type it.", number=number))
    return redirect(desk.next(number), 303)


def _asked_only(desk: Desk, path: Path) -> dict[str, list[str]]:
    names = {name for question in path.questions for name in question.fields()}
    return {name: values for name, values in desk.typed.items() if name in names}


def _second(desk: Desk, number: str, first: KeyedSheet, path: Path) -> ResponseReturnValue:
    """Compare with the first typing: alike, it is stored; else somebody looks at the sheet once more."""
    before = {name: first.typed.get(name, []) for name in desk.screen.fields}
    found = service.differences(desk.screen.questions, desk.path(before).answers, path.answers)
    if not found:
        return _store(desk, number, path)
    picked = {one.question.id: request.form.get(f"pick-{one.question.id}", "") for one in found}
    refused = ""
    try:
        desk.typed = service.settle(found, before, desk.typed, picked)
    except Refusal as refusal:
        refused = str(refusal) if any(picked.values()) or "settle" in request.form else ""
        kept = [(name, value) for name in request.form for value in request.form.getlist(name)]
        context = {"desk": desk, "found": found, "picked": picked, "refused": refused}
        kept = [(n, v) for n, v in kept if n not in ("csrf_token", "end", "settle") and n[:5] != "pick-"]
        return survey_page(
            "studio/key_in_differs.html", desk.survey, 422, kept=kept, number=number, **context
        )
    settled = desk.path()
    return desk.page(422, settled.problems) if settled.problems else _store(desk, number, settled)


def _store(desk: Desk, number: str, path: Path) -> ResponseReturnValue:
    """Two transactions: the answer, then that somebody typed it. See `survey.services.key_in`."""
    survey, keys = desk.survey, service.keys_of(settings().secret_key, desk.live.id, number)
    answers, person = about_you.split(path.answers)
    day = service.day_of(desk.live, this_day())
    try:
        submission = Submission(
            keys, answers, desk.language, day, person, source=desk.source, ticket=_ticket(desk)
        )
        responses.submit_response(db(), desk.live, submission)
        said = _("Sheet %(number)s is stored.", number=number)
    except AlreadySent:  # stored, and then the machine stopped before it was noted
        db().rollback()
        said = str(service.TypedBefore(number))
    except Refusal as refusal:
        db().rollback()
        desk.errors[CODE if desk.live.access == "code" else NUMBER] = str(refusal)
        return desk.page(422)
    db().commit()
    service.finish(db(), survey, number, desk.source, desk.language, by=me())
    flash(said)
    return redirect(desk.next(number), 303)


def _ticket(desk: Desk) -> Ticket | None:
    """What the code on the sheet lets in with; a sheet without one needs none."""
    typed = desk.value(CODE).strip()
    if desk.live.access != "code" or not typed:
        return None
    code = spoken_codes.understand(typed)
    return admission.ticket_for(db(), settings().secret_key, desk.live, code)


@bp.post(KEY_IN + "/<sheet_id>/forget")
@may("key in answers")
def forget_sheet(slug: str, survey_slug: str, sheet_id: str) -> ResponseReturnValue:
    """Throw away what one person typed of a sheet, so that it can be typed anew."""
    survey = survey_of(slug, survey_slug)
    number = service.forget(db(), survey, sheet_id, by=me())
    flash(_("What was typed of sheet %(number)s is gone.", number=number))
    return redirect(url_for(".key_in", slug=slug, survey_slug=survey_slug), 303)
