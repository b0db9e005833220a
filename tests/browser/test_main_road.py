"""The main road in a real browser: with JavaScript, without it, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.walk import sign_in
from tests.support import axe

SURVEY = "/answer/technology-in-millbrook"


@pytest.fixture(params=["script", "no script"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A window with JavaScript on, and one with it off."""
    context = browser.new_context(
        java_script_enabled=request.param == "script", viewport={"width": 390, "height": 800}
    )
    yield context
    context.close()


def answer(page: Page) -> None:
    """Answer whatever this page asks, as a resident would."""
    group = page.get_by_role("radio")
    if group.count():
        group.first.check()
        return
    ticks = page.get_by_role("checkbox")
    if ticks.count():
        ticks.first.check()
        return
    shares = page.locator("main [data-share] input")
    if shares.count():
        shares.first.fill("100")
        return
    boxes = page.locator("main textarea, main input[type=text]")
    values = ["3", "9", "2026"] if boxes.count() == 3 else ["14:30" if asks_for_time(page) else "3"]
    for box, value in zip(boxes.all(), values, strict=False):
        box.fill(
            "The library computers are full every afternoon."
            if box.evaluate("e => e.tagName") == "TEXTAREA"
            else value
        )


def asks_for_time(page: Page) -> bool:
    return "time of day" in page.get_by_role("heading", level=1).inner_text()


def test_a_resident_answers_the_survey(context: BrowserContext, own_demo: str) -> None:
    page = context.new_page()
    page.goto(own_demo + SURVEY)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("button", name="Start").click()
    for _ in range(30):
        if page.url.endswith("/check"):
            break
        answer(page)
        page.get_by_role("button", name="Continue").click()
    assert page.url.endswith("/check"), page.url
    page.get_by_role("button", name="Send").click()
    assert page.url.endswith("/sent")
    expect(page.get_by_role("heading", level=1)).to_contain_text("sent")
    page.go_back()
    page.goto(own_demo + SURVEY + "/check")
    assert "library computers" not in page.content()


def test_an_error_says_what_to_do_and_keeps_the_text(page: Page, demo: str) -> None:
    page.goto(demo + SURVEY)
    page.get_by_role("button", name="Start").click()
    while not page.get_by_role("radio").count():
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    assert page.title().startswith("Error: ")
    summary = page.locator(".errors")
    expect(summary).to_be_focused()
    assert axe.violations(page) == []
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.type") == "radio"


def test_the_survey_by_keyboard_alone(page: Page, demo: str) -> None:
    page.goto(demo + SURVEY)
    press_until(page, "Start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pages/*")
    press_until(page, "Continue")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")


def press_until(page: Page, words: str) -> None:
    """Press Tab until a button with these words has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(words):
            return
    raise AssertionError(f"“{words}” cannot be reached by Tab")


def test_changing_the_language_keeps_what_was_typed(page: Page, demo: str) -> None:
    page.goto(demo + SURVEY)
    page.get_by_role("button", name="Start").click()
    while not page.locator("main textarea").count():
        answer(page)
        page.get_by_role("button", name="Continue").click()
    page.locator("main textarea").fill("Half a thought about the bus")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert page.locator("main textarea").input_value() == "Half a thought about the bus"


def test_a_facilitator_takes_a_summary_away(context: BrowserContext, own_demo: str) -> None:
    page = context.new_page()
    sign_in(page, own_demo, "facilitator")
    page.goto(f"{own_demo}/studies/it-strategic-plan-demo/summary")
    page.get_by_role("button", name="Freeze").click()
    for ending in ("csv", "xlsx", "docx", "json"):
        with page.expect_download() as download:
            page.locator(f"a[href$='{ending}']").first.click()
        assert download.value.suggested_filename.endswith(ending)


def test_wide_text_and_400_percent_lose_nothing(page: Page, demo: str) -> None:
    """400 % of 1280 px is 320 px; text spacing as WCAG 1.4.12 asks."""
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(demo + SURVEY)
    page.get_by_role("button", name="Start").click()
    page.evaluate(
        "document.body.setAttribute('data-test', ''); for (const e of document.querySelectorAll('*'))"
        " { e.style.lineHeight = '1.5'; e.style.letterSpacing = '.12em'; e.style.wordSpacing = '.16em' }"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
