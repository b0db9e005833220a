"""Where summaries are frozen and taken away."""

from __future__ import annotations

from flask import Blueprint

from survey import charts
from survey.views.publish import words

bp = Blueprint("publish", __name__)
bp.add_app_template_global(charts.bar)
bp.add_app_template_global(words.method_label)

from survey.views.publish import (  # noqa: E402, F401  (the routes register themselves)
    bundles,
    heard,
    releases,
    reports,
    routes,
    tables,
    texts,
)
