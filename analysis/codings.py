"""What coders gave the comments: the patterns in which units were coded, and the codes in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.resampling import Counts

Coding = Sequence[Any]
"""What one coder gave each unit: a code, or None (or NaN) where the unit was not coded."""
Pattern = tuple[Any, ...]
"""The codes that one unit got, without gaps."""


def patterns_of(coders: Sequence[Coding]) -> tuple[list[Pattern], Counts]:
    """Return the different ways units with two or more codes were coded, and how many units each has.

    Parameters
    ----------
    coders : sequence of sequences
        Two or more coders; for each the code of every unit.

    Returns
    -------
    list of tuple
        As they first come.
    ndarray of int, shape (patterns,)
        1 or more each.

    Raises
    ------
    ValueError
        When there are fewer than two coders, they differ in length, or fewer than two units have two codes.

    Examples
    --------
    >>> patterns, counts = patterns_of(["aab", ["a", "a", None]])
    >>> patterns, counts.tolist()
    ([('a', 'a')], [2])
    """
    if len(coders) < 2:
        raise ValueError("Agreement needs two or more coders.")
    require_same_length(coders)
    units = (tuple(code for code in unit if not is_missing(code)) for unit in zip(*coders, strict=True))
    found = counted(unit for unit in units if len(unit) > 1)
    if sum(found.values()) < 2:
        raise ValueError("Agreement needs two or more comments that two coders have coded.")
    return list(found), np.array(list(found.values()), dtype=np.int64)


def counted(units: Iterable[Pattern]) -> Mapping[Pattern, int]:
    """Return how many units have each pattern.

    Raises
    ------
    ValueError
        When a code is a set or the like.

    Examples
    --------
    >>> dict(counted([("a", "b"), ("a", "b")]))
    {('a', 'b'): 2}
    """
    try:
        return Counter(units)
    except TypeError:
        raise ValueError(
            "Codes must be words or numbers; use set_alpha for several themes per comment."
        ) from None


def require_same_length(coders: Sequence[Coding]) -> None:
    """Refuse coders of whom one coded more units than another.

    Raises
    ------
    ValueError
        With the number of units of each.
    """
    if len({len(coder) for coder in coders}) > 1:
        lengths = ", ".join(f"{len(coder):,}" for coder in coders)
        raise ValueError(
            f"Every coder must have one entry per comment, None where there is no code: {lengths}."
        )


def is_missing(code: object) -> bool:
    """Tell whether a unit was not coded.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing("")
    (True, True, False)
    """
    return code is None or (isinstance(code, float) and code != code)


def used(patterns: Iterable[Pattern]) -> list[Any]:
    """Return the different codes, as they first come.

    Examples
    --------
    >>> used([("b", "a"), ("a", "c")])
    ['b', 'a', 'c']
    """
    return list(dict.fromkeys(code for pattern in patterns for code in pattern))


def ordered(patterns: Sequence[Pattern], order: Sequence[Hashable] | None) -> list[Any]:
    """Return the codes from lowest to highest.

    Parameters
    ----------
    patterns : sequence of tuple
        Where the codes are used.
    order : sequence or None
        All codes in order, also some that nobody used; None when numbers go by size and words by alphabet.

    Returns
    -------
    list

    Raises
    ------
    ValueError
        When `order` lacks a code or names one twice, or there is no `order` and the codes have none.

    Examples
    --------
    >>> ordered([("much", "little")], ["little", "some", "much"]), ordered([(3, 1)], None)
    (['little', 'some', 'much'], [1, 3])
    """
    codes = used(patterns)
    if order is None:
        try:
            return sorted(codes)
        except TypeError:
            raise ValueError("These codes have no order of their own: give `order`, lowest first.") from None
    known = set(order)
    lacking = [code for code in codes if code not in known]
    if lacking or len(known) < len(order):
        raise ValueError(f"order must name every code once; look at {(lacking or list(order))[0]!r}.")
    return list(order)
