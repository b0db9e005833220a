"""Two planners at one board, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.board_pages import BOARD, card, cards, names, says
from tests.browser.states import OTHER
from tests.browser.walk import sign_in
from tests.support import axe

TYPED = "Help with the things that people type\nand tools for their work"
NAME = "Good tools for everybody"


@pytest.fixture
def planners(browser: Browser, own_prepared: str) -> Iterator[tuple[Page, Page]]:
    """Both have the board before them."""
    pages = []
    for role in ("planner", OTHER.partition("@")[0]):
        page = browser.new_context().new_page()
        page.clock.install()
        sign_in(page, own_prepared, role)
        page.goto(own_prepared + BOARD)
        pages.append(page)
    yield pages[0], pages[1]
    for page in pages:
        page.context.close()


def test_a_decision_of_another_is_told_and_nothing_is_lost(planners: tuple[Page, Page]) -> None:
    first, second = planners
    theirs, mine = names(cards(first, "Suggested"))[:2]
    accept(first, theirs)
    is_told(second, f"Accepted “{theirs}” (planner)")
    # Telling changes nothing: what was on the page is there, and what is decided on it is checked.
    expect(card(second, theirs).get_by_text("Suggested", exact=True)).to_be_visible()
    card(second, mine).get_by_role("link", name=mine, exact=True).click()
    start_to_rename(second)
    card(first, mine).get_by_role("button", name="Park").click()
    says(first, f"Parked “{mine}”")
    second.get_by_role("button", name="Save name and meaning").click()
    shows_both(second, mine)
    second.get_by_role("button", name="Do it all the same").click()
    says(second, f"Renamed “{mine}” to “{NAME}” and described it")
    expect(second.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(second.get_by_text(TYPED.splitlines()[1]).first).to_be_visible()
    first.reload()
    assert NAME in names(cards(first, "Parked"))
    assert theirs in names(cards(first, "Accepted"))


def accept(page: Page, name: str) -> None:
    card(page, name).get_by_role("button", name="Accept").click()
    says(page, f"Accepted “{name}”")


def is_told(page: Page, words: str) -> None:
    """After a while the page says what somebody else decided, with the way to see it."""
    page.clock.fast_forward(20_000)
    says(page, f"Meanwhile: {words}")
    expect(page.get_by_role("button", name="Load the page again")).to_be_visible()
    assert axe.violations(page) == []


def start_to_rename(page: Page) -> None:
    page.locator("summary").filter(has_text="Rename and describe").click()
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("What it means").fill(TYPED)


def shows_both(page: Page, name: str) -> None:
    """What was wanted, with all that was typed, stands beside what was decided meanwhile."""
    expect(page.get_by_role("heading", level=1)).to_have_text("The board has changed since you looked at it")
    parts = ("What you wanted", "What was decided meanwhile")
    wanted, meanwhile = (
        page.locator("section").filter(has=page.get_by_role("heading", name=words)) for words in parts
    )
    expect(wanted).to_contain_text(NAME)
    for line in TYPED.splitlines():
        expect(wanted).to_contain_text(line)
    expect(meanwhile).to_contain_text(f"Parked “{name}”")
    expect(meanwhile).to_contain_text("planner")
    assert axe.violations(page) == []
