"""Surveys from files and as files: a draft from what a reader found, the bytes of a draft, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.document import Document
from survey.errors import Refusal
from survey.formats import survey_json, survey_report
from survey.formats.survey_files import Line, SurveyFile
from survey.models import Study, Survey
from survey.questions.settings import pick
from survey.services import audit, surveys

TYPES = {
    "xlsform": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("json", "application/json"),
}
"""What surveys are saved as: ending and media type."""


def add(session: Session, study: Study, file: SurveyFile, file_name: str, *, by: str) -> Survey:
    """A survey from a file: a draft, with the report kept in it."""
    document = _untied(file.document)
    mode = document.pop("mode", "anonymous")
    document["origin"] = {**document.get("origin", {}), **survey_report.keep(file, file_name)}
    title = pick(document["title"], tuple(document["languages"]))[0]
    return surveys.add(session, study, "", title, mode, by=by, document=document, source=file.format)


def by_slug(session: Session, slug: str) -> Survey:
    """The survey of that short name, for the command line; raise `Refusal` when there is none."""
    found = session.scalar(select(Survey).where(Survey.slug == slug))
    if found is None:
        raise Refusal(_("There is no survey “%(slug)s”.", slug=slug))
    return found


def _untied(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without ties to audiences and prompts, which belong to one study."""
    pages = [
        {**page, "questions": [_question(question) for question in page["questions"]]}
        for page in document["pages"]
    ]
    return {**document, "pages": pages}


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in question.items() if key != "prompt_id"}
    if "choices" in plain:
        plain["choices"] = [{k: v for k, v in one.items() if k != "audience_id"} for one in plain["choices"]]
    return plain


def write(document: Document, mode: str, format: str) -> tuple[bytes, tuple[Line, ...]]:
    """A survey as a file, and what is told about it; raise `Refusal` when it cannot be one."""
    if format == "xlsform":
        from survey.formats import xlsform_out

        return xlsform_out.write(document)
    return survey_json.write(document, mode), ()


def report(survey: Survey) -> survey_report.FileReport | None:
    """What was told when the survey was made from a file."""
    return survey_report.kept(survey.document.get("origin") or {})


def delete_draft(session: Session, survey: Survey, *, by: str, seen: int | None) -> None:
    """Take back a survey that was never published."""
    surveys.check_seen(survey, seen)
    if survey.versions or survey.state != "draft":
        raise Refusal(_("The survey was published, so it stays. You can close it."))
    slug, study = survey.slug, survey.study.slug
    session.delete(survey)
    session.flush()
    audit.record(session, by, "surveys.remove", slug, study=study)
