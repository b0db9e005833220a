"""Addresses in the order of other languages: "Calle Luna 12", "rue de la Paix", "Hauptstraße 12"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal.places import HOME, YEAR, without_stop
from analysis.personal.tails import tail
from analysis.personal.text import Found, listed, told

_WAY = re.compile(
    r"(?<![A-Za-z0-9])(?:(?i:calle|c/|avenida|av\.?|avda?\.?|ave\.?|carrera|cra\.|callejon|paseo|pasaje"
    r"|camino|carretera|bulevar|calzada|privada|urb\.?|urbanizacion|colonia|residencial|barrio|rua|travessa"
    r"|praca|alameda)|Plaza|Via|Viale|Corso|Piazza|Boulevard|Blvd\.)(?= {1,2}[A-Za-z0-9]"
    r"|(?<=[./])[A-Za-z0-9])"
)
_STEP = re.compile(r"[ ,]{0,2}([A-Za-z][A-Za-z'.]{0,25}|\d{1,3})(?![A-Za-z0-9])")
_MARKED = re.compile(
    r",? {0,2}(?:#|(?i:no\.|num\.?|numero|nro\.?|n\.?o"
    r"|nº)(?![A-Za-z])) ?(\d{1,5}(?: ?- ?\d{1,4})?[A-Za-z]?)(?![A-Za-z0-9])"
)
_BARE = re.compile(r",? {1,2}((?:[A-Z]-?)?\d{1,5}(?:-\d{1,4})?[A-Za-z]?)(?![A-Za-z0-9]|[.,:/-]\d|%)")
_LINKS = listed("de la las los del el da das do dos di san santa y e")
_MAY_FOLLOW = re.compile(
    r"(?! {1,2}[a-z])| {1,2}(?:en|y|de|con|cerca|desde|piso|apto|hace|para|porque|pero|frente|esq|esquina|int"
    r"|depto|donde"
    r"|no|esta|tiene|era|es|e|fica|perto|em|a|and|is|has|needs|in|near|apt|se|que|ya|nunca|sigue)\b"
)
_MOST_STEPS = 6

_OF_WAY = re.compile(
    r"(?<![A-Za-z0-9$.,-])\d{1,5} (?:(?:de|en) )?(?:la |el )?(?i:calle|avenida|paseo|camino)"
    r"(?: (?:de|la|las|los|del)){0,2}(?: [A-Z][A-Za-z]{1,20}| \d{1,3}){1,3}"
)
_FRENCH = re.compile(
    r"(?<![A-Za-z0-9$.,-])\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|allee|quai)"
    r" (?:(?:de la|de l'|du|des|de|d'|la|le) ?)(?: ?[A-Z][A-Za-z'-]{1,25}){1,3}"
    r"|(?<![A-Za-z0-9$.,-])\d{1,4}(?: ?bis| ?ter)?,? rue(?: [A-Z][A-Za-z'-]{1,25}){1,3}"
)
_GERMAN = re.compile(
    r"(?<![A-Za-z])[A-Z][a-z]{2,25}(?:stra(?:ß|ss)e|str\.|weg|platz|gasse"
    r"|allee) \d{1,4}(?: ?[a-z])?(?![A-Za-z0-9])"
)
_RUSSIAN = re.compile(
    "(?:ул(?:ица|ице|\\.)|просп(?:ект|\\.)) ?[А-Я][а-яА-Я-]{1,30},? (?:д(?:ом"
    "|\\.) ?)?[0-9]{1,4}(?:,? кв(?:артира|\\.) ?[0-9]{1,4})?"
)
_POSTAL = re.compile(r", \d{4,5} [A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?")


def find(text: str) -> Iterator[Found]:
    """Find addresses in Spanish, Portuguese, Italian, French and German.

    Examples
    --------
    >>> text = "Vivo en la Calle Luna 12, Apto 3; en la calle 5 hay 20 baches"
    >>> [text[found.start : found.end] for found in find(text)]
    ['Calle Luna 12, Apto 3']
    """
    for way in _WAY.finditer(text):
        end = _number_end(text, way)
        if end is not None:
            yield Found(way.start(), without_stop(text, tail(text, end)), "address")
    for match in _OF_WAY.finditer(text):
        if match[0].index(" ") > 2 or told(HOME, text, match.start(), 50):
            yield Found(match.start(), without_stop(text, tail(text, match.end())), "address")
    for pattern in (_FRENCH, _GERMAN, _RUSSIAN):
        for match in pattern.finditer(text):
            postal = _POSTAL.match(text, match.end())
            end = postal.end() if postal else tail(text, match.end())
            yield Found(match.start(), without_stop(text, end), "address")


def _number_end(text: str, way: re.Match[str]) -> int | None:
    """Go along the name of a street to the number of the house."""
    home = told(HOME, text, way.start(), 50)
    place, last = way.end(), ""
    for _ in range(_MOST_STEPS):
        marked = _MARKED.match(text, place)
        if marked and last:
            return marked.end()
        bare = _BARE.match(text, place)
        if (
            bare
            and (last[:1].isupper() or (last and bare[1][0].isalpha()))
            and not _WAY.match(f"{last} 1")
            and _is_house(text, bare, home)
        ):
            return bare.end()
        step = _STEP.match(text, place)
        if step is None or (step[1].islower() and step[1] not in _LINKS and (last or not home)):
            return None
        place, last = step.end(), step[1]
    return None


def _is_house(text: str, number: re.Match[str], home: bool) -> bool:
    if YEAR.match(number[1]) and not home:
        return False
    return home or _MAY_FOLLOW.match(text, number.end()) is not None
