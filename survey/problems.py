"""Errors of the API: problem documents (RFC 9457) with a title, a plain sentence and how to put it right."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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
    415: "other-type",
    422: "not-valid",
    429: "too-many-requests",
    500: "failure",
    503: "unavailable",
}
TITLES = {
    400: _l("The request cannot be read"),
    401: _l("A token is needed"),
    403: _l("This is not allowed"),
    404: _l("Not found"),
    405: _l("That cannot be done here"),
    409: _l("Somebody else changed this"),
    413: _l("That is too long"),
    415: _l("Another content type is needed"),
    422: _l("That cannot be done"),
    429: _l("Too many requests"),
    503: _l("The database does not answer"),
}
NOTHING = _l("There is nothing at this address, or it is not yours to see.")
DETAILS = {
    401: _l("Send a token that works in the header “Authorization: Bearer ...”. Make one on your account."),
    403: _l("Your account cannot do this. Ask an administrator for the role that can."),
    404: NOTHING,
    405: _l("Use one of the methods that the header Allow names."),
    413: _l("Send less at once."),
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
        return reply(404, str(NOTHING))
    if isinstance(error, Refusal):
        return reply(409 if isinstance(error, Stale) else 422, str(error))
    if isinstance(error, OperationalError | PoolTimeout):
        return reply(503, str(_("Nothing was stored. Please wait a minute and try again.")))
    return reply(500, str(_("The fault is ours and has been noted. Nothing was stored.")))


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
    return str(TITLES.get(status) or _("Something went wrong"))


def _of_http(error: HTTPException) -> Response:
    """The document for an error that the framework raised; its headers, such as `Allow`, stay."""
    if error.response is not None or error.code is None or error.code < 400:
        return cast(Response, error.get_response())
    said = DETAILS.get(error.code)
    answer = reply(error.code, str(said or _("Look at the description of the API.")))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "WWW-Authenticate"):
            answer.headers[name] = value
    return answer
