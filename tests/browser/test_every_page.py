"""Every page that can be reached: accessible, no sideways scroll, light enough, a title of its own."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.walk import crawl, sign_in
from tests.support import axe

ROLES = ["planner", "facilitator", "administrator", "auditor"]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_staff_pages(browser: Browser, demo: str, role: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    sign_in(page, demo, role)
    start = "/studies" if role in ("planner", "facilitator") else "/account"
    paths = crawl(page, demo, start)
    assert len(paths) > (8 if start == "/studies" else 2)
    faults, titles = [], {}
    for path in paths:
        page.goto(demo + path)
        faults += [f"{path}: {fault}" for fault in axe.violations(page)]
        titles.setdefault(page.title(), []).append(path)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate(SIDEWAYS) > 0:
            faults.append(f"{path}: scrolls sideways at 320 px")
        page.set_viewport_size({"width": 1280, "height": 800})
    context.close()
    assert faults == []
    assert {title: found for title, found in titles.items() if len(found) > 1} == {}


def test_public_pages(page: Page, demo: str) -> None:
    faults = []
    for path in crawl(page, demo, "/"):
        page.goto(demo + path)
        faults += [f"{path}: {fault}" for fault in axe.violations(page)]
    assert faults == []


def test_the_survey_is_light(page: Page, demo: str) -> None:
    """Budgets of a respondent's page: 60 kB, 20 kB gzipped, 6 requests, this host only."""
    replies: list[tuple[str, bytes]] = []
    page.on(
        "response", lambda reply: replies.append((reply.url, reply.body())) if reply.status == 200 else None
    )
    page.goto(f"{demo}/answer/technology-in-millbrook")
    assert_light(replies, demo)
    page.get_by_role("button", name="Start").click()
    for _ in range(4):
        replies.clear()
        page.reload()
        assert_light(replies, demo)
        if page.get_by_role("radio").count():
            page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Continue").click()


def assert_light(replies: list[tuple[str, bytes]], address: str) -> None:
    assert 0 < len(replies) <= 6
    assert all(url.startswith(address) for url, _ in replies)
    assert sum(len(body) for _, body in replies) <= 60_000
    assert sum(len(gzip.compress(body)) for _, body in replies) <= 20_000
