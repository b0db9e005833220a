"""What the pages of the studio have in common: the study or survey of the address, what the form had seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from survey.dates import today
from survey.errors import Refusal, Stale
from survey.models import Study, Survey
from survey.pages import page
from survey.publishing import name
from survey.questions import Setting
from survey.security import current_person
from survey.services import studies, surveys
from survey.views.studio.forms_settings import SettingsForm
from survey.web import SAFE, db, settings


def study_of(slug: str) -> Study:
    """The study of the address, held until the change is stored; not found for people of other studies."""
    return studies.for_person(db(), current_person(), slug, lock=request.method not in SAFE)


def survey_of(slug: str, survey_slug: str) -> Survey:
    """The survey of the address, held until the change is stored; not found for people of other studies."""
    return surveys.for_person(db(), current_person(), slug, survey_slug, lock=request.method not in SAFE)


def me() -> str:
    """The e-mail of whoever is at work, for the audit."""
    return current_person().email


def seen_revision() -> int:
    """The revision of the page that the form stood on."""
    seen = request.form.get("revision", type=int)
    if seen is None:
        abort(400)
    return seen


def step() -> int:
    """Up (-1) or down (1), by the button that was pressed."""
    steps = {"up": -1, "down": 1}
    return steps.get(request.form.get("to", "")) or abort(400)


def this_day() -> date:
    """Today, where the office is."""
    return today(settings().timezone)


def survey_page(template: str, survey: Survey, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A page of one survey."""
    title = surveys.title(survey)
    return page(template, status, study=survey.study, survey=survey, title=title, name=name, **context)


def settings_form(survey: Survey, wanted: tuple[Setting, ...], values: Mapping[str, Any]) -> SettingsForm:
    """A form over some settings of a survey, with what was typed when it was sent."""
    typed = request.form.to_dict() if request.method == "POST" else None
    seen = request.form.get("revision", survey.revision, type=int)
    return SettingsForm(wanted, tuple(survey.document["languages"]), values, typed, revision=seen)


def fill_in(
    template: str,
    survey: Survey,
    form: SettingsForm,
    store: Callable[[dict[str, Any]], ResponseReturnValue],
    **context: Any,
) -> ResponseReturnValue:
    """Show a form, or store what was typed.

    The page comes back with everything that was typed when something has to be put right (422) or somebody
    else was faster (409); sending it again then puts it in the place of theirs.
    """
    if request.method in SAFE:
        return survey_page(template, survey, form=form, **context)
    raw = form.read()
    if not form.errors:
        try:
            return store(raw)
        except Stale as stale:
            form.revision = survey.revision
            return survey_page(template, survey, 409, form=form, stale=str(stale), **context)
        except Refusal as refusal:
            db().rollback()
            form.errors[""] = str(refusal)
    return survey_page(template, survey, 422, form=form, **context)
