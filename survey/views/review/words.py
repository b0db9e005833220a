"""Decisions and reasons in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey.services import theme_comments
from survey.services.history import Line

REASONS = {
    theme_comments.REJECTED_ONLY: _l("only in rejected themes"),
    theme_comments.TAKEN_OUT: _l("taken out by a person"),
    theme_comments.LATE: _l("came after the themes were found"),
    theme_comments.FITS_NOWHERE: _l("fits nowhere"),
    "too short": _l("too short"),
    "no content words": _l("has no words that say what it is about"),
    "equally far from all": _l("no theme is nearer than the others"),
}


def why(reason: str) -> str:
    """Why a comment is in no theme, in the page's language."""
    return str(REASONS.get(reason, reason))


def told(line: Line) -> str:
    """One decision as a sentence without its full stop."""
    return str(_told(line))


def _told(line: Line) -> Any:
    details, names = line.decision.details, line.names
    if line.undoes is not None:
        return _("Undid: %(what)s", what=told(line.undoes))
    if line.decision.kind == "merge":
        others = ", ".join(f"“{names[theme]}”" for theme in details["from"])
        return _("Merged %(others)s into “%(name)s”", others=others, name=names[details["into"]])
    if line.decision.kind == "move":
        return _told_move(names.get(details["from"]), names.get(details["to"]))
    name = names[details["theme"]]
    if line.decision.kind == "rename":
        return _("Renamed “%(name)s” to “%(new)s”", name=name, new=details["name"])
    return _told_state(line.decision.kind, name)


def _told_state(kind: str, name: str) -> Any:
    if kind == "accept":
        return _("Accepted “%(name)s”", name=name)
    if kind == "reject":
        return _("Rejected “%(name)s”", name=name)
    return _("Opened “%(name)s” again", name=name)


def _told_move(source: str | None, target: str | None) -> Any:
    if target is None:
        return _("Took a comment out of “%(name)s”", name=source)
    if source is None:
        return _("Put a comment into “%(name)s”", name=target)
    return _("Moved a comment from “%(source)s” to “%(target)s”", source=source, target=target)
