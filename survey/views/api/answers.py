"""Answering through programs, and taking answers away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from flask_babel import gettext as _

from survey.dates import today
from survey.document import Document
from survey.errors import Closed, NotFound, Refusal
from survey.models import Survey
from survey.path import Path, follow
from survey.problems import Problem
from survey.questions import Problem as Wrong
from survey.questions import Question
from survey.services import admission, live, response_export, responses
from survey.services.drafts import Keys
from survey.services.live import LiveSurvey
from survey.services.responses import AlreadySent, Identity, Submission
from survey.views import streaming
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.schemas import PAGE, text
from survey.views.api.shared import Query, survey_of
from survey.views.api.shown import Shown, page
from survey.views.api.surveys import SURVEY
from survey.views.working import wake_after_commit
from survey.web import db, settings

CSV = "text/csv"


@Operation(
    method="POST",
    path=SURVEY + "/responses",
    summary="Store what one person answered: once, whole, or not at all",
    permission="key in answers",
    scopes=("answer",),
    body="NewResponse",
    answer="Stored",
    statuses=(201, 200),
)
def add_response(slug: str, survey_slug: str, body: Body) -> Any:
    survey = _live(survey_of(slug, survey_slug, lock=False))
    path = follow(survey.document, _typed(survey.document, body["answers"]))
    if path.problems:
        raise _to_put_right(path.document, path.problems)
    keys = Keys.of(settings().secret_key, survey.id, f"api:{body['key']}")
    submission = _submission(survey, path, keys, body)
    new = _store(survey, submission)
    wake_after_commit()
    code = responses.receipt(settings().secret_key, keys)
    return {"receipt": code, "stored": new}, 201 if new else 200


def _live(survey: Survey) -> LiveSurvey:
    try:
        found = live.find(db(), survey.slug)
    except NotFound:
        raise Refusal(_("The survey is not published yet.")) from None
    if live.status(found, today(settings().timezone)) != "open":
        raise Closed(_("This survey takes no answers now."))
    return found


def _typed(document: Document, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """The answers as a form would send them; raise a `Problem` that names each one that cannot be."""
    typed: dict[str, list[str]] = {}
    wrong: dict[str, str] = {}
    by_id = {question.id: question for question in document.answerable}
    for name, value in answers.items():
        question = by_id.get(document.by_name.get(name, ""))
        try:
            typed |= _form_of(question, value)
        except Wrong as problem:
            wrong[question.id if question else name] = str(problem)
    if wrong:
        raise _to_put_right(document, wrong)
    return typed


def _form_of(question: Question | None, value: Any) -> dict[str, list[str]]:
    if question is None:
        raise Wrong(_("There is no question of this name. Look at the survey’s document."))
    return {} if value is None else question.as_typed(value)


def _to_put_right(document: Document, wrong: Mapping[str, str]) -> Problem:
    names = {question.id: question.name_in_data for question in document.questions}
    faults = [{"at": f"/answers/{names.get(id, id)}"[:300], "detail": words} for id, words in wrong.items()]
    return Problem(422, _("Some answers have to be put right. Nothing was stored."), errors=faults[:50])


def _submission(survey: LiveSurvey, path: Path, keys: Keys, body: Body) -> Submission:
    language = body.get("language") or survey.document.languages[0]
    if language not in survey.document.languages:
        raise Refusal(_("Use one of the languages of the survey."))
    secret = settings().secret_key
    code = body.get("code", "")
    ticket = admission.ticket_for(db(), secret, survey, code) if code else None
    name, email = body.get("name", "").strip(), body.get("email", "").strip()
    person = Identity(name, email) if name or email else None
    day = today(settings().timezone)
    return Submission(keys, path.answers, language, day, person, source="api", ticket=ticket)


def _store(survey: LiveSurvey, submission: Submission) -> bool:
    """Whether it is new; a response of the same key that is stored is left as it is."""
    if responses.is_sent(db(), submission.keys):
        return False
    try:
        responses.submit_response(db(), survey, submission)
    except AlreadySent:
        db().rollback()
        return False
    return True


@Operation(
    method="GET",
    path=SURVEY + "/responses",
    summary="What people answered; as csv all of it",
    permission="export responses",
    query={"format": text("As what.", enum=["json", "csv"], default="json"), **PAGE},
    answer="Responses",
    files=(CSV,),
)
def list_responses(slug: str, survey_slug: str, query: Query) -> Any:
    survey = survey_of(slug, survey_slug)
    if query["format"] == "csv":
        return _file(survey)
    found = response_export.page(db(), survey, query["page"])
    items = [_row(row) for row in found.rows]
    return page(items, found.number, found.of, found.found)


def _row(row: response_export.Row) -> Shown:
    fixed = {name: getattr(row, name) for name in response_export.FIXED}
    return {**fixed, "day": row.day.isoformat(), "answers": row.answers}


def _file(survey: Survey) -> Response:
    """One row a response and one column a question, in words; text stays text in every spreadsheet."""
    return streaming.csv_of(survey.id, "responses.csv")
