"""Signs that a response may not come from a person. It is stored all the same, and set apart to be looked at.

Nothing is stored or logged for it: counts live in the memory of this process, under hashes whose key is drawn
at random each hour and written nowhere. Counting in the database would lay a row beside each response that
names, if only as a hash, where it came from. So a limit holds for each server process on its own; it is soft.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from survey.questions import LongText, ShortText
from survey.services.live import LiveSurvey

HOUR = 3600
# A person needs this long for each answer, and nobody is asked to have needed more than the last for all.
SECONDS_AN_ANSWER, MOST_SECONDS = 0.5, 30.0
# An address may be a library: many are only set apart, and a kiosk counts as many people.
KIOSK_SHARE = 5
MOST_ALIKE, LONG_TEXT, MANY_ANSWERS = 2, 20, 10
MOST_COUNTED = 100_000


@dataclass(frozen=True)
class Signs:
    """What is seen of the sender: for a moment, and never stored.

    `seconds` since the start page, and the `least` a person needs (0: it is not looked at); `trapped` when a
    field was filled in that people cannot see; `network` the address; `many` how many may come from it.
    """

    seconds: float
    least: float
    trapped: bool
    network: str
    many: int


class Tally:
    """Counts within the running hour."""

    def __init__(self) -> None:
        self._lock, self._hour, self._key = Lock(), 0, b""
        self._counts: Counter[bytes] = Counter()

    def count(self, *what: object) -> int:
        """How often this came this hour, this time included."""
        with self._lock:
            self._turn()
            name = hmac.digest(self._key, repr(what).encode("utf-8", "surrogatepass"), "sha256")
            self._counts[name] += 1
            return self._counts[name]

    def _turn(self) -> None:
        """Forget everything when another hour has begun, or when it would grow too large."""
        hour = int(time.time()) // HOUR
        if hour != self._hour or len(self._counts) >= MOST_COUNTED:
            self._hour, self._key = hour, secrets.token_bytes(32)
            self._counts.clear()


tally = Tally()


def reason(survey: LiveSurvey, answers: Mapping[str, Any], signs: Signs, counts: Tally = tally) -> str | None:
    """Why a response is set apart, as a code of `apart.REASONS`; None for nearly all. Counts it, too."""
    sent = counts.count("sent", survey.id, signs.network)
    alike = _alike(survey, answers, signs.network, counts)
    found = (
        ("hidden_field", signs.trapped),
        ("quick", signs.seconds < least_seconds(signs.least, len(answers))),
        ("same", alike > MOST_ALIKE),
        ("many", survey.access != "code" and sent > signs.many),  # a code has shown that each is one
    )
    return next((name for name, holds in found if holds), None)


def least_seconds(least: float, answers: int) -> float:
    """How long a person needs at least for so many answers; nothing when nobody asks."""
    return max(least, min(SECONDS_AN_ANSWER * answers, MOST_SECONDS)) if least else 0.0


def _alike(survey: LiveSurvey, answers: Mapping[str, Any], network: str, counts: Tally) -> int:
    """How often the very same answers came: by anybody where words were written, else from one address.

    Two people may well tick the same few boxes; the same long sentence is copied.
    """
    whole = json.dumps(answers, sort_keys=True)
    texts = [answers.get(q.id, "") for q in survey.document.answerable if isinstance(q, ShortText | LongText)]
    if any(len(text.strip()) >= LONG_TEXT for text in texts):
        return counts.count("words", survey.id, whole)
    return counts.count("ticks", survey.id, whole, network) if len(answers) >= MANY_ANSWERS else 0
