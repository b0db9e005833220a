"""Pictures as SVG: made on the server, with attributes only, from the numbers of the table beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

COLUMN_WIDTH, GAP, HEIGHT = 20, 4, 30
STEP = COLUMN_WIDTH + GAP
LEAST_MARK = 4  # one comment among hundreds must still be seen
BAR_WIDTH, BAR_HEIGHT = 160, 12


@dataclass(frozen=True, slots=True)
class Column:
    """One group: how many of its comments are in the theme."""

    name: str
    count: int
    total: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.count / self.total if self.total else 0.0


def full_share(columns: Sequence[Column]) -> float:
    """The share at which a column is full: the largest one, rounded up to the next ten per cent."""
    largest = max((column.share for column in columns), default=0.0)
    return max(1, -(-round(largest * 100) // 10)) / 10


def breadth_strip(columns: Sequence[Column], full: float, title: str, description: str) -> Markup:
    """One column a group: a track filled to its share in the theme, empty where the group was silent."""
    width = max(len(columns) * STEP - GAP, 1)
    tracks = Markup("").join(_rectangle(number, HEIGHT) for number in range(len(columns)))
    marks = Markup("").join(
        _mark(column, number, full) for number, column in enumerate(columns) if column.count
    )
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img"><title>{2}</title><desc>{3}</desc>'
        '<g class="track">{4}</g><g class="fill">{5}</g></svg>'
    ).format(width, HEIGHT, title, description, tracks, marks)


def _mark(column: Column, number: int, full: float) -> Markup:
    height = max(LEAST_MARK, round(HEIGHT * min(1.0, column.share / full)))
    title = Markup("<title>{}: {:.0%}</title>").format(column.name, column.share)
    return _rectangle(number, height, title)


def _rectangle(number: int, height: int, title: Markup = Markup("")) -> Markup:  # noqa: B008 (immutable)
    # A board shows hundreds of these: what needs no saying is left out.
    top = Markup(' y="{}"').format(HEIGHT - height) if height < HEIGHT else ""
    end = Markup(">{}</rect>").format(title) if title else Markup("/>")
    return Markup('<rect x="{}"{} width="{}" height="{}" rx="3"{}').format(
        number * STEP, top, COLUMN_WIDTH, height, end
    )


def bar(share: float, full: float, title: str) -> Markup:
    """One bar of a list of bars; `full` is the share, 0 to 1, that fills the track."""
    length = round(BAR_WIDTH * min(1.0, share / full)) if full else 0
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}"><title>{2}</title>'
        '<rect class="track" width="{0}" height="{1}" rx="3"/>'
        '<rect class="fill" width="{3}" height="{1}" rx="3"/></svg>'
    ).format(BAR_WIDTH, BAR_HEIGHT, title, length)
