"""The survey on paper: a page made to be printed, in two sizes of letters, for every language and version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.document import Document, parse
from survey.i18n import language
from survey.languages import language_name
from survey.models import Survey
from survey.pages import page
from survey.paper import SIZES, Paper
from survey.permissions import may
from survey.services import surveys
from survey.views.studio import bp
from survey.views.studio.letters import SHEETS
from survey.views.studio.mailing_words import spoken
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import survey_of


@dataclass(frozen=True)
class Look:
    """How it is printed; `version` is 0 for the draft."""

    version: int
    language: str
    size: int
    sheet: str

    def url(self, survey: Survey, **changed: Any) -> str:
        """The address of the same sheet with something else."""
        here: dict[str, Any] = {"version": self.version or "draft", "language": self.language}
        here |= {"size": self.size, "sheet": self.sheet, **changed}
        return url_for("studio.paper", slug=survey.study.slug, survey_slug=survey.slug, **here)


@bp.get(BUILDER + "/paper")
@may("edit surveys")
def paper(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The published survey, or its draft, as people fill it in with a pen."""
    survey = survey_of(slug, survey_slug)
    version = _version(survey)
    document = _document(survey, version)
    look = Look(version, _one_of("language", document.languages), _size(), _one_of("sheet", SHEETS))
    bar = _bar(survey, document, look)
    with spoken(look.language):
        made = Paper(document, look.language, look.size)
        context = {"survey": survey, "study": survey.study, "paper": made, "version": version, "bar": bar}
        return page("studio/paper.html", sheet=look.sheet, spoken=look.language, **context)


def _version(survey: Survey) -> int:
    """The version asked for, else the newest; 0 for the draft."""
    newest = len(survey.versions)
    if request.args.get("version") == "draft":
        return 0
    asked = request.args.get("version", newest, type=int)
    return asked if 1 <= asked <= newest else newest


def _document(survey: Survey, version: int) -> Document:
    if not version:
        return surveys.whole_draft(survey)
    return parse(survey.versions[version - 1].document)


def _one_of(name: str, offered: tuple[str, ...]) -> str:
    asked = request.args.get(name, "")
    return asked if asked in offered else offered[0]


def _size() -> int:
    asked = request.args.get("size", 0, type=int)
    return asked if asked in SIZES else SIZES[0]


def _bar(survey: Survey, document: Document, look: Look) -> dict[str, Any]:
    """What stands above the sheet on the screen, in the language of whoever prints it."""
    links = [
        (_("%(size)s point", size=size), look.url(survey, size=size), size == look.size) for size in SIZES
    ]
    names = {"letter": _("Letter paper"), "a4": _("A4 paper")}
    links += [(names[s], look.url(survey, sheet=s), s == look.sheet) for s in SHEETS]
    links += [
        (language_name(tag), look.url(survey, language=tag), tag == look.language)
        for tag in document.languages
    ]
    if survey.versions:
        newest = len(survey.versions)
        words = _("Version %(number)s", number=look.version or newest)
        links += [(words, look.url(survey, version=look.version or newest), look.version > 0)]
        links += [(_("Draft"), look.url(survey, version="draft"), look.version == 0)]
    return {
        "language": language(),
        "name": _("Printing"),
        "back": _("Back to mail and paper"),
        "how": _("Print with the print command of your browser."),
        "links": links,
        "language_name": language_name(look.language),
    }
