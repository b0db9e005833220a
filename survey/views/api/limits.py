"""What a token may do, and how often."""

from __future__ import annotations

import threading
import time
from collections import Counter

from flask_babel import gettext as _

from survey.problems import Problem
from survey.security import current_token

WINDOW_SECONDS = 300
MOST_REQUESTS = 600


class Counted:
    """Requests of each token within one window of time, in the memory of this process.

    Unlike tries to sign in they are not counted in the database: a GET never writes, and reading must not
    wait for those who write. Each process of a server counts for itself.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window, self._counts = 0, Counter[int]()

    def add(self, token: int, moment: float) -> int:
        """Count one request; return how many the token made in this window."""
        window = int(moment // WINDOW_SECONDS)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, Counter()
            self._counts[token] += 1
            return self._counts[token]


counted = Counted()


def count_request() -> None:
    """Count this request; raise a `Problem` when its token made too many."""
    moment = time.time()
    if counted.add(current_token().id, moment) <= MOST_REQUESTS:
        return
    wait = WINDOW_SECONDS - int(moment % WINDOW_SECONDS)
    sentence = _(
        "At most %(most)s requests in %(minutes)s minutes. Wait %(wait)s seconds, as Retry-After says.",
        most=MOST_REQUESTS,
        minutes=WINDOW_SECONDS // 60,
        wait=wait,
    )
    raise Problem(429, sentence, retry_after=wait)


def require_scope(scopes: tuple[str, ...]) -> None:
    """Raise a `Problem` unless the token has one of the scopes."""
    if set(scopes).isdisjoint(current_token().scopes):
        wanted = " / ".join(scopes)
        raise Problem(403, _("This token may not do that. Make one that may: %(scopes)s.", scopes=wanted))
