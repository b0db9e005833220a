"""The steps between words and themes, on inputs small enough to know the answer."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.assign import assign
from analysis.choose import modularity, neighbour_graph, number_of_themes
from analysis.cluster import centres, group, nearest, smooth
from analysis.features import fit_space
from analysis.label import Tally, keywords, likelihood_ratio, names
from analysis.quotes import pick
from analysis.stability import stability
from analysis.types import Comment


def blobs(groups: int, each: int, spread: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    """Make points of length one around `groups` directions at right angles, and the group of each."""
    random = np.random.default_rng(groups)
    truth = np.repeat(np.arange(groups), each)
    points = np.eye(groups + 4)[truth] + random.normal(0, spread, (groups * each, groups + 4))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), truth


def test_nearest_agrees_with_a_plain_search_across_blocks() -> None:
    points = blobs(5, 500)[0]
    likeness = points @ points.T
    np.fill_diagonal(likeness, -1)
    found = nearest(points, points, 4, itself=True)
    values = np.take_along_axis(likeness, found, axis=1)
    np.testing.assert_allclose(values, -np.sort(-likeness, axis=1)[:, :4], atol=1e-6)
    assert not (found == np.arange(len(points))[:, None]).any()


def test_nearest_breaks_ties_by_number() -> None:
    same = np.ones((6, 1), dtype=np.float32)
    assert nearest(same[:1], same, 6).tolist() == [[0, 1, 2, 3, 4, 5]]


def test_smoothing_draws_groups_together() -> None:
    points, truth = blobs(4, 40, spread=0.3)
    drawn = smooth(points, nearest(points, points, 10, itself=True))
    before, after = (centres(p, truth)[truth] * p for p in (points, drawn))
    assert after.sum(axis=1).mean() > before.sum(axis=1).mean() + 0.1
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)


def test_grouping_finds_the_groups_and_makes_no_empty_ones() -> None:
    points, truth = blobs(4, 30)
    found = group(points, 4, seed=0, starts=3)
    assert len({*zip(truth.tolist(), found.tolist(), strict=True)}) == 4
    few = group(np.repeat(points[:2], 10, axis=0), 7, seed=0, starts=1)
    assert sorted(set(few.tolist())) == [0, 1]


@pytest.mark.parametrize("groups", [3, 6, 10])
def test_the_number_of_themes_is_near_the_truth(groups: int) -> None:
    points, _ = blobs(groups, 40)
    steps: list[float] = []
    assert abs(number_of_themes(points, 30, 0, steps.append) - groups) <= groups / 3
    assert steps == sorted(steps)


def test_modularity_prefers_the_groups_that_are_there() -> None:
    points, truth = blobs(4, 30)
    graph = neighbour_graph(nearest(points, points, 5, itself=True))
    assert (graph != graph.T).nnz == 0
    assert modularity(graph, truth) > modularity(graph, truth // 2)
    assert modularity(graph, truth) > modularity(graph, np.random.default_rng(0).permutation(truth)) + 0.3


def test_the_space_knows_words_by_the_company_they_keep() -> None:
    documents = [
        "bus late winter",
        "tram late winter",
        "bus late snow",
        "tram late snow",
        "tax high bill",
        "tax high rate",
    ]
    space = fit_space(documents * 2, seed=0)
    bus, tram, tax = space.points(["bus", "tram", "tax"])
    assert bus @ tram > bus @ tax + 0.2


def test_a_text_outside_the_sample_goes_where_its_neighbours_went() -> None:
    points, truth = blobs(3, 40)
    fitted = np.arange(0, 120, 2)
    smoothed = smooth(points[fitted], nearest(points[fitted], points[fitted], 5, itself=True))
    padded = np.vstack([points, np.zeros((1, points.shape[1]), dtype=np.float32)])
    found = assign(padded, smoothed, fitted, truth[fitted], seed=0)
    placed = found.first[:120] >= 0
    assert (found.first[:120] == truth)[placed].all()
    assert placed.mean() >= 0.95
    assert found.first[120] == -1
    assert found.members(1)[0] in np.flatnonzero(truth == 1)


def test_stability_tells_firm_groups_from_arbitrary_ones() -> None:
    points, truth = blobs(4, 40)
    firm = stability(points, truth, 3, 0, lambda share: None)
    arbitrary = stability(points, np.random.default_rng(1).permutation(truth), 3, 0, lambda share: None)
    assert min(value for value in firm if value is not None) >= 0.95
    assert max(value for value in arbitrary if value is not None) <= 0.4
    assert stability(points, truth, 0, 0, lambda share: None) == [None] * 4


def tally(*themes: list[str]) -> Tally:
    """Count texts, all their words being known."""
    from analysis.text import words

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
