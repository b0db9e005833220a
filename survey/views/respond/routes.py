"""Coming and going: the start page, the receipt, making room for another person."""

from __future__ import annotations

from flask import flash, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.permissions import may
from survey.security import csrf
from survey.services import drafts
from survey.views.respond import bp
from survey.views.respond.browser import Visit, answering, visiting
from survey.web import db


@bp.get("/answer/<survey_slug>")
@may("answer surveys")
@answering
def start(visit: Visit) -> ResponseReturnValue:
    """What the survey is about, how long it takes, what is done with the answers."""
    if visit.needs_code:
        return visit.go("code")
    here = visit.has_draft and not visit.is_left
    started = here and drafts.find(db(), visit.survey, visit.keys) is not None
    return visit.page("start.html", started=started)


@bp.post("/answer/<survey_slug>")
@may("answer surveys")
@answering
def begin(visit: Visit) -> ResponseReturnValue:
    """Give this browser a draft to find again; nothing is stored before something is typed."""
    if not request.cookies:
        return visit.page("no_cookies.html", 400)
    csrf.protect()
    if visit.needs_code:
        return visit.go("code")
    drafts.sweep(db())
    if visit.is_left:
        visit = visit.afresh()
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else None
    stop = visit.path(typed or {}).first_open()
    reply = visit.go("question_page", number=stop.number) if stop else visit.go("check")
    return visit.keep_token(reply, has_draft=typed is not None)


# Checked in `begin`: a browser without cookies could never pass the check before it, nor learn why.
csrf.exempt(f"{__name__}.begin")


@bp.get("/answer/<survey_slug>/sent")
@may("answer surveys")
@visiting
def sent(visit: Visit) -> ResponseReturnValue:
    """The receipt; it shows no answers. A kiosk shows it once."""
    code = visit.receipt or session.pop("receipt_once", None)
    if code is None:
        return visit.go("start")
    return visit.page("sent.html", receipt=code, again="again" in request.args)


@bp.post("/answer/<survey_slug>/clear")
@may("answer surveys")
@visiting
def clear(visit: Visit) -> ResponseReturnValue:
    """Delete what was not sent, and let another person answer on this browser."""
    drafts.drop(db(), visit.keys)
    visit.forget()
    flash(_("This browser holds no answers to this survey now."))
    return visit.drop_token(visit.go("start"))
