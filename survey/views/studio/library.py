"""The library of questions: looked through from a survey, put into one of its pages, kept from a question."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import NotFound, Refusal, Stale
from survey.languages import language_name
from survey.models import Survey
from survey.permissions import may
from survey.publishing import name
from survey.services import library as service
from survey.services import surveys
from survey.views.studio import bp
from survey.views.studio.questions import BUILDER, QUESTION, back
from survey.views.studio.shared import me, seen_revision, survey_of, survey_page
from survey.web import db

LIBRARY = BUILDER + "/library"
KEPT = LIBRARY + "/<int:library_id>"


@bp.get(LIBRARY)
@may("edit surveys")
def library(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The questions of the library, all or those with some words, to put into a page."""
    return _page(survey_of(slug, survey_slug))


def _page(found: Survey, status: int = 200, refused: str = "") -> ResponseReturnValue:
    wanted, document = request.args.get("q", "").strip()[:200], surveys.draft(found)
    kept = service.search(db(), wanted)
    return survey_page(
        "studio/library.html",
        found,
        status,
        kept=kept,
        lacks={one.id: service.lacks(one.question, document) for one in kept},
        wanted=wanted,
        document=document,
        to=request.values.get("page", ""),
        refused=refused,
        removed=_removed(),
        language_name=language_name,
    )


def _removed() -> tuple[int, str] | None:
    """Number and name of the question just taken out, while it can be put back."""
    number = request.args.get("removed", 0, type=int)
    try:
        row = service.removed(db(), number)
    except NotFound:
        return None
    return None if service.is_back(db(), row) else (number, row.object)


def _to_library(found: Survey, **query: Any) -> ResponseReturnValue:
    return redirect(url_for(".library", slug=found.study.slug, survey_slug=found.slug, **query), 303)


@bp.post(QUESTION + "/library")
@may("edit surveys")
def keep_question(slug: str, survey_slug: str, question_id: str) -> ResponseReturnValue:
    """Keep a question for other surveys."""
    found = survey_of(slug, survey_slug)
    kept = service.add(db(), found, question_id, by=me())
    flash(_("“%(name)s” is in the library now. Every survey of the office can use it.", name=kept.name))
    return back(found, question_id)


@bp.post(KEPT)
@may("edit surveys")
def put_kept(slug: str, survey_slug: str, library_id: int) -> ResponseReturnValue:
    """Put a question of the library into a page."""
    found = survey_of(slug, survey_slug)
    page_id = request.form.get("page") or surveys.draft(found).pages[-1].id
    try:
        question = service.put(db(), found, library_id, page_id, by=me(), seen=seen_revision())
    except (NotFound, Stale):
        raise
    except Refusal as refusal:
        db().rollback()
        return _page(survey_of(slug, survey_slug), 422, str(refusal))
    flash(_("Added “%(name)s”.", name=name(question)))
    return back(found, question.id)


@bp.post(KEPT + "/delete")
@may("edit surveys")
def delete_kept(slug: str, survey_slug: str, library_id: int) -> ResponseReturnValue:
    """Take a question out of the library; surveys that use it keep theirs."""
    found = survey_of(slug, survey_slug)
    number = service.remove(db(), library_id, by=me())
    return _to_library(found, removed=number, page=request.form.get("page") or None)


@bp.post(LIBRARY + "/restore")
@may("edit surveys")
def restore_kept(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Put a question back into the library."""
    found = survey_of(slug, survey_slug)
    kept = service.restore(db(), request.form.get("removed", 0, type=int), by=me())
    flash(_("“%(name)s” is back.", name=kept.name))
    return _to_library(found)
