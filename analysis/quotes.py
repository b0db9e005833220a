"""Typical comments: near the middle of their theme, easy to read, from as many audiences as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, zip_longest

from analysis.types import Comment

_SHORTEST, _LONGEST = 5, 60
"""Words a comment should have to be quoted."""
_ALIKE = 0.6
"""Share of words in common from which two comments are no longer worth quoting both."""
_LOOKED_AT = 60
"""Nearest comments among which to look."""


def pick(comments: Sequence[Comment], most: int) -> tuple[str, ...]:
    """Choose the comments to quote.

    Parameters
    ----------
    comments : sequence of Comment
        Comments of one theme that all say something different, most typical first.
    most : int
        Most comments to choose.

    Returns
    -------
    tuple of str
        Ids: first the most typical comment of each audience, then the second of each, and so on. Comments of
        5 to 60 words come before shorter and longer ones.

    Examples
    --------
    >>> said = [
    ...     Comment("1", "Later opening hours for the library", "staff"),
    ...     Comment("2", "We need the library for homework clubs", "staff"),
    ...     Comment("3", "The library should open on Sunday", "public"),
    ... ]
    >>> pick(said, 3)
    ('1', '3', '2')
    """
    near = _different(comments[:_LOOKED_AT])
    readable = [comment for comment in near if _SHORTEST <= len(comment.text.split()) <= _LONGEST]
    fitting = set(map(id, readable))
    ranked = [*_in_turn(readable), *(comment for comment in near if id(comment) not in fitting)]
    return tuple(comment.id for comment in ranked[:most])


def _different(comments: Sequence[Comment]) -> list[Comment]:
    """Leave out comments that share most of their words with one before them."""
    kept: list[tuple[set[str], Comment]] = []
    for comment in comments:
        words = set(comment.text.lower().split())
        if all(len(words & other) < _ALIKE * len(words | other) for other, _ in kept):
            kept.append((words, comment))
    return [comment for _, comment in kept]


def _in_turn(comments: Sequence[Comment]) -> list[Comment]:
    """Take one comment of each audience in turn."""
    by_audience: defaultdict[str | None, list[Comment]] = defaultdict(list)
    for comment in comments:
        by_audience[comment.audience].append(comment)
    rounds = chain.from_iterable(zip_longest(*by_audience.values()))
    return [comment for comment in rounds if comment is not None]
