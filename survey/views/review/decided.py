"""What was decided: the list of all decisions, and the question whether there is a new one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, request
from flask.typing import ResponseReturnValue

from survey.board import Board, blocking_redo
from survey.pages import page
from survey.permissions import may
from survey.security import current_person
from survey.services import board as boards
from survey.services import history, studies
from survey.services.history import Line
from survey.views.review import bp, words
from survey.views.review.themes import looked_up
from survey.web import db

PAGE_SIZE = 100


@bp.get("/studies/<slug>/themes/history")
@may("see themes")
def decisions_made(slug: str) -> ResponseReturnValue:
    """Who decided what, and when; each line can be undone or done again where nothing builds on it."""
    study, found = looked_up(slug)
    lines = history.lines(db(), study, found)
    people = sorted({line.decision.by for line in lines})
    lines = _chosen(found, lines)
    pages = max(1, -(-len(lines) // PAGE_SIZE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    again = frozenset(line.decision.number for line in shown if _can_redo(found, line))
    listed = {"lines": shown, "total": len(lines), "number": number, "of": pages, "again": again}
    return page("review/history.html", study=study, tab="themes", board=found, people=people, **listed)


def _chosen(found: Board, lines: Sequence[Line]) -> list[Line]:
    """Those about one theme, or by one person, as the address asks."""
    theme = found.find(request.args.get("theme", type=int))
    by = request.args.get("by")
    if theme:
        lines = history.of_theme(lines, theme, found)
    return [line for line in lines if not by or line.decision.by == by]


def _can_redo(found: Board, line: Line) -> bool:
    return line.undone and not any(blocking_redo(found.log, line.decision.number))


@bp.get("/studies/<slug>/themes/revision")
@may("see themes")
def revision(slug: str) -> ResponseReturnValue:
    """The number of the last decision; after another one than `seen`, also who decided what."""
    # Pages ask this by themselves: that must not keep somebody signed in who has gone away.
    g.staff_token = None
    study = studies.for_person(db(), current_person(), slug)
    newest = boards.newest_revision(db(), study)
    if newest in (0, request.args.get("seen", type=int)):
        return {"revision": newest}
    line = history.told(boards.decisions_of(db(), study))[-1]
    return {"revision": newest, "who": words.who(line.decision.by), "told": words.told(line)}
