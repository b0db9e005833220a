"""A survey's document: its words, pages and questions, checked once and then frozen.

The same JSON is what the builder edits, what a published version keeps and what import and export speak.
Words are kept per language, {"en": "...", "es": "..."}; the first language of the survey is the one that
stands in where a translation is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey import questions
from survey.questions import DocumentError, Question, Setting, Statement, Words
from survey.questions.base import read_id
from survey.questions.settings import LANGUAGE, pick

LAYOUTS = ("question", "pages", "page")
MOST_FIELDS = 200
MOST_QUESTIONS = 200
MOST_LANGUAGES = 30

SETTINGS = (
    Setting("title", "words", _l("Title"), _l("People see it on every page."), most=200),
    Setting("what", "words", _l("What it is about"), _l("One or two sentences.")),
    Setting("why", "words", _l("What happens with the answers")),
    Setting("minutes", "whole", _l("Minutes it takes"), least=1, most=600),
    Setting(
        "contact", "words", _l("Who helps"), _l("A phone number or e-mail, and where to get it on paper.")
    ),
    Setting("thanks", "words", _l("Thanks and what comes next"), _l("Shown when the answers are sent.")),
    Setting(
        "layout",
        "option",
        _l("Pages"),
        default="question",
        options=(
            ("question", _l("One question a page")),
            ("pages", _l("In pages, as I arrange them")),
            ("page", _l("All on one page")),
        ),
    ),
)
PAGE_TITLE = Setting("title", "words", _l("Title of a page"), most=200)
# The mode belongs to the survey, not to its words; files of surveys may carry it along.
KEYS = frozenset({"languages", "pages", "mode"} | {setting.name for setting in SETTINGS})


@dataclass(frozen=True)
class Page:
    """Questions that belong together, with a title where the author gave one."""

    id: str
    title: Words | None
    questions: tuple[Question, ...]

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the document."""
        title = dict(self.title) if self.title else None
        return {"id": self.id, "title": title, "questions": [q.to_document() for q in self.questions]}


@dataclass(frozen=True)
class Screen:
    """What a respondent sees at once: one question, one page, or all pages, as the layout says."""

    parts: tuple[Page, ...]

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


@dataclass(frozen=True)
class Document:
    """A survey as it is shown and answered."""

    title: Words
    what: Words | None
    why: Words | None
    minutes: int | None
    contact: Words | None
    thanks: Words | None
    languages: tuple[str, ...]
    layout: str
    pages: tuple[Page, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, statements too."""
        return tuple(question for page in self.pages for question in page.questions)

    @cached_property
    def answerable(self) -> tuple[Question, ...]:
        """All questions that take an answer."""
        return tuple(q for q in self.questions if not isinstance(q, Statement))

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The questions as a respondent goes through them; empty only while there is no question."""
        if self.layout == "question":
            return tuple(Screen((Page(q.id, None, (q,)),)) for q in self.questions)
        full = tuple(page for page in self.pages if page.questions)
        if self.layout == "page" and full:
            return (Screen(full),)
        return tuple(Screen((page,)) for page in full)

    @cached_property
    def markup(self) -> dict[tuple[int, str, str], Any]:
        """Room for pages made of this document, which are the same for everybody as long as it lives."""
        return {}

    def text(self, words: Words | None, language: str) -> tuple[str, str]:
        """Words in a language, or in the first of the survey that has them; with the language they are in."""
        return pick(words or {}, (language, *self.languages))

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON, with every default written out."""
        values = {setting.name: getattr(self, setting.name) for setting in SETTINGS}
        plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}
        return {**plain, "languages": list(self.languages), "pages": [page.to_dict() for page in self.pages]}


def parse(raw: object) -> Document:
    """The document of a survey; raise `DocumentError` with a plain sentence when it cannot be one."""
    if not isinstance(raw, dict):
        raise DocumentError(_("A survey has to be written as an object with a title, languages and pages."))
    unknown = sorted(str(key) for key in raw.keys() - KEYS)
    if unknown:
        raise DocumentError(_("“%(key)s” is not part of a survey.", key=unknown[0]))
    values = {s.name: s.read(raw[s.name]) if s.name in raw else s.default for s in SETTINGS}
    if not values["title"]:
        raise DocumentError(_("Give the survey a title."))
    document = Document(
        **values, languages=_languages(raw.get("languages")), pages=_pages(raw.get("pages", []))
    )
    _check_questions(document)
    _check_words(document)
    return document


def _languages(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_LANGUAGES:
        raise DocumentError(_("Name at least one language of the survey, such as en."))
    wrong = [tag for tag in raw if not isinstance(tag, str) or not LANGUAGE.fullmatch(tag)]
    if wrong or len(set(raw)) < len(raw):
        raise DocumentError(_("Name each language of the survey once, by its code, such as en or es."))
    return tuple(raw)


def _pages(raw: object) -> tuple[Page, ...]:
    if not isinstance(raw, list) or len(raw) > MOST_QUESTIONS:
        raise DocumentError(
            _("Give the pages of the survey as a list of at most %(most)s.", most=MOST_QUESTIONS)
        )
    pages = tuple(map(_page, raw))
    if _repeated(page.id for page in pages):
        raise DocumentError(_("Two pages have the same id. Give each its own."))
    return pages


def _page(raw: object) -> Page:
    if not isinstance(raw, dict) or not isinstance(raw.get("questions"), list):
        raise DocumentError(
            _("Write each page of the survey as an object with an id, a title and its questions.")
        )
    if raw.keys() - {"id", "title", "questions"}:
        raise DocumentError(_("A page of a survey has an id, a title and questions, and nothing else."))
    if len(raw["questions"]) > MOST_QUESTIONS:
        raise DocumentError(_("A survey can have at most %(most)s questions.", most=MOST_QUESTIONS))
    title = PAGE_TITLE.read(raw.get("title"))
    return Page(read_id(raw.get("id")), title, tuple(map(questions.from_document, raw["questions"])))


def _check_questions(document: Document) -> None:
    repeated = _repeated(question.id for question in document.questions)
    if repeated:
        raise DocumentError(_("Two questions have the id “%(id)s”. Give each its own.", id=repeated))
    fields = sum(len(question.fields()) for question in document.questions)
    if fields > MOST_FIELDS or len(document.questions) > MOST_QUESTIONS:
        raise DocumentError(
            _(
                "The survey has %(fields)s fields to fill in, and the most is %(most)s.",
                fields=fields,
                most=MOST_FIELDS,
            )
        )


def _check_words(document: Document) -> None:
    """Every text is there in the first language, which stands in for the others."""
    first = document.languages[0]
    own = {s.name: getattr(document, s.name) for s in SETTINGS if s.kind == "words"}
    for name, words in own.items():
        if words and first not in words:
            raise DocumentError(
                _("“%(name)s” has no text in the first language, %(tag)s.", name=name, tag=first)
            )
    for question in document.questions:
        if any(first not in words for words in question.texts()):
            name = pick(question.label, (first,))[0][:80]
            raise DocumentError(
                _("Question “%(name)s” lacks a text in the first language, %(tag)s.", name=name, tag=first)
            )


def _repeated(ids: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            return one
        seen.add(one)
    return None
