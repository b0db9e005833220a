"""The map of the comments: islands, likeness, samples, and what has no extent."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis import Comment, Options, discover
from analysis.corpus import read
from analysis.layout import lay_out
from analysis.map import LEAST, MapOptions, Spot, layout
from analysis.map_places import ASPECT, arrange, theme_centres
from analysis.vectors import backend
from tests.analysis.corpus_of_notes import SUBJECTS, idea_of, notes, study

THEMES = {subject: number for number, subject in enumerate(SUBJECTS, 1)}
Array = NDArray[Any]


def by_subject(comments: Sequence[Comment]) -> list[tuple[int, ...]]:
    """Every comment of `study` in the theme of its subject."""
    return [(THEMES[idea_of(comment.id)],) for comment in comments]


def places_of(spots: Sequence[Spot]) -> Array:
    return np.array([[spot.x * ASPECT, spot.y] for spot in spots])


def nearest_spots(places: Array, count: int = 10) -> Array:
    distances = np.square(places[:, None] - places[None]).sum(axis=-1)
    np.fill_diagonal(distances, np.inf)
    return np.asarray(distances.argsort(axis=1, kind="stable")[:, :count])


def trust(vectors: Array, places: Array, count: int = 10) -> float:
    """Trustworthiness: whether neighbours on the map are neighbours (Venna & Kaski 2001); 0 to 1."""
    distances = -(vectors @ vectors.T)
    np.fill_diagonal(distances, np.inf)
    rank = distances.argsort(axis=1, kind="stable").argsort(axis=1)
    far = np.maximum(np.take_along_axis(rank, nearest_spots(places, count), axis=1) - count + 1, 0).sum()
    size = len(vectors)
    return float(1 - 2 / (size * count * (2 * size - 3 * count - 1)) * far)


def vectors_of(comments: Sequence[Comment], spots: Sequence[Spot]) -> Array:
    """The points that the analysis itself has for the comments on a map; zeros where it has none."""
    corpus = read(comments, 1)
    laid = lay_out(comments, corpus, backend("table"), 20_000, 0)
    row = {comment.id: document for comment, document in zip(comments, corpus.rows.tolist(), strict=True)}
    found = np.array([row[spot.id] for spot in spots])
    return np.asarray(laid.points(np.maximum(found, 0)) * (found >= 0)[:, None])


def principal(vectors: Array) -> Array:
    left, length, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    return np.asarray(left[:, :2] * length[:2])


def share_beside_own(spots: Sequence[Spot]) -> float:
    """Of the ten spots nearest to each that is in a theme, the share that is in the same one."""
    themes = np.array([spot.theme or 0 for spot in spots])
    same = themes[nearest_spots(places_of(spots))] == themes[:, None]
    return float(same[themes > 0].mean())


@pytest.fixture(scope="module")
def drawn() -> tuple[list[Comment], tuple[Spot, ...]]:
    comments = study(600)
    return comments, layout(comments, by_subject(comments))


def test_themes_are_islands(drawn: tuple[list[Comment], tuple[Spot, ...]]) -> None:
    _, spots = drawn
    assert share_beside_own(spots) > 0.95
    themes, places = np.array([spot.theme for spot in spots]), places_of(spots)
    middles = np.array([places[themes == theme].mean(axis=0) for theme in THEMES.values()])
    nearest = np.square(places[:, None] - middles[None]).sum(axis=-1).argmin(axis=1) + 1
    assert (nearest == themes).mean() > 0.95


def test_neighbours_are_kept(drawn: tuple[list[Comment], tuple[Spot, ...]]) -> None:
    comments, spots = drawn
    vectors = vectors_of(comments, spots)
    kept = trust(vectors, places_of(spots))
    assert kept > 0.8
    assert kept > trust(vectors, principal(vectors)) + 0.05
    assert trust(vectors, np.random.default_rng(0).random((len(spots), 2))) < 0.55


@pytest.mark.parametrize("name", ["durham_youth", "goboston2030"])
def test_real_comments(real: Callable[[str], list[Comment]], name: str) -> None:
    comments = real(name)
    result = discover(comments, Options(resamples=0))
    start = time.process_time()
    spots = layout(comments, [[placed.theme for placed in found] for found in result.placements])
    spent = time.process_time() - start
    vectors = vectors_of(comments, spots)
    kept = trust(vectors, places_of(spots))
    assert kept > 0.88
    assert kept > trust(vectors, principal(vectors)) + 0.1
    assert share_beside_own(spots) > 0.85
    assert {spot.theme for spot in spots} == {theme.id for theme in result.themes} | {None}
    assert spent < 5  # one or two seconds, of which half is the reading


def test_like_themes_lie_near_each_other() -> None:
    """Two pairs of themes that share a direction: the partners are each other's nearest."""
    random_ = np.random.default_rng(3)
    directions = np.array([[1, 0, 0.4, 0], [1, 0, -0.4, 0], [0, 1, 0, 0.4], [0, 1, 0, -0.4]])
    points = np.repeat(directions, 40, axis=0) + random_.normal(0, 0.12, (160, 4))
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    weights = np.repeat(np.eye(4), 40, axis=0)
    drawn = (arrange(points, weights, 0) * [ASPECT, 1]).reshape(4, 40, 2).mean(axis=1)
    for places in (theme_centres(points, weights), drawn):
        assert nearest_spots(places, 1).ravel().tolist() == [1, 0, 3, 2]


