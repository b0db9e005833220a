"""Handles: the names of people on the services they use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal.name_lists import FIRST_NAMES, LAST_NAMES
from analysis.personal.text import Found, before, listed
from analysis.personal.web import is_body, is_joined

_HANDLE = re.compile(
    r"(?<![A-Za-z0-9@._/-])@(?=[0-9_.]{0,29}[A-Za-z])([A-Za-z0-9_][A-Za-z0-9_.-]{1,29})"
    r"(@[A-Za-z0-9-]{1,63}\.[A-Za-z.]{2,40})?(?!@)"
)
_NO_HANDLE = listed(
    """
    all an any anyone around bus busy channel church city corner corners crossing crossings crosswalk
    crosswalks dawn day dinner dusk each every everyone here home import intersection intersections least
    light lights lunch major media midnight my night noon our peak rate risk rush school st station stations
    stop stops street streets sunrise sunset the this times which work your
    """
)
_CLOCK = re.compile(
    r"\d{1,4}(?:am|pm|a\.m|p\.m|noon|th|st|nd|rd|h|hrs|ish|[a-z])(?:$|[a-z]*(?:st|ave|street))?",
    re.I,
)
_SITES = (
    "instagram|insta|ig|twitter|tiktok|tik tok|snapchat|snap|telegram|facebook|fb|discord|skype|venmo"
    "|cash ?app|threads|bluesky|mastodon|youtube|nextdoor|wechat|reddit|username|user name|usuario|handle"
    "|screen name|gamertag"
)
SITES = frozenset(re.sub(" [?]?", "|", _SITES).split("|"))
"""Words that name a service or a handle."""
_NAMED_HANDLE = re.compile(
    rf"\b(?:{_SITES})(?: (?:handle|name|account|page|id|profile|user|username|usuario|cuenta)){{0,2}}"
    r"(?: ?[:=] ?| is | es | as | como | - | (?<=name )| (?<=handle )| (?<=username )| (?<=usuario )"
    r"| (?<=discord )(?=\w{2,30}#))([A-Za-z0-9_][A-Za-z0-9_.-]{2,29}(?:#\d{4})?)(?![A-Za-z0-9_@/])",
    re.I,
)
_CAPITAL_NEXT = re.compile(" [A-Z][a-z]")
_FOLLOWING = re.compile(
    rf"\b(?:follow(?:ing|ed)?|dm|tag|tagged|via|by|cc|thanks to|thank|account|at|message|ask|sigue(?:me)?"
    rf"|{_SITES})"
    r"(?: (?:me|us|at|is|es|handle|account|as))?[ :(]{0,3}\Z",
    re.I,
)
_WEB_ENDS = re.compile(r"\.(?:com|org|net|edu|gov|io)\b", re.I)


def handles(text: str) -> Iterator[Found]:
    """Find handles: "@janedoe", and "IG: jane_doe" where a service is named.

    An ordinary word behind "@" ("@mariposa") is uncertain: people write "@" for "at".

    Examples
    --------
    >>> text = "follow @jane_doe, not @SEPTA; lunch @noon"
    >>> [text[found.start : found.end] for found in handles(text)]
    ['@jane_doe']
    """
    for match in _HANDLE.finditer(text):
        name = match[1].rstrip(".-")
        if match[2]:
            yield Found(match.start(), match.start() + len(match[0].rstrip(".")), "handle")
        elif not _is_at(text, match.start() + 1 + len(name), name):
            sure = _is_telling(name) or before(_FOLLOWING, text, match.start())
            yield Found(match.start(), match.start() + 1 + len(name), "handle", sure)
    for match in _NAMED_HANDLE.finditer(text):
        name = match[1].rstrip(".-")
        if _looks_made_up(name):
            yield Found(match.start(1), match.start(1) + len(name), "handle")


def _is_at(text: str, end: int, name: str) -> bool:
    """Tell whether the sign stands for "at": "@noon", "@5pm", "@Market Street"; or for an office."""
    if name.lower() in _NO_HANDLE or _CLOCK.fullmatch(name) or _WEB_ENDS.search(name):
        return True
    place = name.istitle() and name.isalpha() and _CAPITAL_NEXT.match(text, end)
    return bool(place) or is_body(name)


def _is_telling(name: str) -> bool:
    """Tell whether a handle is no ordinary word."""
    if not name.isalpha() or not (name.islower() or name.istitle() or name.isupper()):
        return True
    word = name.lower()
    return any(word[:cut] in FIRST_NAMES or word[cut:] in LAST_NAMES for cut in range(3, len(word) + 1))


def _looks_made_up(name: str) -> bool:
    """Tell a handle from an ordinary word or a web address."""
    mixed = bool(re.search(r"[0-9_.]", name)) and bool(re.search("[A-Za-z]", name))
    return (mixed or is_joined(name.lower())) and not _WEB_ENDS.search(name) and not is_body(name)
