"""No more mail: the page behind the link at the foot of every mail."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.models import Survey
from survey.pages import page
from survey.permissions import may
from survey.services import addressed, surveys
from survey.views.respond import bp
from survey.web import db, settings


@bp.get("/stop/<stop_token>")
@may("answer surveys")
def stop_mail(stop_token: str) -> ResponseReturnValue:
    """Ask once: programs that look at links in mail must not take anybody off a list."""
    person = addressed.person_of(db(), settings().secret_key, stop_token)
    survey = db().get_one(Survey, person.survey_id)
    return page("mail/stop.html", title=surveys.title(survey), stopped=person.state == "stopped")


@bp.post("/stop/<stop_token>")
@may("answer surveys")
def confirm_stop_mail(stop_token: str) -> ResponseReturnValue:
    """Write to this person no more."""
    addressed.stop(addressed.person_of(db(), settings().secret_key, stop_token))
    flash(_("You will get no more mail about this survey."))
    return redirect(url_for(".stop_mail", stop_token=stop_token), 303)
