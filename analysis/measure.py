"""How far people agree who code the same comments: percent agreement, Cohen's kappa, Krippendorff's alpha.

Every figure comes with a bootstrap interval (`analysis.resampling`). For two groupings whose groups have no
names in common use `adjusted_rand_score` and `normalized_mutual_info_score` of scikit-learn.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from analysis.alpha import MOST_SETS, krippendorff_alpha, masi_distance, set_alpha
from analysis.codings import Coding, counted, is_missing, ordered, patterns_of, require_same_length, used
from analysis.resampling import Agreement, Bootstrap, Counts, Numbers, agreement

__all__ = [
    "MOST_SETS",
    "Agreement",
    "Bootstrap",
    "Confusion",
    "Disagreement",
    "cohen_kappa",
    "confusion",
    "disagreements",
    "krippendorff_alpha",
    "masi_distance",
    "percent_agreement",
    "set_alpha",
]

Weights = Literal["linear", "quadratic"]

_POWERS: Mapping[str | None, int] = {None: 0, "linear": 1, "quadratic": 2}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit that two coders coded differently."""

    unit: int
    """Its position."""
    first: Any
    """What the first coder gave it."""
    second: Any
    """What the second coder gave it."""


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """How often each pair of codes was given to the same unit."""

    codes: tuple[Any, ...]
    """All codes, in order."""
    counts: Counts
    """Units by first coder (rows) and second coder (columns), in the order of `codes`."""


def percent_agreement(coders: Sequence[Coding], bootstrap: Bootstrap | None = None) -> Agreement:
    """Share of pairs of codes that are equal, over all pairs of coders and all units.

    Parameters
    ----------
    coders : sequence of sequences
        Two or more coders; for each the code of every unit, None where there is none. Codes may be sets.
    bootstrap : Bootstrap, optional
        How to find the interval.

    Returns
    -------
    Agreement
        0 to 1. It does not allow for chance: two coders who always say "other" agree fully.

    Raises
    ------
    ValueError
        When there are fewer than two coders, they differ in length, or fewer than two units have two codes.

    Examples
    --------
    >>> percent_agreement([["a", "b", "b", None], ["a", "b", "a", "c"]], Bootstrap(resamples=0)).value
    0.6666666666666666
    """
    patterns, counts = patterns_of([[_plain(code) for code in coder] for coder in coders])
    pairs = [list(combinations(pattern, 2)) for pattern in patterns]
    equal = np.array([sum(a == b for a, b in of) for of in pairs], dtype=np.float64)
    number = np.array([len(of) for of in pairs], dtype=np.float64)
    return agreement(lambda drawn: (drawn @ equal) / (drawn @ number), counts, bootstrap)


def _plain(code: Any) -> Any:
    return frozenset(code) if isinstance(code, set) else code


def cohen_kappa(
    first: Coding,
    second: Coding,
    weights: Weights | None = None,
    order: Sequence[Hashable] | None = None,
    bootstrap: Bootstrap | None = None,
) -> Agreement:
    """Agreement of two coders beyond chance: Cohen's kappa (1960), weighted (1968) if asked for.

    Parameters
    ----------
    first, second : sequence
        The code each coder gave every unit, None where there is none.
    weights : {"linear", "quadratic"}, optional
        Counts a disagreement by the places between the two codes, or by their square; without it all
        disagreements weigh the same.
    order : sequence, optional
        The codes from lowest to highest, for weights; without it numbers go by size and words by alphabet.
        Codes that nobody used keep their places.
    bootstrap : Bootstrap, optional
        How to find the interval.

    Returns
    -------
    Agreement
        -1 to 1; None, with the reason, when both coders gave every unit one and the same code.

    Raises
    ------
    ValueError
        When the coders differ in length, fewer than two units have both codes, or codes have no order.

    Examples
    --------
    >>> table = {"aa": 88, "ab": 14, "ac": 18, "ba": 10, "bb": 40, "bc": 10, "ca": 2, "cb": 6, "cc": 12}
    >>> pairs = "".join(pair * number for pair, number in table.items())
    >>> round(cohen_kappa(pairs[::2], pairs[1::2], bootstrap=Bootstrap(resamples=0)).value, 3)
    0.492
    """
    patterns, counts = patterns_of([first, second])
    if weights not in _POWERS:
        raise ValueError(f'weights must be "linear", "quadratic" or None, not {weights!r}.')
    codes = ordered(patterns, order) if weights else used(patterns)
    places = {code: place for place, code in enumerate(codes)}
    row, column = np.array([[places[code] for code in pair] for pair in patterns]).T
    power = _POWERS[weights]
    apart = np.abs(row - column).astype(np.float64)
    lost = apart**power if power else (apart > 0).astype(np.float64)
    rows, columns = _indicator(row, len(codes)), _indicator(column, len(codes))

    def kappa(drawn: Numbers) -> Numbers:
        units = drawn.sum(axis=1)
        chance = _chance(drawn @ rows, drawn @ columns, power) / units
        return np.asarray(1 - (drawn @ lost) / chance)

    return agreement(kappa, counts, bootstrap, width=len(codes))


