"""Coming back: a code for another device, continuing with it, leaving a shared computer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_time
from flask_babel import gettext as _

from survey import spoken_codes, throttle
from survey.permissions import may
from survey.security import csrf
from survey.services import drafts, returning
from survey.spoken_codes import Misread
from survey.views.respond import bp, carried, kiosk
from survey.views.respond.browser import Visit, answering, visiting
from survey.views.respond.carried import CODED, Carried
from survey.web import db, settings

WAIT_SECONDS = 15 * 60


@bp.get("/answer/<survey_slug>/stop")
@may("answer surveys")
@answering
def stop(visit: Visit) -> ResponseReturnValue:
    """The code to come back with and until when it serves, and how to leave nothing behind."""
    kept = returning.until(db(), visit.survey, visit.keys) if visit.has_draft else None
    until, has_code = kept or (None, False)
    code = returning.code_of(settings().secret_key, visit.survey, visit.token) if has_code else ""
    words = _in_words(until) if until else ""
    return visit.page("stop.html", until=words, hours=visit.draft_hours, code=spoken_codes.grouped(code))


def _in_words(until: datetime) -> str:
    """A moment as people of the office say it: the day of the week, the date, the time of the clock."""
    here = until.astimezone(ZoneInfo(settings().timezone))
    time = format_time(here, "short", rebase=False)
    return str(_("%(day)s, %(time)s", day=format_date(here.date(), "full"), time=time))


@bp.post("/answer/<survey_slug>/stop")
@may("answer surveys")
@answering
def give_code(visit: Visit) -> ResponseReturnValue:
    """Make a code for the draft."""
    if not visit.has_draft:
        return visit.go("stop")
    shared = visit.share()
    return shared.keep_token(shared.go("stop"), has_draft=True)


@dataclass(frozen=True)
class Asked:
    """The form that asks for a code: what was typed, and what is to be said about it."""

    typed: str = ""
    problem: str = ""
    has_other: bool = False


@bp.get("/answer/<survey_slug>/resume")
@may("answer surveys")
@answering
def resume(visit: Visit) -> ResponseReturnValue:
    """Ask for the code."""
    return _ask(visit, Asked())


def _ask(visit: Visit, asked: Asked, status: int = 200) -> Response:
    return make_response(visit.page("resume.html", status, asked=asked))


@bp.post("/answer/<survey_slug>/resume")
@may("answer surveys")
@answering
def continue_with_code(visit: Visit) -> ResponseReturnValue:
    """Find the draft of another device by its code, and go on with it here."""
    if not request.cookies:
        return visit.page("no_cookies.html", 400)
    csrf.protect()
    typed = request.form.get("code", "")[:200]
    try:
        code = spoken_codes.understand(typed)
    except Misread as misread:
        return _ask(visit, Asked(typed, str(misread)), 422)
    return _look_up(visit, typed, code)


# Checked in the view: a browser without cookies could never pass the check before it, nor learn why.
csrf.exempt(f"{__name__}.continue_with_code")


def _look_up(visit: Visit, typed: str, code: str) -> Response:
    """Wrong codes are counted, by a keyed hash of the network; right ones are not, however many come."""
    secret, name = settings().secret_key, f"code {throttle.network(request.remote_addr)}"
    if not throttle.allow(db(), secret, {name: returning.MOST_TRIES}):
        return _too_many(visit, typed)
    token = returning.find_token(db(), visit.survey, code, secret)
    if token is None:
        return _ask(visit, Asked(typed, _unknown()), 422)
    throttle.forgive(db(), secret, name)
    if _has_other(visit, token) and "replace" not in request.form:
        return _ask(visit, Asked(typed, has_other=True))
    return _go_on(visit, token)


def _unknown() -> str:
    return str(
        _(
            "We find no answers with this code. Perhaps they were sent or deleted, or their time is over. "
            "Or the code is for another survey."
        )
    )


def _too_many(visit: Visit, typed: str) -> Response:
    text = _("Too many codes were tried from your network. Wait 15 minutes, then press the button again.")
    reply = _ask(visit, Asked(typed, str(text)), 429)
    reply.headers["Retry-After"] = str(WAIT_SECONDS)
    return reply


def _has_other(visit: Visit, token: str) -> bool:
    """Whether this browser has begun answers of its own, which would be lost."""
    mine = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else None
    return token != visit.token and any(map(any, (mine or {}).values()))


def _go_on(visit: Visit, token: str) -> Response:
    """Both devices carry the same token from now on. Whoever comes back has taken their time."""
    if token != visit.token:
        drafts.drop(db(), visit.keys)
    earlier = Carried(token, CODED, carried.moment() - 3600, carried.moment())
    here = replace(visit, carried=earlier, brought=True)
    typed = drafts.find(db(), here.survey, here.keys) or {}
    page = here.path(typed).first_open()
    flash(_("Your answers are here again."))
    reply = here.go("question_page", number=page.number) if page else here.go("check")
    return here.keep_token(reply, has_draft=True)


@bp.post("/answer/<survey_slug>/leave")
@may("answer surveys")
@visiting
def leave(visit: Visit) -> ResponseReturnValue:
    """Leave this computer, and the answers on the server for whoever has the code."""
    if not visit.is_shared:
        drafts.drop(db(), visit.keys)
    visit.forget()
    flash(_("This computer holds no answers now. Your code leads to them."))
    return visit.drop_token(visit.go("start"))


@bp.get("/answer/<survey_slug>/away")
@may("answer surveys")
@visiting
def away(visit: Visit) -> ResponseReturnValue:
    """For kiosks without JavaScript: ask who is there; else take the cookie away, and write nothing."""
    if not visit.kiosk:
        return visit.go("start")
    if not kiosk.was_warned(visit.token, request.args.get("warned", "")):
        warned = kiosk.warned_now(visit.token)
        return visit.page("away.html", warned=warned, leaves_after=kiosk.WARNING_SECONDS)
    session.clear()
    flash(_("This computer holds no answers now."))
    return visit.drop_token(visit.go("start"))
