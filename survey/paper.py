"""A survey as it stands on paper: numbers, rules in words, where to go on, how much room an answer gets.

Pure: a document and a language go in. The sentences are in the language that is spoken when it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from survey.conditions import Compare, Condition, Operand
from survey.document import Document
from survey.questions import Question, Statement, Words
from survey.questions.problems import Problem
from survey.rule_words import in_words, values_of
from survey.screens import PIPE, Page

SIZES = (12, 18)
CHARACTERS_A_LINE = {12: 70, 18: 45}
MOST_LINES = {12: 9, 18: 7}
SHORT = 25
MOST_CHOICES_LISTED = 40
MOST_COLUMNS = {12: 7, 18: 5}


@dataclass(frozen=True)
class Piece:
    """A question on paper. `number` is None for words that ask nothing.

    `jumps` says where answers lead, `choices_if` which choices are not for everybody.
    """

    question: Question
    number: int | None
    only_if: str
    jumps: Mapping[str, str]
    choices_if: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The name of its macro."""
        return self.question.TYPE


@dataclass(frozen=True)
class Part:
    """Questions under one title, with the rule that holds for all of them."""

    title: Words | None
    only_if: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Paper:
    """A survey on paper, in one language and one size of letters."""

    document: Document
    language: str
    size: int

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers of the questions that take an answer."""
        return {question.id: at for at, question in enumerate(self.document.answerable, start=1)}

    @cached_property
    def parts(self) -> list[Part]:
        """The pages of the survey that hold anything."""
        return [self._part(page) for page in self.document.pages if page.questions]

    def _part(self, page: Page) -> Part:
        pieces = tuple(self._piece(question) for question in page.questions)
        return Part(page.title, self._rule(page.show_if), pieces)

    def _piece(self, question: Question) -> Piece:
        number = self.numbers.get(question.id)
        some = {c.id: self._rule(c.show_if) for c in getattr(question, "choices", ()) if c.show_if}
        return Piece(question, number, self._rule(question.show_if), self._jumps(question), some)

    def _rule(self, rule: Condition | None) -> str:
        if rule is None:
            return ""
        return str(
            _("Only if %(rule)s.", rule=in_words(rule, self.document, self.language, numbers=self.numbers))
        )

    def say(self, words: Words | None) -> tuple[str, str]:
        """Words with the language they are in. An earlier answer cannot stand on paper: its question does."""
        text, tag = self.document.text(words, self.language)
        return PIPE.sub(self._piped, text), tag

    def _piped(self, found: Any) -> str:
        number = self.numbers.get(self.document.by_name.get(found[1], ""))
        if number is None:
            return str(found[0])
        return str(_("[your answer to question %(number)s]", number=number))

    def _jumps(self, question: Question) -> dict[str, str]:
        """Where one goes on after an answer, where that is not the next question."""
        if question.TYPE not in ("one_choice", "yes_no") or not self._is_asked_about(question):
            return {}
        found = ((value, self._next(question, value)) for value, _words in values_of(question, self.language))
        return {value: self._go_to(number) for value, number in found if number is not None}

    def _is_asked_about(self, question: Question) -> bool:
        return any(question.id in rule.questions() for rule in self._rules())

    def _rules(self) -> Iterator[Condition]:
        for page in self.document.pages:
            yield from (rule for rule in (page.show_if, *(q.show_if for q in page.questions)) if rule)

    def _next(self, question: Question, value: str) -> int | None:
        """The number to go on with when this answer leaves out what follows; None when it does not.

        Only what this one answer decides counts: whatever depends on others too is for the person to read.
        """
        later = self._after(question)
        first = next((at for at, one in enumerate(later) if not self._hidden_by(one, question, value)), None)
        if first == 0 or not later:
            return None
        return len(self.numbers) + 1 if first is None else self.numbers[later[first][1].id]

    def _after(self, question: Question) -> list[tuple[Page, Question]]:
        rows = [(page, q) for page in self.document.pages for q in page.questions]
        at = next(at for at, (_page, q) in enumerate(rows) if q.id == question.id)
        return [row for row in rows[at + 1 :] if not isinstance(row[1], Statement)]

    def _hidden_by(self, row: tuple[Page, Question], question: Question, value: str) -> bool:
        rules = (rule for rule in (row[0].show_if, row[1].show_if) if rule)
        return any(_decided(rule, question, value) for rule in rules)

    def _go_to(self, number: int) -> str:
        if number > len(self.numbers):
            return str(_("Go to the end"))
        return str(_("Go to question %(number)s", number=number))

    def lines(self, question: Any) -> int:
        """How many lines a text gets."""
        needed = -(-int(question.max_length) // CHARACTERS_A_LINE[self.size])
        return max(2 if question.TYPE == "long_text" else 1, min(needed, MOST_LINES[self.size]))

    def is_short(self, question: Any) -> bool:
        """Whether a part of a line is enough."""
        return int(question.max_length) <= SHORT

    def is_listed(self, question: Any) -> bool:
        """Whether the list to choose from is printed; a long one is not, people write what they look for."""
        return len(question.choices) <= MOST_CHOICES_LISTED

    def is_table(self, question: Any) -> bool:
        """Whether the answers of a matrix fit side by side."""
        return len(question.choices) <= MOST_COLUMNS[self.size]

    @property
    def total(self) -> int:
        """How many questions there are."""
        return len(self.numbers)


def _decided(rule: Condition, question: Question, value: str) -> bool:
    """Whether this one answer is enough to know that a rule does not hold."""
    if rule.questions() != {question.id} or not all(_is_plain(leaf) for leaf in rule.leaves()):
        return False
    try:
        stored = question.understand({question.field: [value]})
    except Problem:  # "other" without its text
        stored = None
    answer: Operand = value if stored is None else question.operand(stored)
    return not rule.holds(lambda _id, _part: answer)


def _is_plain(leaf: Any) -> bool:
    """Whether a comparison is about the choice, and not about words written beside it."""
    return leaf.part is None and (not isinstance(leaf, Compare) or leaf.of == "value")
