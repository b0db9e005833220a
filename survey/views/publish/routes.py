"""Looking at summaries, freezing one, downloading it."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from survey.errors import NotFound
from survey.formats.summary import Summary
from survey.formats.summary_formats import SUMMARY_FORMATS, offered
from survey.jobs import table as jobs
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import studies, summaries
from survey.views import pictures
from survey.views.publish import bp
from survey.views.working import wake_after_commit, wake_now
from survey.web import db


@bp.get("/studies/<slug>/summary")
@may("export summaries")
def summary(slug: str) -> ResponseReturnValue:
    """What a summary would hold now, and those that were frozen."""
    study = studies.for_person(db(), current_person(), slug)
    if not summaries.has_anything(db(), study):
        return page("publish/empty.html", study=study, tab="summary")
    draft = summaries.preview(db(), study, current_person().email)
    return page("publish/summary.html", **_shown(draft), study=study, rows=summaries.frozen(db(), study))


@bp.post("/studies/<slug>/summaries")
@may("export summaries")
def freeze(slug: str) -> ResponseReturnValue:
    """Put freezing a summary to work."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    job = summaries.start(db(), study, current_person().email)
    wake_after_commit()
    return redirect(url_for(".freezing", slug=slug, freezing_id=job.id), 303)


@bp.get("/studies/<slug>/summaries/making/<int:freezing_id>")
@may("export summaries")
def freezing(slug: str, freezing_id: int) -> ResponseReturnValue:
    """How far freezing is; the summary once it is there."""
    study = studies.for_person(db(), current_person(), slug)
    job = jobs.of_study(db(), study.id, summaries.KIND, freezing_id)
    if job.state == "done" and job.result:
        return redirect(url_for(".frozen", slug=slug, number=job.result["number"]), 303)
    wake_now()
    return page("publish/freezing.html", study=study, tab="summary", job=job)


@bp.get("/studies/<slug>/summaries/<int:number>")
@may("export summaries")
def frozen(slug: str, number: int) -> ResponseReturnValue:
    """One frozen summary, with its files."""
    study = studies.for_person(db(), current_person(), slug)
    row = summaries.get(db(), study, number)
    return page("publish/frozen.html", **_shown(summaries.read(row)), study=study, row=row)


def _shown(shown: Summary) -> dict[str, Any]:
    drawn = pictures.of_summary(shown)
    return {"summary": shown, "pictures": drawn, "tab": "summary", "formats": offered()}


@bp.get("/studies/<slug>/summaries/<int:number>/<format>")
@may("export summaries")
def download(slug: str, number: int, format: str) -> Response:
    """One frozen summary as a file."""
    study = studies.for_person(db(), current_person(), slug)
    row = summaries.get(db(), study, number)
    if format not in SUMMARY_FORMATS:
        raise NotFound
    chosen = SUMMARY_FORMATS[format]
    stream = io.BytesIO(chosen.to_bytes(summaries.read(row)))
    name = f"{study.slug}-summary-{row.number}.{chosen.ending}"
    media_type = chosen.media_type.partition(";")[0]  # Flask adds the character set of text
    reply = send_file(stream, media_type, as_attachment=True, download_name=name)
    reply.headers["Cache-Control"] = "no-store"
    return reply
