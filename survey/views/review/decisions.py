"""Deciding about themes: accept, reject, park, rename, order, sub-themes, undo. Each is a plain form."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import changes, ordering
from survey.board import Board, Change
from survey.errors import NotFound, Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person, local
from survey.services import board as boards
from survey.services import history, studies
from survey.views.review import bp
from survey.views.review.forms import RenameForm
from survey.views.review.themes import context, existing, looked_up
from survey.web import db

AT_THEME = "#theme"
"""A form whose `next` ends so goes on at a theme: the one that its button names, or the one decided about."""


def decide(slug: str, change: Change) -> ResponseReturnValue:
    """Make a decision, or show what others decided meanwhile with the way to make it all the same."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    seen = request.form.get("revision", 0, type=int)
    try:
        after = boards.decide(db(), study, change, seen, current_person().email)
    except boards.Overtaken as overtaken:
        return _overtaken(study, change, overtaken)
    _say(change, after, seen)
    return redirect(_next(slug, change), 303)


def _say(change: Change, after: Board, seen: int) -> None:
    """The page that follows says what was decided and offers to undo it; also after a double click."""
    made = after.log[-1]
    if seen < after.revision and (made.kind, made.by) == (change.kind, current_person().email):
        session["decided"] = after.revision
    else:
        flash(_("It is so already. Nothing was changed."))


def _next(slug: str, change: Change) -> str:
    target = local(request.form.get("next") or url_for(".board", slug=slug))
    if not target.endswith(AT_THEME):
        return target
    theme = request.form.get("then", type=int) or change.details.get("theme")
    return f"{target}-{theme}" if theme else target.removesuffix(AT_THEME)


def _overtaken(study: Study, change: Change, overtaken: boards.Overtaken) -> ResponseReturnValue:
    numbers = {decision.number for decision in overtaken.since}
    wanted, *lines = history.lines(db(), study, overtaken.board, change)
    since = [line for line in lines if line.decision.number in numbers]
    shown = {"study": study, "tab": "themes", "wanted": wanted, "since": since}
    return page("review/overtaken.html", 409, **shown, board=overtaken.board, can_still=overtaken.can_still)


@bp.post("/studies/<slug>/themes/<int:theme_id>/accept")
@may("edit themes")
def accept(slug: str, theme_id: int) -> ResponseReturnValue:
    """Stand behind a theme."""
    return decide(slug, changes.accept(theme_id))


@bp.post("/studies/<slug>/themes/<int:theme_id>/reject")
@may("edit themes")
def reject(slug: str, theme_id: int) -> ResponseReturnValue:
    """Leave a theme out."""
    return decide(slug, changes.reject(theme_id))


@bp.post("/studies/<slug>/themes/<int:theme_id>/reopen")
@may("edit themes")
def reopen(slug: str, theme_id: int) -> ResponseReturnValue:
    """Make a theme a suggestion again."""
    return decide(slug, changes.reopen(theme_id))


@bp.post("/studies/<slug>/themes/<int:theme_id>/park")
@may("edit themes")
def park(slug: str, theme_id: int) -> ResponseReturnValue:
    """Put a theme aside."""
    return decide(slug, changes.park(theme_id))


@bp.route("/studies/<slug>/themes/<int:theme_id>/rename", methods=["GET", "POST"])
@may("edit themes")
def rename(slug: str, theme_id: int) -> ResponseReturnValue:
    """Give a theme another name, and say what it means."""
    form = RenameForm()
    if not form.validate_on_submit():
        return _rename_page(slug, theme_id, form)
    try:
        return decide(slug, form.change(theme_id))
    except Refusal as refusal:
        form.name.errors = [str(refusal)]
        return _rename_page(slug, theme_id, form)


def _rename_page(slug: str, theme_id: int, form: RenameForm) -> ResponseReturnValue:
    study, found = looked_up(slug)
    shown = existing(found, theme_id)
    if request.method == "GET":
        form.fill(shown)
    status = 422 if form.errors else 200
    return page("review/rename.html", status, **context(study, found), theme=shown, form=form)


@bp.post("/studies/<slug>/themes/<int:theme_id>/place")
@may("edit themes")
def place(slug: str, theme_id: int) -> ResponseReturnValue:
    """Move a theme in the order: "up", "down", or to a place among those beside it."""
    studies.for_person(db(), current_person(), slug, lock=True)
    _study, found = looked_up(slug)
    theme = existing(found, theme_id)
    wanted = request.form.get("place", "")
    if wanted in ordering.STEPS:
        order = ordering.stepped(found, theme, wanted)
    elif wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        order = ordering.moved(found, theme, int(wanted))
    else:
        raise NotFound
    return decide(slug, changes.order(theme.id, order))


@bp.post("/studies/<slug>/themes/<int:theme_id>/nest")
@may("edit themes")
def nest(slug: str, theme_id: int) -> ResponseReturnValue:
    """Make a theme a sub-theme of another one; an empty field lets it stand alone."""
    return decide(slug, changes.nest(theme_id, request.form.get("under", type=int)))


@bp.post("/studies/<slug>/themes/undo")
@may("edit themes")
def undo(slug: str) -> ResponseReturnValue:
    """Undo a decision."""
    return decide(slug, changes.undo(request.form.get("edit", 0, type=int)))


@bp.post("/studies/<slug>/themes/redo")
@may("edit themes")
def redo(slug: str) -> ResponseReturnValue:
    """Do a decision again that was undone."""
    return decide(slug, changes.redo(request.form.get("edit", 0, type=int)))
