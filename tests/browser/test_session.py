"""Note takers in real browsers at a real server: the line is cut, the server dies, each note is kept once."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Response, Route, expect

from tests.support import axe
from tests.support.meeting_room import NoteTaker, Room, note_taker, open_room, sign_in

EVIL = (
    "<img src=x onerror=alert(1)> & <b>bold</b>",
    "=HYPERLINK(“x”) +1-2@a",
    "bell \x07 escape \x1b[31m tab\tend",
    "👩🏽‍🚀 🏳️‍🌈 emoji",
    "أريد أن أدفع \u202e من هاتفي",
    "p9 nobody has this number; 3:30 is a time",
)


@pytest.fixture(scope="module")
def shared_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room for tests that leave the session open."""
    with open_room(tmp_path_factory.mktemp("room")) as room:
        yield room


@pytest.fixture
def ann(browser: Browser, shared_room: Room) -> Iterator[NoteTaker]:
    with note_taker(browser, shared_room, "facilitator") as taker:
        yield taker


def row(page: Page, text: str) -> Locator:
    return page.locator("#notes > li").filter(has_text=text)


def test_every_note_once_and_in_order_though_the_line_is_cut_three_times(
    browser: Browser, tmp_path: Path
) -> None:
    """The short form; `benchmarks/session.py` takes five minutes and 200 notes."""
    with (
        open_room(tmp_path) as room,
        note_taker(browser, room, "facilitator") as ann,
        note_taker(browser, room, "planner") as bob,
    ):
        write(ann, bob, 3, "before")
        for one, text in zip((ann, bob) * 3, EVIL, strict=True):
            one.type(text)
        for taker in (ann, bob):
            taker.context.set_offline(True)
        write(ann, bob, 4, "offline")
        expect(ann.page.locator("[data-line]")).to_have_text(re.compile(r"No connection: \d notes wait"))
        for taker in (ann, bob):
            taker.context.set_offline(False)
        ann.context.set_offline(True)
        write(ann, bob, 3, "one offline")
        ann.context.set_offline(False)
        write(ann, bob, 2, "between")
        room.kill()
        write(ann, bob, 4, "server gone")
        room.start()
        write(ann, bob, 2, "after")
        ann.expect_saved()
        bob.expect_saved()
        stored = room.notes()
        everything = sorted(ann.typed + bob.typed)
        assert sorted(note.text for note in stored) == everything
        for taker in (ann, bob):
            mine = [note.text for note in stored if note.made_by.startswith(taker.name)]
            assert mine == taker.typed
            expect(taker.page.locator("#notes > li")).to_have_count(len(stored), timeout=15_000)
            assert taker.shown() == [note.text for note in stored]
            assert kept_in_browser(taker.page) == [0, 0, 0]


def write(ann: NoteTaker, bob: NoteTaker, number: int, words: str) -> None:
    for turn in range(number):
        ann.type(f"{words} {turn}, says Ann")
        bob.type(f"{words} {turn}, says Bob")


def kept_in_browser(page: Page) -> list[int]:
    """How much the page keeps in the stores of the browser."""
    found: list[int] = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    return found


def test_a_reply_that_is_lost_does_not_store_the_note_twice(ann: NoteTaker, shared_room: Room) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        """The server takes the note; its answer never arrives."""
        if route.request.method == "POST" and len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    ann.page.route("**/live?*", lose)
    ann.type("Said once")
    ann.expect_saved()
    assert lost == [200, 200]
    assert [note.text for note in shared_room.notes()].count("Said once") == 1
    assert ann.shown().count("Said once") == 1


def test_signed_out_while_typing(ann: NoteTaker, shared_room: Room) -> None:
    ann.context.clear_cookies()
    ann.type("Typed while signed out")
    expect(ann.page.locator("[data-line]")).to_have_text("You are signed out")
    expect(ann.page.get_by_text("You were signed out. What you typed is on this page.")).to_be_visible()
    assert axe.violations(ann.page) == []
    assert "Typed while signed out" in ann.shown()
    with ann.context.expect_page() as opened:
        ann.page.get_by_role("link", name="Sign in again in a new tab").click()
    sign_in(opened.value, shared_room, "facilitator")
    ann.expect_saved()
    assert [note.text for note in shared_room.notes()].count("Typed while signed out") == 1


