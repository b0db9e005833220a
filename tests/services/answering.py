"""A published survey to answer, and what the tests of answering have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.dates import now, today
from survey.db import Database
from survey.models import Audience, Prompt, Study, Survey, Version
from survey.services import drafts, live, responses
from tests.fixtures import SECRET

DAY = today("UTC")


def text(words: str, spanish: str = "") -> dict[str, str]:
    return {"en": words, "es": spanish} if spanish else {"en": words}


def document(
    layout: str = "question", questions: list[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "title": text("IT plan survey", "Encuesta del plan"),
        "what": text("Four questions about technology in the city."),
        "why": text("Your answers shape the plan for the next five years."),
        "minutes": 5,
        "contact": text("Call 555 0100, or ask at any library for a copy on paper."),
        "thanks": text("Thank you. We publish what we heard in June."),
        "languages": ["en", "es"],
        "layout": layout,
        "pages": [{"id": "p1", "title": None, "questions": QUESTIONS if questions is None else questions}],
        **more,
    }


CHOICES = [{"id": "easy", "label": text("Easy", "Fácil")}, {"id": "hard", "label": text("Hard", "Difícil")}]
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "ease",
        "type": "one_choice",
        "label": text("How easy is it to do city business online?", "¿Qué tan fácil es?"),
        "help": text("For example paying a bill or asking for a permit."),
        "choices": CHOICES,
    },
    {"id": "better", "type": "long_text", "label": text("What should the city do better?"), "optional": True},
    {"id": "people", "type": "number", "label": text("How many live with you?"), "optional": True, "min": 1},
    {"id": "well", "type": "long_text", "label": text("What works well?"), "optional": True},
]


def publish(
    database: Database, study: Study, raw: dict[str, Any], slug: str = "it-survey", **columns: Any
) -> int:
    """Insert an open survey with one version; returns the survey's id."""
    values = {"mode": "anonymous", "state": "open", **columns}
    with database.writing() as session:
        survey = Survey(study_id=study.id, slug=slug, document=raw, **values)
        survey.versions.append(Version(number=1, document=raw, published_at=now()))
        session.add(survey)
        session.flush()
        number = survey.id
    live.forget(slug)
    return number


def audience_and_prompt(database: Database, study: Study) -> tuple[int, int]:
    with database.writing() as session:
        audience = Audience(study_id=study.id, name="Residents")
        prompt = Prompt(study_id=study.id, text="What works well?", kind="strength")
        session.add_all([audience, prompt])
        session.flush()
        return audience.id, prompt.id


def submission(token: str, answers: dict[str, Any], survey_id: int, **more: Any) -> responses.Submission:
    keys = drafts.Keys.of(SECRET, survey_id, token)
    return responses.Submission(keys, answers, "en", DAY, **more)


def submit(
    session: Session, token: str, answers: dict[str, Any], slug: str = "it-survey", **more: Any
) -> str:
    survey = live.find(session, slug)
    return responses.submit_response(session, survey, submission(token, answers, survey.id, **more))


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []
    listen = lambda *args: seen.append(args[2])
    engines = (database.read, database.write)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", listen)
