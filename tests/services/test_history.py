"""The history as people read it: names of the time, what was undone, what can be undone, of one theme."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from survey import changes
from survey.board import Change
from survey.board.kinds import KINDS
from survey.board.kinds import of as kind_of
from survey.errors import Refusal
from survey.models import Study
from survey.services import applying, history
from survey.services import board as boards
from survey.services.history import Line
from tests.boards import LABELS, add_comments, add_run, board_of, decide


@pytest.fixture
def themes(session: Session, study: Study) -> dict[int, int]:
    add_comments(session, study)
    return add_run(session, study)


def lines(session: Session, study: Study, wanted: Change | None = None) -> list[Line]:
    return history.lines(session, study, board_of(session, study), wanted)


def sentence(line: Line) -> str:
    return kind_of(line.decision).told(line.decision, line.names)


def test_names_are_those_of_the_time(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, changes.rename(1, "Net"), changes.rename(1, "Internet"), changes.undo(3))
    decide(session, study, changes.accept(1), by="other@office.example")
    told = lines(session, study, changes.merge(2, [1]))
    assert [line.names.get(1) for line in told] == ["Net", "Net", None, "Net", LABELS[1], None]
    assert [line.undone for line in told] == [False, False, False, True, False, False]
    assert told[2].turns is not None
    assert told[2].turns.decision == told[3].decision
    assert told[1].decision.by == "other@office.example"
    assert told[0].names == {1: "Net", 2: LABELS[2]}


def test_redone_names_come_back(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, changes.rename(1, "Net"), changes.undo(2), changes.redo(2), changes.accept(1))
    told = lines(session, study)
    assert told[0].names[1] == "Net"
    assert [(line.decision.kind, line.undone) for line in told] == [
        ("accept", False), ("redo", False), ("undo", False), ("rename", False), ("apply", False),
    ]  # fmt: skip
    assert history.last(board_of(session, study), 4).themes == {1}


def test_what_can_be_undone_can(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(
        session,
        study,
        changes.accept(1),
        changes.rename(1, "Net"),
        changes.create("New", ["a1"]),
        changes.move("a4", None, 4),
        changes.note("Text", theme=2),
        changes.reject(3),
        changes.undo(7),
    )
    told = lines(session, study)
    free = {line.decision.number for line in told if line.can_undo}
    assert free == {3, 5, 6}
    for line in told:
        number = line.decision.number
        if line.can_undo:
            decide(session, study, changes.undo(number), changes.redo(number))
        elif line.decision.kind not in ("undo", "apply") and not line.undone:
            with pytest.raises(Refusal):
                decide(session, study, changes.undo(number))


def test_the_lines_of_a_theme_are_also_those_of_what_was_merged_into_it(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    board = decide(
        session, study, changes.rename(2, "Phones"), changes.accept(3), changes.merge(1, [2]), changes.undo(3)
    )
    theme = board.find(1)
    assert theme is not None
    about = history.of_theme(lines(session, study), theme, board)
    assert [line.decision.kind for line in about] == ["merge", "rename"], "and not that the run came"
    other = board.find(3)
    assert other is not None
    assert [line.decision.kind for line in history.of_theme(lines(session, study), other, board)] == [
        "undo",
        "accept",
    ]


def test_each_line_knows_its_run(session: Session, study: Study, themes: dict[int, int]) -> None:
    decide(session, study, changes.accept(1))
    add_run(session, study, number=2)
    onto = applying.onto(board_of(session, study), applying.run_of(session, study, 2))
    decide(session, study, onto, changes.accept(4))
    told = [(line.run, line.decision.kind) for line in lines(session, study)]
    assert told == [(2, "accept"), (1, "apply"), (1, "accept"), (1, "apply")]


def test_every_kind_of_decision_is_told_in_words(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    wanted = [
        changes.order(2, [2, 1, 3]), changes.accept(1), changes.reject(3), changes.reopen(3), changes.park(3),
        changes.rename(1, "Net"), changes.describe(1, {"definition": "x"}),
        changes.describe(1, {}, "Internet"),
        changes.nest(2, 1), changes.nest(2, None), changes.office(1, 1, "Parks"),
        changes.office(1, None), changes.confirm("run 1", "renamed", ["Old"], [1]),
        changes.split(1, [("A", ["a1"]), ("B", ["n1", "n2"])]), changes.create("New", ["a4", "t1"]),
        changes.merge(1, [2]), changes.move("a4", 5, 1), changes.move(["a4", "t1"], 1, None),
        changes.move("a4", None, 1), changes.assign({"a4": [], "n4": [1]}), changes.pin(["t2"]),
        changes.release(["t2", "a4"]), changes.off_topic("x1"), changes.on_topic("x1"),
        changes.axis(1, "Scope", [(1, "City")]), changes.code(1, 1, "a1", "City"),
        changes.code(1, None, "a1"),
        changes.quote("a1", "cleared", [(0, 2)]), changes.quote("a1", "refused"), changes.quote("a1", "open"),
        changes.note("Text", theme=1), changes.note("Text", comment="a1"), changes.unnote(32),
    ]  # fmt: skip
    for number, change in enumerate(wanted, start=2):
        assert decide(session, study, change).revision == number, change
    told = [line for line in lines(session, study) if line.decision.kind not in ("undo", "redo")]
    assert {line.decision.kind for line in told} == KINDS.keys() - {"undo", "redo"}
    said = [sentence(line) for line in told]
    assert all(
        words and not words.endswith(".") and "%" not in words and "None" not in words for words in said
    )
    assert "Moved a comment from “New” to “A”" in said
    assert "Took 2 comments out of “A”" in said
    assert "Split “Internet” into “A”, “B”" in said
    assert f"Merged “{LABELS[2]}” into “A”" in said
    assert said[-1] == "Run 1 came onto the board"


def test_what_somebody_wants_is_told_before_it_is_made(
    session: Session, study: Study, themes: dict[int, int]
) -> None:
    decide(session, study, changes.accept(1))
    for change, words in (
        (changes.create("New", ["a1"]), "Made the theme “New”"),
        (changes.split(1, [("A", ["a1"]), ("B", ["n1"])]), f"Split “{LABELS[1]}” into “A”, “B”"),
        (changes.move("a1", 1, 2), f"Moved a comment from “{LABELS[1]}” to “{LABELS[2]}”"),
    ):
        assert sentence(lines(session, study, change)[0]) == words
    undo = lines(session, study, changes.undo(2))[0]
    assert undo.turns is not None
    assert sentence(undo.turns) == f"Accepted “{LABELS[1]}”"
    assert boards.newest_revision(session, study) == 2
