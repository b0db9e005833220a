"""The codebook: read as JSON or as a file, and brought in from a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _

from survey.board import ENTRY, Board
from survey.errors import Stale
from survey.formats.codebook import Report
from survey.models import Study
from survey.problems import Problem
from survey.security import current_person, may
from survey.services import board as boards
from survey.services import codebooks, history
from survey.services.codebooks import Plan, Planned
from survey.views.api import board_shown
from survey.views.api.contract import Operation
from survey.views.api.schemas import (
    COMPONENTS,
    THEME_ID,
    members,
    of,
    or_null,
    some,
    text,
    whole,
    yes_or_no,
)
from survey.views.api.shared import Query, board_of, locked, read_only
from survey.views.api.shown import Shown
from survey.web import db

REVISION = whole("The revision of the board.")
TEXTS = {part: text() for part in ENTRY}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a file of each type is called where its name would tell what is in it.
NAMES = {
    "text/csv": "codebook.csv",
    "application/xml": "codebook.qdc",
    "application/zip": "codebook.qdpx",
    XLSX: "codebook.xlsx",
}
COMPONENTS |= {
    "CodebookEntry": members(
        "What a theme means.",
        theme=THEME_ID,
        name=text(),
        parent=or_null(whole("The theme that it stands under.", least=1)),
        guid=text("What names it in files, the same each time."),
        **TEXTS,
    ),
    "Codebook": members(
        "The live themes with their meaning, each followed by its sub-themes.",
        revision=REVISION,
        title=text(),
        entries=some(of("CodebookEntry")),
    ),
    "CodebookMade": members("A theme that is not there yet.", name=text(), under=or_null(text()), **TEXTS),
    "CodebookChanged": members(
        "A theme that is changed; texts that stay are empty.",
        theme=THEME_ID,
        name=text(),
        was=text(),
        **TEXTS,
    ),
    "CodebookTaken": members(
        "What a file made and changed, or would.",
        dry_run=yes_or_no("Whether nothing was stored."),
        revision=whole("The revision of the board now."),
        made=some(of("CodebookMade")),
        changed=some(of("CodebookChanged")),
        same=some(text("The name of a theme."), "Themes that are so already."),
        remarks=some(text(), "What of the file was changed or left out."),
    ),
}


@Operation(
    method="GET",
    path="/studies/{slug}/codebook",
    summary="The codebook; as qdpx all comments with their themes",
    permission="see themes",
    query={"format": text("As what.", enum=["json", "csv", "qdc", "qdpx"], default="json")},
    answer="Codebook",
    files=tuple(codebooks.MEDIA_TYPES.values()),
)
def show_codebook(slug: str, query: Query) -> Any:
    study, board = board_of(slug)
    if query["format"] != "json":
        return _file(study, query["format"])
    book = codebooks.of_board(study, board)
    there = {entry.number for entry in book.entries}
    entries = [
        _entry(board, number, there) | {"guid": entry.guid}
        for entry in book.entries
        if (number := entry.number) is not None
    ]
    return {"revision": board.revision, "title": book.title, "entries": entries}


def _entry(board: Board, number: int, there: set[int | None]) -> Shown:
    theme = board.find(number)
    assert theme is not None
    texts = {part: theme.entry.get(part, "") for part in ENTRY}
    parent = theme.parent if theme.parent in there else None
    return {"theme": theme.id, "name": theme.name, "parent": parent, **texts}


def _file(study: Study, format: str) -> Response:
    if format == "qdpx" and not may("export summaries"):
        abort(403)
    stream = io.BytesIO()
    codebooks.write(db(), study, format, stream)
    reply = Response(stream.getvalue(), mimetype=codebooks.MEDIA_TYPES[format])
    reply.headers["Content-Disposition"] = f"attachment; filename={study.slug}.{format}"
    return reply


@Operation(
    method="POST",
    path="/studies/{slug}/codebook",
    summary="Make and change themes as a file says, all or nothing; no theme goes",
    permission="edit themes",
    scopes=("decide",),
    query={
        "dry_run": {**yes_or_no("Whether to say only what would be done."), "default": False},
        "seen_revision": whole("The revision of the board that this was decided on; not for a dry run."),
    },
    takes=tuple(NAMES),
    answer="CodebookTaken",
    statuses=(201, 200),
    refused=(409,),
    stale="BoardChanged",
)
def take_codebook(slug: str, query: Query, data: bytes) -> Any:
    """Reading a file may be slow: nobody waits for it at the database."""
    with read_only(slug):
        pass  # only for those who find it
    if not query["dry_run"] and "seen_revision" not in query:
        raise Problem(422, _("Say with “seen_revision” on which revision of the board this was decided."))
    report = codebooks.read(data, NAMES[request.mimetype])
    return _planned(slug, report) if query["dry_run"] else _taken(slug, report, query["seen_revision"])


def _planned(slug: str, report: Report) -> Any:
    with read_only(slug) as (study, board):
        wanted = codebooks.plan(study, board, report)
    return {"dry_run": True, "revision": board.revision, **_plan(wanted)}, 200


def _taken(slug: str, report: Report, seen: int) -> Any:
    study, before = locked(slug)
    try:
        taken = codebooks.take(db(), study, report, seen=seen, by=current_person().email)
    except Stale as stale:
        raise board_changed(study, before, str(stale), seen) from stale
    return {"dry_run": False, "revision": boards.newest_revision(db(), study), **_plan(taken)}


def board_changed(study: Study, board: Board, sentence: str, seen: int) -> Problem:
    """What others decided since the revision that somebody saw."""
    lines = history.lines(db(), study, board)
    since = [board_shown.decision(line) for line in lines if line.decision.number > seen]
    return Problem(409, sentence, since=since, revision=board.revision)


def _plan(found: Plan) -> Shown:
    return {
        "made": [{"name": one.name, "under": one.under, **_texts(one)} for one in found.made],
        "changed": list(_changed(found.changed)),
        "same": found.same,
        "remarks": [str(remark) for remark in found.remarks],
    }


def _changed(found: Iterable[Planned]) -> Iterator[Shown]:
    for one in found:
        assert one.theme is not None
        yield {"theme": one.theme.id, "name": one.name, "was": one.theme.name, **_texts(one)}


def _texts(found: Planned) -> Shown:
    return {part: found.texts.get(part, "") for part in ENTRY}
