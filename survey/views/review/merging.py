"""Making one theme of several: choose them, look at them side by side, then merge."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from survey import changes
from survey.pages import page
from survey.permissions import may
from survey.services import board as boards
from survey.services.theme_comments import quotes
from survey.views import pictures
from survey.views.review import bp
from survey.views.review.decisions import decide
from survey.views.review.themes import context, existing, looked_up
from survey.web import db

QUOTES = 3


@bp.get("/studies/<slug>/themes/<int:theme_id>/merge")
@may("edit themes")
def choose_merge(slug: str, theme_id: int) -> ResponseReturnValue:
    """Choose the themes to merge with, then look at all of them side by side."""
    study, found = looked_up(slug)
    shown = existing(found, theme_id)
    chosen = request.args.getlist("with", type=int)
    others = [theme for theme in found.open if theme.id in chosen and theme.id != shown.id]
    shared = {**context(study, found), "theme": shown, "quotes": quotes(db(), found, QUOTES)}
    if not others or not shown.is_open:
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
