"""Whatever is decided, in whatever order, over several runs: the board is what the plain model says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.board_model import Model, differences, intended, standing
from benchmarks.board_wishes import Wisher
from survey import changes
from survey.board import Board, Change, above, build, in_force
from survey.board.kinds import KINDS
from survey.board.rules import undoable
from survey.errors import NotFound, Refusal
from tests.board.play import Play

SEQUENCES = st.integers(0, 2**32)
PLACING = {"move", "create", "split", "assign", "pin"}


def steps(play: Play, luck: random.Random, number: int) -> Iterator[Board]:
    """Wish for so many things; yields the board after each decision."""
    board = play.board()
    for _ in range(number):
        if luck.random() < 0.08:
            wanted = play.applying(luck)
        else:
            wanted = Wisher(luck, board, list(play.audiences)).wish()
        seen = board.revision - luck.choice((0, 0, 0, 1, 2))
        before, model = len(play.log), play.model()
        try:
            board = play.decide(wanted, seen=seen)
        except (Refusal, NotFound):
            assert len(play.log) == before
            continue
        if len(play.log) > before:
            check_placed(model, play.log[-1])
            yield board


def check_placed(model: Model, stored: Change) -> None:
    """A decision about where comments belong says so of each, as it was meant."""
    if stored.kind in PLACING:
        assert {c: frozenset(themes or ()) for c, themes in stored.comments} == dict(intended(model, stored))


def check(play: Play, board: Board) -> None:
    assert in_force(play.log) == standing(play.log)
    assert list(differences(board, play.model(), play.candidates())) == []
    # Comments that need not be known one by one change nothing when they are.
    known = build(play.discovery(set(play.audiences)), play.log)
    assert (known.themes, known.unplaced, known.totals) == (board.themes, board.unplaced, board.totals)
    assert build(play.discovery(), list(play.log)) == board
    assert undoable(play.log) == {d.number for d in in_force(play.log)[1:] if not above(play.log, d.number)}
    states = [("accepted", "new", "parked", "rejected").index(theme.state) for theme in board.themes]
    assert states == sorted(states)


@settings(max_examples=150, deadline=None)
@given(SEQUENCES)
def test_any_decisions_over_any_runs_agree_with_the_plain_model(seed: int) -> None:
    luck = random.Random(seed)
    play = Play.drawn(luck)
    check(play, play.board())
    for board in steps(play, luck, 20):
        check(play, board)


@settings(max_examples=60, deadline=None)
@given(SEQUENCES)
def test_undo_and_redo_lead_back(seed: int) -> None:
    luck = random.Random(seed)
    play = Play.drawn(luck)
    for board in steps(play, luck, 10):
        for number in sorted(undoable(play.log)):
            try:
                play.decide(changes.undo(number))
            except Refusal:
                continue  # its name was taken
            play.decide(changes.redo(number))
            again = play.board()
            assert shown(again) == shown(board)
            del play.log[-2:]


def shown(board: Board) -> tuple[object, ...]:
    """All of a board but its history."""
    return (
        board.run, board.themes, board.unplaced, board.totals, board.home, board.merged, board.moved,
        board.off_topic, board.axes, board.codes, board.quote_states, board.comment_notes, board.confirmed,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(SEQUENCES)
def test_undoing_everything_from_the_newest_leads_to_the_board_as_found(seed: int) -> None:
    luck = random.Random(seed)
    play = Play.drawn(luck)
    found = play.board()
    for _board in steps(play, luck, 15):
        pass
    while last := play.board().last_edit:
        assert last.number == max(d.number for d in in_force(play.log))
        play.decide(changes.undo(last.number))
    end = play.board()
    assert end.themes == found.themes
    assert (end.unplaced, +Counter(end.totals)) == (found.unplaced, +Counter(found.totals))
    assert not end.moved
    assert not end.off_topic


@settings(max_examples=40, deadline=None)
@given(SEQUENCES)
def test_numbers_of_themes_are_never_given_twice(seed: int) -> None:
    luck = random.Random(seed)
    play = Play.drawn(luck)
    given_out = [play.board().next_number]
    for board in steps(play, luck, 20):
        given_out.append(board.next_number)
        made = [thing for d in play.log for thing in KINDS[d.kind].creates(d) if isinstance(thing, int)]
        assert len(made) == len(set(made))
    assert all(earlier <= later for earlier, later in pairwise(given_out))


def test_the_walk_makes_every_kind_of_decision() -> None:
    """Otherwise the tests above would prove less than they seem to."""
    made = Counter[str]()
    for seed in range(40):
        luck = random.Random(seed)
        play = Play.drawn(luck)
        for _board in steps(play, luck, 40):
            pass
        made.update(decision.kind for decision in play.log[1:])
    assert made.keys() == KINDS.keys(), KINDS.keys() - made.keys()
