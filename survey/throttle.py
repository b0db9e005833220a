"""Counting tries without keeping who tried: keys are keyed hashes that change each hour."""

from __future__ import annotations

import hmac

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.models import Attempt

WINDOW_SECONDS = 15 * 60


def allow(session: Session, secret: str, limits: dict[str, int]) -> bool:
    """Count one try under each name; False when any name is over its limit in this window of 15 minutes."""
    moment = int(now().timestamp())
    window = moment // WINDOW_SECONDS
    session.execute(delete(Attempt).where(Attempt.window < window))
    counts = [(_count(session, _key(secret, moment, name), window), most) for name, most in limits.items()]
    return all(tries <= most for tries, most in counts)


def _key(secret: str, moment: int, name: str) -> str:
    hour = f"{moment // 3600}".encode()
    return hmac.digest(hmac.digest(secret.encode(), hour, "sha256"), name.encode(), "sha256").hex()


def _count(session: Session, key: str, window: int) -> int:
    row = session.scalar(
        select(Attempt).where(Attempt.key == key, Attempt.window == window).with_for_update()
    )
    if row is None:
        row = Attempt(key=key, window=window, tries=0)
        session.add(row)
    row.tries += 1
    session.flush()
    return row.tries
