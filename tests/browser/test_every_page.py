"""Every page that can be reached: accessible, no sideways scroll, light enough, a title of its own."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.browser.look import faults, status
from tests.browser.walk import crawl, sign_in
from tests.support import axe

READ_ONLY = frozenset({"/studies/0/themes/0", "/studies/0/themes/comments/0", "/studies/0/codes/0/comments"})
"""Pages that look different to those who may not decide."""


def test_pages_of_those_who_work_on_studies(browser: Browser, prepared: str) -> None:
    """All of a planner's pages; then of a facilitator's those that no planner has, or not like that."""
    seen: set[str] = set()
    assert look_at_all(browser, prepared, "planner", "/studies", seen) > 60
    assert look_at_all(browser, prepared, "facilitator", "/studies", seen - READ_ONLY) > 5


@pytest.mark.parametrize(("role", "start"), [("administrator", "/people"), ("office", "/offices")])
def test_pages_of_others(browser: Browser, prepared: str, role: str, start: str) -> None:
    assert look_at_all(browser, prepared, role, start, set()) > 2


def look_at_all(browser: Browser, address: str, role: str, start: str, seen: set[str]) -> int:
    """Look at every page that links lead somebody to, but for shapes already seen; returns how many."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, address, role)
    found: list[str] = []
    titles: dict[str, list[str]] = {}
    for path in crawl(page, address, start, seen):
        found += [f"{path}: {status(page)}"] if status(page) != 200 else faults(page, path)
        titles.setdefault(page.title(), []).append(path)
    context.close()
    assert found == [], "\n".join(found)
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}
    return len(titles)


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
