"""PDF files of a frozen summary. Report and brief as HTML are formats like others: `routes.download`."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from survey import report_page
from survey.errors import NotFound, Refusal
from survey.jobs import table as jobs
from survey.models import Study, Summary
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import report_files, studies, summaries
from survey.services.report_files import Wanted
from survey.views import streaming
from survey.views.publish import bp
from survey.views.working import wake_after_commit, wake_now
from survey.web import db

for name, draw in report_page.PICTURES.items():
    bp.add_app_template_global(draw, name)


@bp.app_template_filter()
def tenths(share: float) -> str:
    """A share as per cent with one decimal, in the page's language."""
    return report_page.tenths(share, get_locale() or report_page.LOCALE)


@bp.route("/studies/<slug>/summaries/<int:number>/pdf", methods=["GET", "POST"])
@may("export summaries")
def pdf(slug: str, number: int) -> ResponseReturnValue:
    """The PDF files of a summary that were made, and making another one."""
    study = studies.for_person(db(), current_person(), slug, lock=request.method == "POST")
    row = summaries.get(db(), study, number)
    if request.method == "GET":
        return _pdf_page(study, row, Wanted(number))
    wanted = Wanted(number, request.form.get("which", ""), request.form.get("paper", ""))
    try:
        job = report_files.start(db(), study, wanted, current_person().email)
    except Refusal as refusal:
        return _pdf_page(study, row, wanted, str(refusal))
    wake_after_commit()
    return redirect(url_for(".making_pdf", slug=slug, number=number, pdf_job_id=job.id), 303)


def _pdf_page(study: Study, row: Summary, wanted: Wanted, wrong: str = "") -> ResponseReturnValue:
    files = report_files.of_summary(db(), study, row.number)
    shown = {"study": study, "tab": "summary", "row": row, "wanted": wanted, "wrong": wrong, "files": files}
    return page("publish/pdf.html", 422 if wrong else 200, **shown)


@bp.get("/studies/<slug>/summaries/<int:number>/pdf/<int:pdf_job_id>")
@may("export summaries")
def making_pdf(slug: str, number: int, pdf_job_id: int) -> ResponseReturnValue:
    """How far a PDF file is; a link to it once it is there."""
    study = studies.for_person(db(), current_person(), slug)
    row = summaries.get(db(), study, number)
    job = jobs.of_study(db(), study.id, report_files.KIND, pdf_job_id)
    wanted = Wanted.of(job.args)
    if wanted.summary != row.number:
        raise NotFound
    wake_now()
    file = report_files.made_by(db(), job)
    shown = {"study": study, "tab": "summary", "row": row, "wanted": wanted, "job": job, "file": file}
    return page("publish/making_pdf.html", **shown)


@bp.get("/studies/<slug>/summaries/files/<int:pdf_id>")
@may("export summaries")
def pdf_file(slug: str, pdf_id: int) -> ResponseReturnValue:
    """A PDF file that was made."""
    study = studies.for_person(db(), current_person(), slug)
    return streaming.made_file(report_files.get(db(), study, pdf_id))
