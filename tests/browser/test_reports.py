"""The page of a summary, the report and the brief as files: for every eye, and without JavaScript."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from survey import db, models
from survey.dates import now
from survey.formats import brief_out, html_out
from survey.models import Study
from tests.browser.look import faults, spaced_out
from tests.browser.walk import sign_in
from tests.formats.whole_summary import WHOLE
from tests.support import server

SLUG, NUMBER = "it-strategic-plan-demo", 900
ADDRESS = f"/studies/{SLUG}/summaries/{NUMBER}"

COLOURS = """names => names.map(name => {
  const { fill, stroke } = getComputedStyle(document.querySelector(`svg .${name}`));
  return `${fill} ${stroke}`;
})"""


@pytest.fixture(scope="module")
def address(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo with a frozen summary that has something of every part."""
    url = server.copy_sqlite(demo_file, tmp_path_factory.mktemp("reports") / "demo.sqlite")
    document = replace(WHOLE, number=NUMBER).to_json()
    database = db.connect(url)
    with database.writing() as session:
        session.add(
            models.Summary(
                study_id=session.scalars(select(Study.id).where(Study.slug == SLUG)).one(),
                number=NUMBER,
                board_revision=1,
                sha256=hashlib.sha256(document).hexdigest(),
                document=zlib.compress(document),
                made_by="planner@millbrook.example",
                made_at=now(),
            )
        )
    database.dispose()
    with server.serving(url, SURVEY_DEMO="1") as served:
        yield served


@pytest.fixture
def planner(page: Page, address: str) -> Page:
    sign_in(page, address, "planner")
    return page


@pytest.mark.parametrize("path", ["", "/pdf"])
def test_pages_have_no_fault(planner: Page, address: str, path: str) -> None:
    planner.goto(address + ADDRESS + path)
    for summary in planner.locator("main details > summary").all():
        summary.click()
    assert faults(planner, path) + spaced_out(planner) == []


@pytest.mark.parametrize("page_of", [html_out.page, brief_out.page], ids=["report", "brief"])
def test_files_have_no_fault(page: Page, tmp_path: Path, page_of: type) -> None:
    file = tmp_path / "file.html"
    file.write_text(page_of(WHOLE), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert faults(page, "the file") + spaced_out(page) == []
    assert set(asked) == {file.as_uri()}, "nothing is fetched"


def test_pictures_have_colours_in_the_file(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "file.html"
    file.write_text(html_out.page(WHOLE), encoding="utf-8")
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(file.as_uri())
        colours.append(page.evaluate(COLOURS, ["fill", "track", "earlier", "few"]))
    light, dark = colours
    assert light[0] == "rgb(10, 92, 102) none", "the accent of the pages"
    assert light[3] == "none rgb(127, 124, 114)", "hatched, not filled"
    assert len(set(light)) == 4
    assert all(one != other for one, other in zip(light, dark, strict=True))


def test_a_pdf_is_made_and_fetched_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, address, "planner")
    page.goto(address + ADDRESS)
    page.get_by_role("link", name="PDF", exact=True).click()
    page.get_by_label("Two-page brief").check()
    page.get_by_label("A4").check()
    page.get_by_role("button", name="Make the PDF file").click()
    link = page.get_by_role("link", name="Fetch the PDF file")
    link.wait_for(timeout=60_000)  # the page looks again by itself
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"{SLUG}-summary-{NUMBER}-brief-a4.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    context.close()
