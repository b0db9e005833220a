"""A list of comments with what can be done with those that are ticked: of a theme, of none, or of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from survey.board import Board, BoardTheme
from survey.models import Study
from survey.services.comments import Filter
from survey.services.theme_comments import CommentQuery, theme_comments
from survey.views.review import filters
from survey.web import db


@dataclass(frozen=True, slots=True)
class Place:
    """Which list: of a "theme", of "none", or of "all" comments."""

    kind: str
    theme: BoardTheme | None = None

    @property
    def address(self) -> str:
        """How forms name it."""
        return str(self.theme.id) if self.theme else self.kind

    @property
    def endpoint(self) -> str:
        """The page that shows it."""
        return {"theme": "review.theme", "none": "review.unplaced"}.get(self.kind, "review.all_comments")


def of(study: Study, found: Board, place: Place) -> dict[str, Any]:
    """What a page with a list shows."""
    shown = filters.shown(study, found)
    number = request.args.get("page", 1, type=int)
    query = CommentQuery(place.theme, filters.asked(), number, all=place.kind == "all")
    listed = theme_comments(db(), study, found, query)
    return {
        **shown,
        "theme": place.theme,
        "place": place,
        "listed": listed,
        "actions": actions(place),
        "list_values": _values(study, place, filters.asked()),
        "ticked": frozenset(request.form.getlist("comment")),
    }


def _values(study: Study, place: Place, filter: Filter) -> dict[str, Any]:
    """What the address of the list needs, but for the number of the page."""
    values: dict[str, Any] = {"slug": study.slug, **filters.as_arguments(filter)}
    return values | ({"theme_id": place.theme.id} if place.theme else {})


def actions(place: Place) -> list[tuple[str, str]]:
    """What can be done with ticked comments, each with its words."""
    if place.theme:
        return [
            ("move", _("Move to the theme …")),
            ("add", _("Put into another theme as well …")),
            ("out", _("Take out of this theme")),
            ("split", _("Split off as a new theme called …")),
            ("new", _("Make a new theme, and keep them here, too …")),
            *_of_single_comments(),
        ]
    return [
        ("add", _("Put into the theme …")),
        ("only", _("Put into this theme and no other …")),
        ("new", _("Make a new theme called …")),
        *_of_single_comments(),
    ]


def _of_single_comments() -> list[tuple[str, str]]:
    return [
        ("pin", _("Keep where they are, whatever a later run finds")),
        ("release", _("Give back to the program")),
        ("off", _("Mark as off the topic")),
        ("on", _("Put back on the topic")),
    ]
