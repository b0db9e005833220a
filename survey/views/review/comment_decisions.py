"""Deciding about comments: those that are ticked in a list, or a single one on its page."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import changes
from survey.board import Change
from survey.errors import NotFound, Refusal
from survey.pages import page
from survey.permissions import may
from survey.services import history
from survey.services.theme_comments import one_comment
from survey.views.review import bp, listing
from survey.views.review.decisions import decide
from survey.views.review.themes import context, existing, looked_up, theme_context
from survey.web import db

Ids = list[str]
TEMPLATES = {"none": "review/unplaced.html", "all": "review/comments.html"}
TO_A_THEME = ("move", "add", "only")
CHANGES: dict[str, Callable[[Ids, int | None, int | None, str], Change]] = {
    "move": lambda ids, here, to, name: changes.move(ids, here, to),
    "add": lambda ids, here, to, name: changes.move(ids, None, to),
    "only": lambda ids, here, to, name: changes.assign({id: [to] if to else [] for id in ids}),
    "out": lambda ids, here, to, name: changes.move(ids, here, None),
    "split": lambda ids, here, to, name: changes.create(name, ids, here),
    "new": lambda ids, here, to, name: changes.create(name, ids),
    "pin": lambda ids, here, to, name: changes.pin(ids),
    "release": lambda ids, here, to, name: changes.release(ids),
    "off": lambda ids, here, to, name: changes.off_topic(ids),
    "on": lambda ids, here, to, name: changes.on_topic(ids),
}


@bp.post("/studies/<slug>/themes/comments/decide")
@may("edit themes")
def decide_comments(slug: str) -> ResponseReturnValue:
    """Do what was chosen with the ticked comments; the list stays as it was filled in when that cannot be."""
    try:
        return decide(slug, _wanted())
    except Refusal as refusal:
        return _list_again(slug, str(refusal))


def _wanted() -> Change:
    form, here = request.form, request.args.get("of", type=int)
    action, target = form.get("do", ""), form.get("to", type=int)
    ids = _ids()
    if action not in CHANGES:
        raise Refusal(_("Choose what to do with the comments."))
    if not ids:
        raise Refusal(_("Choose one or more comments first."))
    if target is None and action in TO_A_THEME:
        raise Refusal(_("Choose the theme to put them into."))
    if here is None and action in ("out", "split"):
        raise NotFound
    return CHANGES[action](ids, here, target, form.get("name", ""))


def _ids() -> Ids:
    # PostgreSQL refuses text that holds a NUL; no comment has such an id.
    return [id for id in request.form.getlist("comment") if "\0" not in id]


def _list_again(slug: str, problem: str) -> ResponseReturnValue:
    study, found = looked_up(slug)
    kind, number = request.args.get("of") or "all", request.args.get("of", type=int)
    if number is not None:
        shown = theme_context(study, found, existing(found, number))
        return page("review/theme.html", 422, **shown, problem=problem)
    if kind not in TEMPLATES:
        raise NotFound
    listed = listing.of(study, found, listing.Place(kind))
    return page(TEMPLATES[kind], 422, **context(study, found), **listed, problem=problem)


@bp.get("/studies/<slug>/themes/comments/<comment_id>")
@may("see themes")
def one(slug: str, comment_id: str) -> ResponseReturnValue:
    """One comment: where it stands and why, its notes, what was decided about it."""
    study, found = looked_up(slug)
    placed = one_comment(db(), study, found, comment_id)
    lines = [line for line in history.lines(db(), study, found) if _is_about(line, comment_id)]
    shown = {"placed": placed, "lines": lines, "notes": found.comment_notes.get(comment_id, ())}
    return page("review/comment.html", **context(study, found), **shown)


def _is_about(line: history.Line, comment_id: str) -> bool:
    decision = (line.turns or line).decision
    return any(comment == comment_id for comment, _themes in decision.comments)


@bp.post("/studies/<slug>/themes/comments/<comment_id>/themes")
@may("edit themes")
def place_comment(slug: str, comment_id: str) -> ResponseReturnValue:
    """Say all themes of one comment."""
    if "\0" in comment_id:
        raise NotFound
    return decide(slug, changes.place_exactly(comment_id, request.form.getlist("theme", type=int)))


@bp.post("/studies/<slug>/themes/note")
@may("edit themes")
def note(slug: str) -> ResponseReturnValue:
    """Write a note on a theme or on a comment."""
    form = request.form
    comment, theme = form.get("comment", "").replace("\0", ""), form.get("theme", type=int)
    return decide(slug, changes.note(form.get("text", ""), theme=theme, comment=comment or None))


@bp.post("/studies/<slug>/themes/unnote")
@may("edit themes")
def unnote(slug: str) -> ResponseReturnValue:
    """Take a note away."""
    return decide(slug, changes.unnote(request.form.get("edit", 0, type=int)))
