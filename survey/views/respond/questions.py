"""The way through the questions: pages, the check of all answers, sending."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import NotFound, Refusal
from survey.path import Path, Stop
from survey.permissions import may
from survey.screens import Screen
from survey.services import drafts, responses, returning, suspicion
from survey.services.drafts import Typed
from survey.services.responses import AlreadySent, Submission
from survey.views.respond import about_you, bp, trap
from survey.views.respond.browser import Visit, answering, choose_language, sent_elsewhere
from survey.views.respond.codes import full_choice, turned_away
from survey.views.respond.rendering import check_lines, markup, progress, show
from survey.web import db

PAGE = "/answer/<survey_slug>/pages/<int:number>"


@bp.get(PAGE)
@may("answer surveys")
@answering
def question_page(visit: Visit, number: int) -> ResponseReturnValue:
    """One screen of questions, with what was typed before."""
    _screen(visit, number)
    if not visit.brought:
        return visit.go("start")
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.has_draft else {}
    if typed is None and responses.is_sent(db(), visit.keys):
        return _receipt(visit)
    path = visit.path(typed or {})
    stop = path.at(number)
    return _page(visit, path, stop, {}) if stop else _onward(visit, path.after(number))


@bp.post(PAGE)
@may("answer surveys")
@answering
def save_page(visit: Visit, number: int) -> ResponseReturnValue:
    """Keep what was typed as it is, then go where the button says; on only when the answers are right."""
    screen = _screen(visit, number)
    clash = _written_elsewhere(visit, number, screen) if visit.is_shared else None
    if clash:
        return clash
    typed, has_draft = _keep(visit, number, screen)
    if has_draft and request.form.get("go") == "stop":
        visit = visit.share()
    return visit.keep_token(_next(visit, number, visit.path(typed)), has_draft=has_draft)


def _screen(visit: Visit, number: int) -> Screen:
    if not 1 <= number <= len(visit.screens):
        raise NotFound
    return visit.screens[number - 1]


def _written_elsewhere(visit: Visit, number: int, screen: Screen) -> ResponseReturnValue | None:
    """The page again, with both texts, when another device changed it since it was shown here."""
    found = drafts.find(db(), visit.survey, visit.keys, lock=True)
    if found is None and responses.is_sent(db(), visit.keys):
        return sent_elsewhere(visit)
    before = found or {}
    new = _sent(visit.path(before).at(number), screen)
    path = visit.path(before | new)
    stop = path.at(number)
    if stop is None or not returning.collides(before, new, request.form.get("seen", "")):
        return None
    other = [line for line in check_lines(visit.path(before), visit.voice) if line.page == number]
    return _page(visit, path, stop, {}, 409, seen=returning.seal_of(before, new), other=other)


def _keep(visit: Visit, number: int, screen: Screen) -> tuple[Typed, bool]:
    """Store what came from the page; returns all that was typed, and whether there is a draft now."""
    if len(visit.screens) == 1:
        new = {name: request.form.getlist(name) for name in screen.fields} | trap.caught()
        if new:
            drafts.save(db(), visit.survey, visit.keys, new, visit.draft_hours)
        return new, bool(new) or visit.has_draft
    before = drafts.find(db(), visit.survey, visit.keys, lock=True) if visit.has_draft else None
    new = _sent(visit.path(before or {}).at(number), screen) | trap.caught()
    whole = (before or {}) | new
    if new:
        drafts.save(db(), visit.survey, visit.keys, whole, visit.draft_hours)
    if new and visit.has_draft and before is None and number > 1:
        flash(_("Your earlier answers were deleted because their time was over. We kept those of this page."))
    return whole, bool(new) or visit.has_draft


def _sent(stop: Stop | None, screen: Screen) -> Typed:
    """What the form holds. A field that the page did not show is left as it was typed earlier."""
    shown = stop.screen.fields if stop else ()
    return {
        name: request.form.getlist(name) for name in screen.fields if name in shown or name in request.form
    }


def _next(visit: Visit, number: int, path: Path) -> Response:
    changing = "change" in request.args
    wish = request.form.get("go")
    if "language" in request.form or "buttons" in request.form:
        choose_language(visit, request.form.get("language", ""))
        return visit.go("question_page", number=number, **({"change": 1} if changing else {}))
    if wish == "stop":
        return visit.go("stop")
    if wish == "back" and not changing:
        before = path.before(number)
        return visit.go("question_page", number=before.number) if before else visit.go("start")
    here = path.at(number)
    problems = responses.read_answers(here.screen.questions, path.typed)[1] if here else {}
    if here and problems and wish != "back":
        return make_response(_page(visit, path, here, problems))
    full = full_choice(visit, path.answers) if wish != "back" else None
    return full or _onward(visit, path.first_open() if changing else path.after(number))


def _onward(visit: Visit, stop: Stop | None) -> Response:
    """To a page of questions, or to the check when there is none left."""
    return visit.go("question_page", number=stop.number) if stop else visit.go("check")


def _page(
    visit: Visit, path: Path, stop: Stop, problems: dict[str, str], status: int = 200, **more: Any
) -> tuple[str, int]:
    voice = visit.says(path)
    shown = show(stop.screen, voice, path.typed, problems)
    steps = progress(
        [one.screen for one in path.stops], path.stops.index(stop) + 1, visit.survey.document.layout
    )
    asked = visit.for_this_computer(markup(shown, voice, stop.number))
    seen = returning.seal_of(path.typed, stop.screen.fields) if visit.is_shared else ""
    context: dict[str, Any] = {"shown": shown, "asked": asked, "steps": steps, "seen": seen, **more}
    return visit.page("page.html", 422 if problems else status, **context)


@bp.get("/answer/<survey_slug>/check")
@may("answer surveys")
@answering
def check(visit: Visit) -> ResponseReturnValue:
    """All answers with a way to change each, and the button that sends them."""
    typed = drafts.find(db(), visit.survey, visit.keys) if visit.brought else None
    if typed is None:
        return _nothing_to_send(visit)
    path = visit.path(typed)
    voice = visit.says(path)
    dropped = [voice.say(question.label) for question in path.dropped]
    return visit.page(
        "check.html",
        lines=check_lines(path, voice),
        dropped=dropped,
        last=path.stops[-1].number if path.stops else 1,
    )


@bp.post("/answer/<survey_slug>/send")
@may("answer surveys")
@answering
def send(visit: Visit) -> ResponseReturnValue:
    """Store the response: once, whole, or not at all."""
    typed = drafts.take(db(), visit.survey, visit.keys) if visit.brought else None
    if typed is None:
        return _nothing_to_send(visit)
    path = visit.path(typed)
    if path.problems:
        db().rollback()
        return visit.go("check")
    others, person = about_you.split(path.answers)
    apart = suspicion.reason(visit.survey, others, trap.signs(visit, typed))
    submission = Submission(
        visit.keys, others, visit.language, visit.today, person, apart, ticket=visit.ticket
    )
    try:
        responses.submit_response(db(), visit.survey, submission)
    except AlreadySent:
        db().rollback()
        drafts.drop(db(), visit.keys)
    except Refusal as refusal:
        db().rollback()
        return turned_away(visit, refusal)
    return _receipt(visit)


def _nothing_to_send(visit: Visit) -> ResponseReturnValue:
    """No draft: sent already, though the reply may have been lost; or never begun, or its time is over."""
    if visit.brought and responses.is_sent(db(), visit.keys):
        return _receipt(visit)
    flash(_("There are no answers from this browser. Their time may be over. Please start again."))
    return visit.go("start")


def _receipt(visit: Visit) -> Response:
    visit.keep_receipt()
    return visit.drop_token(visit.go("sent"))
