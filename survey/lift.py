"""Lift: how often a theme comes up in one audience, compared with the others, and whether we can tell.

The lift of a cell is (c / n) / ((C - c) / (N - n)): c of the n comments of the audience are in the theme,
and C of all N. Two is "twice as often as in the others". Small numbers make large lifts by chance, so each
cell says no more than its numbers bear:

* Whether audience and others differ at all is judged by Fisher's exact test with the mid-p value (Lancaster
  1961; Agresti, *Categorical Data Analysis*, 3rd edition, sections 1.4.4 and 3.5), which is not as timid as
  the plain one.
* A table asks that of every cell, and of thirty cells one or two would differ by chance alone. Benjamini and
  Hochberg's procedure (*Journal of the Royal Statistical Society B* 57, 1995) keeps the share of wrong
  "more" and "less" verdicts in a table at `WRONG` on average.
* The interval is the score interval of a ratio of two shares (Koopman, *Biometrics* 40, 1984; Miettinen and
  Nurminen, *Statistics in Medicine* 4, 1985), which holds its level with small counts and with none. "About
  the same" is said only where its `SURE` interval holds 1 and lies wholly between half and twice as often:
  two one-sided tests of equivalence (Schuirmann 1987). A difference that is sure but smaller than a quarter
  is "about the same" as well.
* All else is "too few to say". So is every cell of a theme with fewer than `FEWEST_IN_THEME` comments, or
  where the audience or the others have fewer than `FEWEST_IN_GROUP`.

The standard library only: pages compute this after every decision.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

WRONG = 0.05
"""At most this share of the verdicts "more" and "less" in a table is wrong, on average over tables."""
SURE = 0.90
"""Level of the interval of a lift."""
TWICE, QUARTER = 2.0, 1.25
"""What is surely less than twice is about the same; what is not even a quarter more is so however sure."""
FEWEST_IN_THEME, FEWEST_IN_GROUP = 5, 10
"""Comments of a theme, and of an audience and of the others, below which nothing is said."""
_Z2 = 1.6448536269514722**2  # of the normal distribution, for SURE
_LARGEST_LOG = 30.0
_HALVINGS = 60

Verdict = Literal["more than others", "less than others", "about the same", "too few to say"]


@dataclass(frozen=True, slots=True)
class LiftCell:
    """A theme in an audience."""

    count: int
    """Comments of the audience in the theme."""
    total: int
    """All comments of the audience."""
    share: float
    """`count` of `total`, 0 to 1; 0 for an audience without comments."""
    lift: float | None
    """How many times as often as in the others; None when the others never raise it or either has no
    comments."""
    low: float
    """Lower end of the 90 % interval of the lift; 0 when there is none."""
    high: float
    """Upper end; `math.inf` when there is none."""
    verdict: Verdict
    """What can be said."""


@dataclass(frozen=True, slots=True)
class LiftRow:
    """A theme in all audiences."""

    theme: int
    cells: tuple[LiftCell, ...]
    """In the order of `LiftTable.audiences`."""
    count: int
    """Comments in the theme, over all audiences."""


@dataclass(frozen=True, slots=True)
class LiftTable:
    """Themes by audiences."""

    audiences: tuple[str, ...]
    rows: tuple[LiftRow, ...]
    total: int
    """Comments of all audiences."""

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many cells have each verdict."""
        return Counter(cell.verdict for row in self.rows for cell in row.cells)

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.rows) * len(self.audiences)


def lift_table(counts: Mapping[int, Mapping[str, int]], totals: Mapping[str, int]) -> LiftTable:
    """Compare every audience with all others, theme by theme.

    `counts` has the comments of each theme by audience, `totals` all comments by audience; both keep their
    order. An audience that a theme does not name has none. A comment may be in several themes, but has one
    audience. Raises ValueError where a theme has more comments in an audience than there are.
    """
    audiences, everyone = tuple(totals), sum(totals.values())
    rows = []
    for theme, by_audience in counts.items():
        _check(theme, by_audience, totals)
        whole = sum(by_audience.values())
        cells = [_cell(by_audience.get(key, 0), totals[key], whole, everyone) for key in audiences]
        rows.append((theme, whole, cells))
    judged = iter(_judged([cell for _, _, cells in rows for cell in cells]))
    made = [LiftRow(theme, tuple(next(judged) for _ in cells), whole) for theme, whole, cells in rows]
    return LiftTable(audiences, tuple(made), everyone)


@dataclass(frozen=True, slots=True)
class _Tested:
    cell: LiftCell
    p: float | None
    """Of no difference; None where nothing is to be said."""
    high_side: bool
    """Whether the share is above that of the others."""


def _check(theme: int, by_audience: Mapping[str, int], totals: Mapping[str, int]) -> None:
    for key, count in by_audience.items():
        if not 0 <= count <= totals.get(key, 0):
            raise ValueError(f"Theme {theme} has {count} of {totals.get(key, 0)} comments of {key!r}.")