def test_leaving_with_notes_that_wait_warns(browser: Browser, shared_room: Room) -> None:
    with note_taker(browser, shared_room, "facilitator") as ann:
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        ann.page.on("dialog", stay)
        ann.context.set_offline(True)
        ann.type("Waits")
        ann.page.close(run_before_unload=True)
        ann.page.wait_for_timeout(300)
        assert asked == ["beforeunload"]
        ann.context.set_offline(False)
        ann.expect_saved()
        ann.page.reload()
        assert "Waits" in ann.shown()
        assert asked == ["beforeunload"]


def test_speaker_and_prompt_by_key(ann: NoteTaker, shared_room: Room) -> None:
    page, field = ann.page, ann.page.locator("#text")
    expect(field).to_be_focused()
    page.keyboard.type("3: Buses at 3:30 are late", delay=5)
    expect(page.locator("#speaker")).to_have_value("3")
    expect(field).to_have_value("Buses at 3:30 are late")
    page.keyboard.press("Enter")
    expect(row(page, "Buses at 3:30")).to_contain_text("P3 · Strength")
    page.keyboard.press("Alt+2")
    expect(page.get_by_role("button", name="2 Improvement")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("p1 Permits take long", delay=5)
    page.keyboard.press("Enter")
    expect(row(page, "Permits take long")).to_contain_text("P1 · Improvement")
    page.keyboard.type("For later")
    page.keyboard.press("Alt+p")
    expect(row(page, "For later")).to_contain_text("Parking lot")
    expect(field).to_be_focused()
    ann.expect_saved()
    found = {note.text: (note.speaker, note.prompt_id) for note in shared_room.notes()}
    assert found["Buses at 3:30 are late"][0] == 3
    assert found["Permits take long"][0] == 1
    assert found["For later"] == (None, None)
    page.keyboard.press("Alt+1")
    expect(page.get_by_role("button", name="1 Strength")).to_have_attribute("aria-pressed", "true")
    assert axe.violations(page) == []


def test_the_timer_keeps_the_focus(ann: NoteTaker, shared_room: Room) -> None:
    page = ann.page
    page.get_by_role("button", name="1 Strength").click()
    page.get_by_role("button", name="Start 10 minutes").click()
    more = page.get_by_role("button", name="+1 minute")
    for _twice in range(2):
        # "1" is also the value of a prompt: the second Enter would have changed it for everybody.
        more.focus()
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        expect(more).to_be_focused()
    page.get_by_role("button", name="Stop the timer").click()
    expect(page.get_by_role("button", name="Start 10 minutes")).to_be_visible()


def test_what_one_does_the_other_sees(browser: Browser, ann: NoteTaker, shared_room: Room) -> None:
    with note_taker(browser, shared_room, "planner") as bob:
        ann.type("Seen by both")
        there = row(bob.page, "Seen by both")
        expect(there).to_be_visible()
        there.get_by_role("button", name="0 votes, add one").click()
        expect(row(ann.page, "Seen by both").get_by_role("button", name="1 vote, add one")).to_be_visible()
        ann.page.get_by_role("button", name="Start 10 minutes").click()
        expect(bob.page.get_by_role("timer")).to_have_text(re.compile(r"(10:00|9:5\d) left"))
        bob.page.get_by_role("button", name="Stop the timer").click()
        expect(ann.page.get_by_role("timer")).to_have_count(0)
        there.get_by_role("button", name="Strike").click()
        expect(row(ann.page, "Seen by both").locator("del")).to_be_visible()
        row(ann.page, "Seen by both").get_by_role("button", name="Take back").click()
        expect(there.locator("del")).to_have_count(0)


def test_two_change_one_note(browser: Browser, ann: NoteTaker, shared_room: Room) -> None:
    with note_taker(browser, shared_room, "planner") as bob:
        ann.type("Before the change")
        for taker in (ann, bob):
            row(taker.page, "Before the change").get_by_role("link", name="Edit").click()
        for taker, words in ((bob, "As Bob says"), (ann, "As Ann says")):
            dialog = taker.page.get_by_role("dialog")
            dialog.get_by_label("Note").fill(words)
            dialog.get_by_role("button", name="Save").click()
        dialog = ann.page.get_by_role("dialog")
        expect(dialog).to_contain_text("Somebody else changed this note while you were typing. “As Bob says”")
        expect(dialog.get_by_label("Note")).to_have_value("As Ann says")
        assert axe.violations(ann.page) == []
        dialog.get_by_role("button", name="Save").click()
        expect(row(bob.page, "As Ann says")).to_be_visible()


def test_a_session_that_somebody_else_ended(browser: Browser, tmp_path: Path) -> None:
    with open_room(tmp_path) as room, note_taker(browser, room, "facilitator") as ann:
        ann.context.set_offline(True)
        ann.type("Too late?")
        ann.type("And this")
        room.end()
        ann.context.set_offline(False)
        expect(ann.page.locator("[data-line]")).to_have_text("2 notes were not taken", timeout=10_000)
        expect(ann.page.get_by_text("The session was ended by somebody else.")).to_be_visible()
        assert ann.shown() == ["Too late?", "And this"]
        assert axe.violations(ann.page) == []
        room.end(again=True)
        for _note in range(2):
            ann.page.get_by_role("button", name="Send again").first.click()
        ann.expect_saved()
        assert [note.text for note in room.notes()] == ["Too late?", "And this"]


def test_a_line_without_script(browser: Browser, shared_room: Room) -> None:
    with note_taker(browser, shared_room, "planner", java_script_enabled=False) as bob:
        for text in ("4: Without a script", "And another <b>"):
            field = bob.page.locator("#text")
            expect(field).to_be_focused()
            bob.page.keyboard.type(text)
            bob.page.keyboard.press("Enter")
            bob.page.wait_for_load_state()
        expect(row(bob.page, "Without a script")).to_contain_text("P4 · Strength")
        expect(row(bob.page, "And another <b>")).to_be_visible()


def test_phone_and_wall(browser: Browser, ann: NoteTaker, shared_room: Room) -> None:
    wall = ann.context.new_page()
    wall.goto(f"{shared_room.session}/projector?order=votes")
    phone = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    replies: list[Response] = []
    phone.on("response", lambda reply: replies.append(reply))
    phone.goto(f"{shared_room.address}/j/{shared_room.code}", wait_until="networkidle")
    assert_light(replies, shared_room.address)
    assert axe.violations(phone) == []
    phone.get_by_label("What works well?").fill("<u>From a phone</u>")
    phone.get_by_role("button", name="Send the note").click()
    expect(phone.get_by_text("Your note is on the list.")).to_be_visible()
    expect(row(ann.page, "From a phone")).to_contain_text("Phone · Strength")
    mine = phone.locator("li").filter(has_text="From a phone")
    mine.get_by_role("button", name="Put a dot").click()
    expect(mine.get_by_role("button", name="Take my dot away")).to_be_visible()
    assert axe.violations(phone) == []
    expect(wall.locator(".wall li").filter(has_text="<u>From a phone</u>")).to_contain_text("1")
    assert axe.violations(wall) == []
    phone.context.close()


def assert_light(replies: list[Response], address: str) -> None:
    """The budgets of a respondent's page."""
    assert 0 < len(replies) <= 6
    assert all(reply.url.startswith(address) for reply in replies)
    bodies = [reply.body() for reply in replies]
    assert sum(len(body) for body in bodies) <= 60_000
    assert sum(len(gzip.compress(body)) for body in bodies) <= 20_000
