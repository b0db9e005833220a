"""A respondent's browser, as far as a server can tell: cookies, a connection kept open, forms sent whole."""

from __future__ import annotations

import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

Fields = list[tuple[str, str]]
SECONDS_TO_ANSWER = 30


class BrokenConnectionError(Exception):
    """No reply came: the server went away before, during or after it did what was asked."""


@dataclass(frozen=True)
class Reply:
    """What the server answered, and how many seconds that took."""

    status: int
    location: str
    text: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Form:
    """The first form of a page that is sent by POST: where to, and the hidden fields around the answers."""

    action: str
    before: Fields
    last: Fields

    def filled(self, answers: Fields) -> Fields:
        """All fields in the order in which a browser sends them: the end marker comes last."""
        return [*self.before, *answers, *self.last]


class Browser:
    """One person's cookies and connection. Not for use by two threads at once."""

    def __init__(self, port: int) -> None:
        self.cookies: dict[str, str] = {}
        self._connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)

    def get(self, path: str) -> Reply:
        """Load a page; redirects are not followed."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> Reply:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields))

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def beside(self) -> Browser:
        """Another person's browser over the same connection, so that many can be played one after another."""
        other = Browser(self._connection.port)
        other._connection = self._connection
        return other

    def _ask(self, method: str, path: str, body: str | None) -> Reply:
        headers = {"Accept-Language": "en", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode("utf-8")
        except (HTTPException, OSError) as problem:
            self.close()
            raise BrokenConnectionError(str(problem)) from problem
        seconds = time.perf_counter() - began
        for line in answer.headers.get_all("Set-Cookie", []):
            self._keep(line)
        return Reply(answer.status, urlsplit(answer.headers.get("Location", "")).path, text, seconds)

    def _keep(self, line: str) -> None:
        for name, cookie in SimpleCookie(line).items():
            if cookie["max-age"] == "0" or not cookie.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value


def form_of(page: str) -> Form:
    """Find the first POST form of a page; raise `ValueError` when there is none."""
    reader = _FormReader()
    reader.feed(page)
    if reader.action is None:
        raise ValueError("The page has no form to send.")
    return Form(reader.action, reader.hidden[:-1], reader.hidden[-1:])


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.hidden: Fields = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post" and self.action is None:
            self.action, self._inside = given.get("action", ""), True
        elif tag == "input" and self._inside and given.get("type") == "hidden":
            self.hidden.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
