"""Translations by file: downloads for translators, and what comes back, shown before it is stored."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from survey import uploads
from survey.errors import NotFound, Refusal, Stale
from survey.formats.translation_files import FORMATS
from survey.formats.translation_rows import Sheet
from survey.models import Survey
from survey.permissions import may, takes_files
from survey.security import current_person
from survey.services import surveys
from survey.services import translations as service
from survey.translation_report import KINDS, Report
from survey.uploads import Upload, Uploads
from survey.views.studio import bp
from survey.views.studio.shared import me, seen_revision, survey_of, survey_page
from survey.views.studio.translations import ONE, is_filtered
from survey.web import app, db, settings

KIND_WORDS = {
    "taken": _l("New translations"),
    "changed": _l("In place of what is there"),
    "source": _l("The source has changed since the download"),
    "wrong": _l("These do not fit"),
    "unknown": _l("The survey has no such text"),
    "twice": _l("Further rows for the same text"),
    "empty": _l("No translation in the file"),
    "same": _l("As it is already"),
}
assert tuple(KIND_WORDS) == KINDS
# Longer lists are cut on the page; everything is stored all the same.
SHOWN = 200


@bp.get(ONE + "/download/<translation_format>")
@may("edit surveys")
def download_translation(
    slug: str, survey_slug: str, tag: str, translation_format: str
) -> ResponseReturnValue:
    """The texts as a file for a translator."""
    survey = survey_of(slug, survey_slug)
    chosen = FORMATS.get(translation_format)
    if chosen is None:
        raise NotFound
    data = chosen.write(service.sheet(survey, tag, only_missing=is_filtered()))
    name = f"{survey.slug}-{tag}.{translation_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=chosen.media_type, headers=headers)


@bp.post(ONE + "/upload")
@may("edit surveys")
@takes_files
def upload_translation(slug: str, survey_slug: str, tag: str) -> ResponseReturnValue:
    """Read a file. Nothing is stored: the next page shows what it would do."""
    survey = _survey(slug, survey_slug)
    file = request.files.get("file")
    data, name = (file.read(), file.filename or "") if file else (b"", "")
    try:
        if not name:
            raise Refusal(_("Choose a file."))
        service.report(survey, tag, service.read(data, name))
    except Refusal as refusal:
        return survey_page("studio/translations_upload.html", survey, 422, tag=tag, refused=str(refusal))
    token = _uploads().keep(data, name, _owner(survey))
    url = url_for(".check_translation", slug=slug, survey_slug=survey_slug, tag=tag, file=token)
    return redirect(url, 303)


@bp.route(ONE + "/check", methods=["GET", "POST"])
@may("edit surveys")
def check_translation(slug: str, survey_slug: str, tag: str) -> ResponseReturnValue:
    """What the file would add and change; then it is stored, all or nothing."""
    survey = _survey(slug, survey_slug)
    upload = _uploads().find(request.args.get("file", ""), _owner(survey))
    data = _uploads().read(upload) if upload else None
    if upload is None or data is None:
        flash(_("The file is not here any more. Choose it again."), "error")
        return redirect(url_for(".translate", slug=slug, survey_slug=survey_slug, tag=tag), 303)
    sheet = service.read(data, upload.file_name)
    report = service.report(survey, tag, sheet)
    if request.method != "POST":
        return _check_page(survey, tag, report, upload)
    try:
        return _take(survey_of(slug, survey_slug), tag, sheet, upload)
    except Refusal as refusal:
        db().rollback()
        status = 409 if isinstance(refusal, Stale) else 422
        return _check_page(_survey(slug, survey_slug), tag, report, upload, status, str(refusal))


def _take(survey: Survey, tag: str, sheet: Sheet, upload: Upload) -> ResponseReturnValue:
    report = service.report(survey, tag, sheet)
    wanted = report.translations(with_old_sources="sources" in request.form)
    stored = service.translate(db(), survey, tag, wanted, by=me(), seen=seen_revision())
    _uploads().forget(upload)
    flash(ngettext("%(num)s text is saved.", "%(num)s texts are saved.", stored))
    return redirect(url_for(".translate", slug=survey.study.slug, survey_slug=survey.slug, tag=tag), 303)


def _check_page(
    survey: Survey, tag: str, report: Report, upload: Upload, status: int = 200, refused: str = ""
) -> ResponseReturnValue:
    return survey_page(
        "studio/translations_check.html",
        survey,
        status,
        tag=tag,
        report=report,
        upload=upload,
        refused=refused,
        words=KIND_WORDS,
        shown=SHOWN,
    )


def _survey(slug: str, survey_slug: str) -> Survey:
    """The survey, without the write lock that `db()` takes: reading a file may be slow."""
    with app().database.reading() as session:
        survey = surveys.for_person(session, current_person(), slug, survey_slug)
        survey.study.title  # noqa: B018  (loaded while the session is open)
        return survey


def _uploads() -> Uploads:
    return uploads.of(settings())


def _owner(survey: Survey) -> tuple[int, int]:
    return survey.id, current_person().id
