"""Telephone numbers, told from the many other numbers in what people write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal.text import Found, before, told

_GAP = r" {0,2}[-./_*~·•]? {0,2}"
_LEFT = r"(?<![A-Za-z0-9$€£%])(?<!\d[-.])(?<![$€£] )"
_RIGHT = r"(?![A-Za-z0-9%])(?![-.]\d)(?!,\d{3}\b)"
_EXTENSION = r"(?:,? {0,2}(?:ext(?:ension|\.)?|x|#|anexo|int\.)[.:]? {0,2}#? ?\d{1,6})?"
_NANP = re.compile(
    rf"{_LEFT}(?:(?:\+ ?|00)?1{_GAP})?(?:\((\d{{3}})\)|\[(\d{{3}})\]"
    rf"|(\d{{3}})){_GAP}(\d{{3}}){_GAP}\d{{4}}{_EXTENSION}{_RIGHT}",
    re.I,
)
_ABROAD = re.compile(
    r"(?<![A-Za-z0-9+])(?:\+ ?|00 ?(?=[2-9])|011[ -]?(?=[2-9]))[2-9](?:(?:[ .-]| - |\)[ .-]?"
    r"| ?\()?\d){7,14}(?!\d)"
)
_LOCAL = re.compile(
    rf"{_LEFT}(?<!\d )[2-9]\d\d(?:( ?- ?|\.| )|)\d{{4}}{_EXTENSION}{_RIGHT}(?! ?[-/]?\d)",
    re.I,
)
_GROUPS = re.compile(r"(?<![A-Za-z0-9$€£])\(?\d(?:(?:[ .-]|\) ?|-)?\d){6,12}(?![A-Za-z0-9])")

_PHONE_WORDS = (
    r"(?:\b(?:call|calls|called|calling|phone|phones|telephone|tele?|tell|cell|cellphone|mobile|landline|text"
    r"|txt|texted|texting|dial|dialed|ring|rang|fax|voicemail|whatsapp|signal|contact|reach|ph|sms|hotline"
    r"|llam\w{1,6}|marque|marca|telefono|tfno|cel|celular|movil|telefone|ligue|portable|appel\w{1,5}|telefon"
    r"|handy|zalo|numero|(?:my|the|his|her|our|their|phone|home|work|'s) (?:number|no\.?|num))\b|телефон\w?"
    r"|номер|тел|电话|電話|手机|手機|هاتف|جوال|전화|điện thoại)"
)
_PHONE_NEAR = re.compile(rf"{_PHONE_WORDS}[^\d\n]{{0,25}}\Z", re.I)
_PHONE_HERE = re.compile(
    rf"(?:{_PHONE_WORDS}|\b(?:home|work|office|casa|oficina|trabajo))(?: (?:me|us|him|her|them|al|number"
    rf"|no\.?|#|num))?"
    r"(?: (?:at|on|is|es|to|en|con|a|to:|был))?[ :#=.(]{0,4}\Z",
    re.I,
)
_OTHER_WORDS = (
    r"permit|case|docket|account|acct|invoice|order|tracking|ref|reference|ticket|request|confirmation"
    r"|parcel|opa|licen[cs]e|id|serial|sn|bill|bills|receipt|claim|violation|citation|badge|meter|voter"
    r"|policy|po|application|complaint|version|ver|v|isbn|issn|upc|ean|gtin|sku|model|part|item|lot|batch"
    r"|flight|zip|zip code|library card|key card|transit card|septa key|file|form|control|work order"
    r"|purchase order|transaction|contract|project|rfp|bid|budget|asset|pole|hydrant|route|bus|vehicle"
    r"|train|truck|stop|room|code|barcode|ordinance|resolution|section|sec|chapter|census|tract|block"
    r"|parking|plate|vin|imei|incident|deed|registration|coupon|routing|ein|folio|expediente|permiso"
    r"|factura|pedido|caso|recibo|contrato|cuenta|referencia|solicitud|multa|facture|dossier|commande|bin"
    r"|pin|act|ley|grant|bond|budget line|usps|ups|fedex|edition|medicaid|medicare|passport|pasaporte"
)
OTHER = re.compile(
    rf"\b(?:{_OTHER_WORDS})(?: (?:number|numbers|no\.?|nos\.?|num\.?|nr\.?|id|#|numero|n[o°]\.?|code|card))?"
    r"(?: (?:is|was|es|of))?[ :#=(\"']{0,4}\Z",
    re.I,
)
"""A word before a number that makes it a permit, case, invoice and the like."""
_NUMBERED = re.compile(r"(?:#|\bno\.|№|\bnos?\.?) ?\Z", re.I)
_LONG_AFTER = re.compile(r" \d{4,}(?!\d)")
_LONG_ID = re.compile(r"\d{4,}[ -]\Z")
_COUNTED = re.compile(
    r" (?:people|residents|times|dollars|percent|hours|years|feet|ft|sq|square|block|trees|homes|units"
    r"|miles|votes)\b"
)


def phones(text: str) -> Iterator[Found]:
    """Find telephone numbers of North America in any shape, others after "+" or "call".

    Numbers that a word before them calls a permit, case, invoice and the like are left alone, and so are
    "911" and all others of three digits.

    Examples
    --------
    >>> text = "I am at +44 20 7946 0958 or (215) 555 0123 ext. 4, about permit 2155550199."
    >>> [text[found.start : found.end] for found in phones(text)]
    ['+44 20 7946 0958', '(215) 555 0123 ext. 4']
    """
    for match in _ABROAD.finditer(text):
        if _is_abroad(text, match):
            yield _trimmed(match)
    for match in _NANP.finditer(text):
        if _is_nanp(text, match):
            yield _trimmed(match)
    for match in _LOCAL.finditer(text):
        if _is_local(text, match):
            yield _trimmed(match)
    for match in _GROUPS.finditer(text):
        if told(_PHONE_HERE, text, match.start()) and not told(OTHER, text, match.start()):
            yield _trimmed(match)


def _trimmed(match: re.Match[str]) -> Found:
    """Give the number without an opening bracket that is not closed in it."""
    start = match.start() + (match[0].startswith("(") and ")" not in match[0])
    return Found(start, match.end(), "phone")


def _is_abroad(text: str, match: re.Match[str]) -> bool:
    digits = sum(map(str.isdigit, match[0]))
    decimal = re.fullmatch(r"\+?\d{1,3}\.\d+", match[0])
    least = 8 if match[0][0] == "+" else 11
    return digits >= least and decimal is None and not told(OTHER, text, match.start())


def _is_nanp(text: str, match: re.Match[str]) -> bool:
    """Weigh ten digits by their shape and by the words before them."""
    start = match.start()
    if told(OTHER, text, start):
        return False
    called = told(_PHONE_NEAR, text, start)
    numbered = match[0].isdigit() and before(_NUMBERED, text, start)
    if not called and (numbered or after_letters(text, start)):
        return False
    area, exchange = match[1] or match[2] or match[3], match[4]
    valid = area[0] >= "2" and exchange[0] >= "2" and area[1:] != "11"
    return _shape_fits(text, match, valid, called)


def _shape_fits(text: str, match: re.Match[str], valid: bool, called: bool) -> bool:
    digits = match[0].lstrip("+")
    if digits.isdigit():
        return valid and not _COUNTED.match(text, match.end())
    if not re.search(r"[-./()\[\]_*~·•]", digits):
        return valid and (called or not _beside_other_groups(text, match))
    return valid or called or re.sub(r"\D", "", digits) == "1234567890"


def after_letters(text: str, start: int) -> bool:
    """Tell whether a letter or digit and a dash stand before, as in "ZP-215-555-0123".

    Examples
    --------
    >>> after_letters("ZP-215-555-0123", 3)
    True
    """
    return start > 1 and text[start - 1] == "-" and text[start - 2].isalnum()


def _beside_other_groups(text: str, match: re.Match[str]) -> bool:
    return _LONG_AFTER.match(text, match.end()) is not None or before(_LONG_ID, text, match.start(), 20)


def _is_local(text: str, match: re.Match[str]) -> bool:
    """Weigh seven digits: only a word for calling, or the exchange 555, makes a telephone number of them."""
    start = match.start()
    if told(OTHER, text, start) or _COUNTED.match(text, match.end()) or after_letters(text, start):
        return False
    if told(_PHONE_HERE, text, start):
        return True
    if (match[1] or " ").strip() not in ("-", "."):
        return False
    fictional = match[0].startswith("555") and not before(_NUMBERED, text, start)
    return fictional or told(_PHONE_NEAR, text, start)


_SPOKEN = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho"
    "|nueve"
)
SPOKEN_DIGITS = frozenset(_SPOKEN.split("|"))
"""Digits in words."""
_SPELLED = re.compile(
    rf"\b(?:{_SPOKEN})(?:[ ,.-]{{1,3}}(?:{_SPOKEN})){{6,10}}\b(?![ ,-]{{1,2}}(?:{_SPOKEN})\b)", re.I
)
_LENGTHS_NOBODY_COUNTS = (10, 11)


def spelled(text: str) -> Iterator[Found]:
    """Find telephone numbers in words.

    Examples
    --------
    >>> text = "it is two one five, five five five, zero one two three"
    >>> [text[found.start : found.end] for found in spelled(text)]
    ['two one five, five five five, zero one two three']
    """
    for match in _SPELLED.finditer(text):
        length = len(re.findall("[A-Za-z]+", match[0]))
        near = length == 7 and told(_PHONE_NEAR, text, match.start())
        if length in _LENGTHS_NOBODY_COUNTS or near:
            yield Found(*match.span(), "phone")
