"""Whether some answers of a survey fulfil a rule: tried out, as far as that is not too long."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey import building, rules
from survey.conditions import Condition, Leaf, Operand
from survey.document import Document
from survey.errors import NotFound
from survey.path_values import TooManyWays, values_that_matter
from survey.questions import Question
from survey.screens import Page

MOST_WAYS = 20_000
MOST_WAYS_IN_ALL = 100_000  # of one survey: about a second
MOST_STEPS = 200  # questions on the way to a rule


@dataclass
class Tried:
    """What all searches of a survey have in common: the values to try, and how many ways were tried."""

    document: Document
    ways: int = 0
    known: dict[str, list[Any] | None] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, tuple[Page, Question]]:
        """Every question with its page, by id."""
        return {question.id: (page, question) for page in self.document.pages for question in page.questions}

    @cached_property
    def needs(self) -> dict[str, frozenset[str]]:
        """By the id of a question, those that decide whether and how it is asked."""
        return {
            id: question.depends_on() | (page.show_if.questions() if page.show_if else frozenset())
            for id, (page, question) in self.places.items()
        }

    @cached_property
    def leaves(self) -> dict[str, list[Leaf]]:
        """The leaves of all rules, by the questions they are about."""
        found: dict[str, list[Leaf]] = {}
        for _place, rule in rules.places(self.document):
            for leaf in rule.leaves():
                for question_id in leaf.questions():
                    found.setdefault(question_id, []).append(leaf)
        return found

    def values(self, question: Question) -> list[Any]:
        """The values that matter of a question; raise `TooManyWays` when there are too many."""
        if question.id not in self.known:
            self.known[question.id] = None
            self.known[question.id] = values_that_matter(question, self.leaves.get(question.id, []))
        values = self.known[question.id]
        if values is None:
            raise TooManyWays
        return values

    def count(self) -> None:
        """One more way; raise `TooManyWays` when that is too many for one survey."""
        self.ways += 1
        if self.ways > MOST_WAYS_IN_ALL:
            raise TooManyWays


def can_hold(tried: Tried, place: rules.Place, rule: Condition) -> bool | None:
    """Whether some answers fulfil the rule and lead to its place; None when that is too long to try out."""
    document = tried.document
    try:
        goals = [rule, *_around(document, place)]
        return _Search(_closure(tried, goals), goals, tried).run()
    except (TooManyWays, NotFound, KeyError):
        return None


def _around(document: Document, place: rules.Place) -> list[Condition]:
    """The rules that have to hold as well: of the page, and of the question whose choice it is."""
    if place.kind == "page":
        return []
    at, _position = building.find(document, place.id)
    question = building.question_of(document, place.id)
    found = [document.pages[at].show_if, question.show_if if place.kind == "choice" else None]
    return [rule for rule in found if rule]


def _closure(tried: Tried, goals: list[Condition]) -> list[Question]:
    """The questions on which these rules depend, in the order of the survey."""
    wanted: set[str] = set()
    waiting = {id for goal in goals for id in goal.questions()}
    while waiting:
        id = waiting.pop()
        wanted.add(id)
        if len(wanted) > MOST_STEPS:
            raise TooManyWays
        waiting |= tried.needs[id] - wanted
    return [question for question in tried.document.questions if question.id in wanted]


@dataclass
class _Search:
    """Answers questions in every way that matters, until the goals hold."""

    questions: list[Question]
    goals: list[Condition]
    tried: Tried
    asked: dict[str, Question] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    ways: int = 0

    def run(self) -> bool:
        self.values = {q.id: self.tried.values(q) for q in self.questions}
        return self._from(0)

    def _from(self, at: int) -> bool:
        self.ways += 1
        self.tried.count()
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
        page, _question = self.tried.places[question.id]
        if not self._holds(page.show_if) or not self._holds(question.show_if):
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
