"""Participants type notes on their own phones. Nobody signs in, and a note carries no name.

Sending needs no cookie, so there is no token against forged forms either: whoever knows the code may send.
"""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import throttle
from survey.errors import NotFound, Refusal
from survey.models import GroupSession
from survey.pages import page
from survey.permissions import may
from survey.security import csrf
from survey.services import notes, notes_phone, session_live
from survey.services.notes import Typed
from survey.views.meet import bp
from survey.web import db, settings

TOKEN = re.compile(r"[0-9a-f]{32}")
MOST_OF_ADDRESS = 1_500
"""Sent from one address in a quarter of an hour: a whole room has one and the same."""
MOST_OF_SESSION = 4_000
VOTER_HOURS = 24


@bp.get("/j/<code>")
@may("take part")
def phone(code: str) -> ResponseReturnValue:
    """The prompt that is on now and a field to type a note."""
    meeting = session_live.by_code(db(), code)
    reply = make_response(_page(meeting))
    if session_live.may_dot(meeting) and _token() is None:
        _give_token(reply)
    return reply


def _page(
    meeting: GroupSession, problem: str = "", code: int = 422, typed: str = "", at: str = "text"
) -> tuple[str, int]:
    dots = session_live.may_dot(meeting) and meeting.state == "open"
    shown: dict[str, Any] = {
        "meeting": meeting,
        "code": session_live.code_of(meeting),
        "now": session_live.on_now(meeting),
        "key": notes.new_key(),
        "most": notes_phone.MOST_CHARACTERS,
        "dots": notes_phone.DOTS if dots else 0,
        "listed": notes_phone.on_prompt(db(), meeting, meeting.on_now) if dots else [],
        "mine": _my_dots(meeting) if dots else frozenset(),
        "problem": problem,
        "at": at,
        "typed": typed,
        "sent": "sent" in request.args,
    }
    return page("meet/phone.html", code if problem else 200, **shown)


@bp.post("/j/<code>")
@may("take part")
def send_note(code: str) -> ResponseReturnValue:
    """Store a note; when it cannot be stored, the page comes back with its text."""
    text = request.form.get("text", "")
    try:
        return _store(code, text)
    except NotFound:
        if not text.strip():
            raise
        db().rollback()
        return _gone(text)


def _store(code: str, text: str) -> ResponseReturnValue:
    meeting, key = session_live.by_code(db(), code), request.form.get("key", "")
    if not _allowed(meeting):
        return _too_many(code, text)
    try:
        note, new = notes_phone.add(db(), meeting, Typed(key, text, _prompt(meeting)))
    except Refusal as refusal:
        db().rollback()
        return _page(session_live.by_code(db(), code), str(refusal), typed=text)
    if not new and note.text != notes.readable(text, notes_phone.MOST_CHARACTERS):
        again = _("This page was sent before with another text. Send it once more.")
        return _page(meeting, again, typed=text)
    return redirect(url_for(".phone", code=code, sent=1), 303)


def _gone(text: str) -> ResponseReturnValue:
    """The page for what is not found, with what was typed: phones may be switched off while somebody types.

    It is `kept.again` for a form of one field: a note of one word is shown as well, and the key is not.
    """
    said = _("There is nothing at this address, or it is not yours to see. Check the address, or go back.")
    lost = _("Your text was not stored. Here it is, to copy:")
    shown = {"title": _("Page not found"), "text": f"{said} {lost}", "typed": [text], "can_send": False}
    return page("front/kept.html", 404, **shown)


def _prompt(meeting: GroupSession) -> int | None:
    """The prompt that the person read above the field, even when another one is on by now."""
    asked = request.form.get("prompt", type=int)
    return asked if asked in {item.prompt_id for item in meeting.agenda} else meeting.on_now


@bp.post("/j/<code>/dots")
@may("take part")
def put_dot(code: str) -> ResponseReturnValue:
    """Put a dot on a note, or take it away."""
    meeting = session_live.by_code(db(), code)
    if not _allowed(meeting):
        return _too_many(code, "", at="dots")
    token = _token()
    if token is None:
        refused = _("Your browser keeps no cookies. Dots need one, so that nobody has more than three.")
        reply = make_response(_page(meeting, refused, 400, at="dots"))
        _give_token(reply)
        return reply
    note_id = request.form.get("note", "")
    try:
        notes_phone.dot(db(), meeting, note_id, _voter(meeting, token))
    except Refusal as refusal:
        db().rollback()
        return _page(session_live.by_code(db(), code), str(refusal), at="dots")
    return redirect(url_for(".phone", code=code, _anchor=f"n{note_id}"), 303)


# Neither needs a cookie, which the token against forged forms is bound to. The cookie of dots is SameSite.
for view in ("send_note", "put_dot"):
    csrf.exempt(f"{__name__}.{view}")


def _allowed(meeting: GroupSession) -> bool:
    """Count the try, under keyed hashes that change each hour; no address is kept."""
    limits = {
        f"phone {meeting.id} {throttle.network(request.remote_addr)}": MOST_OF_ADDRESS,
        f"phone {meeting.id}": MOST_OF_SESSION,
    }
    return throttle.allow(db(), settings().secret_key, limits)


def _too_many(code: str, text: str, at: str = "text") -> ResponseReturnValue:
    """The page with what was typed, and when to send it again. That it was counted is kept."""
    problem = _("Too much was sent from here in a short time. Wait a few minutes, then send it again.")
    reply = make_response(_page(session_live.by_code(db(), code), problem, 429, typed=text, at=at))
    reply.headers["Retry-After"] = str(throttle.WINDOW_SECONDS)
    return reply


def _cookie_name() -> str:
    return "__Secure-dots" if settings().https else "dots"


def _token() -> str | None:
    """What this browser was given to tell its dots from others'; random, and nothing else about it."""
    token = request.cookies.get(_cookie_name(), "")
    return token if TOKEN.fullmatch(token) else None


def _give_token(reply: Response) -> None:
    """For a day, and for these pages only, however their code is written."""
    options: dict[str, Any] = {"secure": settings().https, "httponly": True, "samesite": "Lax"}
    age = VOTER_HOURS * 3600
    reply.set_cookie(_cookie_name(), secrets.token_hex(16), path="/j", max_age=age, **options)


def _voter(meeting: GroupSession, token: str) -> str:
    """Who put a dot, as it is stored: without the key it leads to no cookie."""
    words = f"dots {meeting.id} {token}".encode()
    return hmac.digest(settings().secret_key.encode(), words, "sha256").hex()


def _my_dots(meeting: GroupSession) -> frozenset[str]:
    token = _token()
    if token is None:
        return frozenset()
    return notes_phone.dots(db(), meeting, meeting.on_now, _voter(meeting, token))
