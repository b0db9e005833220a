"""The bundle with which anybody can repeat the theme table."""

from __future__ import annotations

import io

from flask import Response, send_file

from survey.permissions import may
from survey.security import current_person
from survey.services import bundles, studies
from survey.views.publish import bp
from survey.web import db


@bp.get("/studies/<slug>/summaries/<int:number>/bundle.zip")
@may("export summaries")
def bundle(slug: str, number: int) -> Response:
    """The bundle of a frozen summary, made of the study as it was then."""
    study = studies.for_person(db(), current_person(), slug)
    stream = io.BytesIO()
    bundles.write(db(), study, number, stream)
    stream.seek(0)
    name = f"{study.slug}-summary-{number}-bundle.zip"
    reply = send_file(stream, "application/zip", as_attachment=True, download_name=name)
    reply.headers["Cache-Control"] = "no-store"
    return reply
