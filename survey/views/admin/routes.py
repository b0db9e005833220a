"""Accounts and audit."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import audit as audits
from survey.services import people as accounts
from survey.views.admin import bp
from survey.views.admin.forms import PersonForm, RolesForm
from survey.web import db


@bp.get("/people")
@may("manage people")
def people() -> ResponseReturnValue:
    """All accounts."""
    return page("admin/people.html", people=accounts.everyone(db()), form=RolesForm(), me=current_person())


@bp.route("/people/new", methods=["GET", "POST"])
@may("manage people")
def new_person() -> ResponseReturnValue:
    """Make an account with a first password."""
    form = PersonForm()
    if not form.validate_on_submit():
        return page("admin/person.html", 422 if form.errors else 200, form=form)
    try:
        person = accounts.add(
            db(),
            form.email.data,
            form.roles.data,
            form.password.data,
            name=form.name.data,
            by=current_person().email,
        )
        accounts.give_studies(db(), person, (form.studies.data or "").split())
    except Refusal as refusal:
        db().rollback()
        form.email.errors = [str(refusal)]
        return page("admin/person.html", 422, form=form)
    flash(_("%(email)s can sign in now. Hand over the password in person or by phone.", email=person.email))
    return redirect(url_for(".people"), 303)


@bp.post("/people/<int:person_id>")
@may("manage people")
def update_person(person_id: int) -> ResponseReturnValue:
    """Change roles, switch an account on or off."""
    roles, active = request.form.getlist("roles"), "active" in request.form
    try:
        person = accounts.update(db(), person_id, roles, active, by=current_person())
    except Refusal as refusal:
        flash(str(refusal), "error")
    else:
        flash(_("Changed %(email)s.", email=person.email))
    return redirect(url_for(".people"), 303)


@bp.get("/audit")
@may("read audit")
def audit() -> ResponseReturnValue:
    """Who did what, newest first."""
    number = request.args.get("page", 1, type=int)
    return page("admin/audit.html", audit=audits.page(db(), number))
