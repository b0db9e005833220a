"""What a board counts and shows, by hand, on six comments."""

from __future__ import annotations

import time

from analysis.breadth import breadth
from benchmarks.board_model import ModelRun
from survey import changes
from survey.board import Board, BoardTheme, Change, build
from tests.board.play import Play, small


def theme(board: Board, number: int) -> BoardTheme:
    found = board.find(number)
    assert found is not None
    return found


def sizes(board: Board) -> dict[int, int]:
    return {found.id: found.size for found in board.themes}


def test_as_found() -> None:
    board = small().board()
    assert [(found.id, found.size, found.breadth.k) for found in board.themes] == [(1, 3, 2), (2, 2, 1)]
    assert [found.id for found in board.shared] == [1]
    assert [found.id for found in board.only_one_audience] == [2]
    assert (board.comments, board.unplaced, board.late, board.decisions) == (6, 2, 1, 0)
    assert (board.revision, board.next_number, board.last_edit) == (1, 3, None)


def test_a_comment_of_both_parts_counts_once_after_a_merge() -> None:
    merged = small().decide(changes.merge(2, [1]))
    (found,) = merged.themes
    assert (found.id, found.size, found.parts) == (2, 4, (102, 101))
    assert found.keywords == ("word 2", "word 1")
    assert found.quotes == ("c2", "c0", "c3", "c1")
    assert found.stability is None
    assert merged.merged == {1: 2, 2: 2}


def test_a_sub_theme_rolls_up_once_and_keeps_its_own_size() -> None:
    board = small().decide(changes.nest(2, 1))
    assert sizes(board) == {1: 4, 2: 2}
    assert [found.id for found in board.top] == [1]
    assert (theme(board, 1).members, theme(board, 2).parent) == ((1, 2), 1)
    assert theme(board, 1).by_audience == {"1": 3, "2": 1}


def test_a_rejected_or_parked_sub_theme_counts_for_nobody_above() -> None:
    for change in (changes.reject(2), changes.park(2)):
        board = small().decide(changes.nest(2, 1), change)
        assert (theme(board, 1).children, theme(board, 2).parent) == ((), None)
        assert sizes(board) == {1: 3, 2: 2}
        assert board.unplaced == 3, "c2 is in no live theme"


def test_a_sub_theme_comes_back_under_its_theme_when_it_is_opened_again() -> None:
    board = small().decide(changes.nest(2, 1), changes.reject(2), changes.reopen(2))
    assert theme(board, 2).parent == 1


def test_undoing_out_of_order_never_makes_two_levels() -> None:
    play = small()
    play.decide(changes.create("top"), changes.nest(2, 1), changes.nest(2, None), changes.nest(1, 3))
    board = play.decide(changes.undo(4))
    assert {found.id: found.parent for found in board.themes} == {1: 3, 2: 3, 3: None}
    assert theme(board, 3).size == 4


def test_a_sub_theme_of_a_theme_that_was_rejected_meanwhile_stands_alone() -> None:
    play = small()
    play.decide(changes.nest(2, 1), changes.nest(2, None), changes.reject(1))
    board = play.decide(changes.undo(3))
    assert [found.id for found in board.top] == [2]
    assert theme(board, 1).size == 3


def test_a_late_comment_counts_for_breadth_once_it_is_placed() -> None:
    board = small().decide(changes.move("c5", None, 2))
    found = theme(board, 2)
    assert (found.size, found.by_audience, board.totals) == (3, {"1": 2, "2": 1}, {"1": 3, "2": 3})
    assert board.unplaced == 1


def test_what_is_off_the_topic_counts_nowhere() -> None:
    board = small().decide(changes.off_topic(["c3", "c5"]))
    assert sizes(board) == {1: 2, 2: 1}
    assert (board.totals, board.unplaced) == ({"1": 2, "2": 2}, 1)
    assert board.off_topic == {"c3", "c5"}
    assert board.share_unplaced == 1 / 4
    assert "c3" not in theme(board, 1).quotes


def test_accepted_first_rejected_last_and_rejected_comments_are_in_no_theme() -> None:
    board = small().decide(changes.accept(2), changes.reject(1))
    assert [(found.id, found.state) for found in board.themes] == [(2, "accepted"), (1, "rejected")]
    assert board.unplaced == 4, "c3 is still in theme 2"


def test_people_order_themes_within_their_state() -> None:
    play = small()
    board = play.decide(changes.order(2, [2, 1]))
    assert [found.id for found in board.themes] == [2, 1]
    assert [found.id for found in play.decide(changes.accept(1)).themes] == [1, 2]


def test_a_moved_comment_follows_its_theme_into_a_merge_and_back() -> None:
    play = small()
    assert play.decide(changes.move("c4", None, 1), changes.merge(2, [1])).moved["c4"] == {2}
    assert play.decide(changes.undo(3)).moved["c4"] == {1}
    assert play.decide(changes.undo(2)).moved == {}


