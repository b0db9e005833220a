"""One session: its overview, beginning and ending it, letting phones in."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.permissions import may
from survey.qr import qr_of
from survey.services import notes as notes_service
from survey.services import notes_end, session_live, session_roster
from survey.services import sessions as service
from survey.views.sessions import bp
from survey.views.sessions.shared import ONE, attempt, done, me, meeting_of, session_page
from survey.web import db, settings


@bp.get(ONE)
@may("run sessions")
def session(slug: str, session_id: int) -> ResponseReturnValue:
    """What is planned, who comes, and the way to the screens of the session."""
    return overview(slug, session_id)


def overview(slug: str, session_id: int, problem: str = "") -> ResponseReturnValue:
    """The page of a session, with what cannot be done."""
    study, meeting = meeting_of(slug, session_id)
    shown = {
        "notes": notes_service.of_session(db(), meeting),
        "waiting": len(notes_end.waiting(db(), meeting)),
        "names": len(session_roster.names(db(), meeting)),
        "phones": session_live.code_of(meeting) is not None,
        "problem": problem,
    }
    return session_page("sessions/session.html", study, meeting, 422 if problem else 200, **shown)


@bp.post(f"{ONE}/open")
@may("run sessions")
def open_session(slug: str, session_id: int) -> ResponseReturnValue:
    """Begin, or begin again."""
    study, meeting = meeting_of(slug, session_id)
    if problem := attempt(lambda: service.open_it(db(), study, meeting, by=me())):
        return overview(slug, session_id, problem)
    return done(_("The session is open: notes can be typed."), ".live", meeting, slug, table=1)


@bp.post(f"{ONE}/end")
@may("run sessions")
def end_session(slug: str, session_id: int) -> ResponseReturnValue:
    """End it: its notes become comments."""
    study, meeting = meeting_of(slug, session_id)
    made: list[int] = []
    zone = settings().timezone
    if problem := attempt(lambda: made.append(notes_end.end(db(), study, meeting, zone, by=me()))):
        return overview(slug, session_id, problem)
    said = ngettext(
        "The session has ended. %(num)s note is a comment now.",
        "The session has ended. %(num)s notes are comments now.",
        made[0],
    )
    return done(said, ".session", meeting, slug)


@bp.get(f"{ONE}/phones")
@may("run sessions")
def phones(slug: str, session_id: int) -> ResponseReturnValue:
    """The address for participants and its QR code, to show or print."""
    study, meeting = meeting_of(slug, session_id)
    address = phone_address(session_live.code_of(meeting))
    dots = session_live.may_dot(meeting)
    qr = qr_of(address) if address else None
    return session_page("sessions/phones.html", study, meeting, address=address, qr=qr, dots=dots)


def phone_address(code: str | None) -> str:
    """The address under which participants type notes; empty while they may not."""
    return url_for("meet.phone", code=code, _external=True) if code else ""


@bp.post(f"{ONE}/phones")
@may("run sessions")
def set_phones(slug: str, session_id: int) -> ResponseReturnValue:
    """Let phones in, or no more."""
    study, meeting = meeting_of(slug, session_id)
    choice = request.form.get("phones", "")
    on, dots = choice in ("notes", "dots"), choice == "dots"
    session_live.set_phones(db(), study, meeting, on=on, dots=dots, by=me())
    said = {
        "notes": _("Phones are on: people can type notes."),
        "dots": _("Phones are on: people can type notes and put dots on notes."),
    }
    return done(said.get(choice, _("Phones are off.")), ".phones", meeting, slug)
