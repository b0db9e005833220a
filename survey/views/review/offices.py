"""Who answers for a theme: the offices of a study, the people who see their pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey import changes
from survey.errors import Refusal
from survey.models import Office, Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import offices as service
from survey.services import studies
from survey.views.review import bp
from survey.views.review.decisions import decide
from survey.web import db


@bp.app_template_global("offices_of")
def offices_of(study: Study) -> list[Office]:
    """The offices of a study, for the choice on the page of a theme."""
    return service.of_study(db(), study)


@bp.get("/studies/<slug>/offices")
@may("see themes")
def offices(slug: str) -> ResponseReturnValue:
    """The offices of a study, their themes and the people who see their pages."""
    return _page(studies.for_person(db(), current_person(), slug))


def _page(study: Study, problem: str = "", field: str = "") -> ResponseReturnValue:
    """The page; `problem` with what was typed into the field of that id."""
    found = boards.load(db(), study)
    listed = [(office, service.themes_of(office, found)) for office in service.of_study(db(), study)]
    there = {office.id for office, _themes in listed}
    without = [theme for theme in found.top if theme.office not in there] if found else []
    shown = {"study": study, "tab": "themes", "board": found, "listed": listed, "without": without}
    return page(
        "review/offices.html",
        422 if problem else 200,
        **shown,
        problem=problem,
        field=field,
        typed=request.form if problem else {},
    )


def _change(
    slug: str, field: str, act: Callable[[Study], str], anchor: str | None = None
) -> ResponseReturnValue:
    """Do something and say so, or show the page again with what was typed and what is wrong with it."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    try:
        said = act(study)
    except Refusal as refusal:
        db().rollback()
        return _page(studies.for_person(db(), current_person(), slug), str(refusal), field)
    flash(said)
    return redirect(url_for(".offices", slug=slug, _anchor=anchor), 303)


@bp.post("/studies/<slug>/offices")
@may("manage offices")
def add_office(slug: str) -> ResponseReturnValue:
    """Name an office."""

    def act(study: Study) -> str:
        made = service.add(db(), study, request.form.get("name", ""), by=current_person().email)
        return str(_("“%(name)s” is on the list.", name=made.name))

    return _change(slug, "new-office", act)


@bp.post("/studies/<slug>/offices/<office_slug>/rename")
@may("manage offices")
def rename_office(slug: str, office_slug: str) -> ResponseReturnValue:
    """Give an office another name."""

    def act(study: Study) -> str:
        office, name = service.get(db(), study, office_slug), request.form.get("name", "")
        service.rename(db(), study, office, name, by=current_person().email)
        return str(_("It is called “%(name)s” now.", name=office.name))

    return _change(slug, f"name-{office_slug}", act, office_slug)


@bp.post("/studies/<slug>/offices/<office_slug>/remove")
@may("manage offices")
def remove_office(slug: str, office_slug: str) -> ResponseReturnValue:
    """Take an office off the list."""

    def act(study: Study) -> str:
        office = service.get(db(), study, office_slug)
        service.remove(db(), study, office, boards.load(db(), study), by=current_person().email)
        return str(_("“%(name)s” is off the list.", name=office.name))

    return _change(slug, f"remove-{office_slug}", act)


@bp.post("/studies/<slug>/offices/<office_slug>/people")
@may("manage offices")
def add_office_person(slug: str, office_slug: str) -> ResponseReturnValue:
    """Let a person see the page of an office."""

    def act(study: Study) -> str:
        office, email = service.get(db(), study, office_slug), request.form.get("email", "")
        person = service.add_person(db(), study, office, email, by=current_person().email)
        return str(_("%(email)s sees the page of “%(name)s” now.", email=person.email, name=office.name))

    return _change(slug, f"email-{office_slug}", act, office_slug)


@bp.post("/studies/<slug>/offices/<office_slug>/people/<int:person_id>/remove")
@may("manage offices")
def remove_office_person(slug: str, office_slug: str, person_id: int) -> ResponseReturnValue:
    """Let a person not see the page of an office any more."""

    def act(study: Study) -> str:
        office = service.get(db(), study, office_slug)
        service.remove_person(db(), study, office, person_id, by=current_person().email)
        return str(_("That person does not see the page of “%(name)s” any more.", name=office.name))

    return _change(slug, f"email-{office_slug}", act, office_slug)


@bp.post("/studies/<slug>/themes/<int:theme_id>/office")
@may("edit themes")
def answer(slug: str, theme_id: int) -> ResponseReturnValue:
    """Say which office answers for a theme; an empty field means none."""
    study = studies.for_person(db(), current_person(), slug)
    office = service.with_id(db(), study, request.form.get("office", type=int))
    called = office.name if office else ""
    return decide(slug, changes.office(theme_id, office.id if office else None, called))
