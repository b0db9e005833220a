"""Reading the board, its themes and their comments."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from survey import ordering
from survey.board import Board, BoardTheme
from survey.errors import NotFound
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import comments, history, runs, studies
from survey.services.theme_comments import quotes
from survey.views import pictures
from survey.views.review import bp, filters, listing, words
from survey.views.review.forms import RenameForm
from survey.web import db

QUOTES = 2


@bp.get("/studies/<slug>/themes")
@may("see themes")
def board(slug: str) -> ResponseReturnValue:
    """All themes of a study; before they are looked for, the way to do that."""
    study = studies.for_person(db(), current_person(), slug)
    filter = filters.asked()
    found = boards.load(db(), study, None if filter.is_empty else filter)
    job = runs.unfinished(db(), study)
    if found is None:
        count = comments.count(db(), study.id)
        return page("review/empty.html", study=study, tab="themes", comments=count, job=job)
    shown = {**context(study, found), **filters.shown(study, found)}
    shown["quotes"] = quotes(db(), found, QUOTES, None if filter.is_empty else filter)
    listed = [theme.id for theme in (*found.shared, *found.only_one_audience)]
    return page("review/board.html", **shown, page=shown, then=dict(pairwise(listed)), job=job)


def context(study: Study, found: Board) -> dict[str, Any]:
    """What every page of the board shows: the board, its pictures, the last decision."""
    return {
        "study": study,
        "tab": "themes",
        "board": found,
        "base": url_for("review.board", slug=study.slug),
        "offices": words.offices(found),
        "run": boards.run_of_board(db(), study),
        "runs": boards.runs_of(db(), study),
        "pictures": pictures.of_board(study, found),
        "last": history.last(found, found.last_edit.number) if found.last_edit else None,
        "redoable": history.last(found, found.redoable.number) if found.redoable else None,
    }


def looked_up(slug: str) -> tuple[Study, Board]:
    """The study and its board; not found when there is none yet."""
    study = studies.for_person(db(), current_person(), slug)
    found = boards.load(db(), study)
    if found is None:
        raise NotFound
    return study, found


def existing(found: Board, theme_id: int) -> BoardTheme:
    """A theme of the board; one that was merged is found in what it became."""
    theme = found.find(found.merged.get(theme_id))
    if theme is None:
        raise NotFound
    return theme


@bp.get("/studies/<slug>/themes/<int:theme_id>")
@may("see themes")
def theme(slug: str, theme_id: int) -> ResponseReturnValue:
    """One theme with all of its comments."""
    study, found = looked_up(slug)
    shown = existing(found, theme_id)
    if shown.id != theme_id:
        return redirect(url_for(".theme", slug=slug, theme_id=shown.id))
    return page("review/theme.html", **theme_context(study, found, shown))


def theme_context(study: Study, found: Board, theme: BoardTheme) -> dict[str, Any]:
    """What the page of a theme shows."""
    form = RenameForm(formdata=None)
    form.fill(theme)
    listed = listing.of(study, found, listing.Place("theme", theme))
    lines = history.of_theme(history.lines(db(), study, found), theme, found)
    return {
        **context(study, found),
        **listed,
        "form": form,
        "lines": lines,
        "beside": ordering.beside(found, theme),
        "parents": _parents(found, theme),
    }


def _parents(found: Board, theme: BoardTheme) -> list[BoardTheme]:
    """The themes that it can hang under: one level deep."""
    if theme.children:
        return []
    return [other for other in found.open if other.parent is None and other.id != theme.id]


@bp.get("/studies/<slug>/themes/none")
@may("see themes")
def unplaced(slug: str) -> ResponseReturnValue:
    """The comments in no theme, with the reasons."""
    study, found = looked_up(slug)
    listed = listing.of(study, found, listing.Place("none"))
    return page("review/unplaced.html", **context(study, found), **listed)


@bp.get("/studies/<slug>/themes/comments")
@may("see themes")
def all_comments(slug: str) -> ResponseReturnValue:
    """All comments of the study, with where each stands."""
    study, found = looked_up(slug)
    listed = listing.of(study, found, listing.Place("all"))
    return page("review/comments.html", **context(study, found), **listed)
