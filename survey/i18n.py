"""The language of the interface: asked for, chosen earlier, the browser's, or the office's.

Respondents' pages speak every language of `survey.languages`, staff pages English and Spanish. On a page of a
survey the words of the survey decide; the buttons around them can be put into another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from babel import Locale
from babel.support import Translations
from flask import Flask, g, request, session
from flask_babel import Babel, get_domain, get_locale
from markupsafe import Markup

from survey.languages import (
    EXACT_TAGS,
    LANGUAGES,
    STAFF_LANGUAGES,
    direction,
    language_name,
    match,
    teach_creole,
)
from survey.problems import of_api
from survey.resources import PACKAGE
from survey.web import settings

__all__ = ["LANGUAGES", "buttons_for", "choose", "direction", "language", "locale_of", "wishes"]

# With numbers and dates as the United States write them; the others bring their own.
LOCALES = {"en": "en_US", "es": "es_US"}
# The pages of everybody; all other pages are for staff. No blueprint: an address that leads nowhere.
PUBLIC = frozenset({"front", "respond", "meet", "results", None})
_catalogues: dict[Locale, Translations] = {}


def init_app(app: Flask) -> None:
    """Switch Flask-Babel on."""
    teach_creole()
    folder = str(PACKAGE / "translations")
    Babel(
        app,
        default_translation_directories=folder,
        locale_selector=lambda: locale_of(choose()),
        timezone_selector=lambda: settings().timezone,
    )
    app.jinja_env.add_extension("jinja2.ext.i18n")
    # Flask-Babel looks its catalogue up for each sentence, which made a fifth of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    helpers = (language, exact_tag, direction, languages_here, other_languages_here, is_unapproved)
    more = (other_buttons, tag_attributes, language_name, here)
    app.jinja_env.globals.update({helper.__name__: helper for helper in (*helpers, *more)})


def _catalogue() -> Translations:
    """The catalogue of the page's language, loaded once in a process."""
    locale = get_locale()
    if locale not in _catalogues:
        _catalogues[locale] = get_domain().get_translations()
    return _catalogues[locale]


def locale_of(tag: str) -> str:
    """The locale of a language of the interface: its words, and how it writes numbers and dates."""
    return LOCALES.get(tag, tag)


def languages_here() -> Mapping[str, str]:
    """The languages that this page can be in, with their own names."""
    if request.blueprint in PUBLIC and not of_api() and not _is_tour():
        return LANGUAGES
    return {tag: LANGUAGES[tag] for tag in STAFF_LANGUAGES}


def _is_tour() -> bool:
    """Whether this is the first page of a demo: it leads staff around."""
    return settings().demo and request.endpoint == "front.home"


def other_languages_here() -> list[tuple[str, str, Markup]]:
    """What this page can be changed to: key, own name and attributes of each language."""
    return [(t, name, tag_attributes(t)) for t, name in languages_here().items() if t != language()]


def tag_attributes(tag: str) -> Markup:
    """The `lang` and `dir` attributes of words in a language."""
    return Markup(' lang="{}" dir="{}"').format(EXACT_TAGS.get(tag, tag), direction(tag))


def here(name: str, value: str) -> str:
    """The address of this page with one more argument."""
    return f"?{urlencode({**request.args, name: value})}"


def choose() -> str:
    """The interface language of this request. `?lang=` is remembered in the page cookie."""
    offered = languages_here()
    asked = match([request.args.get("lang", "")], LANGUAGES)
    if asked in offered:
        session["language"] = asked
    person = g.get("person")
    chosen = (asked, session.get("language"), person.language if person else None)
    for tag in chosen:
        if tag in offered:
            return str(tag)
    office = settings().language
    return match(wishes(), offered) or (office if office in offered else STAFF_LANGUAGES[0])


def wishes() -> list[str]:
    """The languages that the browser asks for, the dearest first."""
    return [tag for tag, quality in request.accept_languages if quality > 0]


def buttons_for(tag: str) -> str:
    """The language of the buttons on pages whose words are in `tag`.

    That language where we have it, unless this browser was told to have its buttons in another one.
    """
    asked = request.args.get("buttons") or request.form.get("buttons")
    if asked in LANGUAGES:
        session["buttons"] = asked
    own = session.get("buttons")
    return str(own) if own in LANGUAGES else match([tag], LANGUAGES) or language()


def language() -> str:
    """The language the page is in, as a key of `LANGUAGES`."""
    return str(get_locale().language)


def exact_tag() -> str:
    """The language the page is in, as the tag for `lang`."""
    return EXACT_TAGS.get(language(), language())


def is_unapproved() -> bool:
    """Whether the words of this page were translated by a machine and no speaker has approved them yet."""
    return language() not in {*STAFF_LANGUAGES, *settings().approved}


def other_buttons(words: str = "") -> list[str]:
    """The languages to offer for the buttons of a page whose words are in `words`.

    Those that need no approval while the page's own does, and the language of the words after a change.
    """
    if is_unapproved():
        return [tag for tag in STAFF_LANGUAGES if tag != language()]
    own = match([words], LANGUAGES)
    return [own] if own and own != language() else []
