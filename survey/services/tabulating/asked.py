"""The closed questions of a survey over all its versions: which are the same, which cannot be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.document import Document, parse
from survey.models import Survey, Version
from survey.questions import Allocation, Question, Scale

CLOSED = frozenset(
    {
        *("one_choice", "several_choices", "yes_no", "consent", "scale"),
        *("matrix", "ranking", "allocation", "number", "place"),
    }
)
"""Types that are counted. Free text never is; days and times are left out."""


@dataclass(frozen=True)
class SurveyAsked:
    """A survey as it was published: its slug and title, languages of its newest version, closed questions.

    `versions` has, by the id of a version, the questions of it that are counted.
    """

    id: int
    slug: str
    title: str
    languages: tuple[str, ...]
    questions: tuple[Asked, ...]
    versions: dict[int, tuple[InVersion, ...]]
    audience_id: int | None = None

    @property
    def population(self) -> str:
        """What the gate calls those who answered it."""
        return f"survey:{self.slug}"

    def of_id(self, question_id: str) -> Asked | None:
        """The question that has this id now."""
        return next((asked for asked in self.questions if asked.dim == question_id), None)


@dataclass(frozen=True)
class Asked:
    """A question over the versions of its survey: how it reads in each, newest first.

    `dim` is its id, under which the gate knows it; another one where two questions had the same.
    """

    survey: str
    slug: str
    languages: tuple[str, ...]
    dim: str
    readings: list[Question] = field(default_factory=list)

    @property
    def newest(self) -> Question:
        """How it reads now, or read last."""
        return self.readings[0]

    @property
    def name(self) -> str:
        """Its name in data files."""
        return self.newest.name_in_data


@dataclass(frozen=True)
class InVersion:
    """A question in one version: its id there, and whether answers to it can be added to those of others."""

    id: str
    asked: Asked
    alike: bool


def read(session: Session, survey: Survey) -> SurveyAsked:
    """The closed questions that a survey ever asked, in the order of the newest version that has each."""
    query = select(Version.id, Version.document).where(Version.survey_id == survey.id)
    query = query.order_by(Version.number.desc())
    versions = [(id, parse(document)) for id, document in session.execute(query)]
    newest = versions[0][1] if versions else parse(survey.document)
    title = newest.text(newest.title, newest.languages[0])[0]
    found = _Found(title, survey.slug, newest.languages)
    by_version = {id: found.take(document) for id, document in versions}
    return SurveyAsked(
        survey.id,
        survey.slug,
        title,
        newest.languages,
        tuple(found.questions),
        by_version,
        survey.audience_id,
    )


def of_document(survey: Survey, document: Document) -> list[Asked]:
    """The closed questions of one document: what can be chosen for a cross table."""
    title = document.text(document.title, document.languages[0])[0]
    found = _Found(title, survey.slug, document.languages)
    found.take(document)
    return found.questions


class _Found:
    """The questions found so far; versions are taken newest first."""

    def __init__(self, survey: str, slug: str, languages: tuple[str, ...]) -> None:
        self.survey, self.slug, self.languages = survey, slug, languages
        self.questions: list[Asked] = []

    def take(self, document: Document) -> tuple[InVersion, ...]:
        """The closed questions of a version, each with what it is among those found; new ones are added."""
        closed = [question for question in document.questions if question.TYPE in CLOSED]
        known = self._known(closed)
        return tuple(self._in_version(question, known.get(question.id)) for question in closed)

    def _known(self, closed: Sequence[Question]) -> dict[str, Asked]:
        """Those that were found before, by their id here: by name in data files, then by id."""
        by_name = {asked.name: asked for asked in self.questions}
        known = {q.id: by_name[q.name_in_data] for q in closed if q.name_in_data in by_name}
        taken = {id(asked) for asked in known.values()}
        by_id = {asked.newest.id: asked for asked in self.questions if id(asked) not in taken}
        return {q.id: by_id[q.id] for q in closed if q.id in by_id} | known

    def _in_version(self, question: Question, asked: Asked | None) -> InVersion:
        if asked is None:
            asked = Asked(self.survey, self.slug, self.languages, self._dim(question.id), [question])
            self.questions.append(asked)
            return InVersion(question.id, asked, alike=True)
        alike = are_alike(question, asked.newest)
        if alike:
            asked.readings.append(question)
        return InVersion(question.id, asked, alike)

    def _dim(self, question_id: str) -> str:
        taken = {asked.dim for asked in self.questions}
        names = (question_id, *(f"{question_id}~{number}" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)


def are_alike(one: Question, other: Question) -> bool:
    """Whether answers to two readings of a question mean the same, so that they can be added up."""
    if isinstance(one, Scale) and isinstance(other, Scale):
        return one.numbers == other.numbers
    if isinstance(one, Allocation) and isinstance(other, Allocation):
        return one.total == other.total
    return one.TYPE == other.TYPE
