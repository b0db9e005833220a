"""A survey answered at a computer that many people use: nothing of one person is left for the next.

With JavaScript the page warns a minute before it clears itself, and any key extends (`survey.js`). Without,
a page that only shows something leaves for the page `away`, which warns, too, and a minute later the cookie
is taken away. That is a GET, so nothing is written: the draft, which nobody can find any more, ends with its
time. A page with fields stays as it is: from afar an empty chair looks like somebody who writes slowly, and
what is being typed must not vanish. Everywhere stands the button "Finish and clear".
"""

from __future__ import annotations

import re

from itsdangerous import BadSignature, TimestampSigner
from markupsafe import Markup

from survey.views.respond.carried import moment
from survey.web import settings

# Of a draft without a code: nobody comes back for it.
DRAFT_HOURS = 1
LEAST_MINUTES, MOST_MINUTES = 2, 60
WARNING_SECONDS = 60
WITHOUT_FIELDS = frozenset({"check.html", "stop.html", "sent.html", "not_open.html", "away.html"})
FILLS_IN = re.compile(r' autocomplete="[^"]*"')


def warned_now(token: str) -> str:
    """Says that this browser has been warned at this moment; nobody else can say it."""
    return _signer().sign(token).decode()


def was_warned(token: str, said: str) -> bool:
    """Whether this browser was warned long enough ago."""
    try:
        content, at = _signer().unsign(said, return_timestamp=True)
    except BadSignature:
        return False
    return content.decode() == token and moment() - at.timestamp() >= WARNING_SECONDS - 2


def unfilled(html: Markup) -> Markup:
    """Fields that no browser offers to fill in with what it knows of an earlier person."""
    return Markup(FILLS_IN.sub(' autocomplete="off"', html))  # noqa: S704 - the HTML is our own


def _signer() -> TimestampSigner:
    return TimestampSigner(settings().secret_key, salt="kiosk")
