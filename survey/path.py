"""The way one respondent takes through a survey: which questions are asked, given what was typed so far.

Pure: a document and what was typed go in. The walk goes once through the questions in their order, so a
rule sees only answers that come before it; what is hidden counts as not answered, whatever was typed there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from survey.conditions import Condition, Operand
from survey.document import Document
from survey.questions import Problem, Question
from survey.screens import PIPE, Page, Screen

Typed = Mapping[str, list[str]]

MOST_PIPED = 200
UNANSWERED = "…"
# They keep an answer in another script from turning the sentence around it.
ISOLATE, END = "\u2068", "\u2069"
# Marks in an answer that would end the isolation, or turn what comes behind it.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Stop:
    """A screen that is on the way, with those of its questions that are asked.

    `number` is its place among all screens of the survey, so an address means the same on every way.
    """

    number: int
    screen: Screen


@dataclass
class Walked:
    """What a walk has found, by question id: answers, problems, and the questions as they are asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)
    hidden: list[Question] = field(default_factory=list)
    pages: dict[str, bool] = field(default_factory=dict)

    def look(self, question_id: str, part: str | None) -> Operand:
        """An answer as rules see it."""
        value = self.answers.get(question_id)
        return None if value is None else self.asked[question_id].operand(value, part)

    def holds(self, condition: Condition | None) -> bool:
        """Whether a rule lets through."""
        return condition is None or condition.holds(self.look)

    def enters(self, page: Page) -> bool:
        """Whether a page is shown: decided when it is first reached, for all screens it is cut into."""
        if page.id not in self.pages:
            self.pages[page.id] = self.holds(page.show_if)
        return self.pages[page.id]

    def meet(self, page: Page, question: Question, typed: Typed) -> None:
        """Ask a question, or pass it by."""
        offered = question.offered(self.holds) if self.enters(page) and self.holds(question.show_if) else None
        if offered is None:
            self.hidden.append(question)
            return
        self.asked[question.id] = offered
        try:
            value = offered.read(typed)
        except Problem as problem:
            self.problems[question.id] = str(problem)
        else:
            if value is not None:
                self.answers[question.id] = value


@dataclass(frozen=True)
class Path:
    """The way through `screens` (of `document`, and perhaps one more about the person)."""

    document: Document
    screens: tuple[Screen, ...]
    typed: Typed

    @cached_property
    def walked(self) -> Walked:
        """The walk itself."""
        walked = Walked()
        for screen in self.screens:
            for page in screen.parts:
                for question in page.questions:
                    walked.meet(page, question, self.typed)
        return walked

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that count, by question id."""
        return self.walked.answers

    @property
    def problems(self) -> dict[str, str]:
        """What has to be put right, by question id."""
        return self.walked.problems

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The screens on the way. Without rules these are all, and nothing needs to be read for it."""
        numbered = enumerate(self.screens, start=1)
        if not self.document.has_rules:
            return tuple(Stop(number, screen) for number, screen in numbered)
        left = ((number, self._left(screen)) for number, screen in numbered)
        return tuple(Stop(number, screen) for number, screen in left if screen is not None)

    def _left(self, screen: Screen) -> Screen | None:
        """A screen with what is asked of it; None when nothing is."""
        if screen.is_fixed:
            return screen
        asked = self.walked.asked
        parts = [
            replace(part, questions=tuple(asked[q.id] for q in part.questions if q.id in asked))
            for part in screen.parts
        ]
        kept = tuple(part for part in parts if part.questions)
        return Screen(kept) if kept else None

    @property
    def dropped(self) -> list[Question]:
        """Questions that are not asked any more, though something was typed there: it will not be sent."""
        if not self.document.has_rules:
            return []
        return [q for q in self.walked.hidden if any(any(self.typed.get(name, ())) for name in q.fields())]

    @property
    def questions(self) -> list[Question]:
        """Everything that is asked, in order."""
        return [question for stop in self.stops for question in stop.screen.questions]

    def at(self, number: int) -> Stop | None:
        """The stop of that number, if it is on the way."""
        return next((stop for stop in self.stops if stop.number == number), None)

    def after(self, number: int) -> Stop | None:
        """The next stop."""
        return next((stop for stop in self.stops if stop.number > number), None)

    def before(self, number: int) -> Stop | None:
        """The stop before."""
        return next((stop for stop in reversed(self.stops) if stop.number < number), None)

    def first_open(self) -> Stop | None:
        """The first stop that was never sent, or the words to read before it; None when all were sent."""
        stops = self.stops
        here = next((at for at, stop in enumerate(stops) if not _was_sent(stop.screen, self.typed)), None)
        while here and not stops[here - 1].screen.fields:
            here -= 1
        return None if here is None else stops[here]

    def fill(self, text: str, language: str) -> str:
        """A text with earlier answers in the places that name them, `${id}`."""
        if "${" not in text:
            return text
        return PIPE.sub(lambda found: self._piped(found, language), text)

    def _piped(self, found: re.Match[str], language: str) -> str:
        question_id = self.document.by_name.get(found[1])
        if question_id is None:
            return found[0]
        value = self.answers.get(question_id)
        said = self.walked.asked[question_id].in_words(value, language) if value is not None else ""
        words = TURNING.sub("", said)
        if len(words) > MOST_PIPED:
            words = words[: MOST_PIPED - 1] + UNANSWERED
        return f"{ISOLATE}{words}{END}" if words else UNANSWERED


def _was_sent(screen: Screen, typed: Typed) -> bool:
    """Whether its form came; of words to read nothing can come."""
    return typed.keys() >= set(screen.fields)


def follow(document: Document, typed: Typed, screens: Sequence[Screen] | None = None) -> Path:
    """The way through a survey, given what was typed, by form field."""
    return Path(document, document.screens if screens is None else tuple(screens), typed)
