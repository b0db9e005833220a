"""A respondent's way through a survey that stores nothing: the pages of the preview.

The pages are the respondents' own. What was typed is carried from page to page in hidden fields of the form,
so neither the database nor a cookie ever holds an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import force_locale
from markupsafe import Markup

from survey.dates import today
from survey.document import Document
from survey.i18n import buttons_for, locale_of
from survey.languages import language_name
from survey.models import Survey
from survey.pages import form_start, page
from survey.path import Path
from survey.services.drafts import Typed
from survey.services.live import LiveSurvey
from survey.services.responses import read_answers
from survey.views.respond import carried
from survey.views.respond.browser import Visit
from survey.views.respond.rendering import check_lines, markup, other_languages, progress, show
from survey.views.studio.skipped import skipped
from survey.web import settings

LOOKS = ("desktop", "phone", "plain", "framed")
RECEIPT = "ABCD-EFGH"


@dataclass(frozen=True)
class Look:
    """How the preview is looked at: in which language, and on what."""

    language: str
    look: str

    @classmethod
    def of_request(cls, document: Document) -> Look:
        """As form and address say, else the first language on a desktop."""
        look = request.args.get("look", "")
        wishes = (*(request.form.get(name) for name in ("language", "spoken")), request.args.get("language"))
        spoken = next((wish for wish in wishes if wish in document.languages), document.languages[0])
        return cls(str(spoken), look if look in LOOKS else LOOKS[0])


@dataclass(frozen=True)
class Trial(Visit):
    """A visit of the preview: its pages lead to one another, and nothing is kept.

    `address` gives the URL of a page: 0 is the first one, then the screens, then the check of all answers.
    """

    look: Look
    home: Survey
    address: Callable[..., str]
    version: int | None

    def at(self, number: int, **changed: Any) -> str:
        """The address of a page of the preview, looked at in the same way or another."""
        return self.address(number=number, **{"language": self.language, "look": self.look.look, **changed})

    def url(self, endpoint: str, **values: Any) -> str:
        """Where a link of the respondents' pages leads here."""
        return self.at(values["number"] if endpoint == "question_page" else 0)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Code and name of the survey's languages."""
        return [(tag, language_name(tag)) for tag in self.survey.document.languages]

    @property
    def paper(self) -> str:
        """The address of the draft on paper; empty while there is none, and for versions."""
        if self.version is not None or "studio.paper" not in current_app.view_functions:
            return ""
        return url_for("studio.paper", slug=self.home.study.slug, survey_slug=self.home.slug)

    @property
    def kiosk(self) -> int | None:
        """A preview clears nothing by itself."""
        return None

    @property
    def check_number(self) -> int:
        """The number of the page with all answers."""
        return len(self.screens) + 1

    def typed(self, here: int) -> Typed:
        """Everything that was typed so far: what the form shows and what it carries."""
        known = [name for screen in self.screens for name in screen.fields]
        shown = self.screens[here - 1].fields if 1 <= here <= len(self.screens) else ()
        return {name: request.form.getlist(name) for name in known if name in request.form or name in shown}

    def show(self, number: int, typed: Typed, *, wrong: bool = False, **context: Any) -> tuple[str, int]:
        """A page of the preview with what was typed so far; `wrong` says what on it has to be put right."""
        with self._spoken():
            path = self.path(typed)
            path.walked  # noqa: B018 - its sentences are made here, in the language of the page
        bar = _fragment("studio/preview_bar.html", trial=self, number=number)
        lines = skipped(path, number)
        why = _fragment("studio/preview_why.html", trial=self, number=number, lines=lines)
        with self._spoken():
            parts = self._parts(number, path, wrong)
            fields = {"form_start": self._form_start(number, path), "bar": bar, "why": why}
            return self._page(parts | fields | context, number, 422 if wrong else 200)

    def _spoken(self) -> Any:
        return force_locale(locale_of(buttons_for(self.language)))

    def _parts(self, number: int, path: Path, wrong: bool) -> dict[str, Any]:
        """What the template of the respondents' page needs."""
        stop, voice = path.at(number), self.says(path)
        if number < 1:
            return {"real": "respond/start.html", "started": False}
        if stop is None:
            lines = check_lines(path, voice) if path.stops else []
            return {"real": "respond/layout.html", "lines": lines, "dropped": path.dropped, "form": "answers"}
        problems = read_answers(stop.screen.questions, path.typed)[1] if wrong else {}
        shown = show(stop.screen, voice, path.typed, problems)
        on_the_way = [one.screen for one in path.stops]
        steps = progress(on_the_way, path.stops.index(stop) + 1, self.survey.document.layout)
        asked = markup(shown, voice, number)
        return {"real": "respond/page.html", "shown": shown, "asked": asked, "steps": steps}

    def _form_start(self, number: int, path: Path) -> Callable[[], Markup]:
        """The hidden fields of every form: the token, where one is, and what was typed on other pages."""
        stop = path.at(number)
        shown = stop.screen.fields if stop else ()
        kept = [(name, value) for name, values in path.typed.items() if name not in shown for value in values]
        fields = [("at", number), ("spoken", self.language), *kept]
        line = Markup('<input type="hidden" name="{}" value="{}">')
        hidden = Markup("").join(line.format(name, value) for name, value in fields)
        return lambda: form_start() + hidden

    def _page(self, context: Mapping[str, Any], number: int, status: int) -> tuple[str, int]:
        whole = {"visit": self, "voice": self.voice, "survey": self.survey, "trial": self, "number": number}
        return page("studio/preview.html", status, languages=other_languages(self.voice), **whole, **context)


def _fragment(template: str, **context: Any) -> Markup:
    """A part of a page in the author's language, made before the page is, which speaks the survey's."""
    return Markup(render_template(template, **context))  # noqa: S704 - a template's own output


def begin(survey: Survey, document: Document, version: int | None = None) -> Trial:
    """A visit to a document of a survey: its draft, or the version of that number."""
    look = Look.of_request(document)
    return Trial(
        _as_if_live(survey, document),
        look.language,
        today(settings().timezone),
        "open",
        carried.begin(""),
        brought=True,
        look=look,
        home=survey,
        address=_address(survey, version),
        version=version,
    )


def _address(survey: Survey, version: int | None) -> Callable[..., str]:
    here: dict[str, Any] = {"slug": survey.study.slug, "survey_slug": survey.slug}
    endpoint = "studio.preview"
    if version is not None:
        here, endpoint = {**here, "version": version}, "studio.preview_version"
    return lambda **values: url_for(endpoint, **here, **values)


def _as_if_live(survey: Survey, document: Document) -> LiveSurvey:
    """The document as respondents would meet it were it published."""
    return LiveSurvey(
        id=survey.id,
        slug=survey.slug,
        study_id=survey.study_id,
        version_id=0,
        document=document,
        mode=survey.mode,
        state=survey.state,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        audience_id=survey.audience_id,
        demo=survey.study.demo,
        study_slug=survey.study.slug,
        draft_hours=survey.draft_hours,
    )
