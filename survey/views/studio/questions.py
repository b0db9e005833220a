"""The builder: pages and questions of a survey's draft."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import building, hints, kept
from survey.document import PAGE_TITLE, Document
from survey.errors import NotFound
from survey.languages import language_name
from survey.models import Survey
from survey.permissions import may
from survey.publishing import name
from survey.questions import TYPES, Question, Setting, Statement, from_document
from survey.questions.base import CODE, HELP, LABEL, OPTIONAL
from survey.rule_words import in_words
from survey.services import removed_questions
from survey.services import surveys as service
from survey.views.studio import bp, removed
from survey.views.studio.shared import (
    fill_in,
    me,
    seen_revision,
    settings_form,
    step,
    survey_of,
    survey_page,
    this_day,
)
from survey.web import db

BUILDER = "/studies/<slug>/surveys/<survey_slug>"
ADD = BUILDER + "/pages/<page_id>/add"
QUESTION = BUILDER + "/questions/<question_id>"
PAGE = BUILDER + "/pages/<page_id>"


@bp.get(BUILDER)
@may("edit surveys")
def survey(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The survey as its respondents go through it, with everything that can be done to it."""
    found = survey_of(slug, survey_slug)
    document = service.draft(found)
    return survey_page(
        "studio/survey.html",
        found,
        document=document,
        state=service.status(found, this_day()),
        types=TYPES,
        gaps=service.gaps(found),
        changes=service.unpublished(found),
        removed=removed.question(found),
        removed_page=removed.page(found),
        report=hints.report(document),
        say_rule=lambda rule: in_words(rule, document),
        language_name=language_name,
    )


def back(found: Survey, anchor: str = "", **query: Any) -> ResponseReturnValue:
    """To the builder."""
    url = url_for(".survey", slug=found.study.slug, survey_slug=found.slug, _anchor=anchor or None, **query)
    return redirect(url, 303)


def save(found: Survey, document: Document, action: str, **details: Any) -> None:
    """Store a step of the builder, against the revision that was seen."""
    service.save_document(
        db(), found, document, by=me(), seen=seen_revision(), action=f"surveys.{action}", **details
    )


@bp.get(ADD)
@may("edit surveys")
def choose_type(slug: str, survey_slug: str, page_id: str) -> ResponseReturnValue:
    """The types of question, each with an example."""
    found = survey_of(slug, survey_slug)
    building.page_index(service.draft(found), page_id)
    return survey_page("studio/choose_type.html", found, types=TYPES, page_id=page_id)


def _settings_of(kind: type[Question]) -> tuple[Setting, ...]:
    last = () if issubclass(kind, Statement) else (OPTIONAL,)
    return (LABEL, HELP, *kind.SETTINGS, *last, CODE)


@bp.route(ADD + "/<kind>", methods=["GET", "POST"])
@may("edit surveys")
def add_question(slug: str, survey_slug: str, page_id: str, kind: str) -> ResponseReturnValue:
    """Write a new question of one type."""
    found = survey_of(slug, survey_slug)
    document = service.draft(found)
    building.page_index(document, page_id)
    if kind not in TYPES:
        raise NotFound

    def store(raw: dict[str, Any]) -> ResponseReturnValue:
        question = from_document({"id": building.new_id("q"), "type": kind, **raw})
        save(found, building.add(document, page_id, question), "question-add", id=question.id, type=kind)
        flash(_("Added “%(name)s”.", name=name(question)))
        return back(found, question.id)

    form = settings_form(found, _settings_of(TYPES[kind]), {})
    return fill_in("studio/question.html", found, form, store, type=TYPES[kind], question=None)


@bp.route(QUESTION, methods=["GET", "POST"])
@may("edit surveys")
def edit_question(slug: str, survey_slug: str, question_id: str) -> ResponseReturnValue:
    """Change a question."""
    found = survey_of(slug, survey_slug)
    document = service.draft(found)
    try:
        before = building.question_of(document, question_id)
    except NotFound:
        return _gone()

    def store(raw: dict[str, Any]) -> ResponseReturnValue:
        question = from_document({**before.to_document(), **raw})
        save(found, building.change(document, question), "question-change", id=question.id)
        flash(_("Saved “%(name)s”.", name=name(question)))
        return back(found, question.id)

    form = settings_form(found, _settings_of(type(before)), before.to_document())
    return fill_in("studio/question.html", found, form, store, type=type(before), question=before)


def _gone() -> ResponseReturnValue:
    """Somebody took the question out; what was typed about it is kept on the page."""
    if request.method == "GET":
        raise NotFound
    text = _("Somebody else took this question out of the survey. Your text is below.")
    return kept.again(409, _("The question is gone"), text, can_send=False)


@bp.post(QUESTION + "/copy")
@may("edit surveys")
def copy_question(slug: str, survey_slug: str, question_id: str) -> ResponseReturnValue:
    """Put a copy after a question."""
    found = survey_of(slug, survey_slug)
    document, twin = building.copy(service.draft(found), question_id)
    save(found, document, "question-copy", id=twin.id, of=question_id)
    flash(_("Copied “%(name)s”.", name=name(twin)))
    return back(found, twin.id)


@bp.post(QUESTION + "/move")
@may("edit surveys")
def move_question(slug: str, survey_slug: str, question_id: str) -> ResponseReturnValue:
    """Move a question up, down, or to another page."""
    found = survey_of(slug, survey_slug)
    document, target = service.draft(found), request.form.get("page", "")
    if target:
        document = building.move_to_page(document, question_id, target)
    else:
        document = building.move(document, question_id, step())
    save(found, document, "question-move", id=question_id)
    flash(_("Moved “%(name)s”.", name=name(building.question_of(document, question_id))))
    return back(found, question_id)


@bp.post(QUESTION + "/delete")
@may("edit surveys")
def delete_question(slug: str, survey_slug: str, question_id: str) -> ResponseReturnValue:
    """Take a question out; the next page offers to put it back."""
    found = survey_of(slug, survey_slug)
    number = removed_questions.remove(db(), found, question_id, by=me(), seen=seen_revision())
    return back(found, removed=number)


@bp.post(BUILDER + "/restore")
@may("edit surveys")
def restore_question(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Put a question back where it stood."""
    found = survey_of(slug, survey_slug)
    number = request.form.get("removed", 0, type=int)
    removed = removed_questions.restore(db(), found, number, by=me())
    flash(_("“%(name)s” is back.", name=name(removed.question)))
    return back(found, removed.question.id)


@bp.post(BUILDER + "/pages")
@may("edit surveys")
def add_page(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Add a page at the end."""
    found = survey_of(slug, survey_slug)
    document = building.add_page(service.draft(found))
    save(found, document, "page-add", id=document.pages[-1].id)
    flash(_("Added page %(number)s.", number=len(document.pages)))
    return back(found, document.pages[-1].id)


@bp.route(PAGE, methods=["GET", "POST"])
@may("edit surveys")
def edit_page(slug: str, survey_slug: str, page_id: str) -> ResponseReturnValue:
    """Give a page another title, or none."""
    found = survey_of(slug, survey_slug)
    document = service.draft(found)
    at = building.page_index(document, page_id)

    def store(raw: dict[str, Any]) -> ResponseReturnValue:
        save(found, building.rename_page(document, page_id, raw["title"] or None), "page-rename", id=page_id)
        flash(_("Saved."))
        return back(found, page_id)

    form = settings_form(found, (PAGE_TITLE,), document.pages[at].to_dict())
    return fill_in("studio/page.html", found, form, store, number=at + 1)
