"""Building a survey: each step takes the draft document and gives a new one; nothing is changed in place.

Ids are random. An id that came back for another question would mix the answers of two questions up, because
ids stay the same through all published versions.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from survey.document import MOST_QUESTIONS, Document, Page
from survey.errors import NotFound, Refusal
from survey.questions import Question, from_document

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
    twin = replace(question_of(document, question_id), id=new_id("q"))
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
    if len(document.pages) >= MOST_QUESTIONS:
        raise Refusal(_("A survey can have at most %(most)s pages.", most=MOST_QUESTIONS))
    return replace(document, pages=(*document.pages, Page(new_id("p"), None, ())))


def rename_page(document: Document, page_id: str, title: dict[str, str] | None) -> Document:
    """Give a page another title, or none."""
    at = page_index(document, page_id)
    pages = list(document.pages)
    pages[at] = replace(pages[at], title=title)
    return replace(document, pages=tuple(pages))


def remove_page(document: Document, page_id: str) -> Document:
    """Take a page away; its questions go to the page before it, or after it when it was the first."""
    at = page_index(document, page_id)
    if len(document.pages) == 1:
        raise Refusal(_("A survey needs at least one page."))
    gone, pages = document.pages[at], [page for page in document.pages if page.id != page_id]
    heir = pages[max(0, at - 1)]
    joined = (*heir.questions, *gone.questions) if at else (*gone.questions, *heir.questions)
    pages[max(0, at - 1)] = replace(heir, questions=joined)
    return replace(document, pages=tuple(pages))
