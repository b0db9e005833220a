"""The guard before every view: who is signed in, may they, is the form whole; and the headers after it."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, redirect, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, TimestampSigner

from survey import kept, permissions, problems
from survey.dates import now, today
from survey.models import ApiToken, Person
from survey.services import people, tokens
from survey.web import SAFE, app, close_session, settings

END_MARKER = "end"
RENEW_SECONDS = 60
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
# For the preview only, which shows a page of ours in a frame of ours (decision 15): nobody else's either way.
FRAMED = {
    "Content-Security-Policy": POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
# The first page of a person is the first of these that is theirs to see.
HOMES = {
    "see studies": "studio.studies",
    "see own office": "office.offices",
    "manage people": "admin.people",
    "read audit": "admin.audit",
}
csrf = CSRFProtect()


class PageCookie(SecureCookieSessionInterface):
    """The page cookie of browsers; requests to the API have none, and get none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return self.session_class() if problems.of_api() else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not problems.of_api():
            super().save_session(app, session, response)


def init_app(flask_app: Flask) -> None:
    """Put guard and headers on the application. The guard comes first, then CSRF, then the end marker."""
    flask_app.session_interface = PageCookie()
    flask_app.before_request(_guard)
    csrf.init_app(flask_app)
    flask_app.before_request(_require_whole_form)
    flask_app.after_request(_headers)
    flask_app.teardown_appcontext(close_session)
    flask_app.jinja_env.globals.update(may=may, home=home)


def current_person() -> Person:
    """The signed-in person; only for views whose permission is not for anyone."""
    return cast(Person, g.person)


def current_token() -> ApiToken:
    """The token that came with this request; only for the API, whose requests all have one."""
    return cast(ApiToken, g.token)


def may(permission: str) -> bool:
    """Whether whoever is looking may do this: for buttons and links."""
    roles = permissions.PERMISSIONS[permission].roles
    person: Person | None = g.get("person")
    return "anyone" in roles or (person is not None and not roles.isdisjoint(person.roles))


def _guard() -> ResponseReturnValue | None:
    """Refuse by default: no route, no permission, no role, no answer."""
    g.person = _person_of_token() if problems.of_api() else _person_of_cookie()
    if request.endpoint is None:
        return None  # Flask answers 404 or 405
    if getattr(app().view_functions[request.endpoint], "takes_files", False):
        request.max_content_length = settings().import_mb * 1_000_000 + settings().body_kb * 1000
    permission = permissions.needed(app(), request.endpoint)
    if permission is None:
        abort(404)
    if may(permission.name):
        return None
    if g.person is not None:
        abort(403)
    if problems.of_api():
        abort(401)
    if request.method in SAFE:
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    raise kept.SignedOut


def _require_whole_form() -> None:
    """A POST that was cut half way reaches us as if it were whole; its last field is missing then.

    JSON needs no marker: it cannot be read when it was cut.
    """
    if request.method not in SAFE and not problems.of_api() and END_MARKER not in request.form:
        raise kept.CutForm


def _cookie_name() -> str:
    return "__Host-staff" if settings().https else "staff"


def _signer() -> TimestampSigner:
    return TimestampSigner(settings().secret_key, salt="staff")


def _person_of_cookie() -> Person | None:
    """Who is signed in. The row says who and since when; the signed time in the cookie says when last seen.

    Keeping "last seen" in the cookie lets a GET stay a read.
    """
    cookie = request.cookies.get(_cookie_name())
    if not cookie:
        return None
    try:
        token, seen = _signer().unsign(cookie, max_age=settings().idle_minutes * 60, return_timestamp=True)
    except BadSignature:
        return None
    g.staff_token, g.staff_seen = token.decode(), seen
    with app().database.reading() as session:
        return people.signed_in(session, token.decode(), settings().session_hours)


def _person_of_token() -> Person | None:
    """Whose token this is. A cookie counts for nothing here: browsers send it on behalf of any page."""
    scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    with app().database.reading() as session:
        g.token = tokens.find(session, secret.strip(), today(settings().timezone))
    return g.token.person if g.token else None


def allow_frame() -> None:
    """Let a page of ours show this reply in a frame, and this reply show another in one."""
    g.may_be_framed = True


def keep_signed_in(token: str) -> None:
    """Send the staff cookie with this reply (an empty token takes it away)."""
    g.staff_token, g.staff_changed = token, True


def staff_token() -> str:
    """The token of this browser."""
    return cast(str, g.staff_token)


def _headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if g.get("may_be_framed"):
        response.headers.update(FRAMED)
    response.headers.setdefault("Cache-Control", "no-store")
    if settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    _renew_cookie(response)
    return response


def _renew_cookie(response: Response) -> None:
    token: str | None = g.get("staff_token")
    if token is None:
        return
    idle = g.get("person") is None or (now() - g.staff_seen).total_seconds() < RENEW_SECONDS
    if idle and not g.get("staff_changed"):
        return
    if not token:
        response.delete_cookie(_cookie_name(), secure=settings().https, httponly=True, samesite="Lax")
        return
    response.set_cookie(
        _cookie_name(), _signer().sign(token).decode(), secure=settings().https, httponly=True, samesite="Lax"
    )


def home(person: Person | None = None) -> str:
    """The first page of a person, or of whoever is signed in."""
    found: Person | None = person or g.get("person")
    roles = frozenset(found.roles if found else ())
    theirs = (page for name, page in HOMES.items() if roles & permissions.PERMISSIONS[name].roles)
    return url_for(next(theirs, "studio.studies"))


def local(target: str | None) -> str:
    """A path on this site to go on to; the first page for anything else (no open redirects)."""
    parts = urlsplit((target or "").replace("\\", "/"))
    inside = (
        not parts.scheme
        and not parts.netloc
        and parts.path.startswith("/")
        and not parts.path.startswith("//")
    )
    return target if target and inside else home()
