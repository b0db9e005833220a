"""Decisions and reasons in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.board import kinds
from survey.services import theme_comments
from survey.services.history import Line

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
