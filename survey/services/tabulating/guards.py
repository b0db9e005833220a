"""Whether a mean or a median would tell what the counts beside it keep back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

LARGEST_PART = 0.5
"""One answer that makes up more than this part of a sum could be read off it."""


def hides_few(counts: Mapping[int, int], k: int) -> bool:
    """Whether a mean leaves it open that any number behind it, of 1 to k - 1 people, is `k` or more.

    `counts` is how many gave each number (a rank, say), those that nobody gave among them. Of all
    distributions with that many people and that mean, the one with the most people at a number has the others
    at one single number beyond the mean: the lowest or the highest there is.
    """
    people = sum(counts.values())
    if people < k:
        return False
    mean = sum(number * count for number, count in counts.items()) / people
    ends = min(counts), max(counts)
    few = [number for number, count in counts.items() if 0 < count < k]
    return all(_most_at(number, people, mean, ends) >= k for number in few)


def _most_at(number: int, people: int, mean: float, ends: tuple[int, int]) -> float:
    lowest, highest = ends
    end = highest if number <= mean else lowest
    return people * (end - mean) / (end - number) if end != number else people


def is_dominated(values: Sequence[float]) -> bool:
    """Whether one number makes up more than `LARGEST_PART` of the sum of all: then the mean tells it."""
    sizes = [abs(value) for value in values]
    return bool(sizes) and max(sizes) > LARGEST_PART * math.fsum(sizes)
