"""The order of themes: nobody is lost, only the theme that moves changes its place among those beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey import ordering
from survey.board import Board, Change, Decision, Discovery, Found, build

STATES = ("accept", "park", "reject", "reopen")


def board_with(themes: list[tuple[str, bool]]) -> Board:
    """Themes in states, each raised by one audience or by both."""
    found = [
        Found(n, n, f"Theme {n}", {"1": 3} if alone else {"1": 2, "2": 2})
        for n, (_state, alone) in enumerate(themes, start=1)
    ]
    names = {str(theme.number): theme.label for theme in found}
    first = Change("apply", {"run": 1, "themes": {n: int(n) for n in names}, "names": names})
    wanted = [first, *(Change(state, {"theme": n}) for n, (state, _alone) in enumerate(themes, start=1))]
    decisions = [Decision.of(change, n, "x", Decision("", {}).at) for n, change in enumerate(wanted, start=1)]
    return build(Discovery(1, tuple(found), {"1": 90, "2": 90}, 180, 0), decisions)


THEMES = st.lists(st.tuples(st.sampled_from(STATES), st.booleans()), min_size=1, max_size=12)


@given(THEMES, st.data())
def test_a_theme_goes_to_the_place_that_was_asked_for(
    themes: list[tuple[str, bool]], data: st.DataObject
) -> None:
    board = board_with(themes)
    theme = data.draw(st.sampled_from(board.themes))
    beside = [other.id for other in ordering.beside(board, theme)]
    place = data.draw(st.integers(-1, len(beside) + 2))
    order = ordering.moved(board, theme, place)
    assert sorted(order) == sorted(other.id for other in board.themes)
    here = [number for number in order if number in beside]
    assert here.index(theme.id) + 1 == min(max(place, 1), len(beside))
    beside.remove(theme.id)
    here.remove(theme.id)
    assert here == beside, "the others keep their order"


@given(THEMES, st.data())
def test_up_and_down_are_one_place(themes: list[tuple[str, bool]], data: st.DataObject) -> None:
    board = board_with(themes)
    theme = data.draw(st.sampled_from(board.themes))
    beside = [other.id for other in ordering.beside(board, theme)]
    at = beside.index(theme.id)
    for step, by in ordering.STEPS.items():
        order = [number for number in ordering.stepped(board, theme, step) if number in beside]
        assert order.index(theme.id) == min(max(at + by, 0), len(beside) - 1)


def test_only_themes_of_the_same_list_change_places() -> None:
    board = board_with([("accept", False), ("accept", True), ("reopen", False), ("accept", False)])
    first = board.find(1)
    assert first
    assert [other.id for other in ordering.beside(board, first)] == [1, 4]
    assert [n for n in ordering.moved(board, first, 2) if n in (1, 4)] == [4, 1]
