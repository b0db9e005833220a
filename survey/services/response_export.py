"""Responses as rows for programs: what was answered, by name in data files, with the version it belongs to.

Rows come in the order of their random ids, which tell nothing about the order in which people answered, and
the id itself is left out: of an unsealed survey it would tell a browser's owner which row is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.models import Response, Survey, Version
from survey.questions import Question

PER_PAGE = 100


@dataclass(frozen=True)
class Row:
    """One response; `answers` by the name of the question in data files, as they are stored."""

    version: int
    day: date
    language: str
    source: str
    unit: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """One page of them."""

    rows: tuple[Row, ...]
    number: int
    of: int
    found: int


def page(session: Session, survey: Survey, number: int) -> Rows:
    """The responses of a survey that count, a page of them; those set apart wait for a person."""
    documents = _documents(session, survey)
    found = session.scalar(select(func.count()).select_from(Response).where(*_counted(survey))) or 0
    query = _query(survey).offset((number - 1) * PER_PAGE).limit(PER_PAGE)
    rows = tuple(_row(documents, *one) for one in session.execute(query))
    return Rows(rows, number, max(1, -(-found // PER_PAGE)), found)


def every(session: Session, survey: Survey) -> Iterator[Row]:
    """All of them, one after the other."""
    documents = _documents(session, survey)
    for one in session.execute(_query(survey).execution_options(yield_per=500)):
        yield _row(documents, *one)


def questions(session: Session, survey: Survey) -> dict[str, Question]:
    """Every question that was ever asked, by its name in data files, newest wording; in order."""
    found: dict[str, Question] = {}
    for _number, document in sorted(
        _documents(session, survey).values(), reverse=True, key=lambda one: one[0]
    ):
        for question in document.answerable:
            found.setdefault(question.name_in_data, question)
    return found


def _counted(survey: Survey) -> tuple[Any, ...]:
    return Response.survey_id == survey.id, Response.apart.is_(None)


def _query(survey: Survey) -> Any:
    columns = (
        Response.version_id,
        Response.day,
        Response.language,
        Response.source,
        Response.unit,
        Response.answers,
    )
    return select(*columns).where(*_counted(survey)).order_by(Response.id)


def _documents(session: Session, survey: Survey) -> dict[int, tuple[int, Document]]:
    query = select(Version.id, Version.number, Version.document).where(Version.survey_id == survey.id)
    return {id: (number, parse(document)) for id, number, document in session.execute(query)}


def _row(
    documents: dict[int, tuple[int, Document]],
    version_id: int,
    day: date,
    language: str,
    source: str,
    unit: str,
    answers: dict[str, Any],
) -> Row:
    number, document = documents[version_id]
    names = {question.id: question.name_in_data for question in document.questions}
    named = {names.get(id, id): value for id, value in answers.items()}
    return Row(number, day, language, source, unit, named)
