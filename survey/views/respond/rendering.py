"""From a document to what the templates show. The builder's preview shows the same, with nothing stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from survey.document import Document
from survey.i18n import direction, language
from survey.languages import language_name
from survey.path import Path
from survey.questions import Question, Statement, Words
from survey.screens import Screen


@dataclass(frozen=True)
class Said:
    """A text of the survey, with `lang` and `dir` attributes where it is not in the language of the page."""

    text: str
    attributes: Markup

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Asked:
    """A question as it is shown: its words, what was typed, what has to be put right."""

    question: Question
    label: Said
    help: Said
    values: Mapping[str, list[str]]
    problem: str | None
    limit: str
    speaker: Speaker
    is_heading: bool

    @property
    def kind(self) -> str:
        """The name of its macro."""
        return self.question.TYPE

    @property
    def field(self) -> str:
        """The name of its field, and the id of its first control."""
        return self.question.field

    @property
    def described(self) -> str:
        """The ids of what belongs to the control: help, limit, error."""
        parts = ("help", bool(self.help)), ("limit", bool(self.limit)), ("error", bool(self.problem))
        return " ".join(f"{self.field}-{name}" for name, there in parts if there)

    @cached_property
    def to_change(self) -> tuple[str, ...]:
        """The ids of the controls to put right, where there is a problem."""
        return self.question.to_change(self.values) if self.problem else ()

    def typed(self, name: str = "") -> str:
        """The text in a field."""
        return "\n".join(self.values.get(name or self.field, []))

    @property
    def phrases(self) -> dict[str, str]:
        """What many questions say."""
        return self.speaker.phrases

    def say(self, words: Words | None) -> Said:
        """Words of the question, such as a choice."""
        return self.speaker.say(words)


@dataclass(frozen=True)
class Speaker:
    """Says the words of a document in a language, inside a page that may be in another."""

    document: Document
    language: str
    page_language: str
    path: Path | None = None

    @cached_property
    def phrases(self) -> dict[str, str]:
        """What many questions of a page say, translated once."""
        return {
            "optional": _("(optional)"),
            "error": _("Error:"),
            "do_not_know": _("Don’t know"),
            "choose": _("Choose one"),
            "other": _("Other"),
            "own": _("Your own answer"),
            "left": _("You have {n} characters left."),
            "over": _("You have {n} characters too many."),
        }

    def say(self, words: Words | None) -> Said:
        """The words, in the first language of the survey where there is no translation."""
        text, tag = self.document.text(words, self.language)
        if self.path is not None:
            text = self.path.fill(text, tag)
        if tag == self.page_language:
            return Said(text, Markup())
        return Said(text, attributes(tag))


@dataclass(frozen=True)
class Part:
    """Questions under one title."""

    title: Said
    questions: tuple[Asked, ...]


@dataclass(frozen=True)
class Shown:
    """A screen ready for the template `components/questions.html`.

    `is_fixed` says that it is the same for everybody on whom nothing was typed.
    """

    heading: Said
    parts: tuple[Part, ...]
    is_fixed: bool = True

    @cached_property
    def questions(self) -> list[Asked]:
        """Everything asked on it."""
        return [asked for part in self.parts for asked in part.questions]

    @property
    def is_blank(self) -> bool:
        """Whether it is as everybody meets it: nothing is typed and nothing has to be put right."""
        if not self.is_fixed:
            return False
        fields = [(asked.values, name) for asked in self.questions for name in asked.question.fields()]
        return not self.problems and not any(any(values.get(name, ())) for values, name in fields)

    @cached_property
    def problems(self) -> bool:
        """Whether anything has to be put right."""
        return any(asked.problem for asked in self.questions)


def markup(shown: Shown, voice: Speaker, number: int) -> Markup:
    """The questions of a screen as HTML.

    Most people meet a page on which nothing is typed: that one is made once per version and language.
    """
    macros: Any = current_app.jinja_env.get_template("components/questions.html").module
    made: dict[tuple[int, str, str], Markup] = voice.document.markup
    key = (number, voice.language, voice.page_language)
    if shown.is_blank and key in made:
        return made[key]
    asked: Markup = macros.questions(shown)
    if shown.is_blank:
        made[key] = asked
    return asked


def speaker(document: Document, tag: str, path: Path | None = None) -> Speaker:
    """Whoever says the words of a document in this language on the page being made.

    With a `path`, earlier answers are put into the words that name them.
    """
    return Speaker(document, tag, language(), path)


def show(
    screen: Screen,
    voice: Speaker,
    typed: Mapping[str, list[str]] | None = None,
    problems: Mapping[str, str] | None = None,
) -> Shown:
    """A screen with what was typed (by field) and what has to be put right (by question id)."""
    typed, problems = typed or {}, problems or {}
    only = screen.only
    parts = tuple(
        Part(voice.say(part.title), tuple(_ask(q, voice, typed, problems, q is only) for q in part.questions))
        for part in screen.parts
    )
    title = screen.parts[0].title if len(screen.parts) == 1 else None
    # The title of the survey names nobody's answers: it stands on pages that are made once for all.
    named = only.label if only else title
    heading = voice.say(named) if named else replace(voice, path=None).say(voice.document.title)
    return Shown(heading, parts, screen.is_fixed)


def _ask(
    question: Question,
    voice: Speaker,
    typed: Mapping[str, list[str]],
    problems: Mapping[str, str],
    is_heading: bool,
) -> Asked:
    return Asked(
        question,
        voice.say(question.label),
        voice.say(question.help),
        typed,
        problems.get(question.id),
        question.bounds(),
        voice,
        is_heading,
    )


@dataclass(frozen=True)
class Given:
    """A line of the check page: a question, its answer in words, the page where it can be changed."""

    label: Said
    answer: Said
    problem: str | None
    page: int
    field: str


def check_lines(path: Path, voice: Speaker) -> list[Given]:
    """Every question that is asked, with its answer, in order."""
    return [
        Given(
            voice.say(q.label),
            _answer(q, voice, path.answers.get(q.id)),
            path.problems.get(q.id),
            stop.number,
            q.field,
        )
        for stop in path.stops
        for q in stop.screen.questions
        if not isinstance(q, Statement)
    ]


def _answer(question: Question, voice: Speaker, value: Any) -> Said:
    tag = voice.say(question.label).attributes if question.ANSWERED_IN_WORDS else Markup(' dir="auto"')
    return Said(question.in_words(value, voice.language), tag)


def progress(screens: Sequence[Screen], place: int, layout: str) -> tuple[str, int, int]:
    """Where one is, `place` counting from 1: in words, and as so many of so many marks.

    Statements are not counted. Rules change how many there are while one answers.
    """
    if layout != "question":
        words = _("Page %(number)s of %(of)s", number=place, of=len(screens)) if len(screens) > 1 else ""
        return str(words), place, len(screens) if words else 0
    counted = [screen.only is not None and not isinstance(screen.only, Statement) for screen in screens]
    done, of = sum(counted[:place]), sum(counted)
    words = _("Question %(number)s of %(of)s", number=done, of=of) if counted[place - 1] else ""
    return str(words), done, of


def attributes(tag: str) -> Markup:
    """The `lang` and `dir` attributes of a language."""
    return Markup(' lang="{}" dir="{}"').format(tag, direction(tag))


def other_languages(voice: Speaker) -> list[tuple[str, str, Markup]]:
    """What the page can change to: code, own name and attributes of each language."""
    tags = (tag for tag in voice.document.languages if tag != voice.language)
    return [(tag, language_name(tag), attributes(tag)) for tag in tags]
