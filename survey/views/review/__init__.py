"""Where planners find themes and decide about them."""

from __future__ import annotations

from flask import Blueprint

from survey import charts
from survey.views.review import navigation, words

bp = Blueprint("review", __name__)
bp.add_app_template_global(charts.breadth_strip)
for name in ("told", "typed", "who", "why"):
    bp.add_app_template_global(getattr(words, name))
for name in ("can_turn", "has_endpoint", "just_decided"):
    bp.add_app_template_global(getattr(navigation, name))

from survey.views.review import (  # noqa: E402, F401  (the routes register themselves)
    codebook,
    codes,
    coding,
    comment_decisions,
    compare,
    decided,
    decisions,
    helping,
    merging,
    offices,
    overview,
    quotes,
    run_pages,
    runs,
    samples,
    splitting,
    themes,
)
