"""The board from other sides: its codes across the themes, its map, its groups compared."""

from __future__ import annotations

import math
from typing import Any, get_args

from survey.board import Board
from survey.lift import LiftCell, Verdict
from survey.services import codes as coding
from survey.services import groups, maps
from survey.services.codes import CrossRow, CrossTable
from survey.services.groups import Compared
from survey.views.api import board_shown
from survey.views.api.contract import Operation
from survey.views.api.schemas import (
    COMPONENTS,
    THEME_ID,
    members,
    number,
    of,
    or_null,
    some,
    text,
    whole,
)
from survey.views.api.shared import board_of
from survey.views.api.shown import Shown
from survey.web import db

REVISION = whole("The revision of the board.")
CODE_COUNT = members("Comments with a code.", code=whole(least=1), comments=whole())
COMPONENTS |= {
    "CrossRow": members(
        "A theme against the codes of an axis; a comment in several themes counts in each.",
        theme=or_null(whole("Sub-themes count with it; null for the comments in no live theme.", least=1)),
        comments=whole("All comments of it."),
        coded=whole("Those with any code."),
        counts=some(CODE_COUNT, "In the order of the codes."),
    ),
    "CodedAxis": members(
        "An axis with its codes across the themes.",
        axis=of("Axis"),
        rows=some(of("CrossRow"), "In the order of the board."),
        totals=some(CODE_COUNT, "Each comment once."),
        coded=whole("Comments with a code of it."),
    ),
    "Codes": members("The second ways of coding.", revision=REVISION, items=some(of("CodedAxis"))),
    "MapPoint": members(
        "A comment on the map.",
        x=number("From the left, 0 to 1."),
        y=number("From the top, 0 to 1."),
        theme=or_null(whole("Its theme, or the one above that; null for no live theme.", least=1)),
    ),
    "Map": members(
        "Where the comments lie: those that say alike lie near. Empty for runs without a map.",
        revision=REVISION,
        points=some(of("MapPoint")),
    ),
    "GroupCell": members(
        "A theme in an audience.",
        audience=whole("The id of the audience."),
        comments=whole("Its comments in the theme."),
        share=number("Of all its comments, 0 to 1.", most=1),
        lift=or_null(number("How many times as often as in the others; null where that has no number.")),
        low=number("Lower end of the 90 % interval of the lift."),
        high=or_null(number("Upper end; null for none.")),
        verdict=text("What can be said.", enum=list(get_args(Verdict))),
    ),
    "Groups": members(
        "Which audience raises what more than the others.",
        revision=REVISION,
        audiences=some(
            members("An audience that was heard.", id=whole(), name=text(), comments=whole("On the topic."))
        ),
        rows=some(
            members("A theme.", theme=THEME_ID, comments=whole(), cells=some(of("GroupCell"))),
            "In the order of the board.",
        ),
    ),
}


@Operation(
    method="GET",
    path="/studies/{slug}/codes",
    summary="The second ways of coding, across the themes",
    permission="see themes",
    answer="Codes",
)
def list_codes(slug: str) -> Any:
    _study, board = board_of(slug)
    tables = (coding.cross_table(db(), board, axis) for axis in board.axes)
    return {"revision": board.revision, "items": [_table(table) for table in tables]}


def _table(table: CrossTable) -> Shown:
    return {
        "axis": board_shown.axis(table.axis),
        "rows": [_row(table, row) for row in table.rows],
        "totals": _counts(table, table.totals),
        "coded": table.coded,
    }


def _row(table: CrossTable, row: CrossRow) -> Shown:
    return {
        "theme": row.theme.id if row.theme else None,
        "comments": row.size,
        "coded": row.coded,
        "counts": _counts(table, row.counts),
    }


def _counts(table: CrossTable, counts: tuple[int, ...]) -> list[Shown]:
    return [{"code": code, "comments": n} for code, n in zip(table.axis.codes, counts, strict=True)]


@Operation(
    method="GET",
    path="/studies/{slug}/map",
    summary="Where the comments lie, with their themes",
    permission="see themes",
    answer="Map",
)
def show_map(slug: str) -> Any:
    _study, board = board_of(slug)
    points = [{"x": dot.x, "y": dot.y, "theme": dot.theme} for dot in maps.dots(db(), board)]
    return {"revision": board.revision, "points": points}


@Operation(
    method="GET",
    path="/studies/{slug}/groups",
    summary="Which audience raises what more than the others",
    permission="see themes",
    answer="Groups",
)
def compare_groups(slug: str) -> Any:
    study, board = board_of(slug)
    return _groups(board, groups.compare(study, board))


def _groups(board: Board, found: Compared) -> Shown:
    ids, totals = [audience.id for audience in found.audiences], board.totals
    heard = zip(found.audiences, found.table.audiences, strict=True)
    return {
        "revision": board.revision,
        "audiences": [{"id": a.id, "name": a.name, "comments": totals[key]} for a, key in heard],
        "rows": [
            {
                "theme": row.theme,
                "comments": row.count,
                "cells": [_cell(id, cell) for id, cell in zip(ids, row.cells, strict=True)],
            }
            for row in found.table.rows
        ],
    }


def _cell(audience: int, cell: LiftCell) -> Shown:
    return {
        "audience": audience,
        "comments": cell.count,
        "share": cell.share,
        "lift": cell.lift,
        "low": cell.low,
        "high": cell.high if math.isfinite(cell.high) else None,
        "verdict": cell.verdict,
    }
