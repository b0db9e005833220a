"""What became of each theme as SVG: earlier themes on the left, those of now on the right, bands between.

A bar is as high as the share of the comments that a theme has, a band as wide as the part of it that went
over. Everything is attributes and classes: `.f-continued` and so on, `.f-stray` for what went astray. On a
narrow screen the style sheet shows the numbers of the themes instead of names, and stretches the middle.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

WIDTH, BAR = 960, 16
LEFT, RIGHT = 300, 660
"""Where the bars of the earlier themes begin, and where those of now end: names stand outside."""
FULL, LEAST, GAP, EDGE = 520, 40, 10, 34
"""The height of all comments of a side, the least of one bar (its name needs that), and what lies between."""
LINE, PER_LINE, LINES = 18, 32, 2
THINNEST = 2.0
STRAY = "stray"


@dataclass(frozen=True, slots=True)
class End:
    """A theme on one side: its share of the comments there, 0 to 1, and what became of it."""

    name: str
    share: float
    kind: str


@dataclass(frozen=True, slots=True)
class Band:
    """What went from an earlier theme to one of now, both by their place in the lists.

    `out` is the part of the earlier theme and `into` that of the later one, 0 to 1; `title` says it in words.
    """

    old: int
    new: int
    out: float
    into: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands above the two columns."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a theme is drawn."""

    top: float
    height: float


Slots = dict[int, tuple[float, float]]
"""Top and height of the end of each band, by the place of the band in the list."""


def flow_picture(
    old: Sequence[End], new: Sequence[End], bands: Sequence[Band], heads: Heads, title: str, description: str
) -> Markup:
    """The whole picture."""
    height = max(_height(old), _height(new)) + EDGE + GAP
    lefts, rights = _stacked(old, height), _stacked(new, height)
    drawn = _bands(bands, lefts, rights)
    return Markup(
        '<svg class="flow" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img"><title>{2}</title>'
        '<desc>{3}</desc><g class="bands">{4}{5}{6}</g>{7}{8}</svg>'
    ).format(
        WIDTH,
        round(height),
        title,
        description,
        drawn,
        _bars(old, lefts, LEFT),
        _bars(new, rights, RIGHT - BAR),
        _names(old, lefts, LEFT - 12, "end", heads.old),
        _names(new, rights, RIGHT + 12, "start", heads.new),
    )


def _bar_height(end: End) -> float:
    return max(float(LEAST), FULL * min(1.0, max(0.0, end.share)))


def _height(ends: Sequence[End]) -> float:
    return sum(map(_bar_height, ends)) + GAP * max(0, len(ends) - 1)


def _stacked(ends: Sequence[End], height: float) -> list[Bar]:
    """The bars of one side, one below the other, in the middle of the picture."""
    first = EDGE + (height - EDGE - GAP - _height(ends)) / 2
    steps = (_bar_height(end) + GAP for end in ends)
    tops = accumulate(steps, initial=first)
    return [Bar(top, _bar_height(end)) for top, end in zip(tops, ends, strict=False)]


def _bands(bands: Sequence[Band], lefts: Sequence[Bar], rights: Sequence[Bar]) -> Markup:
    """The bands; what went astray lies below the others."""
    outs = _slots(bands, lefts, lambda band: (band.old, band.new, band.out))
    intos = _slots(bands, rights, lambda band: (band.new, band.old, band.into))
    order = sorted(range(len(bands)), key=lambda place: bands[place].kind != STRAY)
    return Markup("").join(_band(bands[place], outs[place], intos[place]) for place in order)


def _slots(
    bands: Sequence[Band], bars: Sequence[Bar], seen: Callable[[Band], tuple[int, int, float]]
) -> Slots:
    """Where each band meets the bars of one side; `seen` gives the bar, the one across, and the part of it.

    A comment can be in several themes: parts that make up more than the whole share the bar.
    """
    meeting: defaultdict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for place, band in enumerate(bands):
        bar, across, part = seen(band)
        meeting[bar].append((across, place, max(0.0, part)))
    slots: Slots = {}
    for bar, parts in meeting.items():
        scale = bars[bar].height / max(1.0, sum(part for *_, part in parts))
        top = bars[bar].top
        for _across, place, part in sorted(parts):
            slots[place] = top, part * scale
            top += part * scale
    return slots


def _band(band: Band, out: tuple[float, float], into: tuple[float, float]) -> Markup:
    (y, height), (end, width) = _seen(out), _seen(into)
    left, right = LEFT + BAR, RIGHT - BAR
    middle = (left + right) // 2
    return Markup(
        '<path class="f-{0}" d="M{1} {2:.1f}C{3} {2:.1f} {3} {5:.1f} {4} {5:.1f}'
        'V{6:.1f}C{3} {6:.1f} {3} {7:.1f} {1} {7:.1f}Z"><title>{8}</title></path>'
    ).format(band.kind, left, y, middle, right, end, end + width, y + height, band.title)


def _seen(slot: tuple[float, float]) -> tuple[float, float]:
    """Even the smallest part can be seen."""
    return slot[0], max(THINNEST, slot[1])


def _bars(ends: Sequence[End], bars: Sequence[Bar], x: int) -> Markup:
    return Markup("").join(
        Markup(
            '<rect class="f-{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"><title>{}</title></rect>'
        ).format(end.kind, x, bar.top, BAR, bar.height, end.name)
        for end, bar in zip(ends, bars, strict=True)
    )


def _names(ends: Sequence[End], bars: Sequence[Bar], x: int, anchor: str, head: str) -> Markup:
    """The head of a column, then the name of each theme at its bar, and its number alone."""
    short = 34 if anchor == "end" else WIDTH - 34
    names = Markup("").join(
        _name(number, end.name, bar, x, short)
        for number, (end, bar) in enumerate(zip(ends, bars, strict=True), start=1)
    )
    return Markup('<g class="names {0}"><text class="head full" x="{1}" y="20">{2}</text>{3}</g>').format(
        anchor, x, head, names
    )


def _name(number: int, name: str, bar: Bar, x: int, short: int) -> Markup:
    lines = textwrap.wrap(f"{number} {name}", PER_LINE, max_lines=LINES, placeholder="…") or [str(number)]
    middle = bar.top + bar.height / 2
    words = Markup("").join(
        Markup('<tspan x="{}" y="{:.1f}">{}</tspan>').format(
            x, middle + LINE * (row - len(lines) / 2) + 14, line
        )
        for row, line in enumerate(lines)
    )
    return Markup('<text class="full">{}</text><text class="short" x="{}" y="{:.1f}">{}</text>').format(
        words, short, middle + 13, number
    )
