"""Codebooks: what the themes of a board mean, taken away to other programs and brought in from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import changes
from survey.board import ENTRY, Board, BoardTheme, Change, Decision, in_force, kinds
from survey.board.kinds.base import one_line, several_lines
from survey.dates import now
from survey.errors import NotFound, Refusal, Stale
from survey.formats import codebook_csv, qda_any, qdc, qdpx
from survey.formats.codebook import Codebook, CodeEntry, Report, name_key
from survey.formats.qda_guid import code_guids
from survey.formats.qdpx_project import CodedComment, CodedProject, Person, ProjectNote
from survey.formats.rows import TableError
from survey.models import Study
from survey.services import board as boards
from survey.services import comments
from survey.services.theme_comments import placements, standing

MOST_AT_ONCE = 200
MEDIA_TYPES = {"csv": "text/csv", "qdc": "application/xml", "qdpx": "application/zip"}


def of_board(study: Study, board: Board) -> Codebook:
    """The live themes of a board with their meaning, each followed by its sub-themes."""
    return _codebook(study, board, [theme for theme, _below in in_order(board)])


def in_order(board: Board) -> list[tuple[BoardTheme, bool]]:
    """The live themes, each followed by its sub-themes, which are marked."""
    there = {theme.id for theme in board.live}
    listed = []
    for theme in board.live:
        if theme.parent not in there:
            below = [child for child in board.live if child.parent == theme.id]
            listed += [(theme, False), *((child, True) for child in below)]
    return listed


def _codebook(study: Study, board: Board, themes: Sequence[BoardTheme]) -> Codebook:
    names = {theme.id: theme.name for theme in themes}
    entries = [_entry(theme, names) for theme in themes]
    # By the short name of the study, which never changes, and the number of the theme.
    guids = code_guids(Codebook(study.slug, tuple(entries)))
    known = (replace(entry, guid=guid) for entry, guid in zip(entries, guids, strict=True))
    return Codebook(study.title, tuple(known))


def _entry(theme: BoardTheme, names: Mapping[int, str]) -> CodeEntry:
    texts = {part: theme.entry.get(part, "") for part in ENTRY}
    parent = names.get(theme.parent) if theme.parent is not None else None
    return CodeEntry(theme.name, parent=parent, number=theme.id, **texts)


def write(session: Session, study: Study, format: str, stream: BinaryIO) -> None:
    """Write the codebook ("csv", "qdc") or all comments as they are coded ("qdpx").

    Raises `Refusal` when there is no theme to write down.
    """
    board = boards.load(session, study)
    if board is None or not board.live:
        raise Refusal(_("There are no themes yet, so there is no codebook. Find themes first."))
    if format == "qdpx":
        qdpx.write(_project(session, study, board), stream)
    else:
        {"csv": codebook_csv.write, "qdc": qdc.write}[format](of_board(study, board), stream)


def _project(session: Session, study: Study, board: Board) -> CodedProject:
    codebook = of_board(study, board)
    return CodedProject(
        study.title,
        codebook,
        people=tuple(Person(by, by) for by in sorted({decision.by for decision in board.log})),
        comments=tuple(_coded(session, study, board)),
        notes=tuple(_notes(board, {entry.number for entry in codebook.entries})),
        made_at=board.log[-1].at,
    )


def _coded(session: Session, study: Study, board: Board) -> Iterator[CodedComment]:
    found = placements(session, board)
    coders = {
        comment: decision.by
        for decision in in_force(board.log)
        if kinds.of(decision).places(decision)
        for comment, _themes in decision.comments
    }
    for row in comments.stream(session, study.id):
        where = standing(board, row.id, found)
        yield CodedComment(
            row.id,
            row.text,
            tuple(theme.id for theme in where.live),
            audience=row.audience,
            prompt=row.prompt,
            channel=row.channel,
            language=row.language,
            day=row.day,
            coded_by=coders.get(row.id) if where.by_person else None,
        )


def _notes(board: Board, coded: set[int | None]) -> Iterator[ProjectNote]:
    for theme in board.themes:
        if theme.id in coded:
            for note in theme.notes:
                yield ProjectNote(str(note.edit), note.text, note.by, note.at, code=theme.id)
    for comment, notes in board.comment_notes.items():
        for note in notes:
            yield ProjectNote(str(note.edit), note.text, note.by, note.at, comment=comment)


def read(data: bytes, name: str) -> Report:
    """The codebook in a file; raise `Refusal` when it is none."""
    try:
        return qda_any.read_codebook(data, name)
    except TableError as error:
        raise Refusal(str(error)) from error


@dataclass(frozen=True, slots=True)
class Planned:
    """What a file wants of one theme: `theme` is None for a new one, `name` and `texts` are what is new."""

    theme: BoardTheme | None
    name: str
    texts: Mapping[str, str]
    under: str | None = None

    @property
    def is_renamed(self) -> bool:
        return self.theme is not None and self.theme.name != self.name


@dataclass(slots=True)
class Plan:
    """What would become of a file: themes that are made and changed, and what is left as it is."""

    made: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.made and not self.changed


def plan(study: Study, board: Board, report: Report) -> Plan:
    """What a file would make and change. A code is the theme of its GUID, else that of its name.

    Texts that the file leaves empty stay as they are; no theme goes.
    """
    known = _Known(study, board)
    found = Plan(remarks=[str(problem) for problem in report.problems])
    for entry in report.codebook.entries:
        theme = known.take(entry)
        name = one_line(entry.name)
        if theme is None and known.is_taken(name):
            found.remarks.append(_("“%(name)s” is left out: that theme is in the file twice.", name=name))
        elif theme is None:
            found.made.append(Planned(None, name, _texts(entry, {}), _under(entry, board, found)))
        else:
            _match(entry, theme, known, found)
    return found


class _Known:
    """The themes that codes can be matched with, each once."""

    def __init__(self, study: Study, board: Board) -> None:
        entries = _codebook(study, board, board.open).entries
        self.by_guid = {entry.guid: theme for entry, theme in zip(entries, board.open, strict=True)}
        self.by_name = {name_key(theme.name): theme for theme in reversed(board.open)}
        self.matched: set[int] = set()

    def take(self, entry: CodeEntry) -> BoardTheme | None:
        """The theme that a code is."""
        for theme in (self.by_guid.get(entry.guid), self.by_name.get(name_key(entry.name))):
            if theme is not None and theme.id not in self.matched:
                self.matched.add(theme.id)
                return theme
        return None

    def is_taken(self, name: str) -> bool:
        """Whether a theme has that name."""
        return name_key(name) in self.by_name


def _match(entry: CodeEntry, theme: BoardTheme, known: _Known, found: Plan) -> None:
    name = one_line(entry.name)
    if name_key(name) == name_key(theme.name):
        name = theme.name
    elif known.is_taken(name):
        found.remarks.append(
            _("“%(name)s” keeps its name: another theme is called “%(new)s”.", name=theme.name, new=name)
        )
        name = theme.name
    texts = _texts(entry, theme.entry)
    if name == theme.name and not texts:
        found.same.append(name)
    else:
        found.changed.append(Planned(theme, name, texts))


def _texts(entry: CodeEntry, there: Mapping[str, str]) -> dict[str, str]:
    """The texts of a code that are not there already."""
    given = {part: several_lines(getattr(entry, part)) for part in ENTRY}
    return {part: text for part, text in given.items() if text and text != there.get(part, "")}


def _under(entry: CodeEntry, board: Board, found: Plan) -> str | None:
    """The name of the theme that a new one stands under; None where that cannot be."""
    if entry.parent is None:
        return None
    key = name_key(entry.parent)
    if any(name_key(made.name) == key and made.under is None for made in found.made):
        return one_line(entry.parent)
    theme = next((theme for theme in board.open if name_key(theme.name) == key), None)
    if theme is not None and theme.parent is None:
        return theme.name
    found.remarks.append(
        _(
            "“%(name)s” stands alone: “%(parent)s” cannot have sub-themes here.",
            name=entry.name,
            parent=entry.parent,
        )
    )
    return None


def take(session: Session, study: Study, report: Report, *, seen: int, by: str) -> Plan:
    """Make and change themes as a file says, all of it in this transaction, each decision to be undone alone.

    The study's row must be locked. Raises `Stale` when the board is not what this person saw, `Refusal` when
    there is nothing to do or too much.
    """
    board, run = boards.load(session, study), boards.run_of_board(session, study)
    if board is None or run is None:
        raise NotFound
    if board.revision != seen:
        raise Stale(
            _("The board has changed since you looked at it. Nothing was stored. Look at the list again.")
        )
    wanted = plan(study, board, report)
    _check(wanted)
    for number, change in enumerate(_changes(wanted, board), start=board.revision + 1):
        boards.record(session, run, Decision.of(change, number, by, now(), run.id))
    return wanted


def _check(wanted: Plan) -> None:
    if wanted.is_empty:
        raise Refusal(_("There is nothing in the file that is not on the board already."))
    count = len(wanted.made) + len(wanted.changed)
    if count > MOST_AT_ONCE:
        raise Refusal(
            _(
                "The file would make or change %(count)s themes; at most %(most)s can be taken at once. Take "
                "codes out of it and choose it again.",
                count=count,
                most=MOST_AT_ONCE,
            )
        )


def _changes(wanted: Plan, board: Board) -> Iterator[Change]:
    """The decisions, in an order in which each can be made."""
    for one in wanted.changed:
        assert one.theme is not None
        change = changes.describe(one.theme.id, one.texts, one.name if one.is_renamed else None)
        kinds.of(change).check(change, board)
        yield change
    numbers = {name_key(theme.name): theme.id for theme in board.open}
    for number, one in enumerate(wanted.made, start=board.next_number):
        change = changes.create(one.name)
        kinds.of(change).check(change, board)
        yield kinds.of(change).numbered(change, number)
        numbers[name_key(one.name)] = number
        if one.texts:
            yield changes.describe(number, one.texts)
        if one.under is not None:
            yield changes.nest(number, numbers[name_key(one.under)])
