"""Decisions, reasons and people in words."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.board import ENTRY, Board, Change, in_force, kinds
from survey.services import authors, theme_comments
from survey.services.history import Line
from survey.web import db

REASONS = {
    theme_comments.REJECTED_ONLY: _l("only in rejected themes"),
    theme_comments.PARKED_ONLY: _l("only in parked themes"),
    theme_comments.OFF_TOPIC: _l("off the topic"),
    theme_comments.TAKEN_OUT: _l("taken out by a person"),
    theme_comments.LATE: _l("came after the themes were found"),
    theme_comments.FITS_NOWHERE: _l("fits nowhere"),
    "set apart by people": _l("taken out by a person"),
    "too short": _l("too short"),
    "no content words": _l("has no words that say what it is about"),
    "equally far from all": _l("no theme is nearer than the others"),
}
TYPED = {
    "name": _l("Name"),
    "definition": _l("What it means"),
    "include": _l("Include"),
    "exclude": _l("Exclude"),
    "example": _l("Example"),
    "text": _l("Note"),
}


def why(reason: str) -> str:
    """Why a comment is in no theme, in the page's language."""
    return str(REASONS.get(reason, reason))


def told(line: Line) -> str:
    """One decision as a sentence without its full stop."""
    if line.turns is None:
        return kinds.of(line.decision).told(line.decision, line.names)
    if line.decision.kind == "undo":
        return str(_("Undid: %(what)s", what=told(line.turns)))
    return str(_("Did again: %(what)s", what=told(line.turns)))


def typed(change: Change) -> list[tuple[str, str]]:
    """The texts that a decision holds in full, each with its label: they must not be lost."""
    parts = ("name", *ENTRY, "text")
    found = [(str(TYPED[part]), change.details[part]) for part in parts if change.details.get(part)]
    named = [(str(TYPED["name"]), part["name"]) for part in change.details.get("parts", ())]
    return found + named


def who(email: str) -> str:
    """The name of somebody who decided; the address where there is no account of that name."""
    if "author_names" not in g:
        g.author_names = authors.names(db())
    names: dict[str, str] = g.author_names
    return names.get(email, email)


def offices(board: Board) -> dict[int, str]:
    """The names of offices that answer for themes, as they were called when that was decided."""
    said = (decision.details for decision in in_force(board.log) if decision.kind == "office")
    return {details["office"]: details["called"] for details in said if details["office"] is not None}
