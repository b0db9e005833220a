"""Words for answers that no author wrote ("Yes", "Don't know"), in any language of the interface."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel.support import NullTranslations, Translations
from flask_babel import lazy_gettext as _l

from survey.languages import LANGUAGES, match
from survey.questions import Words
from survey.resources import PACKAGE

# Named here so that they are among the sentences to translate.
SENTENCES = (
    _l("Yes"),
    _l("No"),
    _l("Prefer not to say"),
    _l("Don’t know"),
    _l("I agree"),
    _l("Other"),
    _l("No answer"),
)


def in_languages(sentence: str, tags: Iterable[str]) -> Words:
    """A sentence of ours in each of these languages; in English where we do not speak it."""
    return {tag: said(sentence, tag) for tag in tags}


def said(sentence: str, tag: str) -> str:
    """A sentence of ours in a language, whatever the language of the page is."""
    return str(_catalogue(match([tag], LANGUAGES) or "en").gettext(sentence))


@cache
def _catalogue(tag: str) -> NullTranslations:
    return Translations.load(str(PACKAGE / "translations"), [tag])
