"""Undo and redo: what stands in the way, what comes back; when two decisions collide."""

from __future__ import annotations

import pytest

from survey import changes
from survey.board import Change, above, blocking_redo, collide
from survey.board.deciding import Overtaken
from survey.board.rules import undoable
from survey.errors import NotFound, Refusal
from tests.board.play import small


def numbers(decisions: object) -> list[int]:
    return [decision.number for decision in decisions]  # type: ignore[attr-defined]


def test_any_decision_can_be_undone_that_nothing_builds_on() -> None:
    play = small()
    play.decide(changes.accept(1), changes.accept(2), changes.rename(1, "One"), changes.move("c4", None, 2))
    assert undoable(play.log) == {3, 4, 5}
    with pytest.raises(Refusal, match="Undo those first"):
        play.decide(changes.undo(2))
    board = play.decide(changes.undo(3))
    assert [(theme.id, theme.state) for theme in board.themes] == [(1, "accepted"), (2, "new")]
    assert board.moved == {"c4": {2}}


def test_what_a_decision_made_keeps_it_from_being_undone() -> None:
    play = small()
    play.decide(changes.create("New", ["c0"]), changes.move("c4", None, 3), changes.note("Text", theme=3))
    assert numbers(above(play.log, 2)) == [3, 4]
    play.decide(changes.undo(4), changes.undo(3))
    assert play.decide(changes.undo(2)).find(3) is None
    assert play.decide(changes.create("Another", ["c0"])).find(4) is not None, "a number is not given twice"


def test_a_run_is_in_the_way_of_everything_before_it() -> None:
    play = small()
    play.decide(changes.accept(1), changes.apply(2, {1: 1, 2: 2}, {}), changes.note("Text", theme=1))
    assert undoable(play.log) == {4}
    assert numbers(above(play.log, 2)) == [3]
    assert numbers(above(play.log, 3)) == [4], "even a note may speak of the run"


def test_the_first_run_cannot_be_undone() -> None:
    play = small()
    with pytest.raises(NotFound):
        play.decide(changes.undo(1))


def test_undoing_twice_is_one_undo_and_standing_decisions_are_not_redone() -> None:
    play = small()
    play.decide(changes.accept(1), changes.undo(2), changes.undo(2))
    assert len(play.log) == 3
    play.decide(changes.redo(2), changes.redo(2))
    assert len(play.log) == 4
    play.decide(changes.accept(2))
    with pytest.raises(Refusal, match="stands already"):
        play.decide(changes.redo(5))
    with pytest.raises(NotFound):
        play.decide(changes.redo(3))


def test_undone_decisions_come_back_in_turn() -> None:
    play = small()
    play.decide(changes.rename(1, "A"), changes.rename(1, "B"), changes.undo(3), changes.undo(2))
    with pytest.raises(Refusal, match="Decide anew"):
        play.decide(changes.redo(3))
    assert play.board().redoable == play.log[1]
    board = play.decide(changes.redo(2), changes.redo(3))
    assert (board.find(1).name, board.redoable) == ("B", None)  # type: ignore[union-attr]
    play.decide(changes.undo(3), changes.undo(2), changes.redo(2), changes.undo(2), changes.redo(2))
    assert play.decide(changes.redo(3)).find(1).name == "B"  # type: ignore[union-attr]


def test_what_was_decided_since_is_in_the_way_of_a_redo() -> None:
    play = small()
    play.decide(changes.rename(1, "A"), changes.undo(2), changes.rename(1, "B"))
    assert numbers(blocking_redo(play.log, 2)) == [4]
    assert play.board().redoable is None
    with pytest.raises(Refusal, match="Decide anew"):
        play.decide(changes.redo(2))
    play.decide(changes.undo(4))
    assert play.board().redoable == play.log[3], "what was decided on a board without the first"
    with pytest.raises(Refusal, match="Decide anew"):
        play.decide(changes.redo(2))


def test_a_run_that_came_since_is_in_the_way_of_a_redo() -> None:
    play = small()
    play.decide(changes.accept(1), changes.undo(2), changes.apply(2, {1: 1, 2: 2}, {}))
    with pytest.raises(Refusal, match="Decide anew"):
        play.decide(changes.redo(2))


def test_undo_that_was_overtaken_tells_by_what() -> None:
    play = small()
    play.decide(changes.rename(1, "A"), changes.rename(1, "B"))
    with pytest.raises(Overtaken) as told:
        play.decide(changes.undo(2), seen=2)
    assert numbers(told.value.since) == [3]


