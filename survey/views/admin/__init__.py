"""Accounts and audit."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("admin", __name__)

from survey.views.admin import routes  # noqa: E402, F401  (the routes register themselves)
