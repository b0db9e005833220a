"""Reading the board, its themes and their comments."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from survey.board import Board, BoardTheme
from survey.errors import NotFound
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import comments, history, runs, studies
from survey.services.comments import Filter
from survey.services.theme_comments import CommentPage, CommentQuery, quotes, theme_comments
from survey.views import pictures
from survey.views.review import bp
from survey.web import db

QUOTES = 2


@bp.get("/studies/<slug>/themes")
@may("see themes")
def board(slug: str) -> ResponseReturnValue:
    """All themes of a study; before they are looked for, the way to do that."""
    study = studies.for_person(db(), current_person(), slug)
    found = boards.load(db(), study)
    job = runs.unfinished(db(), study)
    if found is None:
        count = comments.count(db(), study.id)
        return page("review/empty.html", study=study, tab="themes", comments=count, job=job)
    chosen = quotes(db(), found, QUOTES)
    return page("review/board.html", **context(study, found), quotes=chosen, job=job)


def context(study: Study, found: Board) -> dict[str, Any]:
    """What every page of the board shows: the board, its pictures, the last decision."""
    last = history.last(found, found.last_edit.number) if found.last_edit else None
    return {
        "study": study,
        "tab": "themes",
        "board": found,
        "run": boards.run_of_board(db(), study),
        "runs": boards.runs_of(db(), study),
        "pictures": pictures.of_board(study, found),
        "last": last,
        "redoable": history.last(found, found.redoable.number) if found.redoable else None,
        "decided": session.pop("decided", None) == found.revision,
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
    listed = _listed(study, found, shown)
    return page("review/theme.html", **context(study, found), theme=shown, listed=listed, filter=_filter())


@bp.get("/studies/<slug>/themes/none")
@may("see themes")
def unplaced(slug: str) -> ResponseReturnValue:
    """The comments in no theme, with the reasons."""
    study, found = looked_up(slug)
    listed = _listed(study, found, None)
    return page("review/unplaced.html", **context(study, found), theme=None, listed=listed, filter=_filter())


def _listed(study: Study, found: Board, theme: BoardTheme | None) -> CommentPage:
    number = request.args.get("page", 1, type=int)
    return theme_comments(db(), study, found, CommentQuery(theme, _filter(), number))


def _filter() -> Filter:
    text = request.args.get("text", "").replace("\0", "")  # PostgreSQL refuses text that holds it
    return Filter(text[:200], audience=_id("audience"), prompt=_id("prompt"))


def _id(name: str) -> int | None:
    """A row's id from the address; what cannot be one is as good as none."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number < 2**31 else None


@bp.get("/studies/<slug>/themes/history")
@may("see themes")
def decisions_made(slug: str) -> ResponseReturnValue:
    """Who decided what, and when."""
    study, found = looked_up(slug)
    lines = history.lines(db(), study, found)
    return page("review/history.html", study=study, tab="themes", board=found, lines=lines)
