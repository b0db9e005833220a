"""Every page that can be reached: accessible, no sideways scroll, light enough, a title of its own."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.browser.walk import crawl, sign_in
from tests.support import axe

# Planner and facilitator share most pages: one of them looks in the light, the other in the dark.
ROUNDS = [("planner", "light"), ("facilitator", "dark"), ("administrator", "light")]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("role", "scheme"), ROUNDS)
def test_staff_pages(browser: Browser, demo: str, role: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    sign_in(page, demo, role)
    faults: list[str] = []
    titles: dict[str, list[str]] = {}
    for path in crawl(page, demo, "/people" if role == "administrator" else "/studies"):
        faults += [f"{path}: {fault}" for fault in axe.violations(page)]
        titles.setdefault(page.title(), []).append(path)
        page.set_viewport_size({"width": 320, "height": 640})
        if page.evaluate(SIDEWAYS) > 0:
            faults.append(f"{path}: scrolls sideways at 320 px")
        page.set_viewport_size({"width": 1280, "height": 800})
    context.close()
    assert faults == []
    assert {title: found for title, found in titles.items() if len(found) > 1} == {}
    assert len(titles) > (3 if role == "administrator" else 12)


def test_public_pages(page: Page, demo: str) -> None:
    faults = []
    for path in crawl(page, demo, "/"):
        faults += [f"{path}: {fault}" for fault in axe.violations(page)]
    assert faults == []


def test_the_survey_is_light(page: Page, demo: str) -> None:
    """Budgets of a respondent's page: 60 kB, 20 kB gzipped, 6 requests, this host only."""
    replies: list[Response] = []
    page.on("response", lambda reply: replies.append(reply))
    page.goto(f"{demo}/answer/technology-in-millbrook", wait_until="networkidle")
    assert_light(replies, demo)
    page.get_by_role("button", name="Start").click()
    for _ in range(4):
        page.wait_for_load_state("networkidle")
        replies.clear()
        page.reload(wait_until="networkidle")
        assert_light(replies, demo)
        if page.get_by_role("radio").count():
            page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Continue").click()


def assert_light(replies: list[Response], address: str) -> None:
    assert 0 < len(replies) <= 6
    assert all(reply.url.startswith(address) for reply in replies)
    bodies = [reply.body() for reply in replies]
    assert sum(len(body) for body in bodies) <= 60_000
    assert sum(len(gzip.compress(body)) for body in bodies) <= 20_000
