"""Finding themes: starting a run, watching it, stopping it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.errors import Refusal
from survey.models import Job
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import comments, runs, studies
from survey.views.review import bp
from survey.views.review.run_forms import FindForm
from survey.views.working import wake_after_commit, wake_now
from survey.web import db

# What a worker says it is doing, here so that it is translated.
STAGES = (
    _l("Reading the comments"),
    _l("Learning the words"),
    _l("Comparing the comments"),
    _l("Choosing the number of themes"),
    _l("Grouping the comments"),
    _l("Placing every comment"),
    _l("Checking stability"),
    _l("Naming the themes"),
    _l("Done"),
    _l("Storing the themes"),
    _l("Looking for near duplicates"),
)


@bp.route("/studies/<slug>/themes/find", methods=["GET", "POST"])
@may("find themes")
def find(slug: str) -> ResponseReturnValue:
    """Start looking for themes."""
    study = studies.for_person(db(), current_person(), slug)
    form = FindForm()
    if form.validate_on_submit():
        try:
            job = runs.start(db(), study, form.themes.data, form.seed.data or 0, current_person().email)
        except Refusal as refusal:
            db().rollback()
            form.themes.errors = [str(refusal)]
        else:
            wake_after_commit()
            return redirect(url_for(".job", slug=slug, job_id=job.id), 303)
    return page(
        "review/run_find.html",
        422 if form.errors else 200,
        study=study,
        form=form,
        number=comments.count(db(), study.id),
        needed=runs.FEWEST_COMMENTS,
        unfinished=runs.unfinished(db(), study),
        board=boards.load(db(), study),
    )


@bp.get("/studies/<slug>/jobs/<int:job_id>")
@may("see themes")
def job(slug: str, job_id: int) -> ResponseReturnValue:
    """How far a job is; when it is done, what it made."""
    study = studies.for_person(db(), current_person(), slug)
    found = runs.job_of(db(), study, job_id)
    if found.state == "done":
        return redirect(_result(slug, found))
    if found.state in ("waiting", "running"):
        wake_now()
    return page("review/run_job.html", study=study, job=found)


def _result(slug: str, job: Job) -> str:
    if job.kind == runs.KIND:
        return url_for(".board", slug=slug)
    return url_for("studio.import_report", slug=slug, import_id=job.args["import_id"])


@bp.post("/studies/<slug>/jobs/<int:job_id>/cancel")
@may("find themes")
def cancel_job(slug: str, job_id: int) -> ResponseReturnValue:
    """Stop a job."""
    study = studies.for_person(db(), current_person(), slug)
    if not runs.cancel(db(), study, job_id, by=current_person().email):
        flash(_("It had ended already."))
    return redirect(url_for(".job", slug=slug, job_id=job_id), 303)
