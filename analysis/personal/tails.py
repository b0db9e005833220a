"""What follows the street in an address: flat, city, state, ZIP code, country."""

from __future__ import annotations

import re

_SPACE = r"(?:[ ,]{1,3}|,?[ \r]{0,2}\n {0,3})"
_FLAT = r"\d{1,5}(?:[A-Za-z](?![A-Za-z]))?(?:-(?:\d{1,4}[A-Za-z]?|[A-Za-z]))?"
_VALUE = rf"(?:{_FLAT}|[A-Z](?:-?\d{{1,4}})?)(?![A-Za-z0-9])"
_UNIT = re.compile(
    rf"{_SPACE}?(?:(?i:apt|apartment|unit|suite|ste|apto|apt\.?o|apartamento|depto|departamento|dept)(?:\."
    rf"|\b)(?: ?#)?"
    r"[ :]{0,2}(?:(?i:no|num)\.? )?(?:\d{1,5}(?:[A-Za-z](?![A-Za-z]))?(?:-(?:\d{1,4}[A-Za-z]?|[A-Za-z]))?"
    r"|[A-Za-z](?:-?\d{1,4})?)"
    r"(?![A-Za-z0-9])"
    rf"|(?i:rm|room|fl|floor|bldg|building|lot|trlr|trailer|piso|int|interior|puerta|box|spc|space)(?:\."
    rf"|\b) ?#? ?{_VALUE}|# ?{_VALUE}"
    r"|(?:\d{1,2}(?:st|nd|rd|th|o|a)|(?i:first|second|third|fourth|fifth|top|ground|primer|segundo|tercer)) "
    r"(?i:floor|fl|flr|piso)\b\.?|\d{1,2}[oa]\.? ?(?:[A-Z]|izq|izda|dcha)(?![A-Za-z])|(?i:colonia|col\.|urb\."
    r"|urbanizacion) [A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,2}|(?:- )?(?i:rear|basement|bsmt"
    r"|penthouse)(?= ?(?:[,.;:!?)\n]|\Z|- |is |was |has ))|(?:- )(?i:rear)\b)"
)
_UNIT_BEFORE = re.compile(
    r"(?<![A-Za-z])(?i:apt|apartment|unit|suite|ste|apto|room|rm)\.? ?#? ?(?:\d{1,5}-?[A-Za-z]?"
    r"|[A-Za-z]-?\d{0,4}), ?\Z"
)
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND"
    "|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|VI|GU|D\\.C\\.|N\\.J\\.|N\\.Y\\.|P\\.R\\."
)
_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York"
    "|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Penna|Puerto Rico|Rhode Island"
    "|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin"
    "|Wyoming|Pa|Calif|Mass|Fla|Tex|Ill|Mich|Conn|Del|Md|Va"
)
_CITIES = (
    "Philadelphia|Philly|Phila|Filadelfia|New York(?: City)?|NYC|Brooklyn|Bronx|Queens|Boston|Chicago"
    "|Los Angeles|Houston|Phoenix|San Antonio|San Diego|Dallas|Austin|San Jose|San Juan|Ponce|Camden|Newark"
    "|Baltimore|Washington|Pittsburgh|Allentown|Reading|Chester|Trenton|Wilmington|Upper Darby|Cleveland"
    "|Detroit|Atlanta|Miami|Seattle|Denver|Portland|Durham|Bowling Green|Columbus|Cincinnati|Oakland"
    "|San Francisco|Minneapolis|Milwaukee|Memphis|Nashville|Louisville|New Orleans|Tucson|Albuquerque|Fresno"
    "|Sacramento|Kansas City|Mesa|Omaha|Raleigh|Charlotte|Tampa|Orlando|St\\. Louis|Saint Louis|Buffalo"
    "|Norristown|Bensalem|Cherry Hill|Lancaster|Bethlehem|Jersey City|Cambridge|Bogota|Madrid|Mexico"
)
_ZIP = r"\d{5}(?:-\d{4})?(?![\d-])"
_TOWN = r"[A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){0,2}"
_STATE = rf"(?:(?:{_STATES}|{_STATE_NAMES})(?![A-Za-z])\.?)"
_COUNTRY = r"(?:,? (?:USA|U\.S\.A|United States|EE\.? ?UU)(?![A-Za-z]))?"
_PLACES = [
    re.compile(rf"(?:{_SPACE}{_TOWN})?{_SPACE}{_TOWN},?{_SPACE}{_STATE}(?:{_SPACE}{_ZIP})?{_COUNTRY}"),
    re.compile(rf"{_SPACE}(?i:{_CITIES})\b\.?(?:{_SPACE}(?i:{_STATE}))?(?:{_SPACE}{_ZIP}){_COUNTRY}"),
    re.compile(rf"{_SPACE}(?i:{_CITIES})\b\.?,?{_SPACE}{_STATE}{_COUNTRY}"),
    re.compile(rf"{_SPACE}(?i:{_STATE}){_SPACE}{_ZIP}{_COUNTRY}"),
    re.compile(rf"{_SPACE}{_ZIP}{_COUNTRY}"),
    re.compile(rf"(?:{_SPACE}{_TOWN})?{_SPACE}[A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}(?![A-Za-z0-9])"),
    re.compile(
        rf",{_SPACE}(?:{_CITIES})\b|\r?\n {{0,3}}(?:{_CITIES})\b| (?:Philadelphia|Philly)(?=[.,;:!?)]|\Z)"
    ),
    re.compile(rf", (?:{_STATE_NAMES})(?![A-Za-z])"),
]
_SIDE = re.compile(r",? (?:NE|NW|SE|SW)(?![A-Za-z])")
_MOST_UNITS = 2


def tail(text: str, end: int) -> int:
    """Return where an address ends whose street ends at `end`.

    Examples
    --------
    >>> text = "1 Elm St., Apt 2B, Philadelphia, PA 19107-1234 is home"
    >>> text[8 : tail(text, 8)]
    '., Apt 2B, Philadelphia, PA 19107-1234'
    """
    place = end + 1 if text[end : end + 1] == "." else end
    further = _place(text, _units(text, _side(text, place)))
    return further if further > place else end


def _side(text: str, end: int) -> int:
    match = _SIDE.match(text, end)
    return match.end() if match else end


def _units(text: str, end: int) -> int:
    for _ in range(_MOST_UNITS):
        match = _UNIT.match(text, end)
        if match is None:
            break
        end = match.end()
    return end


def _place(text: str, end: int) -> int:
    """Go past city, state and ZIP code, in the longest way there is."""
    return max((match.end() for pattern in _PLACES if (match := pattern.match(text, end))), default=end)


def unit_before(text: str, start: int) -> int:
    """Return where an address begins whose number stands at `start`: with the flat, where that comes first.

    Examples
    --------
    >>> unit_before("in Apt 3, 212 Walnut Street", 10)
    3
    """
    match = _UNIT_BEFORE.search(text, max(0, start - 25), start)
    return match.start() if match else start
