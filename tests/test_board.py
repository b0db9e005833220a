"""The board against a plain model that keeps every comment of every theme in a set."""

from __future__ import annotations

import copy
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breadth import breadth
from survey import changes
from survey.board import (
    STATE_AFTER,
    Board,
    Change,
    Decision,
    Discovery,
    Found,
    Placed,
    build,
    comments_named,
    in_force,
)
from survey.errors import NotFound, Refusal

AT = datetime(2026, 3, 14, tzinfo=UTC)


@dataclass
class World:
    """Comments with their audience and candidates; `late` ones came after the run."""

    placed: dict[str, Placed]
    themes: int

    def discovery(self, named: set[str]) -> Discovery:
        """What the services hand over: counts, and only the comments that are needed one by one."""
        in_run = {comment: placed for comment, placed in self.placed.items() if not placed.late}
        return Discovery(
            run=1,
            candidates=tuple(self._candidate(theme) for theme in range(1, self.themes + 1)),
            totals=Counter(placed.audience for placed in in_run.values()),
            comments=len(in_run),
            unplaced=sum(not placed.candidates for placed in in_run.values()),
            late=len(self.placed) - len(in_run),
            placed={c: p for c, p in self.placed.items() if len(p.candidates) > 1 or c in named},
        )

    def _candidate(self, theme: int) -> Found:
        members = {c: p.audience for c, p in self.placed.items() if theme in p.candidates}
        return Found(
            theme, f"theme {theme}", Counter(members.values()), (f"word {theme}",), tuple(members)[:3], 0.5
        )


@dataclass
class Model:
    """The board as a child would keep it: a box of comments per theme."""

    boxes: dict[int, set[str]]
    names: dict[int, str]
    states: dict[int, str]
    before: list[Model] = field(default_factory=list)

    @classmethod
    def of(cls, world: World) -> Model:
        themes = range(1, world.themes + 1)
        boxes = {t: {c for c, p in world.placed.items() if t in p.candidates} for t in themes}
        return cls(boxes, {t: f"theme {t}" for t in themes}, dict.fromkeys(themes, "new"))

    def do(self, change: Change) -> None:
        self.before.append(replace(copy.deepcopy(self), before=[]))
        details = change.details
        if change.kind == "rename":
            self.names[details["theme"]] = details["name"]
        elif change.kind == "merge":
            for theme in details["from"]:
                self.boxes[details["into"]] |= self.boxes.pop(theme)
        elif change.kind == "move":
            for theme, act in ((details["from"], set.discard), (details["to"], set.add)):
                if theme is not None:
                    act(self.boxes[theme], details["comment"])
        else:
            self.states[details["theme"]] = STATE_AFTER[change.kind]

    def undo(self) -> None:
        last = self.before.pop()
        self.boxes, self.names, self.states = last.boxes, last.names, last.states


@st.composite
def worlds(draw: st.DrawFn) -> World:
    themes = draw(st.integers(1, 5))
    candidates = st.frozensets(st.integers(1, themes), max_size=2)
    number = draw(st.integers(1, 14))
    placed = {}
    for comment in range(number):
        found = draw(candidates)
        audience = draw(st.sampled_from(["1", "2", "3", ""]))
        placed[f"c{comment}"] = Placed(audience, found, late=not found and draw(st.booleans()))
    return World(placed, themes)


WISHES = st.tuples(
    st.sampled_from(["accept", "reject", "reopen", "rename", "merge", "move", "undo"]),
    *[st.integers(0, 30)] * 3,
)


def wished(world: World, board: Board, wish: tuple[str, int, int, int]) -> Change:
    """Any change, sensible or not, out of a few numbers."""
    kind, one, two, three = wish
    themes: list[int] = [theme.id for theme in board.themes]
    maybe = [*themes, None]
    first, second = themes[one % len(themes)], themes[two % len(themes)]
    if kind == "rename":
        return changes.rename(first, f"name {two}")
    if kind == "merge":
        return changes.merge(first, [first, second, themes[three % len(themes)]])
    if kind == "move":
        return changes.move(f"c{one % len(world.placed)}", maybe[two % len(maybe)], maybe[three % len(maybe)])
    if kind == "undo":
        return changes.undo(board.last_edit.number if board.last_edit else 0)
    return Change(kind, {"theme": first})  # type: ignore[arg-type]


