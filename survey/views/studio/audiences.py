"""Audiences and prompts of a study."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal, Stale
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.services import audiences as service
from survey.services import comments
from survey.views.studio import bp
from survey.views.studio.forms import KIND_WORDS, AudienceForm, AudiencesForm, PromptForm
from survey.views.studio.shared import me, step, study_of
from survey.web import db


@bp.get("/studies/<slug>/audiences")
@may("see studies")
def audiences(slug: str) -> ResponseReturnValue:
    """Audiences and prompts with their comments."""
    return _page(study_of(slug))


def _page(study: Study, status: int = 200, **more: AudiencesForm | PromptForm | str) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": AudiencesForm(formdata=None), "prompt_form": PromptForm(formdata=None)}
    context |= more
    counts = comments.counts(db(), study.id)
    context |= {"counts": counts, "most": max([1, *counts.audiences.values()]), "kinds": KIND_WORDS}
    return page("studio/audiences.html", status, study=study, **context)


def _back(slug: str, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for(".audiences", slug=slug), 303)


@bp.post("/studies/<slug>/audiences")
@may("edit studies")
def add_audiences(slug: str) -> ResponseReturnValue:
    """Add audiences, one a line."""
    study, form = study_of(slug), AudiencesForm()
    if not form.validate_on_submit():
        return _page(study, 422, form=form)
    try:
        service.add(db(), study, service.read_groups(form.audiences.data), by=me())
    except Refusal as refusal:
        db().rollback()
        form.audiences.errors = [str(refusal)]
        return _page(study_of(slug), 422, form=form)
    return _back(slug, _("Added."))


@bp.route("/studies/<slug>/audiences/<int:audience_id>", methods=["GET", "POST"])
@may("edit studies")
def edit_audience(slug: str, audience_id: int) -> ResponseReturnValue:
    """Change name and number of people."""
    study = study_of(slug)
    audience = service.audience_of(study, audience_id)
    form = AudienceForm(obj=audience, seen_name=audience.name, seen_people=audience.people)
    context = {"study": study, "form": form, "name": audience.name, "one": audience}
    if not form.validate_on_submit():
        return page("studio/audience.html", 422 if form.errors else 200, **context)
    try:
        service.update(db(), audience, form.group(), seen=form.seen(), by=me())
    except Stale as stale:
        form.seen_name.data, form.seen_people.data = audience.name, audience.people
        return page("studio/audience.html", 409, stale=str(stale), **context)
    except Refusal as refusal:
        form.name.errors = [str(refusal)]
        return page("studio/audience.html", 422, **context)
    return _back(slug, _("Saved “%(name)s”.", name=audience.name))


@bp.post("/studies/<slug>/audiences/<int:audience_id>/move")
@may("edit studies")
def move_audience(slug: str, audience_id: int) -> ResponseReturnValue:
    """Move an audience up or down."""
    audience = service.audience_of(study_of(slug), audience_id)
    service.move(db(), audience, step(), by=me())
    return _back(slug, _("Moved “%(name)s”.", name=audience.name))


@bp.post("/studies/<slug>/audiences/<int:audience_id>/delete")
@may("edit studies")
def delete_audience(slug: str, audience_id: int) -> ResponseReturnValue:
    """Delete an audience that nothing belongs to."""
    study = study_of(slug)
    audience = service.audience_of(study, audience_id)
    name = audience.name
    try:
        service.delete(db(), audience, by=me())
    except Refusal as refusal:
        return _page(study, 422, refused=str(refusal))
    return _back(slug, _("Deleted “%(name)s”.", name=name))


@bp.post("/studies/<slug>/prompts")
@may("edit studies")
def add_prompt(slug: str) -> ResponseReturnValue:
    """Add a prompt."""
    study, form = study_of(slug), PromptForm()
    if not form.validate_on_submit():
        return _page(study, 422, prompt_form=form)
    try:
        service.add_prompt(db(), study, form.asked(), by=me())
    except Refusal as refusal:
        form.text.errors = [str(refusal)]
        return _page(study, 422, prompt_form=form)
    return _back(slug, _("Added."))


@bp.route("/studies/<slug>/prompts/<int:prompt_id>", methods=["GET", "POST"])
@may("edit studies")
def edit_prompt(slug: str, prompt_id: int) -> ResponseReturnValue:
    """Change words and kind."""
    study = study_of(slug)
    prompt = service.prompt_of(study, prompt_id)
    form = PromptForm(obj=prompt, seen_text=prompt.text, seen_kind=prompt.kind)
    context = {"study": study, "form": form, "name": prompt.text, "one": prompt, "kinds": KIND_WORDS}
    if not form.validate_on_submit():
        return page("studio/prompt.html", 422 if form.errors else 200, **context)
    try:
        service.update_prompt(db(), prompt, form.asked(), seen=form.seen(), by=me())
    except Stale as stale:
        form.seen_text.data, form.seen_kind.data = prompt.text, prompt.kind
        return page("studio/prompt.html", 409, stale=str(stale), **context)
    except Refusal as refusal:
        form.text.errors = [str(refusal)]
        return page("studio/prompt.html", 422, **context)
    return _back(slug, _("Saved “%(name)s”.", name=prompt.text))


@bp.post("/studies/<slug>/prompts/<int:prompt_id>/move")
@may("edit studies")
def move_prompt(slug: str, prompt_id: int) -> ResponseReturnValue:
    """Move a prompt up or down."""
    prompt = service.prompt_of(study_of(slug), prompt_id)
    service.move(db(), prompt, step(), by=me())
    return _back(slug, _("Moved “%(name)s”.", name=prompt.text))


@bp.post("/studies/<slug>/prompts/<int:prompt_id>/delete")
@may("edit studies")
def delete_prompt(slug: str, prompt_id: int) -> ResponseReturnValue:
    """Delete a prompt that nothing belongs to."""
    study = study_of(slug)
    prompt = service.prompt_of(study, prompt_id)
    text = prompt.text
    try:
        service.delete(db(), prompt, by=me())
    except Refusal as refusal:
        return _page(study, 422, refused=str(refusal))
    return _back(slug, _("Deleted “%(name)s”.", name=text))
