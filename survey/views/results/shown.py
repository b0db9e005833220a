"""A release as a page shows it: in which language, with which pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, session
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from survey.formats.release import PublicRelease
from survey.formats.release_reading import Reader
from survey.formats.summary import SMALL_GROUPS
from survey.i18n import buttons_for, language, locale_of, tag_attributes, wishes
from survey.languages import language_name, match
from survey.pages import page
from survey.views import pictures
from survey.views.results import bp


@dataclass(frozen=True)
class Shown:
    """What `results/release.html` needs of a release."""

    document: PublicRelease
    reader: Reader
    pictures: pictures.Pictures

    @property
    def others(self) -> list[tuple[str, str, Markup]]:
        """The other languages it can be read in: tag, own name and attributes of each."""
        tags = (tag for tag in self.document.languages if tag != self.reader.language)
        return [(tag, language_name(tag), tag_attributes(tag)) for tag in tags]


@bp.app_template_global("group_name")
def group_name(name: str) -> str:
    """The name of a group; in the language of the page for those that were counted together."""
    return str(_("Smaller groups together")) if name == SMALL_GROUPS else name


def spoken(offered: tuple[str, ...]) -> str:
    """The language to show a release in: asked for, chosen earlier, the browser's, or its own."""
    asked = (request.args.get("lang", ""), session.get("language", ""), *wishes())
    return match([tag for tag in asked if tag], offered) or offered[0]


def reader_of(document: PublicRelease) -> Reader:
    """A release as this visitor reads it."""
    return Reader(document, spoken(document.languages))


def release_page(document: PublicRelease, code: int = 200, /, **context: Any) -> tuple[str, int]:
    """The page of a release, with its buttons in the language of its words where we speak it."""
    language()  # a language that was asked for is remembered, as on every page
    reader = reader_of(document)
    shown = Shown(document, reader, pictures.of_summary(document.summary))
    with force_locale(locale_of(buttons_for(reader.language))):
        return page("results/release.html", code, shown=shown, **context)