def _cell(count: int, total: int, whole: int, everyone: int) -> _Tested:
    rest, others = whole - count, everyone - total
    lift = (count / total) / (rest / others) if total and rest else None
    cell = LiftCell(
        count,
        total,
        count / total if total else 0.0,
        lift,
        *ratio_interval(count, total, rest, others),
        verdict="too few to say",
    )
    enough = whole >= FEWEST_IN_THEME and min(total, others) >= FEWEST_IN_GROUP
    p = mid_p(count, total, whole, everyone) if enough else None
    return _Tested(cell, p, count * others > rest * total)


def _judged(tested: Sequence[_Tested]) -> list[LiftCell]:
    sure = differing([one.p for one in tested])
    return [
        replace(one.cell, verdict=_verdict(one, different))
        for one, different in zip(tested, sure, strict=True)
    ]


def _verdict(tested: _Tested, different: bool) -> Verdict:
    cell = tested.cell
    slight = cell.lift is not None and 1 / QUARTER < cell.lift < QUARTER
    if tested.p is None:
        return "too few to say"
    if different and not slight:
        return "more than others" if tested.high_side else "less than others"
    alike = cell.low > 1 / TWICE and cell.high < TWICE
    return "about the same" if alike and (different or cell.low <= 1 <= cell.high) else "too few to say"


def differing(values: Sequence[float | None]) -> list[bool]:
    """Which of many tests found a difference, by Benjamini and Hochberg; None is no test."""
    ranked = sorted(p for p in values if p is not None)
    passed = [p for rank, p in enumerate(ranked, 1) if p <= WRONG * rank / len(ranked)]
    return [p is not None and bool(passed) and p <= passed[-1] for p in values]


@lru_cache(maxsize=8192)
def mid_p(count: int, total: int, whole: int, everyone: int) -> float:
    """The two-sided mid-p value of Fisher's exact test.

    Of `everyone`, `whole` are in the theme and `total` in the audience, and by chance `count` in both. Twice
    the smaller tail, in which the outcome itself counts half; at most 1.
    """
    upper = count * everyone > total * whole
    tail = _beyond(count, total, whole, everyone, 1 if upper else -1)
    return min(1.0, 2 * tail)


def _beyond(count: int, total: int, whole: int, everyone: int, step: int) -> float:
    """Half the probability of an outcome and all of those farther out: each from the one before it."""
    term = math.exp(
        _log_choose(whole, count)
        + _log_choose(everyone - whole, total - count)
        - _log_choose(everyone, total)
    )
    tail, at = term / 2, count
    while term > 1e-17:
        up = (whole - at) * (total - at), (at + 1) * (everyone - whole - total + at + 1)
        down = at * (everyone - whole - total + at), (whole - at + 1) * (total - at + 1)
        more, fewer = up if step > 0 else down
        term *= more / fewer if more > 0 else 0
        tail, at = tail + term, at + step
    return tail


def _log_choose(of: int, take: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(take + 1) - math.lgamma(of - take + 1)


@lru_cache(maxsize=8192)
def ratio_interval(count: int, total: int, rest: int, others: int) -> tuple[float, float]:
    """The 90 % score interval of (count / total) / (rest / others); 0 and infinity where there is no end."""
    if not total or not others or not count + rest:
        return 0.0, math.inf

    def fits(log: float) -> bool:
        return _distance(math.exp(log), count, total, rest, others) <= _Z2

    if count and rest:
        middle = math.log((count / total) / (rest / others))
        return math.exp(_end(fits, middle, -_LARGEST_LOG)), math.exp(_end(fits, middle, _LARGEST_LOG))
    if rest:
        return 0.0, math.exp(_end(fits, -_LARGEST_LOG, _LARGEST_LOG))
    return math.exp(_end(fits, _LARGEST_LOG, -_LARGEST_LOG)), math.inf


def _end(fits: Callable[[float], bool], inside: float, outside: float) -> float:
    """Where a ratio stops to fit, between one that does and one that does not, by halving."""
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if fits(middle) else (inside, middle)
    return inside


def _distance(ratio: float, count: int, total: int, rest: int, others: int) -> float:
    """How many squared standard errors the counts are from a ratio, with the shares most likely under it."""
    everyone = total + others
    a, c = everyone * ratio, count + rest
    b = total * ratio + count + others + rest * ratio
    share = 2 * c / (b + math.sqrt(max(0.0, b * b - 4 * a * c)))  # the smaller root, without cancellation
    mine = min(1.0, ratio * share)
    variance = mine * (1 - mine) / total + ratio * ratio * share * max(0.0, 1 - share) / others
    gap = count / total - ratio * rest / others
    if variance <= 0:
        return 0.0 if abs(gap) < 1e-12 else math.inf
    return gap * gap / variance * (everyone - 1) / everyone