def test_a_comment_of_two_themes_lies_between_them() -> None:
    points, weights = np.repeat(np.eye(2, dtype=np.float32), 30, axis=0), np.repeat(np.eye(2), 30, axis=0)
    points = np.vstack([points, np.full((1, 2), 0.5**0.5, dtype=np.float32)])
    places = arrange(points, np.vstack([weights, [[0.5, 0.5]]]), 0)
    left, right = sorted((places[:30, 0].mean(), places[30:60, 0].mean()))
    assert left + 0.1 < places[60, 0] < right - 0.1


def test_the_order_of_the_comments_does_not_matter(drawn: tuple[list[Comment], tuple[Spot, ...]]) -> None:
    comments, spots = drawn
    shuffled = random.Random(1).sample(comments, len(comments))
    assert layout(shuffled, by_subject(shuffled)) == spots
    assert layout(comments, by_subject(comments)) == spots
    few = MapOptions(most=100)
    assert layout(shuffled, by_subject(shuffled), few) == layout(comments, by_subject(comments), few)


def test_another_seed_is_another_map(drawn: tuple[list[Comment], tuple[Spot, ...]]) -> None:
    comments, spots = drawn
    other = layout(comments, by_subject(comments), MapOptions(seed=1))
    assert {spot.id for spot in other} == {spot.id for spot in spots}
    assert other != spots
    assert share_beside_own(other) > 0.95


def test_a_sample_has_every_theme_and_their_shares() -> None:
    comments = study(400)
    placements: list[tuple[int, ...]] = [(1,)] * 240 + [(2,)] * 120 + [()] * 30 + [(3,)] * 7 + [(1, 4)] * 3
    spots = layout(comments, placements, MapOptions(most=100))
    number = Counter(spot.theme for spot in spots)
    assert len(spots) == len({spot.id for spot in spots}) == 100
    assert number[3] == LEAST
    assert number[None] in range(LEAST, 10)
    assert number[1] in range(55, 66)
    assert number[2] in range(25, 33)
    shown = {spot.id for spot in spots}
    assert {comment.id for comment in comments[397:]} <= shown  # theme 4, though it is nobody's first
    fewest = layout(comments, placements, MapOptions(most=4))
    assert {spot.theme for spot in fewest} == {1, 2, 3, None}


def test_themes_are_in_order_and_those_of_none_last(drawn: tuple[list[Comment], tuple[Spot, ...]]) -> None:
    comments, _ = drawn
    placements = [() if number % 4 == 0 else theme for number, theme in enumerate(by_subject(comments))]
    spots = layout(comments, placements)
    assert len(spots) == len(comments)
    themes = [spot.theme for spot in spots]
    assert themes == sorted(themes, key=lambda theme: (theme is None, theme or 0))
    assert themes.count(None) == 150
    assert share_beside_own([spot for spot in spots if spot.theme]) > 0.95


