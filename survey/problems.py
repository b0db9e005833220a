"""Errors of the API: problem documents (RFC 9457) with a title, a plain sentence and how to put it right."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, current_app, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from survey.errors import NotFound, Refusal, Stale

API = "/api/"
MEDIA_TYPE = "application/problem+json"
# What a problem is called, for programs: the last part of its `type`.
NAMES = {
    400: "bad-request",
    401: "no-token",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "overtaken",
    413: "too-large",
    415: "not-json",
    422: "not-valid",
    429: "too-many-requests",
    500: "failure",
    503: "unavailable",
}


class Problem(Exception):
    """A request to the API that is refused; `more` are further members of the document."""

    def __init__(self, status: int, detail: str, *, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.retry_after, self.more = status, detail, retry_after, more


def of_api() -> bool:
    """Whether this request is for the API: other rules and other errors than for pages."""
    return request.path.startswith(API)


def of(error: Exception) -> Response:
    """The document for whatever went wrong."""
    if isinstance(error, Problem):
        answer = reply(error.status, error.detail, **error.more)
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, NotFound):
        return reply(404, _nothing())
    if isinstance(error, Refusal):
        return reply(409 if isinstance(error, Stale) else 422, str(error))
    if isinstance(error, OperationalError | PoolTimeout):
        return reply(503, str(_("Nothing was stored. Please wait a minute and try again.")))
    return reply(500, str(_("The fault is ours and has been noted. Nothing was stored.")))


def _nothing() -> str:
    return str(_("There is nothing at this address, or it is not yours to see."))


def reply(status: int, detail: str, **more: Any) -> Response:
    """The document that tells of an error."""
    name = NAMES.get(status, "refused")
    document = {"type": f"urn:throughline:problem:{name}", "title": title(status), "status": status}
    whole = {**document, "detail": detail, **more}
    body = current_app.json.dumps(whole, sort_keys=False, ensure_ascii=False)
    answer = current_app.response_class(body, status, mimetype=MEDIA_TYPE)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Throughline"'
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def title(status: int) -> str:
    """A few words for each status."""
    titles = {
        400: _("The request cannot be read"),
        401: _("A token is needed"),
        403: _("This is not allowed"),
        404: _("Not found"),
        405: _("That cannot be done here"),
        409: _("Somebody else changed this"),
        413: _("That is too long"),
        415: _("Send JSON"),
        422: _("That cannot be done"),
        429: _("Too many requests"),
        503: _("The database does not answer"),
    }
    return str(titles.get(status) or _("Something went wrong"))


def _of_http(error: HTTPException) -> Response:
    """The document for an error that the framework raised; its headers, such as `Allow`, stay."""
    if error.response is not None or error.code is None or error.code < 400:
        return cast(Response, error.get_response())
    details = {
        401: _(
            "Send a token that works in the header “Authorization: Bearer ...”. Make one on your account."
        ),
        403: _("Your account cannot do this. Ask an administrator for the role that can."),
        404: _nothing(),
        405: _("Use one of the methods that the header Allow names."),
        413: _("Send less at once."),
    }
    answer = reply(error.code, str(details.get(error.code) or _("Look at the description of the API.")))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer
