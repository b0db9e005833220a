"""Breadth: what it says of broad, loud, thin and absent themes, and that it says it sensibly."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc

from analysis.breadth import OCCURS, Breadth, breadth, regularised_incomplete_beta

SIX = (35,) * 6


def test_a_broad_theme_is_in_all_groups() -> None:
    found = breadth((3, 2, 4, 2, 3, 2), SIX)
    assert (found.k, found.low, found.high) == (6, 6, 6)
    assert found.expected >= 5.9


def test_one_loud_group_does_not_make_a_theme_common() -> None:
    found = breadth((22, 0, 0, 0, 0, 0), SIX)
    assert (found.k, found.low) == (1, 1)
    assert found.high <= 3
    assert 1 <= found.expected <= 1.7


def test_a_thin_theme_is_uncertain() -> None:
    found = breadth((1, 1, 1, 0, 0, 0), SIX)
    assert found.k == 3
    assert found.high - found.low >= 4
    assert 1.5 <= found.expected <= 3


def test_an_absent_theme_is_absent() -> None:
    found = breadth((0,) * 6, SIX)
    assert (found.k, found.low) == (0, 0)
    assert found.expected <= 0.15


def test_silence_in_a_small_group_says_less() -> None:
    small = breadth((4, 4, 4, 4, 4, 0), (35, 35, 35, 35, 35, 3))
    large = breadth((4, 4, 4, 4, 4, 0), (35, 35, 35, 35, 35, 300))
    assert small.expected > large.expected + 0.3
    assert (small.high, large.high) == (6, 5)


def test_no_audiences() -> None:
    assert breadth((), ()) == Breadth(0, 0, 0, 0, 0.0)


@pytest.mark.parametrize(("counts", "totals"), [((1,), (1, 2)), ((3,), (2,)), ((-1,), (2,))])
def test_impossible_counts_are_refused(counts: tuple[int, ...], totals: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        breadth(counts, totals)


GROUPS = st.lists(
    st.integers(0, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_the_interval_is_in_order_and_holds_what_was_seen(groups: list[tuple[int, int]]) -> None:
    counts, totals = zip(*groups, strict=True)
    found = breadth(counts, totals)
    assert 0 <= found.low <= found.k <= found.high <= found.of == len(groups)
    assert 0 <= found.expected <= found.of
    turned = breadth(counts[::-1], totals[::-1])
    assert (turned.low, turned.high) == (found.low, found.high)
    assert turned.expected == pytest.approx(found.expected, abs=0.011)


@pytest.mark.parametrize("size", [5, 35, 300])
def test_more_in_every_group_is_never_less_broad(size: int) -> None:
    steps = [breadth((count,) * 6, (size,) * 6) for count in range(6)]
    assert [step.expected for step in steps] == sorted(step.expected for step in steps)
    assert [step.low for step in steps] == sorted(step.low for step in steps)


@pytest.mark.parametrize("heard", [5, 25])
def test_intervals_of_simulated_studies_cover_the_truth(heard: int) -> None:
    draw = random.Random(heard)
    covered = 0
    for _ in range(200):
        mean, alike = draw.choice((0.02, 0.05, 0.1, 0.3)), draw.choice((2, 5, 10, 30))
        shares = [draw.betavariate(mean * alike, (1 - mean) * alike) for _ in range(6)]
        counts = tuple(sum(draw.random() < share for _ in range(heard)) for share in shares)
        found = breadth(counts, (heard,) * 6)
        covered += found.low <= sum(share > OCCURS for share in shares) <= found.high
    assert covered >= 0.88 * 200


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


def test_it_loads_the_standard_library_only() -> None:
    code = (
        "import sys, analysis, analysis.breadth; from analysis import Options; "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'sklearn', 'nltk'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
