"""The cookie that says with which code a browser was let in: signed, for the pages of one survey only.

It is what makes a code typed once enough. It goes when the answers are sent or cleared away.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from survey.services.admission import Ticket
from survey.services.live import LiveSurvey
from survey.web import settings


def ticket_of(survey: LiveSurvey, hours: int) -> Ticket | None:
    """What this browser was let in with; None when it was not, or longer ago than a draft is kept."""
    if survey.access != "code":
        return None
    try:
        kind, value = _signer(survey).loads(request.cookies.get(_name(), ""), max_age=_seconds(hours))
    except (BadSignature, ValueError):
        return None
    secret = settings().secret_key
    return Ticket(secret, code=value) if kind == "code" else Ticket(secret, invitee=value)


def keep(reply: Response, survey: LiveSurvey, ticket: Ticket, hours: int) -> Response:
    """Let this browser in from now on."""
    content = ["code", ticket.code] if ticket.code else ["person", ticket.invitee]
    reply.set_cookie(
        _name(), str(_signer(survey).dumps(content)), max_age=_seconds(hours), **_options(survey)
    )
    return reply


def drop(reply: Response, survey: LiveSurvey) -> Response:
    """Let it in no more."""
    if survey.access == "code":
        reply.delete_cookie(_name(), **_options(survey))
    return reply


def _signer(survey: LiveSurvey) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=f"ticket:{survey.id}")


def _name() -> str:
    return "__Secure-ticket" if settings().https else "ticket"


def _seconds(hours: int) -> int:
    return (hours + 1) * 3600


def _options(survey: LiveSurvey) -> dict[str, Any]:
    path = url_for("respond.start", survey_slug=survey.slug)
    return {"path": path, "secure": settings().https, "httponly": True, "samesite": "Lax"}
