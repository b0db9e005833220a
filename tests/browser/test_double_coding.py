"""Double coding from the draw to the figures: without JavaScript, by two people in two browsers."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.walk import sign_in

SAMPLES = "/studies/it-strategic-plan-demo/samples"
COMMENTS = 10


def test_two_people_code_and_are_compared(browser: Browser, own_demo: str) -> None:
    pages = [person(browser, own_demo, role) for role in ("planner", "facilitator")]
    draw(pages[0], own_demo)
    for page in pages:
        code_all(page, own_demo)
    for page in pages:
        # Without scripts the page loads itself again until the worker has compared the two.
        page.goto(f"{own_demo}{SAMPLES}/1")
        expect(page.get_by_role("heading", level=1)).to_contain_text("how far the two agree", timeout=60_000)
    expect(pages[0].get_by_text("Nothing: both put every comment into the same themes.")).to_be_visible()
    for page in pages:
        page.context.close()


def person(browser: Browser, address: str, role: str) -> Page:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, address, role)
    return page


def draw(page: Page, address: str) -> None:
    page.goto(address + SAMPLES)
    page.get_by_label("Number of comments").fill(str(COMMENTS))
    page.get_by_role("button", name="Draw the sample").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sample 1")


def code_all(page: Page, address: str) -> None:
    """Code the first comment by keyboard alone, the others by pointer; then finish."""
    page.goto(address + SAMPLES)
    page.get_by_role("link", name="Code sample 1").click()
    press_until(page, page.get_by_role("checkbox").first.get_attribute("name") or "")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    for number in range(2, COMMENTS + 1):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Comment {number} of {COMMENTS}")
        ticks = page.locator("input[name^=themes-]")
        ticks.nth(number % 3).check()
        page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="I have finished").click()


def press_until(page: Page, name: str) -> None:
    """Press Tab until the box of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("name") == name:
            return
    raise AssertionError(f"{name} cannot be reached by Tab")
