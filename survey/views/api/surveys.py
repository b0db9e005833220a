"""Surveys: made, changed, published, closed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from survey.dates import today
from survey.errors import Refusal
from survey.models import Study, Survey
from survey.security import current_person
from survey.services import response_counts, sealing
from survey.services import surveys as service
from survey.services.ballots import FEWEST
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.shared import study_of, survey_of
from survey.views.api.shown import Shown
from survey.views.working import wake_after_commit
from survey.web import app, db, settings

SURVEY = "/studies/{slug}/surveys/{survey_slug}"


@Operation(
    method="GET",
    path="/studies/{slug}/surveys",
    summary="The surveys of a study",
    permission="see studies",
    answer="Surveys",
)
def list_surveys(slug: str) -> Any:
    found = service.of_studies(db(), [study_of(slug).id])
    counts = response_counts.totals(db(), [survey.id for survey in found])
    return {"items": [_survey(survey, counts.get(survey.id, 0)) for survey in found]}


def _survey(survey: Survey, responses: int) -> Shown:
    told = survey.mode != "anonymous" or responses >= FEWEST
    return {
        "slug": survey.slug,
        "title": service.title(survey),
        "mode": survey.mode,
        "state": service.status(survey, today(settings().timezone)),
        "access": survey.access,
        "opens_on": survey.opens_on.isoformat() if survey.opens_on else None,
        "closes_on": survey.closes_on.isoformat() if survey.closes_on else None,
        "languages": survey.document["languages"],
        "versions": len(survey.versions),
        "responses": responses if told else None,
        "revision": survey.revision,
    }


@Operation(
    method="POST",
    path="/studies/{slug}/surveys",
    summary="Make a survey",
    permission="edit surveys",
    scopes=("build",),
    body="NewSurvey",
    answer="SurveyPage",
    statuses=(201,),
)
def make_survey(slug: str, body: Body) -> Any:
    study = study_of(slug, lock=True)
    return _page(_made(study, body))


def _made(study: Study, body: Body) -> Survey:
    document = body.get("document")
    if document is None and not body.get("title"):
        raise Refusal(_("Give the survey a title, or send a document."))
    words = document.get("title") if document else None
    named = next((str(text) for text in words.values()), "") if isinstance(words, dict) else ""
    more = {name: body[name] for name in ("layout", "language") if name in body}
    return service.add(
        db(),
        study,
        body.get("slug", ""),
        body.get("title") or named,
        body.get("mode", "anonymous"),
        by=current_person().email,
        document=document,
        **more,
    )


def _page(survey: Survey) -> Shown:
    db().flush()
    counts = response_counts.totals(db(), [survey.id])
    return {
        "survey": _survey(survey, counts.get(survey.id, 0)),
        "document": survey.document,
        "gaps": [{"text": gap.text, "must": gap.must} for gap in service.gaps(survey)],
        "unpublished": service.unpublished(survey),
    }


@Operation(
    method="GET",
    path=SURVEY,
    summary="A survey with its draft, as our own files hold it",
    permission="see studies",
    answer="SurveyPage",
)
def show_survey(slug: str, survey_slug: str) -> Any:
    return _page(survey_of(slug, survey_slug))


@Operation(
    method="PUT",
    path=SURVEY + "/document",
    summary="Put another draft in its place; people see it once it is published",
    permission="edit surveys",
    scopes=("build",),
    body="NewDocument",
    answer="SurveyPage",
    refused=(409,),
    stale="Problem",
)
def change_survey(slug: str, survey_slug: str, body: Body) -> Any:
    survey = survey_of(slug, survey_slug)
    by = current_person().email
    service.save_document(db(), survey, body["document"], by=by, seen=body["revision"])
    return _page(survey)


@Operation(
    method="POST",
    path=SURVEY + "/publish",
    summary="Freeze the draft as the next version, and open the survey",
    permission="edit surveys",
    scopes=("build",),
    body="Seen",
    answer="SurveyPage",
    refused=(409,),
    stale="Problem",
)
def publish_survey(slug: str, survey_slug: str, body: Body) -> Any:
    survey = survey_of(slug, survey_slug)
    secret = settings().secret_key
    service.publish(db(), survey, by=current_person().email, seen=body["revision"], secret=secret)
    wake_after_commit()
    return _page(survey)


@Operation(
    method="POST",
    path=SURVEY + "/close",
    summary="Take no more answers; an anonymous survey is sealed for good",
    permission="edit surveys",
    scopes=("build",),
    body="Seen",
    answer="SurveyPage",
    refused=(409,),
    stale="Problem",
)
def close_survey(slug: str, survey_slug: str, body: Body) -> Any:
    survey = survey_of(slug, survey_slug)
    service.check_seen(survey, body["revision"])
    sealed = service.close(db(), survey, by=current_person().email)
    wake_after_commit()
    page = _page(survey)
    if sealed:
        db().commit()
        sealing.compact(app().database)
    return page


@Operation(
    method="POST",
    path=SURVEY + "/reopen",
    summary="Take answers again, where the survey is not sealed",
    permission="edit surveys",
    scopes=("build",),
    body="Seen",
    answer="SurveyPage",
    refused=(409,),
    stale="Problem",
)
def reopen_survey(slug: str, survey_slug: str, body: Body) -> Any:
    survey = survey_of(slug, survey_slug)
    service.check_seen(survey, body["revision"])
    service.reopen(db(), survey, today(settings().timezone), by=current_person().email)
    wake_after_commit()
    return _page(survey)
