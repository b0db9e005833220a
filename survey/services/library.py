"""The library of questions: kept once, used again in any survey of the office."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey import building, publishing
from survey.dates import now
from survey.document import Document
from survey.errors import NotFound, Refusal
from survey.languages import language_name
from survey.models import AuditRow, LibraryQuestion, Survey
from survey.questions import Question, from_document
from survey.screens import PIPE
from survey.services import audit, surveys

MOST_KEPT = 2000
NAME_LENGTH = 200
REMOVED = "library.remove"


@dataclass(frozen=True)
class Kept:
    """A question of the library."""

    id: int
    name: str
    question: Question
    by: str
    made_at: datetime

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which all of it is written."""
        texts = self.question.texts()
        return tuple(tag for tag in self.question.label if all(tag in words for words in texts))


def search(session: Session, wanted: str = "") -> list[Kept]:
    """The questions in which all these words occur, in any language, newest first."""
    terms = _plain(wanted).split()
    rows = session.scalars(select(LibraryQuestion).order_by(LibraryQuestion.id.desc()))
    return [_kept(row) for row in rows if all(term in _words(row) for term in terms)]


def get(session: Session, library_id: int) -> Kept:
    """A question of the library; raise `NotFound` when it is not there."""
    return _kept(_row(session, library_id))


def _row(session: Session, library_id: int) -> LibraryQuestion:
    row = session.get(LibraryQuestion, library_id) if 0 < library_id < 2**31 else None
    if row is None:
        raise NotFound
    return row


def _kept(row: LibraryQuestion) -> Kept:
    return Kept(row.id, row.name, from_document(row.document), row.made_by, row.made_at)


def _plain(text: str) -> str:
    """Small letters without accents: who looks for "biblioteca" or "Biblióteca" finds both."""
    spread = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _words(row: LibraryQuestion) -> str:
    texts = (text for words in from_document(row.document).texts() for text in words.values())
    return _plain(" ".join((row.name, *texts)))


def add(session: Session, survey: Survey, question_id: str, *, by: str) -> Kept:
    """Keep a question of a survey's draft; what ties it to that survey is left out."""
    question = building.question_of(surveys.draft(survey), question_id)
    plain = _alone(question)
    rows = session.scalars(select(LibraryQuestion))
    if any({**row.document, "id": question.id} == {**plain, "id": question.id} for row in rows):
        raise Refusal(_("“%(name)s” is in the library already.", name=publishing.name(question)))
    if (session.scalar(select(func.count()).select_from(LibraryQuestion)) or 0) >= MOST_KEPT:
        raise Refusal(_("The library is full. Take a question out first."))
    name = publishing.name(from_document(plain))
    row = LibraryQuestion(name=name, document=plain, made_by=by, made_at=now())
    session.add(row)
    session.flush()
    audit.record(session, by, "library.add", survey.slug, id=row.id, of=question_id, name=row.name)
    return _kept(row)


def _alone(question: Question) -> dict[str, Any]:
    """A question as it can stand in any survey: no rules, no earlier answers, no ties to a study."""
    plain = {**question.to_document(), "code": None, "show_if": None, "origin": {}}
    if "prompt_id" in plain:
        plain["prompt_id"] = None
    freed = _freed(plain)
    return from_document(freed).to_document()


def _freed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _freed(part) for key, part in value.items() if key != "audience_id"} | (
            {"show_if": None} if value.get("show_if") else {}
        )
    if isinstance(value, list):
        return [_freed(part) for part in value]
    return PIPE.sub("…", value) if isinstance(value, str) else value


def lacks(question: Question, document: Document) -> str:
    """The own name of the survey's first language when the question is not written in it; else nothing."""
    first = document.languages[0]
    return "" if all(first in words for words in question.texts()) else language_name(first)


def put(session: Session, survey: Survey, library_id: int, page_id: str, *, by: str, seen: int) -> Question:
    """Put a question of the library at the end of a page, with an id of its own."""
    kept, document = get(session, library_id), surveys.draft(survey)
    missing = lacks(kept.question, document)
    if missing:
        raise Refusal(
            _(
                "“%(name)s” has no words in %(language)s, the first language of this survey. Write it anew.",
                name=kept.name,
                language=missing,
            )
        )
    question = replace(kept.question, id=building.new_id("q"))
    changed = building.add(document, page_id, question)
    surveys.save_document(
        session, survey, changed, by=by, seen=seen, action="surveys.library-put", id=question.id, of=kept.id
    )
    return question


def remove(session: Session, library_id: int, *, by: str) -> int:
    """Take a question out of the library; returns the number of the audit row that keeps it."""
    row = _row(session, library_id)
    kept = {"document": row.document, "made_by": row.made_by, "made_at": row.made_at.isoformat()}
    session.delete(row)
    session.flush()
    return audit.record(session, by, REMOVED, row.name, id=library_id, **kept).number


def removed(session: Session, number: int) -> AuditRow:
    """The audit row of a question that can be put back; raise `NotFound` for anything else."""
    row = session.get(AuditRow, number) if 0 < number < 2**31 else None
    if row is None or row.action != REMOVED:
        raise NotFound
    return row


def is_back(session: Session, row: AuditRow) -> bool:
    """Whether it has been put back. Its id tells nothing: SQLite gives the last one again."""
    rows = session.scalars(select(LibraryQuestion).where(LibraryQuestion.name == row.object))
    return any(other.document == row.details["document"] for other in rows)


def restore(session: Session, number: int, *, by: str) -> Kept:
    """Put a question back into the library, as it was."""
    row = removed(session, number)
    if is_back(session, row):
        raise Refusal(_("The question is back already."))
    details = row.details
    again = LibraryQuestion(name=row.object, document=details["document"], made_by=details["made_by"])
    again.made_at = datetime.fromisoformat(details["made_at"])
    session.add(again)
    session.flush()
    audit.record(session, by, "library.restore", again.name, id=again.id)
    return _kept(again)
