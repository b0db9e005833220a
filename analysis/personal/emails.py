"""E-mail addresses as people write and hide them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.personal.text import Found, listed, told

_L = "A-Za-z0-9\u0370-\u04ff"
_PART = rf"[{_L}][{_L}._%+'-]{{0,63}}"
_DOT = (
    r"(?:\.| ?[\[({<] ?(?:dot|punto|ponto|point|\.) ?[\])}>] ?| -?(?:dot|punto|ponto)-? "
    r"| \. (?=[a-z]{2,4}\b))"
)
_JOIN = rf"(?:{_DOT}| (?:underscore|under score|gui[oó]n bajo|dash|hyphen|gui[oó]n|plus) )"
_DOMAIN = re.compile(
    rf"[{_L}][{_L}-]{{0,62}}(?:{_DOT}[{_L}][{_L}-]{{0,62}}){{0,4}}{_DOT}[A-Za-z\u0400-\u04ff]{{2,24}}", re.I
)
_LOCAL = re.compile(rf"(?<![{_L}])(?<![{_L}][._%+-]){_PART}(?:{_JOIN}{_PART}){{0,3}}(?: \d{{1,4}})?\Z", re.I)
_AT = re.compile(r" ?[\[({<] ?(?:at|arroba|@) ?[\])}>] ?| (?:at|arroba|-at-) | {0,2}@ {0,2}", re.I)

_PROVIDERS = (
    "gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|msn|icloud|aol|comcast|verizon|proton"
    "|protonmail|att|sbcglobal|mail|gmx|qq|163|fastmail|zoho|earthlink|juno"
)
_PROVIDER = re.compile(rf"(?:{_PROVIDERS})(?![{_L}-])(?:[, ] ?(?:com|net|org)\b)?", re.I)
_BY_PROVIDER = re.compile(rf"(?:[a-z]{{1,10}}[.])?(?:{_PROVIDERS})\b", re.I)
_MAIL_CUE = re.compile(
    r"(?:e-?mail|mail|reach|write|contact|address|correo|escrib\w*|courriel|reply|inbox)\b[^@\n]{0,30}\Z",
    re.I,
)
_COMMON_ENDS = listed("com org net edu gov us io info co uk es mx de fr br ca me biz mil")
_NO_LOCAL = listed(
    """
    a all an and anyone are available be book buy by call check done email everyone everything find follow
    found go he her here him i in info is it join learn listed look mail me meet meeting more now of on
    online only or order page pay people post posted read register see seen she shop sign site stop store
    that the their them there these they this those up us visit was watch we website work works you
    """
)
_SENTENCE = re.compile(r"(?<=[a-z])\.[A-Z][a-z]+\Z|(?<=\.com|\.org|\.net|\.edu|\.gov)[A-Z][a-z]*\Z")


def emails(text: str) -> Iterator[Found]:
    """Find e-mail addresses, also "jane dot doe at gmail dot com" and "jane(at)example.org".

    Examples
    --------
    >>> text = "Mail jane.doe@example.org, or sam (at) example (dot) net."
    >>> [text[found.start : found.end] for found in emails(text)]
    ['jane.doe@example.org', 'sam (at) example (dot) net']
    """
    for sign in _AT.finditer(text):
        domain = _DOMAIN.match(text, sign.end()) or _provider(text, sign)
        if domain is None:
            continue
        local = _LOCAL.search(text, max(0, sign.start() - 90), sign.start())
        if local and _is_email(text, local, sign[0], domain[0]):
            short = _SENTENCE.search(domain[0]) if "." in domain[0] else None
            yield Found(local.start(), domain.start() + short.start() if short else domain.end(), "email")


def _provider(text: str, sign: re.Match[str]) -> re.Match[str] | None:
    """Read a large mail service without its ending ("jane@gmail")."""
    if "@" in sign[0] or "arroba" in sign[0] or told(_MAIL_CUE, text, sign.start(), 60):
        return _PROVIDER.match(text, sign.end())
    return None


def _is_email(text: str, local: re.Match[str], sign: str, domain: str) -> bool:
    """Weigh the sign: a bare "at" joins sentences as often as addresses."""
    if " dot " in domain.lower() and domain.lower().rpartition(" ")[2] not in _COMMON_ENDS:
        return False
    if sign == "@" or sign.strip()[0] in "[({<" or sign.strip() in ("arroba", "-at-"):
        return True
    if local[0].lower() in _NO_LOCAL:
        return False
    if "@" in sign:
        return domain.lower().rpartition(".")[2] in _COMMON_ENDS
    telling = not local[0].isalpha() or _BY_PROVIDER.match(domain) or " dot " in domain.lower()
    return bool(telling) or told(_MAIL_CUE, text, local.start(), 60)
