"""Intervals of shares and means, against printed tables and worked examples."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey import intervals


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_shares_as_printed(count: int, of: int, low: float, high: float) -> None:
    found = intervals.of_share(count, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nobody_asked_and_everybody_agreed() -> None:
    assert intervals.of_share(0, 0) == intervals.Interval(0.0, 1.0)
    assert intervals.of_share(10, 10).high == 1.0
    assert 0.72 < intervals.of_share(10, 10).low < 0.73


@given(st.integers(1, 100_000), st.data())
def test_a_share_lies_in_its_interval(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    found, mirrored = intervals.of_share(count, of), intervals.of_share(of - count, of)
    assert 0 <= found.low <= count / of <= found.high <= 1
    assert math.isclose(found.low, 1 - mirrored.high, abs_tol=1e-9)
    independent = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert math.isclose(found.low, independent.low, abs_tol=1e-9)
    assert math.isclose(found.high, independent.high, abs_tol=1e-9)


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042)])
def test_student_as_printed(freedom: int, t: float) -> None:
    assert round(intervals.student(freedom), 3) == t


@given(st.integers(1, 100_000))
def test_student_like_an_independent_program(freedom: int) -> None:
    assert math.isclose(intervals.student(freedom), stats.t.ppf(0.975, freedom), rel_tol=1e-6)


def test_the_mean_of_students_own_numbers() -> None:
    # Student (1908), additional hours of sleep gained by the use of laevohyoscyamine hydrobromide.
    hours = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    mean, interval = intervals.of_mean(hours)
    assert interval is not None
    assert (round(mean, 2), round(interval.low, 4), round(interval.high, 4)) == (2.33, 0.8977, 3.7623)
    same = intervals.of_counts([(2.0, 3), (4.0, 1), (9.0, 0)])
    assert same == intervals.of_mean([2, 2, 2, 4])


def test_one_number_has_no_interval_and_none_has_no_mean() -> None:
    assert intervals.of_mean([3]) == (3.0, None)
    with pytest.raises(ValueError, match="no number"):
        intervals.of_mean([])
