"""How a person works a page: with a pointer, or with the keys Tab, Enter, Space and the arrows alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

MOST_TABS = 250
# The focus is seen: there is an outline, and nothing lies over the whole of what has it.
SEEN = """control => {
  const ticks = control.matches("[type=checkbox], [type=radio]");
  const seen = (ticks && control.closest("label")) || control;
  const styles = [getComputedStyle(control), getComputedStyle(seen)];
  const ring = styles.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const box = seen.getBoundingClientRect();
  const parts = [.1, .5, .9].flatMap(x => [.1, .5, .9].map(y => [x, y]));
  const open = parts.some(([x, y]) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && (seen.contains(top) || top.contains(seen));
  });
  if (!control.matches(":focus-visible")) return "not :focus-visible";
  return !ring ? "no outline" : !open ? "covered" : "";
}"""


class Hands(Protocol):
    """What a person does to a page."""

    def open(self, summary: Locator) -> None:
        """Open what is folded away."""

    def press(self, control: Locator) -> None:
        """Press a button, or follow a link, that leads to another page."""

    def write(self, box: Locator, text: str) -> None:
        """Put a text in the place of what a box holds."""

    def tick(self, box: Locator) -> None:
        """Tick a box or a radio button."""

    def choose(self, select: Locator, words: str) -> None:
        """Choose from a list what is called so."""


class Pointer:
    """Hands on a mouse, or a finger."""

    def open(self, summary: Locator) -> None:
        summary.click()

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, box: Locator, text: str) -> None:
        box.fill(text)

    def tick(self, box: Locator) -> None:
        box.check()

    def choose(self, select: Locator, words: str) -> None:
        select.select_option(label=words)


class Keys:
    """Hands on the keyboard alone; each control must be reached by Tab, and be seen when it is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, summary: Locator) -> None:
        self.reach(summary)
        self.page.keyboard.press("Enter")

    def press(self, control: Locator) -> None:
        self.reach(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, box: Locator, text: str) -> None:
        self.reach(box)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        if box.get_attribute("type") == "radio":
            self._turn_to(box)
            return
        self.reach(box)
        if not box.is_checked():
            self.page.keyboard.press("Space")
        assert box.is_checked()

    def _turn_to(self, radio: Locator) -> None:
        """Tab leads to the chosen one of its group, or to the first; the arrows choose the others."""
        group = self.page.locator(f"input[type=radio][name='{radio.get_attribute('name')}']")
        chosen = [other for other in group.all() if other.is_checked()]
        self.reach((chosen or group.all())[0])
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert radio.is_checked()

    def choose(self, select: Locator, words: str) -> None:
        self.reach(select)
        for _ in range(select.locator("option").count()):
            if select.evaluate("list => list.selectedOptions[0].label") == words:
                return
            self.page.keyboard.press("ArrowDown")
        assert select.evaluate("list => list.selectedOptions[0].label") == words

    def reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus, and look whether that is seen."""
        found = control.element_handle()
        for _ in range(MOST_TABS):
            if found.evaluate("control => control === document.activeElement"):
                problem = found.evaluate(SEEN)
                assert not problem, f"the focus on {control} is not seen: {problem}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} cannot be reached by Tab")
