"""A shared computer and coming back, in a real browser: with JavaScript, and without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey import db
from survey.models import Draft, Response
from survey.services import studies
from tests.services.answering import document, publish
from tests.support import axe, server

ROAD = "/answer/it-survey"
SECRET_WORDS = "My neighbour parks on the pavement"


@pytest.fixture(scope="module")
def served(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[db.Database, str]]:
    """A survey on a kiosk that clears itself after two minutes, an ordinary one, and a hasty kiosk."""
    url = server.copy_sqlite(migrated_sqlite, tmp_path_factory.mktemp("kiosk") / "kiosk.sqlite")
    database = db.connect(url)
    with Session(database.write, expire_on_commit=False) as session, session.begin():
        study = studies.add(session, "it-plan", "IT Strategic Plan", by="tests")
    raw = document(results={"en": "In June, at every library."})
    publish(database, study, raw, kiosk_minutes=2)
    publish(database, study, raw, slug="own-phone")
    publish(database, study, raw, slug="hasty", kiosk_minutes=1)
    with server.serving(url, SURVEY_OFFICE="City of Example") as address:
        yield database, address
    database.dispose()


@pytest.fixture
def database(served: tuple[db.Database, str]) -> db.Database:
    """Their database, with no answers in it."""
    with served[0].writing() as session:
        session.execute(delete(Draft))
        session.execute(delete(Response))
    return served[0]


@pytest.fixture
def address(served: tuple[db.Database, str]) -> str:
    """Where they are served."""
    return served[1]


@pytest.fixture(params=["script", "no script"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A window with JavaScript on, and one with it off."""
    script = request.param == "script"
    context = browser.new_context(java_script_enabled=script, viewport={"width": 390, "height": 800})
    yield context
    context.close()


