"""The offices one belongs to, and the page of each."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import offices as service
from survey.services import quotes
from survey.views import pictures
from survey.views.office import bp
from survey.web import db


@bp.get("/offices")
@may("see own office")
def offices() -> ResponseReturnValue:
    """The offices that one belongs to."""
    found = service.mine(db(), current_person())
    return page("office/offices.html", tab="offices", found=found)


@bp.get("/studies/<slug>/offices/<office_slug>")
@may("see own office")
def office(slug: str, office_slug: str) -> ResponseReturnValue:
    """The themes that an office answers for; nothing of others, and no comment but cleared quotes."""
    study, shown = service.for_person(db(), current_person(), slug, office_slug)
    found = boards.load(db(), study)
    themes = service.shown_to(shown, found)
    return page(
        "office/office.html",
        tab="offices",
        of=study,
        office=shown,
        themes=themes,
        below={theme.id: [one for one in found.open if one.parent == theme.id] for theme in themes}
        if found
        else {},
        quotes=quotes.cleared(db(), found) if found and themes else {},
        pictures=pictures.of_board(study, found) if found else None,
    )
