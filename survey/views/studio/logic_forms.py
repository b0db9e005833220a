"""The form that makes one part of a rule: what can be asked about a question, and what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey import rules
from survey.conditions import Compare, Condition, Not
from survey.questions import Date, Number, Problem, Question
from survey.questions.numbers import plain_digits
from survey.questions.times import Time
from survey.rule_words import parts_of, values_of

# What can be ticked, and what can be compared by size.
CHOSEN = frozenset({"one_choice", "place", "yes_no", "consent"})
MEASURED = frozenset({"number", "scale", "allocation", "ranking", "date", "time"})
ORDERS = ("=", "!=", "<", "<=", ">", ">=")


@dataclass(frozen=True)
class Way:
    """One way to ask about a question: its name in the form, its words, and the fields that go with it."""

    name: str
    words: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartForm:
    """What can be asked about `question`, with what was typed."""

    question: Question
    language: str
    typed: MultiDict[str, str]

    @property
    def values(self) -> list[tuple[str, str]]:
        """The answers to tick."""
        return values_of(self.question, self.language)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The rows or choices, of which one has to be named."""
        return parts_of(self.question, self.language)

    @property
    def orders(self) -> list[tuple[str, str]]:
        """The comparisons, each with its words."""
        words = (
            _("is"),
            _("is not"),
            _("is less than"),
            _("is at most"),
            _("is more than"),
            _("is at least"),
        )
        return list(zip(ORDERS, map(str, words), strict=True))

    @property
    def ways(self) -> list[Way]:
        """The ways that make sense for this type of question, the likeliest first."""
        kind = self.question.TYPE
        found = []
        if kind in CHOSEN or kind == "matrix":
            found.append(Way("any", str(_("The answer is one of these")), ("values",)))
            found.append(Way("none", str(_("The answer is none of these")), ("values",)))
        elif kind == "several_choices":
            found += self._several()
        elif kind in MEASURED:
            words = _("The place, 1 being first") if kind == "ranking" else _("The answer, compared")
            found.append(Way("compare", str(words), ("order", "value")))
        else:
            found += self._texts()
        return [*found, *self._answered()]

    def _several(self) -> list[Way]:
        return [
            Way("any", str(_("At least one of these was chosen")), ("values",)),
            Way("all", str(_("All of these were chosen")), ("values",)),
            Way("none", str(_("None of these was chosen")), ("values",)),
            Way("count", str(_("How many were chosen")), ("order", "value")),
        ]

    def _texts(self) -> list[Way]:
        return [
            Way("contains", str(_("The text contains")), ("value",)),
            Way("compare", str(_("The text is the same as")), ("value",)),
            Way("length", str(_("How many characters it has")), ("order", "value")),
        ]

    def _answered(self) -> list[Way]:
        return [
            Way("answered", str(_("It was answered"))),
            Way("unanswered", str(_("It was not answered"))),
        ]

    @property
    def way(self) -> Way:
        """The way that was chosen, or the likeliest."""
        return next((way for way in self.ways if way.name == self.typed.get("how")), self.ways[0])

    def read(self) -> Condition:
        """The part of a rule that was chosen; raise `Problem` when something is missing."""
        return _READERS[self.way.name](self)

    @property
    def part(self) -> str | None:
        """The row or choice that was named."""
        if not self.parts:
            return None
        part = self.typed.get("part", "")
        if part not in dict(self.parts):
            raise Problem(_("Choose which part of the question you mean."))
        return part

    def ticked(self) -> list[str]:
        """The answers that were ticked, in the order of the question."""
        ticked = set(self.typed.getlist("values"))
        known = [id for id, _words in self.values if id in ticked]
        if not known:
            raise Problem(_("Tick at least one answer."))
        return known

    def order(self) -> str:
        """The comparison that was chosen."""
        order = self.typed.get(f"{self.way.name}.order", "=")
        return order if order in ORDERS else "="

    def text(self) -> str:
        """What was typed to compare with."""
        text = self.typed.get(f"{self.way.name}.value", "").strip()
        if not text:
            raise Problem(_("Type what the answer is compared with."))
        if len(text) > 500 or "\0" in text:
            raise Problem(_("Type at most 500 characters."))
        return text

    def number(self) -> float:
        """The number that was typed."""
        try:
            number = float(plain_digits(self.text()[:30]).replace(",", "."))
        except ValueError:
            raise Problem(_("Type a number in digits, such as 12.")) from None
        if not abs(number) <= 10**12:
            raise Problem(_("Type a smaller number."))
        return int(number) if number == int(number) else number

    def value(self) -> Any:
        """What was typed, as answers of this question are stored."""
        question = self.question
        if isinstance(question, Date | Time):
            return _as_answered(question, self.text())
        if isinstance(question, Number) or question.TYPE in MEASURED:
            return self.number()
        return self.text()


def _as_answered(question: Date | Time, text: str) -> Any:
    """A date or time as it is stored, whatever the bounds of the question are."""
    free = type(question)(id=question.id, label=question.label)
    return free.understand({question.field: [text]})


def _compare(form: PartForm) -> Condition:
    return Compare(form.question.id, form.order(), form.value(), form.part)


def _measure(of: str) -> Callable[[PartForm], Condition]:
    return lambda form: Compare(form.question.id, form.order(), form.number(), None, of)


_READERS: Mapping[str, Callable[[PartForm], Condition]] = {
    "any": lambda form: rules.chosen_any(form.question, form.ticked(), form.part),
    "none": lambda form: Not(rules.chosen_any(form.question, form.ticked(), form.part)),
    "all": lambda form: rules.chosen_all(form.question, form.ticked()),
    "count": _measure("count"),
    "length": _measure("length"),
    "compare": _compare,
    "contains": lambda form: Compare(form.question.id, "contains", form.text()),
    "answered": lambda form: rules.is_answered(form.question.id),
    "unanswered": lambda form: rules.is_answered(form.question.id, yes=False),
}
