"""Deciding: accept, reject, rename, merge, move, undo. Each is a plain form."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from survey import changes
from survey.board import Board, Change
from survey.board.rules import TURNS
from survey.errors import Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person, local
from survey.services import board as boards
from survey.services import history, studies
from survey.services.theme_comments import quotes
from survey.views import pictures
from survey.views.review import bp, words
from survey.views.review.forms import RenameForm
from survey.views.review.themes import context, existing, looked_up
from survey.web import db

QUOTES = 3


def decide(slug: str, change: Change) -> ResponseReturnValue:
    """Make a decision, or show what others decided meanwhile with the way to make it all the same."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    seen = request.form.get("revision", 0, type=int)
    try:
        after = boards.decide(db(), study, change, seen, current_person().email)
    except boards.Overtaken as overtaken:
        return _overtaken(study, change, overtaken)
    _say(study, change, after)
    return redirect(local(request.form.get("next") or url_for(".board", slug=slug)), 303)


def _say(study: Study, change: Change, after: Board) -> None:
    if change.kind in TURNS:
        flash(words.told(history.last(after, after.revision)))
    else:
        # The page that follows says what was decided and offers to undo it.
        session["decided"] = after.revision


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
    """Give a theme another name."""
    form = RenameForm()
    if not form.validate_on_submit():
        return _rename_page(slug, theme_id, form)
    try:
        return decide(slug, changes.rename(theme_id, form.name.data))
    except Refusal as refusal:
        form.name.errors = [str(refusal)]
        return _rename_page(slug, theme_id, form)


def _rename_page(slug: str, theme_id: int, form: RenameForm) -> ResponseReturnValue:
    study, found = looked_up(slug)
    shown = existing(found, theme_id)
    if request.method == "GET":
        form.name.data = shown.name
    status = 422 if form.errors else 200
    return page("review/rename.html", status, **context(study, found), theme=shown, form=form)


@bp.get("/studies/<slug>/themes/<int:theme_id>/merge")
@may("edit themes")
def choose_merge(slug: str, theme_id: int) -> ResponseReturnValue:
    """Choose the themes to merge with, then look at all of them side by side."""
    study, found = looked_up(slug)
    shown = existing(found, theme_id)
    chosen = request.args.getlist("with", type=int)
    others = [theme for theme in found.live if theme.id in chosen and theme.id != shown.id]
    shared = {**context(study, found), "theme": shown, "quotes": quotes(db(), found, QUOTES)}
    if not others:
        return page("review/merge.html", **shared)
    after = boards.preview(db(), study, changes.merge(shown.id, [theme.id for theme in others]))
    merged = after.find(shown.id)
    drawn = pictures.of_board(study, after)
    return page("review/merge_preview.html", **shared, others=others, merged=merged, merged_pictures=drawn)


@bp.post("/studies/<slug>/themes/<int:theme_id>/merge")
@may("edit themes")
def merge(slug: str, theme_id: int) -> ResponseReturnValue:
    """Merge a theme with others; `into` is the one whose name is kept."""
    others = request.form.getlist("with", type=int)
    into = request.form.get("into", theme_id, type=int)
    return decide(slug, changes.merge(into, [theme_id, *others]))


@bp.post("/studies/<slug>/themes/move")
@may("edit themes")
def move(slug: str) -> ResponseReturnValue:
    """Move a comment from a theme to another; an empty field means no theme."""
    form = request.form
    source, target = form.get("from", type=int), form.get("to", type=int)
    comment = form.get("comment", "").replace("\0", "")  # PostgreSQL refuses text that holds it
    return decide(slug, changes.move(comment, source, target))


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
