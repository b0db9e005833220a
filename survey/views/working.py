"""Starting a worker for what a request put to work."""

from __future__ import annotations

from flask import Response, after_this_request

from survey.jobs import spawn
from survey.web import app, settings


def wake_after_commit() -> None:
    """Start a worker once this request has been answered, which is after its commit, and answered well."""

    @after_this_request
    def wake(reply: Response) -> Response:
        if reply.status_code < 400:
            wake_now()
        return reply


def wake_now() -> None:
    """Start a worker if work waits: for pages that show a job. Starting a process writes nothing."""
    spawn.wake(settings(), app().database)
