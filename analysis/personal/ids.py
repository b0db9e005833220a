"""Social security and card numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal.phones import OTHER, after_letters
from analysis.personal.text import Found, before, told

_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d \Z"), re.compile(r" \d")
_SSN_WORDS = (
    r"(?:\b(?:ssns?|ss ?(?:#|no\b\.?|num\b|number)|social(?: security)?|soc\.? ?sec\.?|seguro social|itin"
    r"|tax ?id|tin|taxpayer id|nss)|s\.s\.n\.?)"
)
_SSN_NEAR = re.compile(rf"{_SSN_WORDS}[^\d\n]{{0,30}}\Z", re.I)
_SSN = re.compile(
    r"(?<![A-Za-z0-9$])(?<!\d[-.])(?:\d{3}|[xX*]{3})( ?- ?| |\.)(?:\d\d"
    r"|[xX*]{2})\1\d{4}(?![A-Za-z0-9])(?![-.]\d)"
)
_SSN_LOOSE = re.compile(r"(?<![A-Za-z0-9$])(?<!\d[-.])\d(?:[- .]{0,3}\d){8}(?![A-Za-z0-9])(?![-.]\d)")
_LAST_FOUR = re.compile(
    r"\b(?:last (?:four|4)|ends? (?:in|with)|ending(?: in| with)?|ultimos (?:cuatro|4)|termina(?:da|do)? en)"
    r"((?: (?:digits|numbers|digitos|numeros|of|on|for|my|his|her|the|your|de|del|mi|su|social|security"
    r"|number|seguro|ssn|ss|card|tarjeta|visa|credit|debit|is|are|were|es"
    r"|son)){0,8})[ )]{0,2}[ :=-]{1,3}(\d{4})(?![A-Za-z0-9]|[-.,/]\d)",
    re.I,
)
_CARD_WORDS = r"\b(?:cards?|visa|master ?card|amex|american express|credit|debit|tarjeta|credito|debito)\b"
_CARD_NEAR = re.compile(rf"{_CARD_WORDS}[^\d\n]{{0,30}}\Z", re.I)
_OTHER_CARDS = r"\b(?:library|key|id|transit|septa|gift|report|score|green|post|biblioteca)\b"
_OTHER_CARD = re.compile(rf"{_OTHER_CARDS}[^\d\n]{{0,30}}\Z", re.I)
_PAYING = re.compile(
    r"\b(?:credit|debit|visa|master ?card|amex|american express|my card|card (?:number|no|#)"
    r"|tarjeta)\b[^\d\n]{0,30}\Z",
    re.I,
)


def ssns(text: str) -> Iterator[Found]:
    """Find social security numbers, and the last four digits where they are called so.

    Examples
    --------
    >>> text = "SSN 123456789, last four of my social: 6789, not 19107-1234"
    >>> [text[found.start : found.end] for found in ssns(text)]
    ['123456789', '6789']
    """
    for match in _SSN.finditer(text):
        named = told(_SSN_NEAR, text, match.start(), 60)
        if named or (match[1] != "." and not told(OTHER, text, match.start()) and _apart(text, match)):
            yield Found(*match.span(), "ssn")
    for match in _SSN_LOOSE.finditer(text):
        if told(_SSN_NEAR, text, match.start(), 60):
            yield Found(*match.span(), "ssn")
    for match in _LAST_FOUR.finditer(text):
        yield from _last_four(text, match)


def _apart(text: str, match: re.Match[str]) -> bool:
    """Tell whether three groups with blanks stand alone, not in a longer row of groups."""
    if match[1] != " ":
        return not after_letters(text, match.start())
    return not before(_DIGIT_BEFORE, text, match.start(), 2) and not _DIGIT_AFTER.match(text, match.end())


def _last_four(text: str, match: re.Match[str]) -> Iterator[Found]:
    nearby = text[max(0, match.start() - 40) : match.start(2)]
    if re.search(_SSN_WORDS, nearby, re.I):
        yield Found(*match.span(2), "ssn")
    elif re.search(_CARD_WORDS, nearby, re.I) and not re.search(_OTHER_CARDS, nearby, re.I):
        yield Found(*match.span(2), "card")
    elif match[0].lower().startswith(("last", "ultimos")) and (match[1].strip() or ":" in match[0]):
        yield Found(*match.span(2), "ssn", False)


_CARD = re.compile(
    r"(?<![A-Za-z0-9$.])(?<![A-Za-z]-)(?<!\d-)"
    r"(?:\d{4}([ .-]| - )\d{4}\1\d{4}\1\d{4}(?:\1\d{3}(?!\d))?|\d{4}[ -]\d{6}[ -]\d{4,5}"
    r"|\d{4}[ -]\d{3}[ -]\d{3}[ -]\d{3}|\d{13,19})(?![A-Za-z0-9])"
)
_CARD_LOOSE = re.compile(r"(?<![A-Za-z0-9$.-])\d{4,8}[ -]\d{2,12}(?:[ -]\d{2,8}){0,3}(?![A-Za-z0-9])")
_ISSUERS = {
    13: re.compile("4"),
    14: re.compile("3(?:0[0-5]|[689])"),
    15: re.compile("3[47]"),
    16: re.compile("4|5[1-5]|2[2-7]|3[05689]|6|50|5[6-9]"),
    17: re.compile("5[06-9]|6"),
    18: re.compile("5[06-9]|6"),
    19: re.compile("4|5[06-9]|6|35"),
}


def cards(text: str) -> Iterator[Found]:
    """Find payment cards by length, issuer and check digit.

    A number with a wrong check digit that is called a credit card is found, as uncertain.

    Examples
    --------
    >>> text = "card 4111 1111 1111 1111, order 4111111111111112"
    >>> [text[found.start : found.end] for found in cards(text)]
    ['4111 1111 1111 1111']
    """
    for match in _CARD.finditer(text):
        paying = told(_PAYING, text, match.start()) and not told(_OTHER_CARD, text, match.start())
        if not paying and told(OTHER, text, match.start()):
            continue
        end = _card_end(match)
        if end is not None:
            yield Found(match.start(), end, "card")
        elif paying:
            yield Found(match.start(), match.end(), "card", False)
    for match in _CARD_LOOSE.finditer(text):
        if is_card(match[0]) and told(_PAYING, text, match.start()):
            yield Found(*match.span(), "card")


def _card_end(match: re.Match[str]) -> int | None:
    """Return where the card ends: with its fifth group, or before it when that is another number."""
    if is_card(match[0]):
        return match.end()
    if match[1] and match[0].count(match[1]) == 4:
        head = match[0].rpartition(match[1])[0]
        return match.start() + len(head) if is_card(head) else None
    return None


def is_card(number: str) -> bool:
    """Tell whether a number has the length, first digits and check digit (Luhn, ISO/IEC 7812-1) of a card.

    Examples
    --------
    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(digit) for digit in number if digit.isdigit()]
    issuer = _ISSUERS.get(len(digits))
    if issuer is None or not issuer.match("".join(map(str, digits))):
        return False
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
