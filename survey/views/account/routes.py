"""Signing in and out, one's own account."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from survey import throttle
from survey.errors import Refusal
from survey.kept import SignedOut, typed_fields
from survey.pages import page
from survey.permissions import may
from survey.security import current_person, home, keep_signed_in, local, staff_token
from survey.services import people
from survey.views.account import bp
from survey.views.account.forms import PasswordForm, SignInForm
from survey.web import db, settings


@bp.route("/sign-in", methods=["GET", "POST"])
@may("sign in")
def sign_in() -> ResponseReturnValue:
    """Sign in; a form that was kept when the sign-in ran out is offered to be sent again."""
    form = SignInForm()
    target = local(request.values.get("next"))
    if not form.validate_on_submit():
        return page("account/sign_in.html", 422 if form.errors else 200, form=form, next=target)
    _throttle(form.email.data or "")
    person = people.authenticate(db(), form.email.data or "", form.password.data or "")
    if person is None:
        form.password.errors = [_("E-mail or password is not right. Check both and try again.")]
        return page("account/sign_in.html", 422, form=form, next=target, kept_fields=_kept())
    keep_signed_in(people.start_sign_in(db(), person, settings().session_hours))
    if target == home():  # nobody asked for a page
        target = home(person)
    if _kept():
        return page("account/resend.html", fields=_kept(), target=target)
    return redirect(target, 303)


def _throttle(email: str) -> None:
    limits = {
        f"account {email.strip().lower()}": settings().sign_in_tries,
        f"address {throttle.network(request.remote_addr)}": settings().sign_in_tries_address,
    }
    if not throttle.allow(db(), settings().secret_key, limits):
        db().commit()
        raise TooManyRequests


def _kept() -> list[tuple[str, str]]:
    """Fields of the form that came too late, carried through the sign-in under the prefix `kept.`."""
    return [(n[5:], v) for n, v in request.form.items(multi=True) if n.startswith("kept.")]


@bp.app_errorhandler(SignedOut)
def sign_in_again(_error: SignedOut) -> ResponseReturnValue:
    """The sign-in page for a form that came too late: it takes the form along."""
    target = request.full_path.rstrip("?")
    form = SignInForm(formdata=None)
    return page("account/sign_in.html", 401, form=form, next=target, kept_fields=typed_fields())


@bp.post("/sign-out")
@may("use own account")
def sign_out() -> ResponseReturnValue:
    """Sign this browser out."""
    people.end_sign_in(db(), staff_token(), current_person().email)
    keep_signed_in("")
    return redirect(url_for("front.home"), 303)


@bp.route("/account", methods=["GET", "POST"])
@may("use own account")
def account() -> ResponseReturnValue:
    """One's own account: roles, password."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return page("account/account.html", 422 if form.errors else 200, form=form, person=current_person())
    person = db().merge(current_person(), load=True)
    try:
        people.set_password(db(), person, form.old.data or "", form.new.data or "")
    except Refusal as refusal:
        form.old.errors = [str(refusal)]
        return page("account/account.html", 422, form=form, person=person)
    keep_signed_in(people.start_sign_in(db(), person, settings().session_hours))
    flash(_("Your password is changed. Other browsers were signed out."))
    return redirect(url_for(".account"), 303)
