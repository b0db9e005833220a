"""What the API tells of the board, of decisions, runs and jobs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey.board import ENTRY, Axis, Board, BoardTheme, Decision, Note
from survey.models import Job, Run
from survey.services.history import Line
from survey.services.theme_comments import CommentPage, PlacedComment
from survey.views.api.shown import Shown, comment, moment
from survey.views.review.words import told, why

PAGE_SIZE = 50


def theme(found: BoardTheme) -> Shown:
    breadth = found.breadth
    return {
        "id": found.id,
        "name": found.name,
        "state": found.state,
        "size": found.size,
        "breadth": {
            "audiences": breadth.k,
            "of": breadth.of,
            "low": breadth.low,
            "high": breadth.high,
            "common": breadth.common,
        },
        "by_audience": counts(found.by_audience),
        "keywords": list(found.keywords),
        "quotes": list(found.quotes),
        "stability": found.stability,
        "parent": found.parent,
        "children": list(found.children),
        **{part: found.entry.get(part, "") for part in ENTRY},
        "office": found.office,
        "lost": found.lost,
        "notes": notes(found.notes),
    }


def notes(found: Iterable[Note]) -> list[Shown]:
    return [{"edit": n.edit, "text": n.text, "by": n.by, "at": moment(n.at)} for n in found]


def counts(by_audience: Mapping[str, int]) -> list[Shown]:
    """Comments per audience, by the id that a key stands for."""
    return [{"audience": int(key) if key else None, "comments": n} for key, n in sorted(by_audience.items())]


def board(found: Board | None, run: Run | None, comments: int) -> Shown:
    if found is None:
        empty = {"unplaced": comments, "off_topic": 0, "late": 0, "totals": [], "themes": [], "axes": []}
        return {"revision": 0, "run": None, "comments": comments, **empty}
    return {
        "revision": found.revision,
        "run": run.number if run else None,
        "comments": comments,
        "unplaced": found.unplaced,
        "off_topic": len(found.off_topic),
        "late": found.late,
        "totals": counts(found.totals),
        "themes": [theme(one) for one in found.themes],
        "axes": [axis(one) for one in found.axes],
    }


def axis(found: Axis) -> Shown:
    codes = [{"code": code, "name": name} for code, name in found.codes.items()]
    return {"axis": found.id, "name": found.name, "codes": codes}


def placed(found: PlacedComment, board: Board) -> Shown:
    standing, id = found.standing, found.comment.id
    return {
        **comment(found.comment),
        "themes": [one.id for one in standing.themes],
        "by_person": standing.by_person,
        "weight": None if standing.by_person or not standing.themes else found.weight,
        "reason": why(standing.reason) if standing.reason else None,
        "notes": notes(board.comment_notes.get(id, ())),
        "codes": [{"axis": axis, "code": given[id]} for axis, given in board.codes.items() if id in given],
    }


def placed_comments(found: CommentPage, board: Board, asked: int) -> list[Shown]:
    return [placed(row, board) for row in found.rows] if found.number == asked else []


def decision(line: Line) -> Shown:
    made = line.decision
    return {
        "number": made.number,
        "kind": made.kind,
        "told": told(line),
        "details": dict(made.details),
        "comments": len(made.comments),
        "by": made.by,
        "at": moment(made.at),
        "run": line.run,
        "undone": line.undone,
    }


def comments_of(made: Decision) -> list[Shown]:
    return [
        {"comment": id, "themes": None if themes is None else list(themes)} for id, themes in made.comments
    ]


def decided(before: Board, after: Board) -> Shown:
    """What is not as it was."""
    made = after.revision > before.revision
    return {
        "number": after.revision if made else None,
        "revision": after.revision,
        "themes": [theme(one) for one in after.themes if before.find(one.id) != one],
        "gone": [one.id for one in before.themes if after.find(one.id) is None],
    }


def runs(found: Iterable[Run], on_board: Run | None) -> list[Shown]:
    return [
        {
            "number": run.number,
            "kind": run.kind,
            "seed": run.seed,
            "comments": run.comments,
            "unplaced": run.unplaced,
            "themes": len(run.candidates),
            "on_board": on_board is not None and run.id == on_board.id,
            "made_by": run.made_by,
            "made_at": moment(run.made_at),
        }
        for run in found
    ]


def job(found: Job) -> Shown:
    return {
        "id": found.id,
        "kind": found.kind,
        "state": found.state,
        "progress": found.progress,
        "message": found.message,
        "result": found.result,
        "made_by": found.made_by,
        "made_at": moment(found.made_at),
    }
