"""Webhooks: other systems are told what happens in a study, signed, until they have taken it.

Of an anonymous survey nobody is told when an answer comes: a message would say at what moment somebody
answered, which we do not even store. Its publishing and its end are told, with how many answered.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from survey.dates import now
from survey.errors import NotFound, Refusal
from survey.jobs import table
from survey.models import Job, Study, Survey, Webhook, WebhookDelivery
from survey.services import audit

KIND = "webhooks"
EVENTS = ("survey.published", "survey.closed", "survey.reopened", "response.received")
FEWEST = 5
MOST_HOOKS = 20
MOST_URL = 500
# How long after each try that failed the next one is made; after the last one it is given up.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720))
KEEP_DAYS = 30


def of_study(session: Session, study: Study) -> list[Webhook]:
    """The webhooks of a study, in the order they were made."""
    return list(session.scalars(select(Webhook).where(Webhook.study_id == study.id).order_by(Webhook.id)))


def of_id(session: Session, study: Study, webhook_id: int) -> Webhook:
    """One of them; raise `NotFound`."""
    found = session.get(Webhook, webhook_id)
    if found is None or found.study_id != study.id:
        raise NotFound
    return found


def add(
    session: Session, study: Study, url: str, events: Sequence[str], *, by: str, inner: bool = False
) -> Webhook:
    """Tell an address of some events from now on; `inner` allows http and addresses of this network."""
    url = url.strip()
    check_url(url, inner=inner)
    wanted = [event for event in EVENTS if event in events]
    if not wanted or set(events) - set(EVENTS):
        raise Refusal(_("Choose at least one event from the list."))
    if len(of_study(session, study)) >= MOST_HOOKS:
        raise Refusal(_("A study can have at most %(most)s webhooks. Remove one first.", most=MOST_HOOKS))
    hook = Webhook(
        study_id=study.id, url=url, secret=secrets.token_urlsafe(32), events=wanted, made_by=by, made_at=now()
    )
    session.add(hook)
    session.flush()
    audit.record(session, by, "webhooks.add", study.slug, number=hook.id, events=wanted)
    return hook


def remove(session: Session, study: Study, webhook_id: int, *, by: str) -> None:
    """Tell an address nothing any more; what waits for it is not sent."""
    hook = of_id(session, study, webhook_id)
    audit.record(session, by, "webhooks.remove", study.slug, number=hook.id)
    session.delete(hook)


def switch(session: Session, study: Study, webhook_id: int, *, on: bool, by: str) -> Webhook:
    """Pause a webhook, or go on with it."""
    hook = of_id(session, study, webhook_id)
    hook.active = on
    audit.record(session, by, "webhooks.switch", study.slug, number=hook.id, on=on)
    return hook


def check_url(url: str, *, inner: bool = False) -> None:
    """Raise `Refusal` for an address that messages must not go to."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
        parts = urlsplit("")
    schemes = ("https", "http") if inner else ("https",)
    plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc
    if len(url) > MOST_URL or not plain or parts.scheme not in schemes or not host:
        raise Refusal(_("Give the whole address of the other system, such as https://city.example/hook."))
    if not inner and is_inner(host):
        raise Refusal(_("That address is inside this network. Ask whoever runs this server to allow it."))


def is_inner(host: str) -> bool:
    """Whether a host name or number is one of this machine or network, as far as can be seen from it."""
    if host.endswith((".localhost", ".local", ".internal")) or ("." not in host and ":" not in host):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


# Telling


def tell(session: Session, study_id: int, event: str, payload: Mapping[str, Any]) -> int:
    """Put a message for every address that wants it, in the transaction of what it is about."""
    hooks = session.scalars(select(Webhook).where(Webhook.study_id == study_id, Webhook.active))
    wanted = [hook for hook in hooks if event in hook.events]
    for hook in wanted:
        session.add(_delivery(hook, event, payload))
    if wanted:
        send_at(session, now())
    return len(wanted)


