"""Storing a response: the one write path, for the web now and for the API, paper and files later."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Date, String, Table, bindparam, insert, or_, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.document import Document
from survey.errors import Closed, Refusal
from survey.models import Comment, Respondent, Response, Survey, Version
from survey.questions import OneChoice, Problem, Question
from survey.services import webhooks
from survey.services.admission import Admitted, Ticket, admit
from survey.services.drafts import INSERTS, Keys, dialect_of
from survey.services.live import LiveSurvey

RESPONSE, COMMENT, RESPONDENT, SURVEY, VERSION = (
    cast(Table, model.__table__) for model in (Response, Comment, Respondent, Survey, Version)
)
COLUMNS = (
    "id",
    "survey_id",
    "version_id",
    "mode",
    "day",
    "language",
    "answers",
    "received_at",
    "respondent_id",
    "apart",
    "source",
    "unit",
)


class AlreadySent(Refusal):
    """This submission was stored before. Roll back, and show the receipt."""


@dataclass(frozen=True)
class Identity:
    """Who answers a confidential or identified survey."""

    name: str
    email: str = ""


@dataclass(frozen=True)
class Submission:
    """A whole response as it is handed in: answers by question id, as `Question.read` gives them.

    With a reason in `apart` it waits for a person to look at it, and its comments with it. `source` is how it
    came, `ticket` what a code let in with.
    """

    keys: Keys
    answers: Mapping[str, Any]
    language: str
    today: date
    respondent: Identity | None = None
    apart: str | None = None
    source: str = "web"
    ticket: Ticket | None = None


def read_answers(
    questions: Iterable[Question], typed: Mapping[str, list[str]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, as answers and as problems, each by question id; unanswered questions are left out."""
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for question in questions:
        try:
            value = question.read(typed)
        except Problem as problem:
            problems[question.id] = str(problem)
        else:
            if value is not None:
                answers[question.id] = value
    return answers, problems


def submit_response(session: Session, survey: LiveSurvey, submission: Submission) -> str:
    """Store a response with its comments, whole or not at all; returns its id.

    The database itself decides whether the survey is open: the insert selects from the row of the survey,
    and on PostgreSQL holds it, so that closing waits for responses under way and comes before all others.

    Raises `AlreadySent` when the submission key was used before, `Closed` when the survey takes no answers
    (`quotas.Full` when it has enough), `admission.NoCode` and `admission.UsedCode` where codes are asked for,
    `Refusal` when the mode of the survey and the respondent do not fit. Roll back after any of them.
    """
    admitted = _admit(session, survey, submission)
    respondent = _add_respondent(session, survey, submission, admitted)
    row = _row(survey, submission, respondent, admitted.unit)
    if session.scalar(_insert_while_open(dialect_of(session)), row) is None:
        raise (
            AlreadySent
            if is_sent(session, submission.keys)
            else Closed(_("This survey takes no answers now."))
        )
    if submission.apart is None:
        add_comments(session, survey, submission)
    webhooks.tell_of_response(session, survey.study_id, survey.slug, survey.mode, submission.source)
    return submission.keys.response


def add_comments(session: Session, survey: LiveSurvey, submission: Submission) -> None:
    """Store what is a comment in the answers of a response that is stored."""
    comments = list(_comments(survey, submission))
    if comments:
        session.execute(insert(COMMENT), comments)


def is_sent(session: Session, keys: Keys) -> bool:
    """Whether the response of this submission key is stored."""
    return session.scalar(select(RESPONSE.c.id).where(RESPONSE.c.id == keys.response)) is not None


def receipt(secret: str, keys: Keys) -> str:
    """A short code that proves that a response was taken, and finds nothing without the secret."""
    digest = hmac.digest(secret.encode(), f"receipt:{keys.response}".encode(), "sha256")
    code = b32encode(digest).decode()[:8]
    return f"{code[:4]}-{code[4:]}"


