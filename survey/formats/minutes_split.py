"""From the lines of minutes to comments: by line, bullet, paragraph or sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, get_args

from survey.formats.minutes_in import Minutes
from survey.formats.minutes_lines import Line

Mode = Literal["line", "bullet", "paragraph", "sentence"]
MODES: tuple[Mode, ...] = get_args(Mode)
LONGEST = 20_000
"""The most characters of one comment, as of every import."""
# A sentence ends at a stop with what closes it, before a blank and what can begin another one.
# Looked for only where its stops begin, and never given back: "!!!!…" must not be read again from each sign.
STOP = re.compile(r"(?<![.!?…؟۔।])[.!?…؟۔।]++[\"'”’»)\]]*+\s++(?=[\"'“‘«(\[¿¡\w])|[。！？]++[」』”]*+\s*+")
TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "sr", "sra", "dept", "inc", "ave", "blvd"})
SHORTENED = TITLES | {
    "no",
    "nos",
    "vs",
    "e.g",
    "i.e",
    "approx",
    "fig",
    "jan",
    "feb",
    "aug",
    "sept",
    "oct",
    "nov",
}
LAST_WORD = re.compile(r"([\w.]+)\.$")
MANY_BULLETS, WRAPPED, HUGE, SHORT, WRAPS = 0.3, 1.6, 600, 3, 50


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one comment: the line it begins on, its text, and the heading it stands under."""

    line: int
    text: str
    heading: int | None = None
    speaker: str | None = None


def guess_mode(minutes: Minutes, headings: Iterable[int] = ()) -> Mode:
    """How these minutes are probably written; `headings` are the places of lines that are none of it."""
    apart = frozenset(headings)
    lines = [line for place, line in enumerate(minutes.lines) if place not in apart]
    if minutes.kind == "csv" or not lines:
        return "line"
    longest = max(len(line.text) for line in lines)
    if longest > LONGEST or (len(lines) < SHORT and longest > HUGE):
        return "sentence"
    bullets = sum(line.is_item for line in lines)
    if bullets > 1 and bullets >= MANY_BULLETS * len(lines):
        return "bullet"
    paragraphs = sum(line.starts for line in lines)
    several = paragraphs > 1 and len(lines) >= WRAPPED * paragraphs
    if minutes.kind == "text" and several and _is_wrapped(lines):
        return "paragraph"
    return "line"


def _is_wrapped(lines: Sequence[Line]) -> bool:
    """Whether most lines go on with the one before: they begin in the middle of a sentence, or end in one."""
    goes_on = [
        not first.text.endswith((".", "!", "?", "”", '"')) or second.text[:1].islower()
        for first, second in pairwise(lines)
        if not second.starts
    ]
    return sum(goes_on) > len(goes_on) / 2


def split(minutes: Minutes, mode: Mode, headings: Sequence[int | None]) -> Iterator[Part]:
    """The comments of minutes, in their order.

    `headings` says for each line under which heading it stands; a line that is one itself is `-1` there.
    """
    blocks = _blocks(minutes.lines, "line" if minutes.kind == "csv" else mode, headings)
    for block, heading in blocks:
        text = " ".join(line.text for line in block)
        part = Part(block[0].number, text, heading, block[0].speaker)
        if mode == "sentence" and minutes.kind != "csv":
            yield from (replace(part, text=sentence) for sentence in sentences(text))
        else:
            yield part


def _blocks(
    lines: Sequence[Line], mode: Mode, headings: Sequence[int | None]
) -> Iterator[tuple[list[Line], int | None]]:
    """Lines that belong together, with their heading."""
    block: list[Line] = []
    under: int | None = None
    for line, heading in zip(lines, headings, strict=True):
        if block and (heading != under or _begins(line, block[-1], mode)):
            yield block, under
            block = []
        under = heading
        if heading != -1:
            block.append(line)
    if block:
        yield block, under


def _begins(line: Line, above: Line, mode: Mode) -> bool:
    """Whether a comment begins with this line."""
    if mode == "line" or line.starts:
        return True
    return mode == "bullet" and (line.is_item or not _goes_on(line, above))


def _goes_on(line: Line, above: Line) -> bool:
    """Whether a line in a list, which is no item, goes on with the one above."""
    return (
        line.indent > above.indent or len(above.text) >= WRAPS or line.text[:1].islower() or not above.is_item
    )


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a point behind a shortened word or an initial ends none."""
    start = 0
    for match in STOP.finditer(text):
        if not _is_shortened(text, start, match):
            if said := text[start : match.end()].strip():
                yield said
            start = match.end()
    if rest := text[start:].strip():
        yield rest


def _is_shortened(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group().strip() != ".":
        return False
    # Only the last few characters: a text without blanks must not be looked at again and again.
    before = LAST_WORD.search(text[max(start, match.start() - 12) : match.start() + 1])
    word = before[1].casefold() if before else ""
    return word in SHORTENED or (len(word) == 1 and word.isalpha() and word != "i")
