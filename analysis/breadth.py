"""Breadth: in how many audiences a theme occurs, and how sure we are.

A theme may be missing from an audience because nobody there cares, or because few people there were asked.
The model tells the two apart. In audience g the theme takes the share theta_g of all that could be said; c_g
of the n_g comments heard are about it::

    c_g     ~ Binomial(n_g, theta_g)
    theta_g ~ Beta(mu * kappa, (1 - mu) * kappa)    audiences are as alike as the counts say
    mu      : density proportional to mu ** -0.5 on [0.001, 0.6]
    kappa   : log-uniform on [1, 200]

This is the beta-binomial hierarchy of Gelman et al., *Bayesian Data Analysis*, 3rd edition, section 5.3. mu
and kappa are summed over a grid; given both, theta_g is Beta(mu kappa + c_g, (1 - mu) kappa + n_g - c_g), and
the theme "occurs" in the audience when theta_g exceeds `OCCURS`, one comment in fifty. The number of
audiences where it occurs is then a sum of independent yes-or-no draws, whose distribution is averaged over
the grid; from it come the expected number and the central 90 % interval. The interval is widened, where it
must be, to hold the number observed.

Only the standard library is imported: pages compute breadth after every human decision.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

OCCURS = 0.02
"""A theme occurs in an audience when at least this share of what could be said there is about it."""

_COVERAGE = 0.90
_MU = [0.001 * 600 ** (i / 13) for i in range(14)]
_KAPPA = [200 ** (i / 7) for i in range(8)]
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True)
class Breadth:
    """In how many audiences a theme occurs."""

    k: int
    """Audiences with at least one comment on the theme."""
    of: int
    """Audiences the study listened to."""
    low: int
    """Lower end of the 90 % interval of the number of audiences where the theme occurs; at most `k`."""
    high: int
    """Upper end of that interval; at least `k`."""
    expected: float
    """Expected number of audiences where the theme occurs, 0 to `of`, to two decimals."""


@lru_cache(maxsize=4096)
def breadth(counts: tuple[int, ...], totals: tuple[int, ...]) -> Breadth:
    """Say in how many audiences a theme occurs, with its uncertainty.

    Parameters
    ----------
    counts : tuple of int
        Comments on the theme, one number per audience.
    totals : tuple of int
        All comments, for the same audiences in the same order.

    Returns
    -------
    Breadth
        All zero when there are no audiences.

    Raises
    ------
    ValueError
        When the lengths differ, or a count is negative or above its total.

    Examples
    --------
    A theme that all six groups raise, and one that a single loud group raises:

    >>> breadth((6, 5, 7, 4, 6, 8), (35,) * 6)
    Breadth(k=6, of=6, low=6, high=6, expected=6.0)
    >>> breadth((22, 0, 0, 0, 0, 0), (35,) * 6)
    Breadth(k=1, of=6, low=1, high=2, expected=1.16)
    """
    _check(counts, totals)
    if not counts:
        return Breadth(0, 0, 0, 0, 0.0)
    spread = _number_of_audiences(Counter(zip(counts, totals, strict=True)))
    k = sum(count > 0 for count in counts)
    tail = (1 - _COVERAGE) / 2
    low, high = _quantile(spread, tail), _quantile(spread, 1 - tail)
    expected = math.fsum(number * share for number, share in enumerate(spread))
    return Breadth(k, len(counts), min(low, k), max(high, k), round(expected, 2))


def _check(counts: tuple[int, ...], totals: tuple[int, ...]) -> None:
    if len(counts) != len(totals):
        raise ValueError(
            f"{len(counts)} counts do not go with {len(totals)} totals: give one of each per audience."
        )
    for count, total in zip(counts, totals, strict=True):
        if not 0 <= count <= total:
            raise ValueError(f"A theme cannot have {count} of an audience's {total} comments.")


def _number_of_audiences(groups: Counter[tuple[int, int]]) -> list[float]:
    """Return the posterior probability of each number of audiences, 0 to all; equal audiences come
    grouped."""
    grid = [(mu * kappa, (1 - mu) * kappa, 0.5 * math.log(mu)) for mu in _MU for kappa in _KAPPA]
    # On a grid even in log(mu), the density mu ** -0.5 weighs each point by mu ** 0.5.
    logs = [prior + _log_likelihood(groups, a, b) for a, b, prior in grid]
    top = max(logs)
    spread = [0.0] * (sum(groups.values()) + 1)
    for (a, b, _), value in zip(grid, logs, strict=True):
        weight = math.exp(value - top)
        if weight > _NEGLIGIBLE:
            for number, share in enumerate(_sum_of_draws(groups, a, b)):
                spread[number] += weight * share
    total = math.fsum(spread)
    return [share / total for share in spread]


def _log_likelihood(groups: Counter[tuple[int, int]], a: float, b: float) -> float:
    """Log probability of the counts under Beta(a, b), up to the binomial coefficients."""
    alone = _log_beta(a, b)
    return math.fsum(
        times * (_log_beta(a + count, b + total - count) - alone) for (count, total), times in groups.items()
    )


def _sum_of_draws(groups: Counter[tuple[int, int]], a: float, b: float) -> list[float]:
    """Distribution of how many audiences exceed `OCCURS`, given the hyper-parameters (a Poisson binomial)."""
    spread = [1.0]
    for (count, total), times in groups.items():
        yes = 1 - regularised_incomplete_beta(a + count, b + total - count, OCCURS)
        for _ in range(times):
            spread = [
                without * (1 - yes) + with_one * yes
                for without, with_one in zip([*spread, 0.0], [0.0, *spread], strict=True)
            ]
    return spread


def _quantile(spread: list[float], share: float) -> int:
    reached = 0.0
    for number, part in enumerate(spread):
        reached += part
        if reached >= share:
            return number
    return len(spread) - 1


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def regularised_incomplete_beta(a: float, b: float, x: float) -> float:
    """Return P(theta <= x) for theta ~ Beta(a, b).

    Parameters
    ----------
    a, b : float
        Shape parameters, above 0.
    x : float
        Between 0 and 1, both excluded.

    Returns
    -------
    float
        Between 0 and 1, by the continued fraction of *NIST Digital Library of Mathematical Functions*,
        8.17.22.

    Examples
    --------
    >>> round(regularised_incomplete_beta(2, 3, 0.5), 6)
    0.6875
    """
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - _log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _continued_fraction(a, b, x) / a)
    return max(0.0, 1 - front * _continued_fraction(b, a, 1 - x) / b)


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Evaluate the fraction by Lentz's method, as modified by Thompson and Barnett."""
    tiny, precise, steps = 1e-300, 1e-10, 1000
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, steps):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            value *= c * d
        if abs(c * d - 1) < precise:
            break
    return value
