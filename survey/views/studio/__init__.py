"""Where facilitators make studies and surveys and bring comments in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("studio", __name__)

# The routes register themselves.
from survey.views.studio import (  # noqa: E402
    audiences,  # noqa: F401
    comments,  # noqa: F401
    preview,  # noqa: F401
    questions,  # noqa: F401
    studies,  # noqa: F401
    surveys,  # noqa: F401
)
