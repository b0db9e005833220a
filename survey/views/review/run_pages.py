"""The runs of a study, what each would change on the board, and putting one there."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.board import Board
from survey.errors import Refusal
from survey.models import Run, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import applying, differences, studies
from survey.services import board as boards
from survey.services.theme_comments import quotes
from survey.views import pictures
from survey.views.review import bp
from survey.views.review.decisions import decide
from survey.views.review.run_words import how_made
from survey.views.review.themes import looked_up
from survey.web import db

QUOTES = 2


@bp.get("/studies/<slug>/runs")
@may("see themes")
def list_runs(slug: str) -> ResponseReturnValue:
    """All runs with their options, and which one the board stands on."""
    study = studies.for_person(db(), current_person(), slug)
    board = boards.load(db(), study)
    came = {decision.details["run"]: decision for decision in applying.applied(board)} if board else {}
    shown = {"runs": boards.runs_of(db(), study), "came": came, "how_made": how_made}
    return page("review/run_list.html", study=study, tab="themes", board=board, **shown)


@bp.get("/studies/<slug>/runs/<int:number>")
@may("see themes")
def run(slug: str, number: int) -> ResponseReturnValue:
    """What a run would change on the board."""
    study, board = looked_up(slug)
    shown = applying.run_of(db(), study, number)
    came = [d for d in applying.applied(board) if d.details["run"] == number]
    context = {"study": study, "tab": "themes", "board": board, "run": shown, "how": how_made(shown)}
    if shown.id == board.run:
        return page("review/run_on_board.html", **context, came=came[-1] if came else None)
    try:
        return page("review/run.html", **context, **_difference(study, board, shown))
    except Refusal as refusal:
        return page("review/run.html", **context, problem=str(refusal))


def _difference(study: Study, board: Board, run: Run) -> dict[str, Any]:
    found = differences.between(db(), study, board, run)
    names = {change.theme.id: change.theme.name for change in found.themes}
    return {
        "difference": found,
        "names": names,
        "quotes": quotes(db(), found.after, QUOTES),
        "pictures": pictures.of_board(study, found.after),
        "where": {"none": differences.NONE, "unknown": differences.UNKNOWN},
    }


@bp.post("/studies/<slug>/runs/<int:number>/apply")
@may("edit themes")
def use_run(slug: str, number: int) -> ResponseReturnValue:
    """Put a run onto the board, with all decisions."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    wanted, board = applying.run_of(db(), study, number), boards.load(db(), study)
    if board and board.run == wanted.id:
        flash(_("Run %(number)s is on the board already.", number=number))
        return redirect(url_for(".board", slug=slug), 303)
    try:
        return decide(slug, applying.onto(board, wanted))
    except Refusal as refusal:
        flash(str(refusal))
        return redirect(url_for(".run", slug=slug, number=number), 303)
