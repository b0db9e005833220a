"""Surveys of a study: the list, a new one, settings, publishing and closing, responses."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.document import SETTINGS, parse
from survey.errors import Refusal, Stale
from survey.models import Survey
from survey.pages import page
from survey.permissions import may
from survey.questions import Setting
from survey.services import apart, response_counts, sealing
from survey.services import surveys as service
from survey.services.quotas import MOST_ANSWERS
from survey.services.survey_facts import Facts
from survey.views.studio import bp
from survey.views.studio.forms import ACCESS_WORDS, MODE_WORDS, audience_choices
from survey.views.studio.shared import (
    fill_in,
    me,
    seen_revision,
    settings_form,
    study_of,
    survey_of,
    survey_page,
    this_day,
)
from survey.views.studio.waits import WAITS
from survey.views.working import wake_after_commit
from survey.web import app, db, settings


@bp.get("/studies/<slug>/surveys")
@may("see studies")
def surveys(slug: str) -> ResponseReturnValue:
    """The surveys of a study."""
    study = study_of(slug)
    found = service.of_studies(db(), [study.id])
    totals = response_counts.totals(db(), [survey.id for survey in found])
    return page(
        "studio/surveys.html", study=study, surveys=found, totals=totals, status=_status, name=service.title
    )


def _status(survey: Survey) -> service.Status:
    return service.status(survey, this_day())


def _fact_settings(survey: Survey) -> list[Setting]:
    audiences = tuple(audience_choices(survey.study.audiences))
    mode = Setting("mode", "option", _l("Mode"), default=survey.mode, options=tuple(MODE_WORDS.items()))
    return [
        *([] if survey.versions else [mode]),
        Setting(
            "audience",
            "option",
            _l("Whom it asks"),
            _l("Comments then belong to this audience."),
            options=audiences,
        ),
        Setting("opens_on", "day", _l("First day"), _l("Leave it empty to open when you publish.")),
        Setting("closes_on", "day", _l("Last day"), _l("This day is included. Leave it empty for none.")),
        Setting(
            "access",
            "option",
            _l("Who can answer"),
            _l("Codes come from the page “Invitations”. Publishing fixes this for an anonymous survey."),
            default=survey.access,
            options=tuple(ACCESS_WORDS.items()),
        ),
        Setting(
            "closing_number",
            "whole",
            _l("Stop at so many answers"),
            _l("Leave it empty for no limit."),
            least=1,
            most=MOST_ANSWERS,
        ),
    ]


@bp.route("/studies/<slug>/surveys/<survey_slug>/settings", methods=["GET", "POST"])
@may("edit surveys")
def survey_settings(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Words around the questions, mode, audience, dates."""
    survey = survey_of(slug, survey_slug)
    facts = Facts.of(survey)
    own = {name: str(getattr(facts, name) or "") for name in ("opens_on", "closes_on")}
    own |= {"mode": facts.mode, "audience": str(facts.audience_id or ""), "access": facts.access}
    own |= {wait.name: str(getattr(facts, wait.name) or "") for wait in WAITS}
    values = {**survey.document, **own, "closing_number": facts.closing_number}

    def store(raw: dict[str, Any]) -> ResponseReturnValue:
        _store_settings(survey, raw)
        flash(_("Saved."))
        return redirect(url_for(".survey", slug=slug, survey_slug=survey_slug), 303)

    form = settings_form(survey, (*SETTINGS, *_fact_settings(survey), *WAITS), values)
    return fill_in("studio/survey_settings.html", survey, form, store, mode=MODE_WORDS[survey.mode])


def _store_settings(survey: Survey, raw: dict[str, Any]) -> None:
    own = {setting.name: raw[setting.name] for setting in SETTINGS if setting.shown}
    facts = Facts(
        raw.get("mode", survey.mode),
        int(raw["audience"]) if raw["audience"] else None,
        _day(raw["opens_on"]),
        _day(raw["closes_on"]),
        raw["access"],
        raw["closing_number"],
        **{wait.name: raw[wait.name] for wait in WAITS},
    )
    document = parse({**survey.document, **own})
    service.update(db(), survey, document, facts, by=me(), seen=seen_revision())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@bp.get("/studies/<slug>/surveys/<survey_slug>/publish")
