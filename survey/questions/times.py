"""Times of day, written the way people write them: 2:30 pm, 14.30, 1430, 14h30."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Any, ClassVar

from babel import Locale
from babel.dates import format_time, get_time_format
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.questions.base import Question, Typed, only_text
from survey.questions.numbers import plain_digits
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import READERS, Sentence, Setting

MOST_TYPED = 40
STORED = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Hour, minutes and seconds with marks between them; or all digits in one piece. Words may stand around them.
APART = re.compile(r"(\D*?)\s*(\d{1,2})(?:\s?[:.,hg-]\s?(\d\d)(?:[:.]00)?| (\d\d))?(?!\d)\s*(\D*)")
TOGETHER = re.compile(r"(\D*?)\s*(\d{1,2})(\d\d)(?!\d)\s*(\D*)")
NO_MEANING = frozenset({"", "h", "hr", "hrs", "hours", "o'clock", "oclock", "uhr", "at"})


def _read_clock(setting: Setting, raw: object) -> str:
    if not isinstance(raw, str) or not STORED.fullmatch(raw):
        raise setting.wrong(_("Use a time such as 08:30 or 18:00"))
    return raw


READERS["clock"] = _read_clock


@dataclass(frozen=True, kw_only=True)
class Time(Question):
    """A time of day. Stored as 14:05."""

    TYPE: ClassVar[str] = "time"
    NAME: ClassVar[Sentence] = _l("Time")
    MISSING: ClassVar[Sentence] = _l("Type a time, such as 2:30 pm or 14:30.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("earliest", "clock", _l("Earliest time"), _l("For example 8:30 am. Leave it empty for any.")),
        Setting("latest", "clock", _l("Latest time")),
    )

    earliest: str | None = None
    latest: str | None = None

    def check(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise DocumentError(_("The earliest time is after the latest."))

    def bounds(self) -> str:
        return str(_("For example 2:30 pm or 14:30."))

    def understand(self, typed: Typed) -> str | None:
        text = only_text(typed, self.field).strip()
        if not text:
            return None
        clock = read_time(text)
        if self.earliest and clock < self.earliest:
            raise Problem(_("Type a time that is %(time)s or later.", time=in_words(self.earliest)))
        if self.latest and clock > self.latest:
            raise Problem(_("Type a time that is %(time)s or earlier.", time=in_words(self.latest)))
        return clock

    def in_words(self, value: Any, language: str) -> str:
        return in_words(value) if isinstance(value, str) and STORED.fullmatch(value) else ""


def in_words(clock: str) -> str:
    """A stored time as the language of the page writes it."""
    return format_time(time.fromisoformat(clock), "short", locale=get_locale() or "en")


def read_time(text: str) -> str:
    """A time as it is stored; raise `Problem` when it cannot be one, or could be two."""
    plain = plain_digits(unicodedata.normalize("NFKC", text[:MOST_TYPED])).casefold().strip()
    found = APART.fullmatch(plain) or TOGETHER.fullmatch(plain)
    if len(text) > MOST_TYPED or not found:
        raise _not_understood()
    before, *digits, after = found.groups()
    hour, *minutes = (part for part in digits if part is not None)
    half = _half(_letters(before), _letters(after))
    if not half and len(hour) == 1 and hour != "0" and _twelve_hours(_tag()):
        raise _early_or_late(int(hour), *minutes)
    return _stored(int(hour), int(minutes[0]) if minutes else 0, half)


def _not_understood() -> Problem:
    return Problem(_("Type a time, such as 2:30 pm or 14:30."))


def _letters(words: str) -> str:
    return re.sub(r"[\s.]", "", words)


def _tag() -> str:
    locale = get_locale()
    return str(locale) if locale else "en_US"


def _half(before: str, after: str) -> str:
    """ "am", "pm", or "" where the words around the digits do not say; raise `Problem` for other words."""
    halves = _halves(_tag())
    said = [word for word in (before, after) if word not in NO_MEANING]
    if len(said) > 1 or any(word not in halves for word in said):
        raise _not_understood()
    return halves[said[0]] if said else ""


@cache
def _halves(tag: str) -> dict[str, str]:
    """Words for am and pm in a language, and those that are known in many."""
    found: dict[str, str] = {}
    for language in ("zh", "ar", "es", "en", tag):
        for names in Locale.parse(language).day_periods["format"].values():
            found |= {_letters(names[half].casefold()): half for half in ("am", "pm") if half in names}
    return {unicodedata.normalize("NFKC", word): half for word, half in found.items()}


@cache
def _twelve_hours(tag: str) -> bool:
    return "a" in get_time_format("short", locale=tag).pattern


def _early_or_late(hour: int, minutes: str = "00") -> Problem:
    early, late = f"{hour:02}:{minutes}", f"{hour + 12}:{minutes}"
    if not STORED.fullmatch(early):
        return _no_such_time()
    return Problem(
        _("Add am or pm, such as %(early)s or %(late)s.", early=in_words(early), late=in_words(late))
    )


def _no_such_time() -> Problem:
    return Problem(_("There is no such time. Type it like 2:30 pm or 14:30."))


def _stored(hour: int, minute: int, half: str) -> str:
    if half and 0 < hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    clock = f"{hour:02}:{minute:02}"
    if not STORED.fullmatch(clock) or (half == "am" and hour > 11) or (half == "pm" and hour < 12):
        raise _no_such_time()
    return clock
