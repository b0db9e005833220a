"""Dates, as three numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar

from babel.dates import format_date, get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.questions.base import Question, Typed, only_text
from survey.questions.numbers import plain_digits
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Sentence, Setting

ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
PARTS = ("day", "month", "year")


@dataclass(frozen=True, kw_only=True)
class Date(Question):
    """A day, typed as day, month and year, or in one piece as 2026-05-31. Stored in that form."""

    TYPE: ClassVar[str] = "date"
    NAME: ClassVar[Sentence] = _l("Date")
    MISSING: ClassVar[Sentence] = _l("Type a date: day, month and year.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("earliest", "day", _l("Earliest date")),
        Setting("latest", "day", _l("Latest date")),
    )

    earliest: date | None = None
    latest: date | None = None

    def check(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise DocumentError(_("The earliest date is after the latest."))

    def fields(self) -> tuple[str, ...]:
        return (self.field, *self.parts())

    def parts(self) -> tuple[str, str, str]:
        """The fields of day, month and year. The dot keeps them apart from fields of other questions."""
        return f"{self.field}.day", f"{self.field}.month", f"{self.field}.year"

    def understand(self, typed: Typed) -> str | None:
        texts = [plain_digits(only_text(typed, name).strip()[:20]) for name in self.fields()]
        given = [text for text in texts if text]
        if not given:
            return None
        whole = ISO.fullmatch(given[0]) if len(given) == 1 else None
        return self._within(_date(whole.groups()) if whole else _from_parts(texts[1:])).isoformat()

    def in_words(self, value: Any, language: str) -> str:
        return _in_words(date.fromisoformat(value)) if isinstance(value, str) and ISO.fullmatch(value) else ""

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        if not isinstance(value, str):
            raise Problem(_("Give the day as a text such as 2026-05-31."))
        return {self.field: [value]}

    def _within(self, day: date) -> date:
        if self.earliest and day < self.earliest:
            raise Problem(_("Type a date that is %(day)s or later.", day=_in_words(self.earliest)))
        if self.latest and day > self.latest:
            raise Problem(_("Type a date that is %(day)s or earlier.", day=_in_words(self.latest)))
        return day


def _from_parts(texts: list[str]) -> date:
    names = (_("day"), _("month"), _("year"))
    missing = [name for name, text in zip(names, texts, strict=True) if not text]
    if missing:
        raise Problem(_("The date lacks its %(parts)s. Add it.", parts=_(" and ").join(missing)))
    texts[1] = _month(texts[1])
    if not all(re.fullmatch(r"\d{1,4}", text) for text in texts):
        raise Problem(_("Type day, month and year in digits, such as 31 5 2026."))
    if len(texts[2]) != 4:
        raise Problem(_("Type the year with four digits, such as 2026."))
    return _date((texts[2], texts[1], texts[0]))


def _tag() -> str:
    return str(get_locale() or "en")


def _month(text: str) -> str:
    """A month as digits, where its name or the beginning of it was typed; else what was typed."""
    name = text.casefold().rstrip(".")
    named = {number for whole, number in _months(_tag()) if whole.startswith(name)}
    return named.pop() if len(name) >= 3 and len(named) == 1 else text


@cache
def _months(tag: str) -> list[tuple[str, str]]:
    """The names of months in a language and in English: people write them all the same."""
    names = (get_month_names("wide", locale=language).items() for language in ("en", tag))
    return [(name.casefold(), str(number)) for found in names for number, name in found]


def _in_words(day: date) -> str:
    return format_date(day, "long", locale=get_locale() or "en")


def _date(parts: tuple[str, ...]) -> date:
    year, month, day = map(int, parts)
    try:
        return date(year, month, day)
    except ValueError:
        raise Problem(_("There is no such day. Check day and month.")) from None
