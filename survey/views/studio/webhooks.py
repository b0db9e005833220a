"""Webhooks of a study: a page to have other systems told what happens."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from survey.errors import Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.services import webhooks as service
from survey.views.studio import bp
from survey.views.studio.shared import me, study_of
from survey.views.working import wake_after_commit
from survey.web import db, settings

EVENT_WORDS = {
    "survey.published": _l("A survey is published"),
    "survey.closed": _l("A survey is closed"),
    "survey.reopened": _l("A survey is opened again"),
    "response.received": _l("Somebody answered (never for anonymous surveys)"),
}


class WebhookForm(FlaskForm):
    """An address, and what it is told."""

    url = StringField(
        _l("Address of the other system"),
        [InputRequired(_l("Give the address of the other system.")), Length(max=service.MOST_URL)],
        description=_l("It begins with https:// and takes messages by POST."),
    )
    events = SelectMultipleField(
        _l("What it is told"),
        [InputRequired(_l("Choose at least one event."))],
        choices=[SelectChoice(event, words) for event, words in EVENT_WORDS.items()],
        description=_l("Messages name the survey. They never hold what people wrote."),
    )


@bp.get("/studies/<slug>/webhooks")
@may("manage webhooks")
def webhooks(slug: str) -> ResponseReturnValue:
    """Who is told what, and how the latest messages fared."""
    return _page(study_of(slug), WebhookForm(formdata=None))


def _page(study: Study, form: WebhookForm, status: int = 200, secret: str = "") -> ResponseReturnValue:
    hooks = [(hook, service.deliveries(db(), hook, 10)) for hook in service.of_study(db(), study)]
    return page(
        "studio/webhooks.html", status, study=study, form=form, hooks=hooks, words=EVENT_WORDS, secret=secret
    )


@bp.post("/studies/<slug>/webhooks")
@may("manage webhooks")
def add_webhook(slug: str) -> ResponseReturnValue:
    """Add an address; the secret that signs its messages is shown on the page that comes back, once."""
    study, form = study_of(slug), WebhookForm()
    if not form.validate_on_submit():
        return _page(study, form, 422)
    try:
        inner = settings().webhooks_inner
        hook = service.add(db(), study, form.url.data, form.events.data, by=me(), inner=inner)
    except Refusal as refusal:
        form.url.errors = [str(refusal)]
        return _page(study, form, 422)
    return _page(study, WebhookForm(formdata=None), 201, hook.secret)


@bp.post("/studies/<slug>/webhooks/<int:webhook_id>")
@may("manage webhooks")
def change_webhook(slug: str, webhook_id: int) -> ResponseReturnValue:
    """Pause it, go on with it, or remove it."""
    study, do = study_of(slug), request.form.get("do", "")
    if do == "remove":
        service.remove(db(), study, webhook_id, by=me())
        flash(_("That address is told nothing any more."))
    else:
        hook = service.switch(db(), study, webhook_id, on=do == "resume", by=me())
        flash(_("Messages go on.") if hook.active else _("Paused. Messages wait until you go on."))
        wake_after_commit()
    return _back(slug)


@bp.post("/studies/<slug>/webhooks/deliveries/<delivery_id>")
@may("manage webhooks")
def send_webhook_again(slug: str, delivery_id: str) -> ResponseReturnValue:
    """Try a message that was given up once more."""
    service.again(db(), study_of(slug), delivery_id, by=me())
    wake_after_commit()
    flash(_("It is tried again now."))
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for(".webhooks", slug=slug), 303)
