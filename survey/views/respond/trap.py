"""Telling programs from people without a puzzle: a field that people do not see, the time since the start."""

from __future__ import annotations

from flask import request

from survey import throttle
from survey.services.drafts import Typed
from survey.services.suspicion import KIOSK_SHARE, Signs
from survey.views.respond.browser import Visit
from survey.web import settings

FIELD = "homepage"
"""Hidden from eyes, screen readers and the keyboard (`respond/trap.html`); no browser fills it in itself."""


def caught() -> Typed:
    """To be kept with the draft when the field was filled in; what stood in it is nobody's answer."""
    return {FIELD: ["1"]} if request.form.get(FIELD) else {}


def signs(visit: Visit, typed: Typed) -> Signs:
    """What is seen of the sender of this form."""
    many = settings().responses_address * (KIOSK_SHARE if visit.kiosk else 1)
    trapped = bool(typed.get(FIELD) or request.form.get(FIELD))
    network = throttle.network(request.remote_addr)
    return Signs(visit.seconds, settings().form_seconds, trapped, network, many)
