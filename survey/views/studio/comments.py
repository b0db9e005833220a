"""Comments of a study: reading them, bringing them in from a file, taking an import back."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.errors import Refusal
from survey.formats.tables import Table
from survey.models import Study
from survey.pages import page
from survey.permissions import may, takes_files
from survey.security import current_person
from survey.services import comments as service
from survey.services import import_files, imports, studies
from survey.uploads import Upload
from survey.views.studio import bp
from survey.views.studio.comment_forms import ColumnsForm, FileForm
from survey.views.uploading import kept_files, owner, study_of
from survey.views.working import wake_after_commit, wake_now
from survey.web import app, db, settings

MOST_ID = 2**31 - 1  # what a column of ids can hold


@bp.get("/studies/<slug>/comments")
@may("see comments")
def comments(slug: str) -> ResponseReturnValue:
    """The comments of a study, searched and filtered."""
    study = studies.for_person(db(), current_person(), slug)
    wanted = service.Filter(
        text=_text_argument("text"),
        audience=_id_argument("audience"),
        prompt=_id_argument("prompt"),
        channel=_text_argument("channel"),
        import_id=_id_argument("import_id"),
    )
    found = service.page(db(), study.id, wanted, request.args.get("page", 1, type=int))
    counts = service.counts(db(), study.id)
    args = {name: value for name, value in asdict(wanted).items() if value not in ("", None)}
    return page("studio/comments.html", study=study, wanted=wanted, found=found, counts=counts, args=args)


def _text_argument(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:200]


def _id_argument(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= MOST_ID else None


@bp.route("/studies/<slug>/comments/import", methods=["GET", "POST"])
@may("import comments")
@takes_files
def import_comments(slug: str) -> ResponseReturnValue:
    """Choose a file. It is read before anything is asked of the database that others wait for."""
    study = study_of(slug)
    form = FileForm()
    if form.validate_on_submit():
        data, name = form.file.data.read(), form.file.data.filename
        try:
            import_files.parse_table(data, name, import_files.limits(settings()))
        except Refusal as refusal:
            form.file.errors = [str(refusal)]
        else:
            token = kept_files().keep(data, name, owner(study))
            return redirect(url_for(".import_columns", slug=slug, file=token), 303)
    with app().database.reading() as session:
        earlier = imports.of_study(session, study.id)
    return page("studio/import.html", 422 if form.errors else 200, study=study, form=form, earlier=earlier)


@bp.route("/studies/<slug>/comments/import/columns", methods=["GET", "POST"])
@may("import comments")
def import_columns(slug: str) -> ResponseReturnValue:
    """Say which column holds what; then the file is stored, or the page says why not."""
    study = study_of(slug)
    upload = kept_files().find(request.args.get("file", ""), owner(study))
    data = kept_files().read(upload) if upload else None
    if upload is None or data is None:
        return _file_is_gone(study, upload)
    table = import_files.parse_table(data, upload.file_name, import_files.limits(settings()))
    form = ColumnsForm()
    form.offer(table.columns)
    if not form.validate_on_submit():
        return _columns_page(study, table, form, upload, 422 if form.errors else 200)
    try:
        return _store(slug, data, upload, form, table)
    except imports.ImportedAlready as already:
        flash(str(already), "error")
        return redirect(url_for(".import_report", slug=slug, import_id=already.import_id), 303)
    except Refusal as refusal:
        db().rollback()
        form.text.errors = [str(refusal)]
        return _columns_page(study, table, form, upload, 422)


def _store(slug: str, data: bytes, upload: Upload, form: ColumnsForm, table: Table) -> ResponseReturnValue:
    incoming = import_files.parse(data, upload.file_name, form.choice(), import_files.limits(settings()))
    study = studies.for_person(db(), current_person(), slug, lock=True)
    report = imports.store(db(), study, incoming, by=current_person().email, partial=form.partial.data)
    if report.import_id is None:
        return _columns_page(study, table, form, upload, 422, report=report.as_dict())
    kept_files().forget(upload)
    wake_after_commit()
    flash(ngettext("%(num)s comment is stored.", "%(num)s comments are stored.", report.stored))
    return redirect(url_for(".import_report", slug=slug, import_id=report.import_id), 303)


@bp.get("/studies/<slug>/imports/<int:import_id>")
@may("import comments")
def import_report(slug: str, import_id: int) -> ResponseReturnValue:
    """What became of a file."""
    study = studies.for_person(db(), current_person(), slug)
    made = imports.get(db(), study, import_id)
    counting = imports.duplicates_job(db(), made.id).state in ("waiting", "running")
    if counting:
        wake_now()
    used_by = imports.run_that_used(db(), made)
    return page("studio/import_report.html", study=study, made=made, counting=counting, used_by=used_by)


@bp.post("/studies/<slug>/imports/<int:import_id>/take-back")
@may("import comments")
def take_back(slug: str, import_id: int) -> ResponseReturnValue:
    """Undo an import."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    try:
        imports.take_back(db(), study, import_id, by=current_person().email)
    except Refusal as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".import_report", slug=slug, import_id=import_id), 303)
    flash(_("The import is taken back. Its comments are gone."))
    return redirect(url_for(".comments", slug=slug), 303)


def _file_is_gone(study: Study, upload: Upload | None) -> ResponseReturnValue:
    """After a second click, show what the first one stored; else ask for the file again."""
    with app().database.reading() as session:
        stored = imports.with_content(session, study.id, upload.sha256) if upload else None
    if stored is not None:
        return redirect(url_for(".import_report", slug=study.slug, import_id=stored.id), 303)
    flash(_("The file is not here any more. Choose it again."), "error")
    return redirect(url_for(".import_comments", slug=study.slug), 303)


def _columns_page(
    study: Study, table: Table, form: ColumnsForm, upload: Upload, status: int, **more: object
) -> ResponseReturnValue:
    return page(
        "studio/import_columns.html", status, study=study, table=table, form=form, upload=upload, **more
    )
