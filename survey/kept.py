"""Nothing typed is thrown away: errors of a POST answer with a page that still holds the whole form.

Signed out, CSRF token gone, form cut short, too large, database down: each gives a sentence that says what
happened, the typed text, and one button that sends the same form again with a fresh token.
"""

from __future__ import annotations

from collections.abc import Callable
from traceback import extract_tb
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from survey import problems
from survey.errors import Closed, NotFound, Refusal, Stale
from survey.web import app as running_app

# Above this, echoing the form would itself be a way to exhaust the server.
ECHO_BYTES = 2_000_000
OURS = frozenset({"csrf_token", "end"})
ErrorPage = Callable[[Any], ResponseReturnValue]


class CutForm(Exception):
    """The end marker is missing: the connection broke while the form was sent."""


class SignedOut(Exception):
    """A form came from a browser that is not signed in (any more); the account pages answer it."""


def init_app(app: Flask) -> None:
    """Register the error pages, and for the API the problem documents."""
    pages: dict[type[Exception], ErrorPage] = {
        CutForm: lambda _e: again(400, _("Your form did not arrive whole"), _cut()),
        CSRFError: lambda _e: again(400, _("Please send that once more"), _csrf()),
        RequestEntityTooLarge: _too_large,
        OperationalError: _database_down,
        PoolTimeout: _database_down,
        NotFound: lambda _e: message(404, _("Page not found"), _not_found()),
        Stale: lambda e: message(409, _("Somebody else changed this"), str(e)),
        Closed: lambda e: again(410, _("This survey is closed"), str(e), can_send=False),
        Refusal: lambda e: again(422, _("That cannot be done"), str(e), can_send=False),
        HTTPException: _http_error,
        Exception: _failure,
    }
    for kind, of_page in pages.items():
        app.register_error_handler(kind, _for_people_or_programs(of_page))


def _for_people_or_programs(of_page: ErrorPage) -> ErrorPage:
    def handle(error: Any) -> ResponseReturnValue:
        if not problems.of_api():
            return of_page(error)
        answer = problems.of(error)
        if answer.status_code >= 500 and not isinstance(error, HTTPException):
            _log(error)
        return answer

    return handle


def _cut() -> str:
    return str(
        _("The connection broke on the way, so nothing was stored. Look at the text below and send it again.")
    )


def _csrf() -> str:
    return str(
        _("This page was open for long or in another window. Nothing was stored yet. Your text is below.")
    )


def _not_found() -> str:
    return str(
        _("There is nothing at this address, or it is not yours to see. Check the address, or go back.")
    )


def message(status: int, title: str, text: str) -> Response:
    """A page with one sentence."""
    return make_response(render_template("front/message.html", title=title, text=text), status)


def again(
    status: int, title: str, text: str, *, can_send: bool = True, target: str | None = None
) -> Response:
    """A page that holds what was typed and, when that helps, a button that sends it again."""
    fields = typed_fields()
    page = render_template(
        "front/kept.html",
        title=title,
        text=text,
        fields=fields,
        typed=[value for name, value in fields if len(value) > 20 or " " in value],
        can_send=can_send,
        target=target or request.full_path.rstrip("?"),
    )
    return make_response(page, status)


def typed_fields() -> list[tuple[str, str]]:
    """The fields of this form as they were typed, without our own hidden ones."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]


def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    limit = (request.max_content_length or 0) // 1000
    length = request.content_length or ECHO_BYTES + 1
    text = _("It is larger than %(limit)s kB, the most we can take at once. Make it shorter.", limit=limit)
    if length > ECHO_BYTES or request.mimetype == "multipart/form-data":
        text += " " + _("Go back in your browser: your text is still there.")
        return message(413, _("That is too long"), text)
    request.max_content_length = request.max_form_memory_size = ECHO_BYTES
    return again(413, _("That is too long"), text, can_send=False)


def _database_down(error: Exception) -> ResponseReturnValue:
    _log(error)
    text = _("Nothing was stored. Please wait a minute and try again.")
    if request.method == "POST":
        reply = again(503, _("We cannot store anything right now"), text)
    else:
        reply = message(
            503, _("We cannot show this right now"), _("Please wait a minute and load the page again.")
        )
    reply.headers["Retry-After"] = "60"
    return reply


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    titles = {
        403: (
            _("Your account cannot do this"),
            _("Ask an administrator for the role that can."),
        ),
        404: (_("Page not found"), _not_found()),
        405: (_("That cannot be done here"), _("Go back and use the buttons of the page.")),
        429: (_("Too many tries"), _("Please wait 15 minutes and try again.")),
    }
    title, text = titles.get(error.code, (_("That did not work"), _("Go back and try again.")))
    return message(error.code, title, text)


def _failure(error: Exception) -> ResponseReturnValue:
    _log(error)
    text = _("The fault is ours and has been noted. Nothing was stored.")
    if request.method == "POST":
        return again(500, _("Something went wrong"), text)
    return message(500, _("Something went wrong"), text)


def _log(error: Exception) -> None:
    """Where it broke, never with what: messages of database errors carry the text people typed."""
    place = extract_tb(error.__traceback__)[-1]
    running_app().logger.error(
        "%s in %s at %s:%s", type(error).__name__, request.endpoint, place.filename, place.lineno
    )
