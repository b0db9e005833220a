"""Blacking parts of a text out: spans in characters, found, put in order and taken out.

The text itself never changes; what is shown of it does. A span never cuts a character as people see it: an
accent goes with its letter, a skin tone with its hand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MARK = "[…]"
"""What stands for a part that is blacked out: its length tells nothing of what was there."""

Span = tuple[int, int]
JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is inside a span."""

    text: str
    inside: bool
    span: Span


def redacted(text: str, spans: Iterable[Span]) -> str:
    """Return the text with a mark for each span."""
    return "".join(MARK if piece.inside else piece.text for piece in pieces(text, spans))


def pieces(text: str, spans: Iterable[Span]) -> Iterator[Piece]:
    """Yield the text in parts, inside and outside of spans by turns."""
    at = 0
    for start, end in merged(text, spans):
        if at < start:
            yield Piece(text[at:start], False, (at, start))
        yield Piece(text[start:end], True, (start, end))
        at = end
    if at < len(text):
        yield Piece(text[at:], False, (at, len(text)))


def merged(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in the order of the text: whole characters, joined where they meet, none of them empty."""
    found: list[Span] = []
    for start, end in sorted(_whole(text, span) for span in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return tuple(found)


def _whole(text: str, span: Span) -> Span:
    """The span within the text, made wider where it would cut a character as people see it."""
    start, end = (min(max(0, place), len(text)) for place in span)
    if start >= end:
        return start, start
    while start > 0 and _belongs(text, start):
        start -= 1
    while end < len(text) and _belongs(text, end):
        end += 1
    return start, end


def _belongs(text: str, at: int) -> bool:
    """Whether the character there goes on from the one before. In doubt, yes: then more is blacked out."""
    before, here = text[at - 1], text[at]
    return (
        here == JOINER
        or before == JOINER
        or unicodedata.category(here).startswith("M")
        or "\U0001f3fb" <= here <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= here <= "\U000e007f"  # tags, as in the flag of Scotland
        or (_is_flag_letter(before) and _is_flag_letter(here))
        or ("\u1160" <= here <= "\u11ff")  # vowels and ends of Korean syllables
        or (before == "\r" and here == "\n")
    )


def _is_flag_letter(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def find_words(text: str, wanted: str) -> tuple[Span, ...]:
    """Return where words stand in a text, whatever their case and accents.

    Where they stand as whole words only those places count; else each place does.
    """
    folded, places = _folded(text)
    sought = _folded(wanted)[0].strip()
    if not sought:
        return ()
    starts = list(_starts(folded, sought))
    whole = [start for start in starts if _is_apart(folded, start, start + len(sought))]
    found = ((places[at], places[at + len(sought) - 1] + 1) for at in whole or starts)
    return merged(text, found)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case and accents and with single blanks, and where each character came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        plain = unicodedata.normalize("NFKD", letter).casefold()
        kept = "".join(part for part in plain if not unicodedata.combining(part))
        if letter.isspace():
            kept = "" if letters and letters[-1] == " " else " "
        letters += kept
        places += [place] * len(kept)
    return "".join(letters), places


def _starts(text: str, sought: str) -> Iterator[int]:
    at = text.find(sought)
    while at >= 0:
        yield at
        at = text.find(sought, at + len(sought))


def _is_apart(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
