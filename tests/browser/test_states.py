"""Pages in the states that no link leads to (see `test_every_page`): filled in, wrong, overtaken, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.board_pages import BOARD, PLAN, STAFF, cards
from tests.browser.look import faults, spaced_out, status
from tests.browser.states import Made
from tests.browser.walk import sign_in

Steps = Callable[[Page, Made], None]
STUDY = f"/studies/{PLAN}"


@pytest.fixture(scope="module")
def planner(browser: Browser, prepared: str) -> Iterator[Page]:
    """A planner; nothing that these tests do changes a board."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=prepared)
    page = context.new_page()
    sign_in(page, prepared, "planner")
    yield page
    context.close()


def filtered_board(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}?text=internet")
    expect(page.get_by_text("You see a part of the comments only")).to_be_visible()


def rejected_themes(page: Page, made: Made) -> None:
    page.goto(BOARD)
    page.locator("summary").filter(has_text="rejected theme").click()
    expect(cards(page, "Rejected")).to_have_count(1)


def theme_that_is_renamed(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[0]}")
    page.locator("summary").filter(has_text="Rename and describe").click()
    page.locator("summary").filter(has_text="Comments by group").click()


def theme_with_a_long_name(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[1]}")


def theme_that_is_rejected(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[3]}")


def name_that_is_missing(page: Page, made: Made) -> None:
    theme_that_is_renamed(page, made)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save name and meaning").click()


def comments_that_are_ticked(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/comments?text=internet")
    page.get_by_role("checkbox", name="Comment 1", exact=True).check()
    expect(page.get_by_label("Do this")).to_be_visible()


def comments_without_a_theme_to_go_to(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[0]}")
    page.get_by_role("checkbox", name="Comment 1", exact=True).check()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("checkbox", name="Comment 1", exact=True)).to_be_checked()


