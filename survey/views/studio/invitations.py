"""Invitations of a survey: how many answered, how full it is, codes for handing out, quotas."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from survey.charts import bar
from survey.document import Document
from survey.errors import Refusal, Stale
from survey.formats import code_sheet
from survey.models import Survey
from survey.pages import percent
from survey.permissions import may
from survey.security import current_person
from survey.services import code_sheets, invitees, quotas, response_rates, surveys
from survey.services.quotas import Filled, Quota
from survey.services.response_rates import Rate
from survey.spoken_codes import grouped
from survey.views.studio import bp
from survey.views.studio.forms import ACCESS_WORDS
from survey.views.studio.invitation_forms import CodesForm, QuotaForm
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import me, seen_revision, survey_of, survey_page
from survey.web import db, settings

INVITATIONS = BUILDER + "/invitations"


@bp.get(INVITATIONS)
@may("invite people")
def invitations(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Who is invited, how many have answered, how full the survey is."""
    return _page(survey_of(slug, survey_slug))


def _page(survey: Survey, status: int = 200, **forms: Any) -> ResponseReturnValue:
    forms = {"codes_form": CodesForm(formdata=None), "quota_form": QuotaForm(formdata=None), **forms}
    document = surveys.draft(survey)
    forms["quota_form"].choice.choices = [("", _("Choose a choice")), *_choices(document)]
    found = quotas.filled(db(), survey.id, survey.closing_number, survey.quotas)
    return survey_page(
        "studio/invitations.html",
        survey,
        status,
        people=invitees.total(db(), survey),
        access=ACCESS_WORDS[survey.access],
        rates=response_rates.of_survey(db(), survey),
        fewest=response_rates.FEWEST,
        rate_bar=_rate_bar,
        filled=[(one, _quota_words(document, one.quota), _fill_bar(one)) for one in found],
        **forms,
    )


def _rate_bar(rate: Rate) -> Markup:
    return bar(rate.share, 1.0, percent(rate.share))


def _fill_bar(filled: Filled) -> Markup:
    return bar(filled.share, 1.0, percent(filled.share))


def _choices(document: Document) -> list[tuple[str, str]]:
    """Every choice that can have a quota, with its question before it."""
    return [
        (f"{question.id}/{choice}", _quota_words(document, Quota(question.id, choice, 1)))
        for question in quotas.possible(document)
        for choice in quotas.options(question)
    ]


def _quota_words(document: Document, quota: Quota | None) -> str:
    if quota is None:
        return str(_("All answers"))
    question = next((one for one in document.questions if one.id == quota.question), None)
    if question is None:
        return str(_("A question that was taken out"))
    language = document.languages[0]
    value = [quota.choice] if question.TYPE == "several_choices" else quota.choice
    return f"{document.text(question.label, language)[0]} – {question.shown(value, language)}"


@bp.post(INVITATIONS + "/quotas")
@may("edit surveys")
def add_quota(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Limit the answers with one choice."""
    survey = survey_of(slug, survey_slug)
    form = QuotaForm()
    form.choice.choices = _choices(surveys.draft(survey))
    if not form.validate():
        return _page(survey, 422, quota_form=form)
    question, _slash, choice = form.choice.data.partition("/")
    new = Quota(question, choice, form.most.data)
    try:
        surveys.set_quotas(db(), survey, [*_quotas(survey), new], by=me(), seen=seen_revision())
    except Stale:
        raise
    except Refusal as refusal:
        db().rollback()
        form.choice.errors = [str(refusal)]
        return _page(survey_of(slug, survey_slug), 422, quota_form=form)
    flash(_("Saved."))
    return _back(survey)


@bp.post(INVITATIONS + "/quotas/remove")
@may("edit surveys")
def remove_quota(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Take a limit away."""
    survey = survey_of(slug, survey_slug)
    gone = request.form.get("choice", "")
    kept = [quota for quota in _quotas(survey) if f"{quota.question}/{quota.choice}" != gone]
    surveys.set_quotas(db(), survey, kept, by=me(), seen=seen_revision())
    flash(_("The limit is taken away."))
    return _back(survey)


def _quotas(survey: Survey) -> list[Quota]:
    return [Quota.of(raw) for raw in survey.quotas]


def _back(survey: Survey) -> ResponseReturnValue:
    return redirect(url_for(".invitations", slug=survey.study.slug, survey_slug=survey.slug), 303)


@bp.post(INVITATIONS + "/codes")
@may("invite people")
def make_codes(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Make codes for handing out; the page after this one shows them."""
    survey = survey_of(slug, survey_slug)
    form = CodesForm()
    if not form.validate():
        return _page(survey, 422, codes_form=form)
    number, unit = form.number.data, form.unit.data or ""
    try:
        token = code_sheets.make(
            db(), settings().secret_key, survey, current_person().id, number, unit, by=me()
        )
    except Refusal as refusal:
        db().rollback()
        form.number.errors = [str(refusal)]
        return _page(survey_of(slug, survey_slug), 422, codes_form=form)
    return redirect(url_for(".codes_made", slug=slug, survey_slug=survey_slug, sheet=token), 303)


@bp.get(INVITATIONS + "/codes")
@may("invite people")
def codes_made(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The codes that were just made, to print or to download; for an hour, then never again."""
    survey = survey_of(slug, survey_slug)
    token = request.args.get("sheet", "")
    try:
        sheet = code_sheets.open_sheet(settings().secret_key, survey, current_person().id, token)
    except Refusal as refusal:
        flash(str(refusal), "error")
        return _back(survey)
    codes = sheet.codes(settings().secret_key)
    if request.args.get("format") == "csv":
        return _file(survey, codes)
    shown = [grouped(code) for code in codes]
    return survey_page("studio/invitations_codes.html", survey, codes=shown, unit=sheet.unit, token=token)


def _file(survey: Survey, codes: list[str]) -> Response:
    root = request.host_url
    rows = ((grouped(code), invitees.link_with(survey, code, root)) for code in codes)
    reply = make_response(code_sheet.write(rows))
    reply.headers["Content-Type"] = "text/csv; charset=utf-8"
    reply.headers["Content-Disposition"] = f'attachment; filename="{survey.slug}-codes.csv"'
    return reply
