"""The lines of minutes as they stand in the text: where a paragraph begins, what is an item of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# A dash, a dot, a number or a small letter in front of an item. A capital letter may be somebody's initial.
MARKER = re.compile(
    r"(?:[-*+•‣◦▪●·■□✓–—\uf0b7\uf0a7]|\[[ xX]?\]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)]|o(?=\t| {2}))[ \t\u00a0]+"
)
LINE_END = re.compile("\r\n|\r|\n")
# Ends of lines that editors do not count: Word's soft one, a new page, two of Unicode and one of mainframes.
SOFT_END = re.compile("[\x0b\x0c\u2028\u2029\x85]")
MARKDOWN = re.compile(r"#{1,6}[ \t]+")
RULE = re.compile(r"[-=_*~–—.\s]+")
TAB = 4


class MinutesError(ValueError):
    """The minutes as a whole cannot be read; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words: its number in the file, and its text without the `marker` in front.

    `indent` is how far it stands in, `starts` whether a paragraph begins with it, `heading` whether the file
    says that it is one. A row of a table brings `prompt` and `speaker` with it.
    """

    number: int
    text: str
    marker: str = ""
    indent: int = 0
    starts: bool = False
    heading: bool = False
    prompt: str | None = None
    speaker: str | None = None

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list."""
        return bool(self.marker)


def lines_of_text(text: str) -> tuple[Line, ...]:
    """The lines of plain text; a paragraph begins after a blank line."""
    return tuple(_lines(LINE_END.split(text)))


def _lines(raw: Iterable[str]) -> Iterator[Line]:
    starts = True
    for number, whole in enumerate(raw, start=1):
        for part in SOFT_END.split(whole):
            if has_words(part):
                yield line_of(number, part, starts=starts)
                starts = False
            else:
                starts = True


def line_of(number: int, raw: str, *, starts: bool, level: int | None = None) -> Line:
    """One line; `level` is how deep a word processor says that it stands in a list."""
    text = raw.expandtabs(TAB).lstrip()
    indent = len(raw.expandtabs(TAB)) - len(text)
    if level is not None:
        return Line(number, text.strip(), "•", indent + level * TAB, starts)
    if heading := MARKDOWN.match(text):
        return Line(number, text[heading.end() :].strip(), "", indent, starts, heading=True)
    marker = MARKER.match(raw.lstrip())
    if marker and has_words(rest := raw.lstrip()[marker.end() :]):
        return Line(number, rest.strip(), marker.group().strip(), indent, starts)
    return Line(number, text.strip(), "", indent, starts)


def has_words(text: str) -> bool:
    """Whether there is something to read: no blanks, marks of no width, or rules across the page only."""
    if RULE.fullmatch(text):
        return False
    return any(character.isprintable() and not character.isspace() for character in text)
