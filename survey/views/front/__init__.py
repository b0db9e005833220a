"""The first page, the health check, static files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("front", __name__)

from survey.views.front import routes  # noqa: E402, F401  (the routes register themselves)
