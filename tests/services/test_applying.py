"""How runs come onto the board: what people decided stays, the rest follows the run."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Board
from survey.errors import NotFound, Refusal
from survey.models import AuditRow, Candidate, Placement, Study
from survey.services import applying
from survey.services import board as boards
from tests.boards import LABELS, add_comments, add_run, board_of, decide

BY = "planner@office.example"


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    add_comments(session, study)
    return add_run(session, study)


def put(session: Session, study: Study, number: int) -> Board:
    """Put a run onto the board as a planner does."""
    board = board_of(session, study)
    change = applying.onto(board, applying.run_of(session, study, number))
    return boards.decide(session, study, change, board.revision, BY)


def shown(board: Board) -> list[tuple[int, str, str, int, bool]]:
    return [(theme.id, theme.name, theme.state, theme.size, theme.lost) for theme in board.themes]


def test_the_first_run_comes_by_itself_and_later_ones_wait(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    add_run(session, study, number=2)
    board = board_of(session, study)
    assert (board.revision, boards.run_of_board(session, study).number) == (1, 1)  # type: ignore[union-attr]
    assert [run.number for run in boards.runs_of(session, study)] == [2, 1]
    assert session.scalars(select(AuditRow.action)).all().count("themes.apply") == 1


def test_decisions_stay_and_what_nobody_touched_follows_the_run(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(
        session,
        study,
        changes.rename(1, "Internet"),
        changes.accept(1),
        changes.move(["a4", "t1"], None, 1),
        changes.reject(2),
        changes.off_topic("x1"),
    )
    add_run(session, study, number=2, goes_on={2: 1})
    board = put(session, study, 2)
    # Candidate 2 (a2 a3 n3 t4) goes on as theme 1, which keeps a4 and t1; candidates 1 and 3 are new.
    assert shown(board) == [
        (1, "Internet", "accepted", 6, False),
        (4, LABELS[1], "new", 5, False),
        (5, f"{LABELS[3]} (2)" if board.find(3) else LABELS[3], "new", 2, False),
        (2, LABELS[2], "rejected", 0, True),
    ]
    assert board.moved == {"a4": {1}, "t1": {1}}
    assert board.off_topic == {"x1"}
    assert (board.decisions, board.last_edit.kind) == (6, "apply")  # type: ignore[union-attr]


def test_a_candidate_goes_on_as_what_its_theme_was_merged_into(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.merge(1, [2]))
    add_run(session, study, number=2, goes_on={1: 1, 2: 2, 3: 3})
    board = put(session, study, 2)
    assert [(theme.id, theme.size) for theme in board.themes] == [(1, 8), (3, 2)]


def test_going_back_to_a_run_gives_the_same_themes(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.accept(1))
    before = board_of(session, study)
    add_run(session, study, number=2)
    put(session, study, 2)
    back = put(session, study, 1)
    assert back.find(1) == before.find(1)
    assert {theme.id for theme in back.themes} == {1, 2, 3}


def test_undoing_that_a_run_came_brings_everything_back(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    before = decide(session, study, changes.accept(1), changes.move("a1", 1, 3))
    add_run(session, study, number=2)
    on = put(session, study, 2)
    back = decide(session, study, changes.undo(on.revision))
    assert (back.themes, back.run, back.moved) == (before.themes, before.run, before.moved)
    again = decide(session, study, changes.redo(on.revision))
    assert (again.themes, again.run) == (on.themes, on.run)


def test_a_run_whose_coming_was_undone_can_come_again(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    add_run(session, study, number=2)
    on = put(session, study, 2)
    decide(session, study, changes.undo(on.revision), changes.accept(1))
    board = put(session, study, 2)
    assert boards.run_of_board(session, study).number == 2  # type: ignore[union-attr]
    assert sorted(theme.size for theme in board.themes if not theme.lost) == [2, 4, 6]


def test_a_run_collides_with_whatever_was_decided_meanwhile(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    add_run(session, study, number=2)
    board = board_of(session, study)
    change = applying.onto(board, applying.run_of(session, study, 2))
    decide(session, study, changes.note("Text", comment="a1"))
    with pytest.raises(boards.Overtaken):
        boards.decide(session, study, change, board.revision, BY)
    put(session, study, 2)
    with pytest.raises(boards.Overtaken) as told:
        boards.decide(session, study, changes.accept(1), 2, BY)
    assert [decision.kind for decision in told.value.since] == ["apply"]


def test_a_preview_of_a_run_is_the_board_that_comes(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.accept(1), changes.move("a4", None, 1))
    add_run(session, study, number=2, goes_on={3: 3})
    change = applying.onto(board_of(session, study), applying.run_of(session, study, 2))
    preview = boards.preview(session, study, change)
    assert board_of(session, study).run != preview.run
    board = put(session, study, 2)
    assert (board.themes, board.unplaced, board.run) == (preview.themes, preview.unplaced, preview.run)


def test_names_of_new_themes_are_free(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, changes.rename(1, LABELS[2].upper() + " (2)"), changes.reject(3))
    run_two = add_run(session, study, number=2)
    session.execute(update(Candidate).where(Candidate.number == 1).values(label="x" * 300))
    session.expire_all()
    board = put(session, study, 2)
    assert len(run_two) == 3
    names = [theme.name.casefold() for theme in board.themes]
    assert len(names) == len(set(names))
    assert max(map(len, names)) == 200


def test_a_run_that_would_bring_a_second_theme_of_a_name_is_refused_until_it_is_free(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    add_run(session, study, number=2, goes_on={1: 1})
    put(session, study, 2)
    assert board_of(session, study).find(2) is None
    # Theme 2 left the board with its run; meanwhile somebody calls another theme so.
    decide(session, study, changes.rename(4, "Phones"), changes.rename(1, LABELS[2]))
    with pytest.raises(Refusal, match="Two themes would then be called"):
        put(session, study, 1)
    decide(session, study, changes.rename(1, "Internet"))
    assert put(session, study, 1).find(2) is not None


def test_runs_of_other_studies_and_unknown_ones_are_not_found(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    for number in (0, -1, 3, 2**31):
        with pytest.raises(NotFound):
            applying.run_of(session, study, number)


def test_placements_of_all_runs_stay(session: Session, study: Study, themes: dict[int, int]) -> None:
    rows = len(session.scalars(select(Placement)).all())
    add_run(session, study, number=2)
    put(session, study, 2)
    assert len(session.scalars(select(Placement)).all()) == 2 * rows
