"""Classes for numeric answers: few, with round edges, open at both ends."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from survey.questions import Words
from survey.questions.numbers import in_digits

MOST_CLASSES = 8
TAIL = 0.05
"""So much at either end does not decide about the edges: one slip of a key would."""
OPEN = ".."


def edges_for(values: Sequence[float], *, whole: bool) -> tuple[float, ...]:
    """Where one class ends and the next begins: at most `MOST_CLASSES` over the bulk of the values."""
    if not values:
        return ()
    ordered = sorted(values)
    low, high = (ordered[round(part * (len(ordered) - 1))] for part in (TAIL, 1 - TAIL))
    step = _step((high - low) / (MOST_CLASSES - 2), whole=whole)
    first, last = math.floor(Decimal(low) / step), math.floor(Decimal(high) / step)
    # All of one size: a class for it, and one on either side.
    numbers = range(first + 1, last + 1) or range(first, first + 2)
    return tuple(_plain(step * number) for number in numbers)


def _step(least: float, *, whole: bool) -> Decimal:
    """1, 2 or 5 times a power of ten, the smallest that is not below `least`."""
    if least <= 0:
        return Decimal(1)
    power = Decimal(10) ** math.floor(math.log10(least))
    steps = (power * times for times in (1, 2, 5, 10))
    step = next((step for step in steps if step >= Decimal(least)), power * 10)
    return max(step, Decimal(1)) if whole else step


def _plain(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)


def codes(edges: Sequence[float]) -> list[str]:
    """What the classes are called in tables: "..10", "10..20", "20.."."""
    ends = ["", *map(in_digits, edges), ""]
    return [f"{low}{OPEN}{high}" for low, high in pairwise(ends)]


def edges_of(names: Iterable[str]) -> tuple[float, ...]:
    """The edges of classes that were called so: an earlier summary decides about those of later ones."""
    ends = {end for name in names for end in name.split(OPEN) if end}
    return tuple(sorted(_plain(Decimal(end)) for end in ends))


def counted(values: Iterable[float], edges: Sequence[float]) -> dict[str, int]:
    """How many of the values are in each class."""
    names = codes(edges)
    found = Counter(_place(value, edges) for value in values)
    return {name: found[place] for place, name in enumerate(names)}


def _place(value: float, edges: Sequence[float]) -> int:
    return sum(value >= edge for edge in edges)


def words(edges: Sequence[float], *, whole: bool) -> list[Words]:
    """What the classes are called for people; digits and signs are the same in every language."""
    if not edges:
        return [{"en": "…"}]
    middle = (_span(low, high, whole=whole) for low, high in pairwise(edges))
    return [{"en": text} for text in (f"< {in_digits(edges[0])}", *middle, f"≥ {in_digits(edges[-1])}")]


def _span(low: float, high: float, *, whole: bool) -> str:
    if not whole:
        return f"{in_digits(low)} – < {in_digits(high)}"
    last = int(high) - 1
    return in_digits(low) if last == low else f"{in_digits(low)} – {last}"