def test_what_has_no_words_goes_with_its_theme_or_is_left_out() -> None:
    comments = [*notes(), Comment("void", ""), Comment("odd", "?!"), Comment("home", "")]
    ideas = sorted({idea_of(comment.id) for comment in notes()})
    placements = [(ideas.index(idea_of(comment.id)),) for comment in notes()]
    spots = {spot.id: spot for spot in layout(comments, [*placements, (), (), (ideas.index("trash"),)])}
    assert spots.keys() == {comment.id for comment in comments} - {"void", "odd"}
    trash = [spot for spot in spots.values() if spot.theme == ideas.index("trash") and spot.id != "home"]
    middle, home = places_of(trash).mean(axis=0), places_of([spots["home"]])[0]
    assert np.linalg.norm(home - middle) < 0.25


@pytest.mark.parametrize(
    ("texts", "placements", "shown"),
    [
        ([], [], 0),
        (["", "?"], [(), ()], 0),
        (["one road"], [(1,)], 1),
        (["one road", "two trains"], [(1,), (2,)], 2),
        (["one road", "two trains"], [(), ()], 2),
        (["the same road"] * 9, [(1,)] * 9, 9),
        (["the same road"] * 9, [(1,), (2,), ()] * 3, 6),  # nothing is read, so themes alone decide
        (["", "?", "!"], [(1,), (1,), (2,)], 3),
        (["zzq"] * 30 + ["xxj"] * 30, [(1,)] * 60, 60),
        (["road"] * 300 + ["train"] * 300, [(1,)] * 300 + [(1, 2)] * 300, 600),
    ],
)
def test_small_and_equal_things_have_a_place_of_their_own(
    texts: list[str], placements: list[tuple[int, ...]], shown: int
) -> None:
    comments = [Comment(str(number), text) for number, text in enumerate(texts)]
    spots = layout(comments, placements)
    assert len(spots) == shown
    assert all(0 <= value <= 1 for spot in spots for value in (spot.x, spot.y))
    assert len({(spot.x, spot.y) for spot in spots}) == len(spots)


def test_spots_do_not_cover_each_other(drawn: tuple[list[Comment], tuple[Spot, ...]]) -> None:
    _, spots = drawn
    places = places_of(spots)
    distance = np.linalg.norm(places - places[nearest_spots(places, 1).ravel()], axis=1)
    assert np.quantile(distance, 0.02) > 0.3 * (ASPECT / len(spots)) ** 0.5
    assert np.ptp(places / [ASPECT, 1], axis=0).max() == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(0, 5))
def test_any_points_have_places(seed: int, size: int, themes: int) -> None:
    draw = np.random.default_rng(seed)
    points = draw.normal(size=(size, 3)) * (draw.random((size, 1)) < 0.8)
    length = np.linalg.norm(points, axis=1, keepdims=True)
    weights = np.zeros((size, themes))
    if themes:
        weights[np.arange(size), draw.integers(0, themes, size)] = draw.random(size) < 0.7
    places = arrange((points / np.where(length > 0, length, 1)).astype(np.float32), weights, seed)
    assert places.shape == (size, 2)
    assert ((places >= 0) & (places <= 1)).all()
    assert len(np.unique(places.round(4), axis=0)) == size


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"most": 0}, r"^most must be a whole number from 1 to 5,000, not 0\.$"),
        ({"most": 5001}, r"^most must be a whole number from 1 to 5,000, not 5001\.$"),
        ({"most": True}, r"^most must be"),
        ({"seed": -1}, r"^seed must be a whole number from 0 to 4,294,967,295, not -1\.$"),
        ({"seed": 1.5}, r"^seed must be"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        MapOptions(**options)


def test_every_comment_needs_its_placements() -> None:
    with pytest.raises(ValueError, match=r"^90 comments need as many placements, not 1\.$"):
        layout(notes(), [()])
