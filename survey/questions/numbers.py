"""Numbers, written the way people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from survey.questions.base import Question, Typed, only_text
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Sentence, Setting, Words

MOST_DIGITS = 15  # what a floating-point number, and so a spreadsheet, holds exactly
MOST_TYPED = 60
# Other minus signs, Arabic separators, and the marks that separate thousands in some countries.
SAME_AS = str.maketrans({"−": "-", "–": "-", "٫": ".", "٬": ",", "'": " ", "’": " "})
PLAIN = re.compile(r"([+-]?)(\d*)(?:[.,](\d*))?")
GROUPED = re.compile(r"([+-]?)([1-9]\d{0,2}([ .,])\d{3}(?:\3\d{3})*)(?:(?!\3)[.,](\d+))?")


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number, with bounds, decimals and a unit. Stored as a JSON number."""

    TYPE: ClassVar[str] = "number"
    NAME: ClassVar[Sentence] = _l("Number")
    MISSING: ClassVar[Sentence] = _l("Type a number.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("min", "number", _l("Smallest number")),
        Setting("max", "number", _l("Largest number")),
        Setting("decimals", "whole", _l("Digits after the point"), default=0, least=0, most=6),
        Setting("unit", "words", _l("Unit"), _l("For example years or miles."), most=40),
    )

    min: float | None = None
    max: float | None = None
    decimals: int = 0
    unit: Words | None = None

    def check(self) -> None:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise DocumentError(_("The smallest number is larger than the largest."))

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *([self.unit] if self.unit else []))

    def understand(self, typed: Typed) -> float | None:
        text = only_text(typed, self.field).strip()
        if not text:
            return None
        number = self._number(text)
        low, high = self.min is not None and number < self.min, self.max is not None and number > self.max
        if low or high:
            raise Problem(self._range())
        return int(number) if number == number.to_integral_value() else float(number)

    def _number(self, text: str) -> Decimal:
        sign, whole, part = self._parts(plain_digits(text[:MOST_TYPED]))
        if len(text) > MOST_TYPED or len(whole) + len(part) > MOST_DIGITS:
            raise Problem(_("Type a number with at most %(most)s digits.", most=MOST_DIGITS))
        if len(part.rstrip("0")) > self.decimals:
            raise Problem(self._too_fine())
        return Decimal(f"{sign}{whole or 0}.{part or 0}")

    def _parts(self, text: str) -> tuple[str, str, str]:
        """Sign, digits before the point and digits after it.

        One mark before three digits separates thousands where so many decimals cannot be meant, and is the
        point where they can.
        """
        grouped = GROUPED.fullmatch(text)
        if grouped and not self._may_be_the_point(grouped):
            return grouped[1], re.sub(r"\D", "", grouped[2]), grouped[4] or ""
        plain = PLAIN.fullmatch(text)
        if plain and (plain[2] or plain[3]):
            return plain[1], plain[2].lstrip("0"), plain[3] or ""
        raise Problem(_("Type a number in digits, such as %(example)s.", example=self._example()))

    def _may_be_the_point(self, grouped: re.Match[str]) -> bool:
        only_one_mark = len(re.findall(r"\D", grouped[2])) == 1 and not grouped[4]
        return only_one_mark and grouped[3] != " " and self.decimals >= 3

    def _too_fine(self) -> str:
        if self.decimals == 0:
            return str(_("Type a whole number, such as %(example)s.", example=self._example()))
        limit = ngettext("%(num)s digit after the point", "%(num)s digits after the point", self.decimals)
        return str(_("Use at most %(limit)s.", limit=limit))

    def _example(self) -> str:
        return f"{self.min or self.max or 12:.{self.decimals}f}"

    def _range(self) -> str:
        if self.max is None:
            return str(_("Type a number that is %(least)s or more.", least=self.min))
        if self.min is None:
            return str(_("Type a number that is %(most)s or less.", most=self.max))
        return str(_("Type a number from %(least)s to %(most)s.", least=self.min, most=self.max))

    def shown(self, value: float | None, language: str) -> str:
        number = "" if value is None else in_digits(value)
        return f"{number} {self.say(self.unit, language)}" if number and self.unit else number

    def as_typed(self, value: Any) -> dict[str, list[str]]:
        return super().as_typed(in_digits(value) if isinstance(value, float) else value)


def in_digits(value: float) -> str:
    """A number as people write it: 0.00001, not 1e-05."""
    return f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)


def plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9, other marks as their plain twins, any white space as one space."""
    text = "".join(str(int(c)) if c.isdecimal() else c for c in text.translate(SAME_AS))
    return re.sub(r"(?<=^[+-]) +", "", re.sub(r"\s", " ", text))
