"""Pages for people who take part in a session: no account, an address with a code."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("meet", __name__)

from survey.views.meet import check, phone  # noqa: E402, F401  (the routes register themselves)
