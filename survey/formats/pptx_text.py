"""Text on slides: where it stands, how it looks, and how large it may be so that it fits."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.util import Inches

from survey.formats.safe_text import for_xml

INK, SOFT, ACCENT, PAPER, WASH, LINE = "17262E", "47565F", "0A5C66", "FBFAF6", "E3F0F0", "DCD8CE"
LETTER, LEADING = 0.6, 1.25
"""About how wide a letter and how high a line is, as a share of the type size."""
MORE = "…"
LINE_END = re.compile(r"[ \t]*[\r\n]+[ \t]*")
NUMBER = 12
"""A word of fewer letters is never broken."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    def emu(self) -> tuple[Inches, Inches, Inches, Inches]:
        """The same as the library wants it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks: the sizes it may have, the largest that fits is taken.

    `gap` is the room after each paragraph, in points.
    """

    sizes: tuple[int, ...] = (22, 20, 18, 16, 14)
    colour: str = INK
    bold: bool = False
    italic: bool = False
    gap: int = 0


PLAIN = Look()


def shown(text: str) -> str:
    """Text as a slide can hold it."""
    return for_xml(text.replace("\r\n", "\n").replace("\r", "\n"))


def unbroken(text: str) -> str:
    """Text without line ends."""
    return LINE_END.sub(" ", text).strip()


def one_line(text: str) -> str:
    """The same as a slide can hold it."""
    return shown(unbroken(text))


def fitted(text: str, box: Box, sizes: Sequence[int]) -> tuple[str, int]:
    """The text and the largest size at which it fits; its beginning at the smallest where it does not."""
    for size in sizes:
        if _fits(text, box, size):
            return text, size
    smallest, room = sizes[-1], len(text)
    while room and not _fits(text[:room] + MORE, box, smallest):
        room = room * 9 // 10
    return text[:room].rstrip() + MORE, smallest


def height_of(text: str, width: float, size: int) -> float:
    """About how high a text stands, in inches."""
    per_line = max(1, int(width * 72 / (size * LETTER)))
    lines = sum(max(1, math.ceil(sum(map(_wide, line)) / per_line)) for line in text.split("\n"))
    return lines * size * LEADING / 72


def _fits(text: str, box: Box, size: int) -> bool:
    # A long word is broken at the end of the line, which a number must not be.
    broken = " " not in text and len(text) < NUMBER and len(text) * size * LETTER > box.width * 72
    return height_of(text, box.width, size) <= box.height and not broken


def _wide(character: str) -> float:
    # Characters of East Asia and emoji take the room of two letters.
    return 2.0 if character > "\u2e80" else 1.3 if character.isupper() else 1.0


def colour(digits: str) -> RGBColor:
    """A colour by its six hexadecimal digits."""
    return RGBColor(*bytes.fromhex(digits))  # type: ignore[no-untyped-call]
