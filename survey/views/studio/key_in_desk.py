"""The page on which a sheet is typed in: all its questions at once, with the numbers that stand on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from survey.languages import language_name
from survey.models import Survey
from survey.path import Path, follow
from survey.screens import Page, Screen
from survey.services import key_in as service
from survey.services.live import LiveSurvey
from survey.views.respond import about_you
from survey.views.respond.rendering import Asked, Part, Said, Shown, show, speaker
from survey.views.studio.shared import me, survey_page
from survey.web import SAFE, db

SOURCE_WORDS = {"paper": _l("Paper"), "phone": _l("Phone")}
Typed = dict[str, list[str]]


@dataclass
class Desk:
    """One survey at which sheets are typed in, and what came with this request."""

    survey: Survey
    live: LiveSurvey
    version: int
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, survey: Survey) -> Desk:
        """The desk of this request."""
        version = request.args.get("version", 0, type=int)
        desk = cls(survey, service.survey_for(db(), survey, version), version)
        if request.method not in SAFE:
            desk.typed = {name: request.form.getlist(name) for name in desk.screen.fields}
        return desk

    @cached_property
    def screen(self) -> Screen:
        """All questions of the survey, and those about the person, as one screen."""
        parts: list[Page] = []
        for page in self.live.document.pages:
            parts += [page] if page.questions else []
        found = about_you.screens(self.live, self.language)
        return Screen((*parts, *(part for screen in found for part in screen.parts if part.id == "_you")))

    def value(self, name: str, default: str = "") -> str:
        """What was typed beside the questions: number, source, language, code."""
        source = request.args if request.method in SAFE else request.form
        return source.get(name, default)

    @property
    def language(self) -> str:
        """The language of the sheet."""
        asked, offered = self.value("language"), self.live.document.languages
        return asked if asked in offered else offered[0]

    @property
    def source(self) -> str:
        """Whether it came on paper or by phone."""
        asked = self.value("source")
        return asked if asked in service.SOURCES else service.SOURCES[0]

    @property
    def twice(self) -> bool:
        """Whether a second person is to type it, too."""
        return bool(self.value("twice"))

    def path(self, typed: Typed | None = None) -> Path:
        """The way through the survey that the sheet says."""
        return follow(self.live.document, self.typed if typed is None else typed, (self.screen,))

    def shown(self, problems: Mapping[str, str]) -> Shown:
        """The questions with their numbers on paper, what was typed, and what has to be put right."""
        voice = speaker(self.live.document, self.language, self.path())
        made = show(self.screen, voice, self.typed, problems)
        numbers = {q.id: at for at, q in enumerate(self.live.document.answerable, start=1)}
        return replace(
            made,
            parts=tuple(
                Part(part.title, tuple(_numbered(asked, numbers) for asked in part.questions))
                for part in made.parts
            ),
        )

    def page(
        self, status: int = 200, problems: Mapping[str, str] | None = None, **more: Any
    ) -> ResponseReturnValue:
        """The page, with what was typed."""
        languages = [(tag, language_name(tag)) for tag in self.live.document.languages]
        sheets = service.waiting(db(), self.survey)
        context: dict[str, Any] = {"desk": self, "languages": languages, "sources": SOURCE_WORDS}
        context |= {"shown": self.shown(problems or {}), "sheets": sheets, "me": me(), **more}
        return survey_page("studio/key_in.html", self.survey, status, **context)

    def next(self, number: str) -> str:
        """The address of the empty page for the sheet that probably comes next."""
        kept = {"source": self.source, "language": self.language, "number": service.next_number(number)}
        here = {"slug": self.survey.study.slug, "survey_slug": self.survey.slug}
        more = {"version": str(self.version)} if self.version else {}
        more |= {"twice": "1"} if self.twice else {}
        return url_for("studio.key_in", **{**here, **kept, **more})  # type: ignore[arg-type]


def _numbered(asked: Asked, numbers: Mapping[str, int]) -> Asked:
    number = numbers.get(asked.question.id)
    label = Said(f"{number}. {asked.label.text}", asked.label.attributes) if number else asked.label
    return replace(asked, label=label, is_heading=False)
