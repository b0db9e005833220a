"""Decisions of the first schema: after the migration each is there, and the board is what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import changes, db, migrate
from survey.board import Board
from survey.models import Edit, Study
from survey.services import board as boards
from survey.services import history
from tests.boards import COMMENTS, LABELS, board_of, decide
from tests.support.postgres import fresh_postgres_database

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
BY = "planner@office.example"
# Candidates of run 1 are 11, 12, 13; those of run 2 are 21, 22, 23. Each run numbers its comments alike.
OLD: list[tuple[int, str, dict[str, Any]]] = [
    (1, "rename", {"theme": 11, "name": "Internet"}),
    (1, "merge", {"into": 11, "from": [12]}),
    (1, "move", {"comment": "a2", "from": 11, "to": 13}),
    (1, "move", {"comment": "x1", "from": None, "to": 11}),
    (1, "move", {"comment": "x1", "from": 11, "to": None}),
    (1, "undo", {"edit": 5}),
    (1, "accept", {"theme": 11}),
    (1, "reject", {"theme": 13}),
    (2, "accept", {"theme": 23}),
    (2, "move", {"comment": "late", "from": None, "to": 22}),
    (2, "merge", {"into": 21, "from": [23]}),
    (2, "undo", {"edit": 11}),
    (2, "rename", {"theme": 22, "name": "Phones"}),
    (1, "move", {"comment": "gone", "from": None, "to": 11}),
]
Shown = list[tuple[str, str, int]]
FIRST = [("Internet", "accepted", 8), (LABELS[3], "rejected", 3)]
SECOND = [(LABELS[3], "accepted", 2), (LABELS[1], "new", 6), ("Phones", "new", 5)]


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[db.Database]:
    """A database of the first schema with two runs and decisions about both."""
    if request.param == "sqlite":
        database = db.connect(f"sqlite:///{tmp_path}/old.sqlite")
        fill(database)
        yield database
        database.dispose()
        return
    with fresh_postgres_database() as url:
        database = db.connect(url)
        fill(database)
        yield database
        database.dispose()


def fill(database: db.Database) -> None:
    migrate.upgrade(database, "0001")
    tables = sa.MetaData()
    with database.write.begin() as connection:
        tables.reflect(connection)

        def add(table: str, **row: Any) -> None:
            connection.execute(tables.tables[table].insert(), row)

        study = {"description": "", "demo": False, "made_at": AT, "revision": 0}
        add("study", id=1, slug="old", title="Old", board_run=None, **study)
        add("study", id=2, slug="empty", title="Without a run", board_run=None, **study)
        for place, name in enumerate(("Academia", "Nonprofits", "Tech"), start=1):
            add("audience", id=place, study_id=1, name=name, position=place)
        ids = {"Academia": 1, "Nonprofits": 2, "Tech": 3, "": None}
        for comment, (audience, _found) in COMMENTS.items():
            add("comment", id=comment, study_id=1, audience_id=ids[audience], channel="session", text=comment)
        for number in (1, 2):
            add_run(add, number, {comment: ids[audience] for comment, (audience, _) in COMMENTS.items()})
        for number, (run, kind, details) in enumerate(OLD, start=1):
            row = {"number": number, "kind": kind, "details": details, "made_by": BY, "made_at": AT}
            add("edit", id=number, study_id=1, run_id=run, **row)
        if not database.is_sqlite:  # rows with ids of their own do not move the counters on
            connection.exec_driver_sql("SELECT setval('edit_id_seq', 100)")


def add_run(add: Any, number: int, audiences: dict[str, int | None]) -> None:
    found = {comment: themes for comment, (_audience, themes) in COMMENTS.items() if themes is not None}
    totals = Counter(str(audiences[comment] or "") for comment in found)
    unplaced = sum(not themes for themes in found.values())
    row = {"seed": 7, "comments": len(found), "unplaced": unplaced, "totals": totals, "manifest": {}}
    add("run", id=number, study_id=1, number=number, made_by=BY, made_at=AT, **row)
    for place, label in LABELS.items():
        members = [comment for comment, themes in found.items() if place in themes]
        counts = Counter(str(audiences[comment] or "") for comment in members)
        row = {"label": label, "keywords": [], "size": len(members), "by_audience": counts, "quotes": []}
        add("candidate", id=10 * number + place, run_id=number, number=place, **row)
    for comment, themes in found.items():
        for rank, theme in enumerate(themes or (None,), start=1):
            candidate = None if theme is None else 10 * number + theme
            row = {
                "rank": rank,
                "candidate_id": candidate,
                "weight": 0.5,
                "reason": None if theme else "short",
            }
            add("placement", run_id=number, comment_id=comment, **row)


def choose(database: db.Database, run: int | None) -> None:
    with database.write.begin() as connection:
        connection.execute(sa.text("UPDATE study SET board_run = :r WHERE id = 1"), {"r": run})


def shown(board: Board) -> Shown:
    return [(theme.name, theme.state, theme.size) for theme in board.themes]


@pytest.mark.parametrize(
    ("chosen", "themes", "unplaced", "others"), [(None, SECOND, 3, FIRST), (1, FIRST, 6, SECOND)]
)
def test_the_board_is_what_it_was_and_every_old_decision_is_there(
    old: db.Database, chosen: int | None, themes: Shown, unplaced: int, others: Shown
) -> None:
    choose(old, chosen)
    migrate.upgrade(old)
    with old.writing() as session:
        study = session.get_one(Study, 1)
        board = board_of(session, study)
        assert shown(board) == themes
        assert (board.unplaced, board.comments) == (unplaced, 14)
        assert board.totals == {"1": 4, "2": 4, "3": 4 + (themes is SECOND), "": 1}
        assert boards.load(session, session.get_one(Study, 2)) is None
        check_history(session, study, board)
        check_going_on(session, study, board)
        board = undo_to_the_other_run(session, study)
        assert (shown(board), board.unplaced) == (others, 9 - unplaced)


def check_history(session: Session, study: Study, board: Board) -> None:
    edits = session.scalars(sa.select(Edit).order_by(Edit.number)).all()
    assert [edit.number for edit in edits] == list(range(1, len(OLD) + 3))
    lines = [line for line in history.lines(session, study, board) if line.decision.kind != "apply"]
    assert Counter((line.run, line.decision.kind) for line in lines) == Counter(
        (run, kind) for run, kind, _details in OLD
    )
    assert sorted((line.decision.kind, line.run) for line in lines if line.undone) == [
        ("merge", 2),
        ("move", 1),
    ]
    kept = next(edit for edit in edits if edit.kind == "rename" and edit.run_id == 1)
    assert (kept.made_by, kept.made_at) == (BY, AT)


def check_going_on(session: Session, study: Study, before: Board) -> None:
    """New decisions work, on comments that old ones moved, too."""
    first, number = before.themes[0], before.next_number
    board = decide(session, study, changes.move("t2", None, first.id), changes.create("New", ["a2"]))
    assert board.find(number).size == 1  # type: ignore[union-attr]
    assert number in board.moved["a2"]
    assert (
        decide(session, study, *map(changes.undo, (board.revision, board.revision - 1))).themes
        == before.themes
    )


def undo_to_the_other_run(session: Session, study: Study) -> Board:
    """Undo everything down to the coming of the run, and that too."""
    while (last := board_of(session, study).last_edit) and last.kind != "apply":
        decide(session, study, changes.undo(last.number))
    assert last is not None
    return decide(session, study, changes.undo(last.number))


def test_down_and_up_again(old: db.Database) -> None:
    migrate.upgrade(old)
    migrate.downgrade(old, "0001")
    tables = sa.inspect(old.read)
    assert "board_run" in {column["name"] for column in tables.get_columns("study")}
    assert not {"edit_comment", "map_point", "office", "office_person"} & set(tables.get_table_names())
    with old.read.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM comment")) == len(COMMENTS)
        assert connection.scalar(sa.text("SELECT count(*) FROM placement")) > len(COMMENTS)
    migrate.upgrade(old)
    migrate.check(old)
    with old.reading() as session:
        board = board_of(session, session.get_one(Study, 1))
        assert [theme.size for theme in board.themes] == [6, 4, 2], "as found: downgrading loses decisions"
