"""Surveys with answers, put straight into the database, and what is told of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.db import Database
from survey.formats.summary import SummaryHeard, SummaryQuestion
from survey.models import Response, Study, Survey, Target, Version
from survey.services import gate, tabulations
from survey.services.tabulations import Told
from tests.services.answering import DAY, document, publish, text

YES_NO = {"id": "web", "type": "yes_no", "label": text("Do you use it?", "¿Lo usa?"), "no_answer": True}
EASE = {
    "id": "ease",
    "type": "one_choice",
    "label": text("How easy is it?", "¿Qué tan fácil es?"),
    "choices": [
        {"id": "easy", "label": text("Easy", "Fácil")},
        {"id": "hard", "label": text("Hard", "Difícil")},
    ],
    "other": True,
}
SCALE = {
    "id": "rate",
    "type": "scale",
    "label": text("How good is it?"),
    "low": text("Bad", "Malo"),
    "high": text("Good"),
}


def choices(*ids: str) -> list[dict[str, Any]]:
    """Choices whose words are their ids."""
    return [{"id": id, "label": {"en": id.title()}} for id in ids]


def ask(
    database: Database, study: Study, *questions: dict[str, Any], slug: str = "it-survey", **more: Any
) -> int:
    """An open survey with these questions; returns its id."""
    return publish(database, study, document(questions=list(questions)), slug, **more)


def again(database: Database, survey_id: int, *questions: dict[str, Any]) -> int:
    """Another version of it; returns the version's id."""
    raw = document(questions=list(questions))
    with database.writing() as session:
        survey = session.get_one(Survey, survey_id)
        number = max(version.number for version in survey.versions) + 1
        survey.versions.append(Version(number=number, document=raw, published_at=now()))
        survey.document = raw
        session.flush()
        return survey.versions[-1].id


def answer(
    database: Database,
    survey_id: int,
    answers: Iterable[dict[str, Any]],
    version: int | None = None,
    **columns: Any,
) -> None:
    """Responses with these answers, to the newest version unless another one is named."""
    with database.writing() as session:
        query = select(Version.id).where(Version.survey_id == survey_id).order_by(Version.number.desc())
        fixed = {"survey_id": survey_id, "version_id": version or session.scalars(query).first(), "day": DAY}
        values = {"mode": "anonymous", "language": "en", "source": "web", "unit": "", **fixed, **columns}
        rows = [{"id": secrets.token_hex(16), "answers": one, **values} for one in answers]
        if rows:
            session.execute(insert(Response), rows)


def aim(database: Database, study: Study, by: str, **shares: float) -> None:
    """Targets."""
    with database.writing() as session:
        session.add_all(Target(study_id=study.id, by=by, name=name, share=s) for name, s in shares.items())


def told(database: Database, study: Study) -> Told:
    """What a summary would say, after the gate."""
    with database.reading() as session:
        return told_in(session, study)


def told_in(session: Session, study: Study) -> Told:
    """The same in a session that is open."""
    mine = session.get_one(Study, study.id)
    gathered = tabulations.gather(session, mine)
    return gathered.told(gate.protect(session, mine, gathered.tables))


def question(found: Told, name: str) -> SummaryQuestion:
    """One question by its name in data files."""
    return next(one for one in found.questions if one.id.partition("/")[2] == name)


def counts(one: SummaryQuestion) -> dict[str, int | None]:
    """How many gave each answer."""
    return {choice.id: choice.count for choice in one.choices}


def heard(found: Told, by: str) -> SummaryHeard:
    """Who was heard, by one kind of group."""
    return next(part for part in found.heard if part.by == by)


def people(found: Told, by: str) -> dict[str, int | None]:
    """How many people of each group."""
    return {row.name: row.people for row in heard(found, by).rows}
