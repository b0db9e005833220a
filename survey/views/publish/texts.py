"""What planners write about each theme for the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.board import Board
from survey.errors import Stale
from survey.languages import language_name
from survey.models import Study
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import studies
from survey.services import theme_texts as service
from survey.services.theme_texts import OWN, NotRight, Words
from survey.views.publish import bp
from survey.web import db

FIELDS = ("name", *service.PARTS)


@bp.get("/studies/<slug>/report-words")
@may("write reports")
def texts(slug: str) -> ResponseReturnValue:
    """The live themes of the board with what is written about them."""
    study = studies.for_person(db(), current_person(), slug)
    board = boards.load(db(), study)
    return page(
        "publish/texts.html",
        study=study,
        tab="summary",
        board=board,
        overview=service.overview(db(), study, board),
        parts=service.PARTS,
        language_name=language_name,
    )


@bp.get("/studies/<slug>/report-words/<int:theme_id>")
@may("write reports")
def text(slug: str, theme_id: int) -> ResponseReturnValue:
    """What is written about a theme, to be changed."""
    return _shown(slug, theme_id, OWN)


@bp.get("/studies/<slug>/report-words/<int:theme_id>/<tag>")
@may("write reports")
def text_in(slug: str, theme_id: int, tag: str) -> ResponseReturnValue:
    """The same in another language of the study."""
    return _shown(slug, theme_id, tag)


@bp.post("/studies/<slug>/report-words/<int:theme_id>")
@may("write reports")
def save_text(slug: str, theme_id: int) -> ResponseReturnValue:
    """Store what was written about a theme."""
    return _save(slug, theme_id, OWN)


@bp.post("/studies/<slug>/report-words/<int:theme_id>/<tag>")
@may("write reports")
def save_text_in(slug: str, theme_id: int, tag: str) -> ResponseReturnValue:
    """Store it in another language."""
    return _save(slug, theme_id, tag)


def _shown(slug: str, theme_id: int, language: str) -> ResponseReturnValue:
    study = studies.for_person(db(), current_person(), slug)
    board = boards.load(db(), study)
    return _page(study, board, theme_id, language)


def _save(slug: str, theme_id: int, language: str) -> ResponseReturnValue:
    study = studies.for_person(db(), current_person(), slug, lock=True)
    board = boards.load(db(), study)
    theme, words = service.live(board, theme_id), _typed()
    try:
        service.save(db(), study, theme, language, words, seen=_revision(), by=current_person().email)
    except Stale as stale:
        return _page(study, board, theme_id, language, words, 409, stale=str(stale))
    except NotRight as wrong:
        return _page(study, board, theme_id, language, words, 422, problems=wrong.problems)
    flash(_("The words about “%(name)s” are saved. They are in the next summary.", name=theme.name))
    return redirect(url_for(".texts", slug=slug, _anchor=f"theme-{theme.id}"), 303)


def _typed() -> Words:
    return Words(**{name: request.form.get(name, "") for name in FIELDS})


def _revision() -> int:
    """The revision that was on the page; none that there is for anything else."""
    value = request.form.get("revision", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


def _page(
    study: Study,
    board: Board | None,
    theme_id: int,
    language: str,
    typed: Words | None = None,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """The page of a theme in one language; with what was typed, and what is wrong with it."""
    theme = service.live(board, theme_id)
    row = service.get(db(), study, theme, language)
    found = service.overview(db(), study, board)
    line = next(line for line in found.lines if line.theme.id == theme.id)
    tags = service.languages(db(), study) or ("en",)
    return page(
        "publish/text.html",
        status,
        study=study,
        tab="summary",
        theme=theme,
        wanted=language,
        tag=language or tags[0],
        own_tag=tags[0],
        line=line,
        words=typed or Words.of(row),
        stored=Words.of(row),
        # Whoever was slower sees what is stored now, and may put theirs in its place.
        revision=row.revision if row else 0,
        kept=service.merged_into(found, theme),
        parts=service.PARTS,
        most={"text": service.MOST_TEXT, "name": service.MOST_NAME},
        problems=problems or {},
        language_name=language_name,
        **more,
    )
