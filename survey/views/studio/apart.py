"""Responses that were set apart: a person reads them, and takes them in or leaves them apart."""

from __future__ import annotations

import re

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from survey.permissions import may
from survey.services import apart as service
from survey.views.studio import bp
from survey.views.studio.shared import me, survey_of, survey_page
from survey.web import db

NAME = re.compile(r"[0-9a-f]{32}")


@bp.get("/studies/<slug>/surveys/<survey_slug>/apart")
@may("review responses")
def apart(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The responses that wait for a person, or with `kept` those that stay apart."""
    survey = survey_of(slug, survey_slug)
    kept = "kept" in request.args
    found = service.page(db(), survey, request.args.get("page", 1, type=int), kept=kept)
    totals = service.totals(db(), [survey.id]).get(survey.id, service.Totals())
    return survey_page("studio/apart.html", survey, page=found, totals=totals, kept=kept)


@bp.post("/studies/<slug>/surveys/<survey_slug>/apart")
@may("review responses")
def settle_apart(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Take the responses of the form in, or keep them apart."""
    survey = survey_of(slug, survey_slug)
    ids = [name for name in request.form.getlist("response") if NAME.fullmatch(name)][: service.PAGE_SIZE]
    decide = {"take_in": service.take_in, "keep": service.keep}.get(request.form.get("do", ""))
    number = decide(db(), survey, ids, by=me()) if decide else abort(400)
    flash(_said(number) if decide is service.take_in else _said_kept(number))
    kept = 1 if "kept" in request.form else None
    return redirect(url_for(".apart", slug=slug, survey_slug=survey_slug, kept=kept), 303)


def _said(number: int) -> str:
    return str(ngettext("%(num)s response counts now.", "%(num)s responses count now.", number))


def _said_kept(number: int) -> str:
    return str(ngettext("%(num)s response stays apart.", "%(num)s responses stay apart.", number))
