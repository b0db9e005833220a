"""Rules of a survey's draft: where they stand, what they may ask about, how they change.

A rule belongs to a question, a page or a choice. Its top is a list of parts of which all or any have to hold;
parts can be put together into groups, turned around and taken apart again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from survey import building, publishing
from survey.conditions import (
    MOST_DEPTH,
    MOST_LEAVES,
    All,
    Answered,
    Any_,
    Compare,
    Condition,
    Not,
)
from survey.document import Document
from survey.errors import NotFound, Refusal
from survey.questions import Choice, Question, Statement


@dataclass(frozen=True)
class Place:
    """What a rule belongs to: a page, a question, or a choice of a question."""

    kind: str
    id: str
    choice: str = ""

    @classmethod
    def parse(cls, text: str) -> Place:
        """From an address: "page.ID", "question.ID" or "choice.ID.CHOICE"; raise `NotFound`."""
        kind, _dot, rest = text.partition(".")
        id, _dot, choice = rest.partition(".")
        if kind not in ("page", "question", "choice") or not id or bool(choice) != (kind == "choice"):
            raise NotFound
        return cls(kind, id, choice)

    def __str__(self) -> str:
        return ".".join(filter(None, (self.kind, self.id, self.choice)))


def rule_of(document: Document, place: Place) -> Condition | None:
    """The rule at a place; raise `NotFound` when there is no such place."""
    if place.kind == "page":
        return document.pages[building.page_index(document, place.id)].show_if
    question = building.question_of(document, place.id)
    return _choice(question, place.choice).show_if if place.kind == "choice" else question.show_if


def _choice(question: Question, id: str) -> Choice:
    for choice in getattr(question, "choices", ()):
        if isinstance(choice, Choice) and choice.id == id:
            return choice
    raise NotFound


def with_rule(document: Document, place: Place, rule: Condition | None) -> Document:
    """The document with another rule at a place, or with none."""
    if place.kind == "page":
        at = building.page_index(document, place.id)
        pages = list(document.pages)
        pages[at] = replace(pages[at], show_if=rule)
        return replace(document, pages=tuple(pages))
    question = building.question_of(document, place.id)
    if place.kind == "question":
        return building.change(document, replace(question, show_if=rule))
    changed = replace(_choice(question, place.choice), show_if=rule)
    choices = tuple(changed if c.id == place.choice else c for c in getattr(question, "choices", ()))
    return building.change(document, replace(question, choices=choices))  # type: ignore[call-arg]


def named(document: Document, place: Place) -> str:
    """What to call a place in a sentence."""
    if place.kind == "page":
        at = building.page_index(document, place.id)
        title = document.text(document.pages[at].title, document.languages[0])[0]
        number = _("Page %(number)s", number=at + 1)
        return f"{number}: {title}" if title else str(number)
    question = building.question_of(document, place.id)
    if place.kind == "question":
        return publishing.name(question)
    choice = document.text(_choice(question, place.choice).label, document.languages[0])[0]
    return f"{publishing.name(question)}: {choice}"


def earlier(document: Document, place: Place) -> list[Question]:
    """The questions a rule at this place may ask about: those that are answered before it, in order."""
    if place.kind == "page":
        at = building.page_index(document, place.id)
        before = [question for page in document.pages[:at] for question in page.questions]
    else:
        ids = [question.id for question in document.questions]
        building.find(document, place.id)
        before = list(document.questions[: ids.index(place.id)])
    return [question for question in before if not isinstance(question, Statement)]


def places(document: Document) -> Iterator[tuple[Place, Condition]]:
    """Every rule of the survey with its place, in order."""
    for page in document.pages:
        if page.show_if:
            yield Place("page", page.id), page.show_if
        for question in page.questions:
            if question.show_if:
                yield Place("question", question.id), question.show_if
            for choice in getattr(question, "choices", ()):
                if getattr(choice, "show_if", None):
                    yield Place("choice", question.id, choice.id), choice.show_if


# The top of a rule as a list of parts


@dataclass(frozen=True)
class Top:
    """A rule as the builder shows it: its parts, and whether all of them have to hold or any."""

    every: bool
    parts: tuple[Condition, ...]

    @classmethod
    def of(cls, rule: Condition | None) -> Top:
        """The top of a rule; of none, no parts."""
        if rule is None:
            return cls(True, ())
        if isinstance(rule, All | Any_):
            return cls(isinstance(rule, All), rule.parts)
        return cls(True, (rule,))

    def rule(self) -> Condition | None:
        """As one rule again."""
        return _joined(self.parts, self.every) if self.parts else None

    def add(self, part: Condition) -> Top:
        """One more part, at the end."""
        return self._checked(replace(self, parts=(*self.parts, part)))

    def remove(self, chosen: Sequence[int]) -> Top:
        """Without some parts."""
        return replace(self, parts=tuple(p for at, p in enumerate(self.parts) if at not in chosen))

    def turn(self, chosen: Sequence[int]) -> Top:
        """With some parts turned into their opposite."""
        turned = (_opposite(p) if at in chosen else p for at, p in enumerate(self.parts))
        return self._checked(replace(self, parts=tuple(turned)))

    def group(self, chosen: Sequence[int], every: bool) -> Top:
        """With some parts put together, where the first of them stood."""
        if len(chosen) < 2:
            raise Refusal(_("Tick at least two lines to put them together."))
        together = _joined(tuple(self.parts[at] for at in sorted(chosen)), every)
        first = min(chosen)
        parts = (
            together if at == first else p
            for at, p in enumerate(self.parts)
            if at == first or at not in chosen
        )
        return self._checked(replace(self, parts=tuple(parts)))

    def ungroup(self, chosen: Sequence[int]) -> Top:
        """With some groups taken apart."""
        parts: list[Condition] = []
        for at, part in enumerate(self.parts):
            parts += part.parts if at in chosen and isinstance(part, All | Any_) else (part,)
        return replace(self, parts=tuple(parts))

    def _checked(self, top: Top) -> Top:
        rule = top.rule()
        if rule is not None and (
            _depth(rule) > MOST_DEPTH or sum(1 for _leaf in rule.leaves()) > MOST_LEAVES
        ):
            raise Refusal(_("The rule would become too long. Make it simpler, or use a second question."))
        return top


def _joined(parts: tuple[Condition, ...], every: bool) -> Condition:
    if len(parts) == 1:
        return parts[0]
    return All(parts) if every else Any_(parts)


def _opposite(part: Condition) -> Condition:
    """ "Not", without two of them on top of one another."""
    if isinstance(part, Not):
        return part.part
    if isinstance(part, Compare) and part.op in ("=", "!="):
        return replace(part, op="!=" if part.op == "=" else "=")
    return Not(part)


def _depth(rule: Condition) -> int:
    match rule:
        case All(parts) | Any_(parts):
            return 1 + max(map(_depth, parts))
        case Not(part):
            return 1 + _depth(part)
        case _:
            return 1


def is_answered(question_id: str, part: str | None = None, *, yes: bool = True) -> Condition:
    """A part of a rule: a question is answered, or is not."""
    answered = Answered(question_id, part)
    return answered if yes else Not(answered)


def chosen_any(question: Question, values: Sequence[str], part: str | None = None) -> Condition:
    """A part of a rule: one of some values was chosen."""
    op = "includes" if question.TYPE in ("several_choices", "ranking") and part is None else "="
    return _joined(tuple(Compare(question.id, op, value, part) for value in values), every=False)


def chosen_all(question: Question, values: Sequence[str]) -> Condition:
    """A part of a rule: all of some values were chosen."""
    return _joined(tuple(Compare(question.id, "includes", value) for value in values), every=True)
