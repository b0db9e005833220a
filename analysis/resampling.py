"""A figure of agreement and its percentile bootstrap interval.

The units (comments) are drawn again with replacement and the figure is taken afresh (Efron and Tibshirani,
*An Introduction to the Bootstrap*, 1993, chapter 13). Units that were coded alike in every respect are
counted, not repeated, so the time depends on the number of different patterns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Figure = Callable[[Numbers], Numbers]
"""Takes the figure of every resample, given how many units (columns: patterns) each of them (rows) drew."""

_AT_ONCE = 4_000_000
"""Numbers drawn or compared at a time: bounds the memory."""
_SAME = "Every comment got the same code, so nothing tells agreement from chance."


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure of agreement, and how sure we are of it."""

    value: float | None
    """1 is full agreement and, for kappa and alpha, 0 what chance gives; None when it is undefined."""
    low: float | None
    """Lower end of the bootstrap interval; None when the value is, or hardly any resample has one."""
    high: float | None
    """Upper end of the bootstrap interval."""
    units: int
    """Units that two or more coders coded; the others say nothing."""
    reason: str | None = None
    """Why there is no value, in one sentence; None when there is one."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How to find the interval."""

    resamples: int = 1000
    """Times that the units are drawn again, 0 or more; 0 gives no interval."""
    level: float = 0.95
    """Share of resamples inside the interval, above 0 and below 1."""
    seed: int = 0
    """Start of the random draws, 0 or more: the same seed gives the same interval."""

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        if self.resamples < 0 or self.seed < 0:
            raise ValueError("resamples and seed must be 0 or more.")
        if not 0 < self.level < 1:
            raise ValueError(f"level must be above 0 and below 1, not {self.level!r}.")


def agreement(figure: Figure, counts: Counts, bootstrap: Bootstrap | None, width: int = 0) -> Agreement:
    """Take a figure from the counts of patterns, and again from resampled ones.

    Parameters
    ----------
    figure : callable
        From an array of shape (resamples, patterns) to one of shape (resamples,); NaN or infinite where it is
        undefined.
    counts : ndarray of int, shape (patterns,)
        Units that have each pattern, 1 or more.
    bootstrap : Bootstrap or None
        How to find the interval; None for the usual way.
    width : int
        Numbers that `figure` holds at a time per resample, where they are more than there are patterns.

    Returns
    -------
    Agreement
        With the percentiles of the resamples that have a value.

    Examples
    --------
    >>> equal = np.array([1.0, 0.0])  # of two patterns, the first is one of coders who agree
    >>> agreement(lambda drawn: drawn @ equal / drawn.sum(axis=1), np.array([3, 1]), Bootstrap(resamples=0))
    Agreement(value=0.75, low=None, high=None, units=4, reason=None)
    """
    how, units = bootstrap or Bootstrap(), int(counts.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(figure(counts[np.newaxis].astype(np.float64))[0])
        if not np.isfinite(value):
            return Agreement(None, None, None, units, _SAME)
        drawn = _resampled(figure, counts, how, max(width, len(counts)))
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 2:
        return Agreement(value, None, None, units)
    outside = (1 - how.level) / 2
    low, high = np.quantile(drawn, [outside, 1 - outside])
    return Agreement(value, float(low), float(high), units)


def _resampled(figure: Figure, counts: Counts, bootstrap: Bootstrap, width: int) -> Numbers:
    """Return the figure of every resample. Drawing patterns by their counts is drawing units."""
    random, units = np.random.default_rng(bootstrap.seed), int(counts.sum())
    step = max(1, _AT_ONCE // width)
    sizes = [min(step, bootstrap.resamples - done) for done in range(0, bootstrap.resamples, step)]
    parts = [figure(random.multinomial(units, counts / units, size).astype(np.float64)) for size in sizes]
    return np.concatenate([np.zeros(0), *parts])