def allowed(world: World, board: Board, change: Change) -> bool:
    if change.kind == "undo":
        return board.last_edit is not None
    try:
        changes.check(board, change)
        if change.kind == "move":
            changes.check_comment(board, world.discovery(set(world.placed)), change)
    except Refusal:
        return False
    return not changes.is_done(board, change)


def assert_same(board: Board, model: Model, world: World) -> None:
    assert {t.id: (t.name, t.state) for t in board.themes} == {
        t: (model.names[t], model.states[t]) for t in model.boxes
    }
    for theme in board.themes:
        expected = Counter(world.placed[comment].audience for comment in model.boxes[theme.id])
        assert (theme.size, dict(theme.by_audience)) == (len(model.boxes[theme.id]), dict(expected))
        keys = sorted(key for key in board.totals if key)
        counts = tuple(expected[key] for key in keys)
        assert theme.breadth == breadth(counts, tuple(board.totals[key] for key in keys))
        assert set(theme.quotes) <= model.boxes[theme.id]
    for comment, placed in world.placed.items():
        themes = {theme.id for theme in board.themes_of(comment, placed.candidates)}
        assert themes == {theme for theme, box in model.boxes.items() if comment in box}, comment
    live = set().union(*(box for theme, box in model.boxes.items() if model.states[theme] != "rejected"))
    assert board.unplaced == len(world.placed.keys() - live)
    assert board.comments == len(world.placed)


@settings(max_examples=250, deadline=None)
@given(worlds(), st.lists(WISHES, max_size=14))
def test_any_decisions_and_undos_agree_with_the_plain_model(world: World, wishes: list[Any]) -> None:
    decisions: list[Decision] = []
    model = Model.of(world)
    board = build(world.discovery(set()), [])
    for wish in wishes:
        change = wished(world, board, wish)
        if not allowed(world, board, change):
            continue
        decisions.append(Decision(change.kind, change.details, len(decisions) + 1, "planner", AT))
        model.undo() if change.kind == "undo" else model.do(change)
        named = comments_named(decisions)
        board = build(world.discovery(named), decisions)
        assert_same(board, model, world)
        assert board.revision == len(decisions)
        # Comments that need not be known one by one change nothing when they are.
        assert build(world.discovery(set(world.placed)), decisions).themes == board.themes
        standing = build(world.discovery(named), in_force(decisions))
        assert (standing.themes, standing.unplaced) == (board.themes, board.unplaced)
    while board.last_edit:
        undo = changes.undo(board.last_edit.number)
        decisions.append(Decision("undo", undo.details, len(decisions) + 1, "planner", AT))
        board = build(world.discovery(comments_named(decisions)), decisions)
    untouched = build(world.discovery(set()), [])
    assert (board.themes, board.unplaced) == (untouched.themes, untouched.unplaced)


def small() -> World:
    """Theme 1 of two groups, theme 2 of one; c3 is in both; c4 in none; c5 came late."""
    one, two, both = frozenset({1}), frozenset({2}), frozenset({1, 2})
    placed = [("1", one), ("2", one), ("1", two), ("1", both), ("2", frozenset()), ("2", frozenset())]
    return World({f"c{n}": Placed(a, c, late=n == 5) for n, (a, c) in enumerate(placed)}, 2)


def decided(*wanted: Change) -> Board:
    decisions = [Decision(c.kind, c.details, n, "planner", AT) for n, c in enumerate(wanted, start=1)]
    return build(small().discovery(comments_named(decisions)), decisions)


