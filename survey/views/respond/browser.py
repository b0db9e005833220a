"""What the browser of a respondent carries: the token of its draft, receipts, the language it chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Any

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from survey.dates import today
from survey.document import Screen
from survey.i18n import LANGUAGES, language, locale_of
from survey.pages import page
from survey.services import drafts, live
from survey.services.drafts import Keys, Typed, new_token
from survey.services.live import LiveSurvey, Status
from survey.services.responses import receipt
from survey.views.respond import about_you
from survey.views.respond.rendering import Speaker, other_languages, speaker
from survey.web import SAFE, db, settings

TOKEN = re.compile(r"([ns])\.([A-Za-z0-9_-]{32})")
MOST_RECEIPTS = 20


@dataclass(frozen=True)
class Visit:
    """One respondent's browser at one survey.

    `token` names the draft, and is new for a browser that brought none; `has_draft` says that something was
    saved under it; `brought` says that the browser keeps cookies and has begun.
    """

    survey: LiveSurvey
    language: str
    today: date
    status: Status
    token: str
    brought: bool
    has_draft: bool

    @cached_property
    def keys(self) -> Keys:
        """The names of its draft and of its response."""
        return Keys.of(settings().secret_key, self.survey.id, self.token)

    @cached_property
    def voice(self) -> Speaker:
        """Says the survey's words on this page."""
        return speaker(self.survey.document, self.language)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """What there is to go through."""
        return about_you.screens(self.survey, self.language)

    @property
    def receipt(self) -> str | None:
        """The code of the response that this browser has sent."""
        code: str | None = session.get("sent", {}).get(self.survey.slug)
        return code

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of another page of this survey."""
        return url_for(f"respond.{endpoint}", survey_slug=self.survey.slug, **values)

    def go(self, endpoint: str, **values: Any) -> Response:
        """On to another page of this survey."""
        return redirect(self.url(endpoint, **values), 303)  # type: ignore[return-value]

    def page(self, template: str, status: int = 200, **context: Any) -> tuple[str, int]:
        """A page of this survey."""
        context |= {"visit": self, "voice": self.voice, "survey": self.survey}
        return page(f"respond/{template}", status, languages=other_languages(self.voice), **context)

    def keep_receipt(self) -> None:
        """Remember in the signed cookie that this browser has sent its answers; nothing of the answers."""
        codes = {**session.get("sent", {}), self.survey.slug: receipt(settings().secret_key, self.keys)}
        session["sent"] = dict(list(codes.items())[-MOST_RECEIPTS:])

    def forget_receipt(self) -> None:
        """Let another person answer on this browser."""
        codes: dict[str, str] = session.get("sent", {})
        session["sent"] = {slug: code for slug, code in codes.items() if slug != self.survey.slug}

    def keep_token(self, reply: Response, *, has_draft: bool) -> Response:
        """Send the cookie that finds the draft again; only this survey's pages get to see it."""
        reply.set_cookie(_cookie_name(), f"{'s' if has_draft else 'n'}.{self.token}", **self._cookie())
        return reply

    def drop_token(self, reply: Response) -> Response:
        """Take the cookie away."""
        reply.delete_cookie(_cookie_name(), **self._cookie(lasting=False))
        return reply

    def _cookie(self, *, lasting: bool = True) -> dict[str, Any]:
        options = {"path": self.url("start"), "secure": settings().https, "httponly": True, "samesite": "Lax"}
        return {**options, "max_age": (settings().draft_hours + 1) * 3600} if lasting else options


View = Callable[..., ResponseReturnValue]


def visiting(view: View) -> View:
    """Give the view the `Visit` of this browser, and the page the language of the survey."""

    @wraps(view)
    def with_visit(survey_slug: str, **values: Any) -> ResponseReturnValue:
        visit = _visit(survey_slug)
        with force_locale(locale_of(_interface(visit.language))):
            return view(visit, **values)

    return with_visit


def answering(view: View) -> View:
    """The same, for pages that make sense only while the survey is open and this browser has not answered."""

    @wraps(view)
    def while_open(visit: Visit, **values: Any) -> ResponseReturnValue:
        if visit.receipt:
            return visit.go("sent", again=1)
        if visit.status == "open":
            return view(visit, **values)
        return not_open(visit)

    return visiting(while_open)


def not_open(visit: Visit) -> tuple[str, int]:
    """The page that says when the survey was or will be open, with what was typed: to be copied, not sent."""
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else None
    whole = {**(typed or {}), **{name: request.form.getlist(name) for name in request.form}}
    return visit.page("not_open.html", 200 if request.method in SAFE else 410, typed=_texts(visit, whole))


def _texts(visit: Visit, typed: Typed) -> list[str]:
    names = (name for screen in visit.screens for name in screen.fields)
    return [text for name in names for text in typed.get(name, []) if " " in text or len(text) > 20]


def choose_language(visit: Visit, tag: str) -> None:
    """Remember the language a respondent chose, for pages and for the survey's words."""
    if tag in visit.survey.document.languages:
        session["answer_language"] = tag
        if tag in LANGUAGES:
            session["language"] = tag


def _visit(slug: str) -> Visit:
    survey = live.find(db(), slug)
    match = TOKEN.fullmatch(request.cookies.get(_cookie_name(), ""))
    day = today(settings().timezone)
    return Visit(
        survey,
        _language(survey.document.languages),
        day,
        live.status(survey, day),
        match[2] if match else new_token(),
        brought=match is not None,
        has_draft=match is not None and match[1] == "s",
    )


def _cookie_name() -> str:
    return "__Secure-draft" if settings().https else "draft"


def _language(offered: tuple[str, ...]) -> str:
    """Asked for in the address, chosen earlier, that of the pages, the browser's, or the survey's first."""
    asked = request.args.get("lang", "")
    if asked in offered:
        session["answer_language"] = asked
    wishes = (asked, session.get("answer_language"), session.get("language"))
    for wish in wishes:
        if wish in offered:
            return str(wish)
    return request.accept_languages.best_match(offered) or offered[0]


def _interface(tag: str) -> str:
    """The language of buttons and sentences: the survey's where we have it."""
    return tag if tag in LANGUAGES else language()
