"""Sums of unknown numbers: what can be worked out from those that are shown, and which ones to hide.

The unknowns are how many people have each combination of attributes, so none is below zero. Numbers that are
shown are sums of them. Whether a number can be worked out is asked of a linear program: may the sum still be
as large as it must be able to be? Which others to hide so that it may is asked of another one, in which shown
numbers may deviate at a cost (Kelly, Golden and Assad 1992, "Cell suppression: disclosure protection for
sensitive tabular data", *Networks* 22).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, vstack

Sum = Mapping[int, float]
"""How often each unknown counts in a number."""
CLOSE = 1e-6
ROUNDS = 4
MOST_REPAIRS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """A number that is shown or hidden. One that costs infinitely much to hide is always shown."""

    where: Sum
    value: float
    cost: float


@dataclass(frozen=True, slots=True)
class Want:
    """Nobody may be able to rule out that the sum is `least` or more."""

    where: Sum
    least: float


Secret = tuple[Want, ...]
"""It is kept when any of these holds."""


@dataclass(frozen=True)
class Known:
    """What is known whatever is hidden: sums that are equal to a number, sums that are at least a number."""

    unknowns: int
    equal: Sequence[tuple[Sum, float]]
    least: Sequence[tuple[Sum, float]]


class Equations:
    """What is known, and the items that can be shown besides. `shown` is a truth value for each item."""

    def __init__(self, known: Known, items: Sequence[Item]) -> None:
        self.size = known.unknowns
        self.equal, self.equal_to = self._rows(known.equal)
        self.least, self.at_least = self._rows(known.least)
        self.items, self.values = self._rows([(item.where, item.value) for item in items])
        self.costs = np.array([item.cost for item in items], dtype=float)
        self.fixed = ~np.isfinite(self.costs)

    def _rows(self, rows: Sequence[tuple[Sum, float]]) -> tuple[Any, Any]:
        return self._matrix(where for where, _value in rows), np.array([value for _where, value in rows])

    def _matrix(self, sums: Iterable[Sum]) -> Any:
        listed = list(sums)
        entries = [(row, one, often) for row, where in enumerate(listed) for one, often in where.items()]
        rows, columns, often = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((np.array(often, dtype=float), (rows, columns)), shape=(len(listed), self.size))

    def agree(self, shown: Any) -> bool:
        """Whether any numbers of people at all fit to what is shown."""
        return bool(self._solve(np.zeros(self.size), shown).status == 0)

    def _solve(self, cost: Any, shown: Any, more: Any = None, most: Any = None) -> Any:
        """The unknowns, and further ones behind them, at the least cost; `more` @ all of them <= `most`."""
        extra = len(cost) - self.size
        equal = _wide(vstack([self.equal, self.items[shown]]), extra)
        least = _wide(-self.least, extra)
        return linprog(
            cost,
            A_ub=least if more is None else vstack([least, more]),
            b_ub=-self.at_least if most is None else np.concatenate([-self.at_least, most]),
            A_eq=equal,
            b_eq=np.concatenate([self.equal_to, self.values[shown]]),
            bounds=[(0, None)] * self.size + [(None, None)] * extra,
            method="highs",
        )

    def exposed(self, secrets: Sequence[Secret], shown: Any) -> list[Secret]:
        """Those that may be exposed; those left out are surely kept.

        All are looked at together, so that few programs have to be solved: as many sums as possible are to
        be as large as they must be able to be. What did not get there is tried again without the others.
        """
        left = list(secrets)
        for _round in range(ROUNDS):
            if not left:
                break
            still = self._kept_by(self._all_large(left, shown), left)
            if len(still) == len(left):
                break
            left = still
        return left

    def _all_large(self, secrets: Sequence[Secret], shown: Any) -> Any:
        wants = [secret[0] for secret in secrets]
        number = len(wants)
        ones = _diagonal(number)
        # Further unknowns: each is at most the sum of a want, and at most what is enough.
        more = vstack([hstack([-self._matrix(w.where for w in wants), ones]), _behind(ones, self.size)])
        most = np.concatenate([np.zeros(number), np.array([want.least for want in wants], dtype=float)])
        found = self._solve(np.concatenate([np.zeros(self.size), -np.ones(number)]), shown, more, most)
        return found.x[: self.size] if found.status == 0 else None

    def _kept_by(self, example: Any, secrets: Sequence[Secret]) -> list[Secret]:
        """The secrets for which these numbers of people are no example that they are kept."""
        if example is None:
            return list(secrets)
        return [secret for secret in secrets if not any(self._holds(want, example) for want in secret)]

    def _holds(self, want: Want, example: Any) -> bool:
        reached = sum(often * example[one] for one, often in want.where.items())
        return bool(reached >= want.least - CLOSE)

    def hide(self, secrets: Sequence[Secret], shown: Any, last: Any) -> tuple[Any, list[Secret]]:
        """Hide items until all secrets are kept; also those that cannot be kept whatever is hidden.

        After `MOST_REPAIRS` steps the items `last` are hidden at once, so that it does not take for ever.
        """
        shown, lost, steps = shown.copy(), list[Secret](), 0
        left = self.exposed(secrets, shown)
        while left:
            steps += 1
            if steps == MOST_REPAIRS:
                shown[last] = False
            found = [one for want in left[0] if (one := self._cheapest(want, shown)) is not None]
            if not found:
                lost.append(left.pop(0))
                continue
            _cost, example, deviating = min(found, key=lambda one: one[0])
            shown[deviating] = False
            left = self._kept_by(example, left[1:])
        return shown, lost

    def _cheapest(self, want: Want, shown: Any) -> tuple[float, Any, Any] | None:
        """The least costly deviation of shown items by which the want holds: cost, example, which ones."""
        free = shown & ~self.fixed
        number = int(free.sum())
        chosen = self.items[free]
        ones = _diagonal(number)
        equal = vstack(
            [
                _wide(vstack([self.equal, self.items[shown & self.fixed]]), 2 * number),
                hstack([chosen, ones, -ones]),
            ]
        )
        least = _wide(-vstack([self.least, self._matrix([want.where])]), 2 * number)
        found: Any = linprog(
            np.concatenate([np.zeros(self.size), self.costs[free], self.costs[free]]),
            A_ub=least,
            b_ub=-np.concatenate([self.at_least, [want.least]]),
            A_eq=equal,
            b_eq=np.concatenate([self.equal_to, self.values[shown & self.fixed], self.values[free]]),
            bounds=(0, None),
            method="highs",
        )
        if found.status != 0:
            return None
        up, down = found.x[self.size : self.size + number], found.x[self.size + number :]
        deviating = np.flatnonzero(free)[(up > CLOSE) | (down > CLOSE)]
        return float(found.fun), found.x[: self.size], deviating


def _diagonal(number: int) -> Any:
    places = np.arange(number)
    return csr_array((np.ones(number), (places, places)), shape=(number, number))


def _wide(matrix: Any, more: int) -> Any:
    """The matrix with `more` empty columns at the end."""
    return hstack([matrix, csr_array((matrix.shape[0], more))]) if more else matrix


def _behind(matrix: Any, before: int) -> Any:
    """The matrix with empty columns before it."""
    return hstack([csr_array((matrix.shape[0], before)), matrix])
