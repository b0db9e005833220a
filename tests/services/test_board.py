"""The board over a database: decisions are stored, collide, are undone and audited."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Change
from survey.board.kinds.base import MOST_COMMENTS
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.models import AuditRow, Comment, Edit, EditComment, Study
from survey.services import audit, studies
from survey.services import board as boards
from tests.boards import LABELS, add_comments, add_run, board_of, decide

BY = "planner@office.example"
OTHER = "other@office.example"


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    """The themes of the small study, by number."""
    add_comments(session, study)
    return add_run(session, study)


def edits(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Edit)) or 0


def refused(session: Session, study: Study, change: Change, words: str) -> None:
    """It is refused in these words, and nothing is stored."""
    before = edits(session), session.scalar(select(func.count()).select_from(EditComment))
    with pytest.raises(Refusal, match=words):
        decide(session, study, change)
    assert (edits(session), session.scalar(select(func.count()).select_from(EditComment))) == before


def test_no_run_no_board(session: Session, study: Study) -> None:
    assert boards.load(session, study) is None
    assert boards.run_of_board(session, study) is None
    with pytest.raises(NotFound):
        boards.decide(session, study, changes.accept(1), 0, BY)
    with pytest.raises(NotFound):
        boards.preview(session, study, changes.accept(1))


def test_the_board_as_found(session: Session, study: Study, themes: dict[int, int]) -> None:
    board = board_of(session, study)
    assert [(theme.name, theme.size, theme.breadth.k) for theme in board.themes] == [
        (LABELS[1], 6, 3),
        (LABELS[2], 4, 3),
        (LABELS[3], 2, 1),
    ]
    assert (board.comments, board.unplaced, board.late, board.revision) == (14, 4, 1, 1)
    assert (board.decisions, board.last_edit) == (0, None)
    assert [theme.name for theme in board.only_one_audience] == [LABELS[3]]


def test_decisions_are_edits_and_one_audit_row_each(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    wanted = [
        changes.rename(1, "Internet at home"),
        changes.merge(1, [2]),
        changes.move("x1", None, 1),
        changes.reject(3),
        changes.undo(5),
        changes.redo(5),
        changes.undo(5),
    ]
    before = len(session.scalars(select(AuditRow)).all())
    board = decide(session, study, *wanted)
    assert [(theme.name, theme.size, theme.state) for theme in board.themes] == [
        ("Internet at home", 9, "new"),
        (LABELS[3], 2, "new"),
    ]
    stored = session.scalars(select(Edit).order_by(Edit.number).offset(1)).all()
    assert [(edit.number, edit.kind, edit.made_by) for edit in stored] == [
        (number, change.kind, BY) for number, change in enumerate(wanted, start=2)
    ]
    rows = session.scalars(select(AuditRow).order_by(AuditRow.number)).all()[before:]
    assert [row.action for row in rows] == [f"themes.{change.kind}" for change in wanted]
    assert "Internet" not in str([row.details for row in rows])
    assert audit.verify(session) == []


def test_names_and_notes_stay_out_of_the_audit(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    secret = "Mrs Smith of 12 Elm Street"
    decide(
        session,
        study,
        changes.note(secret, comment="a1"),
        changes.describe(1, {"definition": secret}, secret),
        changes.create(f"About {secret}", ["a1"]),
        changes.split(1, [(f"{secret} 1", ["n1"]), (f"{secret} 2", ["n2"])]),
        changes.axis(1, secret, [(1, secret)]),
        changes.code(1, 1, ["a1", "a2"], secret),
    )
    told = [row.details for row in session.scalars(select(AuditRow).order_by(AuditRow.number))]
    assert "Smith" not in str(told)
    assert told[-1] == {"number": 7, "axis": 1, "code": 1, "comments": 2}


def test_each_comment_of_a_decision_is_stored_with_its_themes(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.move(["a2", "n3", "a1"], 1, 3), changes.off_topic("x1"))
    rows = session.execute(select(EditComment.comment_id, EditComment.themes)).all()
    assert {row.comment_id: row.themes for row in rows} == {
        "a1": [3],
        "a2": [2, 3],
        "n3": [2, 3],
        "x1": None,
    }


def test_what_is_so_already_is_not_done_twice(session: Session, study: Study, themes: dict[int, int]) -> None:
    for change in (
        changes.accept(1),
        changes.rename(2, "Phones"),
        changes.move("a4", None, 1),
        changes.create("New", ["t2"]),
        changes.split(3, [("A", ["t3"]), ("B", ["t3"])]),
        changes.merge(1, [2]),
    ):
        first = boards.decide(session, study, change, board_of(session, study).revision, BY)
        again = boards.decide(session, study, change, 0, BY)
        assert first.revision == again.revision, change
    undo = changes.undo(first.revision)
    assert decide(session, study, undo, undo).revision == first.revision + 1


def test_a_stale_decision_about_the_same_theme_is_told(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    seen = board_of(session, study).revision
    decide(session, study, changes.accept(1), changes.rename(2, "Phones"), by=OTHER)
    with pytest.raises(boards.Overtaken) as told:
        boards.decide(session, study, changes.reject(1), seen, BY)
    assert [(decision.by, decision.kind) for decision in told.value.since] == [(OTHER, "accept")]
    assert told.value.can_still
    boards.decide(session, study, changes.reject(3), seen, BY)
    after = boards.decide(session, study, changes.reject(1), told.value.board.revision, BY)
    assert [theme.id for theme in after.rejected] == [1, 3]


def test_a_cycle_of_merges_is_told(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, changes.merge(1, [2]), by=OTHER)
    for seen in (0, 1, 2):
        with pytest.raises(boards.Overtaken) as told:
            boards.decide(session, study, changes.merge(2, [1]), seen, BY)
        assert not told.value.can_still
        assert [decision.by for decision in told.value.since] == [OTHER]
    refused(session, study, changes.merge(1, [1]), "with itself")


def test_a_theme_that_was_merged_or_dropped_by_a_run_is_told(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.merge(1, [2]))
    for change in (changes.accept(2), changes.move("x1", None, 2)):
        with pytest.raises(boards.Overtaken) as told:
            boards.decide(session, study, change, 0, BY)
        assert not told.value.can_still
    with pytest.raises(NotFound):
        boards.decide(session, study, changes.accept(10**20), 2, BY)


def test_comments_that_cannot_be_are_not_found(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    other = studies.by_slug(session, "other")
    session.add(Comment(id="theirs", study_id=other.id, channel="import", text="Not yours"))
    session.flush()
    strange = ("theirs", "nowhere", "", "\0", "a1\0", "\ud83d", "x" * 5000, "á1", "a1' OR '1'='1")
    for id in strange:
        for change in (
            changes.move(id, None, 1),
            changes.move(["a1", id], None, 1),
            changes.pin(id),
            changes.release(id),
            changes.off_topic(id),
            changes.on_topic(id),
            changes.assign({"a1": [1], id: []}),
            changes.create("New", [id]),
            changes.split(1, [("A", ["a1"]), ("B", [id])]),
            changes.note("Text", comment=id),
            changes.quote(id, "cleared"),
        ):
            with pytest.raises(NotFound):
                decide(session, study, change)
    assert edits(session) == 1


def test_bad_input_is_refused_in_words_and_nothing_is_stored(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.nest(3, 1))
    for change, words in [
        (changes.move("a1", 3, 2), "not in that theme"),
        (changes.move([f"c{n}" for n in range(3)], 1, 1), "|"),
        (changes.rename(1, "x" * 5000), "5000 characters"),
        (changes.rename(1, "\0"), "needs a name"),
        (changes.rename(1, LABELS[2].upper()), "Another theme is called"),
        (changes.split(1, []), "into 2 to 8 parts"),
        (changes.split(1, [("All", ["a1"])]), "into 2 to 8 parts"),
        (changes.split(2, [("A", ["a3"]), ("B", ["a1"])]), "not in that theme"),
        (changes.split(1, [("A", ["a1"]), ("a", ["n1"])]), "Two parts are called"),
        (changes.reject(1), "has sub-themes"),
        (changes.nest(1, 2), "has sub-themes"),
    ]:
        if words == "|":
            with pytest.raises(NotFound):
                decide(session, study, change)
        else:
            refused(session, study, change, words)
    for number in (0, -1, 2**40, 2**70):
        for change in (
            changes.accept(number), changes.merge(1, [number]), changes.move("a1", 1, number),
            changes.assign({"a1": [number]}), changes.undo(number), changes.redo(number),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                decide(session, study, change)
    assert edits(session) == 2


def test_markup_and_half_letters_are_stored_as_text(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    hostile = "<script>alert('x')</script>\0{{ 7*7 }} \ud83d"
    board = decide(
        session, study, changes.rename(1, hostile), changes.note(hostile, theme=2),
        changes.describe(3, {"definition": hostile}), changes.create(hostile + "2", ["a1"]),
        changes.axis(1, hostile, [(1, hostile)]), changes.code(1, 1, "a1", hostile),
        changes.office(2, 1, hostile), changes.confirm("run 1" + hostile, "new", [hostile], [2]),
    )  # fmt: skip
    clean = "<script>alert('x')</script> {{ 7*7 }}"
    session.commit()
    board = board_of(session, study)
    assert board.find(1).name == board.find(2).notes[0].text == board.find(3).entry["definition"] == clean  # type: ignore[union-attr]


def test_more_comments_than_can_be_looked_over_are_refused(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    ids = [f"many{n}" for n in range(10_000)]
    session.bulk_save_objects(Comment(id=id, study_id=study.id, channel="import", text="Same") for id in ids)
    refused(session, study, changes.move(ids, None, 1), "about 10,000 comments. At most 2,000")
    board = decide(session, study, changes.move(ids[:MOST_COMMENTS], None, 1))
    assert board.find(1).size == 6 + MOST_COMMENTS  # type: ignore[union-attr]
    assert board.unplaced == 4 + 8_000


def test_two_open_themes_never_get_one_name(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, changes.reject(1), changes.create(LABELS[1].title(), ["a1"]))
    refused(session, study, changes.undo(2), "Two themes would then be called")
    refused(session, study, changes.reopen(1), "Another theme is called")
    board = decide(session, study, changes.rename(4, "Another"), changes.undo(2))
    assert board.find(1).state == "new"  # type: ignore[union-attr]


def test_a_preview_is_the_board_that_comes_and_stores_nothing(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    for change in (
        changes.merge(1, [2]),
        changes.create("New", ["a1"], 1),
        changes.split(1, [("A", ["a1"]), ("B", ["n1"])]),
    ):
        before = edits(session)
        preview = boards.preview(session, study, change)
        assert edits(session) == before
        assert decide(session, study, change).themes == preview.themes
        decide(session, study, changes.undo(before + 1))
    with pytest.raises(Refusal):
        boards.preview(session, study, changes.merge(1, [1]))


def test_comments_that_were_taken_away_take_their_part_of_decisions_along(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    session.add(Comment(id="late2", study_id=study.id, channel="import", text="Goes again"))
    session.flush()
    before = board_of(session, study)
    decide(session, study, changes.move(["late2", "late"], None, 1), changes.note("Text", comment="late2"))
    session.delete(session.get_one(Comment, "late2"))
    session.flush()
    board = board_of(session, study)
    assert board.moved == {"late": {1}}
    assert board.comments == before.comments - 1
    assert decide(session, study, changes.undo(3), changes.undo(2)).moved == {}


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL that runs during a test."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.write, "before_cursor_execute", note)
    yield seen
    event.remove(database.write, "before_cursor_execute", note)


def test_no_query_per_comment_and_none_per_decision(
    session: Session, study: Study, themes: dict[int, int], statements: list[str]
) -> None:
    counted = []
    for wanted in ([changes.move("a4", None, 1)], [changes.pin(["a1", "n1", "n2", "x1"])] + [
        changes.rename(2, f"Phones {n}") for n in range(20)
    ]):  # fmt: skip
        decide(session, study, *wanted)
        session.expunge_all()
        statements.clear()
        board_of(session, study)
        loaded = len(statements)
        boards.decide(session, study, changes.note("Text", theme=1), 99, BY)
        counted.append((loaded, len(statements) - loaded))
    assert counted[0] == counted[1]
    assert counted[0][0] <= 7
