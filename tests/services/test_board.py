"""The board over a database: decisions are stored, collide, are undone and audited."""

from __future__ import annotations

import random
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Change, in_force
from survey.db import Database
from survey.errors import NotFound, Refusal
from survey.models import AuditRow, Comment, Edit, Person, Study
from survey.services import audit, history, studies
from survey.services import board as boards
from survey.services.comments import Filter
from survey.services.theme_comments import CommentPage, CommentQuery, quotes, theme_comments
from tests.boards import COMMENTS, LABELS, add_comments, add_run, board_of, decide
from tests.people import Cast

BY = "planner@office.example"


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    """The themes of the small study, by number."""
    add_comments(session, study)
    return add_run(session, study)


def accept(theme: int) -> Change:
    return Change("accept", {"theme": theme})


def reject(theme: int) -> Change:
    return Change("reject", {"theme": theme})


def test_no_run_no_board(session: Session, study: Study) -> None:
    assert boards.load(session, study) is None
    with pytest.raises(NotFound):
        boards.decide(session, study, accept(1), 0, BY)


def test_the_board_as_found(session: Session, study: Study, themes: dict[int, int]) -> None:
    board = board_of(session, study)
    assert [(theme.name, theme.size, theme.breadth.k) for theme in board.themes] == [
        (LABELS[1], 6, 3),
        (LABELS[2], 4, 3),
        (LABELS[3], 2, 1),
    ]
    assert (board.comments, board.unplaced, board.late, board.revision) == (14, 4, 1, 0)
    assert [theme.name for theme in board.only_one_audience] == [LABELS[3]]


