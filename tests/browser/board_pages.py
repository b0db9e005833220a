"""The pages of the board, in the words that people read on them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

PLAN, STAFF = "it-strategic-plan-demo", "staff-survey-demo"
BOARD = f"/studies/{PLAN}/themes"


def cards(page: Page, state: str | None = None) -> Locator:
    """The themes that the board shows; those in a state only, as their cards name it."""
    found = page.get_by_role("article")
    return found.filter(has=page.get_by_text(state, exact=True)) if state else found


def card(page: Page, name: str) -> Locator:
    """The card of the theme of that name."""
    return page.get_by_role("article", name=name, exact=True)


def names(found: Locator) -> list[str]:
    """The names on cards, in their order."""
    return [words.strip() for words in found.get_by_role("heading", level=3).all_inner_texts()]


def says(page: Page, words: str) -> None:
    """The page says, where a screen reader hears it, what was decided just now."""
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def number_of(page: Page, name: str) -> int:
    """The number of a theme, from where its name leads."""
    target = card(page, name).get_by_role("link", name=name, exact=True).get_attribute("href") or ""
    found = re.search(r"/themes/(\d+)$", target)
    assert found, target
    return int(found[1])
