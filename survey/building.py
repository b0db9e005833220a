"""Building a survey: each step takes the draft document and gives a new one; nothing is changed in place.

Ids are random. An id that came back for another question would mix the answers of two questions up, because
ids stay the same through all published versions.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from survey import conditions
from survey.conditions import All, Condition
from survey.document import MOST_PAGES, MOST_QUESTIONS, PAGE_TITLE, Document
from survey.errors import NotFound, Refusal
from survey.questions import Question, from_document
from survey.screens import PIPE, Page

Where = tuple[int, int]


@dataclass(frozen=True)
class Removed:
    """A question that was taken out, and where it stood."""

    question: Question
    page_id: str
    position: int

    def to_dict(self) -> dict[str, Any]:
        """As it is kept to be put back."""
        return {"question": self.question.to_document(), "page_id": self.page_id, "position": self.position}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Removed:
        """What `to_dict` kept."""
        return cls(from_document(raw["question"]), raw["page_id"], raw["position"])


@dataclass(frozen=True)
class RemovedPage:
    """A page that was taken away, where it stood, and whether its questions went with it."""

    page: Page
    position: int
    with_questions: bool

    def to_dict(self) -> dict[str, Any]:
        """As it is kept to be put back."""
        return {"page": self.page.to_dict(), "position": self.position, "with_questions": self.with_questions}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> RemovedPage:
        """What `to_dict` kept."""
        return cls(_read_page(raw["page"]), raw["position"], raw["with_questions"])


def _read_page(raw: Mapping[str, Any]) -> Page:
    rule = conditions.parse(raw["show_if"]) if raw.get("show_if") else None
    title = PAGE_TITLE.read(raw["title"])
    return Page(raw["id"], title, tuple(map(from_document, raw["questions"])), rule)


def new_id(letter: str) -> str:
    """An id for a question (q), page (p) or choice (c)."""
    return letter + secrets.token_hex(4)


def blank(title: str, language: str, layout: str) -> dict[str, Any]:
    """The document of a new survey: its title and one page without questions."""
    page: dict[str, Any] = {"id": new_id("p"), "title": None, "questions": []}
    return {"title": {language: title}, "languages": [language], "layout": layout, "pages": [page]}


def find(document: Document, question_id: str) -> Where:
    """Page and position of a question; raise `NotFound` when it is not there."""
    for at, page in enumerate(document.pages):
        for position, question in enumerate(page.questions):
            if question.id == question_id:
                return at, position
    raise NotFound


def question_of(document: Document, question_id: str) -> Question:
    """A question of the document; raise `NotFound` when it is not there."""
    at, position = find(document, question_id)
    return document.pages[at].questions[position]


def page_index(document: Document, page_id: str) -> int:
    """Where a page stands; raise `NotFound` when it is not there."""
    for at, page in enumerate(document.pages):
        if page.id == page_id:
            return at
    raise NotFound


def _with_questions(document: Document, at: int, questions: Iterable[Question]) -> Document:
    page = replace(document.pages[at], questions=tuple(questions))
    return replace(document, pages=(*document.pages[:at], page, *document.pages[at + 1 :]))


def insert(document: Document, at: int, position: int, question: Question) -> Document:
    """Put a question into page number `at`."""
    if len(document.questions) >= MOST_QUESTIONS:
        raise Refusal(_("A survey can have at most %(most)s questions.", most=MOST_QUESTIONS))
    questions = document.pages[at].questions
    return _with_questions(document, at, (*questions[:position], question, *questions[position:]))


def add(document: Document, page_id: str, question: Question) -> Document:
    """Put a new question at the end of a page."""
    at = page_index(document, page_id)
    return insert(document, at, len(document.pages[at].questions), question)


def change(document: Document, question: Question) -> Document:
    """Put a question in the place of the one with its id."""
    at, position = find(document, question.id)
    questions = document.pages[at].questions
    return _with_questions(document, at, (*questions[:position], question, *questions[position + 1 :]))


def copy(document: Document, question_id: str) -> tuple[Document, Question]:
    """Put a copy with an id of its own after a question; returns both."""
    at, position = find(document, question_id)
    twin = replace(question_of(document, question_id), id=new_id("q"), code=None)
    return insert(document, at, position + 1, twin), twin


def remove(document: Document, question_id: str) -> tuple[Document, Removed]:
    """Take a question out; returns what is needed to put it back."""
    at, position = find(document, question_id)
    page = document.pages[at]
    removed = Removed(page.questions[position], page.id, position)
    questions = (*page.questions[:position], *page.questions[position + 1 :])
    return _with_questions(document, at, questions), removed


def restore(document: Document, removed: Removed) -> Document:
    """Put a question back where it stood, or at the end when its page is gone."""
    if any(question.id == removed.question.id for question in document.questions):
        raise Refusal(_("The question is back already."))
    pages = [page.id for page in document.pages]
    if removed.page_id not in pages:
        return add(document, pages[-1], removed.question)
    return insert(document, pages.index(removed.page_id), removed.position, removed.question)


def move(document: Document, question_id: str, step: int) -> Document:
    """Move a question up (-1) or down (1): within its page, and over its edge onto the next one."""
    at, position = find(document, question_id)
    rest, removed = remove(document, question_id)
    last = len(rest.pages[at].questions)
    if 0 <= position + step <= last:
        return insert(rest, at, position + step, removed.question)
    if not 0 <= at + step < len(rest.pages):
        raise Refusal(_("The question is at the end of the survey already."))
    edge = 0 if step > 0 else len(rest.pages[at + step].questions)
    return insert(rest, at + step, edge, removed.question)


def move_to_page(document: Document, question_id: str, page_id: str) -> Document:
    """Move a question to the end of a page."""
    rest, removed = remove(document, question_id)
    return add(rest, page_id, removed.question)


def add_page(document: Document) -> Document:
    """Add an empty page at the end."""
    return _insert_page(document, len(document.pages), Page(new_id("p"), None, ()))


def _insert_page(document: Document, at: int, page: Page) -> Document:
    if len(document.pages) >= MOST_PAGES:
        raise Refusal(_("A survey can have at most %(most)s pages.", most=MOST_PAGES))
    if len(document.questions) + len(page.questions) > MOST_QUESTIONS:
        raise Refusal(_("A survey can have at most %(most)s questions.", most=MOST_QUESTIONS))
    return replace(document, pages=(*document.pages[:at], page, *document.pages[at:]))


def rename_page(document: Document, page_id: str, title: dict[str, str] | None) -> Document:
    """Give a page another title, or none."""
    at = page_index(document, page_id)
    pages = list(document.pages)
    pages[at] = replace(pages[at], title=title)
    return replace(document, pages=tuple(pages))


def move_page(document: Document, page_id: str, step: int) -> Document:
    """Move a page up (-1) or down (1), with its questions."""
    at = page_index(document, page_id)
    if not 0 <= at + step < len(document.pages):
        raise Refusal(_("The page is at the end of the survey already."))
    pages = list(document.pages)
    pages[at], pages[at + step] = pages[at + step], pages[at]
    return replace(document, pages=tuple(pages))


def copy_page(document: Document, page_id: str) -> tuple[Document, Page]:
    """Put a copy of a page after it; what its questions say of one another, the copies say of the copies."""
    at = page_index(document, page_id)
    page = document.pages[at]
    ids = {question.id: new_id("q") for question in page.questions}
    names = {**ids, **{question.code: ids[question.id] for question in page.questions if question.code}}
    raw = [_renamed({**question.to_document(), "code": None}, names) for question in page.questions]
    for question, new in zip(raw, ids.values(), strict=True):
        question["id"] = new
    twin = replace(page, id=new_id("p"), questions=tuple(map(from_document, raw)))
    return _insert_page(document, at + 1, twin), twin


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A part of a document in which rules and texts name other questions."""
    if isinstance(value, dict):
        named = {key: _renamed(part, names) for key, part in value.items()}
        asked = named.get("question")
        return {**named, "question": names[asked]} if isinstance(asked, str) and asked in names else named
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    if isinstance(value, str):
        return PIPE.sub(lambda found: f"${{{names.get(found[1], found[1])}}}", value)
    return value


