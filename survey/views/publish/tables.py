"""Cross tables: which ones the next summary holds."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.errors import Refusal
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import cross_tables as service
from survey.services import studies
from survey.views.publish import bp
from survey.web import db

GROUP_WORDS = {
    "@unit": _l("Unit of the organization"),
    "@language": _l("Language of the answer"),
    "@source": _l("How the answer came"),
}
STEPS = {"up": -1, "down": 1}


@bp.get("/studies/<slug>/tables")
@may("write reports")
def tables(slug: str) -> ResponseReturnValue:
    """The cross tables of a study, survey by survey."""
    return _page(studies.for_person(db(), current_person(), slug))


def _page(study: Study, problem: str = "", survey_id: int | None = None) -> ResponseReturnValue:
    """The page; `problem` with what was chosen for one survey."""
    return page(
        "publish/tables.html",
        422 if problem else 200,
        study=study,
        tab="summary",
        plans=service.plans(db(), study),
        groups=GROUP_WORDS,
        most=service.MOST_TABLES,
        problem=problem,
        wrong=survey_id,
        typed=request.form if problem else {},
    )


def _change(slug: str, act: Callable[[Study], str], anchor: str | None = None) -> ResponseReturnValue:
    """Do something and say so, or show the page again with what was chosen and what is wrong with it."""
    study = studies.for_person(db(), current_person(), slug, lock=True)
    try:
        said = act(study)
    except Refusal as refusal:
        db().rollback()
        study = studies.for_person(db(), current_person(), slug)
        return _page(study, str(refusal), request.form.get("survey", type=int))
    flash(said)
    return redirect(url_for(".tables", slug=slug, _anchor=anchor), 303)


@bp.post("/studies/<slug>/tables")
@may("write reports")
def add_table(slug: str) -> ResponseReturnValue:
    """Ask for a cross table."""

    def act(study: Study) -> str:
        survey_id, down, across = (request.form.get(name, "") for name in ("survey", "down", "across"))
        number = (
            int(survey_id) if survey_id.isascii() and survey_id.isdigit() and len(survey_id) < 10 else None
        )
        service.add(db(), study, number, down, across, by=current_person().email)
        return str(_("The table is on the list. Its numbers are in the next summary."))

    return _change(slug, act)


@bp.post("/studies/<slug>/tables/<int:table_id>/move")
@may("write reports")
def move_table(slug: str, table_id: int) -> ResponseReturnValue:
    """Move a table up or down in its survey."""

    def act(study: Study) -> str:
        step = STEPS.get(request.form.get("to", "")) or abort(400)
        service.move(db(), study, service.get(db(), study, table_id), step, by=current_person().email)
        return str(_("The table was moved."))

    return _change(slug, act, f"table-{table_id}")


@bp.post("/studies/<slug>/tables/<int:table_id>/remove")
@may("write reports")
def remove_table(slug: str, table_id: int) -> ResponseReturnValue:
    """Take a table off the list."""

    def act(study: Study) -> str:
        service.remove(db(), study, service.get(db(), study, table_id), by=current_person().email)
        return str(_("The table is off the list. Summaries that were frozen keep it."))

    return _change(slug, act)
