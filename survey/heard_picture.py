"""Who was heard, as SVG: a bar for each group, and a mark where its target is."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup

WIDTH, HEIGHT = 200, 22
BAR_TOP, BAR_HEIGHT = 5, 12
MARK_WIDTH = 3
LEAST = 2  # somebody among very many must still be seen


def full_share(shares: Iterable[float | None]) -> float:
    """The share, 0 to 1, that fills the bars of a table: the largest, rounded up to the next ten per cent."""
    largest = max((share for share in shares if share is not None), default=0.0)
    return min(10, max(1, math.ceil(round(largest * 10, 6)))) / 10


def heard_bar(share: float | None, target: float | None, full: float, title: str) -> Markup:
    """The bar of one group; without a share only the track, without a target no mark."""
    length = 0 if share is None else _at(share, full)
    fill = Markup('<rect class="fill" y="{}" width="{}" height="{}" rx="3"/>').format(
        BAR_TOP, max(LEAST, length), BAR_HEIGHT
    )
    return Markup(
        '<svg class="heard-bar" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        '<title>{2}</title><rect class="track" y="{3}" width="{0}" height="{4}" rx="3"/>{5}{6}</svg>'
    ).format(WIDTH, HEIGHT, title, BAR_TOP, BAR_HEIGHT, fill if share else "", _mark(target, full))


def _at(share: float, full: float) -> int:
    return round(WIDTH * min(1.0, share / full))


def _mark(target: float | None, full: float) -> Markup:
    """A line across the bar, in the colour of the words around it."""
    if target is None:
        return Markup("")
    left = min(WIDTH - MARK_WIDTH, max(0, _at(target, full) - MARK_WIDTH // 2))
    return Markup('<rect class="target" x="{}" width="{}" height="{}" fill="currentColor"/>').format(
        left, MARK_WIDTH, HEIGHT
    )