def send_at(session: Session, moment: datetime) -> None:
    """See to it that somebody looks at what waits, then; one job is enough for all of it."""
    sooner = or_(Job.not_before.is_(None), Job.not_before <= moment)
    waiting = select(Job.id).where(Job.kind == KIND, Job.state == "waiting", sooner).limit(1)
    if session.scalar(waiting) is None:
        table.enqueue(session, KIND, {}, study_id=None, by="webhooks", not_before=moment)


def tell_of_survey(session: Session, event: str, survey: Survey, **more: Any) -> int:
    """A message about a survey; it names it, and says nothing of what people wrote."""
    return tell(session, survey.study_id, event, {"survey": survey.slug, "mode": survey.mode, **more})


def tell_of_end(session: Session, survey: Survey, responses: int) -> int:
    """A survey is closed; with how many answered, unless so few of an anonymous one would be telling."""
    told = responses if survey.mode != "anonymous" or responses >= FEWEST else None
    return tell_of_survey(session, "survey.closed", survey, responses=told)


def tell_of_response(session: Session, study_id: int, slug: str, mode: str, source: str) -> int:
    """Somebody answered; said only where answers bear names, and without what was answered."""
    if mode == "anonymous":
        return 0
    return tell(session, study_id, "response.received", {"survey": slug, "mode": mode, "source": source})


def _delivery(hook: Webhook, event: str, payload: Mapping[str, Any]) -> WebhookDelivery:
    moment = now()
    return WebhookDelivery(
        id=secrets.token_hex(16),
        webhook_id=hook.id,
        event=event,
        payload=dict(payload),
        next_at=moment,
        made_at=moment,
    )


def body_of(delivery: WebhookDelivery) -> bytes:
    """The message as it is sent, the same on every try."""
    told = {
        "id": delivery.id,
        "event": delivery.event,
        "at": delivery.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": delivery.payload,
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False).encode()


def signature(secret: str, moment: int, body: bytes) -> str:
    """What proves that a message is ours: HMAC-SHA256 over the second it was sent and the message."""
    digest = hmac.digest(secret.encode(), f"{moment}.".encode() + body, "sha256").hex()
    return f"t={moment},v1={digest}"


def due(session: Session, moment: datetime) -> list[str]:
    """The messages to send now, oldest first."""
    query = (
        select(WebhookDelivery.id)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.state == "waiting", WebhookDelivery.next_at <= moment, Webhook.active)
        .order_by(WebhookDelivery.made_at, WebhookDelivery.id)
        .limit(200)
    )
    return list(session.scalars(query))


def note(session: Session, delivery_id: str, *, taken: bool, status: str) -> None:
    """Write down how a try went; after the last one the message is given up."""
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.state != "waiting":
        return
    delivery.attempts += 1
    delivery.last_status = status[:200]
    if taken:
        delivery.state, delivery.next_at = "sent", None
    elif delivery.attempts > len(PAUSES):
        delivery.state, delivery.next_at = "failed", None
    else:
        delivery.next_at = now() + PAUSES[delivery.attempts - 1]


def next_moment(session: Session) -> datetime | None:
    """When the next message is due that waits; None when none does."""
    query = (
        select(func.min(WebhookDelivery.next_at))
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.state == "waiting", Webhook.active)
    )
    return session.scalar(query)


def deliveries(session: Session, hook: Webhook, most: int = 50) -> list[WebhookDelivery]:
    """The latest messages to an address, newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id)
    return list(
        session.scalars(query.order_by(WebhookDelivery.made_at.desc(), WebhookDelivery.id).limit(most))
    )


def again(session: Session, study: Study, delivery_id: str, *, by: str) -> WebhookDelivery:
    """Try a message that was given up once more."""
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.state != "failed":
        raise NotFound
    hook = of_id(session, study, delivery.webhook_id)
    delivery.state, delivery.attempts, delivery.next_at = "waiting", 0, now()
    send_at(session, now())
    audit.record(session, by, "webhooks.again", study.slug, number=hook.id)
    return delivery


def forget_old(session: Session) -> None:
    """Delete messages that ended long ago."""
    old = now() - timedelta(days=KEEP_DAYS)
    session.execute(
        delete(WebhookDelivery).where(WebhookDelivery.state != "waiting", WebhookDelivery.made_at < old)
    )
