"""Taking all responses of a survey away: CSV as it is written, Excel by a job that is watched."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from survey.jobs import table as jobs
from survey.permissions import may
from survey.services import response_files
from survey.views import streaming
from survey.views.studio import bp
from survey.views.studio.shared import me, survey_of, survey_page
from survey.views.working import wake_after_commit, wake_now
from survey.web import db


@bp.get("/studies/<slug>/surveys/<survey_slug>/responses.csv")
@may("export responses")
def responses_csv(slug: str, survey_slug: str) -> ResponseReturnValue:
    """All responses, sent while they are read."""
    survey = survey_of(slug, survey_slug)
    return streaming.csv_of(survey.id, f"{survey.slug}-responses.csv")


@bp.post("/studies/<slug>/surveys/<survey_slug>/responses/excel")
@may("export responses")
def make_excel(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Put writing the Excel file to work."""
    survey = survey_of(slug, survey_slug)
    job = response_files.start(db(), survey, by=me())
    wake_after_commit()
    return redirect(url_for(".making_excel", slug=slug, survey_slug=survey_slug, export_id=job.id), 303)


@bp.get("/studies/<slug>/surveys/<survey_slug>/responses/excel/<int:export_id>")
@may("export responses")
def making_excel(slug: str, survey_slug: str, export_id: int) -> ResponseReturnValue:
    """How far the file is; a link to it once it is there."""
    survey = survey_of(slug, survey_slug)
    job = jobs.of_study(db(), survey.study_id, response_files.KIND, export_id)
    if job.state in ("waiting", "running"):
        wake_now()
    file = response_files.made_by(db(), job)
    return survey_page("studio/making_excel.html", survey, job=job, file=file)


@bp.get("/studies/<slug>/surveys/<survey_slug>/responses/files/<int:file_id>")
@may("export responses")
def responses_file(slug: str, survey_slug: str, file_id: int) -> ResponseReturnValue:
    """A file that was made."""
    survey = survey_of(slug, survey_slug)
    return streaming.made_file(response_files.get(db(), survey, file_id))
