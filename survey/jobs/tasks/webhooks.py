"""Sending what waits for other systems: signed, once a try, and never on to where somebody points."""

from __future__ import annotations

import http.client
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from survey import config
from survey.dates import now
from survey.db import Database
from survey.jobs.table import Held
from survey.jobs.tasks.common import Progress, Store
from survey.models import Webhook, WebhookDelivery
from survey.services import webhooks

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Message:
    """One try: where to, what, and the headers that prove it."""

    url: str
    body: bytes
    headers: dict[str, str]


def send_webhooks(database: Database, held: Held, progress: Progress) -> Store:
    """Send every message that is due; those that were not taken are tried again later."""
    with database.reading() as session:
        waiting = webhooks.due(session, now())
    inner = config.load().webhooks_inner
    for count, delivery_id in enumerate(waiting, start=1):
        _send_one(database, delivery_id, inner)
        progress(count / len(waiting), "")
    return _end


def _send_one(database: Database, delivery_id: str, inner: bool) -> None:
    """No transaction is open while the other system is waited for."""
    with database.reading() as session:
        message = _message(session.get(WebhookDelivery, delivery_id), session)
    if message is None:
        return
    taken, status = post(message, inner=inner)
    with database.writing() as session:
        webhooks.note(session, delivery_id, taken=taken, status=status)


def _message(delivery: WebhookDelivery | None, session: Any) -> Message | None:
    hook = session.get(Webhook, delivery.webhook_id) if delivery else None
    if delivery is None or hook is None:
        return None
    body = webhooks.body_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Throughline",
        "Throughline-Event": delivery.event,
        "Throughline-Delivery": delivery.id,
        "Throughline-Signature": webhooks.signature(hook.secret, int(time.time()), body),
    }
    return Message(hook.url, body, headers)


def post(message: Message, *, inner: bool) -> tuple[bool, str]:
    """Send a message; whether it was taken (a status from 200 to 299), and what came back in a few words."""
    parts = urlsplit(message.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = _resolve(parts.hostname or "", port, inner=inner)
        status = _exchange(parts.scheme, parts.hostname or "", port, address, message)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return False, type(error).__name__
    return 200 <= status < 300, f"HTTP {status}"


class InnerAddress(OSError):
    """The name leads into this network, where messages must not go."""


def _resolve(host: str, port: int, *, inner: bool) -> str:
    """The number of a host, looked up once, so that what was checked is what is spoken to."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0]
    if not inner and webhooks.is_inner(str(found)):
        raise InnerAddress
    return str(found)


def _exchange(scheme: str, host: str, port: int, address: str, message: Message) -> int:
    parts = urlsplit(message.url)
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=TIMEOUT_SECONDS)
    # Connect to the number that was checked; the name stays for the certificate and the Host header.
    connection._create_connection = lambda _to, *more, **named: socket.create_connection(  # type: ignore[attr-defined]
        (address, port), TIMEOUT_SECONDS
    )
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, message.body, message.headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _end(session: Any) -> dict[str, Any]:
    """Put the next round into the table, at the moment when the first message is due again."""
    webhooks.forget_old(session)
    moment = webhooks.next_moment(session)
    if moment is not None:
        webhooks.send_at(session, moment)
    return {}
