"""Where facilitators plan and hold sessions, bring minutes in and check themes with those who were there."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sessions", __name__)

from survey.views.sessions import (  # noqa: E402, F401  (the routes register themselves)
    agenda,
    checks,
    holding,
    live,
    minutes,
    notes,
    planning,
    projector,
    roster,
)
