"""One's own tokens for the API: make one, see those one has, revoke one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.dates import today
from survey.errors import NotFound, Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import studies
from survey.services import tokens as service
from survey.views.account import bp
from survey.views.account.token_forms import SCOPE_WORDS, TokenForm
from survey.web import db, settings

# Where the secret waits between the form and the page that shows it: in the cookie of this browser only.
SHOWN_ONCE = "new_token"


@bp.route("/account/tokens", methods=["GET", "POST"])
@may("use the api")
def tokens() -> ResponseReturnValue:
    """The tokens one has, a new one's secret once, and the form that makes another."""
    mine = studies.visible_to(db(), current_person())
    form = TokenForm()
    form.offer(mine)
    if not form.validate_on_submit():
        return _page(form, 422 if form.errors else 200, secret=session.pop(SHOWN_ONCE, None))
    try:
        made = service.make(db(), current_person(), _wanted(form, mine), today(settings().timezone))
    except Refusal as refusal:
        form.name.errors = [str(refusal)]
        return _page(form, 422)
    session[SHOWN_ONCE] = made.secret
    return redirect(url_for(".tokens"), 303)


def _wanted(form: TokenForm, mine: list[Study]) -> service.Wanted:
    study = next((study for study in mine if study.slug == form.study.data), None)
    return service.Wanted(form.name.data, form.scopes.data, study, form.days.data)


def _page(form: TokenForm, status: int, **more: Any) -> ResponseReturnValue:
    context = {"form": form, "words": dict(SCOPE_WORDS), "today": today(settings().timezone), **more}
    mine = service.of_person(db(), current_person())
    return page("account/tokens.html", status, tokens=mine, **context)


@bp.post("/account/tokens/revoke")
@may("use the api")
def revoke_token() -> ResponseReturnValue:
    """End a token at once."""
    try:
        token = service.revoke(db(), current_person(), request.form.get("token", 0, type=int))
    except NotFound:
        flash(_("It had ended already."))
    else:
        flash(_("“%(name)s” is revoked. Programs that use it are refused from now on.", name=token.name))
    return redirect(url_for(".tokens"), 303)
