"""The cookie of a respondent: the token of the draft, what is known of it, when it began and was last seen.

It is signed, so that nobody can say of a form just made that it is an hour old. Its times are stored nowhere.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from itsdangerous import BadSignature, TimestampSigner

NOTHING, SAVED, CODED = "n", "s", "c"
"""What is known of the draft: nothing is stored yet, something is, a code was given for it."""
CONTENT = re.compile(r"([nsc])\.([A-Za-z0-9_-]{32})(?:\.([0-9]{1,12}))?")


@dataclass(frozen=True)
class Carried:
    """What the cookie says; `begun` and `seen` are seconds since 1970."""

    token: str
    state: str = NOTHING
    begun: int = 0
    seen: int = 0


def begin(token: str) -> Carried:
    """For a browser that has just come."""
    return Carried(token, NOTHING, moment(), moment())


def moment() -> int:
    """Now, in seconds since 1970."""
    return int(time.time())


def seal(carried: Carried, secret: str) -> str:
    """The cookie, signed at this moment."""
    content = f"{carried.state}.{carried.token}.{carried.begun}"
    return _signer(secret).sign(content).decode()


def read(cookie: str, secret: str) -> Carried | None:
    """What a cookie says; None when it is none of ours.

    One from before cookies were signed still finds its draft, as one that has just come.
    """
    try:
        content, seen = _signer(secret).unsign(cookie, return_timestamp=True)
    except BadSignature:
        match = CONTENT.fullmatch(cookie)
        return Carried(match[2], match[1], moment(), moment()) if match and not match[3] else None
    match = CONTENT.fullmatch(content.decode())
    return Carried(match[2], match[1], int(match[3] or 0), int(seen.timestamp())) if match else None


def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="draft")