def test_stale_decisions_collide_only_over_the_same_thing() -> None:
    play = small()
    play.decide(changes.accept(1))
    with pytest.raises(Overtaken) as told:
        play.decide(changes.reject(1), seen=1)
    assert (numbers(told.value.since), told.value.can_still) == ([2], True)
    play.decide(changes.reject(2), seen=1)
    play.decide(changes.undo(2))
    with pytest.raises(Overtaken) as told:
        play.decide(changes.rename(1, "A"), seen=3)
    assert numbers(told.value.since) == [4], "undoing alters what it undoes"


def test_merging_both_ways_at_once_is_told() -> None:
    play = small()
    play.decide(changes.merge(1, [2]))
    with pytest.raises(Overtaken) as told:
        play.decide(changes.merge(2, [1]), seen=1)
    assert (numbers(told.value.since), told.value.can_still) == ([2], False)
    assert [theme.id for theme in play.board().themes] == [1]


@pytest.mark.parametrize(
    ("before", "change", "since"),
    [
        ([changes.merge(1, [2])], changes.move("c0", 1, 2), [2]),
        ([changes.merge(1, [2])], changes.note("Text", theme=2), [2]),
        ([changes.create("New"), changes.undo(2)], changes.move("c0", 1, 3), [3]),
        ([changes.apply(2, {1: 3, 2: 4}, {3: "x", 4: "y"})], changes.accept(1), [2]),
    ],
)
def test_a_theme_that_is_gone_is_told_with_what_took_it(
    before: list[Change], change: Change, since: list[int]
) -> None:
    for seen in (1, 9):
        play = small()
        play.decide(*before)
        with pytest.raises(Overtaken) as told:
            play.decide(change, seen=seen)
        assert (numbers(told.value.since), told.value.can_still) == (since, False)


def test_a_run_and_a_decision_made_at_once_collide_both_ways() -> None:
    run = changes.apply(2, {1: 1, 2: 2}, {})
    for first, second in (
        (run, changes.accept(1)),
        (changes.accept(1), run),
        (run, changes.note("x", theme=1)),
    ):
        play = small()
        play.decide(first)
        with pytest.raises(Overtaken):
            play.decide(second, seen=1)


def test_what_is_so_already_is_not_done_twice() -> None:
    wanted = [
        changes.accept(1), changes.rename(2, "Two"), changes.describe(1, {"definition": "x"}),
        changes.order(1, [2, 1]), changes.nest(2, 1), changes.office(1, 3, "Parks"),
        changes.move("c4", None, 1), changes.pin("c1"), changes.off_topic("c5"), changes.on_topic("c5"),
        changes.release("c1"), changes.assign({"c2": [1, 2]}), changes.axis(1, "Scope", [(1, "City")]),
        changes.code(1, 1, "c0"), changes.quote("c0", "cleared", [(0, 3)]),
        changes.confirm("run 1", "renamed", ["Old"], [1]), changes.note("Text", theme=1), changes.unnote(18),
        changes.nest(2, None), changes.create("New", ["c5"]), changes.create("Empty"),
        changes.split(1, [("A", ["c0"]), ("B", ["c1"])]), changes.merge(1, [2]),
    ]  # fmt: skip
    play = small()
    for change in wanted:
        revision = play.decide(change).revision
        twice = play.decide(change, seen=1).revision
        assert twice == revision + (change.kind == "note"), "two notes at once are two notes"
        if change.kind == "note":
            play.decide(changes.undo(twice))
    # What was said since is told, though the first is there.
    with pytest.raises(Overtaken):
        play.decide(changes.split(1, [("A", ["c0"]), ("C", ["c1"])]), seen=1)


def test_two_notes_at_once_are_two_notes_and_do_not_collide() -> None:
    play = small()
    play.decide(changes.note("One", theme=1), changes.note("Two", theme=1), changes.unnote(2))
    assert [note.text for note in play.board().find(1).notes] == ["Two"]  # type: ignore[union-attr]
    assert not collide(changes.note("a", theme=1), changes.note("b", theme=1))
    assert not collide(changes.describe(1, {"definition": "x"}), changes.rename(1, "x"))
    assert collide(changes.describe(1, {}, "x"), changes.rename(1, "x"))


def test_taking_a_note_away_and_a_code_off_can_be_undone() -> None:
    play = small()
    play.decide(changes.axis(1, "Scope", [(1, "City"), (2, "State")]), changes.code(1, 2, "c0"))
    board = play.decide(changes.axis(1, "Scope", [(1, "City")]))
    assert board.codes == {1: {}}, "the code is gone, and so is what it said"
    assert play.decide(changes.undo(4)).codes == {1: {"c0": 2}}
    play.decide(changes.note("Text", comment="c0"), changes.unnote(6))
    assert play.board().comment_notes == {}
    assert [n.text for n in play.decide(changes.undo(7)).comment_notes["c0"]] == ["Text"]
