"""Signing in and out, one's own account."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("account", __name__)

from survey.views.account import routes, tokens  # noqa: E402, F401  (the routes register themselves)
