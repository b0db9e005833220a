"""A survey's document: its words, pages and questions, checked once and then frozen.

The same JSON is what the builder edits, what a published version keeps and what import and export speak.
Words are kept per language, {"en": "...", "es": "..."}; the first language of the survey is the one that
stands in where a translation is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey import conditions, questions
from survey.questions import DocumentError, Question, Setting, Statement, Words
from survey.questions.base import read_id
from survey.questions.settings import LANGUAGE, pick
from survey.screens import MOST_FIELDS, Page, Screen, cut

LAYOUTS = ("question", "pages", "page")
MOST_FIELDS_IN_ALL = 3000
MOST_QUESTIONS = 1000
MOST_PAGES = 200
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
        "results", "words", _l("Where results will be"), _l("An address or a date. Shown when all is sent.")
    ),
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
    Setting("origin", "notes", _l("From another tool"), default={}, most=200_000, shown=False),
)
PAGE_TITLE = Setting("title", "words", _l("Title of a page"), most=200)
# The mode belongs to the survey, not to its words; files of surveys may carry it along.
KEYS = frozenset({"languages", "pages", "mode"} | {setting.name for setting in SETTINGS})


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
    results: Words | None = None
    origin: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, statements too."""
        return tuple(question for page in self.pages for question in page.questions)

    @cached_property
    def answerable(self) -> tuple[Question, ...]:
        """All questions that take an answer."""
        return tuple(q for q in self.questions if not isinstance(q, Statement))

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The ids of questions by what a text may call them: the name in data files, or the id."""
        return {q.code: q.id for q in self.questions if q.code} | {q.id: q.id for q in self.questions}

    @cached_property
    def has_rules(self) -> bool:
        """Whether any two respondents may see different things."""
        return not all(screen.is_fixed for screen in self.screens)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The questions as a respondent goes through them; empty only while there is no question."""
        full = tuple(page for page in self.pages if page.questions)
        if self.layout == "question":
            return tuple(Screen((replace(p, title=None, questions=(q,)),)) for p in full for q in p.questions)
        if self.layout == "page" and full:
            return tuple(cut(full, self.by_name))
        return tuple(screen for page in full for screen in cut((page,), self.by_name))

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
    if not isinstance(raw, list) or len(raw) > MOST_PAGES:
        raise DocumentError(_("Give the pages of the survey as a list of at most %(most)s.", most=MOST_PAGES))
    pages = tuple(map(_page, raw))
    if _repeated(page.id for page in pages):
        raise DocumentError(_("Two pages have the same id. Give each its own."))
    return pages


def _page(raw: object) -> Page:
    if not isinstance(raw, dict) or not isinstance(raw.get("questions"), list):
        raise DocumentError(
            _("Write each page of the survey as an object with an id, a title and its questions.")
        )
    if raw.keys() - {"id", "title", "questions", "show_if"}:
        raise DocumentError(_("A page of a survey has an id, a title, a rule and questions: nothing else."))
    if len(raw["questions"]) > MOST_QUESTIONS:
        raise DocumentError(_("A survey can have at most %(most)s questions.", most=MOST_QUESTIONS))
    title = PAGE_TITLE.read(raw.get("title"))
    rule = None if raw.get("show_if") is None else conditions.parse(raw["show_if"])
    return Page(read_id(raw.get("id")), title, tuple(map(questions.from_document, raw["questions"])), rule)


def _check_questions(document: Document) -> None:
    repeated = _repeated(question.id for question in document.questions)
    if repeated:
        raise DocumentError(_("Two questions have the id “%(id)s”. Give each its own.", id=repeated))
    named = _repeated(q.name_in_data for q in document.questions)
    if named:
        raise DocumentError(_("Two questions have the name “%(name)s” in data files.", name=named))
    if len(document.questions) > MOST_QUESTIONS:
        raise DocumentError(_("A survey can have at most %(most)s questions.", most=MOST_QUESTIONS))
    widths = [len(question.fields()) for question in document.questions]
    for count, most in ((max(widths, default=0), MOST_FIELDS), (sum(widths), MOST_FIELDS_IN_ALL)):
        if count > most:
            raise DocumentError(_too_many(count, most))


def _too_many(count: int, most: int) -> str:
    if most == MOST_FIELDS:
        words = _(
            "A question has %(count)s fields to fill in, and the most is %(most)s.", count=count, most=most
        )
    else:
        words = _(
            "The survey has %(count)s fields to fill in, and the most is %(most)s.", count=count, most=most
        )
    return str(words)


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
