"""Steps that several browser tests take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page

MAY_BE_EMPTY = frozenset(
    {"themes", "codes", "offices", "samples", "compare", "history", "comments", "summary"}
)
"""Lists that look different in each study: one has much, the next nothing."""
FILES = (
    "csv",
    "xlsx",
    "docx",
    "pptx",
    "sav",
    "html",
    "report",
    "brief",
    "zip",
    "xml",
    "json",
    "qdc",
    "project",
    "xlsform",
)
"""How the paths of files end, which browsers download instead of showing them."""
AS_FULL = frozenset(
    f"/studies/staff-survey-demo/{name}" for name in ("comments", "summary", "themes/comments")
)
"""Those of the second study of the demo that look like the first one's."""


def sign_in(page: Page, address: str, role: str) -> None:
    """Sign in as one of the demo's accounts."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(f"{role}@millbrook.example")
    page.get_by_label("Password").fill(f"millbrook-{role}")
    page.get_by_role("button", name="Sign in").click()


def links(page: Page, address: str) -> set[str]:
    """The paths this page leads to on its own site, without queries and files to download."""
    found = page.eval_on_selector_all(
        "a[href]", "links => links.map(link => link.href.split('#')[0].split('?')[0])"
    )
    skip = tuple(f"{dot}{name}" for dot in "./" for name in FILES)
    return {
        url.removeprefix(address) for url in found if url.startswith(address + "/") and not url.endswith(skip)
    }


def crawl(
    page: Page, address: str, start: str, seen: set[str] | None = None, most: int = 150
) -> Iterator[str]:
    """Go to every path that links lead to, once for pages that differ in a number only; gives each path.

    Paths of the shapes in `seen` are left out, and those that are found are put there.
    """
    seen = set() if seen is None else seen
    tried: set[str] = set()
    queue = [start]
    while queue and len(tried) < most:
        path = queue.pop(0)
        if shape(path) in tried:
            continue
        page.goto(address + path)
        here = page.url.removeprefix(address).partition("?")[0].partition("#")[0]
        queue += sorted(links(page, address))
        tried |= {shape(path), shape(here)}
        if shape(here) not in seen:
            seen.add(shape(here))
            yield here


def shape(path: str) -> str:
    """What pages have in common that differ in a number only, or, under their lists, in the study."""
    parts = [re.sub(r"^([0-9a-f]{32}|late-.*)$|\d+", "0", part) for part in path.split("/")]
    if parts[1:2] == ["studies"] and len(parts) > 3 and (parts[-1] not in MAY_BE_EMPTY or path in AS_FULL):
        parts[2] = "0"
    return "/".join(parts)
