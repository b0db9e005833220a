"""The codebook of a study: what each theme means, taken away and brought in."""

from __future__ import annotations

import io

from flask import Response, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import changes, uploads
from survey.errors import NotFound, Refusal, Stale
from survey.formats.codebook import Report
from survey.models import Study
from survey.pages import page
from survey.permissions import may, takes_files
from survey.security import current_person, local
from survey.services import board as boards
from survey.services import codebooks as service
from survey.services import studies
from survey.uploads import Upload, Uploads
from survey.views.review import bp
from survey.views.review.codebook_forms import CodebookForm, EntryForm
from survey.views.review.decisions import decide
from survey.views.review.themes import context, existing, looked_up
from survey.web import app, db, settings


@bp.get("/studies/<slug>/codebook")
@may("see themes")
def codebook(slug: str) -> ResponseReturnValue:
    """All live themes with what they mean."""
    study = studies.for_person(db(), current_person(), slug)
    found = boards.load(db(), study)
    if found is None:
        return redirect(url_for(".board", slug=slug))
    return page("review/codebook.html", **context(study, found), themes=service.in_order(found))


@bp.route("/studies/<slug>/codebook/<int:theme_id>", methods=["GET", "POST"])
@may("edit themes")
def entry(slug: str, theme_id: int) -> ResponseReturnValue:
    """Say what a theme means."""
    study, found = looked_up(slug)
    theme = existing(found, theme_id)
    form = EntryForm(data=dict(theme.entry))
    if form.validate_on_submit():
        try:
            return decide(slug, changes.describe(theme.id, form.entry()))
        except Refusal as refusal:
            form.definition.errors = [str(refusal)]
    default = url_for(".codebook", slug=slug, _anchor=f"theme-{theme.id}")
    back = local(request.values.get("next") or default)
    shown = {"theme": theme, "form": form, "next": back}
    return page("review/codebook_entry.html", 422 if form.errors else 200, **context(study, found), **shown)


@bp.get("/studies/<slug>/codebook/files/<codebook_format>")
@may("see themes")
def codebook_file(slug: str, codebook_format: str) -> Response:
    """The codebook as a file."""
    if codebook_format not in ("csv", "qdc"):
        raise NotFound
    return _file(slug, codebook_format, "codebook")


@bp.get("/studies/<slug>/codebook/project")
@may("export summaries")
def coded_project(slug: str) -> Response:
    """All comments with their themes, for programs of qualitative analysis."""
    return _file(slug, "qdpx", "coded")


def _file(slug: str, format: str, what: str) -> Response:
    study = studies.for_person(db(), current_person(), slug)
    stream = io.BytesIO()
    service.write(db(), study, format, stream)
    stream.seek(0)
    name = f"{study.slug}-{what}.{format}"
    reply = send_file(stream, service.MEDIA_TYPES[format], as_attachment=True, download_name=name)
    reply.headers["Cache-Control"] = "no-store"
    return reply


@bp.route("/studies/<slug>/codebook/import", methods=["GET", "POST"])
@may("edit themes")
@takes_files
def import_codebook(slug: str) -> ResponseReturnValue:
    """Choose a file. It is read before anything is asked of the database that others wait for."""
    study = _study(slug)
    form = CodebookForm()
    if form.validate_on_submit():
        data, name = form.file.data.read(), form.file.data.filename
        try:
            service.read(data, name)
        except Refusal as refusal:
            form.file.errors = [str(refusal)]
        else:
            token = _uploads().keep(data, name, _owner(study))
            return redirect(url_for(".check_codebook", slug=slug, file=token), 303)
    return page(
        "review/codebook_import.html", 422 if form.errors else 200, study=study, tab="themes", form=form
    )


@bp.route("/studies/<slug>/codebook/import/check", methods=["GET", "POST"])
@may("edit themes")
def check_codebook(slug: str) -> ResponseReturnValue:
    """Show what the file would make and change; then do it, all or nothing."""
    study = _study(slug)
    upload = _uploads().find(request.args.get("file", ""), _owner(study))
    data = _uploads().read(upload) if upload else None
    if upload is None or data is None:
        flash(_("The file is not here any more. Choose it again."), "error")
        return redirect(url_for(".import_codebook", slug=slug), 303)
    report = service.read(data, upload.file_name)
    if request.method == "GET":
        return _check_page(slug, report, upload)
    try:
        return _take(slug, report, upload)
    except Refusal as refusal:
        db().rollback()
        return _check_page(slug, report, upload, refusal)


def _take(slug: str, report: Report, upload: Upload) -> ResponseReturnValue:
    study = studies.for_person(db(), current_person(), slug, lock=True)
    seen = request.form.get("revision", 0, type=int)
    taken = service.take(db(), study, report, seen=seen, by=current_person().email)
    _uploads().forget(upload)
    flash(
        _(
            "Made %(made)s and changed %(changed)s themes. Each can be undone in the list of decisions.",
            made=len(taken.made),
            changed=len(taken.changed),
        )
    )
    return redirect(url_for(".codebook", slug=slug), 303)


def _check_page(
    slug: str, report: Report, upload: Upload, refusal: Refusal | None = None
) -> ResponseReturnValue:
    study, found = looked_up(slug)
    status = 200 if refusal is None else 409 if isinstance(refusal, Stale) else 422
    shown = {"plan": service.plan(study, found, report), "upload": upload, "refusal": refusal}
    return page("review/codebook_check.html", status, **context(study, found), **shown)


def _study(slug: str) -> Study:
    """The study, without the write lock that `db()` takes: reading a file may be slow."""
    with app().database.reading() as session:
        study = studies.for_person(session, current_person(), slug)
        if boards.run_of_board(session, study) is None:
            raise NotFound
        return study


def _uploads() -> Uploads:
    return uploads.of(settings())


def _owner(study: Study) -> tuple[int, int]:
    return study.id, current_person().id
