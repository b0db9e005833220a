"""How themes are measured: how alike two ways of sorting are, F1 of placements, accuracy, ratios to bars."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from analysis import Result
from benchmarks.theme_data import NONE, halves

Pairs = set[tuple[str, str]]
"""(id of a comment, theme it is in)."""


@dataclass(frozen=True)
class Check:
    """A bar and what was measured against it."""

    measure: str
    value: float
    bar: float
    at_least: bool = True
    """False when the bar is the most the value may be."""

    @property
    def passes(self) -> bool:
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def as_json(self) -> dict[str, Any]:
        # Rounded towards missing the bar is not needed: `passes` is from the exact value.
        return {**asdict(self), "value": round(self.value, 4), "passes": self.passes}


def first_themes(result: Result) -> list[str]:
    """Return the name of each comment's first theme.

    All comments in no theme make up one part of their own, as BERTopic's -1 does: leaving a comment out is
    neither rewarded nor dropped from the count.
    """
    names = {theme.id: theme.label for theme in result.themes}
    return [names[placed[0][0]] if placed else NONE for placed in result.placements]


def unplaced_share(result: Result) -> float:
    return sum(not placed for placed in result.placements) / len(result.placements)


def nmi(truth: Sequence[object], found: Sequence[object]) -> float:
    """Normalised mutual information, 0 to 1, by the arithmetic mean of the entropies."""
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(_numbers(truth), _numbers(found)))


def ari(one: Sequence[object], other: Sequence[object]) -> float:
    """Rand index corrected for chance: 1 for the same parts, 0 for unrelated ones."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(_numbers(one), _numbers(other)))


def _numbers(parts: Sequence[object]) -> list[int]:
    known = {part: number for number, part in enumerate(dict.fromkeys(parts))}
    return [known[part] for part in parts]


def pairs(ids: Sequence[str], result: Result) -> Pairs:
    """Return every (comment, name of a theme it is placed in)."""
    names = {theme.id: theme.label for theme in result.themes}
    return {
        (comment, names[theme])
        for comment, placed in zip(ids, result.placements, strict=True)
        for theme, _ in placed
    }


def f1(truth: Pairs, found: Pairs) -> float:
    """Micro F1 of placements: 1 when both are the same, 0 when they share nothing."""
    if not truth and not found:
        return 1.0
    return 2 * len(truth & found) / (len(truth) + len(found))


def accuracy(truth: Sequence[str], found: Sequence[str]) -> float:
    """Return the share that is right; a comment in no theme is wrong."""
    return fmean(one == other for one, other in zip(truth, found, strict=True))


def within_a_third(found: int, true: int) -> bool:
    """Say whether a number of themes is within a third of the true one."""
    return 3 * abs(found - true) <= true


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """Return the ratio of the means."""
    return fmean(ours) / fmean(peer)


def paired(ours: Sequence[float], peer: Sequence[float]) -> dict[str, Any]:
    """Compare set by set: ratio of the means, mean of the ratios, sets won, 90 % interval of the first.

    The interval is that of 2,000 resamples of the sets.
    """
    draw = random.Random(0)
    sets = range(len(ours))
    ratios = []
    for _ in range(2000):
        chosen = draw.choices(sets, k=len(ours))
        ratios.append(ratio([ours[one] for one in chosen], [peer[one] for one in chosen]))
    ratios.sort()
    return {
        "ratio_of_means": round(ratio(ours, peer), 3),
        "mean_of_ratios": round(fmean(a / b for a, b in zip(ours, peer, strict=True) if b), 3),
        "won": sum(a > b for a, b in zip(ours, peer, strict=True)),
        "of": len(ours),
        "interval_90": [round(ratios[100], 3), round(ratios[1899], 3)],
    }


def by_half(values: Mapping[str, float], names: Sequence[str] | None = None) -> dict[str, float]:
    """Return the mean over the even and the odd sets."""
    split = halves(list(names or values))
    return {half: mean(values[name] for name in chosen) for half, chosen in split.items() if chosen}


def mean(values: Iterable[float]) -> float:
    """Return the mean to four decimals, enough for a report."""
    return round(fmean(values), 4)
