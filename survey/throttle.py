"""Counting tries without keeping who tried: keys are keyed hashes that change each hour."""

from __future__ import annotations

import hmac
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.dates import now
from survey.models import Attempt

WINDOW_SECONDS = 15 * 60
ATTEMPT = cast(Table, Attempt.__table__)
# An INSERT that knows ON CONFLICT, so that of many tries at once each is counted.
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def allow(session: Session, secret: str, limits: dict[str, int]) -> bool:
    """Count one try under each name; False when any name is over its limit in this window of 15 minutes."""
    moment = int(now().timestamp())
    window = moment // WINDOW_SECONDS
    session.execute(delete(ATTEMPT).where(ATTEMPT.c.window < window))
    # In one order, so that two requests with the same names do not wait for each other.
    counts = [(_count(session, _key(secret, moment, name), window), limits[name]) for name in sorted(limits)]
    return all(tries <= most for tries, most in counts)


def forgive(session: Session, secret: str, *names: str) -> None:
    """Take the try back that was just counted under each name: it was a good one."""
    moment = int(now().timestamp())
    for name in sorted(names):
        which = (ATTEMPT.c.key == _key(secret, moment, name), ATTEMPT.c.window == moment // WINDOW_SECONDS)
        less = update(ATTEMPT).where(*which, ATTEMPT.c.tries > 0)
        session.execute(less.values(tries=ATTEMPT.c.tries - 1))


def network(address: str | None) -> str:
    """Whom a limit counts as one: an address; of IPv6 the /64 that one household or office is given."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        plain = found.ipv4_mapped
        return str(plain or ip_network((found, 64), strict=False).network_address)
    return str(found)


def _key(secret: str, moment: int, name: str) -> str:
    hour = f"{moment // 3600}".encode()
    return hmac.digest(hmac.digest(secret.encode(), hour, "sha256"), name.encode(), "sha256").hex()


def _count(session: Session, key: str, window: int) -> int:
    statement = _one_more(session.get_bind().dialect.name)
    tries: int = session.execute(statement, {"name": key, "at": window}).scalar_one()
    return tries


@cache
def _one_more(dialect: str) -> Any:
    row = {"key": bindparam("name"), "window": bindparam("at"), "tries": 1}
    statement = INSERTS[dialect](ATTEMPT).values(row)
    more = {"tries": ATTEMPT.c.tries + 1}
    return statement.on_conflict_do_update(index_elements=["key", "window"], set_=more).returning(
        ATTEMPT.c.tries
    )
