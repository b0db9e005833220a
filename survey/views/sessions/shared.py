"""What the pages of sessions have in common: the study and session of the address, and how a step is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from survey.errors import Refusal
from survey.models import GroupSession, Prompt, Study
from survey.pages import page
from survey.security import current_person
from survey.services import sessions as service
from survey.services import studies
from survey.views.sessions import bp
from survey.web import SAFE, db

ONE = "/studies/<slug>/sessions/<int:session_id>"
KIND_WORDS = {
    "strength": _l("Strength"),
    "improvement": _l("Improvement"),
    "aspiration": _l("Aspiration"),
}
SHORT = 28


def study_of(slug: str) -> Study:
    """The study of the address, held until the change is stored; not found for people of other studies."""
    return studies.for_person(db(), current_person(), slug, lock=request.method not in SAFE)


def meeting_of(slug: str, session_id: int) -> tuple[Study, GroupSession]:
    """Study and session of the address."""
    study = study_of(slug)
    return study, service.get(db(), study, session_id)


def me() -> str:
    """The e-mail of whoever is at work, for notes and the audit."""
    return current_person().email


def session_page(
    template: str, study: Study, meeting: GroupSession, code: int = 200, **shown: Any
) -> ResponseReturnValue:
    """A page of one session."""
    return page(template, code, study=study, tab="sessions", meeting=meeting, **shown)


def done(said: str, endpoint: str, meeting: GroupSession, slug: str, **values: Any) -> ResponseReturnValue:
    """Say what was done, on the page that comes next."""
    if said:
        flash(said)
    return redirect(url_for(endpoint, slug=slug, session_id=meeting.id, **values), 303)


def attempt(act: Callable[[], object]) -> str:
    """Do something; what is wrong with it in a sentence, or an empty text when it is done."""
    try:
        act()
    except Refusal as refusal:
        db().rollback()
        return str(refusal)
    return ""


@bp.app_template_global("called")
def called(meeting: GroupSession) -> str:
    """What a session is called: its group, title and day, which tell it from others."""
    day = format_datetime(meeting.starts_at, "medium") if meeting.starts_at else ""
    return ", ".join(part for part in (meeting.audience.name, meeting.title, day) if part)


@bp.app_template_global("short_prompt")
def short_prompt(prompt: Prompt) -> str:
    """A prompt in a word or two, as it stands on buttons and beside notes."""
    if prompt.kind in KIND_WORDS:
        return str(KIND_WORDS[prompt.kind])
    return prompt.text if len(prompt.text) <= SHORT else f"{prompt.text[: SHORT - 1].rstrip()}…"
