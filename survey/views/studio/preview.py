"""The preview: the pages as respondents get them, made by the same code, with nothing stored.

On a phone and without JavaScript they stand in a frame: a window of 375 px lays a page out as a phone does,
and a frame that may run no scripts shows it as a browser without them does. Decision 15 is about the headers.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.document import parse
from survey.errors import NotFound
from survey.models import Survey
from survey.pages import form_start, page
from survey.permissions import may
from survey.security import allow_frame
from survey.services import surveys as service
from survey.services import versions
from survey.services.responses import read_answers
from survey.views.studio import bp
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import survey_of
from survey.views.studio.trial import RECEIPT, Trial, begin

PREVIEW = BUILDER + "/preview/<int:number>"
VERSION = BUILDER + "/versions/<int:version>/<int:number>"


@bp.get(PREVIEW)
@may("edit surveys")
def preview(slug: str, survey_slug: str, number: int) -> ResponseReturnValue:
    """One page of the draft as respondents get it."""
    return _shown(_draft(slug, survey_slug), number)


@bp.post(PREVIEW)
@may("edit surveys")
def try_preview(slug: str, survey_slug: str, number: int) -> ResponseReturnValue:
    """Go on in the draft as respondents do, or see what would have to be put right."""
    return _tried(_draft(slug, survey_slug), number)


@bp.get(VERSION)
@may("edit surveys")
def preview_version(slug: str, survey_slug: str, version: int, number: int) -> ResponseReturnValue:
    """One page of a published version, as it was shown."""
    return _shown(_version(slug, survey_slug, version), number)


@bp.post(VERSION)
@may("edit surveys")
def try_version(slug: str, survey_slug: str, version: int, number: int) -> ResponseReturnValue:
    """Go on in a published version as its respondents did."""
    return _tried(_version(slug, survey_slug, version), number)


def _draft(slug: str, survey_slug: str) -> Trial:
    survey = _survey(slug, survey_slug)
    return begin(survey, service.whole_draft(survey))


def _version(slug: str, survey_slug: str, version: int) -> Trial:
    survey = _survey(slug, survey_slug)
    return begin(survey, parse(versions.of_number(survey, version).document), version)


def _survey(slug: str, survey_slug: str) -> Survey:
    """The survey, on a page that may stand in a frame of ours."""
    allow_frame()
    return survey_of(slug, survey_slug)


def _shown(trial: Trial, number: int) -> ResponseReturnValue:
    if not trial.survey.document.questions:
        return _around("studio/preview_empty.html", trial, number)
    if number > trial.check_number:
        raise NotFound
    if trial.look.look in ("phone", "plain"):
        return _around("studio/preview_frame.html", trial, number)
    return trial.show(number, {})


def _around(template: str, trial: Trial, number: int) -> ResponseReturnValue:
    """A page of the author's own about the preview."""
    survey = trial.home
    title = service.title(survey)
    return page(template, trial=trial, study=survey.study, survey=survey, title=title, number=number)


def _tried(trial: Trial, number: int) -> ResponseReturnValue:
    here = request.form.get("at", number, type=int)
    if not trial.screens or not 0 <= here <= trial.check_number:
        raise NotFound
    typed = trial.typed(here)
    wish = request.form.get("go", "")
    if {"language", "buttons"} & request.form.keys() or wish == "stop":
        note = _("Here people get a code to come back with. The preview stores nothing.") if wish else ""
        return trial.show(here, typed, note=note)
    if wish.isascii() and wish.isdigit() and int(wish[:6]) <= trial.check_number:
        return trial.show(int(wish), typed)
    path = trial.path(typed)
    if wish == "back":
        before = path.before(here)
        return trial.show(before.number if before else 0, typed)
    stop = path.at(here)
    if stop and read_answers(stop.screen.questions, typed)[1]:
        return trial.show(here, typed, wrong=True)
    if here == trial.check_number and not path.problems:
        return _sent(trial)
    on = path.after(here)
    return trial.show(on.number if on else trial.check_number, typed)


def _sent(trial: Trial) -> ResponseReturnValue:
    """The last page, with an example of a receipt; its form begins anew."""
    context: dict[str, Any] = {
        "real": "respond/sent.html",
        "again": False,
        "receipt": RECEIPT,
        "form_start": form_start,
    }
    return trial.show(trial.check_number, {}, **context)
