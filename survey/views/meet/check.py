"""Participants say whether their group was understood: one form, no account, no cookie.

The key of an answer is made up when the page is opened, and stands in its address: so a second click stores
nothing twice, and whoever goes back sees that the answer has arrived. What our other pages would remember in
a cookie, such as the language, stands in the address as well.
"""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import throttle
from survey.dates import today
from survey.errors import NotFound, Refusal
from survey.kept import message
from survey.models import Audience, MemberCheck, Study
from survey.pages import page
from survey.permissions import may
from survey.security import csrf
from survey.services import member_answers as service
from survey.services.member_marks import ShownTheme
from survey.services.suspicion import Tally
from survey.views.meet import bp
from survey.web import db, settings

MOST_SENT, MOST_WRONG = 300, 60
"""Of one network in an hour: perhaps that of a whole meeting. Counted in memory: no row says who came."""
tally = Tally()
PAGES = frozenset({"meet.check", "meet.send_check"})


@bp.after_request
def no_cookie(reply: Response) -> Response:
    """Whoever answers here leaves with no cookie, and nothing can be joined by one."""
    if request.endpoint in PAGES:
        session.modified = False
    return reply


class TooMany(Refusal):
    """Too much came from this network."""


@bp.get("/check/<check_code>")
@may("take part")
def check(check_code: str) -> ResponseReturnValue:
    """The draft themes of a group; after sending, that the answer has arrived."""
    try:
        found = _find(check_code)
    except TooMany as many:
        return _too_many(message(429, _("Too many tries"), str(many)))
    key = request.args.get("key", "")
    if not service.is_key(key):
        return redirect(_address(found, service.new_key()))
    if service.is_sent(db(), service.answer_id(settings().secret_key, found, key)):
        return _page(
            found, "meet/check_sent.html", again=url_for(".check", check_code=check_code, lang=_lang())
        )
    return _page(found, "meet/check.html", key=key) if found.open else _page(found, "meet/check_closed.html")


def _find(code: str) -> MemberCheck:
    """The check of an address. Wrong ones are counted; nobody guesses 128 bits, but machines try."""
    found = service.by_code(db(), code)
    if found is not None:
        return found
    if tally.count("wrong", throttle.network(request.remote_addr)) > MOST_WRONG:
        raise TooMany(_("Please wait an hour and try again."))
    raise NotFound


def _too_many(reply: Any) -> Response:
    reply.headers["Retry-After"] = "3600"
    return reply  # type: ignore[no-any-return]


def _address(check: MemberCheck, key: str) -> str:
    return url_for(".check", check_code=check.code, key=key, lang=_lang())


def _lang() -> str | None:
    """The language that was asked for, which goes along in the address."""
    return request.args.get("lang", "")[:20] or None


def _page(check: MemberCheck, template: str, status: int = 200, **more: object) -> tuple[str, int]:
    study = db().get_one(Study, check.study_id)
    group = db().get_one(Audience, check.audience_id).name
    shown = {"check": check, "study": study, "group": group, "themes": ShownTheme.of(check)}
    return page(template, status, **shown, marked=_marked(check), typed=request.form, **more)


def _marked(check: MemberCheck) -> dict[int, str]:
    """What is marked in the form, by place in the list."""
    return {place: request.form.get(f"theme-{place}", "") for place in range(len(check.themes))}


@bp.post("/check/<check_code>")
@may("take part")
def send_check(check_code: str) -> ResponseReturnValue:
    """Store an answer, and show the page again, which then says that it has arrived."""
    try:
        found = _find(check_code)
        _refuse_too_many()
        key = _key()
        said = service.read(found, _marked(found), request.form.get("missing", ""))
    except TooMany as many:
        return _refused(check_code, str(many), 429)
    except Refusal as refusal:
        return _refused(check_code, str(refusal), 422)
    id = service.answer_id(settings().secret_key, found, key)
    if not found.open and not service.is_sent(db(), id):
        return _page(found, "meet/check_closed.html", 410)
    if service.take(db(), found, id, said, today(settings().timezone)) == "other":
        text = _("An answer was sent from this page already. Is this one from another person? Then send it.")
        return _refused(check_code, text, 409)
    return redirect(_address(found, key), 303)


# Nobody is signed in here, and a token against forged forms would need a cookie.
csrf.exempt(f"{__name__}.send_check")


def _refuse_too_many() -> None:
    if tally.count("sent", throttle.network(request.remote_addr)) > MOST_SENT:
        raise TooMany(_("Too many answers came from your network. Wait an hour, then send again."))


def _key() -> str:
    key = request.args.get("key", "")
    if not service.is_key(key):
        raise Refusal(_("Please send that once more"))
    return key


def _refused(code: str, problem: str, status: int) -> ResponseReturnValue:
    """The page with everything that was typed, and why it was not taken. A new key where the old is used."""
    found = service.by_code(db(), code)
    if found is None:
        return _too_many(message(status, _("Too many tries"), problem))
    old = request.args.get("key", "")
    key = old if service.is_key(old) and status != 409 else service.new_key()
    return _page(found, "meet/check.html", status, key=key, problem=problem)
