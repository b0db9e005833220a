"""The comments that would help most: a person says where they belong, the program learns from it."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.board import Board
from survey.errors import NotFound, Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import helpful as helping
from survey.services import runs
from survey.services.helpful import Answers
from survey.views.review import bp
from survey.views.review.decisions import decide
from survey.views.review.runs import under_way
from survey.views.review.themes import looked_up
from survey.web import db

PREFIX = "theme-"


@bp.route("/studies/<slug>/themes/helpful", methods=["GET", "POST"])
@may("edit themes")
def helpful(slug: str) -> ResponseReturnValue:
    """What this is good for; have comments chosen."""
    study, board = looked_up(slug)
    problem = ""
    if request.method == "POST":
        try:
            return under_way(slug, helping.start(db(), study, current_person().email))
        except Refusal as refusal:
            db().rollback()
            problem = str(refusal)
    shown = {"newest": helping.newest(db(), study), "given": runs.taught(board), "problem": problem}
    return page("review/helpful.html", 422 if problem else 200, **_with(study, board), **shown)


@bp.get("/studies/<slug>/themes/helpful/<int:job_id>")
@may("edit themes")
def helpful_comments(slug: str, job_id: int) -> ResponseReturnValue:
    """The comments that were chosen, each with the choice of a theme."""
    study, board = looked_up(slug)
    try:
        chosen = helping.chosen(db(), study, board, job_id)
    except NotFound:
        return redirect(url_for(".helpful", slug=slug))
    decided = board.moved.keys() | board.off_topic
    left = [placed for placed in chosen if placed.comment.id not in decided]
    shown = {"left": left, "done": len(chosen) - len(left), "of": len(chosen), "job_id": job_id}
    return page("review/helpful_comments.html", **_with(study, board), **shown, given=runs.taught(board))


@bp.post("/studies/<slug>/themes/helpful/<int:job_id>")
@may("edit themes")
def save_helpful(slug: str, job_id: int) -> ResponseReturnValue:
    """Store what was said of the comments, in one decision of each kind, all or nothing."""
    study, board = looked_up(slug)
    there = {placed.comment.id for placed in helping.chosen(db(), study, board, job_id)}
    typed = {n.removeprefix(PREFIX): v for n, v in request.form.items() if n.startswith(PREFIX)}
    if not typed.keys() <= there:
        raise NotFound
    answers = Answers.read(typed, board)
    for change in answers.changes:
        reply = decide(slug, change)
        if isinstance(reply, tuple):  # overtaken: what was stored before it goes, too
            db().rollback()
            session.pop("decided", None)
            return reply
    if not answers.changes:
        flash(_("Nothing was stored: every comment was skipped."))
    if request.form.get("go") == "next":
        return under_way(slug, helping.start(db(), study, current_person().email))
    return redirect(url_for(".helpful_comments", slug=slug, job_id=job_id), 303)


def _with(study: Study, board: Board) -> dict[str, object]:
    return {"study": study, "tab": "themes", "board": board}
