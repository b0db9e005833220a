"""Coming and going: the start page, stopping, the receipt, making room for another person."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.document import Screen
from survey.permissions import may
from survey.security import csrf
from survey.services import drafts
from survey.services.drafts import Typed
from survey.views.respond import bp
from survey.views.respond.browser import Visit, answering, visiting
from survey.web import db, settings


@bp.get("/answer/<survey_slug>")
@may("answer surveys")
@answering
def start(visit: Visit) -> ResponseReturnValue:
    """What the survey is about, how long it takes, what is done with the answers."""
    started = visit.has_draft and drafts.find(db(), visit.survey, visit.keys) is not None
    return visit.page("start.html", started=started)


@bp.post("/answer/<survey_slug>")
@may("answer surveys")
@answering
def begin(visit: Visit) -> ResponseReturnValue:
    """Give this browser a draft to find again; nothing is stored before something is typed."""
    if not request.cookies:
        return visit.page("no_cookies.html", 400)
    csrf.protect()
    drafts.sweep(db())
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else None
    number = _first_open(visit.screens, typed or {})
    reply = visit.go("question_page", number=number) if number else visit.go("check")
    return visit.keep_token(reply, has_draft=typed is not None)


# Checked in `begin`: a browser without cookies could never pass the check before it, nor learn why.
csrf.exempt(f"{__name__}.begin")


def _first_open(screens: tuple[Screen, ...], typed: Typed) -> int:
    """The first page that was not sent yet; 0 when all were."""
    pages = enumerate(screens, start=1)
    return next((number for number, s in pages if not (s.fields and typed.keys() >= set(s.fields))), 0)


@bp.get("/answer/<survey_slug>/stop")
@may("answer surveys")
@answering
def stop(visit: Visit) -> ResponseReturnValue:
    """How to come back, and how to leave nothing behind."""
    return visit.page("stop.html", hours=settings().draft_hours)


@bp.get("/answer/<survey_slug>/sent")
@may("answer surveys")
@visiting
def sent(visit: Visit) -> ResponseReturnValue:
    """The receipt; it shows no answers."""
    if visit.receipt is None:
        return visit.go("start")
    return visit.page("sent.html", again="again" in request.args)


@bp.post("/answer/<survey_slug>/clear")
@may("answer surveys")
@visiting
def clear(visit: Visit) -> ResponseReturnValue:
    """Delete what was not sent, and let another person answer on this browser."""
    drafts.drop(db(), visit.keys)
    visit.forget_receipt()
    flash(_("This browser holds no answers to this survey now."))
    return visit.drop_token(visit.go("start"))
