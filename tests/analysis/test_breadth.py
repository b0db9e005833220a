"""Breadth: what it says of broad, loud, thin and absent themes, and that it says it sensibly."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from analysis.beta import regularised_incomplete_beta
from analysis.breadth import ENOUGH, OCCURS, Breadth, breadth, leave_one_out
from tests.analysis.conftest import SHARED

SIX = (35,) * 6
Counts = tuple[int, ...]


def interval(counts: Counts, totals: Counts) -> tuple[int, int, int]:
    found = breadth(counts, totals)
    return found.k, found.low, found.high


def test_a_broad_theme_is_in_all_groups() -> None:
    found = breadth((3, 2, 4, 2, 3, 2), SIX)
    assert (found.k, found.low, found.high) == (6, 6, 6)
    assert found.expected >= 5.9
    assert found.common
    assert found.only is None


def test_one_loud_group_does_not_make_a_theme_common() -> None:
    found = breadth((22, 0, 0, 0, 0, 0), SIX)
    assert (found.k, found.low) == (1, 1)
    assert found.high <= 3
    assert 1 <= found.expected <= 1.7
    assert not found.common
    assert (found.only, found.only_sure) == (0, True)


def test_a_thin_theme_is_uncertain() -> None:
    found = breadth((1, 1, 1, 0, 0, 0), SIX)
    assert found.k == 3
    assert found.high - found.low >= 4
    assert 1.5 <= found.expected <= 3
    assert not found.common


def test_an_absent_theme_is_absent() -> None:
    found = breadth((0,) * 6, SIX)
    assert (found.k, found.low) == (0, 0)
    assert found.expected <= 0.15
    assert (found.common, found.only) == (False, None)


def test_silence_in_a_small_group_says_less() -> None:
    small = breadth((4, 4, 4, 4, 4, 0), (35, 35, 35, 35, 35, 3))
    large = breadth((4, 4, 4, 4, 4, 0), (35, 35, 35, 35, 35, 300))
    assert small.expected > large.expected + 0.3
    assert (small.high, large.high) == (6, 5)
    assert (small.common, large.common) == (True, False)


def test_stray_comments_are_raised_but_hardly_occur() -> None:
    assert interval((200, 1, 2, 1), (900, 800, 900, 700)) == (4, 1, 1)


def test_no_audiences() -> None:
    assert breadth((), ()) == Breadth(0, 0, 0, 0, 0.0)
    assert leave_one_out((), ()).without == ()


@pytest.mark.parametrize("ask", [breadth, leave_one_out])
@pytest.mark.parametrize(("counts", "totals"), [((1,), (1, 2)), ((3,), (2,)), ((-1,), (2,))])
def test_impossible_counts_are_refused(ask: object, counts: Counts, totals: Counts) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match=r"\.$"):
        ask(counts, totals)


GROUPS = st.lists(
    st.integers(0, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    min_size=1,
    max_size=9,
)


def columns(groups: list[tuple[int, int]]) -> tuple[Counts, Counts]:
    return tuple(count for count, _ in groups), tuple(total for _, total in groups)


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_what_is_said_hangs_together(groups: list[tuple[int, int]]) -> None:
    found = breadth(*columns(groups))
    assert 0 <= found.low <= found.high <= found.of == len(groups)
    assert 0 <= found.k <= found.heard <= found.of
    assert 0 <= found.expected <= found.of
    assert not (found.common and found.only is not None)
    assert found.only is None or groups[found.only][0] > 0
    assert not found.common or found.k > 1


@settings(max_examples=40, deadline=None)
@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_audiences_does_not_matter(groups: list[tuple[int, int]], draw: random.Random) -> None:
    places = draw.sample(range(len(groups)), len(groups))
    found, turned = breadth(*columns(groups)), breadth(*columns([groups[place] for place in places]))
    assert (turned.k, turned.low, turned.high, turned.common) == (
        found.k,
        found.low,
        found.high,
        found.common,
    )
    assert turned.expected == pytest.approx(found.expected, abs=0.011)
    if found.k == 1 and found.only is not None:
        assert turned.only is not None
        assert places[turned.only] == found.only


@pytest.mark.parametrize("size", [5, 35, 300])
def test_more_in_every_group_is_never_less_broad(size: int) -> None:
    steps = [breadth((count,) * 6, (size,) * 6) for count in range(6)]
    assert [step.expected for step in steps] == sorted(step.expected for step in steps)
    assert [step.low for step in steps] == sorted(step.low for step in steps)
    assert [step.common for step in steps] == sorted(step.common for step in steps)


def at_least_one_in_twenty(total: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(-(-total // 20), total), st.just(total))


def below_one_in_fifty(total: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, (total - 1) // 50), st.just(total))


def anything(total: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, total), st.just(total))


LARGE = st.one_of(st.integers(ENOUGH, 130), st.integers(ENOUGH, 20_000))
CLEARLY_THERE = LARGE.flatmap(at_least_one_in_twenty)
CLEARLY_NOT = LARGE.flatmap(below_one_in_fifty)
SMALL = st.lists(st.integers(0, ENOUGH - 1).flatmap(anything), max_size=20)


@settings(max_examples=80, deadline=None)
@given(st.lists(CLEARLY_THERE, min_size=2, max_size=8), SMALL)
def test_one_in_twenty_of_every_large_group_is_common(
    large: list[tuple[int, int]], small: list[tuple[int, int]]
) -> None:
    assert breadth(*columns(small + large)).common


@settings(max_examples=80, deadline=None)
@given(CLEARLY_THERE, CLEARLY_NOT, st.lists(LARGE.flatmap(anything), max_size=8), SMALL)
def test_missing_from_one_large_group_is_not_common(
    there: tuple[int, int],
    missing: tuple[int, int],
    large: list[tuple[int, int]],
    small: list[tuple[int, int]],
) -> None:
    assert not breadth(*columns([there, *small, missing, *large])).common


def test_one_large_group_does_not_speak_for_small_ones_that_are_silent() -> None:
    assert not breadth((30, 0, 0, 0), (300, 90, 90, 90)).common
    assert breadth((30, 3, 2, 4), (300, 40, 30, 50)).common


def test_a_group_that_was_not_heard_is_not_held_against_a_theme() -> None:
    found = breadth((6, 7, 5, 0), (40, 40, 40, 0))
    assert (found.heard, found.of, found.common) == (3, 4, True)
    assert not breadth((6, 0), (40, 0)).common


HUMAN_LABELS = {
    "goboston2030": (
        {"Access", "Experiential Quality", "Innovation-Technology", "Reliability", "Safety"},
        {"Equity", "Sustainability-Climate"},
    ),
    "dc_vision_zero": (
        {"Other Driving Issue", "Speeding"},
        {
            "Accessibility Issue",
            "Blocking the bikebox",
            "Double parking",
            "Failure to stop for pedestrians",
            "Jaywalking",
            "Other Biking Issue",
            "Other Walking Issue",
        },
    ),
}


@pytest.mark.parametrize("name", HUMAN_LABELS)
def test_human_labels_are_common_where_the_numbers_are_clear(name: str) -> None:
    path = SHARED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"the shared data file {path.name} is not on this machine")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["group"]]
    groups = Counter(row["group"] for row in rows)
    pairs = Counter((row["label"], row["group"]) for row in rows)
    common = {
        label
        for label in {row["label"] for row in rows}
        if breadth(tuple(pairs[label, group] for group in groups), tuple(groups.values())).common
    }
    must, must_not = HUMAN_LABELS[name]
    assert must <= common
    assert not must_not & common


@pytest.mark.parametrize(
    ("counts", "totals", "only", "sure"),
    [
        ((0, 9, 0), (60, 60, 60), 1, True),
        ((0, 1, 0), (300, 300, 300), 1, True),
        ((0, 9, 0), (3, 60, 60), 1, False),
        ((0, 9, 0), (0, 60, 60), 1, False),
        ((1, 200, 0), (300, 500, 300), 1, True),
        ((3, 200, 0), (30, 500, 300), None, False),
        ((9,), (60,), None, False),
        ((0, 9), (0, 60), None, False),
    ],
)
def test_alone_with_a_theme(counts: Counts, totals: Counts, only: int | None, sure: bool) -> None:
    found = breadth(counts, totals)
    assert (found.only, found.only_sure) == (only, sure)


def test_without_one_audience_is_breadth_of_the_rest() -> None:
    counts, totals = (0, 1, 22, 0, 3), (35, 20, 40, 31, 28)
    found = leave_one_out(counts, totals)
    assert len(found.without) == 5
    for place, rest in enumerate(found.without):
        assert rest.of == 4
        left = breadth(counts[:place] + counts[place + 1 :], totals[:place] + totals[place + 1 :])
        assert (rest.k, rest.low, rest.high, rest.expected) == (left.k, left.low, left.high, left.expected)


@pytest.mark.parametrize(
    ("counts", "totals", "depends_on"),
    [
        ((4, 4, 4, 4, 4, 0), (35, 35, 35, 35, 35, 300), 5),
        ((0, 0, 22, 0, 0, 0), SIX, 2),
        ((6, 5, 7, 4, 6, 8), SIX, None),
        ((0,) * 6, SIX, None),
        ((40, 0, 60, 0), (200, 200, 300, 300), None),
        ((40, 0), (200, 200), None),
        ((40, 0, 0), (200, 200, 0), None),
    ],
)
def test_the_audience_on_which_the_verdict_depends(
    counts: Counts, totals: Counts, depends_on: int | None
) -> None:
    assert leave_one_out(counts, totals).depends_on == depends_on


def test_places_are_those_among_all_audiences() -> None:
    found = leave_one_out((0, 0, 9, 0), (60,) * 4)
    assert [rest.only for rest in found.without] == [2, 2, None, 2]


def a_study(draw: random.Random, people: int) -> tuple[Counts, Counts, int]:
    """Six audiences of so many people, each saying three to eight things; and where the theme occurs."""
    mean, alike = draw.choice((0.02, 0.05, 0.1, 0.3)), draw.choice((1, 3, 10, 30))
    if draw.random() < 0.5:
        shares = [draw.betavariate(mean * alike, (1 - mean) * alike) for _ in range(6)]
    else:
        present = draw.randint(0, 6)
        shares = [draw.uniform(0.02, 0.3) if place < present else 0.0 for place in range(6)]
    totals = tuple(sum(draw.randint(3, 8) for _ in range(people)) for _ in shares)
    counts = tuple(
        sum(draw.random() < share for _ in range(total)) for share, total in zip(shares, totals, strict=True)
    )
    return counts, totals, sum(share > OCCURS for share in shares)


# With 80 comments an audience most numbers are as good as known, and no interval can be that wrong.
@pytest.mark.parametrize(("people", "most"), [(5, 0.95), (15, 0.99)])
def test_intervals_of_simulated_studies_cover_the_truth(people: int, most: float) -> None:
    draw = random.Random(people)
    studies = [study for study in (a_study(draw, people) for _ in range(900)) if any(study[0])]
    covered = 0
    for counts, totals, truth in studies:
        found = breadth(counts, totals)
        covered += found.low <= truth <= found.high
    assert 0.85 <= covered / len(studies) <= most


@settings(max_examples=200, deadline=None)
@given(st.floats(0.001, 5000), st.floats(0.001, 5000), st.floats(0.001, 0.999))
def test_incomplete_beta_agrees_with_scipy(a: float, b: float, x: float) -> None:
    assert regularised_incomplete_beta(a, b, x) == pytest.approx(betainc(a, b, x), abs=1e-7)


def test_it_is_quick_and_remembers() -> None:
    breadth.cache_clear()
    start = time.process_time()
    for count in range(20):
        breadth((count, 3, 2, 0, 1, 9), (35, 33, 31, 40, 28, 36))
    assert (time.process_time() - start) / 20 <= 0.010
    breadth((0, 3, 2, 0, 1, 9), (35, 33, 31, 40, 28, 36))
    assert breadth.cache_info().hits == 1


def test_forty_audiences_are_quick_too() -> None:
    draw = random.Random(0)
    totals = tuple(draw.randint(20, 60) for _ in range(40))
    start = time.process_time()
    for _ in range(10):
        breadth(tuple(draw.randint(0, total // 5) for total in totals), totals)
    assert (time.process_time() - start) / 10 <= 0.040


def test_a_million_comments_an_audience() -> None:
    assert interval((50_000, 60_000, 3), (1_000_000, 1_000_000, 1_000_000)) == (3, 2, 2)


def test_it_loads_the_standard_library_only() -> None:
    code = (
        "import sys, analysis, analysis.breadth; from analysis import Options; "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'sklearn', 'nltk'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
