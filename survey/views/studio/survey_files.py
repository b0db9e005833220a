"""Surveys from files and as files: bringing one in, its report, saving it, taking a draft back."""

from __future__ import annotations

from io import BytesIO

from flask import abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from survey.errors import Refusal, Stale
from survey.formats import survey_files as formats
from survey.formats.survey_files import FORMATS, MOST_BYTES, SurveyFileError
from survey.models import Study, Survey
from survey.pages import page
from survey.permissions import may, takes_files
from survey.security import current_person
from survey.services import studies, surveys
from survey.services import survey_files as service
from survey.views.studio import bp
from survey.views.studio.shared import me, seen_revision, study_of, survey_of, survey_page
from survey.web import app, db


class SurveyFileForm(FlaskForm):
    """The file of a survey."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "An XLSForm (.xlsx or .xls), a LimeSurvey survey (.lss or .tsv), or a survey as JSON from here "
            "or from SurveyJS."
        ),
    )
    format = SelectField(_l("Kind of file"), default="", description=_l("Mostly the file itself tells."))

    def offer(self) -> None:
        """Offer all kinds there are."""
        self.format.choices = [
            ("", _("As the file tells")),
            *((key, kind.label) for key, kind in FORMATS.items()),
        ]


@bp.route("/studies/<slug>/surveys/new/file", methods=["GET", "POST"])
@may("edit surveys")
@takes_files
def survey_from_file(slug: str) -> ResponseReturnValue:
    """Choose a file; the survey in it becomes a draft. It is read before the database is locked."""
    study = _study(slug)
    form = SurveyFileForm()
    form.offer()
    if form.validate_on_submit():
        try:
            return _store(slug, form)
        except Refusal as refusal:
            form.file.errors = [placed(refusal)]
    status = 422 if form.errors else 200
    return page("studio/survey_from_file.html", status, study=study, form=form, most=MOST_BYTES // 1024**2)


def _study(slug: str) -> Study:
    """The study, without the write lock that `db()` takes: what follows may be slow."""
    with app().database.reading() as session:
        return studies.for_person(session, current_person(), slug)


def placed(refusal: Refusal) -> str:
    """The sentence of a refusal, with sheet and row where there are any."""
    sheet, row = (refusal.sheet, refusal.row) if isinstance(refusal, SurveyFileError) else ("", None)
    if row is not None and sheet:
        return str(_("Sheet “%(sheet)s”, row %(row)s: %(words)s", sheet=sheet, row=row, words=str(refusal)))
    if row is not None:
        return str(_("Line %(row)s: %(words)s", row=row, words=str(refusal)))
    return str(refusal)


def _store(slug: str, form: SurveyFileForm) -> ResponseReturnValue:
    data, name = form.file.data.read(MOST_BYTES + 1), form.file.data.filename or ""
    found = formats.read(data, name, form.format.data or None)
    try:
        survey = service.add(db(), study_of(slug), found, name, by=me())
    except Refusal:
        db().rollback()
        raise
    flash(_("The survey is here as a draft."))
    return redirect(url_for(".survey_file", slug=slug, survey_slug=survey.slug), 303)


@bp.get("/studies/<slug>/surveys/<survey_slug>/file")
@may("edit surveys")
def survey_file(slug: str, survey_slug: str) -> ResponseReturnValue:
    """What was told when the survey came from a file, and the ways to save it as one."""
    return _file_page(survey_of(slug, survey_slug))


def _file_page(survey: Survey, status: int = 200, problem: str = "") -> ResponseReturnValue:
    report = service.report(survey)
    label = FORMATS[report.format].label if report and report.format in FORMATS else ""
    can_go = survey.state == "draft" and not survey.versions
    return survey_page(
        "studio/survey_file.html", survey, status, report=report, label=label, can_go=can_go, problem=problem
    )


@bp.get("/studies/<slug>/surveys/<survey_slug>/file/<format>")
@may("edit surveys")
def save_survey_file(slug: str, survey_slug: str, format: str) -> ResponseReturnValue:
    """The draft as a file."""
    if format not in service.TYPES:
        abort(404)
    survey = survey_of(slug, survey_slug)
    try:
        data, _lines = service.write(surveys.draft(survey), survey.mode, format)
    except Refusal as refusal:
        return _file_page(survey, 422, placed(refusal))
    ending, type = service.TYPES[format]
    return send_file(BytesIO(data), type, as_attachment=True, download_name=f"{survey.slug}.{ending}")


@bp.post("/studies/<slug>/surveys/<survey_slug>/file/delete")
@may("edit surveys")
def delete_draft(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Take back a survey that was never published."""
    survey = survey_of(slug, survey_slug)
    title = surveys.title(survey)
    try:
        service.delete_draft(db(), survey, by=me(), seen=seen_revision())
    except Stale:
        raise
    except Refusal as refusal:
        return _file_page(survey, 422, str(refusal))
    flash(_("The draft “%(title)s” is deleted.", title=title))
    return redirect(url_for(".surveys", slug=slug), 303)