def remove_page(
    document: Document, page_id: str, *, with_questions: bool = False
) -> tuple[Document, RemovedPage]:
    """Take a page away, with its questions or not; returns what is needed to put it back.

    Questions that stay go to the page before or after, in their order, and take the rule of their page along.
    """
    at = page_index(document, page_id)
    if len(document.pages) == 1:
        raise Refusal(_("A survey needs at least one page."))
    gone, pages = document.pages[at], list(document.pages)
    if gone.questions and not with_questions:
        heir = _heir(document, at)
        moved = [_under(question, gone, pages[heir]) for question in gone.questions]
        own = pages[heir].questions
        pages[heir] = replace(pages[heir], questions=(*own, *moved) if heir < at else (*moved, *own))
    del pages[at]
    return replace(document, pages=tuple(pages)), RemovedPage(gone, at, with_questions)


def _heir(document: Document, at: int) -> int:
    """The neighbour that can take the questions of a page without asking them of fewer people."""
    rule = document.pages[at].show_if
    for beside in (at - 1, at + 1):
        if 0 <= beside < len(document.pages) and document.pages[beside].show_if in (None, rule):
            return beside
    raise Refusal(
        _("The pages beside it are shown only to some people. Move its questions first, or delete them too.")
    )


def _under(question: Question, gone: Page, heir: Page) -> Question:
    rule = gone.show_if if gone.show_if != heir.show_if else None
    return replace(question, show_if=_both(rule, question.show_if)) if rule else question


def _both(one: Condition, other: Condition | None) -> Condition:
    return All((one, other)) if other else one


def restore_page(document: Document, removed: RemovedPage) -> Document:
    """Put a page back where it stood, with those of its questions that are still there or went with it."""
    gone = removed.page
    if any(page.id == gone.id for page in document.pages):
        raise Refusal(_("The page is back already."))
    still = {question.id: question for question in document.questions}
    rest = document
    back: list[Question] = []
    for before in gone.questions:
        if before.id in still:
            rest, _taken = remove(rest, before.id)
            back.append(_freed(still[before.id], before, gone))
        elif removed.with_questions:
            back.append(before)
    return _insert_page(rest, min(removed.position, len(rest.pages)), replace(gone, questions=tuple(back)))


def _freed(now: Question, before: Question, gone: Page) -> Question:
    """A question without the rule that it took along from its page."""
    added = gone.show_if is not None and now.show_if == _both(gone.show_if, before.show_if)
    return replace(now, show_if=before.show_if) if added else now