def _indicator(places: NDArray[Any], codes: int) -> csr_array[Any, tuple[int, int]]:
    shape, starts = (len(places), codes), np.arange(len(places) + 1)
    return csr_array((np.ones(len(places)), places, starts), shape=shape)


def _chance(first: Numbers, second: Numbers, power: int) -> Numbers:
    """Return the weighted disagreement of all units of one coder with all of the other, per resample."""
    if power == 0:
        return np.asarray(first.sum(axis=1) * second.sum(axis=1) - (first * second).sum(axis=1))
    if power == 2:
        places = np.arange(first.shape[1], dtype=np.float64)
        squares = (first @ places**2) * second.sum(axis=1) + (second @ places**2) * first.sum(axis=1)
        return np.asarray(squares - 2 * (first @ places) * (second @ places))
    # The sum of distances is the sum, over the gaps between codes, of the pairs on either side of the gap.
    below, below_too = first.cumsum(axis=1), second.cumsum(axis=1)
    above, above_too = below[:, -1:] - below, below_too[:, -1:] - below_too
    return np.asarray((below * above_too + below_too * above).sum(axis=1))


def disagreements(first: Coding, second: Coding) -> tuple[Disagreement, ...]:
    """List the units to settle: those that both coders coded, and not alike.

    Parameters
    ----------
    first, second : sequence
        The code, or set of codes, each coder gave every unit; None where there is none.

    Returns
    -------
    tuple of Disagreement
        In the order of the units.

    Raises
    ------
    ValueError
        When the coders differ in length.

    Examples
    --------
    >>> disagreements(["bus", "road", None], ["bus", "park", "park"])
    (Disagreement(unit=1, first='road', second='park'),)
    """
    require_same_length([first, second])
    return tuple(
        Disagreement(unit, one, other)
        for unit, (one, other) in enumerate(zip(first, second, strict=True))
        if not is_missing(one) and not is_missing(other) and one != other
    )


def confusion(first: Coding, second: Coding, order: Sequence[Hashable] | None = None) -> Confusion:
    """Count how often the two coders gave each pair of codes.

    Parameters
    ----------
    first, second : sequence
        The code each coder gave every unit, None where there is none.
    order : sequence, optional
        The codes in the order to show them; without it by size or alphabet where that is possible, else as
        they come.

    Returns
    -------
    Confusion
        Units coded by both; agreement is on the diagonal.

    Raises
    ------
    ValueError
        When the coders differ in length, or `order` lacks a code.

    Examples
    --------
    >>> found = confusion(["bus", "road", "bus"], ["bus", "park", "road"])
    >>> found.codes, found.counts.tolist()
    (('bus', 'park', 'road'), [[1, 0, 1], [0, 0, 0], [0, 1, 0]])
    """
    require_same_length([first, second])
    both = counted(pair for pair in zip(first, second, strict=True) if not any(map(is_missing, pair)))
    try:
        codes = ordered(list(both), order)
    except ValueError:
        if order is not None:
            raise
        codes = used(both)
    places = {code: place for place, code in enumerate(codes)}
    counts = np.zeros((len(codes), len(codes)), dtype=np.int64)
    for (one, other), number in both.items():
        counts[places[one], places[other]] = number
    return Confusion(tuple(codes), counts)
