"""The preview: the pages as respondents get them, made by the same code, with nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.document import Document, Screen
from survey.errors import NotFound
from survey.languages import language_name
from survey.models import Survey
from survey.pages import page
from survey.permissions import may
from survey.questions.base import Typed
from survey.services import surveys as service
from survey.services.live import LiveSurvey
from survey.services.responses import read_answers
from survey.views.respond import about_you
from survey.views.respond.rendering import progress, show, speaker
from survey.views.studio import bp
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import survey_of

PREVIEW = BUILDER + "/preview/<int:number>"
WIDTHS = ("phone", "desktop")


@dataclass(frozen=True)
class Look:
    """How the preview is looked at: in which language, and how wide."""

    language: str
    width: str

    @classmethod
    def of_request(cls, document: Document) -> Look:
        """As the address says, else the first language at full width."""
        language, width = request.args.get("language", ""), request.args.get("width", "")
        return cls(
            language if language in document.languages else document.languages[0],
            width if width in WIDTHS else "desktop",
        )


@dataclass(frozen=True)
class Preview:
    """One screen of a survey's draft, for one look."""

    survey: Survey
    document: Document
    look: Look
    screens: tuple[Screen, ...]
    number: int

    @property
    def screen(self) -> Screen:
        """The screen to show."""
        return self.screens[self.number - 1]

    def url(self, **changed: str | int) -> str:
        """The address of this preview with something else in it."""
        here: dict[str, Any] = {"slug": self.survey.study.slug, "survey_slug": self.survey.slug}
        here |= {"number": self.number, "language": self.look.language, "width": self.look.width}
        return url_for("studio.preview", **{**here, **changed})

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        """Code and name of the languages it is not looked at in."""
        return [(tag, language_name(tag)) for tag in self.document.languages if tag != self.look.language]

    def page(self, typed: Typed | None = None, problems: Mapping[str, str] | None = None) -> tuple[str, int]:
        """The screen with what was typed and what has to be put right."""
        voice = speaker(self.document, self.look.language)
        shown = show(self.screen, voice, typed, problems) if self.screens else None
        steps = progress(self.screens, self.number, self.document.layout) if self.screens else ("", 0, 0)
        status = 422 if problems else 200
        return page(
            "studio/preview.html", status, preview=self, study=self.survey.study, shown=shown, steps=steps
        )


def _preview(survey: Survey, number: int) -> Preview:
    document = service.whole_draft(survey)
    look = Look.of_request(document)
    screens = about_you.screens(_as_if_live(survey, document), look.language)
    if not 1 <= number <= max(1, len(screens)):
        raise NotFound
    return Preview(survey, document, look, screens, number)


def _as_if_live(survey: Survey, document: Document) -> LiveSurvey:
    """The draft as respondents would meet it were it published."""
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
    )


@bp.get(PREVIEW)
@may("edit surveys")
def preview(slug: str, survey_slug: str, number: int) -> ResponseReturnValue:
    """One screen as respondents get it."""
    return _preview(survey_of(slug, survey_slug), number).page()


@bp.post(PREVIEW)
@may("edit surveys")
def try_preview(slug: str, survey_slug: str, number: int) -> ResponseReturnValue:
    """Say what would have to be put right, or go on; after the last screen, back to the builder."""
    found = _preview(survey_of(slug, survey_slug), number)
    if not found.screens:
        raise NotFound
    typed = {name: request.form.getlist(name) for name in found.screen.fields}
    problems = read_answers(found.screen.questions, typed)[1]
    if problems:
        return found.page(typed, problems)
    if number < len(found.screens):
        return redirect(found.url(number=number + 1), 303)
    flash(_("That was the last page of the preview. Nothing was stored."))
    return redirect(url_for(".survey", slug=slug, survey_slug=survey_slug), 303)
