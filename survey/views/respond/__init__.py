"""What a respondent sees: start page, questions, check, send, receipt."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("respond", __name__)

from survey.views.respond import codes, questions, returning, routes, stop  # noqa: E402, F401  (the routes register themselves)
