"""The board in a real browser: with JavaScript, without it, and by keyboard alone; what scripts add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.board_pages import BOARD, card, cards, names, says
from tests.browser.hands import Hands, Keys, Pointer
from tests.browser.walk import sign_in
from tests.support import axe

NAME = "Internet at home for everybody"
PARTS = ["Waiting for an answer", "Machines of long ago"]
JOB_SECONDS = 90


@pytest.fixture(params=["script", "no script", "keyboard"])
def walker(request: pytest.FixtureRequest, browser: Browser, own_demo: str) -> Iterator[Walker]:
    """A planner at the board: with JavaScript, without it, and with JavaScript but without a pointer."""
    context = browser.new_context(java_script_enabled=request.param != "no script")
    page = context.new_page()
    sign_in(page, own_demo, "planner")
    yield Walker(page, Keys(page) if request.param == "keyboard" else Pointer(), own_demo)
    context.close()


class Walker:
    """Somebody who decides one thing after the other, and looks whether the earlier decisions stand."""

    def __init__(self, page: Page, hands: Hands, address: str) -> None:
        self.page, self.hands, self.address = page, hands, address
        self.page.goto(address + BOARD)
        self.suggested = names(cards(page, "Suggested"))
        self.accepted: list[str] = []
        self.gone: set[str] = set()

    def button(self, words: str) -> None:
        self.hands.press(self.page.get_by_role("button", name=words).first)

    def turn(self, words: str, decision: str) -> None:
        """Press the button that undoes a decision, or does it again; its name says which."""
        name = re.compile(f"^{words} ?: {decision}")
        self.hands.press(self.page.get_by_role("button", name=name).first)

    def link(self, words: str) -> None:
        self.hands.press(self.page.get_by_role("link", name=words).first)

    def heading(self, words: str) -> None:
        """Wait for the page of that heading, as long as work in the background may take."""
        found = self.page.get_by_role("heading", level=1, name=words)
        expect(found).to_be_visible(timeout=JOB_SECONDS * 1000)

    def open_theme(self, name: str) -> None:
        self.page.goto(self.address + BOARD)
        self.hands.press(card(self.page, name).get_by_role("link", name=name, exact=True))
        self.heading(name)

    def look(self) -> None:
        """Go to the board: all that was decided so far stands there."""
        self.page.goto(self.address + BOARD)
        assert names(cards(self.page, "Accepted")) == self.accepted
        assert not self.gone & set(names(cards(self.page)))

    def accept(self, name: str) -> None:
        self.hands.press(card(self.page, name).get_by_role("button", name="Accept"))
        says(self.page, f"Accepted “{name}”")
        self.accepted.append(name)

    def rename(self, name: str, new: str) -> None:
        self.open_theme(name)
        self.hands.open(self.page.locator("summary").filter(has_text="Rename and describe"))
        self.hands.write(self.page.get_by_label("Name", exact=True), new)
        self.button("Save name and meaning")
        says(self.page, f"Renamed “{name}” to “{new}”")
        self.accepted[self.accepted.index(name)] = new
        self.gone.add(name)

    def merge(self, name: str, other: str) -> None:
        """Merge another theme into one, after a look at both side by side."""
        self.open_theme(name)
        self.link("Merge with…")
        self.hands.tick(self.page.get_by_role("checkbox", name=other))
        self.button("Look at them side by side")
        expect(self.page.get_by_role("article")).to_have_count(2)
        expect(self.page.get_by_role("heading", name="Together")).to_be_visible()
        self.button("Merge them")
        says(self.page, f"Merged “{other}” into “{name}”")
        self.gone.add(other)

    def split(self, name: str) -> str:
        """Split a theme in two as the program proposes, but for one comment; returns that one's address."""
        self.open_theme(name)
        self.link("Split…")
        self.hands.tick(self.page.get_by_role("radio", name="Two"))
        self.button("Look for parts")
        self.heading(f"Parts of “{name}”")
        for number, part in enumerate(PARTS, start=1):
            self.hands.write(self.page.get_by_label(f"Name of part {number}"), part)
        where = self.page.get_by_label("Part of comment 1", exact=True)
        comment = (where.get_attribute("name") or "").removeprefix("part-")
        other = where.locator("option:not([selected])").inner_text()
        self.hands.choose(where, other)
        self.button("Split the theme")
        says(self.page, f"Split “{name}” into")
        self.gone.add(name)
        assert self.themes_of(comment) == [PARTS[int(other[0]) - 1]]
        return comment

    def move(self, source: str, target: str) -> str:
        """Move the first comment of a theme; returns which one that is."""
        self.open_theme(source)
        box = self.page.get_by_role("checkbox", name="Comment 1", exact=True)
        comment = box.get_attribute("value") or ""
        self.hands.tick(box)
        self.hands.choose(self.page.get_by_label("Do this"), "Move to the theme …")
        self.hands.choose(self.page.get_by_label("Theme", exact=True), target)
        self.button("Do it")
        says(self.page, f"Moved a comment from “{source}” to “{target}”")
        return comment

    def themes_of(self, comment: str) -> list[str]:
        """The themes that are ticked on the page of a comment."""
        self.page.goto(f"{self.address}{BOARD}/comments/{comment}")
        ticked = self.page.get_by_role("checkbox", checked=True)
        return [box.locator("xpath=ancestor::label").inner_text().strip() for box in ticked.all()]

    def find_again(self) -> None:
        """Find fewer themes, up to the page that says what they would change."""
        self.page.goto(self.address + BOARD)
        self.link("Find themes again")
        self.hands.open(self.page.locator("summary").filter(has_text="More choices"))
        self.hands.write(self.page.get_by_label("Number of themes"), "8")
        self.hands.tick(self.page.get_by_role("checkbox", name="Start afresh"))
        self.button("Find themes")
        self.heading("What run 2 would change")