def test_splitting_puts_each_comment_where_it_was_said_and_keeps_the_rest() -> None:
    play = small()
    board = play.decide(changes.split(1, [("Left", ["c0", "c3"]), ("Right", ["c3"])]))
    assert [(found.id, found.name, found.size) for found in board.themes] == [
        (1, "Left", 3),
        (2, "theme 2", 2),
        (3, "Right", 1),
    ]
    assert board.moved == {"c0": {1}, "c3": {1, 2, 3}}, "c1 was not named and stays"
    assert theme(board, 3).quotes == ("c3",)
    assert not theme(board, 3).lost, "a theme that people just made was not lost by a run"
    assert play.decide(changes.undo(2)).themes == small().board().themes


def test_parts_of_a_sub_theme_are_sub_themes() -> None:
    board = small().decide(changes.nest(2, 1), changes.split(2, [("A", ["c2"]), ("B", ["c3"])]))
    assert theme(board, 1).children == (2, 3)


def test_a_new_theme_takes_comments_out_of_a_theme_and_its_sub_themes() -> None:
    board = small().decide(changes.nest(2, 1), changes.create("New", ["c2", "c3"], 1))
    assert sizes(board) == {1: 2, 2: 0, 3: 2}


def test_moving_out_of_a_theme_takes_out_of_its_sub_themes_too() -> None:
    board = small().decide(changes.nest(2, 1), changes.create("Other"), changes.move(["c2", "c3"], 1, 3))
    assert board.moved == {"c2": {3}, "c3": {3}}
    assert sizes(board) == {1: 2, 2: 0, 3: 2}
    board = small().decide(changes.nest(2, 1), changes.move("c3", 1, 2))
    assert board.moved == {"c3": {2}}, "down into a sub-theme"


def test_notes_go_along_into_a_merge_and_can_be_taken_away_there() -> None:
    play = small()
    board = play.decide(changes.note("One", theme=1), changes.note("Two", theme=2), changes.merge(1, [2]))
    assert [note.text for note in theme(board, 1).notes] == ["One", "Two"]
    assert [note.text for note in theme(play.decide(changes.unnote(3)), 1).notes] == ["One"]
    board = play.decide(changes.undo(4))
    assert [note.text for note in theme(board, 1).notes] == ["One"]
    assert theme(board, 2).notes == ()


def test_pinned_comments_stay_when_a_run_says_otherwise_and_released_ones_follow_it() -> None:
    play = small()
    play.decide(changes.pin(["c0", "c4"]))
    play.store(changes.apply(2, {1: 2, 2: 1}, {}))
    board = play.board()
    assert board.moved == {"c0": {1}, "c4": set()}
    assert sizes(board) == {1: 2, 2: 1}
    board = play.decide(changes.release(["c0", "c4"]))
    assert (board.moved, sizes(board)) == ({}, {1: 2, 2: 2})


def test_a_run_keeps_what_people_decided_and_drops_what_nobody_touched() -> None:
    play = small()
    play.decide(changes.accept(1), changes.move("c2", 2, 1))
    play.store(changes.apply(2, {1: 3, 2: 4}, {3: "three", 4: "four"}))
    board = play.board()
    assert [(found.id, found.size, found.lost) for found in board.themes] == [
        (1, 1, True),
        (3, 2, False),
        (4, 2, False),
    ]
    assert board.find(2) is None, "nobody decided about it"
    assert board.moved == {"c2": {1}}
    assert play.decide(changes.undo(4)).run == 1


def test_a_run_that_starts_afresh_leaves_the_decisions_behind_until_it_is_undone() -> None:
    play = small()
    before = play.decide(changes.accept(1), changes.move("c2", 2, 1), changes.off_topic("c4"))
    change = changes.apply(2, {1: 3, 2: 4}, {3: "three", 4: "four"})
    play.store(Change("apply", {**change.details, "afresh": True}))
    board = play.board()
    assert [found.id for found in board.themes] == [3, 4]
    assert not board.moved
    assert not board.off_topic
    assert play.decide(changes.undo(5)).themes == before.themes


def test_comments_that_are_gone_leave_their_decisions_without_effect() -> None:
    play = small()
    play.store(changes.move("gone", None, 1))
    assert sizes(play.board()) == sizes(small().board())


def test_forty_themes_cost_little() -> None:
    audiences = {f"c{n}": str(n % 12) for n in range(5_000)}
    boxes = {
        t: frozenset(f"c{n}" for n in range(5_000) if t in (n % 40 + 1, n * 7 % 40 + 1)) for t in range(1, 41)
    }
    play = Play.of(audiences, ModelRun(1, boxes, frozenset()))
    found = play.discovery()
    breadth.cache_clear()
    spent = []
    for _ in range(2):
        start = time.process_time()
        build(found, play.log)
        spent.append(time.process_time() - start)
    assert spent[0] < 1, f"{spent[0]:.2f} s when nothing is known"
    assert spent[1] < 0.2, f"{spent[1]:.2f} s when the breadths are"
