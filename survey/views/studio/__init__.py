"""Where facilitators make studies and surveys and bring comments in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("studio", __name__)

# The routes register themselves.
from survey.views.studio import (  # noqa: E402
    apart,  # noqa: F401
    audiences,  # noqa: F401
    comments,  # noqa: F401
    invitations,  # noqa: F401
    invited_import,  # noqa: F401
    invited_people,  # noqa: F401
    key_in,  # noqa: F401
    letters,  # noqa: F401
    library,  # noqa: F401
    logic,  # noqa: F401
    mailings,  # noqa: F401
    paper,  # noqa: F401
    preview,  # noqa: F401
    questions,  # noqa: F401
    starters,  # noqa: F401
    studies,  # noqa: F401
    survey_files,  # noqa: F401
    survey_pages,  # noqa: F401
    surveys,  # noqa: F401
    taking,  # noqa: F401
    translation_files,  # noqa: F401
    translations,  # noqa: F401
    versions,  # noqa: F401
    webhooks,  # noqa: F401
)
