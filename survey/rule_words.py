"""Rules in plain words, and what they can ask about in a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from survey import publishing
from survey.conditions import All, Answer, Answered, Any_, Compare, Condition, Not, Value
from survey.document import Document
from survey.questions import Question


def in_words(
    rule: Condition, document: Document, language: str = "", numbers: Mapping[str, int] | None = None
) -> str:
    """A rule as a sentence an author can check; on paper, where questions have `numbers`, it names these."""
    return _Words(document, language or document.languages[0], numbers or {}).say(rule, inside=False)


@dataclass(frozen=True)
class _Words:
    document: Document
    language: str
    numbers: Mapping[str, int]

    def say(self, rule: Condition, inside: bool) -> str:
        match rule:
            case All(parts):
                return self._list(parts, str(_(" and ")), inside)
            case Any_(parts):
                return self._list(parts, str(_(" or ")), inside)
            case Not(part):
                return str(_("not: %(rule)s", rule=self.say(part, inside=True)))
            case Answered():
                return str(_("%(question)s is answered", question=self._asked(rule.question, rule.part)))
            case _:
                return self._compare(rule)

    def _list(self, parts: tuple[Condition, ...], word: str, inside: bool) -> str:
        text = word.join(self.say(part, inside=True) for part in parts)
        return f"({text})" if inside and len(parts) > 1 else text

    def _compare(self, leaf: Compare) -> str:
        asked, value = self._asked(leaf.question, leaf.part), self._value(leaf.question, leaf.value)
        if leaf.of == "count":
            asked = str(_("the number of answers to %(question)s", question=asked))
        if leaf.of == "length":
            asked = str(_("the number of characters in %(question)s", question=asked))
        return _comparisons()[leaf.op](asked, value)

    def _asked(self, id: str, part: str | None) -> str:
        question = next((q for q in self.document.questions if q.id == id), None)
        if question is None:
            return str(_("a question that is not there (%(id)s)", id=id))
        name = f"“{publishing.name(question)}”"
        if id in self.numbers:
            name = str(_("question %(number)s", number=self.numbers[id]))
        return f"{name}, “{part_name(question, part, self.language)}”" if part else name

    def _value(self, id: str, value: Value) -> str:
        if isinstance(value, Answer):
            return self._asked(value.question, value.part)
        question = next((q for q in self.document.questions if q.id == id), None)
        words = dict(values_of(question, self.language)) if question else {}
        return f"“{words.get(str(value), value)}”" if isinstance(value, str) else str(value)


def _comparisons() -> dict[str, Callable[[str, str], str]]:
    return {
        "=": lambda what, value: str(_("%(what)s is %(value)s", what=what, value=value)),
        "!=": lambda what, value: str(_("%(what)s is not %(value)s", what=what, value=value)),
        "<": lambda what, value: str(_("%(what)s is less than %(value)s", what=what, value=value)),
        "<=": lambda what, value: str(_("%(what)s is %(value)s or less", what=what, value=value)),
        ">": lambda what, value: str(_("%(what)s is more than %(value)s", what=what, value=value)),
        ">=": lambda what, value: str(_("%(what)s is %(value)s or more", what=what, value=value)),
        "includes": lambda what, value: str(_("%(what)s includes %(value)s", what=what, value=value)),
        "contains": lambda what, value: str(_("%(what)s contains %(value)s", what=what, value=value)),
    }


def values_of(question: Question, language: str) -> list[tuple[str, str]]:
    """The values that can be chosen in a question, each with its words; of typed answers, none."""
    listed = [(c.id, question.say(c.label, language)) for c in getattr(question, "choices", ())]
    if getattr(question, "other", False):
        listed.append(("other", str(_("Other"))))
    if question.TYPE == "yes_no":
        listed = [("yes", str(_("Yes"))), ("no", str(_("No")))]
        listed += [("pns", str(_("Prefer not to say")))] if getattr(question, "no_answer", False) else []
    if question.TYPE == "consent":
        listed = [("yes", str(_("Yes")))]
    return listed


def parts_of(question: Question, language: str) -> list[tuple[str, str]]:
    """The parts of a question that a rule can ask about, each with its words; most questions have none."""
    if question.TYPE == "matrix":
        return [(row.id, question.say(row.label, language)) for row in getattr(question, "rows", ())]
    if question.TYPE in ("ranking", "allocation"):
        return [(c.id, question.say(c.label, language)) for c in getattr(question, "choices", ())]
    return []


def part_name(question: Question, part: str, language: str) -> str:
    """The words of a part."""
    return dict([*parts_of(question, language), ("other", str(_("Other")))]).get(part, part)