def search_that_finds_nothing(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/comments?text=zzzzz")


def comment_with_notes(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/comments/{made.comment}")


def merge_side_by_side(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[0]}/merge?with={made.themes[1]}&with={made.themes[2]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merge these themes?")


def parts_of_a_theme(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[6]}/split/{made.jobs['split']}")
    expect(page.get_by_label("Name of part 3")).to_be_visible()


def parts_of_one_name(page: Page, made: Made) -> None:
    parts_of_a_theme(page, made)
    for number in (1, 2):
        page.get_by_label(f"Name of part {number}").fill("Twice")
    page.get_by_role("button", name="Split the theme").click()
    assert page.get_by_label("Name of part 2").input_value() == "Twice"


def parts_without_a_number(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/{made.themes[6]}/split")
    page.get_by_role("radio").nth(1).evaluate("radio => radio.value = '9'")
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Look for parts").click()


def difference_of_a_run(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/runs/2")
    expect(page.get_by_role("heading", level=1)).to_have_text("What run 2 would change")
    page.locator("summary").filter(has_text="as a table").click()


def run_on_the_board(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/runs/1")


def themes_without_a_number(page: Page, made: Made) -> None:
    page.goto(f"{BOARD}/find")
    page.locator("summary").filter(has_text="More choices").click()
    page.get_by_label("Number of themes").fill("500")
    page.get_by_role("button", name="Find themes").click()


def work_that_failed(page: Page, made: Made) -> None:
    page.goto(f"/studies/{STAFF}/jobs/{made.jobs['failed']}")


def work_that_was_stopped(page: Page, made: Made) -> None:
    page.goto(f"/studies/{STAFF}/jobs/{made.jobs['cancelled']}")


def codes_without_a_name(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/codes/new")
    page.get_by_label("Codes, one on each line").fill("Ours\nTheirs")
    page.get_by_role("button", name="Save the codes").click()
    assert page.get_by_label("Codes, one on each line").input_value() == "Ours\nTheirs"


def entry_that_is_too_long(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/codebook/{made.themes[0]}")
    page.get_by_role("textbox").first.fill("word " * 3000)
    page.get_by_role("button", name="Save").click()


def codebook_without_a_file(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/codebook/import")
    page.get_by_role("button", name="Read the file").click()


def codebook_to_check(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/codebook/import")
    text = b"name,definition\nA new one,What it is\n"
    page.get_by_label("File").set_input_files({"name": "book.csv", "mimeType": "text/csv", "buffer": text})
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("A new one").first).to_be_visible()


def office_without_a_name(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/offices")
    page.get_by_role("button", name="Add").first.click()


def sample_that_is_too_small(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/samples")
    page.get_by_label("Number of comments").fill("1")
    page.get_by_role("button", name="Draw the sample").click()


def sample_that_is_compared(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/samples/2")
    expect(page.get_by_role("heading", level=1)).to_contain_text("how far the two agree")


def comparison_with_another_study(page: Page, made: Made) -> None:
    page.goto(f"{STUDY}/compare?old=study:{STAFF}")
    expect(page.get_by_role("heading", level=1)).to_have_text("What became of each theme")


def token_without_a_name(page: Page, made: Made) -> None:
    page.goto("/account/tokens")
    page.get_by_role("button", name="Make token").click()


def board_that_has_changed(page: Page, made: Made) -> None:
    """As when the page was loaded before others decided."""
    page.goto(BOARD)
    for old in page.locator("input[name=revision]").all():
        old.evaluate("field => field.value = '1'")
    cards(page, "Parked").first.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The board has changed since you looked at it")


STATES: list[Steps] = [
    filtered_board,
    rejected_themes,
    theme_that_is_renamed,
    theme_with_a_long_name,
    theme_that_is_rejected,
    comments_that_are_ticked,
    search_that_finds_nothing,
    comment_with_notes,
    merge_side_by_side,
    parts_of_a_theme,
    difference_of_a_run,
    run_on_the_board,
    work_that_failed,
    work_that_was_stopped,
    codebook_to_check,
    sample_that_is_compared,
    comparison_with_another_study,
]
WRONG: list[Steps] = [
    name_that_is_missing,
    comments_without_a_theme_to_go_to,
    parts_of_one_name,
    parts_without_a_number,
    themes_without_a_number,
    codes_without_a_name,
    entry_that_is_too_long,
    codebook_without_a_file,
    office_without_a_name,
    sample_that_is_too_small,
    token_without_a_name,
    board_that_has_changed,
]
SPACED: list[Steps] = [rejected_themes, theme_that_is_renamed, comments_that_are_ticked, merge_side_by_side]


@pytest.mark.parametrize("steps", STATES, ids=lambda steps: steps.__name__)
def test_states(planner: Page, made: Made, steps: Steps) -> None:
    steps(planner, made)
    assert status(planner) == 200
    found = faults(planner, steps.__name__)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("steps", WRONG, ids=lambda steps: steps.__name__)
def test_what_is_wrong_is_said_first(planner: Page, made: Made, steps: Steps) -> None:
    """In the title, and where the focus goes; the page is as accessible as others."""
    steps(planner, made)
    assert status(planner) in (409, 422)
    expect(planner.get_by_role("alert").first).to_be_focused()
    assert planner.title().startswith("Error: ")
    found = faults(planner, steps.__name__)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("steps", SPACED, ids=lambda steps: steps.__name__)
def test_wide_spacing_at_400_percent(planner: Page, made: Made, steps: Steps) -> None:
    """Text spaced as WCAG 1.4.12 asks, in a window of 320 px: nothing is cut off or has to be scrolled to."""
    steps(planner, made)
    assert spaced_out(planner) == []


FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><style>
  body { background: white; color: black } .pale { color: #bbb }
  @media (prefers-color-scheme: dark) { body { background: black; color: white } .dark { color: #444 } }
</style><main><h1>Faulty</h1><p>Words</p><p class="pale">Pale</p><p class="dark">Words</p><p>Words</p>
<div style="width: 500px">Wide</div><button></button></main></html>"""


def test_faults_are_found(page: Page) -> None:
    """The looking itself: one of each kind of text is enough, in the light and in the dark."""
    page.set_content(FAULTY)
    found = [fault.partition("\n")[0] for fault in faults(page, "here")]
    assert [fault.partition("(")[0].strip() for fault in found[:3]] == [
        "here: button-name",
        "here: color-contrast",
        "here: in the dark: color-contrast",
    ]
    assert "sideways" in found[3]
    assert len(found) == 4
