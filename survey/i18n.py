"""The language of the interface: asked for, chosen earlier, the browser's, or the office's."""

from __future__ import annotations

from flask import Flask, g, request, session
from flask_babel import Babel, get_locale

from survey.resources import PACKAGE
from survey.web import settings

LANGUAGES = {"en": "English", "es": "Español"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def init_app(app: Flask) -> None:
    """Switch Flask-Babel on."""
    Babel(app, default_translation_directories=str(PACKAGE / "translations"), locale_selector=lambda: locale_of(choose()))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, language=language, direction=direction)


def locale_of(tag: str) -> str:
    """The locale of a language: its words, with numbers and dates as the United States write them."""
    return f"{tag}_US"


def choose() -> str:
    """The interface language of this request. `?lang=` is remembered in the page cookie."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        session["language"] = asked
    person = g.get("person")
    wishes = (asked, session.get("language"), person.language if person else None)
    for wish in wishes:
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(list(LANGUAGES)) or settings().language


def language() -> str:
    """The language the page is in, as a BCP 47 tag."""
    return str(get_locale().language)


def direction(tag: str) -> str:
    """ "rtl" for languages written from right to left."""
    return "rtl" if tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"
