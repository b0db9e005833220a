"""Every type of question in a real browser: in each state, in Arabic, with long words, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import gallery
from tests.browser.hands import Hands, Keys, Pointer
from tests.browser.look import ALL_BUT_CONTRAST, described, faults, spaced_out
from tests.support import axe, server

Typed = dict[str, str | list[str]]
MOST_SCREENS = 40


@pytest.fixture(scope="session")
def types(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the surveys with every type."""
    url = f"sqlite:///{tmp_path_factory.mktemp('types') / 'types.sqlite'}"
    gallery.build(url)
    with server.serving(url) as address:
        yield address


def begin(page: Page, address: str, name: str, language: str = "en") -> None:
    page.goto(f"{address}/answer/{name}?lang={language}")
    page.locator("main form button").first.click()
    page.wait_for_url("**/pages/*")


def fill_in(page: Page, typed: Typed, hands: Hands) -> None:
    """Fill in those controls of the page that something is typed for."""
    for name, value in typed.items():
        controls = page.locator(f'#answers [name="{name}"]')
        for one in (value if isinstance(value, list) else [value]) if controls.count() else []:
            fill_one(controls, one, hands)


def fill_one(controls: Locator, value: str, hands: Hands) -> None:
    kind = controls.first.evaluate("control => control.type")
    if kind in ("radio", "checkbox"):
        hands.tick(controls.and_(controls.page.locator(f'[value="{value}"]')))
    elif kind == "select-one":
        words = controls.evaluate(
            "(list, value) => [...list.options].find(one => one.value === value).label", value
        )
        hands.choose(controls, words)
    else:
        hands.write(controls, value)


def go_on(page: Page) -> None:
    page.locator("#answers .button").first.click()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", [gallery.SHORT, gallery.LONG])
def test_every_type_in_every_state_is_for_everyone(page: Page, types: str, name: str, language: str) -> None:
    begin(page, types, f"{name}-page", language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    found = faults(page, "empty")
    fill_in(page, gallery.ANSWERS, Pointer())
    found += faults(page, "filled in")
    fill_in(page, {"q-time": "25:00", "q-email": "no address", "q-ranking.c1": "2"}, Pointer())
    go_on(page)
    assert page.locator(".errors li").count() >= 3
    found += faults(page, "to be put right")
    assert found + spaced_out(page) == []


def test_each_type_alone_says_what_to_put_right(page: Page, types: str) -> None:
    begin(page, types, f"{gallery.SHORT}-question")
    found: list[str] = []
    seen = 0
    for _ in range(MOST_SCREENS):
        if "/check" in page.url:
            break
        here = page.url
        go_on(page)
        if page.url == here:
            seen += 1
            expect(page.locator(".errors")).to_be_focused()
            assert page.locator("h1").count() == 1
            leads_to_a_control(page)
            page.evaluate(axe.axe_source())
            found += described(page.evaluate(ALL_BUT_CONTRAST, axe.TAGS))
            fill_in(page, gallery.ANSWERS, Pointer())
            go_on(page)
    assert "/check" in page.url
    assert found == []
    assert seen == len(gallery.questions(gallery.Writer(False))) - 1, "all but the statement"


def leads_to_a_control(page: Page) -> None:
    link = page.locator(".errors a").first
    target = (link.get_attribute("href") or "")[1:]
    link.click()
    assert page.evaluate("document.activeElement.id") == target
    assert page.evaluate("document.activeElement.matches('input, select, textarea')")


@pytest.mark.parametrize("hand", ["pointer, no script", "keys"])
def test_a_whole_survey_of_every_type(browser: Browser, types: str, hand: str) -> None:
    context = browser.new_context(java_script_enabled=hand == "keys", viewport={"width": 320, "height": 640})
    page = context.new_page()
    hands = Keys(page) if hand == "keys" else Pointer()
    begin(page, types, f"{gallery.SHORT}-question")
    for _ in range(MOST_SCREENS):
        if page.url.endswith("/check"):
            break
        fill_in(page, gallery.ANSWERS, hands)
        hands.press(page.locator("#answers .button").first)
    assert page.url.endswith("/check"), page.locator("h1").inner_text()
    answers = page.locator("dl.answers dd.pre").all_inner_texts()
    for words in ("I agree", "Other: Bridges and boats", "Choice 3", "Parks; Libraries", "Prefer not to say"):
        assert words in answers
    assert "1. Parks\n2. Roads\n3. Libraries" in answers
    assert "Parks: Poor\nRoads: Fair\nLibraries: Good" in answers
    assert "Parks: 60 points\nRoads: 0 points\nLibraries: 40 points" in answers
    assert {"2:30\u202fPM", "May 31, 2026", "19104", "jane@city.example"} <= set(answers)
    hands.press(page.locator("form .button.large"))
    assert page.url.endswith("/sent")
    context.close()


def test_the_script_helps_and_takes_nothing_away(page: Page, types: str) -> None:
    begin(page, types, f"{gallery.SHORT}-page")
    page.locator("#answers [name='q-one_choice.other']").fill("Boats")
    expect(page.locator("#answers [name='q-one_choice'][value=other]")).to_be_checked()
    page.locator("#answers [name='q-list.other']").fill("Boats")
    expect(page.locator("#answers [name='q-list']")).to_have_value("other")
    page.locator("#answers [name='q-several_choices'][value=c1]").check()
    page.locator("#answers [name='q-several_choices'][value=none]").check()
    expect(page.locator("#answers [name='q-several_choices'][value=c1]")).not_to_be_checked()
    page.locator("#answers [name='q-several_choices'][value=c2]").check()
    expect(page.locator("#answers [name='q-several_choices'][value=none]")).not_to_be_checked()
    page.locator("#answers [name='q-allocation.c1']").fill("٦٠")
    expect(page.get_by_text("Shared out: 60. Left: 40.")).to_be_visible()
    page.locator("#answers [name='q-allocation.c2']").fill("1,000")
    expect(page.get_by_text("Shared out: 1,060. Too many: 960.")).to_be_visible()
