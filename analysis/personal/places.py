"""Street addresses and post boxes of people, told from blocks, corners, routes and counts of things.

"The 1500 block of Market Street" and "Broad and Market" are places that many share: they are not found.
"1500 Market Street" is: nobody can tell from the words whether somebody lives there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from analysis.personal.street_words import COUNTED, DIRECTIONS, ENDS, NO_STREET, SURE_ENDS
from analysis.personal.tails import tail, unit_before
from analysis.personal.text import Found, before, listed, told

_SHORT = re.compile(r"(?:[NSEW]|NE|NW|SE|SW)\.?\Z")
_SIDE = re.compile(r"(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?\Z")
_ALONE = listed("broadway bowery boardwalk esplanade")
_HIGHWAYS = re.compile(
    r"(?:(?:US|U\.S\.|State|County|Old|PA|NJ) )?(?:Route|Rte\.?|Rt\.?|Highway|Hwy\.?|County Road|Road"
    r"|RD) \d{1,4}(?!\d)"
)
_OF_THE = re.compile(r"Avenue (?:of the [A-Z][a-z]{2,20}|[A-Z])(?![A-Za-z])")
YEAR = re.compile(r"(?:19|20)\d\d\Z")
_PLANNED = re.compile(
    r" (?:plan|project|study|festival|fair|parade|report|survey|budget|reconstruction|repaving)\b"
)
_SINCE = re.compile(
    r"\b(?:in|since|until|till|during|the|en|desde|hasta|spring|summer|fall|winter|autumn|early|late|mid"
    r"|fy|year|ano|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)[ ,]{1,3}\Z",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:\b(?:route|rt\.?|rte\.?|bus|line|trolley|exit|ward|district|precinct|phase|zone|section|sec\.?|psa"
    r"|item|priority|question|q|option|page|pier|group|tier|level|step|goal|chapter|number|figure|table"
    r"|highway|hwy|bill|interstate|grade|ages?|room|top|these|those|least|than|only|between \d{1,5} and|ruta"
    r"|linea|autobus|pregunta|pagina|distrito|case|permit|ticket|order|invoice|i|version|part|day|week"
    r"|episode|division|region|area|team|class|stage|track|gate|lane|column|row|note|idea|point|comment|all"
    r"|hay|unos|unas|lot|suite|engine|ladder|local|channel|site|proposal|vol)\.?[ #]{1,3}|\d[:/])\Z",
    re.I,
)
_FEW = re.compile(
    r"\b(?:over|about|nearly|almost|first|last|next|past|some|other|every|under|both|around|until|till|after"
    r"|before|approximately|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan\.?|feb\.?|mar\.?|apr\.?|jun\.?|jul\.?|aug\.?|sept?\.?|oct\.?|nov\.?|dec\.?|maybe|have|has"
    r"|had|add|added|fix|fixed|closed|need|needs|want|the|los|las|mas de)[ ]{1,2}\Z|\d,? (?:and|or|&|y) \Z"
    r"|\d, \Z",
    re.I,
)
HOME = re.compile(
    r"(?:\b(?:my|our|his|her|their|mailing|home|street|postal|the|new)? ?address(?: is| was|:| =)?|\b(?:live"
    r"|lives|lived|living|grew up|raised|born|reside[sd]?|residing|residence|stay|stays|staying|moved?|house"
    r"|home|apartment|place|rent|mom|mother|neighbor|property|building|rowhouse|rowhome|condo)(?: is"
    r"| was)?(?: located)? (?:at|to)|\b(?:i'm|im|i am|we're|we are|she's|he's|located|me|us|over) at"
    r"|\bcome (?:by|to)|\b(?:send|mail|mailed|deliver|delivered|ship|shipped|sent|write)(?: it| mail| me)? to"
    r"|\bhome(?: is|:)|\blocation:|\b(?:direccion|domicilio)(?: es|:)?|\b(?:vivo|vivimos|vive|viven"
    r"|resido)(?: yo)? (?:en|al?)|\b(?:mi|nuestra) casa(?: esta| es)?(?: en)?|\bmoro n[ao]|\bj'habite(?: au)?"
    r"|\badresse(?: est|:)?)"
    r"[ :,]{1,3}(?:the |el |la |al |number |no\. |numero )?\Z",
    re.I,
)
"""Words that say that an address follows."""
_NUMBER = re.compile(
    r"(?<![A-Za-z])(?:One|Two|Three|Four|Five|Ten)(?= [A-Z])"
    r"|(?<![A-Za-z0-9$€£.%#])(?<![A-Z0-9]-)(?<!\d,)\d{1,5}(?:[A-Za-z](?![A-Za-z]))?(?:-\d{1,5}(?![\d-]))?"
    r"(?: 1/2)?(?: ?& ?\d{1,5})?(?= {1,3}[A-Za-z0-9])"
)
_TOKEN = re.compile(
    r" {1,3}([A-Za-z][A-Za-z']{0,30}(?:-[A-Za-z]{1,30})?(?![A-Za-z])\.?|\d{1,3}(?:st|nd|rd|th)\b)",
    re.I,
)
_MOST_TOKENS, _MOST_NAMES = 8, 4
_FEWEST_FOR_SMALL = 100
_NEXT = re.compile(r" {1,2}([A-Za-z]{1,20})")


class Word(NamedTuple):
    """A word behind the number of a house."""

    text: str
    """The word, with its full stop."""
    end: int
    """Offset just past it."""

    @property
    def key(self) -> str:
        """The word in small letters without its full stop."""
        return self.text.rstrip(".").lower()

    @property
    def is_name(self) -> bool:
        """Whether it is written like a name, or is a number such as "5th"."""
        return self.text[0].isupper() or self.text[0].isdigit()


class Street(NamedTuple):
    """The name of a street behind a number."""

    end: int
    """Offset just past it."""
    proper: bool
    """Whether it is written with capitals."""
    whole: bool
    """Whether it has an ending such as "Street"."""
    plural: bool
    """Whether a word in small letters ends like a plural."""
    sure: bool
    """Whether the ending is seldom anything else."""


def find(text: str) -> Iterator[Found]:
    """Find addresses with number and street, with flat, city, state and ZIP code where they follow.

    Examples
    --------
    >>> text = "1234 N. Broad St., Apt 2B, Philadelphia, PA 19107; not the 1500 block of Market Street"
    >>> [text[found.start : found.end] for found in find(text)]
    ['1234 N. Broad St., Apt 2B, Philadelphia, PA 19107']
    """
    for number in _NUMBER.finditer(text):
        home = told(HOME, text, number.start(), 50)
        street = _street(text, number.end(), home)
        if street is None:
            continue
        end = tail(text, street.end)
        if _is_address(text, number, street, home, end > street.end):
            yield Found(unit_before(text, number.start()), without_stop(text, end), "address")


def without_stop(text: str, end: int) -> int:
    """Return where an address ends without the full stop of its last word.

    Examples
    --------
    >>> without_stop("1 Elm St.", 9)
    8
    """
    return end - 1 if text[end - 1] == "." else end


def _words(text: str, place: int) -> list[Word]:
    words: list[Word] = []
    while len(words) < _MOST_TOKENS:
        match = _TOKEN.match(text, place)
        if match is None:
            break
        place = match.end()
        words.append(Word(match[1], place))
    return words


def _street(text: str, place: int, home: bool) -> Street | None:
    """Read the name of a street behind a number."""
    fixed = _OF_THE.match(text, place + 1) or _HIGHWAYS.match(text, place + 1)
    if fixed:
        return Street(fixed.end(), True, home or "Avenue" in fixed[0] or "Hwy" in fixed[0], False, True)
    words = _words(text, place)
    led = bool(words) and words[0].key in DIRECTIONS
    last = _last_word(words, led)
    if last is not None:
        return _described(words[: last + 1], True)
    return _described(_unended(words, led, home), False)


def _last_word(words: list[Word], led: bool) -> int | None:
    """Return the place of the ending, "Street" or the like; a direction before it is no name."""
    for place, word in enumerate(words):
        named = place > led or (led and place == 1 and len(words[0].key) > 2)
        if word.key in _ALONE and place == led:
            return place
        if word.key in ENDS and named and (word.is_name or word.key in SURE_ENDS):
            return _further(words, place)
        if word.key in NO_STREET or place - led >= _MOST_NAMES:
            return None
        if word.text.endswith(".") and len(word.key) > 2 and word.key not in ENDS | DIRECTIONS | {"mlk"}:
            return None
    return None


def _further(words: list[Word], place: int) -> int:
    """Go on to a second ending ("Park Avenue") and a direction behind ("Street NW")."""
    if place + 1 < len(words) and words[place].text[-1] != ".":
        after = words[place + 1]
        if after.key in SURE_ENDS and after.is_name == words[place].is_name:
            place += 1
    if place + 1 < len(words) and _SIDE.match(words[place + 1].text):
        place += 1
    return place


def _unended(words: list[Word], led: bool, home: bool) -> list[Word]:
    """Read "N Broad", or "Elm" where the text says that it is an address."""
    taken = words[: led + 1]
    if len(taken) <= led or any(word.key in NO_STREET for word in taken[led:]):
        return []
    if home and (taken[-1].is_name or len(words) == led + 1):
        more = led + 1
        while more < min(len(words), led + 3) and _goes_on(words[more - 1], words[more]):
            more += 1
        return words[:more]
    return taken if led and _SHORT.match(words[0].text) and taken[-1].is_name else []


def _goes_on(word: Word, after: Word) -> bool:
    return word.text[-1] != "." and after.is_name and after.key not in NO_STREET and after.text[1:].islower()


def _described(words: list[Word], whole: bool) -> Street | None:
    if not words:
        return None
    small = [word for word in words[:-1] if not word.is_name]
    small += [word for word in words[-1:] if not word.is_name and word.key not in SURE_ENDS]
    plural = any(word.key.endswith("s") and word.key not in DIRECTIONS for word in small)
    return Street(words[-1].end, not small, whole, plural, words[-1].key in SURE_ENDS)


def _is_address(text: str, number: re.Match[str], street: Street, home: bool, goes_on: bool) -> bool:
    """Weigh what stands around: does the number count a house, or something else?"""
    if home or goes_on:
        return goes_on or not _followed(text, street.end) or _house(number) >= _FEWEST_FOR_SMALL
    if number[0].isalpha() or before(_NUMBERED, text, number.start()) or _is_year(text, number, street.end):
        return False
    small = _house(number) < _FEWEST_FOR_SMALL
    if _followed(text, street.end) or (small and told(_FEW, text, number.start())):
        return False
    if street.proper:
        return street.whole or not small or _NEXT.match(text, street.end) is None
    return street.whole and not small and street.sure and not street.plural


def _house(number: re.Match[str]) -> int:
    """Return the number of a house without letters and further numbers; 0 for one in words."""
    digits = re.match(r"\d+", number[0])
    return int(digits[0]) if digits else 0


def _followed(text: str, end: int) -> bool:
    """Tell whether things that are counted stand behind ("10 Chestnut Street shops")."""
    match = _NEXT.match(text, end)
    return match is not None and match[1].lower() in COUNTED


def _is_year(text: str, number: re.Match[str], end: int) -> bool:
    if not YEAR.match(number[0]):
        return False
    return told(_SINCE, text, number.start()) or _PLANNED.match(text, end) is not None


_BOX = re.compile(
    r"\b(?:P\.? ?O\.? ?Box|P\.?O\.?B\.?|Post Office Box|Apartado(?: Postal)?|Apdo\.?(?: Postal)?"
    r"|Casilla(?: Postal)?|Postfach|PMB"
    r"|(?:RR|HC|Rt\.?|Rural Route) ?#?\d{1,4},? Box)(?: (?:no\.?|number))? ?#? ?\d{1,7}(?:-?[A-Z]\b)?(?!\d)",
    re.I,
)


def boxes(text: str) -> Iterator[Found]:
    """Find post boxes.

    Examples
    --------
    >>> text = "mail it to PO Box 123, Philadelphia, PA 19101"
    >>> [text[found.start : found.end] for found in boxes(text)]
    ['PO Box 123, Philadelphia, PA 19101']
    """
    for match in _BOX.finditer(text):
        yield Found(match.start(), without_stop(text, tail(text, match.end())), "address")
