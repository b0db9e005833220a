"""Pictures of a Word report as PNG: breadth strips and bars, of the numbers in the words beside them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

ACCENT, TRACK, INK, WHITE = "#0a5c66", "#e3f0f0", "#17262e", "#ffffff"
SCALE = 4  # pixels of a picture for each of its units, so that it prints well
COLUMN, GAP, HEIGHT, LEAST = 20, 4, 30, 3
MOST_COLUMNS = 40
BAR_WIDTH, BAR_HEIGHT = 120, 12


def breadth_strip(shares: Sequence[float | None], full: float) -> tuple[bytes, float]:
    """One column a group, filled to its share of `full`, hatched where it is hidden; and its width."""
    shares = shares[:MOST_COLUMNS]
    width = max(len(shares) * (COLUMN + GAP) - GAP, COLUMN)
    image, draw = _canvas(width, HEIGHT)
    for number, share in enumerate(shares):
        left = number * (COLUMN + GAP)
        _box(draw, (left, 0, left + COLUMN, HEIGHT), TRACK)
        if share is None:
            _hatch(draw, left)
        elif share:
            top = HEIGHT - max(LEAST, HEIGHT * min(1.0, share / full))
            _box(draw, (left, top, left + COLUMN, HEIGHT), ACCENT)
    return _png(image), width


def bar(share: float, low: float | None = None, high: float | None = None) -> bytes:
    """A bar from 0 to 1, and the interval around its end as a line."""
    image, draw = _canvas(BAR_WIDTH, BAR_HEIGHT)
    _box(draw, (0, 0, BAR_WIDTH, BAR_HEIGHT), TRACK)
    if share > 0:
        _box(draw, (0, 0, max(1.0, BAR_WIDTH * min(1.0, share)), BAR_HEIGHT), ACCENT)
    if low is not None and high is not None:
        middle = BAR_HEIGHT / 2
        _box(draw, (BAR_WIDTH * low, middle - 1.5, BAR_WIDTH * high, middle + 1.5), WHITE)
        _box(draw, (BAR_WIDTH * low, middle - 0.75, BAR_WIDTH * high, middle + 0.75), INK)
    return _png(image)


def _canvas(width: float, height: float) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), WHITE)
    return image, ImageDraw.Draw(image)


def _box(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str) -> None:
    left, top, right, bottom = (round(edge * SCALE) for edge in box)
    draw.rectangle((left, top, max(left, right - 1), max(top, bottom - 1)), fill=colour)


def _hatch(draw: ImageDraw.ImageDraw, left: float) -> None:
    for step in range(4, COLUMN + HEIGHT, 8):
        across = max(0, step - HEIGHT), min(step, COLUMN)
        points = [(left + x, HEIGHT - (step - x)) for x in across]
        draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=ACCENT, width=SCALE)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    # A palette of few colours: a picture takes less than a kilobyte.
    image.quantize(16).save(stream, "PNG", optimize=True)
    return stream.getvalue()
