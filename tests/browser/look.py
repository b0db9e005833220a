"""What anybody must be able to read and use: looked for on a page that is open."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, ViewportSize

from tests.support import axe

NARROW, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ALL_BUT_CONTRAST = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags}, rules: {'color-contrast': {enabled: false}},
  resultTypes: ['violations'], preload: false,
})"""
# Contrast takes axe longer than all else; so of texts that look alike, on like grounds, it measures one.
CONTRAST = """() => {
  const grounds = new Map();
  const ground = element => {
    if (!element) return "";
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
      const is_bare = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none" && opacity === "1";
      const own = is_bare ? "" : `${backgroundColor} ${backgroundImage} ${opacity};`;
      grounds.set(element, own + ground(element.parentElement));
    }
    return grounds.get(element);
  };
  const has_text = element => element.matches("input, select, textarea")
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const is_seen = element => element.checkVisibility() && element.getBoundingClientRect().width > 1;
  const kinds = new Map();
  for (const element of document.querySelectorAll("body *")) {
    if (!has_text(element) || !is_seen(element)) continue;
    const { color, fill, fontSize, fontWeight } = getComputedStyle(element);
    const kind = [color, fill, fontSize, fontWeight, ground(element)].join(" ");
    if (!kinds.has(kind)) kinds.set(kind, element);
  }
  const runOnly = {type: "rule", values: ["color-contrast"]};
  return axe.run({include: [...kinds.values()]}, {runOnly, resultTypes: ["violations"], preload: false});
}"""
# As WCAG 1.4.12 asks of a reader's own style sheet.
SPACING = """for (const e of document.querySelectorAll('body *')) {
  Object.assign(e.style, {lineHeight: '1.5', letterSpacing: '.12em', wordSpacing: '.16em'});
  if (e.tagName === 'P') e.style.marginBottom = '2em';
}"""


def faults(page: Page, where: str) -> list[str]:
    """What axe finds, contrast in the light and in the dark, and whether 320 px are too narrow."""
    page.emulate_media(reduced_motion="reduce")
    # In a window as high as the page: else it is chance what the bar at the bottom of a list lies over.
    height: int = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size(ViewportSize(width=1280, height=height))
    page.evaluate(axe.axe_source())
    found = described(page.evaluate(ALL_BUT_CONTRAST, axe.TAGS)) + described(page.evaluate(CONTRAST))
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {fault}" for fault in described(page.evaluate(CONTRAST))]
    page.emulate_media(color_scheme="light")
    if overflows(page):
        found.append(f"scrolls sideways at 320 px: {sticking_out(page)}")
    return [f"{where}: {fault}" for fault in found]


def described(results: dict[str, Any]) -> list[str]:
    """The violations that axe reports, each in words."""
    return [axe.describe(rule) for rule in results["violations"]]


def status(page: Page) -> int:
    """The status of the page's reply."""
    found: int = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
    return found


def overflows(page: Page) -> bool:
    """Whether a window of 320 px, which is 400 % of 1280 px, has to be scrolled sideways."""
    page.set_viewport_size(NARROW)
    over: bool = page.evaluate(SIDEWAYS) > 0
    page.set_viewport_size(WIDE)
    return over


def sticking_out(page: Page) -> list[str]:
    """The beginning of the elements that stand over the right edge at 320 px, for the report."""
    page.set_viewport_size(NARROW)
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 321"
        " && !e.closest('.scroll')).slice(0, 3).map(e => e.outerHTML.slice(0, 160))"
    )
    page.set_viewport_size(WIDE)
    return found


def spaced_out(page: Page) -> list[str]:
    """What is cut off or sticks out at 320 px once a reader has set wider spacing."""
    page.set_viewport_size(NARROW)
    page.evaluate(SPACING)
    found = ["scrolls sideways with wide spacing"] if page.evaluate(SIDEWAYS) > 0 else []
    found += page.evaluate(
        "[...document.querySelectorAll('main :is(a, button, p, h1, h2, h3, label, summary, td, th, span)')]"
        ".filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 1"
        " && getComputedStyle(e).overflowY === 'hidden').map(e => 'cut off: ' + e.outerHTML.slice(0, 160))"
    )
    page.set_viewport_size(WIDE)
    return found
