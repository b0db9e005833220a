"""Find personal data in what people wrote, so that a person can decide what to take out.

Nothing is changed or deleted here: spans are found, and a copy with the spans replaced is offered.

>>> text = "I'm Jane Doe, call 215-555-0123 about permit 2155550199."
>>> found = find_personal(text)
>>> [(text[one.start : one.end], one.kind, one.certain) for one in found]
[('Jane Doe', 'name', False), ('215-555-0123', 'phone', True)]
>>> mask(text, found)
"I'm [name], call [phone] about permit 2155550199."
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.personal import emails, handles, ids, names, phones, places, places_abroad, web
from analysis.personal.text import Kind, Spans, plain, words_of


@dataclass(frozen=True, slots=True)
class Personal:
    """A datum that points to a person."""

    start: int
    """Offset of its first character in the text, in code points."""
    end: int
    """Offset just past its last character; blanks and punctuation around the datum are left out."""
    kind: Kind
    """What it is: email, phone, address, ssn, card, url, handle or name."""
    certain: bool
    """False when it may well be something else: all names, and numbers that only look like what they are
    called."""


_DIGIT = re.compile("[0-9]")
_DOTTED = re.compile(r"\.[A-Za-z]")
_AT_WORDS = frozenset(["at", "arroba", "dot", "punto", "ponto"])
_HIDDEN_AT = re.compile(
    r"[\[({<] ?(?:at|arroba|@)|\b(?:dot|punto|ponto|arroba)\b| at [a-z]{2,12}\.[a-z]|-at-"
    r"| at (?:gmail|yahoo|hotmail|outlook|aol|icloud)\b",
    re.I,
)


def find_personal(text: str, language: str | None = None) -> tuple[Personal, ...]:
    """Find what points to a person: e-mail addresses, telephone numbers, handles, likely names and so on.

    Parameters
    ----------
    text : str
        Any text. It is not changed.
    language : str or None
        Language tag such as "es". The rules of all languages are always used, because people mix them.

    Returns
    -------
    tuple of Personal
        In the order of the text, without overlaps. Takes time in proportion to the length of the text.

    Examples
    --------
    >>> find_personal("Mail jane@example.org.")
    (Personal(start=5, end=21, kind='email', certain=True),)
    >>> find_personal("Bill No. 210553, ZIP 19107-1234, Route 23, call 311")
    ()
    """
    read = plain(text)
    words = words_of(read.text)
    has_digit = _DIGIT.search(read.text) is not None
    spans = Spans()
    _find_web(read.text, words, spans)
    if has_digit:
        _find_numbers(read.text, spans)
    if not phones.SPOKEN_DIGITS.isdisjoint(words):
        spans.add(phones.spelled(read.text))
    if has_digit:
        _find_places(read.text, spans)
    spans.add(names.find(read.text, words))
    return tuple(
        Personal(start, _with_marks(text, end), found.kind, found.certain)
        for found in spans
        for start, end in [read.back(found.start, found.end)]
    )


def _find_web(text: str, words: set[str], spans: Spans) -> None:
    """Look for addresses of the web and of mail, and for handles; rules that cannot apply are not tried."""
    if _DOTTED.search(text):
        spans.add(web.urls(text))
    at = "@" in text
    named = list(handles.handles(text)) if at or not handles.SITES.isdisjoint(words) else []
    spans.add(found for found in named if "@" in text[found.start + 1 : found.end])
    if at or (not _AT_WORDS.isdisjoint(words) and _HIDDEN_AT.search(text)):
        spans.add(emails.emails(text))
    spans.add(named)


def _find_numbers(text: str, spans: Spans) -> None:
    """Look for the longest and surest shapes first."""
    spans.add(ids.cards(text))
    spans.add(ids.ssns(text))
    spans.add(phones.phones(text))


def _find_places(text: str, spans: Spans) -> None:
    spans.add(places.boxes(text))
    spans.add(places.find(text))
    spans.add(places_abroad.find(text))


def _with_marks(text: str, end: int) -> int:
    """Keep an accent that is a character of its own with its letter."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def mask(text: str, found: Iterable[Personal]) -> str:
    """Return a copy of a text with each datum replaced by its kind in brackets, as a proposal to people.

    Parameters
    ----------
    text : str
        The text in which the data were found.
    found : iterable of Personal
        What to replace, in any order.

    Returns
    -------
    str
        The copy.

    Raises
    ------
    ValueError
        When two spans overlap or one lies outside the text.

    Examples
    --------
    >>> mask("Mail jane@example.org.", find_personal("Mail jane@example.org."))
    'Mail [email].'
    """
    parts, place = [], 0
    for one in sorted(found, key=lambda one: one.start):
        if not place <= one.start <= one.end <= len(text):
            raise ValueError("Give spans of this text that do not overlap.")
        parts += [text[place : one.start], f"[{one.kind}]"]
        place = one.end
    return "".join([*parts, text[place:]])
