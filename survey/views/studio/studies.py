"""Studies: the list, a new one, the road of one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.errors import Refusal, Stale
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import overviews
from survey.services import studies as service
from survey.services.audiences import read_groups
from survey.views.studio import bp
from survey.views.studio.forms import NewStudyForm, StudyForm
from survey.views.studio.shared import me, study_of, this_day
from survey.web import db


@bp.get("/studies")
@may("see studies")
def studies() -> ResponseReturnValue:
    """The studies one works on."""
    return page("studio/studies.html", cards=overviews.cards(db(), current_person(), this_day()))


@bp.route("/studies/new", methods=["GET", "POST"])
@may("edit studies")
def new_study() -> ResponseReturnValue:
    """Make a study, with audiences and prompts to begin with."""
    form = NewStudyForm()
    if not form.validate_on_submit():
        return page("studio/new_study.html", 422 if form.errors else 200, form=form)
    try:
        study = _add(form)
    except Refusal as refusal:
        db().rollback()
        form.title.errors = [str(refusal)]
        return page("studio/new_study.html", 422, form=form)
    flash(_("“%(title)s” is made.", title=study.title))
    return redirect(url_for(".study", slug=study.slug), 303)


def _add(form: NewStudyForm) -> Study:
    title, groups = form.title.data, read_groups(form.audiences.data or "")
    setup = service.Setup(groups, form.asked(), current_person(), form.limits(service.Limits()))
    slug = (form.slug.data or "").strip() or service.free_slug(db(), title)
    return service.add(db(), slug, title, by=me(), description=form.description.data or "", setup=setup)


@bp.get("/studies/<slug>")
@may("see studies")
def study(slug: str) -> ResponseReturnValue:
    """The road of a study: what is done and what comes next."""
    found = study_of(slug)
    return page("studio/study.html", study=found, road=overviews.road(db(), found, this_day()))


@bp.route("/studies/<slug>/edit", methods=["GET", "POST"])
@may("edit studies")
def edit_study(slug: str) -> ResponseReturnValue:
    """Change title and description, and before people are asked, how small a group may be shown."""
    found = study_of(slug)
    form = StudyForm(obj=found)
    if not form.validate_on_submit():
        return _edit_page(found, form, 422 if form.errors else 200)
    seen = int(form.revision.data) if (form.revision.data or "").isdecimal() else -1
    limits = form.limits(service.Limits.of(found))
    wanted = service.Change(form.title.data, form.description.data or "", limits)
    try:
        service.change(db(), found, wanted, seen=seen, by=me())
    except Stale as stale:
        form.revision.data = found.revision
        return _edit_page(found, form, 409, str(stale))
    except Refusal as refusal:
        form.title.errors = [str(refusal)]
        return _edit_page(found, form, 422)
    flash(_("Saved."))
    return redirect(url_for(".study", slug=slug), 303)


def _edit_page(study: Study, form: StudyForm, status: int, stale: str = "") -> ResponseReturnValue:
    fixed = service.has_asked(db(), study)
    return page("studio/edit_study.html", status, study=study, form=form, stale=stale, fixed=fixed)
