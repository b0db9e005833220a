"""What an office sees: the themes that it answers for, and nothing else of a study."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("office", __name__)

from survey.views.office import routes  # noqa: E402, F401  (the routes register themselves)
