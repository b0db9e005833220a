"""Webhooks of a study: addresses of other systems that are told what happens."""

from __future__ import annotations

from typing import Any

from survey.models import Webhook, WebhookDelivery
from survey.security import current_person
from survey.services import webhooks as service
from survey.views.api import shown
from survey.views.api.contract import Operation
from survey.views.api.kinds import Body
from survey.views.api.shared import study_of
from survey.views.api.shown import Shown
from survey.views.working import wake_after_commit
from survey.web import db, settings

HOOKS = "/studies/{slug}/webhooks"


def _hook(hook: Webhook) -> Shown:
    return {
        "id": hook.id,
        "url": hook.url,
        "events": hook.events,
        "active": hook.active,
        "made_at": shown.moment(hook.made_at),
    }


@Operation(
    method="GET",
    path=HOOKS,
    summary="The webhooks of a study",
    permission="manage webhooks",
    scopes=("build",),
    answer="Webhooks",
)
def list_webhooks(slug: str) -> Any:
    return {"items": [_hook(hook) for hook in service.of_study(db(), study_of(slug))]}


@Operation(
    method="POST",
    path=HOOKS,
    summary="Tell an address of some events; the secret that signs them is told this once",
    permission="manage webhooks",
    scopes=("build",),
    body="NewWebhook",
    answer="MadeWebhook",
    statuses=(201,),
)
def make_webhook(slug: str, body: Body) -> Any:
    study = study_of(slug, lock=True)
    inner = settings().webhooks_inner
    hook = service.add(db(), study, body["url"], body["events"], by=current_person().email, inner=inner)
    return {"webhook": _hook(hook), "secret": hook.secret}


@Operation(
    method="DELETE",
    path=HOOKS + "/{webhook_id}",
    summary="Tell an address nothing any more",
    permission="manage webhooks",
    scopes=("build",),
    answer="Done",
)
def remove_webhook(slug: str, webhook_id: int) -> Any:
    service.remove(db(), study_of(slug, lock=True), webhook_id, by=current_person().email)
    return {"done": True}


@Operation(
    method="GET",
    path=HOOKS + "/{webhook_id}/deliveries",
    summary="The latest messages to an address, and how they fared",
    permission="manage webhooks",
    scopes=("build",),
    answer="WebhookDeliveries",
)
def list_deliveries(slug: str, webhook_id: int) -> Any:
    hook = service.of_id(db(), study_of(slug), webhook_id)
    return {"items": [_delivery(one) for one in service.deliveries(db(), hook)]}


def _delivery(one: WebhookDelivery) -> Shown:
    return {
        "id": one.id,
        "event": one.event,
        "state": one.state,
        "attempts": one.attempts,
        "last_status": one.last_status,
        "made_at": shown.moment(one.made_at),
        "next_at": shown.moment(one.next_at) if one.next_at else None,
    }


@Operation(
    method="POST",
    path=HOOKS + "/deliveries/{delivery_id}/again",
    summary="Try a message that was given up once more",
    permission="manage webhooks",
    scopes=("build",),
    answer="Done",
)
def deliver_again(slug: str, delivery_id: str) -> Any:
    service.again(db(), study_of(slug, lock=True), delivery_id, by=current_person().email)
    wake_after_commit()
    return {"done": True}
