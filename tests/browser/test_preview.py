"""The preview in a real browser: a phone's width is a phone's width, and no script runs where none may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.browser.walk import sign_in

PREVIEW = "/studies/it-strategic-plan-demo/surveys/technology-in-millbrook/preview"


@pytest.fixture
def author(browser: Browser, demo: str) -> Iterator[Page]:
    """A facilitator's window. Its console may say that scripts were stopped: that is what is looked for."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    sign_in(page, demo, "facilitator")
    yield page
    context.close()


def frame_of(page: Page, url: str) -> Frame:
    page.goto(url)
    (frame,) = page.main_frame.child_frames
    frame.wait_for_selector("h1")
    return frame


def test_the_phone_is_as_wide_as_a_phone(author: Page, demo: str) -> None:
    frame = frame_of(author, f"{demo}{PREVIEW}/1?look=phone")
    assert frame.evaluate("innerWidth") == 375
    assert frame.evaluate("matchMedia('(max-width: 30rem)').matches"), "laid out as on a phone"
    assert frame.evaluate("document.documentElement.scrollWidth") <= 375


def test_without_javascript_no_script_runs_and_the_way_can_be_gone(author: Page, demo: str) -> None:
    stopped: list[str] = []
    author.on("console", lambda message: stopped.append(message.text))
    frame = frame_of(author, f"{demo}{PREVIEW}/0?look=plain")
    assert any("sandboxed" in line for line in stopped), stopped
    frame.get_by_role("button", name="Start now").click()
    frame.wait_for_selector("#answers")
    before = frame.inner_text("h1")
    frame.locator("main").get_by_role("button", name="Continue").click()
    frame.wait_for_function("was => document.querySelector('h1').innerText !== was", arg=before)
    assert frame.locator("input[name=at]").first.input_value() == "2"


def test_answers_are_carried_through_the_preview(author: Page, demo: str) -> None:
    author.goto(f"{demo}{PREVIEW}/2")
    author.get_by_role("radio").first.check()
    chosen = author.locator("label:has(:checked)").inner_text()
    author.locator("main").get_by_role("button", name="Continue").click()
    author.locator("main").get_by_role("button", name="Back", exact=True).click()
    assert author.locator("label:has(:checked)").inner_text() == chosen
    author.goto(f"{demo}{PREVIEW}/2")
    assert author.locator("label:has(:checked)").count() == 0, "and kept nowhere"
