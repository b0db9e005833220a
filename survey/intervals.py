"""How sure a share or a mean is: 95 % intervals.

Shares have the interval of Wilson (1927), "Probable inference, the law of succession, and statistical
inference", Journal of the American Statistical Association 22, 209-212; it stays within 0 and 1 and is
right for
small numbers, as Brown, Cai & DasGupta (2001), Statistical Science 16, 101-133, recommend. Means have the
interval of Student (1908), "The probable error of a mean", Biometrika 6, 1-25.

Both take those who answered for a random draw of many more people. Where everybody in a small group was
asked,
they are wider than they need be; where people chose themselves to answer, they do not say how far off that
is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

SURE = 0.95
Z = NormalDist().inv_cdf((1 + SURE) / 2)
MANY = 200
"""From so many degrees of freedom on, Student's t is worked out from the normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`."""

    low: float
    high: float


def of_share(count: int, of: int) -> Interval:
    """Wilson's interval of a share, `count` people of `of`; from 0 to 1 where nobody was asked.

    centre = (p + z²/2n) / (1 + z²/n),  half width = z / (1 + z²/n) × √(p(1 - p)/n + z²/4n²)
    """
    if not of:
        return Interval(0.0, 1.0)
    share, spread = count / of, Z * Z / of
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    # At the ends they are 0 and 1; computed, they would be a hair beside them.
    low = 0.0 if count == 0 else max(0.0, centre - half)
    return Interval(low, 1.0 if count == of else min(1.0, centre + half))


def of_mean(values: Iterable[float]) -> tuple[float, Interval | None]:
    """The mean of some numbers with Student's interval, mean ± t × s / √n; None for fewer than two numbers.

    Raises
    ------
    ValueError
        There is no number.
    """
    return of_counts((value, 1) for value in values)


def of_counts(counts: Iterable[tuple[float, int]]) -> tuple[float, Interval | None]:
    """The same of numbers that were given so many times each: (number, times)."""
    given = [(value, times) for value, times in counts if times]
    n = sum(times for _value, times in given)
    if not n:
        raise ValueError("There is no number to take a mean of.")
    mean = math.fsum(value * times for value, times in given) / n
    if n < 2:
        return mean, None
    squares = math.fsum(times * (value - mean) ** 2 for value, times in given)
    half = student(n - 1) * math.sqrt(squares / (n - 1) / n)
    return mean, Interval(mean - half, mean + half)


@cache
def student(freedom: int) -> float:
    """The t between whose negative and itself 95 % of Student's distribution lie; `freedom` is 1 or more.

    Abramowitz & Stegun (1964), Handbook of Mathematical Functions: 26.7.3 and 26.7.4 (whole degrees of
    freedom,
    solved by halving), 26.7.5 for many.
    """
    if freedom >= MANY:
        return _student_of_many(freedom)
    low, high = 0.0, math.pi / 2
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < SURE else (low, middle)
    return math.sqrt(freedom) * math.tan(low)


def _within(angle: float, freedom: int) -> float:
    """How much of the distribution lies between -t and t, where t = √freedom × tan(angle)."""
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    series = term if freedom > 1 else 0.0
    for step in range(2 + odd, freedom - 1, 2):
        term *= (step - 1) / step * math.cos(angle) ** 2
        series += term
    sine = math.sin(angle)
    return 2 / math.pi * (angle + sine * series) if odd else sine * series


def _student_of_many(freedom: int) -> float:
    first = (Z**3 + Z) / 4
    second = (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96
    return Z + first / freedom + second / freedom**2
