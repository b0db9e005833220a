"""Allocation: a sum to share out, such as 100 points or a budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.conditions import Operand
from survey.questions.numbers import Number
from survey.questions.parts import MOST_PARTS, InParts
from survey.questions.problems import Problem
from survey.questions.settings import LARGEST_NUMBER, Sentence, Setting, Words


@dataclass(frozen=True, kw_only=True)
class Allocation(InParts):
    """Whole numbers that add up to a total. Stored as {choice: number}; an empty field is 0."""

    TYPE: ClassVar[str] = "allocation"
    NAME: ClassVar[Sentence] = _l("Points to share out")
    MISSING: ClassVar[Sentence] = _l("Share it out: type a number in one field at least.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "choices",
            "choices",
            _l("Among what people share it out"),
            _l("One a line."),
            default=(),
            most=MOST_PARTS,
        ),
        Setting(
            "total", "whole", _l("How much there is to share out"), default=100, least=1, most=LARGEST_NUMBER
        ),
        Setting("unit", "words", _l("Unit"), _l("For example points, hours or dollars."), most=40),
    )

    total: int = 100
    unit: Words | None = None

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *([self.unit] if self.unit else []))

    def bounds(self) -> str:
        return str(
            _("The numbers must add up to %(total)s. An empty field is 0.", total=self._said(self.total))
        )

    def _said(self, number: int) -> str:
        """A number with its unit."""
        return f"{format_decimal(number)} {self.in_page(self.unit)}" if self.unit else format_decimal(number)

    @cached_property
    def _share(self) -> Number:
        return Number(id="share", label={}, min=0, max=self.total)

    def read_parts(self, given: Mapping[str, str]) -> dict[str, int] | None:
        if not any(given.values()):
            return None
        shares: dict[str, int] = {}
        wrong: dict[str, str] = {}
        for key, text in given.items():
            try:
                shares[key] = int(self._share.understand({self._share.field: [text]}) or 0)
            except Problem as problem:
                wrong[key] = str(problem)
        if wrong:
            raise self.wrong(wrong)
        self._check_sum(sum(shares.values()))
        return shares

    def _check_sum(self, given: int) -> None:
        left = self.total - given
        if left:
            much = _("%(left)s are left to share out.", left=self._said(left))
            over = _("That is %(over)s too many.", over=self._said(-left))
            sentence = _(
                "Your numbers add up to %(sum)s, and should be %(total)s.", sum=given, total=self.total
            )
            raise Problem(f"{sentence} {much if left > 0 else over}")

    def shown(self, value: Any, language: str) -> str:
        unit = f" {self.say(self.unit, language)}" if self.unit else ""
        return "\n".join(f"{name}: {number}{unit}" for name, number in self.lines(value, language))

    def operand(self, value: Any, part: str | None = None) -> Operand:
        given = value if isinstance(value, Mapping) else {}
        if part is not None:
            return given.get(part)
        return tuple(key for key, number in given.items() if number) or None
