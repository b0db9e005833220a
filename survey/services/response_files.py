"""Excel files of all responses of a survey: asked for, made by a job, fetched for a day."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.errors import NotFound
from survey.jobs import table as jobs
from survey.models import Job, MadeFile, Survey
from survey.services import audit, made_files

KIND = "export_responses"


def start(session: Session, survey: Survey, by: str) -> Job:
    """Put writing the file to work; one that is under way for this survey is not started twice."""
    under_way = jobs.unfinished_of(session, survey.study_id, KIND)
    if under_way and under_way.args["survey"] == survey.id:
        return under_way
    audit.record(session, by, "responses.export", survey.slug, format="xlsx")
    return jobs.enqueue(session, KIND, {"survey": survey.id}, study_id=survey.study_id, by=by)


def made_by(session: Session, job: Job) -> MadeFile | None:
    """The file that a job made; None while there is none, or when its day is over."""
    if job.study_id is None or not job.result:
        return None
    try:
        return made_files.get(session, job.study_id, job.result["file"])
    except NotFound:
        return None


def get(session: Session, survey: Survey, file_id: int) -> MadeFile:
    """A file with this survey's responses; raise `NotFound` for any other."""
    file = made_files.get(session, survey.study_id, file_id)
    if file.name != name(survey):
        raise NotFound
    return file


def name(survey: Survey) -> str:
    """What the file is called."""
    return f"{survey.slug}-responses.xlsx"
