"""Reading studies: what they are, whom they listen to, what people said."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from survey import __version__
from survey.permissions import may
from survey.security import current_person, current_token
from survey.services import board as boards
from survey.services import comments, studies
from survey.views.api import bp, shown
from survey.views.api.contract import Operation
from survey.views.api.document import document
from survey.views.api.schemas import PAGE, WHICH_COMMENTS
from survey.views.api.shared import Query, filter_of, study_of
from survey.web import db


@bp.get("/openapi.json")
@may("see public pages")
def description() -> Response:
    """The description of the API, for programs that read such."""
    body = current_app.json.dumps(document(__version__), sort_keys=False)
    return current_app.response_class(body, mimetype="application/json")


@Operation(
    method="GET",
    path="/studies",
    summary="The studies that the token reaches",
    permission="see studies",
    answer="Studies",
)
def list_studies() -> Any:
    only = current_token().study_id
    mine = studies.visible_to(db(), current_person())
    return {"items": [shown.study(study) for study in mine if only in (None, study.id)]}


@Operation(
    method="GET",
    path="/studies/{slug}",
    summary="A study and what it holds",
    permission="see studies",
    answer="StudyPage",
)
def show_study(slug: str) -> Any:
    study = study_of(slug)
    return shown.study_page(study, comments.counts(db(), study.id), boards.run_of_board(db(), study))


@Operation(
    method="GET",
    path="/studies/{slug}/audiences",
    summary="The audiences of a study",
    permission="see studies",
    answer="Audiences",
)
def list_audiences(slug: str) -> Any:
    study = study_of(slug)
    return shown.audiences(study, comments.counts(db(), study.id))


@Operation(
    method="GET",
    path="/studies/{slug}/comments",
    summary="The comments of a study",
    permission="see comments",
    query=WHICH_COMMENTS | PAGE,
    answer="Comments",
)
def list_comments(slug: str, query: Query) -> Any:
    study = study_of(slug)
    found = comments.page(db(), study.id, filter_of(query), query["page"])
    return shown.comments(found)
