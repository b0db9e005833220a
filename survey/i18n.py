"""The language of the interface: asked for, chosen earlier, the browser's, or the office's."""

from __future__ import annotations

from babel import Locale
from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel, get_domain, get_locale

from survey.resources import PACKAGE
from survey.web import settings

LANGUAGES = {"en": "English", "es": "Español"}
_catalogues: dict[Locale, Translations] = {}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def init_app(app: Flask) -> None:
    """Switch Flask-Babel on."""
    folder = str(PACKAGE / "translations")
    Babel(app, default_translation_directories=folder, locale_selector=lambda: locale_of(choose()))
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Flask-Babel looks its catalogue up for each sentence, which made a fifth of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals.update(LANGUAGES=LANGUAGES, language=language, direction=direction)


def _catalogue() -> Translations:
    """The catalogue of the page's language, loaded once in a process."""
    locale = get_locale()
    if locale not in _catalogues:
        _catalogues[locale] = get_domain().get_translations()
    return _catalogues[locale]


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
