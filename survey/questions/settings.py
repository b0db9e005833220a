"""The settings of a question type, as data: they read the document and tell the builder what to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from survey.questions.problems import DocumentError

Words = Mapping[str, str]
# Sentences are translated when they are shown, so they are not plain strings until then.
Sentence = Any

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# As long as the columns that hold one.
LANGUAGE = re.compile(r"(?=.{2,20}$)[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MOST_WORDS = 2000
MOST_NOTES = 30
LARGEST_NUMBER = 10**12


@dataclass(frozen=True)
class Setting:
    """One setting: its key in the document, its kind (a key of `READERS`), and what the builder says of it.

    A setting whose default is None may be left out or null. `least` and `most` bound a number or the length
    of a text; `options` are the values of the kind "option", each with its words. `shown` is False for what
    publishing fills in.
    """

    name: str
    kind: str
    label: Sentence
    hint: Sentence = ""
    default: Any = None
    least: int | None = None
    most: int | None = None
    options: tuple[tuple[str, Sentence], ...] = ()
    shown: bool = True

    def read(self, raw: object) -> Any:
        """The value as the question keeps it; raise `DocumentError` when it does not fit."""
        if raw is None:
            if self.default is not None:
                raise self.wrong(_("Fill it in or leave it out"))
            return None
        return READERS[self.kind](self, raw)

    def wrong(self, what_to_do: str) -> DocumentError:
        """The error that names this setting."""
        return DocumentError(_("%(setting)s: %(what)s.", setting=str(self.label), what=what_to_do))


def read_words(setting: Setting, raw: object) -> Words | None:
    """A text in some languages, {"en": "..."}; languages with nothing in them are left out."""
    if not isinstance(raw, dict) or not all(
        isinstance(k, str) and isinstance(v, str) for k, v in raw.items()
    ):
        raise setting.wrong(_('Write it as an object with one text a language, such as {"en": "..."}'))
    if not all(LANGUAGE.fullmatch(tag) for tag in raw):
        raise setting.wrong(_("Use language codes such as en or es"))
    most = setting.most or MOST_WORDS
    if any(len(text) > most for text in raw.values()):
        raise setting.wrong(_("Use at most %(most)s characters", most=most))
    if any(UNSTORABLE.search(text) for text in raw.values()):
        raise setting.wrong(_("It holds a character that cannot be stored. Type it again"))
    return {tag: text for tag, text in raw.items() if text.strip()} or None


def read_whole(setting: Setting, raw: object) -> int:
    """A whole number within the setting's range."""
    least, most = setting.least, setting.most
    if not isinstance(raw, int) or isinstance(raw, bool) or not _within(raw, least, most):
        raise setting.wrong(_("Use a whole number from %(least)s to %(most)s", least=least, most=most))
    return raw


def read_number(setting: Setting, raw: object) -> float:
    """A number; whole ones stay whole."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= LARGEST_NUMBER:
        raise setting.wrong(_("Use a number"))
    return raw


def read_yes(setting: Setting, raw: object) -> bool:
    """Yes or no."""
    if not isinstance(raw, bool):
        raise setting.wrong(_("Use true or false"))
    return raw


def read_option(setting: Setting, raw: object) -> str:
    """One of a few words."""
    known = [value for value, _words in setting.options]
    if raw not in known:
        raise setting.wrong(_("Use one of: %(known)s", known=", ".join(known)))
    return str(raw)


def read_day(setting: Setting, raw: object) -> date:
    """A day, written 2026-05-31."""
    try:
        return date.fromisoformat(raw if isinstance(raw, str) and len(raw) == 10 else "")
    except ValueError:
        raise setting.wrong(_("Use a date such as 2026-05-31")) from None


def read_line(setting: Setting, raw: object) -> str | None:
    """One line of text, without the blanks around it; None when it is empty."""
    if not isinstance(raw, str) or len(raw) > (setting.most or MOST_WORDS):
        raise setting.wrong(_("Use at most %(most)s characters", most=setting.most or MOST_WORDS))
    if UNSTORABLE.search(raw) or "\n" in raw or "\r" in raw:
        raise setting.wrong(_("Write it on one line"))
    return raw.strip() or None


def read_notes(setting: Setting, raw: object) -> Mapping[str, str]:
    """What files of other tools said, {"name": "text"}; nobody is shown it."""
    if not isinstance(raw, dict) or len(raw) > MOST_NOTES:
        raise setting.wrong(_('Write it as an object of texts, such as {"name": "text"}'))
    for key, text in raw.items():
        if not isinstance(key, str) or not isinstance(text, str) or len(key) > 100:
            raise setting.wrong(_('Write it as an object of texts, such as {"name": "text"}'))
        if len(text) > (setting.most or MOST_WORDS) or UNSTORABLE.search(text + key):
            raise setting.wrong(_("Use at most %(most)s characters", most=setting.most or MOST_WORDS))
    return dict(raw)


def _within(number: float, least: int | None, most: int | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


READERS: dict[str, Callable[[Setting, object], Any]] = {
    "words": read_words,
    "whole": read_whole,
    "number": read_number,
    "yes": read_yes,
    "option": read_option,
    "day": read_day,
    "line": read_line,
    "notes": read_notes,
}


def pick(words: Words, languages: tuple[str, ...]) -> tuple[str, str]:
    """The text in the first of these languages that has one, else in any, with the language it is in.

    "es-MX" finds "es" too. Empty words give ("", the language asked for).
    """
    for wanted in languages:
        for tag in (wanted, wanted.split("-")[0]):
            if tag in words:
                return words[tag], tag
    tag = next(iter(words), "")
    return words.get(tag, ""), tag or languages[0]
