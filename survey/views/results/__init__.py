"""What was released to the public: pages without sign-in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("results", __name__)

from survey.views.results import feeds, routes  # noqa: E402, F401  (the routes register themselves)
