"""The map of the comments as SVG: a mark a comment, a shape and a colour a theme, names beside the islands.

There are six shapes and twelve colours, so that 72 themes look different, and shape alone tells neighbours
on the list apart. Everything is attributes and classes (`.m1` to `.m12`); numbers come from `analysis.map`.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 960, 640, 26
COLOURS = 12
SHAPES = {
    "circle": "M-4.2 0a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0z",
    "square": "M-3.8-3.8h7.6v7.6h-7.6z",
    "triangle": "M0-5l4.9 8.6h-9.8z",
    "diamond": "M0-5.4l5 5.4-5 5.4-5-5.4z",
    "cross": "M-1.6-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
    "wedge": "M0 5l4.9-8.6h-9.8z",
}
RING = "M-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z"
LETTER, LINE, PER_LINE, LINES = 8.4, 19, 22, 2
"""Size of a name in units of the picture: letters are taken to be wide."""
LEAST_HEIGHT = 40  # of the number that a phone shows instead of the name
NEARBY = [(x / 4, y / 2) for y in (0, -1, 1, -2, 2, -3, 3, -4, 4) for x in (0, -1, 1, -2, 2, -3, 3)]
"""Where a name may stand, in its own widths and heights from the middle of its island."""
CELL = 16
OWN, FAR = 0.15, 12
"""To cover a mark of its own island costs a name so much of one of another; so many units of way cost one."""
Held = dict[int, list[tuple[int, int]]]
"""Places of the marks by the number of their island, -1 for those in no theme."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A comment: its place from the left and top, 0 to 1, and its theme."""

    x: float
    y: float
    theme: int | None


@dataclass(frozen=True, slots=True)
class Island:
    """A theme as the map names it."""

    theme: int
    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture that something covers."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        apart = self.left >= other.right or other.left >= self.right
        return not (apart or self.top >= other.bottom or other.top >= self.bottom)


