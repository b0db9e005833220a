"""Questions answered by a point on a scale, or by yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.questions.base import Question, Typed, only_text
from survey.questions.problems import DocumentError, Problem
from survey.questions.settings import Sentence, Setting, Words

DO_NOT_KNOW = "dk"
NOT_SAID = "pns"


@dataclass(frozen=True, kw_only=True)
class Scale(Question):
    """So many points from `first` on; the ends have words. "Don't know" is stored as "dk"."""

    TYPE: ClassVar[str] = "scale"
    NAME: ClassVar[Sentence] = _l("Scale")
    MISSING: ClassVar[Sentence] = _l("Choose one of the answers.")
    ANSWERED_IN_WORDS: ClassVar[bool] = True
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("points", "whole", _l("Points"), _l("From 2 to 11."), default=5, least=2, most=11),
        Setting(
            "first",
            "whole",
            _l("First number"),
            _l("1, or 0 for a scale such as 0 to 10."),
            default=1,
            least=0,
            most=1,
        ),
        Setting("low", "words", _l("Words at the low end"), _l("For example: Very bad"), most=100),
        Setting("high", "words", _l("Words at the high end"), _l("For example: Very good"), most=100),
        Setting("no_answer", "yes", _l("Offer “Don’t know”"), default=True),
    )

    points: int = 5
    first: int = 1
    low: Words | None = None
    high: Words | None = None
    no_answer: bool = True

    def check(self) -> None:
        if not self.low or not self.high:
            raise DocumentError(_("Write words for both ends of the scale."))

    def texts(self) -> tuple[Words, ...]:
        return (*super().texts(), *(words for words in (self.low, self.high) if words))

    @property
    def numbers(self) -> range:
        """The points."""
        return range(self.first, self.first + self.points)

    def understand(self, typed: Typed) -> int | str | None:
        value = only_text(typed, self.field)
        if not value or (value == DO_NOT_KNOW and self.no_answer):
            return value or None
        if value not in map(str, self.numbers):
            first, last = self.numbers[0], self.numbers[-1]
            raise Problem(_("Choose a number from %(first)s to %(last)s.", first=first, last=last))
        return int(value)

    def shown(self, value: Any, language: str) -> str:
        if value == DO_NOT_KNOW:
            return str(_("Don’t know"))
        if not isinstance(value, int):
            return ""
        words = {self.numbers[0]: self.low, self.numbers[-1]: self.high}.get(value)
        return f"{value} – {self.say(words, language)}" if words else str(value)


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Yes or no; where the author wants, "Prefer not to say", which is stored as "pns"."""

    TYPE: ClassVar[str] = "yes_no"
    NAME: ClassVar[Sentence] = _l("Yes or no")
    MISSING: ClassVar[Sentence] = _l("Choose one of the answers.")
    SETTINGS: ClassVar[tuple[Setting, ...]] = (
        Setting("no_answer", "yes", _l("Offer “Prefer not to say”"), default=False),
    )

    no_answer: bool = False

    def answers(self) -> list[tuple[str, str]]:
        """What can be chosen: how it is stored, and in words."""
        always = [("yes", str(_("Yes"))), ("no", str(_("No")))]
        return [*always, (NOT_SAID, str(_("Prefer not to say")))] if self.no_answer else always

    def understand(self, typed: Typed) -> str | None:
        value = only_text(typed, self.field)
        if value and value not in dict(self.answers()):
            raise Problem(_("One of the answers is not on the list. Choose from the list."))
        return value or None

    def shown(self, value: Any, language: str) -> str:
        words = {"yes": _("Yes"), "no": _("No"), NOT_SAID: _("Prefer not to say")}
        return str(words.get(value, "")) if isinstance(value, str) else ""
