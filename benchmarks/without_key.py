"""The product without its submission key, a control for `kill9.py`: each try has a name of its own."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask

import survey
from survey.services import drafts


def create_app() -> Flask:
    """The application, with the response named at random instead of by the browser's token."""
    derived = drafts.Keys.of

    def random_response(*given: Any) -> drafts.Keys:
        return drafts.Keys(derived(*given).draft, secrets.token_hex(16))

    drafts.Keys.of = random_response  # type: ignore[method-assign, assignment]
    return survey.create_app()
