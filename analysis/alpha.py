"""Krippendorff's alpha: any number of coders, with gaps, who gave codes or sets of codes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from scipy.sparse import csr_array

from analysis.codings import Coding, Pattern, ordered, patterns_of, used
from analysis.resampling import Agreement, Bootstrap, Figure, Numbers, agreement

Level = Literal["nominal", "ordinal", "interval"]

MOST_SETS = 3_000
"""Different sets of themes that `set_alpha` compares, each with each."""


def krippendorff_alpha(
    coders: Sequence[Coding],
    level: Level = "nominal",
    order: Sequence[Hashable] | None = None,
    bootstrap: Bootstrap | None = None,
) -> Agreement:
    """Agreement of any number of coders beyond chance, with gaps: Krippendorff's alpha.

    Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011).

    Parameters
    ----------
    coders : sequence of sequences
        Two or more coders; for each the code of every unit, None where there is none.
    level : {"nominal", "ordinal", "interval"}
        Codes are names, ranks, or numbers whose differences count.
    order : sequence, optional
        The codes from lowest to highest, for ordinal ones; without it numbers go by size, words by alphabet.
    bootstrap : Bootstrap, optional
        How to find the interval.

    Returns
    -------
    Agreement
        At most 1, below 0 when coders disagree more than by chance; None, with the reason, when all codes are
        the same.

    Raises
    ------
    ValueError
        When there are fewer than two coders, they differ in length, fewer than two units have two codes,
        codes have no order, or interval codes are no finite numbers.

    Examples
    --------
    >>> coders = [[1, 2, 3, 3, None], [1, 2, 3, 2, 2], [1, 2, 3, 3, 2]]
    >>> for level in ("nominal", "ordinal", "interval"):
    ...     print(round(krippendorff_alpha(coders, level, bootstrap=Bootstrap(resamples=0)).value, 3))
    0.794
    0.858
    0.88
    """
    patterns, counts = patterns_of(coders)
    codes = _codes(patterns, level, order)
    pairs = _Pairs(patterns, codes)
    if level == "nominal":
        alpha = _nominal(pairs)
    else:
        alpha = _ordinal(pairs) if level == "ordinal" else _interval(pairs, codes)
    return agreement(alpha, counts, bootstrap, width=pairs.width)


def set_alpha(
    coders: Sequence[Sequence[Collection[Hashable] | None]], bootstrap: Bootstrap | None = None
) -> Agreement:
    """Krippendorff's alpha for several themes per comment, with the MASI distance.

    Passonneau, *Measuring Agreement on Set-valued Items (MASI)*, LREC 2006: 1 - J * M, where J is the Jaccard
    similarity and M is 1 for equal sets, 2/3 when one holds the other, 1/3 when they overlap, 0 when they do
    not. Two empty sets are equal: both coders found that the comment is in no theme.

    Parameters
    ----------
    coders : sequence of sequences of sets
        Two or more coders; for each the themes of every unit, None where it was not coded.
    bootstrap : Bootstrap, optional
        How to find the interval.

    Returns
    -------
    Agreement
        At most 1; None, with the reason, when all sets are the same.

    Raises
    ------
    ValueError
        When there are fewer than two coders, they differ in length, fewer than two units have two sets, or
        there are more than `MOST_SETS` different sets.

    Examples
    --------
    >>> first = [{"bus"}, {"bus", "road"}, {"park"}, set()]
    >>> second = [{"bus"}, {"bus"}, {"park", "road"}, set()]
    >>> round(set_alpha([first, second], Bootstrap(resamples=0)).value, 3)
    0.586
    """
    patterns, counts = patterns_of(
        [[None if code is None else _as_set(code) for code in coder] for coder in coders]
    )
    codes = used(patterns)
    if len(codes) > MOST_SETS:
        raise ValueError(f"There are {len(codes):,} different sets of themes: compare {MOST_SETS:,} at most.")
    distances = _masi(codes)
    pairs = _Pairs(patterns, codes)
    seen = pairs.seen @ distances[pairs.one, pairs.other]

    def alpha(drawn: Numbers) -> Numbers:
        values = drawn @ pairs.values
        chance = ((values @ distances) * values).sum(axis=1)
        return np.asarray(1 - (values.sum(axis=1) - 1) * (drawn @ seen) / chance)

    return agreement(alpha, counts, bootstrap, width=len(codes))


def masi_distance(first: Collection[Hashable], second: Collection[Hashable]) -> float:
    """Return how far two sets of themes are apart (Passonneau 2006).

    Parameters
    ----------
    first, second : collection
        The themes of one comment, by two coders.

    Returns
    -------
    float
        0 for equal sets, 1 for sets without a theme in common.

    Raises
    ------
    ValueError
        When one is a text.

    Examples
    --------
    >>> round(masi_distance({"bus", "road"}, {"bus"}), 3), masi_distance({"bus"}, {"park"})
    (0.667, 1.0)
    """
    return float(_masi([_as_set(first), _as_set(second)])[0, 1])


def _as_set(code: Collection[Hashable]) -> frozenset[Hashable]:
    if isinstance(code, str | bytes) or not isinstance(code, Collection):
        raise ValueError(f"Give the themes of a comment as a set, not as {code!r}.")
    return frozenset(code)


def _codes(patterns: Sequence[Pattern], level: Level, order: Sequence[Hashable] | None) -> list[Any]:
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(f'level must be "nominal", "ordinal" or "interval", not {level!r}.')
    if level == "ordinal":
        return ordered(patterns, order)
    codes = used(patterns)
    if level == "interval" and not all(map(_is_number, codes)):
        raise ValueError("Interval codes must be finite numbers.")
    return codes


def _is_number(code: object) -> bool:
    try:
        return not isinstance(code, str | bytes) and math.isfinite(float(code))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return False


class _Pairs:
    """How often each pattern has each code, and each pair of codes (as Krippendorff's coincidences)."""

    def __init__(self, patterns: Sequence[Pattern], codes: Sequence[Any]) -> None:
        places = {code: place for place, code in enumerate(codes)}
        units = [Counter(places[code] for code in pattern) for pattern in patterns]
        self.values = _table(units, {place: place for place in range(len(codes))})
        pairs = [_coincidences(unit) for unit in units]
        kinds = {
            kind: place for place, kind in enumerate(dict.fromkeys(kind for pair in pairs for kind in pair))
        }
        self.seen = _table(pairs, kinds)
        self.one, self.other = np.array(list(kinds)).T
        self.width = max(len(patterns), len(codes), len(kinds))


def _coincidences(unit: Counter[int]) -> dict[tuple[int, int], float]:
    """Return the pairs of codes of one unit, both ways round, each over the number of codes less one."""
    others = unit.total() - 1
    return {
        (one, other): unit[one] * (unit[other] - (one == other)) / others for one in unit for other in unit
    }


def _table(rows: Sequence[Mapping[Any, float]], places: Mapping[Any, int]) -> csr_array[Any, tuple[int, int]]:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = [places[key] for row in rows for key in row]
    values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
    return csr_array((values, columns, starts), shape=(len(rows), len(places)))


def _nominal(pairs: _Pairs) -> Figure:
    differ = pairs.seen @ (pairs.one != pairs.other).astype(np.float64)

    def alpha(drawn: Numbers) -> Numbers:
        values = drawn @ pairs.values
        total = values.sum(axis=1)
        chance = total**2 - (values**2).sum(axis=1)
        return np.asarray(1 - (total - 1) * (drawn @ differ) / chance)

    return alpha


def _ordinal(pairs: _Pairs) -> Figure:
    def alpha(drawn: Numbers) -> Numbers:
        # Ranks between the codes: an ordinal difference is the difference of mean ranks.
        values = drawn @ pairs.values
        return _on_scale(pairs, drawn, values.cumsum(axis=1) - values / 2)

    return alpha


def _interval(pairs: _Pairs, codes: Sequence[Any]) -> Figure:
    scale = np.array(codes, dtype=np.float64)[np.newaxis]
    # Alpha does not depend on the unit, and numbers near 1 can be squared.
    scale = scale / (np.abs(scale).max() or 1)
    return lambda drawn: _on_scale(pairs, drawn, scale)


def _on_scale(pairs: _Pairs, drawn: Numbers, scale: Numbers) -> Numbers:
    """Return alpha for squared differences on a scale, which may differ by resample."""
    values = drawn @ pairs.values
    total = values.sum(axis=1)
    middle = (values * scale).sum(axis=1, keepdims=True) / total[:, np.newaxis]
    # Around the middle, so that large numbers such as years keep their digits.
    chance = 2 * total * (values * (scale - middle) ** 2).sum(axis=1)
    chance[(values > 0).sum(axis=1) < 2] = np.nan
    seen = ((drawn @ pairs.seen) * (scale[:, pairs.one] - scale[:, pairs.other]) ** 2).sum(axis=1)
    return np.asarray(1 - (total - 1) * seen / chance)


def _masi(sets: Sequence[frozenset[Hashable]]) -> Numbers:
    """Return the distance of each set from each."""
    themes = {theme: place for place, theme in enumerate(dict.fromkeys(t for one in sets for t in one))}
    held = _table([dict.fromkeys(one, 1.0) for one in sets], themes)
    common = (held @ held.T).toarray()
    size = np.array([len(one) for one in sets], dtype=np.float64)
    less, more = np.minimum(size[:, np.newaxis], size), np.maximum(size[:, np.newaxis], size)
    union = np.maximum(size[:, np.newaxis] + size - common, 1)
    alike = np.where(common == less, np.where(common == more, 1, 2 / 3), 1 / 3) * common / union
    return np.asarray(np.where(more == 0, 0.0, 1 - alike))
