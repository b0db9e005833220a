"""The way through the questions: pages, the check of all answers, sending."""

from __future__ import annotations

from flask import Response, flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.document import Screen
from survey.errors import Closed, NotFound
from survey.permissions import may
from survey.questions import Question
from survey.services import drafts, responses
from survey.services.drafts import Typed
from survey.services.responses import AlreadySent, Submission
from survey.views.respond import about_you, bp
from survey.views.respond.browser import Visit, answering, choose_language, not_open
from survey.views.respond.rendering import check_lines, markup, progress, show
from survey.web import db, settings

PAGE = "/answer/<survey_slug>/pages/<int:number>"


@bp.get(PAGE)
@may("answer surveys")
@answering
def question_page(visit: Visit, number: int) -> ResponseReturnValue:
    """One screen of questions, with what was typed before."""
    screen = _screen(visit, number)
    if not visit.brought:
        return visit.go("start")
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else {}
    if typed is None and responses.is_sent(db(), visit.keys):
        return _receipt(visit)
    return _page(visit, number, screen, typed or {}, {})


@bp.post(PAGE)
@may("answer surveys")
@answering
def save_page(visit: Visit, number: int) -> ResponseReturnValue:
    """Keep what was typed as it is, then go where the button says; on only when the answers are right."""
    screen = _screen(visit, number)
    typed = {name: request.form.getlist(name) for name in screen.fields}
    if typed:
        _keep(visit, number, typed)
    return visit.keep_token(_next(visit, number, screen, typed), has_draft=visit.has_draft or bool(typed))


def _screen(visit: Visit, number: int) -> Screen:
    if not 1 <= number <= len(visit.screens):
        raise NotFound
    return visit.screens[number - 1]


def _keep(visit: Visit, number: int, typed: Typed) -> None:
    if len(visit.screens) == 1:
        return drafts.save(db(), visit.survey, visit.keys, typed, settings().draft_hours)
    whole = drafts.add(db(), visit.survey, visit.keys, typed, settings().draft_hours)
    if visit.has_draft and number > 1 and whole.keys() == typed.keys():
        flash(_("Your earlier answers were deleted because their time was over. We kept those of this page."))
    return None


def _next(visit: Visit, number: int, screen: Screen, typed: Typed) -> Response:
    change = {"change": 1} if "change" in request.args else {}
    wish = request.form.get("go")
    if "language" in request.form:
        choose_language(visit, request.form["language"])
        return visit.go("question_page", number=number, **change)
    if wish == "stop":
        return visit.go("stop")
    if wish == "back" and not change:
        return visit.go("question_page", number=number - 1) if number > 1 else visit.go("start")
    _answers, problems = responses.read_answers(screen.questions, typed)
    if problems and wish != "back":
        return make_response(_page(visit, number, screen, typed, problems))
    on = not change and number < len(visit.screens)
    return visit.go("question_page", number=number + 1) if on else visit.go("check")


def _page(
    visit: Visit, number: int, screen: Screen, typed: Typed, problems: dict[str, str]
) -> tuple[str, int]:
    shown = show(screen, visit.voice, typed, problems)
    steps = progress(visit.screens, number, visit.survey.document.layout)
    asked = markup(shown, visit.voice, number)
    return visit.page("page.html", 422 if problems else 200, shown=shown, asked=asked, steps=steps)


@bp.get("/answer/<survey_slug>/check")
@may("answer surveys")
@answering
def check(visit: Visit) -> ResponseReturnValue:
    """All answers with a way to change each, and the button that sends them."""
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.brought else None
    if typed is None:
        return _nothing_to_send(visit)
    answers, problems = responses.read_answers(_questions(visit), typed)
    return visit.page("check.html", lines=check_lines(visit.screens, visit.voice, answers, problems))


@bp.post("/answer/<survey_slug>/send")
@may("answer surveys")
@answering
def send(visit: Visit) -> ResponseReturnValue:
    """Store the response: once, whole, or not at all."""
    typed = drafts.take(db(), visit.survey, visit.keys) if visit.brought else None
    if typed is None:
        return _nothing_to_send(visit)
    answers, problems = responses.read_answers(_questions(visit), typed)
    if problems:
        db().rollback()
        return visit.go("check")
    others, person = about_you.split(answers)
    submission = Submission(visit.keys, others, visit.language, visit.today, person)
    try:
        responses.submit_response(db(), visit.survey, submission)
    except AlreadySent:
        db().rollback()
        drafts.drop(db(), visit.keys)
    except Closed:
        db().rollback()
        return not_open(visit)
    return _receipt(visit)


def _questions(visit: Visit) -> list[Question]:
    return [question for screen in visit.screens for question in screen.questions]


def _nothing_to_send(visit: Visit) -> ResponseReturnValue:
    """No draft: sent already, though the reply may have been lost; or never begun, or its time is over."""
    if visit.brought and responses.is_sent(db(), visit.keys):
        return _receipt(visit)
    flash(_("There are no answers from this browser. Their time may be over. Please start again."))
    return visit.go("start")


def _receipt(visit: Visit) -> Response:
    visit.keep_receipt()
    return visit.drop_token(visit.go("sent"))
