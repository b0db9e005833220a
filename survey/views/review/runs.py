"""Starting runs, watching long work, stopping it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.board import Board
from survey.errors import Refusal
from survey.models import Job, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import comments, runs, studies
from survey.views.review import bp
from survey.views.review.run_forms import FindForm, PlaceForm
from survey.views.review.run_words import STAGES, job_words, result_of
from survey.views.working import wake_after_commit, wake_now
from survey.web import db

__all__ = ["STAGES"]


@bp.route("/studies/<slug>/themes/find", methods=["GET", "POST"])
@may("find themes")
def find(slug: str) -> ResponseReturnValue:
    """Start looking for themes."""
    study = studies.for_person(db(), current_person(), slug)
    form = FindForm()
    if form.validate_on_submit():
        try:
            job = runs.find(db(), study, form.how(), current_person().email)
        except Refusal as refusal:
            db().rollback()
            form.themes.errors = [str(refusal)]
        else:
            return under_way(slug, job)
    number, board = comments.count(db(), study.id), boards.load(db(), study)
    shown = {"number": number, "needed": runs.FEWEST_COMMENTS, "unfinished": runs.unfinished(db(), study)}
    status = 422 if form.errors else 200
    return page("review/run_find.html", status, study=study, form=form, board=board, **shown)


def under_way(slug: str, job: Job) -> ResponseReturnValue:
    """To the page that shows how far a job is, once it was put to work."""
    wake_after_commit()
    return redirect(url_for("review.job", slug=slug, job_id=job.id), 303)


@bp.route("/studies/<slug>/themes/place-rest", methods=["GET", "POST"])
@may("find themes")
def place_rest(slug: str) -> ResponseReturnValue:
    """Place comments by the examples that people gave."""
    study = studies.for_person(db(), current_person(), slug)
    form = PlaceForm()
    if form.validate_on_submit():
        every, seed = form.which.data == "every", form.seed.data or 0
        try:
            job = runs.place(db(), study, every, seed, current_person().email)
        except Refusal as refusal:
            db().rollback()
            form.which.errors = [str(refusal)]
        else:
            return under_way(slug, job)
    return _place_page(study, boards.load(db(), study), form)


def _place_page(study: Study, board: Board | None, form: PlaceForm) -> ResponseReturnValue:
    given = runs.taught(board) if board else {}
    none = {c for c, themes in board.moved.items() if not themes} | board.off_topic if board else set()
    shown = {"given": given, "in_none": len(none), "unfinished": runs.unfinished(db(), study)}
    status = 422 if form.errors else 200
    return page("review/run_place.html", status, study=study, form=form, board=board, **shown)


@bp.get("/studies/<slug>/jobs/<int:job_id>")
@may("see themes")
def job(slug: str, job_id: int) -> ResponseReturnValue:
    """How far a job is; when it is done, what it made."""
    study = studies.for_person(db(), current_person(), slug)
    found = runs.job_of(db(), study, job_id)
    if found.state == "done":
        return redirect(result_of(slug, found, boards.run_of_board(db(), study)))
    if found.state in ("waiting", "running"):
        wake_now()
    return page("review/run_job.html", study=study, job=found, words=job_words(slug, found))


@bp.post("/studies/<slug>/jobs/<int:job_id>/cancel")
@may("find themes")
def cancel_job(slug: str, job_id: int) -> ResponseReturnValue:
    """Stop a job."""
    study = studies.for_person(db(), current_person(), slug)
    if not runs.cancel(db(), study, job_id, by=current_person().email):
        flash(_("It had ended already."))
    return redirect(url_for(".job", slug=slug, job_id=job_id), 303)
