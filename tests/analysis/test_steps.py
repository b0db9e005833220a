"""The steps between words and themes, on inputs small enough to know the answer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_matrix

from analysis.arrays import unit
from analysis.assign import Rule, assign, joined
from analysis.choose import modularity, number_of_themes
from analysis.cluster import (
    Neighbourhood,
    centres,
    diffusion,
    group,
    nearest,
    neighbour_count,
    neighbourhood,
    refine,
    spread,
    tie,
)
from analysis.corpus import read
from analysis.features import decompose, fit_space, weigh, word_association
from analysis.label import Tally, keywords, likelihood_ratio, names
from analysis.layout import lay_out
from analysis.pipeline import discover
from analysis.quotes import pick
from analysis.stability import matched, stability
from analysis.text import words
from analysis.types import Comment, NothingToGroup, Options
from tests.analysis.corpus_of_notes import purity, study


def blobs(groups: int, each: int, width: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    """Make points of length one around `groups` directions at right angles, and the group of each."""
    random = np.random.default_rng(groups)
    truth = np.repeat(np.arange(groups), each)
    points = np.eye(groups + 4)[truth] + random.normal(0, width, (groups * each, groups + 4))
    return unit(points), truth


def same_division(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = {*zip(one.tolist(), other.tolist(), strict=True)}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@pytest.mark.parametrize("size", [7, 60, 1_200])
def test_nearest_agrees_with_a_plain_search(size: int) -> None:
    points = unit(np.random.default_rng(size).normal(size=(size, 8)))
    likeness = points @ points.T
    np.fill_diagonal(likeness, -2)
    count = min(4, size - 1)
    found, values = nearest(points, points, count, itself=True)
    np.testing.assert_allclose(values, -np.sort(-likeness, axis=1)[:, :count], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(likeness, found, axis=1), values, atol=1e-6)
    assert not (found == np.arange(size)[:, None]).any()
    assert (nearest(points[:3], points, 1)[0].ravel() == np.arange(3)).all()


def test_nearest_breaks_ties_by_number() -> None:
    same = np.ones((6, 1), dtype=np.float32)
    assert nearest(same[:1], same, 6)[0].tolist() == [[0, 1, 2, 3, 4, 5]]


@pytest.mark.parametrize(("points", "count"), [(2, 1), (3, 1), (9, 1), (10, 2), (100, 20), (10_000, 20)])
def test_how_many_neighbours(points: int, count: int) -> None:
    assert neighbour_count(points) == count


def test_ties_go_both_ways_and_near_neighbours_count_more() -> None:
    points, _ = blobs(4, 30)
    found, similarity = nearest(points, points, 12, itself=True)
    graph = tie(found, similarity)
    assert (graph != graph.T).nnz == 0
    assert graph.data.min() > 0
    one_way = tie(np.array([[1, 2], [0, 2], [0, 1]]), np.ones((3, 2))).toarray()
    np.testing.assert_allclose(one_way[0], [0, 2 * (1 / 5 + 1 / 10 + 1 / 20), 2 * (1 / 5 + 1 / 10 + 1 / 20)])
    assert tie(np.array([[1], [0]]), np.full((2, 1), -1.0)).data.min() > 0


def test_averaging_draws_groups_together() -> None:
    points, truth = blobs(4, 40, width=0.3)
    drawn = neighbourhood(points, 0).average(points)
    before, after = (centres(p, truth)[truth] * p for p in (points, drawn))
    assert after.sum(axis=1).mean() > before.sum(axis=1).mean() + 0.1
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)


def ring(cliques: int, size: int) -> csr_matrix:
    """Tie cliques in a ring: a connected graph of which many eigenvalues are equal."""
    graph = block_diag([np.ones((size, size)) - np.eye(size)] * cliques).tolil()
    for clique in range(cliques):
        one, other = clique * size, (clique + 1) % cliques * size
        graph[one, other] = graph[other, one] = 0.01
    return csr_matrix(graph)


@pytest.mark.parametrize("size", [12, 60, 300])
@pytest.mark.parametrize("parts", [2, 5, 12])
def test_parts_that_nothing_ties_together_lie_apart(parts: int, size: int) -> None:
    """The search for eigenvectors on its own finds only some of those that share a value."""
    graph = csr_matrix(block_diag([np.ones((size, size)) - np.eye(size)] * parts))
    axes = diffusion(graph, seed=0)
    truth = np.repeat(np.arange(parts), size)
    assert same_division(truth, group(axes, parts, seed=0, starts=4))
    likeness = axes @ axes.T
    inside = truth[:, None] == truth
    assert likeness[inside].min() > 0.99
    assert likeness[~inside].max() < 0.01


def test_more_parts_than_axes_are_told_apart() -> None:
    graph = csr_matrix(block_diag([np.ones((8, 8)) - np.eye(8)] * 70))
    axes = diffusion(graph, seed=0)
    assert same_division(np.repeat(np.arange(70), 8), group(axes, 70, seed=0, starts=8))


@pytest.mark.parametrize("cliques", [10, 60])
def test_eigenvectors_are_the_same_again(cliques: int) -> None:
    graph = ring(cliques, 30)
    assert diffusion(graph, 3).tobytes() == diffusion(graph, 3).tobytes()
    assert diffusion(graph, 0).shape == (30 * cliques, 40)


def test_large_groups_are_found_as_well_as_small_ones() -> None:
    """The finer the ties of many points are, the farther the walk must go to see the whole."""
    comments = study(4_000, telling=2, around=4)
    assert purity(comments, discover(comments, Options(themes=5, resamples=0))) >= 0.98


def test_grouping_finds_the_groups_and_makes_no_empty_ones() -> None:
    points, truth = blobs(4, 30)
    assert same_division(truth, group(points, 4, seed=0, starts=3))
    few = group(np.repeat(points[:2], 10, axis=0), 7, seed=0, starts=1)
    assert sorted(set(few.tolist())) == [0, 1]
    assert group(points, 1, seed=0, starts=2).tolist() == [0] * 120


def test_starting_points_keep_those_given_and_differ() -> None:
    points, _ = blobs(4, 30)
    found = spread(points, points[:2], 6, np.random.default_rng(0))
    assert found[:2].tolist() == points[:2].tolist()
    assert len(np.unique(found, axis=0)) == len(found) == 6


def test_refining_keeps_what_is_fixed() -> None:
    points, truth = blobs(3, 20)
    fixed = np.full(60, -1)
    fixed[[0, 1, 59]] = [2, 2, 0]
    found, _ = refine(points, centres(points, truth), fixed)
    assert (found[0], found[1], found[59]) == (2, 2, 0)
    assert (found[2:20] == 0).mean() > 0.8
    _, rough = refine(points, points[:3], rounds=1)
    _, fine = refine(points, points[:3])
    assert fine <= rough


@pytest.mark.parametrize("groups", [3, 6, 10])
@pytest.mark.parametrize("granularity", ["few", "balanced", "many"])
def test_the_number_of_themes_follows_the_groups(groups: int, granularity: str) -> None:
    places = neighbourhood(blobs(groups, 40)[0], 0)
    number = number_of_themes(places, 30, granularity, 0)  # type: ignore[arg-type]
    allowed = {"few": (0.5, 1.7), "balanced": (0.66, 2.7), "many": (0.9, 5)}[granularity]
    assert allowed[0] * groups <= number <= allowed[1] * groups


def test_finer_means_more_themes_and_never_more_than_allowed() -> None:
    places = neighbourhood(blobs(12, 30, width=0.4)[0], 0)
    few, balanced, many = (number_of_themes(places, 30, finely, 0) for finely in ("few", "balanced", "many"))
    assert few <= balanced <= many
    assert few < many
    assert number_of_themes(places, 4, "many", 0) <= 4
    assert number_of_themes(neighbourhood(blobs(2, 2)[0], 0), 30, "many", 0) == 2


def test_modularity_prefers_the_groups_that_are_there() -> None:
    points, truth = blobs(4, 30)
    graph = neighbourhood(points, 0).graph

    def of(groups: np.ndarray) -> float:
        member = (groups[:, None] == np.arange(groups.max() + 1)).astype(float)
        return modularity(member.T @ (graph @ member), 1)

    assert of(truth) > of(truth // 2)
    assert of(truth) > of(np.random.default_rng(0).permutation(truth)) + 0.3
    assert of(np.zeros(120, dtype=int)) == pytest.approx(0)


def space_of(texts: list[str]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    corpus = read([Comment(str(n), text, language="en") for n, text in enumerate(texts)], 2)
    space = fit_space(corpus, 1_000, seed=0)
    stems = [corpus.stems[column] for column in space.columns]
    return space.rarity, dict(zip(stems, unit(space.company), strict=True))


def test_the_space_knows_words_by_the_company_they_keep() -> None:
    texts = [
        "bus late winter",
        "tram late winter",
        "bus late snow",
        "tram late snow",
        "tax high bill",
        "tax high rate",
    ]
    texts += [f"{text} {extra}" for text in texts for extra in ("kerb", "lawn")]
    _, company = space_of(texts)
    assert company["bus"] @ company["tram"] > company["bus"] @ company["tax"] + 0.2


def test_words_of_one_text_alone_do_not_count_and_rare_ones_count_more() -> None:
    rarity, company = space_of(["bus late", "bus park", "bus late tree", "unique bus"])
    assert "uniqu" not in company
    assert set(company) == {"bus", "late"}
    assert rarity[list(company).index("late")] > rarity[list(company).index("bus")]
    with pytest.raises(NothingToGroup, match=r"^The 2 different comments share no words"):
        space_of(["bus late", "park tree"])


def test_weights_are_those_of_the_formula() -> None:
    counts = csr_matrix(np.array([[1.0, 3.0], [0.0, 2.0], [0.0, 0.0]]))
    found = weigh(counts, np.array([2.0, 1.0], dtype=np.float32)).toarray()
    first = np.array([2.0, 1 + np.log(3)])
    np.testing.assert_allclose(found, [first / np.linalg.norm(first), [0, 1], [0, 0]], rtol=1e-5)


def test_association_stays_within_a_text_and_a_window() -> None:
    tokens = np.arange(14)
    found = word_association(tokens, np.array([0] * 12 + [1, 1]), 14).toarray()
    assert found[0, 1] > 0
    assert found[0, 10] > 0
    assert found[0, 11] == 0, "eleven words on"
    assert found[11, 12] == 0, "in another text"
    assert found[12, 13] > found[0, 1], "they keep no other company"
    assert word_association(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 3).nnz == 0


def test_the_decomposition_agrees_with_the_exact_one() -> None:
    matrix = np.random.default_rng(0).normal(size=(60, 4)) @ np.random.default_rng(1).normal(size=(4, 30))
    values, vectors = decompose(csr_matrix(matrix), 4, seed=0)
    exact = np.linalg.svd(matrix)
    np.testing.assert_allclose(values, exact[1][:4], rtol=1e-3)
    np.testing.assert_allclose(np.abs(np.sum(vectors * exact[2][:4].T, axis=0)), 1, rtol=1e-3)


def test_points_are_directions_and_names_lie_among_their_texts() -> None:
    texts = ["The library opens late", "Longer library hours", "Potholes in the road", "Mend the road"] * 6
    comments = [
        Comment(str(n), f"{text} {'abcdef'[n // 4]}{n // 4}x", language="en") for n, text in enumerate(texts)
    ]
    corpus = read(comments, 2)
    layout = lay_out(comments, corpus, None, 1_000, seed=0)
    points = layout.points(np.arange(len(corpus)))
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, atol=1e-5)
    name, nothing = layout.texts(["Library", "Qqq"], "en")
    about = np.array(["library" in comments[example].text.lower() for example in corpus.examples])
    assert (points @ name)[about].min() > (points @ name)[~about].max()
    assert not nothing.any()
    blocks = list(layout.blocks(np.arange(len(corpus))))
    np.testing.assert_allclose(np.concatenate([part for _, part in blocks]), points, atol=1e-5)


def test_a_second_theme_needs_nearly_the_score_of_the_first() -> None:
    scores = np.array(
        [[0.8, 0.1, 0.1], [0.5, 0.46, 0.0], [0.5, 0.44, 0.0], [0.1, 0.2, 0.9]], dtype=np.float32
    )
    found = assign(scores, np.ones(4, dtype=bool), Rule(second=0.9, far=0))
    assert found.first.tolist() == [0, 0, 0, 2]
    assert found.second.tolist() == [-1, 1, -1, -1]
    np.testing.assert_allclose(found.weights[1], [0.5, 0.46])
    assert found.members(0).tolist() == [0, 1, 2]


def test_what_is_equally_far_from_all_is_nowhere_up_to_a_share() -> None:
    clear, vague = [0.9, 0.1, 0.1], [0.34, 0.33, 0.33]
    all_known = np.ones(20, dtype=bool)
    few = assign(np.array([clear] * 19 + [vague], dtype=np.float32), all_known, Rule())
    assert few.first.tolist() == [0] * 19 + [-1]
    assert few.best.tolist() == [0] * 20
    scores = np.array([clear] * 10 + [vague] * 10, dtype=np.float32)
    scores[10:, 0] += np.arange(10) * 0.001
    assert (assign(scores, all_known, Rule(most_nowhere=0.1)).first < 0).sum() <= 2
    unknown = assign(np.array([clear] * 2, dtype=np.float32), np.array([True, False]), Rule())
    assert unknown.first.tolist() == [0, -1]


def test_groups_found_otherwise_come_first_and_one_theme_takes_all_unless_told() -> None:
    scores = np.array([[0.6, 0.58], [0.9, 0.8]], dtype=np.float32)
    found = assign(scores, np.ones(2, dtype=bool), Rule(second=0.8, far=-9), np.array([1, -1]))
    assert (found.first.tolist(), found.second.tolist()) == ([1, 0], [0, 1])
    alone = np.array([[0.9], [0.8], [0.1], [0.0]], dtype=np.float32)
    known = np.array([True, True, True, False])
    assert assign(alone, known, Rule()).first.tolist() == [0, 0, 0, -1]
    assert assign(alone, known, Rule(alone=1.0, most_nowhere=0.4)).first.tolist() == [0, 0, -1, -1]


def test_parts_are_put_together_in_the_order_of_texts() -> None:
    one = assign(np.array([[1.0, 0.0]], dtype=np.float32), np.ones(1, dtype=bool), Rule(far=0))
    other = assign(np.array([[0.0, 1.0]] * 2, dtype=np.float32), np.ones(2, dtype=bool), Rule(far=0))
    assert joined([one, other]).ordered(np.array([1, 2, 0])).first.tolist() == [1, 0, 1]


@pytest.mark.parametrize("each", [30, 700])
def test_stability_tells_firm_groups_from_arbitrary_ones_at_any_size(each: int) -> None:
    points, truth = blobs(4, each)
    firm = stability(points, truth, 4, 3, 0)
    arbitrary = stability(points, np.random.default_rng(1).permutation(truth), 4, 3, 0)
    assert min(value for value in firm if value is not None) >= 0.95
    assert max(value for value in arbitrary if value is not None) <= 0.4
    assert stability(points, truth, 4, 0, 0) == [None] * 4
    assert stability(points, truth, 5, 3, 0)[4] is None
    assert stability(points, truth, 4, 3, 0) == firm


def test_groups_are_matched_one_to_one() -> None:
    old, new = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 0, 0, 0, 1])
    assert matched(old, new, 2).round(2).tolist() == [0.6, 0.33]


def tally(*themes: list[str]) -> Tally:
    """Count texts, all their words being known."""
    made = Tally()
    for theme, texts in enumerate(themes):
        for text in texts:
            made.add(text, "en", theme, {word.stem for word in words(text)})
    return made


def test_names_use_the_spelling_people_use() -> None:
    made = tally(
        ["Extend the Green Line", "the Green Line is slow", "GREEN LINE NOW", "The cost of living is high"]
        * 3,
        ["Plant trees", "Trees need water", "More trees"] * 3,
    )
    first, second = names(made, 2)
    assert first.startswith("Green Line")
    assert second.startswith("trees")


def test_names_are_distinct_even_without_any_difference() -> None:
    same = ["fix the road", "mend the road"]
    found = names(tally(same, same, same), 3)
    assert len(set(found)) == 3
    assert all(found)


def test_keywords_put_what_marks_a_theme_first() -> None:
    made = tally(["city bus late", "city bus slow"], ["city park green", "city park quiet"])
    assert keywords(made, 0, 2)[0] == "bus"
    assert "city" not in keywords(made, 1, 1)


def test_likelihood_ratio_of_independent_events_is_nothing() -> None:
    assert likelihood_ratio(25, 50, 50, 100) == pytest.approx(0, abs=1e-6)
    assert likelihood_ratio(50, 50, 50, 100) > 100


def test_quotes_leave_out_copies_and_put_readable_ones_first() -> None:
    said = [
        Comment("short", "library hours"),
        Comment("first", "The library should open on Sunday afternoon", "staff"),
        Comment("copy", "The library should open on Sunday afternoon!", "public"),
        Comment("long", "library " + " ".join(f"word{number}" for number in range(100)), "public"),
        Comment("other", "I would use the library after work", "public"),
    ]
    assert pick(said, 9) == ("first", "other", "short", "long")


def test_a_neighbourhood_of_two_points() -> None:
    places = neighbourhood(np.eye(2, dtype=np.float32), 0)
    assert isinstance(places, Neighbourhood)
    assert np.isfinite(places.axes).all()
    assert places.axes.shape[0] == 2
