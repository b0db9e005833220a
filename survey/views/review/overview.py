"""The board at a glance: the map of the comments, and which groups raise what more than others."""

from __future__ import annotations

from collections import Counter

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.map_picture import key_mark, map_picture
from survey.pages import page
from survey.permissions import may
from survey.services import groups as service
from survey.services import maps
from survey.views.review import bp
from survey.views.review.themes import looked_up
from survey.web import db


@bp.get("/studies/<slug>/themes/map")
@may("see themes")
def map(slug: str) -> ResponseReturnValue:
    """The comments on a plane, those of one theme together, and the same as a table."""
    study, board = looked_up(slug)
    found = maps.dots(db(), board)
    islands = maps.islands(board)
    shown = Counter(dot.theme for dot in found)
    names = ", ".join(f"{island.name}: {shown[island.theme]}" for island in islands if shown[island.theme])
    picture = map_picture(found, islands, _("Map of the comments"), names, _("In no theme"))
    marks = {island.theme: key_mark(number) for number, island in enumerate(islands)}
    context = {"study": study, "tab": "themes", "board": board, "shown": shown, "marks": marks}
    return page("review/map.html", **context, picture=picture if found else None, nowhere=key_mark(None))


@bp.get("/studies/<slug>/themes/groups")
@may("see themes")
def groups(slug: str) -> ResponseReturnValue:
    """Each theme in each group, against the other groups, and what can be said of the difference."""
    study, board = looked_up(slug)
    found = service.compare(study, board)
    names = [audience.name for audience in found.audiences]
    context = {"study": study, "tab": "themes", "board": board}
    return page("review/groups.html", **context, names=names, table=found.table, themes=board.top)
