"""What the analysis is told of a board: names that differ, every state, what people placed, what goes on."""

from __future__ import annotations

from sqlalchemy.orm import Session

import analysis
from survey import changes
from survey.board import Board, BoardTheme, Change
from survey.jobs.tasks.known import decided_themes, examples, known, names_of
from survey.models import Study
from survey.services import standings
from tests.boards import add_comments, add_run, board_of, decide


def made(session: Session, study: Study, *wanted: Change) -> Board:
    add_comments(session, study)
    add_run(session, study)
    return decide(session, study, *wanted)


def test_what_nobody_decided_is_a_suggestion_of_the_run_before(session: Session, study: Study) -> None:
    board = made(session, study)
    told = known(board, standings.everywhere(session, board))
    assert (told.decisions.themes, dict(told.decisions.placed)) == ((), {})
    assert told.earlier is not None
    assert told.earlier.labels == {1: "internet; home", 2: "phone; services", 3: "pole permits"}
    assert told.earlier.placements == {
        "a1": (1,),
        "a2": (1, 2),
        "a3": (2,),
        "n1": (1,),
        "n2": (1,),
        "n3": (2, 1),
        "t1": (1,),
        "t2": (3,),
        "t3": (3,),
        "t4": (2,),
    }


def test_decided_themes_are_named_whatever_their_state(session: Session, study: Study) -> None:
    board = made(
        session,
        study,
        changes.reject(1),
        changes.park(2),
        changes.create("Made by hand"),
        changes.note("?", theme=3),
    )
    told = known(board, standings.everywhere(session, board))
    assert set(told.decisions.themes) >= {"internet; home", "phone; services", "Made by hand"}
    assert decided_themes(board) >= {1, 2, 4}


def test_what_people_placed_is_told_with_names(session: Session, study: Study) -> None:
    board = made(
        session,
        study,
        changes.assign({"a1": [2, 1], "a2": []}),
        changes.move(["late"], None, 3),
        changes.off_topic(["t1"]),
    )
    told = known(board, standings.everywhere(session, board))
    assert {c: set(names) for c, names in told.decisions.placed.items()} == {
        "a1": {"internet; home", "phone; services"},
        "a2": set(),
        "late": {"pole permits"},
        "t1": set(),
    }
    assert told.earlier is not None
    assert "t1" not in told.earlier.placements


def test_afresh_forgets_suggestions_only(session: Session, study: Study) -> None:
    board = made(session, study, changes.accept(1))
    told = known(board, standings.everywhere(session, board), afresh=True)
    assert told.earlier is not None
    assert dict(told.earlier.labels) == {1: "internet; home"}
    assert set(told.earlier.placements) == {"a1", "a2", "n1", "n2", "n3", "t1"}
    undone = decide(session, study, changes.undo(board.revision))
    assert known(undone, standings.everywhere(session, undone), afresh=True).earlier is None


def test_merged_themes_are_one_and_a_shared_name_is_told_apart(session: Session, study: Study) -> None:
    board = made(session, study, changes.merge(1, [2]), changes.reject(3), changes.rename(1, "pole permits"))
    assert sorted(names_of(board).values()) == ["pole permits", "pole permits (2)"]
    told = known(board, standings.everywhere(session, board))
    assert told.numbers == {"pole permits": 1, "pole permits (2)": 3}
    assert told.earlier is not None
    assert set(told.earlier.placements["a3"]) == {1}


def test_examples_name_what_people_filled_or_all_open_themes(session: Session, study: Study) -> None:
    board = made(session, study, changes.pin(["a1", "t2"]), changes.reject(3))
    where = standings.everywhere(session, board)
    assert set(examples(board, where, every=False).decisions.names) == {"internet; home", "pole permits"}
    every = examples(board, where, every=True).decisions.names
    assert set(every) == {"internet; home", "phone; services", "pole permits"}


def test_a_theme_found_is_known_by_its_name_or_by_its_number(session: Session, study: Study) -> None:
    board = made(session, study, changes.accept(2))
    told = known(board, standings.everywhere(session, board))

    def theme(label: str, *, named: bool, earlier: int | None) -> analysis.Theme:
        found = board.themes[0]
        assert isinstance(found, BoardTheme)
        rest = {"size": 1, "size_once": 1, "breadth": found.breadth, "stability": None}
        return analysis.Theme(1, label, (), quotes=(), by_audience={}, named=named, earlier=earlier, **rest)  # type: ignore[arg-type]

    assert told.goes_on(theme("phone; services", named=True, earlier=None)) == 2
    assert told.goes_on(theme("internet; home", named=False, earlier=1)) == 1
    assert told.goes_on(theme("something new", named=False, earlier=None)) is None


def test_a_board_without_comments_in_themes_is_no_earlier_run(session: Session, study: Study) -> None:
    board = made(session, study, changes.create("Empty"))
    assert known(board, {}).earlier is None
    assert board_of(session, study) == board
