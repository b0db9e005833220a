"""The list of people who are invited: searching, adding, changing, removing and taking that back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from survey.errors import NotFound, Refusal, Stale
from survey.models import Invitee, Survey
from survey.permissions import may
from survey.services import ballots
from survey.services import invitees as service
from survey.views.studio import bp
from survey.views.studio.invitation_forms import PersonForm
from survey.views.studio.questions import BUILDER
from survey.views.studio.shared import me, survey_of, survey_page
from survey.web import db, settings

PEOPLE = BUILDER + "/people"
PERSON = PEOPLE + "/<invitee_id>"
UNDO_SECONDS = 24 * 60 * 60
REMOVED = "removed_person"


@bp.get(PEOPLE)
@may("invite people")
def invited(slug: str, survey_slug: str) -> ResponseReturnValue:
    """The list, searched and by page."""
    survey = survey_of(slug, survey_slug)
    words = request.args.get("text", "").replace("\x00", "").strip()[:200]
    unit = request.args.get("unit") or None
    found = service.page(db(), survey, words, unit, request.args.get("page", 1, type=int))
    # The person who was just removed: known to this browser alone, until the page after it.
    return survey_page(
        "studio/invitations_people.html",
        survey,
        found=found,
        words=words,
        unit=unit,
        units=service.units(db(), survey),
        removed=session.pop(REMOVED, None),
        by_ballot=ballots.are_used_by(survey),
    )


@bp.route(PEOPLE + "/new", methods=["GET", "POST"])
@may("invite people")
def new_invitee(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Put one person on the list by hand."""
    survey = survey_of(slug, survey_slug)
    form = PersonForm()
    if not form.validate_on_submit():
        return _form_page(survey, form, 422 if form.errors else 200)
    try:
        service.add(db(), settings().secret_key, survey, form.details(), by=me())
    except Refusal as refusal:
        return _refused(slug, survey_slug, form, refusal)
    flash(_("The person is on the list."))
    return _back(survey)


@bp.route(PERSON, methods=["GET", "POST"])
@may("invite people")
def invitee(slug: str, survey_slug: str, invitee_id: str) -> ResponseReturnValue:
    """Change what the list says about somebody."""
    survey = survey_of(slug, survey_slug)
    person = service.find(db(), survey, invitee_id)
    form = PersonForm(obj=person)
    if not form.validate_on_submit():
        form.seen.data = form.seen.data or service.fingerprint(person)
        return _form_page(survey, form, 422 if form.errors else 200, person=person)
    try:
        service.update(db(), survey, person, form.details(), by=me(), seen=form.seen.data)
    except Stale as stale:
        form.seen.data = service.fingerprint(person)
        return _form_page(survey, form, 409, person=person, stale=str(stale))
    except Refusal as refusal:
        return _refused(slug, survey_slug, form, refusal, invitee_id)
    flash(_("Saved."))
    return _back(survey)


def _refused(
    slug: str, survey_slug: str, form: PersonForm, refusal: Refusal, invitee_id: str = ""
) -> ResponseReturnValue:
    """The form again, with what has to be put right."""
    db().rollback()
    form.name.errors = [str(refusal)]
    survey = survey_of(slug, survey_slug)
    return _form_page(
        survey, form, 422, person=service.find(db(), survey, invitee_id) if invitee_id else None
    )


def _form_page(survey: Survey, form: PersonForm, status: int, **context: Any) -> ResponseReturnValue:
    context = {"person": None, "stale": "", "by_ballot": ballots.are_used_by(survey), **context}
    return survey_page("studio/invitations_person.html", survey, status, form=form, **context)


@bp.post(PERSON + "/remove")
@may("invite people")
def remove_invitee(slug: str, survey_slug: str, invitee_id: str) -> ResponseReturnValue:
    """Take somebody off the list; the next page can take that back."""
    survey = survey_of(slug, survey_slug)
    person = service.find(db(), survey, invitee_id)
    name = _name(person)
    kept = service.remove(db(), survey, person, by=me())
    session[REMOVED] = [name, str(_signer().dumps(kept))]
    return _back(survey)


def _name(person: Invitee) -> str:
    return person.name or person.email or person.address


@bp.post(PEOPLE + "/restore")
@may("invite people")
def restore_invitee(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Put somebody back who was just removed."""
    survey = survey_of(slug, survey_slug)
    try:
        kept = _signer().loads(request.form.get("removed", ""), max_age=UNDO_SECONDS)
    except BadSignature:
        raise NotFound from None
    try:
        service.restore(db(), settings().secret_key, survey, kept, by=me())
    except Refusal as refusal:
        db().rollback()
        flash(str(refusal), "error")
        return redirect(url_for(".invited", slug=slug, survey_slug=survey_slug), 303)
    flash(_("The person is on the list again."))
    return _back(survey)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="removed-person")


def _back(survey: Survey) -> ResponseReturnValue:
    return redirect(url_for(".invited", slug=survey.study.slug, survey_slug=survey.slug), 303)
