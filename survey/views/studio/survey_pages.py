"""The builder: pages of a survey moved, copied, taken away and put back."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import building
from survey.permissions import may
from survey.services import survey_pages, surveys
from survey.views.studio import bp
from survey.views.studio.questions import BUILDER, PAGE, back, save
from survey.views.studio.shared import me, seen_revision, step, survey_of
from survey.web import db


@bp.post(PAGE + "/move")
@may("edit surveys")
def move_page(slug: str, survey_slug: str, page_id: str) -> ResponseReturnValue:
    """Move a page up or down, with its questions."""
    found = survey_of(slug, survey_slug)
    document = building.move_page(surveys.draft(found), page_id, step())
    save(found, document, "page-move", id=page_id)
    flash(_("This is page %(number)s now.", number=building.page_index(document, page_id) + 1))
    return back(found, page_id)


@bp.post(PAGE + "/copy")
@may("edit surveys")
def copy_page(slug: str, survey_slug: str, page_id: str) -> ResponseReturnValue:
    """Put a copy of a page after it."""
    found = survey_of(slug, survey_slug)
    document, twin = building.copy_page(surveys.draft(found), page_id)
    save(found, document, "page-copy", id=twin.id, of=page_id)
    flash(_("Copied. The copy is page %(number)s.", number=building.page_index(document, twin.id) + 1))
    return back(found, twin.id)


@bp.post(PAGE + "/delete")
@may("edit surveys")
def delete_page(slug: str, survey_slug: str, page_id: str) -> ResponseReturnValue:
    """Take a page away, with its questions or not; the next page offers to put it back."""
    found = survey_of(slug, survey_slug)
    whole = request.form.get("questions") == "delete"
    number = survey_pages.remove(db(), found, page_id, with_questions=whole, by=me(), seen=seen_revision())
    return back(found, removed_page=number)


@bp.post(BUILDER + "/pages/restore")
@may("edit surveys")
def restore_page(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Put a page back where it stood."""
    found = survey_of(slug, survey_slug)
    gone = survey_pages.restore(db(), found, request.form.get("removed", 0, type=int), by=me())
    flash(_("The page is back."))
    return back(found, gone.page.id)
