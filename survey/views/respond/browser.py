"""What the browser of a respondent carries: the token of its draft, receipts, the language it chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, wraps
from typing import Any

from flask import Response, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from survey.dates import today
from survey.i18n import buttons_for, locale_of, wishes
from survey.kept import typed_fields
from survey.languages import LANGUAGES, match
from survey.pages import page
from survey.path import Path, follow
from survey.screens import Screen
from survey.services import drafts, live, quotas, returning
from survey.services.admission import Ticket
from survey.services.drafts import Keys, Typed, new_token
from survey.services.live import LiveSurvey, Status
from survey.services.responses import receipt
from survey.views.respond import about_you, carried, kiosk, tickets
from survey.views.respond.carried import CODED, NOTHING, SAVED, Carried
from survey.views.respond.rendering import Speaker, other_languages, speaker
from survey.web import SAFE, db, settings

MOST_RECEIPTS = 20


@dataclass(frozen=True)
class Visit:
    """One respondent's browser at one survey.

    `carried` is what its cookie says, new for a browser that brought none; `brought` says that the browser
    keeps cookies and has begun.
    """

    survey: LiveSurvey
    language: str
    today: date
    status: Status
    carried: Carried
    brought: bool

    @property
    def token(self) -> str:
        """It names the draft, and is known to this browser alone."""
        return self.carried.token

    @property
    def has_draft(self) -> bool:
        """Whether something was saved under the token."""
        return self.carried.state != NOTHING

    @property
    def is_shared(self) -> bool:
        """Whether a code was given for the draft, so that another device may be at it."""
        return self.carried.state == CODED

    @property
    def seconds(self) -> int:
        """How long ago this browser began."""
        return max(0, carried.moment() - self.carried.begun)

    @property
    def kiosk(self) -> int | None:
        """After how many minutes without a key this computer is cleared; None for people's own devices."""
        return self.survey.kiosk_minutes

    @property
    def is_left(self) -> bool:
        """Whether a kiosk was left by whoever began: nothing came for longer than it waits."""
        return self.kiosk is not None and carried.moment() - self.carried.seen > self.kiosk * 60

    @cached_property
    def ticket(self) -> Ticket | None:
        """With what code this browser was let in; None also where no code is asked for."""
        return tickets.ticket_of(self.survey, self.coming_back_hours)

    @property
    def needs_code(self) -> bool:
        """Whether a code has to be typed before anything else."""
        return self.survey.access == "code" and self.ticket is None

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

    def path(self, typed: Typed) -> Path:
        """The way through the survey, given what was typed so far."""
        return follow(self.survey.document, typed, self.screens)

    def says(self, path: Path) -> Speaker:
        """Says the survey's words, with earlier answers where they name them."""
        return speaker(self.survey.document, self.language, path)

    @property
    def draft_hours(self) -> int:
        """How long what was typed is kept; at a kiosk without a code nobody comes back for it."""
        if self.kiosk and not self.is_shared:
            return kiosk.DRAFT_HOURS
        return self.coming_back_hours

    @property
    def coming_back_hours(self) -> int:
        """How long a code leads to what was typed."""
        return self.survey.draft_hours or settings().draft_hours

    @property
    def receipt(self) -> str | None:
        """The code of the response that this browser has sent; a kiosk remembers none."""
        code: str | None = session.get("sent", {}).get(self.survey.slug)
        return None if self.kiosk else code

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of another page of this survey."""
        return url_for(f"respond.{endpoint}", survey_slug=self.survey.slug, **values)

    def go(self, endpoint: str, **values: Any) -> Response:
        """On to another page of this survey."""
        return redirect(self.url(endpoint, **values), 303)  # type: ignore[return-value]

    def page(self, template: str, status: int = 200, **context: Any) -> tuple[str, int]:
        """A page of this survey."""
        context |= {"visit": self, "voice": self.voice, "survey": self.survey}
        context["resent"] = _typed_here()
        if self.kiosk and template in kiosk.WITHOUT_FIELDS:
            wait = self.kiosk * 60 - kiosk.WARNING_SECONDS
            context = {"leaves_itself": True, "leaves_after": wait, **context}
        return page(f"respond/{template}", status, languages=other_languages(self.voice), **context)

    def keep_receipt(self) -> None:
        """Remember in the signed cookie that this browser has sent its answers; nothing of the answers.

        At a kiosk it is shown once.
        """
        code = receipt(settings().secret_key, self.keys)
        if self.kiosk:
            session["receipt_once"] = code
            return
        codes = {**session.get("sent", {}), self.survey.slug: code}
        session["sent"] = dict(list(codes.items())[-MOST_RECEIPTS:])

    def for_this_computer(self, html: Markup) -> Markup:
        """The fields of a page; at a kiosk the browser must not fill in what it knows of others."""
        return kiosk.unfilled(html) if self.kiosk else html

    def share(self) -> Visit:
        """Give the draft the code with which another device finds it; the visit as it is then."""
        secret, hours = settings().secret_key, self.coming_back_hours
        until = returning.give_code(db(), self.survey, self.keys, self.token, secret, hours)
        return replace(self, carried=replace(self.carried, state=CODED)) if until else self

    def afresh(self) -> Visit:
        """The visit of another person."""
        return replace(self, carried=carried.begin(new_token()), brought=False)

    def forget(self) -> None:
        """Let another person answer on this browser; at a kiosk that person finds nothing at all."""
        if self.kiosk:
            session.clear()
        codes: dict[str, str] = session.get("sent", {})
        session["sent"] = {slug: code for slug, code in codes.items() if slug != self.survey.slug}

    def keep_token(self, reply: Response, *, has_draft: bool) -> Response:
        """Send the cookie that finds the draft again; only this survey's pages get to see it."""
        state = NOTHING if not has_draft else CODED if self.is_shared else SAVED
        cookie = carried.seal(replace(self.carried, state=state), settings().secret_key)
        reply.set_cookie(_cookie_name(), cookie, **self._cookie())
        return reply

    def drop_token(self, reply: Response) -> Response:
        """Take the cookie away, and what a code let in with."""
        reply.delete_cookie(_cookie_name(), **self._cookie(lasting=False))
        return tickets.drop(reply, self.survey)

    def _cookie(self, *, lasting: bool = True) -> dict[str, Any]:
        options = {"path": self.url("start"), "secure": settings().https, "httponly": True, "samesite": "Lax"}
        return {**options, "max_age": (self.draft_hours + 1) * 3600} if lasting else options


