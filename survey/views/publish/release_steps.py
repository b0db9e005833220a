"""The steps of a release: asking for approval, approving, withdrawing, throwing a draft away."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.dates import now
from survey.errors import Refusal, Stale
from survey.models import Release
from survey.permissions import may
from survey.services import releases as service
from survey.views.publish import bp
from survey.views.publish.releases import clock, find, release_shown, seen
from survey.web import db


def _step(slug: str, number: int, act: Callable[[Release], str]) -> ResponseReturnValue:
    """Do something and say so, or show the page of the release with what is wrong."""
    _study, row = find(slug, number, lock=True)
    try:
        said = act(row)
    except Refusal as refusal:
        db().rollback()
        study, row = find(slug, number)
        return release_shown(study, row, str(refusal), 409 if isinstance(refusal, Stale) else 422)
    flash(said)
    return redirect(url_for(".release", slug=slug, number=number), 303)


@bp.post("/studies/<slug>/releases/<int:number>/ask")
@may("prepare releases")
def ask_release(slug: str, number: int) -> ResponseReturnValue:
    """Ask for approval."""

    def act(row: Release) -> str:
        service.ask(db(), row, clock(), seen())
        return str(_("Approval is asked for. Tell a colleague: another person has to approve it."))

    return _step(slug, number, act)


@bp.post("/studies/<slug>/releases/<int:number>/approve")
@may("approve releases")
def approve_release(slug: str, number: int) -> ResponseReturnValue:
    """Approve: from its time on the public sees it."""

    def act(row: Release) -> str:
        service.approve(db(), row, clock(), seen())
        out = row.release_at is not None and row.release_at <= now()
        return str(_("Approved. It is public now.") if out else _("Approved. It becomes public at its time."))

    return _step(slug, number, act)


@bp.post("/studies/<slug>/releases/<int:number>/withdraw")
@may("approve releases")
def withdraw_release(slug: str, number: int) -> ResponseReturnValue:
    """Take a release back, with a note for the public."""

    def act(row: Release) -> str:
        service.withdraw(db(), row, request.form.get("note", ""), seen())
        return str(_("Withdrawn. The note stands in its place."))

    return _step(slug, number, act)


@bp.post("/studies/<slug>/releases/<int:number>/discard")
@may("prepare releases")
def discard_release(slug: str, number: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _study, row = find(slug, number, lock=True)
    service.discard(db(), row, seen())
    flash(_("Release %(number)s was thrown away.", number=number))
    return redirect(url_for(".releases", slug=slug), 303)
