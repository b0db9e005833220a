"""Where planners find themes and decide about them."""

from __future__ import annotations

from flask import Blueprint

from survey import charts
from survey.views.review import words

bp = Blueprint("review", __name__)
bp.add_app_template_global(charts.breadth_strip)
bp.add_app_template_global(words.told)
bp.add_app_template_global(words.why)

from survey.views.review import decisions, runs, themes  # noqa: E402, F401  (the routes register themselves)