View = Callable[..., ResponseReturnValue]


def visiting(view: View) -> View:
    """Give the view the `Visit` of this browser, and the page the language of the survey."""

    @wraps(view)
    def with_visit(survey_slug: str, **values: Any) -> ResponseReturnValue:
        visit = _visit(survey_slug)
        with force_locale(locale_of(buttons_for(visit.language))):
            return view(visit, **values)

    return with_visit


def answering(view: View) -> View:
    """The same, for pages that make sense only while the survey is open and this browser has not answered."""

    @wraps(view)
    def while_open(visit: Visit, **values: Any) -> ResponseReturnValue:
        if visit.receipt and visit.survey.access != "open":
            return visit.go("sent", again=1)
        if visit.status != "open":
            return not_open(visit)
        return not_open(visit, "full.html") if _is_full(visit.survey) else view(visit, **values)

    return visiting(while_open)


def _is_full(survey: LiveSurvey) -> bool:
    most = survey.closing_number
    return most is not None and quotas.count(db(), survey.id) >= most


def not_open(visit: Visit, template: str = "not_open.html", **context: Any) -> tuple[str, int]:
    """The page that says when the survey was or will be open, with what was typed: to be copied, not sent."""
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else None
    whole = {**(typed or {}), **{name: request.form.getlist(name) for name in request.form}}
    status = 200 if request.method in SAFE else 410
    return visit.page(template, status, typed=_texts(visit, whole), **context)


def sent_elsewhere(visit: Visit) -> Response:
    """The page that says that another device sent the answers, with what was typed here since."""
    visit.keep_receipt()
    typed = _texts(visit, {name: request.form.getlist(name) for name in request.form})
    return visit.drop_token(make_response(visit.page("sent_elsewhere.html", 409, typed=typed)))


def _typed_here() -> list[tuple[str, str]]:
    """The fields of the form that this page answers to: a change of language sends them once more."""
    return [(name, text) for name, text in typed_fields() if name not in ("language", "buttons")]


def _texts(visit: Visit, typed: Typed) -> list[str]:
    names = (name for screen in visit.screens for name in screen.fields)
    return [text for name in names for text in typed.get(name, []) if " " in text or len(text) > 20]


def choose_language(visit: Visit, tag: str) -> None:
    """Remember the language a respondent chose, for pages and for the survey's words."""
    if tag in visit.survey.document.languages:
        _remember(tag)


def _remember(tag: str) -> None:
    """The language chosen last: of the survey's words, of other pages, and of the buttons."""
    session["answer_language"] = tag
    session["language"] = match([tag], LANGUAGES) or session.get("language")
    session.pop("buttons", None)


def _visit(slug: str) -> Visit:
    survey = live.find(db(), slug)
    brought = carried.read(request.cookies.get(_cookie_name(), ""), settings().secret_key)
    day = today(settings().timezone)
    return Visit(
        survey,
        _language(survey.document.languages),
        day,
        live.status(survey, day),
        brought or carried.begin(new_token()),
        brought=brought is not None,
    )


def _cookie_name() -> str:
    return "__Secure-draft" if settings().https else "draft"


def _language(offered: tuple[str, ...]) -> str:
    """Asked for on the page, chosen earlier, that of the pages, the browser's, or the survey's first."""
    asked = match([request.args.get("lang") or request.form.get("language") or ""], offered)
    if asked:
        _remember(asked)
    chosen = [tag for tag in (asked, session.get("answer_language"), session.get("language")) if tag]
    return match([*chosen, *wishes()], offered) or offered[0]