@may("edit surveys")
def publishing(slug: str, survey_slug: str) -> ResponseReturnValue:
    """What is missing, what publishing would change, the public address, closing."""
    return _publish_page(survey_of(slug, survey_slug))


def _publish_page(survey: Survey, status: int = 200, refused: str = "") -> ResponseReturnValue:
    return survey_page(
        "studio/publish.html",
        survey,
        status,
        state=_status(survey),
        gaps=service.gaps(survey),
        changes=service.unpublished(survey),
        mode=MODE_WORDS[survey.mode],
        refused=refused,
        address=url_for("respond.start", survey_slug=survey.slug, _external=True),
    )


@bp.post("/studies/<slug>/surveys/<survey_slug>/publish")
@may("edit surveys")
def publish(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Freeze the draft as the version that people answer from now on."""
    survey = survey_of(slug, survey_slug)
    try:
        version = service.publish(db(), survey, by=me(), seen=seen_revision(), secret=settings().secret_key)
    except Stale:
        raise
    except Refusal as refusal:
        db().rollback()
        return _publish_page(survey_of(slug, survey_slug), 422, str(refusal))
    wake_after_commit()
    flash(_("Published. This is version %(number)s.", number=version.number))
    return _to_publish_page(survey)


def _to_publish_page(survey: Survey) -> ResponseReturnValue:
    return redirect(url_for(".publishing", slug=survey.study.slug, survey_slug=survey.slug), 303)


@bp.post("/studies/<slug>/surveys/<survey_slug>/close")
@may("edit surveys")
def close_survey(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Take no more answers; an anonymous survey is sealed."""
    survey = survey_of(slug, survey_slug)
    sealed = service.close(db(), survey, by=me())
    wake_after_commit()
    reply = _to_publish_page(survey)
    if sealed:
        db().commit()
        sealing.compact(app().database)
    flash(_("The survey is closed.") if not sealed else _("The survey is closed and sealed."))
    return reply


@bp.post("/studies/<slug>/surveys/<survey_slug>/reopen")
@may("edit surveys")
def reopen_survey(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Take answers again."""
    survey = survey_of(slug, survey_slug)
    service.reopen(db(), survey, this_day(), by=me())
    wake_after_commit()
    flash(_("The survey takes answers again."))
    return _to_publish_page(survey)


@bp.get("/studies/<slug>/surveys/<survey_slug>/responses")
@may("see studies")
def responses(slug: str, survey_slug: str) -> ResponseReturnValue:
    """How many responses came when."""
    survey = survey_of(slug, survey_slug)
    spans = response_counts.by_day(db(), survey, *_span(survey)) if survey.versions else []
    total = response_counts.totals(db(), [survey.id]).get(survey.id, 0)
    context: dict[str, Any] = {"spans": spans, "total": total, "state": _status(survey)}
    context["fewest"] = response_counts.FEWEST
    context["apart"] = apart.totals(db(), [survey.id]).get(survey.id, apart.Totals())
    highest = max((span.responses for span in spans), default=0)
    return survey_page("studio/responses.html", survey, highest=highest, **context)


def _span(survey: Survey) -> tuple[date, date]:
    """From the day it opened to today, or to its last day."""
    zone = ZoneInfo(settings().timezone)
    first = survey.opens_on or survey.versions[0].published_at.astimezone(zone).date()
    last = min(this_day(), survey.closes_on or this_day())
    return min(first, last), last


@bp.get("/studies/<slug>/surveys/<survey_slug>/respondents")
@may("see respondents")
def respondents(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Who answered a confidential or identified survey; names are shown here and nowhere else."""
    survey = survey_of(slug, survey_slug)
    found = response_counts.respondents(db(), survey)
    return survey_page("studio/respondents.html", survey, respondents=found)
