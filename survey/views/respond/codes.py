"""Surveys that ask for a code: the page to type it on, and those for who has a used one or comes too late.

A link of an invitation leads to the page with the code behind a number sign. Browsers send that part to
nobody; a script puts it in the field, and without scripts it is typed. Only sending the form does something.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import spoken_codes, throttle
from survey.errors import Closed, Refusal
from survey.permissions import may
from survey.security import csrf
from survey.services import admission, quotas
from survey.services.admission import NoCode, Ticket, UsedCode
from survey.services.quotas import Full, Quota
from survey.views.respond import bp, tickets
from survey.views.respond.browser import Visit, not_open, visiting
from survey.views.respond.rendering import Said
from survey.web import db, settings

# Of one address, in a quarter of an hour. Slips that the check character finds do not count.
MOST_WRONG = 30
ADDRESS = "/answer/<survey_slug>/code"


@bp.get(ADDRESS)
@may("answer surveys")
@visiting
def code(visit: Visit) -> ResponseReturnValue:
    """Where the code is typed; the link of an invitation leads here, too."""
    if visit.status != "open":
        return not_open(visit)
    return _page(visit) if visit.survey.access == "code" else visit.go("start")


@bp.post(ADDRESS)
@may("answer surveys")
@visiting
def use_code(visit: Visit) -> ResponseReturnValue:
    """Let this browser in with a code; nothing is stored before answers are sent."""
    if not request.cookies:
        return visit.page("no_cookies.html", 400)
    csrf.protect()
    if visit.status != "open" or visit.survey.access != "code":
        return visit.go("start")
    typed = request.form.get("code", "")[:200]
    if "language" in request.form:
        return _page(visit, typed=typed)
    try:
        ticket = _ticket(visit, spoken_codes.understand(typed))
    except UsedCode as used:
        return _page(visit, str(used), typed, used=True)
    except TooMany as many:
        return *_page(visit, str(many), typed, status=429), {"Retry-After": str(throttle.WINDOW_SECONDS)}
    except Refusal as wrong:
        return _page(visit, str(wrong), typed)
    return _let_in(visit, ticket)


# Checked in the view: a browser without cookies could never pass the check before it, nor learn why.
csrf.exempt(f"{__name__}.use_code")


class TooMany(Refusal):
    """Too many wrong codes came from this network."""

    def __init__(self) -> None:
        super().__init__(_("That were too many wrong codes. Wait 15 minutes, then type your code again."))


def _ticket(visit: Visit, typed: str) -> Ticket:
    """What a code lets in with. Each try counts before it is looked up, and a good one is uncounted."""
    limits = {f"code:{visit.survey.id}:{throttle.network(request.remote_addr)}": MOST_WRONG}
    if not throttle.allow(db(), settings().secret_key, limits):
        raise TooMany
    ticket = admission.ticket_for(db(), settings().secret_key, visit.survey, typed)
    db().rollback()
    return ticket


def _let_in(visit: Visit, ticket: Ticket) -> Response:
    """On to the start page. With another code another person is here, who finds nothing of the first.

    What was typed without any code stays: it came from another device, or the cookie of the code was lost.
    """
    before = visit.ticket
    reply = visit.go("start")
    if before != ticket:
        visit.forget()
    if before not in (None, ticket):
        reply = visit.drop_token(reply)
    return tickets.keep(reply, visit.survey, ticket, visit.coming_back_hours)


def _page(
    visit: Visit, problem: str = "", typed: str = "", *, used: bool = False, status: int = 0
) -> tuple[str, int]:
    code = status or (422 if problem else 200)
    return visit.page("code.html", code, problem=problem, typed=typed, used=used)


def _words(visit: Visit, quota: Quota | None) -> tuple[Said, str] | None:
    """The question and the choice that a quota is about."""
    asked = next((q for q in visit.survey.document.questions if quota and q.id == quota.question), None)
    if asked is None or quota is None:
        return None
    value = [quota.choice] if asked.TYPE == "several_choices" else quota.choice
    return visit.voice.say(asked.label), asked.in_words(value, visit.language)


def full_choice(visit: Visit, answers: Mapping[str, Any]) -> Response | None:
    """The page for who made a choice of which there are enough answers: at once, not after all questions."""
    full = quotas.first_full(db(), visit.survey.id, visit.survey.quotas, answers)
    return make_response(turned_away(visit, Full(full))) if full else None


def turned_away(visit: Visit, refusal: Refusal) -> ResponseReturnValue:
    """The page for answers that were not taken; what was typed is on it or stays in the draft."""
    if isinstance(refusal, NoCode):
        flash(_("Please type your code once more, then send. Your answers are kept."))
        return visit.go("code")
    if isinstance(refusal, UsedCode):
        return not_open(visit, "code_used.html")
    if isinstance(refusal, Full):
        return not_open(visit, "full.html", choice=_words(visit, refusal.quota))
    if isinstance(refusal, Closed):
        return not_open(visit)
    raise refusal
