"""What was just taken out of a survey: the page that offers to undo it has its number in the address."""

from __future__ import annotations

from flask import request

from survey import building
from survey.errors import NotFound
from survey.models import Survey
from survey.services import removed_questions, survey_pages, surveys
from survey.web import db


def question(found: Survey) -> tuple[int, building.Removed] | None:
    """The question just taken out, with its number, while it can be put back."""
    number = request.args.get("removed", 0, type=int)
    try:
        gone = removed_questions.find(db(), found, number)
    except NotFound:
        return None
    is_back = any(one.id == gone.question.id for one in surveys.draft(found).questions)
    return None if is_back else (number, gone)


def page(found: Survey) -> tuple[int, building.RemovedPage] | None:
    """The page just taken away, with its number, while it can be put back."""
    number = request.args.get("removed_page", 0, type=int)
    try:
        gone = survey_pages.removed(db(), found, number)
    except NotFound:
        return None
    is_back = any(one.id == gone.page.id for one in surveys.draft(found).pages)
    return None if is_back else (number, gone)
