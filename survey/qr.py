"""QR codes as one SVG path: no style, no script, so it may stand in any of our pages."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, which readers need


@dataclass(frozen=True)
class Qr:
    """A code: the side of its square in modules, white border included, and the path of its dark ones."""

    side: int
    path: str


def qr_of(text: str) -> Qr:
    """The code for a text. Level M is still read when a seventh of it is smudged."""
    rows = list(segno.make(text, error="m", micro=False).matrix)
    return Qr(len(rows) + 2 * QUIET, "".join(_row(y, row) for y, row in enumerate(rows, start=QUIET)))


def _row(y: int, row: bytearray) -> str:
    """Each run of dark modules as one box."""
    parts, x = [], 0
    while x < len(row):
        end = x
        while end < len(row) and row[end]:
            end += 1
        if end > x:
            parts.append(f"M{x + QUIET} {y}h{end - x}v1h-{end - x}z")
        x = end + 1
    return "".join(parts)
