"""Responses as rows for programs: what was answered, by name in data files, with the version it belongs to.

Rows come in the order of their random ids, which tell nothing about the order in which people answered, and
the id itself is left out: of an unsealed survey it would tell a browser's owner which row is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.models import Response, Survey, Version
from survey.questions import Question

PER_PAGE = 100
MOST_KNOWN = 10_000
"""Answers to one question of which the words are remembered."""
ONE_VALUE = frozenset({"scale", "yes_no", "number", "consent", "date", "time"})
"""Types of question whose answers are one number or word."""
TYPED = frozenset({"short_text", "long_text", "email"})
"""Types whose answers are shown as people typed them."""
AT_ONCE = 1000
FIXED = ("version", "day", "language", "source", "unit")
"""The columns before those of the questions."""


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


@dataclass(frozen=True)
class Table:
    """All responses in words: a column for each question that was ever asked, under its name in data files.

    `rows` can be read once, while the session is open, and holds no more than a few of them in memory.
    """

    header: tuple[str, ...]
    rows: Iterator[Sequence[str]]
    questions: Mapping[str, Question]
    language: str
    found: int


def page(session: Session, survey: Survey, number: int) -> Rows:
    """The responses of a survey that count, a page of them; those set apart wait for a person."""
    documents = _documents(session, survey)
    found = count(session, survey)
    query = _query(survey).offset((number - 1) * PER_PAGE).limit(PER_PAGE)
    rows = tuple(_row(documents, *one) for one in session.execute(query))
    return Rows(rows, number, max(1, -(-found // PER_PAGE)), found)


def count(session: Session, survey: Survey) -> int:
    """How many responses count."""
    return session.scalar(select(func.count()).select_from(Response).where(*_counted(survey))) or 0


def table(session: Session, survey: Survey) -> Table:
    """All responses that count, as words in the first language of the survey."""
    documents = _documents(session, survey)
    asked = questions(session, survey)
    language = survey.document["languages"][0]
    header = (*FIXED, *asked)
    rows = _in_words(session, survey, documents, tuple(asked), language)
    return Table(header, rows, asked, language, count(session, survey))


def questions(session: Session, survey: Survey) -> dict[str, Question]:
    """Every question that was ever asked, by its name in data files, newest wording; in order."""
    found: dict[str, Question] = {}
    for _number, document in sorted(
        _documents(session, survey).values(), reverse=True, key=lambda one: one[0]
    ):
        for question in document.answerable:
            found.setdefault(question.name_in_data, question)
    return found


def _in_words(
    session: Session,
    survey: Survey,
    documents: Mapping[int, tuple[int, Document]],
    names: Sequence[str],
    language: str,
) -> Iterator[Sequence[str]]:
    shapes = {id: _Shape.of(number, parsed, names, language) for id, (number, parsed) in documents.items()}
    days = _Known(date.isoformat)
    # Not through the unit of work of the session, which would cost as much again as reading does.
    query = _query(survey).execution_options(yield_per=AT_ONCE)
    for version, day, spoken, source, unit, answers in session.connection().execute(query):
        shape = shapes[version]
        row = [shape.number, days[day], spoken, source, unit, *[answers.get(id, "") for id in shape.ids]]
        for place, words in shape.chosen:
            row[place] = words[row[place]]
        for place, shown in shape.others:
            row[place] = shown(row[place])
        yield row


class _Known(dict[Any, str]):
    """Answers with their words, remembered: where people choose, the same few come again and again."""

    def __init__(self, words: Callable[[Any], str]) -> None:
        super().__init__({"": ""})
        self.words = words

    def __missing__(self, value: Any) -> str:
        found = self.words(value)
        if len(self) < MOST_KNOWN:
            self[value] = found
        return found


@dataclass(frozen=True)
class _Shape:
    """How answers to one version become a row.

    `ids` are its questions in the order of the columns, "" for none; `chosen` columns with the words of their
    answers; `others` those whose answers have to be looked at each time. What is in neither was typed, and is
    shown as it is.
    """

    number: str
    ids: tuple[str, ...]
    chosen: tuple[tuple[int, _Known], ...]
    others: tuple[tuple[int, Callable[[Any], str]], ...]

    @classmethod
    def of(cls, number: int, document: Document, names: Sequence[str], language: str) -> _Shape:
        by_name = {question.name_in_data: question for question in document.questions}
        asked = [by_name.get(name) for name in names]
        places = [(place, one) for place, one in enumerate(asked, start=len(FIXED)) if one]
        chosen = [(place, _Known(_words(one, language))) for place, one in places if one.TYPE in ONE_VALUE]
        parted = [(place, one) for place, one in places if one.TYPE not in ONE_VALUE | TYPED]
        others = [(place, _listed(one, language)) for place, one in parted]
        return cls(str(number), tuple(one.id if one else "" for one in asked), tuple(chosen), tuple(others))


def _words(question: Question, language: str) -> Callable[[Any], str]:
    return partial(question.shown, language=language)


def _listed(question: Question, language: str) -> Callable[[Any], str]:
    """The words of answers that are lists or have parts, remembered by how they are written down."""
    known: dict[str, str] = {}

    def shown(value: Any) -> str:
        if value == "" or value is None:
            return ""
        key = repr(value)
        if key not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = question.shown(value, language)
        return known[key]

    return shown


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