def test_a_planner_decides_everything(walker: Walker) -> None:
    first, second, third, fourth = walker.suggested[:4]
    page = walker.page
    walker.accept(first)
    walker.rename(first, NAME)
    walker.look()
    walker.merge(NAME, second)
    walker.look()
    placed = walker.split(third)
    walker.look()
    moved = walker.move(fourth, NAME)
    walker.turn("Undo", "Moved a comment")
    says(page, "Undid: Moved")
    assert NAME not in walker.themes_of(moved)
    walker.look()
    walker.turn("Do again", "Moved a comment")
    says(page, "Did again: Moved")
    walker.look()
    apply_another_run(walker, {moved: [NAME], placed: walker.themes_of(placed)})


def apply_another_run(walker: Walker, placed: dict[str, list[str]]) -> None:
    """Find themes again: nothing changes before the run is put onto the board, and then no decision does."""
    parts = [name for name in PARTS if name in names_on_board(walker)]
    assert parts == PARTS
    walker.find_again()
    expect(walker.page.get_by_text("nothing has changed yet")).to_be_visible()
    difference = walker.page.url
    walker.look()
    walker.page.goto(difference)
    walker.button("Put this run onto the board")
    says(walker.page, "Run 2 came onto the board")
    walker.look()
    assert set(PARTS) <= names_on_board(walker)
    assert {comment: walker.themes_of(comment) for comment in placed} == placed


def names_on_board(walker: Walker) -> set[str]:
    walker.page.goto(walker.address + BOARD)
    return set(names(cards(walker.page)))


def test_shortcuts_and_dragging(page: Page, own_demo: str) -> None:
    sign_in(page, own_demo, "planner")
    page.goto(own_demo + BOARD)
    first, second, third = names(cards(page, "Suggested"))[:3]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    # Chromium closes a dialog a moment after the key; until then keys belong to the dialog.
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    expect(card(page, first)).to_be_focused()
    press(page, "a")
    says(page, f"Accepted “{first}”")
    # The next theme that is not decided about has the focus, so that the next key is about that.
    expect(card(page, second)).to_be_focused()
    press(page, "x")
    says(page, f"Rejected “{second}”")
    press(page, "u")
    says(page, f"Undid: Rejected “{second}”")
    assert names(cards(page, "Suggested"))[:2] == [second, third]
    drag(page, third, second)
    says(page, f"Moved “{third}”")
    assert names(cards(page, "Suggested"))[:2] == [third, second]


def press(page: Page, key: str) -> None:
    """Press a key that decides something."""
    with page.expect_navigation():
        page.keyboard.press(key)


def drag(page: Page, name: str, target: str) -> None:
    """Drag a card by the number at its side onto another one."""
    with page.expect_navigation():
        handle = card(page, name).locator("[draggable=true]")
        handle.drag_to(card(page, target), source_position={"x": 8, "y": 8})


def test_shortcuts_can_be_switched_off(page: Page, own_demo: str) -> None:
    sign_in(page, own_demo, "planner")
    page.goto(own_demo + BOARD)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("checkbox", name="Use these shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
