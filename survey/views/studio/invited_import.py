"""People from a file: choosing it, saying which column holds what, looking at what would be taken."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from survey import uploads
from survey.errors import Refusal
from survey.formats.people_in import PeopleRead, read_people
from survey.formats.tables import Limits, Table, TableError
from survey.models import Survey
from survey.permissions import may, takes_files
from survey.security import current_person
from survey.services import ballots, import_files
from survey.services import invitees as service
from survey.services import surveys as survey_service
from survey.uploads import Upload
from survey.views.studio import bp
from survey.views.studio.invitation_forms import PeopleColumnsForm, PeopleFileForm
from survey.views.studio.invited_people import PEOPLE
from survey.views.studio.shared import me, survey_of, survey_page
from survey.web import app, db, settings

SHOWN_ROWS = 5


@bp.route(PEOPLE + "/import", methods=["GET", "POST"])
@may("invite people")
@takes_files
def import_people(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Choose a file. It is read before anything is asked of the database that others wait for."""
    survey_id = _survey_id(slug, survey_slug)
    form = PeopleFileForm()
    if form.validate_on_submit():
        data, name = form.file.data.read(), form.file.data.filename
        try:
            import_files.parse_table(data, name, _limits())
        except Refusal as refusal:
            form.file.errors = [str(refusal)]
        else:
            token = uploads.of(settings()).keep(data, name, (survey_id, current_person().id))
            return redirect(
                url_for(".import_people_columns", slug=slug, survey_slug=survey_slug, file=token), 303
            )
    return survey_page(
        "studio/invitations_import.html", survey_of(slug, survey_slug), 422 if form.errors else 200, form=form
    )


def _survey_id(slug: str, survey_slug: str) -> int:
    """The survey, without the write lock that `db()` takes: what follows may be slow."""
    with app().database.reading() as session:
        return survey_service.for_person(session, current_person(), slug, survey_slug).id


def _limits() -> Limits:
    limits = import_files.limits(settings())
    return replace(limits, rows=min(limits.rows, service.MOST_PEOPLE))


@bp.route(PEOPLE + "/import/columns", methods=["GET", "POST"])
@may("invite people")
def import_people_columns(slug: str, survey_slug: str) -> ResponseReturnValue:
    """Say which column holds what, see who would be taken and who not, then take them."""
    owner = _survey_id(slug, survey_slug), current_person().id
    upload = uploads.of(settings()).find(request.args.get("file", ""), owner)
    data = uploads.of(settings()).read(upload) if upload else None
    if upload is None or data is None:
        flash(
            _("The file is not here any more. If its people are not on the list, choose it again."), "error"
        )
        return redirect(url_for(".invited", slug=slug, survey_slug=survey_slug), 303)
    table = import_files.parse_table(data, upload.file_name, _limits())
    form = PeopleColumnsForm()
    form.offer(table.columns)
    form.validate_on_submit()
    survey = survey_of(slug, survey_slug)
    read = _read(survey, table, form)
    if read and not form.errors and request.form.get("go") == "take":
        return _take(survey, upload, table, form, read)
    return _columns_page(survey, table, form, upload, read)


def _read(survey: Survey, table: Table, form: PeopleColumnsForm) -> PeopleRead | None:
    try:
        return read_people(table, form.choice(), service.marks(db(), survey))
    except TableError as error:
        form.name.errors = [str(error)]
        return None


def _take(
    survey: Survey, upload: Upload, table: Table, form: PeopleColumnsForm, read: PeopleRead
) -> ResponseReturnValue:
    slug, survey_slug = survey.study.slug, survey.slug
    left = len(read.refused)
    try:
        service.take(db(), settings().secret_key, survey, read.people, by=me(), left_out=left)
    except Refusal as refusal:
        db().rollback()
        form.name.errors = [str(refusal)]
        return _columns_page(survey_of(slug, survey_slug), table, form, upload, read)
    uploads.of(settings()).forget(upload)
    taken = len(read.people)
    flash(ngettext("%(num)s person is on the list now.", "%(num)s people are on the list now.", taken))
    return redirect(url_for(".invited", slug=slug, survey_slug=survey_slug), 303)


def _columns_page(
    survey: Survey, table: Table, form: PeopleColumnsForm, upload: Upload, read: PeopleRead | None
) -> ResponseReturnValue:
    context: dict[str, Any] = {"table": table, "upload": upload, "read": read, "rows": SHOWN_ROWS}
    context["report"] = _report(table, read) if read else None
    context["by_ballot"] = ballots.are_used_by(survey)
    status = 422 if form.errors else 200
    return survey_page("studio/invitations_columns.html", survey, status, form=form, **context)


def _report(table: Table, read: PeopleRead) -> dict[str, Any]:
    """What became of the rows, as `components/import_report.html` shows it."""
    most = 500
    places = [_place(one) for one in table.replaced[:most]]
    return {
        "notes": table.notes,
        "refused": len(read.refused),
        "refused_rows": read.refused[:most],
        "replaced": len(table.replaced),
        "replaced_places": places,
        "row_notes": read.notes[:most],
    }


def _place(one: Any) -> dict[str, Any]:
    where = f" in the column “{one.column}”" if one.column else ""
    return {"line": one.line, "reason": f"has {one.found}{where}"}
