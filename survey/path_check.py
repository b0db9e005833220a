"""The path checker: rules that cannot work, and questions that nobody can reach.

Whether something can be reached is tried out: the questions a rule depends on, directly or through rules of
their own, are answered in every way that can make a difference to those rules, in the order of the survey.
Where that would be too many ways, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from survey import building, rules
from survey.conditions import Answer, Compare, Leaf
from survey.document import Document
from survey.path_search import Tried, can_hold
from survey.questions import Question, Statement
from survey.rule_words import parts_of, values_of


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
    questions = {question.id: question for question in document.questions}
    for place, rule in rules.places(document):
        seen = _Seen(document, questions, {question.id for question in rules.earlier(document, place)})
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
    questions: Mapping[str, Question]
    before: set[str]

    def fault(self, answer: Answer, leaf: Leaf) -> str:
        """What is wrong with asking for this answer; empty when nothing is."""
        question = self.questions.get(answer.question)
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
    for start in _circling(needs):
        ring = _ring(start, needs)
        if ring:
            rings[start] = ring
    for page in document.pages:
        ring = next((rings[q.id] for q in page.questions if q.id in rings), ())
        if ring:
            rings.setdefault(page.id, ring)
    return rings


def _circling(needs: Mapping[str, set[str]]) -> list[str]:
    """The questions whose needs lead into a circle; the others, most often all, are quickly left out."""
    left, before = dict(needs), len(needs) + 1
    while len(left) < before:
        before = len(left)
        for id in list(left):
            if left[id].isdisjoint(left.keys()):
                del left[id]
    return list(left)


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
    tried = Tried(document)
    for place, rule in rules.places(document):
        if place.id in hidden or can_hold(tried, place, rule) is not False:
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
