"""Drawing: repeatable, in proportion, each theme seen, and nothing told by the order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sampling import Drawable, Spread, draw, shares

POOL = [
    Drawable(f"c{n:03}", n % 10 // 6 or None, frozenset({n % 7} if n % 7 < 4 else set())) for n in range(200)
]
drawables = st.lists(
    st.builds(
        Drawable,
        st.text("abcdef", min_size=1, max_size=6),
        st.none() | st.integers(1, 5),
        st.frozensets(st.integers(1, 6), max_size=3),
    ),
    max_size=60,
    unique_by=lambda comment: comment.id,
)


@given(drawables, st.integers(1, 70), st.integers(0, 2**31 - 1), st.booleans(), st.booleans())
def test_every_draw(comments: list[Drawable], size: int, seed: int, audiences: bool, themes: bool) -> None:
    spread = Spread(size, seed, audiences, tuple(range(1, 7)) if themes else ())
    drawn = draw(comments, spread)
    assert len(set(drawn)) == len(drawn) == min(size, len(comments))
    assert set(drawn) <= {comment.id for comment in comments}
    assert draw(reversed(comments), spread) == drawn, "the order in which comments come does not matter"
    held = frozenset[int]().union(*(comment.themes for comment in comments))
    if themes and len(held) <= size:
        seen = frozenset[int]().union(*(comment.themes for comment in comments if comment.id in drawn))
        assert seen == held


def test_another_seed_draws_others() -> None:
    assert draw(POOL, Spread(40, 1)) != draw(POOL, Spread(40, 2))


def test_audiences_are_drawn_in_proportion() -> None:
    drawn = draw(POOL, Spread(50, 3, audiences=True))
    audiences = Counter(comment.audience for comment in POOL if comment.id in drawn)
    assert audiences == {None: 30, 1: 20}, "as 120 to 80"


def test_a_rare_theme_is_seen_more_than_once_and_audiences_stay_in_proportion() -> None:
    rare = [Drawable(f"r{n}", 1, frozenset({9})) for n in range(6)]
    drawn = draw([*POOL, *rare], Spread(50, 3, audiences=True, themes=(0, 1, 2, 3, 9)))
    themes = Counter(theme for c in [*POOL, *rare] if c.id in drawn for theme in c.themes)
    assert min(themes.values()) >= 5
    audiences = Counter(comment.audience for comment in [*POOL, *rare] if comment.id in drawn)
    assert audiences == {None: 29, 1: 21}, "as 120 to 86"


def test_the_order_does_not_tell_the_theme() -> None:
    """Comments drawn because of their theme are not the first ones that coders see."""
    rare = {f"r{n}" for n in range(5)}
    pool = [*POOL, *(Drawable(id, 1, frozenset({9})) for id in rare)]
    places = []
    for seed in range(60):
        drawn = draw(pool, Spread(50, seed, themes=(9,)))
        places += [drawn.index(id) for id in rare if id in drawn]
    assert 21 < sum(places) / len(places) < 28, "the middle of 0 to 49 is 24.5"


@given(st.dictionaries(st.integers(1, 40), st.integers(1, 400), min_size=1), st.integers(1, 500))
def test_shares_add_up_and_stay_near_the_proportion(sizes: dict[int, int], total: int) -> None:
    everything = sum(sizes.values())
    total = min(total, everything)
    places = shares(sizes, total)
    assert sum(places.values()) == total
    assert all(0 <= places[group] <= sizes[group] for group in sizes)
    if total >= len(sizes):
        assert min(places.values()) >= 1
    else:
        assert max(places[g] - total * sizes[g] / everything for g in sizes) < 1


@pytest.mark.parametrize(
    ("sizes", "total", "places"),
    [
        ({1: 70, 2: 20, 3: 10}, 10, {1: 7, 2: 2, 3: 1}),
        ({1: 980, 2: 10, 3: 10}, 10, {1: 8, 2: 1, 3: 1}),
        ({None: 5, 1: 5}, 3, {1: 2, None: 1}),
        ({1: 3, 2: 3}, 1, {1: 1, 2: 0}),
    ],
)
def test_shares_by_hand(sizes: dict[int | None, int], total: int, places: dict[int | None, int]) -> None:
    assert shares(sizes, total) == places