def test_decisions_are_edits_and_one_audit_row_each(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    one, two, three = themes.values()
    wanted = [
        changes.rename(one, "Internet at home"),
        changes.merge(one, [two]),
        changes.move("x1", None, one),
        reject(three),
        changes.undo(4),
    ]
    before = len(session.scalars(select(AuditRow)).all())
    board = decide(session, study, *wanted)
    assert [(theme.name, theme.size, theme.state) for theme in board.themes] == [
        ("Internet at home", 9, "new"),
        (LABELS[3], 2, "new"),
    ]
    edits = session.scalars(select(Edit).order_by(Edit.number)).all()
    assert [(edit.number, edit.kind, edit.made_by) for edit in edits] == [
        (number, change.kind, BY) for number, change in enumerate(wanted, start=1)
    ]
    rows = session.scalars(select(AuditRow).order_by(AuditRow.number)).all()[before:]
    assert [row.action for row in rows] == [f"themes.{change.kind}" for change in wanted]
    assert "Internet" not in str([row.details for row in rows])
    assert audit.verify(session) == []


def test_what_is_so_already_is_not_done_twice(session: Session, study: Study, themes: dict[int, int]) -> None:
    one, two, _ = themes.values()
    for change in (
        accept(one),
        changes.rename(two, "Phones"),
        changes.move("a4", None, one),
        changes.merge(one, [two]),
    ):
        first = boards.decide(session, study, change, board_of(session, study).revision, BY)
        again = boards.decide(session, study, change, 0, BY)
        assert first.revision == again.revision
    undo = changes.undo(first.revision)
    assert decide(session, study, undo, undo).revision == first.revision + 1


def test_a_stale_decision_about_the_same_theme_is_told(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    one, two, three = themes.values()
    seen = board_of(session, study).revision
    decide(session, study, accept(one), changes.rename(two, "Phones"), by="other@office.example")
    with pytest.raises(boards.Overtaken) as told:
        boards.decide(session, study, reject(one), seen, BY)
    assert [(decision.by, decision.kind) for decision in told.value.since] == [
        ("other@office.example", "accept")
    ]
    assert told.value.can_still
    boards.decide(session, study, reject(three), seen, BY)
    after = boards.decide(session, study, reject(one), told.value.board.revision, BY)
    assert [theme.id for theme in after.rejected] == [one, three]


def test_undoing_collides_like_the_decision_it_undoes(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, accept(themes[1]))
    decide(session, study, changes.undo(1), by="other@office.example")
    with pytest.raises(boards.Overtaken) as told:
        boards.decide(session, study, changes.rename(themes[1], "New"), 1, BY)
    assert [decision.kind for decision in told.value.since] == ["undo"]


def test_a_theme_that_was_merged_or_found_by_an_earlier_run_is_told(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    one, two, three = themes.values()
    decide(session, study, changes.merge(one, [two]), reject(three))
    for change in (accept(two), changes.move("x1", None, two), changes.move("x1", None, three)):
        with pytest.raises(boards.Overtaken) as told:
            boards.decide(session, study, change, 0, BY)
        assert not told.value.can_still
    add_run(session, study, number=2)
    with pytest.raises(boards.Overtaken):
        boards.decide(session, study, accept(one), 2, BY)
    with pytest.raises(NotFound):
        boards.decide(session, study, accept(10**20), 2, BY)


def test_only_the_last_decision_is_undone(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, accept(themes[1]), accept(themes[2]))
    with pytest.raises(boards.Overtaken) as told:
        boards.decide(session, study, changes.undo(1), 1, BY)
    assert [decision.number for decision in told.value.since] == [2]
    board = decide(session, study, changes.undo(2), changes.undo(1))
    assert board.last_edit is None
    with pytest.raises(NotFound):
        boards.decide(session, study, changes.undo(99), 4, BY)


def test_comments_of_other_studies_cannot_be_moved(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    other = studies.by_slug(session, "other")
    session.add(Comment(id="theirs", study_id=other.id, channel="import", text="Not yours"))
    session.flush()
    for id in ("theirs", "nowhere"):
        with pytest.raises(NotFound):
            boards.decide(session, study, changes.move(id, None, themes[1]), 0, BY)
    with pytest.raises(Refusal, match="not in that theme"):
        boards.decide(session, study, changes.move("a1", themes[3], themes[1]), 0, BY)
    with pytest.raises(Refusal, match="in that theme already"):
        boards.decide(session, study, changes.move("a1", None, themes[1]), 0, BY)


def test_a_new_run_starts_a_new_board_and_keeps_the_history(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, accept(themes[1]))
    again = add_run(session, study, number=2)
    board = board_of(session, study)
    assert {theme.state for theme in board.themes} == {"new"}
    assert board.last_edit is None
    assert decide(session, study, accept(again[1])).revision == 2
    assert [(line.run, line.decision.kind) for line in history.lines(session, study)] == [
        (2, "accept"),
        (1, "accept"),
    ]


def test_a_board_that_people_worked_on_stays_until_they_choose_the_new_run(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    study = session.merge(study)
    decide(session, study, accept(themes[1]))
    boards.keep_decided(session, study)
    add_run(session, study, number=2)
    assert board_of(session, study).find(themes[1]).state == "accepted"  # type: ignore[union-attr]
    boards.use_run(session, study, 2, BY)
    assert {theme.state for theme in board_of(session, study).themes} == {"new"}
    boards.use_run(session, study, 1, BY)
    assert board_of(session, study).decisions == 1
    with pytest.raises(NotFound):
        boards.use_run(session, study, 3, BY)
    assert [row.action for row in session.scalars(select(AuditRow))].count("themes.use-run") == 2


def test_a_board_that_nobody_touched_follows_the_newest_run(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    study = session.merge(study)
    boards.keep_decided(session, study)
    add_run(session, study, number=2)
    assert boards.run_of_board(session, study).number == 2  # type: ignore[union-attr]


def test_history_tells_the_names_of_the_time(session: Session, study: Study, themes: dict[int, int]) -> None:
    one, two, _ = themes.values()
    decide(
        session,
        study,
        changes.rename(one, "Net"),
        changes.rename(one, "Internet"),
        changes.undo(2),
        accept(one),
    )
    lines = history.lines(session, study, changes.merge(two, [one]))
    assert [line.names.get(one) for line in lines] == ["Net", "Net", None, "Net", LABELS[1]]
    assert [line.undone for line in lines] == [False, False, False, True, False]
    assert lines[2].undoes is lines[3] or lines[2].undoes.decision == lines[3].decision  # type: ignore[union-attr]


def ids(page: CommentPage) -> list[str]:
    return [row.comment.id for row in page.rows]


def test_comments_of_a_theme(session: Session, study: Study, themes: dict[int, int]) -> None:
    one, two, three = themes.values()
    board = decide(session, study, changes.move("a4", None, one), changes.move("a1", one, two), reject(three))
    page = theme_comments(session, study, board, CommentQuery(board.find(one)))
    assert ids(page) == ["a4", "a2", "n1", "n2", "t1", "n3"], "a person's first, then the most typical"
    assert (page.total, page.of) == (board.find(one).size, 1)  # type: ignore[union-attr]
    assert [row.standing.by_person for row in page.rows] == [True] + [False] * 5
    assert [theme.id for theme in page.rows[1].standing.themes] == [one, two]
    nowhere = theme_comments(session, study, board, CommentQuery(None))
    assert {row.comment.id: row.standing.reason for row in nowhere.rows} == {
        "n4": "too short",
        "x1": "too short",
        "late": "came after the themes were found",
        "t2": "only in rejected themes",
        "t3": "only in rejected themes",
    }
    assert nowhere.total == board.unplaced
    board = decide(session, study, changes.move("a4", one, None))
    nowhere = theme_comments(session, study, board, CommentQuery(None))
    assert (ids(nowhere)[0], nowhere.rows[0].standing.reason) == ("a4", "taken out by a person")


def test_comments_by_group_prompt_and_words(session: Session, study: Study, themes: dict[int, int]) -> None:
    board = board_of(session, study)
    theme = board.find(themes[1])
    audiences, prompts = session.merge(study).audiences, session.merge(study).prompts
    for wanted, expected in [
        (Filter(audience=audiences[1].id), {"n1", "n2", "n3"}),
        (Filter(prompt=prompts[0].id), {"a1", "n1", "n3", "t1"}),
        (Filter(text="COMMENT T1"), {"t1"}),
        (Filter(text="%"), set()),
        (Filter(audience=audiences[0].id, text="a2"), {"a2"}),
    ]:
        assert set(ids(theme_comments(session, study, board, CommentQuery(theme, wanted, 99)))) == expected


def test_quotes_are_of_different_groups_first(session: Session, study: Study, themes: dict[int, int]) -> None:
    chosen = quotes(session, board_of(session, study), 2)
    assert [comment.id for comment in chosen[themes[1]]] == ["a1", "n1"]


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """The SQL that runs during a test."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.write, "before_cursor_execute", note)
    yield seen
    event.remove(database.write, "before_cursor_execute", note)


def test_no_query_per_comment(
    session: Session, study: Study, themes: dict[int, int], statements: list[str]
) -> None:
    decide(session, study, changes.move("a4", None, themes[1]))
    session.expunge_all()
    statements.clear()
    board = board_of(session, study)
    few = len(statements)
    page = theme_comments(session, study, board, CommentQuery(board.find(themes[1])))
    assert page.total == 7
    assert (few, len(statements) - few) == (7, 3)


def test_two_planners_at_once_lose_nothing(database: Database, cast: Cast, study: Study) -> None:
    """Each edit that was confirmed is there, numbered without a gap; collisions are told, not swallowed."""
    with database.writing() as session:
        add_comments(session, study)
        themes = list(add_run(session, study).values())
    confirmed: dict[str, list[int]] = {"planner": [], "facilitator": []}
    told = {"planner": 0, "facilitator": 0}
    start = Barrier(2)

    def work(name: str, person_id: int) -> None:
        luck = random.Random(name)
        start.wait()
        for turn in range(30):
            with database.reading() as session:
                seen = board_of(session, session.merge(study, load=False))
            try:
                with database.writing() as session:
                    person = session.get_one(Person, person_id)
                    locked = studies.for_person(session, person, study.slug, lock=True)
                    change = changes.rename(luck.choice(themes), f"{name} {turn}")
                    after = boards.decide(session, locked, change, seen.revision, name)
                confirmed[name].append(after.revision)
            except boards.Overtaken:
                told[name] += 1

    people = {"planner": cast.planner.id, "facilitator": cast.facilitator.id}
    threads = [Thread(target=work, args=item) for item in people.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        edits = session.scalars(select(Edit).order_by(Edit.number)).all()
        assert [edit.number for edit in edits] == list(range(1, len(edits) + 1))
        assert {name: [e.number for e in edits if e.made_by == name] for name in confirmed} == confirmed
        assert sum(map(len, confirmed.values())) + sum(told.values()) == 60
        decisions = [boards.to_decision(edit) for edit in edits]
        last = {decision.details["theme"]: decision.details["name"] for decision in in_force(decisions)}
        board = board_of(session, session.merge(study, load=False))
        assert {theme.id: theme.name for theme in board.themes if theme.id in last} == last
        assert len(COMMENTS) == board.comments