def count(database: db.Database, model: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def begin(page: Page, address: str, slug: str = "it-survey") -> None:
    """As far as the second question, with the first answered."""
    page.goto(f"{address}/answer/{slug}")
    press(page, "Start now")
    page.get_by_label("Easy").check()
    press(page, "Continue")


def to_check(page: Page, address: str, slug: str = "it-survey") -> None:
    begin(page, address, slug)
    page.locator("textarea").fill(SECRET_WORDS)
    for _ in range(3):
        press(page, "Continue")
    assert page.url.endswith("/check")


def shows_nothing(page: Page) -> None:
    """Neither the page nor its fields hold what was written."""
    held = [box.input_value() for box in page.locator("textarea, input:not([type=hidden])").all()]
    assert not any(SECRET_WORDS in text for text in [page.content(), *held])
    assert page.locator(":checked:not(option)").count() == 0


def test_finish_and_clear_leaves_nothing_behind(
    context: BrowserContext, address: str, database: db.Database
) -> None:
    page = context.new_page()
    to_check(page, address)
    press(page, "Finish and clear")
    expect(page.get_by_role("button", name="Start now")).to_be_visible()
    assert count(database, Draft) == 0
    for _ in range(6):
        page.go_back(wait_until="load")
        shows_nothing(page)
    for path in ("/pages/1", "/pages/2", "/check", "/stop"):
        page.goto(address + ROAD + path)
        shows_nothing(page)
    assert not [one for one in context.cookies() if one["name"] == "draft"]


def test_after_sending_the_next_person_starts_at_once(
    context: BrowserContext, address: str, database: db.Database
) -> None:
    page = context.new_page()
    for _ in range(2):
        to_check(page, address)
        press(page, "Send my answers")
        assert page.url.endswith("/sent")
        expect(page.locator("main")).to_contain_text("In June, at every library.")
        receipt = page.locator(".receipt").inner_text()
        press(page, "Finish and clear")
        expect(page.get_by_role("button", name="Start now")).to_be_visible()
        page.go_back(wait_until="load")
        shows_nothing(page)
        assert receipt not in page.content()
    assert (count(database, Response), count(database, Draft)) == (2, 0)


def test_a_code_brings_the_answers_to_another_device(
    context: BrowserContext, browser: Browser, address: str, database: db.Database
) -> None:
    page = context.new_page()
    begin(page, address)
    page.locator("textarea").fill(SECRET_WORDS)
    press(page, "Stop here and come back later")
    code = page.locator(".return-code").inner_text()
    press(page, "Finish and clear")
    shows_nothing(page)
    home = browser.new_context(viewport={"width": 360, "height": 740})
    phone = home.new_page()
    phone.goto(address + ROAD)
    phone.get_by_role("link", name="Continue with a code").click()
    phone.get_by_label("Your code").fill(code.lower().replace(" ", "-"))
    press(phone, "Continue")
    phone.goto(f"{address}{ROAD}/pages/2")
    assert phone.locator("textarea").input_value() == SECRET_WORDS
    home.close()


def test_an_ordinary_survey_offers_the_code_on_its_start_page(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/answer/own-phone")
    page.locator("summary", has_text="Continue with a code").click()
    page.get_by_label("Your code").fill("2222 2222 2223")
    page.locator("details").get_by_role("button").click()
    expect(page.locator(".errors")).to_contain_text("not right")
    assert page.get_by_label("Your code").input_value() == "2222 2222 2223"


def test_the_page_warns_and_any_key_keeps_it(page: Page, address: str) -> None:
    page.clock.install()
    begin(page, address)
    page.locator("textarea").fill(SECRET_WORDS)
    page.clock.fast_forward(55_000)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.fast_forward(10_000)
    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Go on")).to_be_focused()
    assert axe.violations(page) == []
    page.keyboard.press("x")
    expect(dialog).to_be_hidden()
    expect(page.locator("textarea")).to_have_value(SECRET_WORDS)
    expect(page.locator("textarea")).to_be_focused()
    page.clock.fast_forward(65_000)
    expect(dialog).to_be_visible()
    dialog.get_by_role("button").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(65_000)
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()
    page.clock.fast_forward(50_000)
    page.locator("textarea").press_sequentially("!")
    page.clock.fast_forward(50_000)
    expect(dialog).to_be_hidden()
    press(page, "Continue")
    assert page.url.endswith("/pages/3")


def test_left_alone_the_page_clears_itself(page: Page, address: str, database: db.Database) -> None:
    page.clock.install()
    begin(page, address)
    page.locator("textarea").fill(SECRET_WORDS)
    page.clock.fast_forward(65_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.clock.fast_forward(60_000)
    expect(page.get_by_role("button", name="Start now")).to_be_visible()
    assert count(database, Draft) == 0
    for _ in range(3):
        page.go_back(wait_until="load")
        shows_nothing(page)


def test_another_window_in_use_keeps_both(page: Page, address: str, database: db.Database) -> None:
    page.clock.install()
    begin(page, address)
    second = page.context.new_page()
    second.goto(f"{address}{ROAD}/pages/2")
    page.clock.fast_forward(65_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    second.locator("textarea").press_sequentially("I am here")
    expect(page.get_by_role("alertdialog")).to_be_hidden()


def test_a_page_to_read_leaves_only_without_javascript(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    script = page.evaluate("() => document.createElement('a') instanceof HTMLElement") and _runs(page)
    begin(page, address, "hasty")
    if script:
        page.get_by_role("alertdialog").wait_for()
        assert page.url.endswith("/pages/2")
        return
    page.goto(f"{address}/answer/hasty/check")
    page.wait_for_url("**/away")
    expect(page.get_by_role("heading", level=1)).to_have_text("Are you still there?")
    assert "Easy" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url(re.compile("/(check|away)$"))


def _runs(page: Page) -> bool:
    """Whether scripts of a page run."""
    page.set_content("<p id=p>no</p><script>p.textContent = 'yes'</script>")
    return page.locator("#p").inner_text() == "yes"


@pytest.mark.parametrize("slug", ["it-survey", "own-phone"])
@pytest.mark.parametrize("width", [320, 1200])
def test_every_page_is_for_everyone(page: Page, address: str, slug: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    road, seen = f"{address}/answer/{slug}", []

    def look(url: str = "") -> None:
        if url:
            page.goto(road + url)
        seen.append(page.url)
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("h1").count() == 1

    look("/resume")
    page.get_by_label("Your code").fill("2345")
    press(page, "Continue")
    look()
    begin(page, address, slug)
    look()
    look("/stop")
    press(page, "Show me a code")
    look()
    look("/check")
    look("/away")
    look("/pages/1")
    page.evaluate("document.querySelector('[name=seen]').value = 'old'")
    page.get_by_label("Hard").check()
    press(page, "Continue")
    assert page.locator(".errors").count() == 1
    look()
    press(page, "Continue")
    for _ in range(3):
        press(page, "Continue")
    press(page, "Send my answers")
    look()
    assert len(seen) == 10