@dataclass(frozen=True, slots=True)
class Ground:
    """How many marks of each island lie in each square of the picture."""

    squares: dict[tuple[int, int], Counter[int]]

    @classmethod
    def of(cls, held: Held) -> Ground:
        """Count them."""
        squares: defaultdict[tuple[int, int], Counter[int]] = defaultdict(Counter)
        for place, marks in held.items():
            for x, y in marks:
                squares[x // CELL, y // CELL][place] += 1
        return cls(dict(squares))

    def covered(self, box: Box, own: int) -> float:
        """What a name there would hide: marks of other islands in full, its own in part."""
        rows = range(int(box.top) // CELL, int(box.bottom) // CELL + 1)
        columns = range(int(box.left) // CELL, int(box.right) // CELL + 1)
        here = [self.squares[x, y] for x in columns for y in rows if (x, y) in self.squares]
        return sum(marks.total() - (1 - OWN) * marks[own] for marks in here)


def look(number: int) -> tuple[str, str]:
    """The class of the colour and the name of the shape of the theme that is `number` on the list, from 0."""
    shape = (number + number // COLOURS) % len(SHAPES)
    return f"m{number % COLOURS + 1}", list(SHAPES)[shape]


def map_picture(
    dots: Iterable[Dot], islands: Sequence[Island], title: str, description: str, nowhere: str
) -> Markup:
    """The whole map. Islands are numbered in their order; `nowhere` names the comments in no theme.

    A dot whose theme is not among the islands counts as in no theme.
    """
    number = {island.theme: place for place, island in enumerate(islands)}
    held: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for dot in dots:
        held[number.get(dot.theme, -1) if dot.theme is not None else -1].append(_at(dot))
    names = _names(islands, held)
    return Markup(
        '<svg class="map" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img"><title>{2}</title>'
        '<desc>{3}</desc><defs>{4}</defs>{5}<g class="names">{6}</g></svg>'
    ).format(WIDTH, HEIGHT, title, description, _shapes(), _marks(islands, held, nowhere), names)


def key_mark(number: int | None) -> Markup:
    """The mark of a theme, for the key beside the map; None for those in no theme. Words stand beside it."""
    colour, shape = ("m0", RING) if number is None else (look(number)[0], SHAPES[look(number)[1]])
    return Markup(
        '<svg class="map-key" width="18" height="18" viewBox="-7 -7 14 14" aria-hidden="true">'
        '<path class="{}" d="{}"/></svg>'
    ).format(colour, shape)


def _at(dot: Dot) -> tuple[int, int]:
    return (
        round(EDGE + min(1.0, max(0.0, dot.x)) * (WIDTH - 2 * EDGE)),
        round(EDGE + min(1.0, max(0.0, dot.y)) * (HEIGHT - 2 * EDGE)),
    )


def _shapes() -> Markup:
    drawn = {**SHAPES, "ring": RING}
    return Markup("").join(Markup('<path id="map-{}" d="{}"/>').format(*shape) for shape in drawn.items())


def _marks(islands: Sequence[Island], held: Held, nowhere: str) -> Markup:
    """One group a theme, whose title is that of every mark in it; those in no theme lie below the others."""
    groups = [_group("m0", "ring", nowhere, held[-1])] if held.get(-1) else []
    for place, island in enumerate(islands):
        if held.get(place):
            groups.append(_group(*look(place), island.name, held[place]))
    return Markup("").join(groups)


def _group(colour: str, shape: str, name: str, places: Sequence[tuple[int, int]]) -> Markup:
    uses = Markup("").join(
        Markup('<use href="#map-{}" x="{}" y="{}"/>').format(shape, x, y) for x, y in sorted(places)
    )
    return Markup('<g class="{}"><title>{}</title>{}</g>').format(colour, name, uses)


def _names(islands: Sequence[Island], held: Held) -> Markup:
    """Names at their islands, the largest island first; one that finds no room shows its number alone."""
    ground, taken, texts = Ground.of(held), list[Box](), []
    for place in sorted(held.keys() - {-1}, key=lambda place: (-len(held[place]), place)):
        number = str(place + 1)
        for lines in (_wrapped(f"{number} {islands[place].name}"), [number]):
            box = _room(lines, place, held[place], ground, taken)
            if box:
                taken.append(box)
                texts.append(_name(number, lines, box))
                break
    return Markup("").join(texts)


def _wrapped(name: str) -> list[str]:
    return textwrap.wrap(name, PER_LINE, max_lines=LINES, placeholder="…")


def _room(
    lines: Sequence[str], place: int, places: Sequence[tuple[int, int]], ground: Ground, taken: Sequence[Box]
) -> Box | None:
    """The best place for a name near its island: no other name there, and few marks of other islands."""
    width, height = LETTER * max(map(len, lines)) + 12, max(LEAST_HEIGHT, LINE * len(lines) + 6)
    x, y = median(x for x, _ in places), median(y for _, y in places)
    best = None
    for across, down in NEARBY:
        box = _within(x + across * width, y + down * height, width, height)
        if any(map(box.meets, taken)):
            continue
        cost = ground.covered(box, place) + math.hypot(across * width, down * height) / FAR
        if best is None or cost < best[0]:
            best = cost, box
    return best[1] if best else None


def _within(x: float, y: float, width: float, height: float) -> Box:
    """A box around a point, moved as far as it takes to lie within the picture."""
    x = min(max(x, width / 2 + 2), WIDTH - width / 2 - 2)
    y = min(max(y, height / 2 + 2), HEIGHT - height / 2 - 2)
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _name(number: str, lines: Sequence[str], box: Box) -> Markup:
    """A name on its plate, and its number alone, of which the style sheet shows one."""
    x, y = round((box.left + box.right) / 2), round((box.top + box.bottom) / 2)
    width, height = round(box.right - box.left), LINE * len(lines) + 6
    words = Markup("").join(
        Markup('<tspan x="{}" y="{}">{}</tspan>').format(
            x, round(y + LINE * (row - len(lines) / 2) + 15), line
        )
        for row, line in enumerate(lines)
    )
    return Markup(
        '<g class="full"><rect x="{}" y="{}" width="{}" height="{}" rx="6"/><text>{}</text></g>'
        '<text class="short" x="{}" y="{}">{}</text>'
    ).format(x - width // 2, y - height // 2, width, height, words, x, y + 13, number)
