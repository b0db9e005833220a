"""A room with a server of its own, which can be killed and started again, and note takers in browsers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from survey import db, migrate
from survey.models import Note
from survey.services import notes_end, session_live, sessions, studies
from tests.people import PASSWORD, make_cast
from tests.services.meeting import BY, begin, prepare
from tests.support import server

SLUG = "it-plan"


@dataclass
class Room:
    """A study with an open session, served at one address for as long as the room is used."""

    url: str
    number: int
    code: str
    port: int
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def session(self) -> str:
        return f"{self.address}/studies/{SLUG}/sessions/{self.number}"

    def start(self) -> None:
        """Serve, and wait until requests are answered."""
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", "1"]
        command = [sys.executable, "-m", "survey.cli", "serve", *options]
        env = server.environment(self.url, SURVEY_WORKER="separate")
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet, start_new_session=True)
        server._wait(f"{self.address}/healthz", self.running)

    def kill(self) -> None:
        """End the server and what it started at once: nothing is finished, nobody is told."""
        assert self.running is not None
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait(10)

    def stop(self) -> None:
        """End the server in peace."""
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)
            self.running.wait(40)

    def notes(self) -> list[Note]:
        """What is stored, in order."""
        database = db.connect(self.url)
        with database.reading() as session:
            found = list(session.scalars(select(Note).order_by(Note.position)))
        database.dispose()
        return found

    def end(self, *, again: bool = False) -> None:
        """End the session, or open it again, as somebody at another computer would."""
        database = db.connect(self.url)
        with database.writing() as session:
            plan = studies.by_slug(session, SLUG)
            meeting = sessions.get(session, plan, self.number)
            if again:
                sessions.open_it(session, plan, meeting, by=BY)
            else:
                notes_end.end(session, plan, meeting, "UTC", by=BY)
        database.dispose()


@contextmanager
def open_room(folder: Path) -> Iterator[Room]:
    """A room over a new database in a folder."""
    url = f"sqlite:///{folder / 'room.sqlite'}"
    database = db.connect(url)
    migrate.upgrade(database)
    with database.writing() as session:
        study = studies.add(session, SLUG, "IT Strategic Plan", by="tests")
        make_cast(session, study, studies.add(session, "other", "Another study", by="tests"))
        plan = prepare(session, study)
        meeting = begin(session, plan)
        session_live.set_phones(session, plan, meeting, on=True, dots=True, by=BY)
        room = Room(url, meeting.id, session_live.code_of(meeting) or "", server.free_port())
    database.dispose()
    room.start()
    try:
        yield room
    finally:
        room.stop()


def sign_in(page: Page, room: Room, name: str) -> None:
    """Sign in as one of the cast."""
    page.goto(f"{room.address}/sign-in")
    page.get_by_label("E-mail").fill(f"{name}@office.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/studies")


@dataclass
class NoteTaker:
    """Somebody who types notes, and all that they typed."""

    name: str
    context: BrowserContext
    page: Page
    typed: list[str] = field(default_factory=list)

    def type(self, text: str) -> None:
        """One line, Enter."""
        field = self.page.locator("#text")
        field.fill(text)
        field.press("Enter")
        self.typed.append(text)
        expect(field).to_have_value("")

    def shown(self) -> list[str]:
        """The texts on the screen, in order."""
        texts: list[str] = self.page.locator("#notes .said-words").evaluate_all(
            "all => all.map(one => one.textContent)"
        )
        return texts

    def expect_saved(self, seconds: int = 20) -> None:
        """Nothing waits any more."""
        expect(self.page.locator("#notes .waiting")).to_have_count(0, timeout=seconds * 1000)
        expect(self.page.locator("[data-line]")).to_have_text("Saved", timeout=seconds * 1000)


@contextmanager
def note_taker(browser: Browser, room: Room, name: str, **options: bool) -> Iterator[NoteTaker]:
    """A note taker before the live screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, room, name)
    page.goto(f"{room.session}/live")
    yield NoteTaker(name, context, page)
    context.close()
