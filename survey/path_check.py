"""The path checker: rules that cannot work, and questions that nobody can reach.

Whether something can be reached is tried out: the questions a rule depends on, directly or through rules of
their own, are answered in every way that can make a difference to those rules, in the order of the survey.
Where that would be too many ways, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from survey import building, rules
from survey.conditions import Answer, Compare, Condition, Leaf, Operand
from survey.document import Document
from survey.errors import NotFound
from survey.path_values import TooManyWays, values_that_matter
from survey.questions import Question, Statement
from survey.rule_words import parts_of, values_of

MOST_WAYS = 20_000


@dataclass(frozen=True)
class Finding:
    """Something the author should look at. `must` says that the survey cannot be published with it."""

    text: str
    place: rules.Place
    must: bool


def findings(document: Document) -> list[Finding]:
    """Everything wrong with the rules of a survey, in its order."""
    found = list(_impossible(document))
    return found or list(_unreachable(document))


def _impossible(document: Document) -> Iterator[Finding]:
    """Rules that ask about what is not there, or not yet."""
    loops = _loops(document)
    for place, rule in rules.places(document):
        seen = _Seen(document, {question.id for question in rules.earlier(document, place)})
        for leaf in rule.leaves():
            for answer in _asked(leaf):
                text = seen.fault(answer, leaf)
                if text and answer.question in loops.get(place.id, ()):
                    text = _loop(document, loops[place.id])
                if text:
                    name = rules.named(document, place)
                    yield Finding(_("“%(name)s”: %(what)s", name=name, what=text), place, must=True)


def _asked(leaf: Leaf) -> Iterator[Answer]:
    yield Answer(leaf.question, leaf.part)
    if isinstance(leaf, Compare) and isinstance(leaf.value, Answer):
        yield leaf.value


@dataclass(frozen=True)
class _Seen:
    """What a rule at some place can see: the questions before it."""

    document: Document
    before: set[str]

    def fault(self, answer: Answer, leaf: Leaf) -> str:
        """What is wrong with asking for this answer; empty when nothing is."""
        question = next((q for q in self.document.questions if q.id == answer.question), None)
        if question is None:
            return str(_("its rule asks about a question that is not there any more. Change the rule."))
        if isinstance(question, Statement):
            return str(_("its rule asks about a text that has no answer. Change the rule."))
        if question.id not in self.before:
            return str(_("its rule asks about a later question. Move one of them, or change the rule."))
        return self._part_fault(question, answer.part, leaf)

    def _part_fault(self, question: Question, part: str | None, leaf: Leaf) -> str:
        language = self.document.languages[0]
        if part not in (None, "other") and part not in dict(parts_of(question, language)):
            return str(_("its rule asks about a part of a question that is gone. Change the rule."))
        if leaf.question == question.id and part is None and _not_offered(question, leaf, language):
            return str(_("its rule asks for an answer that is not offered any more. Change the rule."))
        return ""


def _not_offered(question: Question, leaf: Leaf, language: str) -> bool:
    """Whether a value can never be chosen. "is not" is left alone: it is true then, not false."""
    if not isinstance(leaf, Compare) or leaf.of != "value" or leaf.op not in ("=", "includes"):
        return False
    offered = dict(values_of(question, language))
    filled_later = getattr(question, "audiences", False)
    return bool(offered) and not filled_later and isinstance(leaf.value, str) and leaf.value not in offered


def _loops(document: Document) -> dict[str, tuple[str, ...]]:
    """Questions whose rules need one another, by id: the ring each is in."""
    needs: dict[str, set[str]] = {question.id: set() for question in document.questions}
    for page in document.pages:
        for question in page.questions:
            rule = page.show_if.questions() if page.show_if else frozenset()
            needs[question.id] |= (question.depends_on() | rule) & needs.keys()
    rings: dict[str, tuple[str, ...]] = {}
    for start in needs:
        ring = _ring(start, needs)
        if ring:
            rings[start] = ring
    for page in document.pages:
        ring = next((rings[q.id] for q in page.questions if q.id in rings), ())
        if ring:
            rings.setdefault(page.id, ring)
    return rings


def _ring(start: str, needs: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The shortest way from a question back to itself; empty when there is none."""
    came: dict[str, str] = {}
    front = [start]
    while front:
        reached: list[str] = []
        for here in front:
            for there in sorted(needs[here]):
                if there == start:
                    return _way(came, start, here)
                if there not in came:
                    came[there] = here
                    reached.append(there)
        front = reached
    return ()


def _way(came: Mapping[str, str], start: str, last: str) -> tuple[str, ...]:
    way = [last]
    while way[-1] != start:
        way.append(came[way[-1]])
    return tuple(reversed(way))


