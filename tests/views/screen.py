"""Chromium over the application without a server between: what it asks for comes from the test client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route

HOST = "http://localhost"


@contextmanager
def screen_of(browser: Browser, client: FlaskClient) -> Iterator[Page]:
    """A page of Chromium that gets what it looks at from the application, as whoever `client` is."""
    context = browser.new_context()

    def answer(route: Route) -> None:
        reply = client.get(route.request.url.removeprefix(HOST))
        body = reply.data
        reply.close()
        route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=body)

    context.route("**/*", answer)
    yield context.new_page()
    context.close()
