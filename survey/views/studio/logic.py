"""Rules in the builder: when a question, a page or a choice is shown, and whether all can be reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey import path_check, rules
from survey.document import Document
from survey.errors import NotFound, Refusal, Stale
from survey.models import Survey
from survey.permissions import may
from survey.publishing import name
from survey.questions import Choice, Problem, Question
from survey.rule_words import in_words
from survey.services import surveys as service
from survey.views.studio import bp
from survey.views.studio.logic_forms import PartForm
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import me, seen_revision, survey_of, survey_page
from survey.web import db

OVERVIEW = BUILDER + "/logic"
RULE = OVERVIEW + "/<place>"
# What the buttons of a rule do: to all of it, or to the lines that are ticked.
WHOLE: dict[str, Callable[[rules.Top], rules.Top]] = {
    "every": lambda top: rules.Top(True, top.parts),
    "any": lambda top: rules.Top(False, top.parts),
    "clear": lambda top: rules.Top(True, ()),
}
CHOSEN: dict[str, Callable[[rules.Top, list[int]], rules.Top]] = {
    "remove": rules.Top.remove,
    "turn": rules.Top.turn,
    "ungroup": rules.Top.ungroup,
    "group-every": lambda top, chosen: top.group(chosen, every=True),
    "group-any": lambda top, chosen: top.group(chosen, every=False),
}


@bp.get(OVERVIEW)
@may("edit surveys")
def logic(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The way through the survey: every page and question, the rules on it, and what is wrong with them."""
    found = survey_of(slug, survey_slug)
    document = service.draft(found)
    return survey_page(
        "studio/logic.html",
        found,
        document=document,
        findings=path_check.findings(document),
        say=lambda rule: in_words(rule, document),
        choices_of=_choices_of,
    )


def _choices_of(question: Question) -> list[Choice]:
    """The choices of a question that may have rules of their own."""
    return [choice for choice in getattr(question, "choices", ()) if isinstance(choice, Choice)]


@bp.get(RULE)
@may("edit surveys")
def rule(slug: str, survey_slug: str, place: str) -> ResponseReturnValue:
    """One rule, line by line, and the questions a further line could ask about."""
    found = survey_of(slug, survey_slug)
    return _rule_page(found, rules.Place.parse(place))


def _rule_page(found: Survey, place: rules.Place, status: int = 200, **more: Any) -> ResponseReturnValue:
    document = service.draft(found)
    top = rules.Top.of(rules.rule_of(document, place))
    context = {
        "document": document,
        "place": place,
        "what": rules.named(document, place),
        "top": top,
        "lines": [in_words(part, document) for part in top.parts],
        "earlier": rules.earlier(document, place),
        "findings": [one for one in path_check.findings(document) if one.place == place],
    }
    return survey_page("studio/rule.html", found, status, **context, **more)


@bp.post(RULE)
@may("edit surveys")
def change_rule(slug: str, survey_slug: str, place: str) -> ResponseReturnValue:
    """Take lines out, turn them around, put them together; say whether all have to hold or any."""
    found = survey_of(slug, survey_slug)
    where, document = rules.Place.parse(place), service.draft(found)
    top = rules.Top.of(rules.rule_of(document, where))
    try:
        _store(found, document, where, _changed(top))
    except Stale as stale:
        return _rule_page(found, where, 409, problem=str(stale))
    except Refusal as refusal:
        db().rollback()
        return _rule_page(survey_of(slug, survey_slug), where, 422, problem=str(refusal))
    flash(_("The rule is saved."))
    return redirect(url_for(".rule", slug=slug, survey_slug=survey_slug, place=place), 303)


def _changed(top: rules.Top) -> rules.Top:
    """The rule as the button that was pressed makes it."""
    chosen = [at for at in request.form.getlist("part", type=int) if 0 <= at < len(top.parts)]
    do = request.form.get("do", "")
    if do in WHOLE:
        return WHOLE[do](top)
    if do not in CHOSEN:
        abort(400)
    if not chosen:
        raise Refusal(_("Tick the lines you mean first."))
    return CHOSEN[do](top, chosen)


def _store(found: Survey, document: Document, place: rules.Place, top: rules.Top) -> None:
    changed = rules.with_rule(document, place, top.rule())
    service.save_document(
        db(), found, changed, by=me(), seen=seen_revision(), action="surveys.rule", place=str(place)
    )


@bp.route(RULE + "/<question_id>", methods=["GET", "POST"])
@may("edit surveys")
def add_to_rule(slug: str, survey_slug: str, place: str, question_id: str) -> ResponseReturnValue:
    """One more line: what has to be answered to an earlier question."""
    found = survey_of(slug, survey_slug)
    where, document = rules.Place.parse(place), service.draft(found)
    asked = next((q for q in rules.earlier(document, where) if q.id == question_id), None)
    if asked is None:
        raise NotFound
    form = PartForm(asked, document.languages[0], MultiDict(request.form))
    if request.method == "GET":
        return _part_page(found, where, form)
    try:
        top = rules.Top.of(rules.rule_of(document, where)).add(form.read())
        _store(found, document, where, top)
    except Stale as stale:
        return _part_page(found, where, form, 409, str(stale))
    except (Problem, Refusal) as problem:
        return _part_page(found, where, form, 422, str(problem))
    flash(_("Added to the rule."))
    return redirect(url_for(".rule", slug=slug, survey_slug=survey_slug, place=place), 303)


def _part_page(
    found: Survey, place: rules.Place, form: PartForm, status: int = 200, problem: str = ""
) -> ResponseReturnValue:
    document = service.draft(found)
    what, asked = rules.named(document, place), name(form.question)
    return survey_page(
        "studio/rule_part.html",
        found,
        status,
        problem=problem,
        form=form,
        place=place,
        what=what,
        asked=asked,
    )
