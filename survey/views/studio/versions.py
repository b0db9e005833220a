"""The published versions of a survey: what changed, who answered which, and going back to one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import NotFound, Refusal, Stale
from survey.models import Survey
from survey.permissions import may
from survey.services import surveys
from survey.services import versions as service
from survey.views.studio import bp
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import me, seen_revision, survey_of, survey_page, this_day
from survey.web import db

VERSIONS = BUILDER + "/versions"


@bp.get(VERSIONS)
@may("edit surveys")
def versions(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Each version, what changed in it, how many responses it has."""
    return _page(survey_of(slug, survey_slug))


def _page(found: Survey, status: int = 200, refused: str = "") -> ResponseReturnValue:
    return survey_page(
        "studio/versions.html",
        found,
        status,
        told=service.history(db(), found),
        changes=surveys.unpublished(found),
        state=surveys.status(found, this_day()),
        replaced=_replaced(found),
        refused=refused,
    )


def _replaced(found: Survey) -> int | None:
    """The number under which the draft is kept that was just replaced."""
    number = request.args.get("replaced", 0, type=int)
    try:
        return service.replaced(db(), found, number).number
    except NotFound:
        return None


@bp.post(VERSIONS + "/<int:version>/restore")
@may("edit surveys")
def restore_version(slug: str, survey_slug: str, version: int) -> ResponseReturnValue:
    """Make a version the draft again; people see it once it is published."""
    found = survey_of(slug, survey_slug)
    try:
        number = service.restore(db(), found, version, by=me(), seen=seen_revision())
    except (NotFound, Stale):
        raise
    except Refusal as refusal:
        db().rollback()
        return _page(survey_of(slug, survey_slug), 422, str(refusal))
    flash(_("The questions are as in version %(number)s. Publish to show them to people.", number=version))
    return redirect(url_for(".versions", slug=slug, survey_slug=survey_slug, replaced=number), 303)


@bp.post(VERSIONS + "/undo")
@may("edit surveys")
def undo_version(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Bring back the unpublished changes that a version replaced."""
    found = survey_of(slug, survey_slug)
    number = request.form.get("replaced", 0, type=int)
    service.undo(db(), found, number, by=me(), seen=seen_revision())
    flash(_("Your changes are back."))
    return redirect(url_for(".survey", slug=slug, survey_slug=survey_slug), 303)
