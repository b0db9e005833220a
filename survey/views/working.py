"""Starting a worker for what a request put to work."""

from __future__ import annotations

import time

from flask import Flask, Response, after_this_request

from survey.jobs import spawn
from survey.web import app, settings

LOOK_SECONDS = 60
_next_look = 0.0


def wake_after_commit() -> None:
    """Start a worker once this request has been answered, which is after its commit, and answered well."""

    @after_this_request
    def wake(reply: Response) -> Response:
        if reply.status_code < 400:
            wake_now()
        return reply


def wake_at_times(flask_app: Flask) -> None:
    """Let requests start a worker once a minute, for work whose moment has come: we have no clock."""

    @flask_app.after_request
    def look(reply: Response) -> Response:
        global _next_look
        if time.monotonic() >= _next_look and reply.status_code < 500:
            _next_look = time.monotonic() + LOOK_SECONDS
            spawn.wake_if_possible(settings(), app().database)
        return reply


def wake_now() -> None:
    """Start a worker if work waits: for pages that show a job. Starting a process writes nothing."""
    spawn.wake(settings(), app().database)
