"""What respondents see at once: screens, made of pages and cut where an answer is needed first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from survey.conditions import Condition
from survey.questions import Question, Words

MOST_FIELDS = 200  # of one form: what a request may hold
# Where an earlier answer is put into a text: the id of its question, or its name in data files.
PIPE = re.compile(r"\$\{([^{}\s]{1,200})\}")


@dataclass(frozen=True)
class Page:
    """Questions that belong together, with a title and a rule when to show them where the author gave one."""

    id: str
    title: Words | None
    questions: tuple[Question, ...]
    show_if: Condition | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the document."""
        title = dict(self.title) if self.title else None
        rule = self.show_if.to_document() if self.show_if else None
        asked = [q.to_document() for q in self.questions]
        return {"id": self.id, "title": title, "show_if": rule, "questions": asked}

    def piped(self) -> frozenset[str]:
        """What its title names of earlier answers."""
        return names_in((self.title,) if self.title else ())


@dataclass(frozen=True)
class Screen:
    """What a respondent sees at once: one question, one page, or all pages, as the layout says.

    A rule cannot depend on an answer of the same screen: where one would, the screen is cut in two.
    """

    parts: tuple[Page, ...]

    @cached_property
    def is_fixed(self) -> bool:
        """Whether everybody sees the same, whatever they answered before."""
        return not any(
            part.show_if or part.piped() or any(q.depends_on() or names_in(q.texts()) for q in part.questions)
            for part in self.parts
        )

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Everything on it, statements too."""
        return tuple(question for part in self.parts for question in part.questions)

    @cached_property
    def only(self) -> Question | None:
        """The question, where there is just one: its label is then the heading of the page."""
        return self.questions[0] if len(self.questions) == 1 else None

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of all its form fields."""
        return tuple(name for question in self.questions for name in question.fields())


def names_in(texts: Iterable[Words]) -> frozenset[str]:
    """What texts name of earlier answers, in any language."""
    found = (PIPE.findall(text) for words in texts for text in words.values() if "${" in text)
    return frozenset(name for names in found for name in names)


def cut(pages: Iterable[Page], by_name: Mapping[str, str]) -> Iterator[Screen]:
    """Pages as few screens: a new one begins where something depends on an answer of the same screen."""
    parts: list[Page] = []
    here: set[str] = set()
    fields = 0
    for page in pages:
        titled = page
        for question in page.questions:
            first = question is page.questions[0]
            needs = _needs(question, by_name) | (_page_needs(page, by_name) if first else set())
            width = len(question.fields())
            if parts and (needs & here or fields + width > MOST_FIELDS):
                yield Screen(tuple(parts))
                parts, here, fields = [], set(), 0
                titled = page if first else replace(page, title=None)
            parts = _with(parts, titled, question)
            here.add(question.id)
            fields += width
    if parts:
        yield Screen(tuple(parts))


def _needs(question: Question, by_name: Mapping[str, str]) -> set[str]:
    """The questions that have to be answered before this one can be shown."""
    return {*question.depends_on(), *(by_name.get(name, "") for name in names_in(question.texts()))}


def _page_needs(page: Page, by_name: Mapping[str, str]) -> set[str]:
    rule = page.show_if.questions() if page.show_if else frozenset()
    return {*rule, *(by_name.get(name, "") for name in page.piped())}


def _with(parts: list[Page], page: Page, question: Question) -> list[Page]:
    """The parts of a screen with one more question, in the part of its page."""
    if parts and parts[-1].id == page.id:
        last = parts[-1]
        return [*parts[:-1], replace(last, questions=(*last.questions, question))]
    return [*parts, replace(page, questions=(question,))]
