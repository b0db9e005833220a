"""Breadth: in how many audiences a theme occurs, and how sure we are.

A theme may be missing from an audience because nobody there cares, or because few people there were asked.
The model tells the two apart. In audience g the theme takes the share theta_g of all that could be said; c_g
of the n_g comments heard are about it::

    c_g     ~ Binomial(n_g, theta_g)
    theta_g ~ Beta(mu * kappa, (1 - mu) * kappa)    audiences are as alike as the counts say
    mu      : density proportional to mu ** -0.5 on [0.001, 0.6]
    kappa   : log-uniform on [0.3, 200]

This is the beta-binomial hierarchy of Gelman et al., *Bayesian Data Analysis*, 3rd edition, section 5.3. mu
and kappa are summed over a grid; given both, theta_g is Beta(mu kappa + c_g, (1 - mu) kappa + n_g - c_g), and
the theme "occurs" in the audience when theta_g exceeds `OCCURS`, one comment in fifty. The number of
audiences where it occurs is then a sum of independent yes-or-no draws, whose distribution is averaged over
the grid. From it come the expected number and the interval.

People repeat themselves, so comments are worth less than their number: c_g and n_g are divided by
`REPETITION`, a design effect (Kish, *Survey Sampling*, 1965, section 8.2; Rao and Scott, *Biometrics* 48,
1992).

The interval starts as "0 to all" and drops the less likely end while that brings its probability nearer to
90 %. A whole number has no interval of exactly 90 %. Intervals of at least 90 % held the truth in 94 of 100
simulated studies, central ones that had to hold `k` as well in 96; `benchmarks/breadth.py` says how often
these do.

Only the standard library is used: pages compute breadth after every human decision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from analysis.beta import log_beta, regularised_incomplete_beta

OCCURS = 0.02
"""A theme occurs in an audience when at least this share of what could be said there is about it."""

REPETITION = 4 / 3
"""So many comments say as much as one would if nobody repeated themselves: four count as three."""

ENOUGH = 100
"""An audience with so many comments is judged by these alone when we ask whether a theme is common."""

_COVERAGE = 0.90
_SURE = 0.90
_ELSEWHERE = 0.20
_MU = [0.001 * 600 ** (i / 13) for i in range(14)]
_KAPPA = [0.3 * (200 / 0.3) ** (i / 7) for i in range(8)]
_GRID = [(mu * kappa, (1 - mu) * kappa) for mu in _MU for kappa in _KAPPA]
# On a grid even in log(mu), the density mu ** -0.5 weighs each point by mu ** 0.5.
_PRIOR = [0.5 * math.log(mu) for mu in _MU for _ in _KAPPA]
_NEGLIGIBLE = 1e-5

_Heard = tuple[int, int]
"""Comments on the theme and all comments of one audience."""


@dataclass(frozen=True, slots=True)
class Breadth:
    """In how many audiences a theme occurs."""

    k: int
    """Audiences with at least one comment on the theme."""
    of: int
    """Audiences the study listened to."""
    low: int
    """Lower end of the 90 % interval of the number of audiences where the theme occurs."""
    high: int
    """Upper end of that interval. Below `k` where some audiences hardly speak of the theme, above it where
    some were hardly heard."""
    expected: float
    """Expected number of audiences where the theme occurs, 0 to `of`, to two decimals."""
    heard: int = 0
    """Audiences with at least one comment on anything. The others are not held against a theme."""
    common: bool = False
    """Whether the theme is common to the audiences heard, of which there must be two or more. See
    `breadth`."""
    only: int | None = None
    """Place of the audience that is alone with the theme, from 0; None when there is no such audience, or
    only one was heard."""
    only_sure: bool = False
    """Whether the others were heard enough to tell that `only` is alone; False when they said too little."""


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """What breadth would be had one of the audiences not been listened to."""

    without: tuple[Breadth, ...]
    """The breadth without the first audience, without the second ...; `only` counts places among all."""
    depends_on: int | None
    """Place of the audience without which the verdict turns: common or not, sure to occur anywhere or not.
    Where several would turn it, the one that moves the expected share of audiences most. None when the
    verdict stands without any one of them, or fewer than three were heard."""


@lru_cache(maxsize=4096)
def breadth(counts: tuple[int, ...], totals: tuple[int, ...]) -> Breadth:
    """Say in how many audiences a theme occurs, with its uncertainty.

    A theme is *common* when it occurs, with a probability of 0.9, in every audience of `ENOUGH` comments,
    each judged by its own comments alone (Jeffreys' prior, Beta(1/2, 1/2)). Where two or more audiences
    have as many, the smaller ones have no say: among many small audiences some are silent by chance. Where
    fewer have, more than half of the audiences heard must have raised the theme, and each of the smaller
    ones must be more likely than not to have it, by the model above.

    An audience is *alone* with a theme when nobody else raised it, or when it is likely there and the
    expected number of others that have it is at most 0.2. By the latter we are *sure* that it is alone.

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

    >>> broad = breadth((6, 5, 7, 4, 6, 8), (35,) * 6)
    >>> broad.k, broad.low, broad.high, broad.expected, broad.common
    (6, 6, 6, 6.0, True)
    >>> loud = breadth((22, 0, 0, 0, 0, 0), (35,) * 6)
    >>> loud.k, loud.low, loud.high, loud.expected, loud.common, loud.only, loud.only_sure
    (1, 1, 1, 1.17, False, 0, True)
    """
    _check(counts, totals)
    if not counts:
        return Breadth(0, 0, 0, 0, 0.0)
    groups = list(zip(counts, totals, strict=True))
    weights = _weights(groups)
    chances = [_chance(group, weights) for group in groups]
    spread = _number_of_audiences(sorted(groups), weights)
    low, high = _interval(spread)
    k, heard = sum(count > 0 for count in counts), sum(total > 0 for total in totals)
    only, elsewhere = _only(counts, chances) if heard > 1 else (None, 0.0)
    return Breadth(
        k=k,
        of=len(counts),
        low=low,
        high=high,
        expected=round(math.fsum(number * share for number, share in enumerate(spread)), 2),
        heard=heard,
        common=heard > 1 and _common(groups, chances),
        only=only,
        only_sure=only is not None and elsewhere <= _ELSEWHERE,
    )


@lru_cache(maxsize=1024)
def leave_one_out(counts: tuple[int, ...], totals: tuple[int, ...]) -> LeaveOneOut:
    """Say what breadth would be without each audience, and on which one the verdict depends.

    Parameters
    ----------
    counts, totals : tuple of int
        As for `breadth`.

    Returns
    -------
    LeaveOneOut
        With one breadth per audience.

    Raises
    ------
    ValueError
        As for `breadth`.

    Examples
    --------
    A theme of five groups is not common because of the sixth, which has 300 comments, none on the theme:

    >>> found = leave_one_out((4, 4, 4, 4, 4, 0), (35, 35, 35, 35, 35, 300))
    >>> found.depends_on, found.without[5].common, found.without[0].common
    (5, True, False)
    """
    whole = breadth(counts, totals)
    without = tuple(_without(counts, totals, place) for place in range(len(counts)))
    turning = [place for place, rest in enumerate(without) if _verdict(rest) != _verdict(whole)]
    if whole.heard < 3 or not turning:
        return LeaveOneOut(without, None)
    return LeaveOneOut(without, max(turning, key=lambda place: abs(_share(without[place]) - _share(whole))))


def _without(counts: tuple[int, ...], totals: tuple[int, ...], place: int) -> Breadth:
    rest = breadth(counts[:place] + counts[place + 1 :], totals[:place] + totals[place + 1 :])
    return rest if rest.only is None else replace(rest, only=rest.only + (rest.only >= place))


def _verdict(found: Breadth) -> tuple[bool, bool]:
    return found.common, found.low > 0


def _share(found: Breadth) -> float:
    return found.expected / max(1, found.of)


def _check(counts: tuple[int, ...], totals: tuple[int, ...]) -> None:
    if len(counts) != len(totals):
        raise ValueError(
            f"{len(counts)} counts do not go with {len(totals)} totals: give one of each per audience."
        )
    for count, total in zip(counts, totals, strict=True):
        if not 0 <= count <= total:
            raise ValueError(f"A theme cannot have {count} of an audience's {total} comments.")


def _common(groups: Sequence[_Heard], chances: Sequence[float]) -> bool:
    large = [group for group in groups if group[1] >= ENOUGH]
    if any(_alone(group) < _SURE for group in large):
        return False
    raised, heard = sum(count > 0 for count, _ in groups), sum(total > 0 for _, total in groups)
    small = [chance for (_, total), chance in zip(groups, chances, strict=True) if 0 < total < ENOUGH]
    return len(large) > 1 or (2 * raised > heard and all(chance > 0.5 for chance in small))


def _alone(group: _Heard) -> float:
    """Probability that the theme occurs in the audience, by its own comments."""
    return _exceeds(0.5, 0.5, group)


def _only(counts: Sequence[int], chances: Sequence[float]) -> tuple[int | None, float]:
    """Return the audience that is alone with the theme, and how many others are expected to have it."""
    raised = [place for place, count in enumerate(counts) if count]
    if not raised:
        return None, 0.0
    most = max(raised, key=chances.__getitem__)
    elsewhere = math.fsum(chance for place, chance in enumerate(chances) if place != most)
    alone = len(raised) == 1 or (chances[most] > 0.5 and elsewhere <= _ELSEWHERE)
    return (most if alone else None), elsewhere


def _interval(spread: Sequence[float]) -> tuple[int, int]:
    """Ends of the interval whose probability is nearest to 90 %."""
    low, high, left_out = 0, len(spread) - 1, 0.0
    while low < high:
        end = min(spread[low], spread[high])
        if abs(left_out + end - (1 - _COVERAGE)) > abs(left_out - (1 - _COVERAGE)):
            break
        left_out += end
        low, high = (low + 1, high) if spread[low] <= spread[high] else (low, high - 1)
    return low, high


def _weights(groups: Sequence[_Heard]) -> list[tuple[int, float]]:
    """Points of the grid that matter, with their posterior probabilities."""
    logs = [math.fsum(parts) for parts in zip(_PRIOR, *map(_fits, groups), strict=True)]
    top = max(logs)
    weights = [(point, math.exp(value - top)) for point, value in enumerate(logs)]
    kept = [(point, weight) for point, weight in weights if weight > _NEGLIGIBLE]
    total = math.fsum(weight for _, weight in kept)
    return [(point, weight / total) for point, weight in kept]


@lru_cache(maxsize=1024)
def _fits(group: _Heard) -> tuple[float, ...]:
    """Log probability of the audience's counts at each point, up to the binomial coefficient."""
    count, total = group[0] / REPETITION, group[1] / REPETITION
    return tuple(log_beta(a + count, b + total - count) - log_beta(a, b) for a, b in _GRID)


@lru_cache(maxsize=16384)
def _occurs(group: _Heard, point: int) -> float:
    """Probability that the theme occurs in the audience, given the point of the grid."""
    return _exceeds(*_GRID[point], group)


def _exceeds(a: float, b: float, group: _Heard) -> float:
    count, total = group[0] / REPETITION, group[1] / REPETITION
    return 1 - regularised_incomplete_beta(a + count, b + total - count, OCCURS)


def _chance(group: _Heard, weights: Sequence[tuple[int, float]]) -> float:
    return math.fsum(weight * _occurs(group, point) for point, weight in weights)


def _number_of_audiences(groups: Sequence[_Heard], weights: Sequence[tuple[int, float]]) -> list[float]:
    """Posterior probability of each number of audiences, 0 to all."""
    parts = [[weight * share for share in _sum_of_draws(groups, point)] for point, weight in weights]
    return [math.fsum(shares) for shares in zip(*parts, strict=True)]


def _sum_of_draws(groups: Sequence[_Heard], point: int) -> list[float]:
    """Distribution of how many audiences have the theme, given the point (a Poisson binomial)."""
    spread = [1.0]
    for group in groups:
        yes = _occurs(group, point)
        no = 1 - yes
        spread = [
            without * no + with_one * yes
            for without, with_one in zip([*spread, 0.0], [0.0, *spread], strict=True)
        ]
    return spread
