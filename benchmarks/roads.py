"""The roads of `respond.py`: what a browser asks the product and the peer for, one request after another.

A road is a generator that makes one request at each step and gives its name and the reply, so that many
people can go it side by side and each step can be measured for all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Protocol
from urllib.parse import urljoin

from benchmarks.browser import Fields, Reply, form_of
from benchmarks.surveys import TEN_ANSWERS

Step = tuple[str, Reply]
WRITTEN, written = "q-improve", count(1)


class Asks(Protocol):
    """A browser, real or within the process."""

    def get(self, path: str) -> Reply: ...

    def post(self, path: str, fields: Fields) -> Reply: ...


Road = Callable[[Asks], Iterator[Step]]


def whole_road(start: str) -> Road:
    """Start, the pages of the survey, check, send, receipt."""

    def road(browser: Asks) -> Iterator[Step]:
        path, name = start, "start"
        while True:
            page = expect(browser.get(path), 200)
            yield f"GET {name}", page
            if name == "sent":
                return
            form = form_of(page.text)
            target = urljoin(path, form.action)
            name = "send" if name == "check" else name
            reply = expect(browser.post(target, form.filled(asked_for(page.text))), 303)
            yield f"POST {name}", reply
            path, name = reply.location, name_of(reply.location)

    return road


def ours(slug: str) -> Road:
    """The product's."""
    return whole_road(f"/answer/{slug}")


def same_road(slug: str) -> Road:
    """The same road through the peer."""
    return whole_road(f"/{slug}")


def shortest_road(browser: Asks) -> Iterator[Step]:
    """The peer's shortest: form, send, thanks."""
    yield "GET form", expect(browser.get("/"), 200)
    reply = expect(browser.post("/", TEN_ANSWERS), 303)
    yield "POST send", reply
    yield "GET thanks", expect(browser.get(reply.location), 200)


def asked_for(page: str) -> Fields:
    """Those of the answers for which a page has a field; no two people write the very same."""
    return [
        (name, f"{value} ({next(written)})" if name == WRITTEN else value)
        for name, value in TEN_ANSWERS
        if f'name="{name}"' in page
    ]


def name_of(path: str) -> str:
    """The name of a step: "page 3", "check" or "sent"."""
    last = path.rpartition("/")[2]
    return f"page {last}" if last.isdigit() else last


def expect(reply: Reply, status: int) -> Reply:
    """The reply, if it has this status."""
    if reply.status != status:
        raise RuntimeError(f"Expected {status}, was answered {reply.status}: {reply.text[:2000]}")
    return reply
