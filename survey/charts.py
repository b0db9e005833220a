"""Pictures as SVG: made on the server, with attributes only, from the numbers of the table beside them.

A number that the gate hides is drawn as such: hatched, so that it cannot be taken for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

COLUMN_WIDTH, GAP, HEIGHT = 20, 4, 30
STEP = COLUMN_WIDTH + GAP
LEAST_MARK = 4  # one comment among hundreds must still be seen
BAR_WIDTH, BAR_HEIGHT = 160, 12
HATCH = 10
HEATS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One group: how many of its comments are in the theme; None where that is hidden."""

    name: str
    count: int | None
    total: int | None

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where it is hidden."""
        if self.count is None or self.total is None:
            return None
        return self.count / self.total if self.total else 0.0


def full_share(columns: Sequence[Column]) -> float:
    """The share at which a column is full: the largest one, rounded up to the next ten per cent."""
    largest = max((column.share or 0.0 for column in columns), default=0.0)
    return max(1, -(-round(largest * 100) // 10)) / 10


def breadth_strip(columns: Sequence[Column], full: float, title: str, description: str) -> Markup:
    """One column a group: a track filled to its share in the theme, empty where the group was silent."""
    width = max(len(columns) * STEP - GAP, 1)
    tracks = Markup("").join(_rectangle(number, HEIGHT) for number in range(len(columns)))
    marks = Markup("").join(
        _mark(column, number, full) for number, column in enumerate(columns) if column.share
    )
    few = Markup("").join(
        _few(number, column.name) for number, column in enumerate(columns) if column.share is None
    )
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img"><title>{2}</title><desc>{3}</desc>'
        '<g class="track">{4}</g><g class="fill">{5}</g>{6}</svg>'
    ).format(width, HEIGHT, title, description, tracks, marks, few)


def _mark(column: Column, number: int, full: float) -> Markup:
    share = column.share or 0.0
    height = max(LEAST_MARK, round(HEIGHT * min(1.0, share / full)))
    title = Markup("<title>{}: {:.0%}</title>").format(column.name, share)
    return _rectangle(number, height, title)


def _rectangle(number: int, height: int, title: Markup = Markup("")) -> Markup:  # noqa: B008 (immutable)
    # A board shows hundreds of these: what needs no saying is left out.
    top = Markup(' y="{}"').format(HEIGHT - height) if height < HEIGHT else ""
    end = Markup(">{}</rect>").format(title) if title else Markup("/>")
    return Markup('<rect x="{}"{} width="{}" height="{}" rx="3"{}').format(
        number * STEP, top, COLUMN_WIDTH, height, end
    )


def _few(number: int, name: str) -> Markup:
    return Markup('<path class="few" d="{}"><title>{}</title></path>').format(
        _hatch(number * STEP, COLUMN_WIDTH, HEIGHT), name
    )


def _hatch(left: int, width: int, height: int) -> str:
    """A frame with slanted lines: no pattern, whose id would have to be the only one on the page."""
    lines = [f"M{left} 0h{width}v{height}h{-width}z"]
    for start in range(HATCH, width + height, HATCH):
        # Each line runs up to the right, from the left or lower edge to the upper or right one.
        x1, y1 = max(0, start - height), min(start, height)
        x2, y2 = min(start, width), max(0, start - width)
        lines.append(f"M{left + x1} {y1}L{left + x2} {y2}")
    return "".join(lines)


@dataclass(frozen=True, slots=True)
class Range:
    """What is drawn over a bar: where the share likely lies, and what it was meant to be."""

    low: float | None = None
    high: float | None = None
    target: float | None = None


def bar(share: float | None, full: float, title: str, over: Range = Range()) -> Markup:
    """One bar of a list of bars; `full` is the share, 0 to 1, that fills the track."""
    filled = Markup('<rect class="fill" width="{}" height="{}" rx="3"/>').format(
        _along(share or 0.0, full), BAR_HEIGHT
    )
    shown = filled if share is not None else _hidden_bar()
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}"><title>{2}</title>'
        '<rect class="track" width="{0}" height="{1}" rx="3"/>{3}{4}</svg>'
    ).format(BAR_WIDTH, BAR_HEIGHT, title, shown, _over(over, full))


def share_bar(share: float | None, title: str, low: float | None = None, high: float | None = None) -> Markup:
    """A share of all, 0 to 1, with the range in which it likely lies as a line across the end of the bar."""
    return bar(share, 1.0, title, Range(low, high))


def target_bar(share: float | None, target: float | None, full: float, title: str) -> Markup:
    """A share with a tick at what it was meant to be."""
    return bar(share, full, title, Range(target=target))


def pair_bar(before: float, after: float, full: float, title: str) -> Markup:
    """An earlier figure above the present one; `full` is the figure that fills the track."""
    tall = 2 * BAR_HEIGHT + 2
    shape = Markup('<rect class="{}" y="{}" width="{}" height="{}" rx="3"/>')
    rows = ((0, before, "earlier"), (BAR_HEIGHT + 2, after, "fill"))
    bars = Markup("").join(
        shape.format("track", top, BAR_WIDTH, BAR_HEIGHT)
        + shape.format(kind, top, _along(figure, full), BAR_HEIGHT)
        for top, figure, kind in rows
    )
    return Markup(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}"><title>{2}</title>'
        "{3}</svg>"
    ).format(BAR_WIDTH, tall, title, bars)


def _along(share: float, full: float) -> int:
    return round(BAR_WIDTH * min(1.0, max(0.0, share / full))) if full else 0


def _hidden_bar() -> Markup:
    return Markup('<path class="few" d="{}"/>').format(_hatch(0, BAR_WIDTH, BAR_HEIGHT))


def _over(over: Range, full: float) -> Markup:
    drawn = Markup("")
    if over.low is not None and over.high is not None:
        low, high, middle = _along(over.low, full), _along(over.high, full), BAR_HEIGHT // 2
        line = Markup("M{0} 2v8M{0} {2}H{1}M{1} 2v8").format(low, high, middle)
        # Twice, the wider one below: it must be seen on the bar and beside it.
        drawn += Markup('<path class="range-edge" d="{0}"/><path class="range" d="{0}"/>').format(line)
    if over.target is not None:
        drawn += Markup('<path class="aim" d="M{} 0v{}"/>').format(_along(over.target, full), BAR_HEIGHT)
    return drawn


def heat(share: float | None) -> str:
    """The class of a cell that is shaded by a share, 0 to 1; none where it is 0 or hidden."""
    return f"heat{min(HEATS, int(share * HEATS) + 1)}" if share else ""
