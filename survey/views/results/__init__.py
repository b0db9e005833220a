"""What was released to the public: pages without sign-in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("results", __name__)
