"""People who answer a survey through its web pages, whatever happens to the server meanwhile."""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.browser import BrokenConnectionError, Browser, Fields, Reply, form_of
from benchmarks.outcomes import Content
from benchmarks.surveys import CITIES

SURVEY = "measured"
START = f"/answer/{SURVEY}"
RETRY_SECONDS = 0.1
PATIENCE_SECONDS = 90
CHANGE_LINK = re.compile(r'href="([^"?#]*/pages/\d+)')
LETTERS = "abcdefghijklmnopqrstuvwxyz    .,;\n\"'<&áéñüß€漢字🙂"


class UnexpectedReplyError(Exception):
    """The server answered in a way that no person could go on from."""


@dataclass
class Ledger:
    """What people meant and what they were told, written down outside the servers."""

    meant: dict[str, Content] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    seen: Counter[str] = field(default_factory=Counter)
    _sending: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sending(self) -> None:
        """Somebody sends their answers now."""
        self.count("sends")
        self._sending.set()

    def count(self, event: str) -> None:
        """Count something that happened to somebody."""
        with self._lock:
            self.seen[event] += 1

    def wait_for_sending(self, seconds: float) -> None:
        """Return when the next person sends, or after so many seconds."""
        self._sending.clear()
        self._sending.wait(seconds)

    def counts(self) -> dict[str, int]:
        """How often something happened to people."""
        return dict(sorted(self.seen.items()))


class Person:
    """Answers the survey again and again, each time as somebody new with texts nobody else writes."""

    def __init__(self, port: int, ledger: Ledger, seed: int) -> None:
        self.port, self.ledger, self.dice = port, ledger, random.Random(seed)
        self.browser = Browser(port)

    def answer_on_and_on(self) -> None:
        """Go on until told to stop; a response that has been begun is brought to its end."""
        try:
            while not self.ledger.stop.is_set():
                self.answer()
        except Exception as problem:  # ends this person, and must not pass unseen
            self.ledger.problems.append(f"{type(problem).__name__}: {problem}")
        finally:
            self.browser.close()

    def answer(self) -> None:
        """Answer once, from the start page to the receipt."""
        content = self._make_up()
        self.ledger.meant[content.answers["improve"]] = content
        fields = [(f"q-{name}", str(value)) for name, value in content.answers.items()]
        self.browser.cookies.clear()
        page, path = self._load(START)
        while not path.endswith("/sent"):
            path = self._send_form(page, path, fields)
            if path.endswith("/sent"):
                self.ledger.confirmed.add(content.answers["improve"])
            page, path = self._load(path)

    def _make_up(self) -> Content:
        improve, keep = self._text(), self._text()
        answers = {
            "improve": improve,
            "service": self.dice.choice(CITIES).lower(),
            "keep": keep,
            "visits": self.dice.randrange(100),
        }
        return Content(answers, (improve, keep))

    def _text(self) -> str:
        body = "".join(self.dice.choices(LETTERS, k=self.dice.choice((20, 200, 1500))))
        return f"{secrets.token_hex(8)} {body}."

    def _send_form(self, page: str, path: str, fields: Fields) -> str:
        """Send the form of a page with those answers that it asks for; returns where that leads."""
        try:
            form = form_of(page)
        except ValueError:
            return self._go_back(page)
        target = form.action or path
        filled = form.filled([one for one in fields if f'name="{one[0]}"' in page])
        return self._insist("POST", target, filled).location

    def _go_back(self, page: str) -> str:
        """Where an answer is missing, the check page has no form but links to what has to be put right."""
        link = CHANGE_LINK.search(page)
        if link is None:
            raise UnexpectedReplyError(f"No way on from this page: {page[:2000]}")
        self.ledger.count("answers_asked_for_again")
        return link[1]

    def _load(self, path: str) -> tuple[str, str]:
        """Load a page, following redirects; returns it and where it is."""
        reply = self._insist("GET", path, [])
        while reply.status != 200:
            path = reply.location
            reply = self._insist("GET", path, [])
        return reply.text, path

    def _insist(self, method: str, path: str, fields: Fields) -> Reply:
        """Ask the same again until there is a reply that is not "try again later"."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            reply = self._ask(method, path, fields)
            if reply is not None and reply.status < 500:
                return expected(method, path, reply)
            self.ledger.count("no_reply" if reply is None else f"replies_{reply.status}")
            time.sleep(RETRY_SECONDS)
        raise UnexpectedReplyError(f"{method} {path} was not answered for {PATIENCE_SECONDS} s")

    def _ask(self, method: str, path: str, fields: Fields) -> Reply | None:
        try:
            if method == "GET":
                return self.browser.get(path)
            if path.endswith("/send"):
                self.ledger.sending()
            return self.browser.post(path, fields)
        except BrokenConnectionError:
            return None


def expected(method: str, path: str, reply: Reply) -> Reply:
    """A page for a GET, a redirect for both; anything else means that the answers were refused."""
    if reply.status in (302, 303) or (reply.status == 200 and method == "GET"):
        return reply
    raise UnexpectedReplyError(f"{method} {path} was answered {reply.status}: {reply.text[:2000]}")
