"""Making a survey: from nothing, or from a starter that one has looked into before."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from survey import hints, starters
from survey.errors import NotFound, Refusal
from survey.i18n import language
from survey.languages import language_name
from survey.models import Study, Survey
from survey.pages import page
from survey.permissions import may
from survey.questions import Words
from survey.questions.settings import pick
from survey.rule_words import in_words
from survey.services import surveys as service
from survey.starters import Starter
from survey.views.studio import bp
from survey.views.studio.forms import NewSurveyForm
from survey.views.studio.shared import me, study_of
from survey.web import db


def _say(words: Words) -> str:
    """Words of a starter in the language of the page, or the first there is."""
    return pick(words, (language(), "en"))[0]


@bp.get("/studies/<slug>/starters/<starter_name>")
@may("edit surveys")
def starter(slug: str, starter_name: str) -> ResponseReturnValue:
    """A look into a starter: its questions as the builder shows them."""
    study, found = study_of(slug), starters.of_name(starter_name)
    document = found.document
    tag = request.args.get("language", language())
    return page(
        "studio/starters.html",
        study=study,
        starter=found,
        document=document,
        tag=tag if tag in document.languages else document.languages[0],
        report=hints.report(document),
        say=_say,
        language_name=language_name,
        in_words=in_words,
    )


@bp.route("/studies/<slug>/surveys/new", methods=["GET", "POST"])
@may("edit surveys")
def new_survey(slug: str) -> ResponseReturnValue:
    """Make a survey."""
    study, chosen = study_of(slug), _chosen()
    form = NewSurveyForm(study.audiences, chosen)
    if not form.validate_on_submit():
        return _new_page(study, form, chosen, 422 if form.errors else 200)
    try:
        survey = _add(study, form, chosen)
    except Refusal as refusal:
        form.title.errors = [str(refusal)]
        return _new_page(study, form, chosen, 422)
    return redirect(url_for(".survey", slug=slug, survey_slug=survey.slug), 303)


def _chosen() -> Starter | None:
    """The starter that the address names; anything else means to begin with nothing."""
    try:
        return starters.of_name(request.args.get("starter", ""))
    except NotFound:
        return None


def _new_page(study: Study, form: NewSurveyForm, chosen: Starter | None, status: int) -> ResponseReturnValue:
    offered = list(starters.all_of().values())
    return page(
        "studio/new_survey.html", status, study=study, form=form, chosen=chosen, offered=offered, say=_say
    )


def _add(study: Study, form: NewSurveyForm, chosen: Starter | None) -> Survey:
    title, options = form.title.data.strip(), {"layout": form.layout.data, "language": form.language.data}
    return service.add(
        db(),
        study,
        "",
        title,
        form.mode.data,
        by=me(),
        audience_id=int(form.audience.data) if form.audience.data else None,
        document=chosen.begun(title, **options) if chosen else None,
        **options,
    )