def test_as_found() -> None:
    board = decided()
    assert [(theme.id, theme.size, theme.breadth.k) for theme in board.themes] == [(1, 3, 2), (2, 2, 1)]
    assert [theme.id for theme in board.shared] == [1]
    assert [theme.id for theme in board.only_one_audience] == [2]
    assert (board.comments, board.unplaced, board.late) == (6, 2, 1)


def test_a_comment_of_both_parts_counts_once_after_a_merge() -> None:
    (theme,) = decided(changes.merge(2, [1])).themes
    assert (theme.id, theme.size, theme.parts) == (2, 4, (2, 1))
    assert theme.keywords == ("word 2", "word 1")
    assert theme.quotes == ("c2", "c0", "c3", "c1")
    assert theme.stability is None


def test_a_late_comment_counts_for_breadth_once_it_is_placed() -> None:
    board = decided(changes.move("c5", None, 2))
    theme = board.find(2)
    assert theme is not None
    assert (theme.size, theme.by_audience, board.totals) == (3, {"1": 2, "2": 1}, {"1": 3, "2": 3})
    assert board.unplaced == 1


def test_accepted_first_rejected_last_and_rejected_comments_are_in_no_theme() -> None:
    board = decided(Change("accept", {"theme": 2}), Change("reject", {"theme": 1}))
    assert [(theme.id, theme.state) for theme in board.themes] == [(2, "accepted"), (1, "rejected")]
    assert board.unplaced == 4, "c3 is still in theme 2"


def test_a_moved_comment_follows_its_theme_into_a_merge_and_back() -> None:
    moved, merged = changes.move("c4", None, 1), changes.merge(2, [1])
    assert decided(moved, merged).moved["c4"] == {2}
    assert decided(moved, merged, changes.undo(2)).moved["c4"] == {1}
    assert decided(moved, merged, changes.undo(2), changes.undo(1)).moved == {}


def test_a_comment_that_is_gone_leaves_its_move_without_effect() -> None:
    assert decided(changes.move("gone", None, 1)).themes == decided().themes


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (changes.rename(1, " \t\n"), "needs a name"),
        (changes.rename(1, "x" * 5000), "5000 characters"),
        (changes.rename(1, "THEME 2"), "Another theme is called"),
        (changes.merge(1, [1]), "with itself"),
        (changes.merge(1, []), "with itself"),
        (changes.move("c0", 1, 1), "there already"),
        (changes.move("c4", None, None), "there already"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(change: Change, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        changes.check(decided(), change)


def test_rejected_themes_take_part_in_nothing_until_they_are_opened_again() -> None:
    reject = Change("reject", {"theme": 2})
    for change in (changes.merge(1, [2]), changes.merge(2, [1]), changes.move("c0", 1, 2)):
        with pytest.raises(Refusal, match="Open it again"):
            changes.check(decided(reject), change)
        changes.check(decided(reject, Change("reopen", {"theme": 2})), change)


def test_themes_that_are_not_there_are_not_found() -> None:
    for change in (
        Change("accept", {"theme": 9}),
        changes.rename(9, "x"),
        changes.merge(1, [9]),
        changes.move("c0", 1, 9),
    ):
        with pytest.raises(NotFound):
            changes.check(decided(), change)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=1+1", "Reliable\x00 inter\r\nnet", "  a   b "]
)
def test_names_are_kept_as_text_on_one_line(text: str) -> None:
    name = changes.rename(1, text).details["name"]
    assert name == " ".join(text.replace("\0", " ").split())


def test_forty_themes_cost_little() -> None:
    placed = {f"c{n}": Placed(str(n % 12), frozenset({n % 40 + 1, n * 7 % 40 + 1})) for n in range(5_000)}
    found = World(placed, 40).discovery(set())
    breadth.cache_clear()
    spent = []
    for _ in range(2):
        start = time.process_time()
        build(found, [])
        spent.append(time.process_time() - start)
    assert spent[0] < 1, f"{spent[0]:.2f} s when nothing is known"
    assert spent[1] < 0.2, f"{spent[1]:.2f} s when the breadths are"
