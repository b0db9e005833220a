"""The demo study from what the program suggests to six themes that people stand behind; no JavaScript."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.browser.board_pages import BOARD, PLAN, card, cards, names, says
from tests.browser.walk import sign_in

WISHED = [
    "Internet at home for everybody",
    "Online services in plain words",
    "A safe network",
    "Tools that staff can work with",
    "Data that people can look into",
    "Help with digital skills",
]
"""What the six are called in the end, in the order of the planner, whatever the program called them."""


@pytest.fixture
def planner(browser: Browser, own_demo: str) -> Iterator[Page]:
    """A planner on a telephone, without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, own_demo, "planner")
    page.goto(own_demo + BOARD)
    yield page
    context.close()


def test_the_whole_study_becomes_six_themes(planner: Page, own_demo: str, tmp_path: Path) -> None:
    found = names(cards(planner))
    assert len(found) >= 9, "the demo has too few suggestions to choose from"
    six, others = found[:6], found[6:]
    merge(planner, six[0], others[0])
    park(planner, others[1])
    for name in others[2:]:
        reject(planner, name)
    # Named from the last to the first, so that the order has to be made by hand.
    for name, wished in zip(reversed(six), WISHED, strict=True):
        rename(planner, name, wished)
        accept(planner, wished)
    put_in_order(planner)
    assert names(cards(planner, "Accepted")) == WISHED
    assert names(cards(planner, "Suggested")) == []
    assert names(cards(planner, "Parked")) == [others[1]]
    expected = breadths(planner)
    assert list(expected) == WISHED
    assert all(breadth.endswith(" of 7") for breadth in expected.values())
    assert on_summary_page(planner, own_demo) == expected
    check_files(planner, expected, tmp_path)


def merge(page: Page, name: str, other: str) -> None:
    card(page, name).get_by_role("link", name="More").click()
    page.get_by_role("link", name="Merge with…").click()
    page.get_by_role("checkbox", name=other).check()
    page.get_by_role("button", name="Look at them side by side").click()
    page.get_by_role("radio", name=name, exact=True).check()
    page.get_by_role("button", name="Merge them").click()
    says(page, f"Merged “{other}” into “{name}”")
    expect(card(page, name)).to_be_visible()


def park(page: Page, name: str) -> None:
    card(page, name).get_by_role("button", name="Park").click()
    says(page, f"Parked “{name}”")


def reject(page: Page, name: str) -> None:
    card(page, name).get_by_role("button", name="Reject").click()
    says(page, f"Rejected “{name}”")


def accept(page: Page, name: str) -> None:
    card(page, name).get_by_role("button", name="Accept").click()
    says(page, f"Accepted “{name}”")


def rename(page: Page, name: str, wished: str) -> None:
    card(page, name).get_by_role("link", name="More").click()
    page.get_by_text("Rename and describe").click()
    page.get_by_label("Name", exact=True).fill(wished)
    page.get_by_role("button", name="Save name and meaning").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wished)
    says(page, f"Renamed “{name}” to “{wished}”")
    page.get_by_role("link", name="Back to all themes").click()


def put_in_order(page: Page) -> None:
    """Each in turn to the place it should have: by its number on its page; the last by a step."""
    for place, name in enumerate(WISHED[:-2], start=1):
        card(page, name).get_by_role("link", name="More").click()
        page.get_by_label("Place in the order").select_option(str(place))
        page.get_by_role("button", name="Move", exact=True).click()
        page.get_by_role("link", name="Back to all themes").click()
    if names(cards(page, "Accepted")) != WISHED:
        card(page, WISHED[-1]).get_by_role("button", name="Move down").click()


def breadths(page: Page) -> dict[str, str]:
    """The breadth of each accepted theme as the board says it: "5 of 7"."""
    return dict(zip(names(cards(page, "Accepted")), breadth_words(page), strict=True))


def breadth_words(page: Page) -> list[str]:
    found = cards(page, "Accepted").locator("b").filter(has_text=" of ")
    return [words.strip() for words in found.all_inner_texts()]


def on_summary_page(page: Page, address: str) -> dict[str, str]:
    """Freeze a summary; the themes and breadth that its page lists, in the order of the page."""
    page.goto(f"{address}/studies/{PLAN}/summary")
    page.get_by_role("button", name="Freeze").click()
    page.wait_for_url("**/summaries/1", timeout=60_000)
    found = page.locator("article.heard-theme")
    accepted = found.filter(has=page.get_by_text("Accepted", exact=True))
    assert names(found) == names(accepted) == WISHED
    words = found.locator("b").filter(has_text=" of ").all_inner_texts()
    return dict(zip(WISHED, words, strict=True))


def check_files(page: Page, expected: dict[str, str], folder: Path) -> None:
    """Every file has the six, accepted, in order, with the same breadth, and none of them twice."""
    wanted = [(name, "accepted", breadth) for name, breadth in expected.items()]
    document = json.loads(download(page, "JSON", folder).read_text("utf-8"))["summary"]
    assert of_json(document) == wanted
    workbook = load_workbook(download(page, "XLSX", folder), read_only=True)
    assert of_sheet(list(workbook["Themes"].iter_rows(values_only=True))) == wanted
    breadth_rows = [row[1] for row in workbook["Breadth"].iter_rows(min_row=2, values_only=True)]
    assert breadth_rows == [*WISHED, "all comments"]
    assert of_word(download(page, "DOCX", folder)) == wanted
    sizes = {theme["name"]: theme["size"] for theme in document["themes"]}
    assert of_csv(download(page, "CSV", folder)) == sizes


def download(page: Page, words: str, folder: Path) -> Path:
    with page.expect_download() as found:
        page.get_by_role("link", name=words, exact=True).click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def of_json(document: dict[str, object]) -> list[tuple[str, str, str]]:
    themes = document["themes"]
    assert isinstance(themes, list)
    return [(t["name"], t["state"], f"{t['audiences_k']} of {t['audiences_of']}") for t in themes]


def of_sheet(rows: list[tuple[object, ...]]) -> list[tuple[str, str, str]]:
    header, *themes = rows
    found = [dict(zip(header, row, strict=True)) for row in themes]
    return [(str(t["theme"]), str(t["state"]), f"{t['audiences']} of {t['of_audiences']}") for t in found]


def of_word(path: Path) -> list[tuple[str, str, str]]:
    document = Document(str(path))
    styled = [(p.style.name if p.style is not None else "", p.text) for p in document.paragraphs]
    after = styled[styled.index(("Heading 1", "Themes")) + 1 :]
    within = takewhile(lambda one: one[0] != "Heading 1", after)
    assert [text for style, text in within if style == "Heading 2"] == WISHED
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    rows = next(table for table in tables if table[0][:2] == ["Theme", "Comments"])[1:]
    return [(row[0], row[4].lower(), row[3].partition(",")[0]) for row in rows]


def of_csv(path: Path) -> dict[str, int]:
    """How many comments each theme has in the list of comments; each comment has a theme once."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    listed = [row["themes"].split("; ") for row in rows if row["themes"]]
    assert len({row["comment_id"] for row in rows}) == len(rows)
    assert all(themes == [name for name in WISHED if name in themes] for themes in listed)
    return dict(Counter(name for themes in listed for name in themes))