def _admit(session: Session, survey: LiveSurvey, submission: Submission) -> Admitted:
    """Whether there is room, and a code where one is needed; what was stored before was admitted before."""
    try:
        return admit(session, survey, submission.answers, submission.ticket, submission.source)
    except Refusal:
        if is_sent(session, submission.keys):
            raise AlreadySent from None
        raise


def _row(survey: LiveSurvey, submission: Submission, respondent: str | None, unit: str) -> dict[str, Any]:
    return {
        "new_id": submission.keys.response,
        "survey": survey.id,
        "version": survey.version_id,
        "told_mode": survey.mode,
        "today": submission.today,
        "spoken": submission.language,
        "given": dict(submission.answers),
        "moment": None if survey.mode == "anonymous" else now(),
        "respondent": respondent,
        "why_apart": submission.apart,
        "road": submission.source,
        "part": unit,
    }


@cache
def _insert_while_open(dialect: str) -> Any:
    """The insert, built once: building it costs more than running it."""
    today = bindparam("today", type_=Date())
    row = select(
        bindparam("new_id", type_=String()),
        SURVEY.c.id,
        VERSION.c.id,
        SURVEY.c.mode,
        today,
        bindparam("spoken", type_=String()),
        bindparam("given", type_=RESPONSE.c.answers.type),
        bindparam("moment", type_=RESPONSE.c.received_at.type),
        bindparam("respondent", type_=String()),
        bindparam("why_apart", type_=String()),
        bindparam("road", type_=String()),
        bindparam("part", type_=String()),
    ).join_from(SURVEY, VERSION, VERSION.c.survey_id == SURVEY.c.id)
    is_open = (
        SURVEY.c.id == bindparam("survey"),
        VERSION.c.id == bindparam("version"),
        SURVEY.c.state == "open",
        SURVEY.c.mode == bindparam("told_mode"),
        or_(SURVEY.c.opens_on.is_(None), SURVEY.c.opens_on <= today),
        or_(SURVEY.c.closes_on.is_(None), SURVEY.c.closes_on >= today),
    )
    chosen = row.where(*is_open).with_for_update(read=True, of=SURVEY)
    statement = INSERTS[dialect](RESPONSE).from_select(COLUMNS, chosen)
    return statement.on_conflict_do_nothing(index_elements=["id"]).returning(RESPONSE.c.id)


def _add_respondent(
    session: Session, survey: LiveSurvey, submission: Submission, admitted: Admitted
) -> str | None:
    """Store who answers, where the mode has a place for it: the list of people knows better than a form."""
    person = Identity(admitted.name, admitted.email) if admitted.name else submission.respondent
    if survey.mode == "identified" and (person is None or not person.name.strip()):
        raise Refusal(_("This survey asks for your name. Write it, then send your answers."))
    if person is None:
        return None
    if survey.mode == "anonymous":
        raise Refusal(_("This survey is anonymous: a name cannot be stored with an answer."))
    if is_sent(session, submission.keys):
        raise AlreadySent
    new = secrets.token_hex(16)
    row = {"id": new, "survey_id": survey.id, "name": person.name, "email": person.email}
    session.execute(insert(RESPONDENT), row)
    return new


def _comments(survey: LiveSurvey, submission: Submission) -> Iterable[dict[str, Any]]:
    audience = _audience(survey.document, submission.answers) or survey.audience_id
    for question in survey.document.answerable:
        text = question.comment(submission.answers.get(question.id))
        if text is not None:
            yield {
                "id": secrets.token_hex(16),
                "study_id": survey.study_id,
                "audience_id": audience,
                "prompt_id": getattr(question, "prompt_id", None),
                "response_id": submission.keys.response,
                "channel": "survey",
                "language": submission.language,
                "day": submission.today,
                "text": text,
            }


def _audience(document: Document, answers: Mapping[str, Any]) -> int | None:
    """The audience that the response named, by the first question that asks for it."""
    named = (q.audience_of(answers.get(q.id)) for q in document.answerable if isinstance(q, OneChoice))
    return next((audience for audience in named if audience is not None), None)
