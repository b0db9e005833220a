"""Steps that several browser tests take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page


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
    skip = (".csv", ".xlsx", ".docx", ".json", "/csv", "/xlsx", "/docx", "/json")
    return {
        url.removeprefix(address) for url in found if url.startswith(address + "/") and not url.endswith(skip)
    }


def crawl(page: Page, address: str, start: str, most: int = 80) -> Iterator[str]:
    """Go to every path that links lead to, once for pages that differ in a number only; gives each path."""
    seen: set[str] = set()
    queue = [start]
    while queue and len(seen) < most:
        path = queue.pop(0)
        shape = re.sub(r"\d+", "0", path)
        if shape in seen:
            continue
        seen.add(shape)
        page.goto(address + path)
        queue += sorted(links(page, address))
        yield path