def _loop(document: Document, ring: tuple[str, ...]) -> str:
    names = [rules.named(document, rules.Place("question", id)) for id in (*ring, ring[0])]
    way = " → ".join(f"“{name}”" for name in names)
    return str(_("its rule goes round in a circle: %(way)s. Take one of these rules away.", way=way))


def _unreachable(document: Document) -> Iterator[Finding]:
    """Rules that no answers can fulfil."""
    hidden: set[str] = set()
    for place, rule in rules.places(document):
        if place.id in hidden or _can_hold(document, place, rule) is not False:
            continue
        hidden |= _inside(document, place)
        words = {
            "page": _("No answers lead to “%(name)s”: nobody would see this page. Change its rule."),
            "question": _("No answers lead to “%(name)s”: nobody would be asked. Change its rule."),
            "choice": _("No answers lead to “%(name)s”: nobody would be offered it. Change its rule."),
        }
        yield Finding(words[place.kind] % {"name": rules.named(document, place)}, place, must=False)


def _inside(document: Document, place: rules.Place) -> set[str]:
    """What needs no finding of its own when nobody gets to a place."""
    if place.kind != "page":
        return {place.id} if place.kind == "question" else set()
    page = document.pages[building.page_index(document, place.id)]
    return {question.id for question in page.questions}


def _can_hold(document: Document, place: rules.Place, rule: Condition) -> bool | None:
    """Whether some answers fulfil the rule and lead to its place; None when that is too long to try out."""
    try:
        goals = [rule, *_around(document, place)]
        return _Search(document, _closure(document, goals), goals).run()
    except (TooManyWays, NotFound):
        return None


def _around(document: Document, place: rules.Place) -> list[Condition]:
    """The rules that have to hold as well: of the page, and of the question whose choice it is."""
    if place.kind == "page":
        return []
    at, _position = building.find(document, place.id)
    question = building.question_of(document, place.id)
    found = [document.pages[at].show_if, question.show_if if place.kind == "choice" else None]
    return [rule for rule in found if rule]


def _closure(document: Document, goals: list[Condition]) -> list[Question]:
    """The questions on which these rules depend, in the order of the survey."""
    wanted: set[str] = set()
    waiting = {id for goal in goals for id in goal.questions()}
    while waiting:
        id = waiting.pop()
        at, _position = building.find(document, id)
        page = document.pages[at]
        wanted.add(id)
        rule = page.show_if.questions() if page.show_if else frozenset()
        waiting |= (building.question_of(document, id).depends_on() | rule) - wanted
    return [question for question in document.questions if question.id in wanted]


@dataclass
class _Search:
    """Answers questions in every way that matters, until the goals hold."""

    document: Document
    questions: list[Question]
    goals: list[Condition]
    asked: dict[str, Question] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    ways: int = 0

    def run(self) -> bool:
        leaves = [leaf for _place, rule in rules.places(self.document) for leaf in rule.leaves()]
        self.values = {q.id: values_that_matter(q, leaves) for q in self.questions}
        return self._from(0)

    def _from(self, at: int) -> bool:
        self.ways += 1
        if self.ways > MOST_WAYS:
            raise TooManyWays
        if at == len(self.questions):
            return all(goal.holds(self._look) for goal in self.goals)
        question = self.questions[at]
        offered = self._offered(question)
        if offered is None:
            return self._from(at + 1)
        self.asked[question.id] = offered
        for value in self._values(question, offered):
            self.answers[question.id] = value
            if self._from(at + 1):
                return True
        del self.answers[question.id]
        return False

    def _offered(self, question: Question) -> Question | None:
        at, _position = building.find(self.document, question.id)
        rule = self.document.pages[at].show_if
        if not self._holds(rule) or not self._holds(question.show_if):
            self.answers.pop(question.id, None)
            return None
        return question.offered(self._holds)

    def _values(self, question: Question, offered: Question) -> list[Any]:
        values = self.values[question.id]
        if offered is not question:
            left = {choice.id for choice in getattr(offered, "choices", ())} | {"other"}
            values = [value for value in values if _is_offered(value, left)]
        return [None, *values] if question.optional or not values else values

    def _holds(self, rule: Condition | None) -> bool:
        return rule is None or rule.holds(self._look)

    def _look(self, question_id: str, part: str | None) -> Operand:
        value = self.answers.get(question_id)
        return None if value is None else self.asked[question_id].operand(value, part)


def _is_offered(value: Any, left: set[str]) -> bool:
    return left.issuperset(value) if isinstance(value, list) else value in left
